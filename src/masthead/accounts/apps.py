"""Who: readers and staff."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The user model and signing in."""

    name = "masthead.accounts"
    label = "accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of changes to accounts."""
        from masthead.accounts import hearing

        hearing.connect()
