"""The app's name and label; nothing else at import time."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortingConfig(AppConfig):
    """See README.md in this folder."""

    name = "masthead.porting"
    label = "porting"
    verbose_name = _("Porting")
    default_auto_field = "django.db.models.BigAutoField"
