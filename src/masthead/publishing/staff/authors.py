"""Authors in the admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet

from masthead.publishing.models import Author


class AuthorViewSet(SnippetViewSet):
    """A menu entry of its own: authors are met every day."""

    model = Author
    icon = "user"
    menu_label = _("Authors")
    menu_name = "authors"
    menu_order = 220
    add_to_admin_menu = True
    list_display = ["name", "role"]
    search_fields = ["name", "role"]
