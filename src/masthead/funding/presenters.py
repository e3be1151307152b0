"""Facts of funding in the words of a page."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from masthead.core.display import amount
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Pledge
from masthead.funding.models.gift import Method
from masthead.funding.qr import QRCode, qr_code
from masthead.funding.rules.epc import epc_text
from masthead.funding.rules.periods import NET
from masthead.funding.rules.progress import rest_of
from masthead.funding.rules.typed_amount import NotAnAmount, read_amount
from masthead.funding.selectors import Meter, MonthFigures

_PICTURE_EDGE, _PICTURE_BAR = 80, 1040
CSV_COLUMNS = ("month", "currency", "gifts", "given", "reversals", "taken_back", "net", "goal", "percent")


def meter_values(meter: Meter, *, site_name: str) -> dict[str, Any]:
    """Return the values of the element ``meter``."""
    zero = meter.raised.zero(meter.currency)
    return {
        "name": meter.name,
        # A meter's value stays within its range; the text may exceed it.
        "now": max(zero, min(meter.raised, meter.goal)).plain,
        "goal": meter.goal.plain,
        "percent": meter.bar_percent,
        "rest": rest_of(meter.bar_percent),
        "raised_text": amount(meter.raised),
        "zero_text": amount(zero),
        "half_text": amount(meter.half),
        "goal_text": amount(meter.goal),
        "left_text": _left_and_fees(meter),
        "sentence": meter_sentence(meter),
        "support_url": campaign_path(meter.campaign, is_main=meter.is_main),
        "working_url": reverse("funding:working"),
        "site_name": site_name,
    }


def picture_values(meter: Meter, *, site_name: str, is_rtl: bool) -> dict[str, Any]:
    """Return the values of the meter's picture: those of the bar, its lengths in units of the picture."""
    values = meter_values(meter, site_name=site_name)
    width = Decimal(values["percent"]) * _PICTURE_BAR / 100
    start, end = _PICTURE_EDGE, _PICTURE_EDGE + _PICTURE_BAR
    return {
        **values,
        "direction": "rtl" if is_rtl else "ltr",
        "edge": end if is_rtl else start,
        "far_edge": start if is_rtl else end,
        "bar_x": f"{end - width if is_rtl else start:f}",
        "bar_width": f"{width:f}",
        "name_size": _size_for(values["name"], most=72),
        "sentence_size": _size_for(values["sentence"], most=48),
    }


def _size_for(text: str, *, most: int) -> int:
    """Return a size of type in which a line of text fits: a letter is about half as wide as it is high."""
    return min(most, _PICTURE_BAR * 9 // (5 * max(1, len(text))))


def campaign_path(slug: str, *, is_main: bool) -> str:
    """Return where readers give to a campaign."""
    return reverse("funding:support") if is_main else reverse("funding:campaign", args=[slug])


def days_left_text(days: int) -> str:
    """Say how many days are left, today included."""
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def day_text(day: date | None) -> str:
    """Write a day; nothing without one."""
    return date_format(day) if day else ""


def left_text(meter: Meter) -> str:
    """Say how long the meter counts on: before it begins and after its end by the day; nothing without an end."""
    period = meter.period
    if meter.days_left is None:
        return ""
    if not period.has_begun(meter.as_of):
        return _("begins on %(day)s") % {"day": day_text(period.first)}
    if not meter.days_left:
        return _("ended on %(day)s") % {"day": day_text(period.last)}
    return days_left_text(meter.days_left)


def meter_sentence(meter: Meter) -> str:
    """Say in words all that the bar shows."""
    facts = {"raised": amount(meter.raised), "goal": amount(meter.goal), "left": left_text(meter)}
    if meter.counts == NET:
        said = (
            _("%(raised)s of %(goal)s raised after fees, %(left)s")
            if facts["left"]
            else _("%(raised)s of %(goal)s raised after fees")
        )
    else:
        said = _("%(raised)s of %(goal)s raised, %(left)s") if facts["left"] else _("%(raised)s of %(goal)s raised")
    return said % facts


def _left_and_fees(meter: Meter) -> str:
    """Return what stands beside the name on the bar: the time, and that fees are taken off where they are."""
    left = left_text(meter)
    if meter.counts != NET:
        return left
    return _("after fees, %(left)s") % {"left": left} if left else _("after fees")


def paid_sentence(gifts: int) -> str:
    """Say how many gifts stand behind this month’s work; nothing before the first."""
    if not gifts:
        return ""
    return ngettext(
        "%(count)s gift has paid for this month’s reporting so far.",
        "%(count)s gifts have paid for this month’s reporting so far.",
        gifts,
    ) % {"count": gifts}


def support_choices(amounts: Iterable[Money]) -> list[dict[str, Any]]:
    """Return the amounts of the support block; the smallest is chosen."""
    return [{"value": money.plain, "text": amount(money), "checked": index == 0} for index, money in enumerate(amounts)]


def meter_json(meter: Meter) -> dict[str, Any]:
    """Return the meter for machines: amounts in minor units and as texts."""
    return {
        "meter": {
            "campaign": meter.campaign,
            "name": meter.name,
            "month": meter.month.isoformat()[:7] if meter.month else None,
            "period": meter.period.kind,
            "first_day": meter.period.first.isoformat() if meter.period.first else None,
            "last_day": meter.period.last.isoformat() if meter.period.last else None,
            "counts": meter.counts,
            "currency": meter.currency,
            "raised_minor": meter.raised.amount_minor,
            "raised": amount(meter.raised),
            "goal_minor": meter.goal.amount_minor,
            "goal": amount(meter.goal),
            "percent": meter.percent,
            "gifts": meter.gifts,
            "days_left": meter.days_left,
            "as_of": meter.unchanged_since.isoformat(),
            "text": meter_sentence(meter),
        }
    }


def amount_every(money: Money, every: str) -> str:
    """Write an amount with how often it is given; once needs no word."""
    facts = {"amount": amount(money)}
    if every == Pledge.Every.MONTH:
        return _("%(amount)s every month") % facts
    if every == Pledge.Every.YEAR:
        return _("%(amount)s every year") % facts
    return facts["amount"]


def day_of(instant: datetime) -> date:
    """Return the day that a calendar in the site's time zone shows."""
    return instant.astimezone(conf.zone()).date()


def care_done(what: str) -> str:
    """Say what the last button of the care page did; nothing for a word that is none of them."""
    sentences = {
        "amount": _("Done: from the next payment on you give the new amount."),
        "pause": _("Done: your gift is paused, and nothing is taken meanwhile."),
        "skip": _("Done: the next payment is left out."),
        "resume": _("Done: your gift goes on."),
        "end": _("Your gift has ended; nothing more is taken. Thank you for all you gave."),
        "ending": _("The end of your gift is asked for. It stands here as ended once the processor has confirmed it."),
        "show": _("Done: you may be thanked by your name."),
        "hide": _("Done: your name is not shown any more."),
        "list": _("The list is on its way to your mail address."),
        "badge": _("Done: in the discussions you are called a supporter while you give."),
        "no-badge": _("Done: nobody sees in the discussions any more that you give."),
    }
    return sentences.get(what, "")


def form_url(pledge: Pledge) -> str:
    """Return the form with what of a pledge may stand in an address: neither name nor anything else of the person."""
    query = {"amount": pledge.amount.plain, "every": pledge.every}
    if pledge.story:
        query["from"] = pledge.story
    path = campaign_path(pledge.campaign.slug, is_main=pledge.campaign.is_active)
    return f"{path}?{urlencode(query)}"


def transfer_code(pledge: Pledge, bank: Mapping[str, str]) -> QRCode | None:
    """Return the code that fills in a pledge's transfer, or None where there can be none: euros to an IBAN only.

    Who pays in another way has nothing to transfer.
    """
    if pledge.method != Method.BANK_TRANSFER:
        return None
    text = epc_text(
        holder=bank["holder"], iban=bank["iban"], bic=bank["bic"], amount=pledge.amount, reference=pledge.reference
    )
    return qr_code(text) if text else None


def csv_row(figures: MonthFigures) -> list[str | int]:
    """Return one month in the order of ``CSV_COLUMNS``; no field is free text."""
    return [
        figures.month.isoformat()[:7],
        figures.net.currency,
        figures.gifts,
        figures.given.plain,
        figures.reversals,
        figures.taken_back.plain,
        figures.net.plain,
        figures.goal.plain,
        figures.percent,
    ]


def chosen(query: Mapping[str, str], currency: str) -> dict[str, str]:
    """Return what the support block handed over, as the form's first values; anything else is left out."""
    values = {}
    with contextlib.suppress(NotAnAmount):
        values["amount"] = read_amount(query.get("amount", "")[:40], currency).plain
    if query.get("every") in Pledge.Every.values:
        values["every"] = query["every"]
    if re.fullmatch(r"[\w:.-]{1,40}", query.get("from", "")):
        values["story"] = query["from"]
    return values
