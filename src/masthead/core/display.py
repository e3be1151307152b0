"""How this site writes things for people: its own choice, in the language of the page."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language

from masthead.core.money import Money, format_money


def amount(money: Money) -> str:
    """Write an amount as the site's ``money_format`` says."""
    return format_money(money, style=settings.MASTHEAD.funding.money_format, language=get_language() or "en")
