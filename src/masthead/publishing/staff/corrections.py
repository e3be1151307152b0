"""Corrections in the admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet

from masthead.publishing.models import Correction


class CorrectionViewSet(SnippetViewSet):
    """Written apart from the story's draft, so that no draft can lose one."""

    model = Correction
    icon = "check"
    menu_label = _("Corrections")
    menu_name = "corrections"
    menu_order = 230
    add_to_admin_menu = True
    list_display = ["__str__", "article", "corrected_at"]
    search_fields = ["text", "credit"]
