"""How far a campaign is: always rounded down, so that 99.6 % never reads 100 %."""

from __future__ import annotations

from masthead.core.money import Money, minor_digits

_SUGGESTED_MAJOR = (10, 25, 60)


def percent(raised: Money, goal: Money) -> int:
    """Return whole percent, rounded down; above 100 when more came than was asked, 0 without a goal or below zero."""
    return max(0, _share(raised, goal, 100))


def bar_percent(raised: Money, goal: Money) -> str:
    """Return the length of the bar in percent with one decimal: rounded down, cut to 0 to 100."""
    tenths = min(max(_share(raised, goal, 1000), 0), 1000)
    return f"{tenths // 10}.{tenths % 10}"


def rest_of(percent_text: str) -> str:
    """Return what is missing to 100, in the same form."""
    whole, tenth = percent_text.split(".")
    rest = 1000 - int(whole) * 10 - int(tenth)
    return f"{rest // 10}.{rest % 10}"


def half(goal: Money) -> Money:
    """Return the tick in the middle, rounded down to the minor unit."""
    return Money(goal.amount_minor // 2, goal.currency)


def suggested(currency: str) -> list[Money]:
    """Return three amounts to offer, from small to large."""
    scale = 10 ** (minor_digits(currency) or 2)  # currencies without a minor unit count a hundred times as many
    return [Money(major * scale, currency) for major in _SUGGESTED_MAJOR]


def _share(raised: Money, goal: Money, of: int) -> int:
    checked = raised + Money.zero(goal.currency)  # raises for two currencies
    return checked.amount_minor * of // goal.amount_minor if goal.amount_minor else 0
