"""Tags of publishing's own templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from masthead.publishing.presenters.cards import Card, card_html

register = template.Library()


@register.simple_tag(takes_context=True)
def story_card(
    context: template.Context,
    card: Card,
    *,
    level: str = "h2",
    css: str = "",
    in_section: Any = False,
    eager: Any = False,
) -> SafeString:
    """Show one story in a list. ``in_section`` and ``eager`` count as false where the template knows no such name."""
    return card_html(context["request"], card, level=level, css=css, in_section=bool(in_section), eager=bool(eager))
