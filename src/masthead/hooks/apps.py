"""The app's name and label; nothing else at import time."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HooksConfig(AppConfig):
    """See README.md in this folder."""

    name = "masthead.hooks"
    label = "hooks"
    verbose_name = _("Webhooks")
    default_auto_field = "django.db.models.BigAutoField"
