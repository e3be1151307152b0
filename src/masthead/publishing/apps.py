"""The app: which view serves which page, and which of Wagtail's signals lead to which service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    """See README.md in this folder."""

    name = "masthead.publishing"
    label = "publishing"
    verbose_name = _("Publishing")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind views to pages and services to signals."""
        from masthead.publishing import hearing
        from masthead.publishing.models import ArticlePage, HomePage, PlainPage, SectionPage
        from masthead.publishing.models.served import bind_view
        from masthead.publishing.views import pages

        bind_view(HomePage, pages.unsealed_front)
        bind_view(SectionPage, pages.unsealed_section)
        bind_view(PlainPage, pages.unsealed_plain)
        bind_view(ArticlePage, pages.unsealed_article)
        hearing.connect()
