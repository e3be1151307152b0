"""Phrases in the site's own words."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WordingConfig(AppConfig):
    """What a site says otherwise than we do."""

    name = "masthead.wording"
    label = "wording"
    verbose_name = _("Wording")
    default_auto_field = "django.db.models.BigAutoField"
