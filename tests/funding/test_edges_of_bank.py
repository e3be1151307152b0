"""What a line of a statement becomes, to the cent and the hour, and what a decision about it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pytest_django import Settings

from masthead.core.clock import frozen
from masthead.funding.bank_errors import NothingToBook
from masthead.funding.models import BankLine, Gift, Journal
from masthead.funding.services.bank import (
    accept_suggestion,
    book_as_gift,
    book_on_pledge,
    ignore_line,
    reopen_line,
    take_back_gift,
)
from masthead.funding.services.bank.settle import settle_line
from tests.funding.statements import Line
from tests.funding.test_bank_matching import NOW, bring, pledge
from tests.settings import MASTHEAD

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _november(settings: Settings) -> Iterator[None]:
    """It is November, on an island that is fourteen hours ahead."""
    settings.MASTHEAD = replace(MASTHEAD, site=replace(MASTHEAD.site, time_zone="Pacific/Kiritimati"))
    with frozen(NOW):
        yield


def the_line(**named: object) -> BankLine:
    """Return the line as it stands now."""
    return BankLine.objects.get(**named)


def booked(gift: Gift) -> tuple[str, str, datetime, int | None]:
    """Return source, key, instant and person of a gift's journal."""
    journal = Journal.objects.get(gift=gift)
    return journal.source, journal.external_id, journal.value_at, journal.recorded_by


def test_m3_a_certain_line_is_the_pledge_s_gift_at_noon_of_its_day_under_the_line_s_own_key() -> None:
    one = pledge(1)
    bring([Line(1, one.reference, date(2026, 10, 31))])
    line = the_line()
    assert (line.state, line.reason, line.pledge) == ("booked", "certain", one)
    assert line.gift is not None
    noon = datetime(2026, 10, 30, 22, tzinfo=UTC)
    assert booked(line.gift) == ("pledge", f"bank:{line.fingerprint}", noon, 7)
    assert settle_line(line_id=line.pk) is False


def test_m3_money_of_today_arrived_at_the_latest_now() -> None:
    one = pledge()
    today = date(2026, 11, 26)  # there, where it is five in the morning
    bring([Line(2500, one.reference, today)])
    gift = the_line().gift
    assert gift is not None
    assert booked(gift)[2] == NOW


def test_m6_a_return_that_is_certain_takes_its_gift_back_with_its_day_and_whoever_brought_it() -> None:
    one = pledge()
    bring([Line(2500, one.reference, DAY, end_to_end_id="E1")])
    bring([Line(-2500, "back", date(2026, 11, 4), end_to_end_id="E1", is_return=True)], number="2")
    back = the_line(amount_minor=-2500)
    assert (back.state, back.reason, back.gift, back.pledge) == ("booked", "certain", Gift.objects.get(), one)
    reversal = Journal.objects.get(kind="reversal")
    assert reversal.note == "Returned by the bank, value date 2026-11-04."
    assert reversal.recorded_by == 7


def test_a_suggestion_keeps_its_reason_and_pledge_until_a_person_accepts_it() -> None:
    one = pledge()
    bring([Line(1, one.reference, DAY)])
    line = the_line()
    assert (line.state, line.reason, line.pledge, line.gift) == ("suggested", "other_amount", one, None)
    assert settle_line(line_id=line.pk) is False, "judged anew, it is still for a person"
    gift = accept_suggestion(line=line, decided_by=3)
    line = the_line()
    assert (line.state, line.reason, line.pledge, line.gift) == ("booked", "other_amount", one, gift)
    assert (line.decided_by, line.decided_at) == (3, NOW)
    noon = datetime(2026, 11, 1, 22, tzinfo=UTC)
    assert booked(gift) == ("pledge", f"bank:{line.fingerprint}", noon, 3)


def test_m6_who_accepts_a_return_stands_in_the_books_with_it() -> None:
    bring([Line(2500, pledge().reference, DAY, iban="DE1")])
    bring([Line(-2500, "sent back", date(2026, 11, 4), iban="DE9", is_return=True)], number="2")
    gift = accept_suggestion(line=the_line(amount_minor=-2500), decided_by=3)
    reversal = Journal.objects.get(kind="reversal")
    assert (reversal.reverses, reversal.recorded_by) == (gift.journal, 3)


def test_one_cent_that_nobody_announced_is_booked_as_a_person_says() -> None:
    one = pledge()
    bring([Line(1, "a", DAY, name="É" * 130), Line(1, "b", DAY), Line(1, "c", DAY)])
    first, second, third = BankLine.objects.order_by("text")
    free = book_as_gift(line=first, campaign=one.campaign, decided_by=3)
    named = book_as_gift(line=second, campaign=one.campaign, decided_by=4, donor_name="Ida", public_name="A friend")
    own = book_on_pledge(line=third, pledge=one, decided_by=5)
    assert (free.donor_name, free.public_name, free.pledge) == ("É" * 120, "", None)
    assert (named.donor_name, named.public_name, named.method) == ("Ida", "A friend", "bank_transfer")
    assert (own.donor_name, own.pledge) == ("Ada Venn", one)
    noon = datetime(2026, 11, 1, 22, tzinfo=UTC)
    assert [booked(gift) for gift in (free, named, own)] == [
        ("bank", f"bank:{first.fingerprint}", noon, 3),
        ("bank", f"bank:{second.fingerprint}", noon, 4),
        ("pledge", f"bank:{third.fingerprint}", noon, 5),
    ]
    names = ("state", "reason", "gift", "pledge", "decided_by", "decided_at")
    assert list(BankLine.objects.order_by("text").values_list(*names)) == [
        ("booked", "no_reference", free.pk, None, 3, NOW),
        ("booked", "no_reference", named.pk, None, 4, NOW),
        ("booked", "no_reference", own.pk, one.pk, 5, NOW),
    ]


def test_m6_one_cent_that_went_back_takes_back_the_gift_that_a_person_chose() -> None:
    one = pledge(1, every="month")
    bring([Line(1, one.reference, date(2026, 11, day)) for day in (2, 3)])
    bring([Line(-1, "back", date(2026, 11, 9), is_return=True)], number="2")
    line = the_line(amount_minor=-1)
    assert (line.state, line.reason) == ("suggested", "return_several")
    chosen = Gift.objects.order_by("pk")[1]
    bring([Line(1, "eggs", date(2026, 11, 9))], number="3")
    with pytest.raises(NothingToBook):
        take_back_gift(line=the_line(text="eggs"), gift=chosen, decided_by=3)
    assert take_back_gift(line=line, gift=chosen, decided_by=3) == chosen
    line = the_line(amount_minor=-1)
    assert (line.state, line.reason, line.gift, line.pledge) == ("booked", "return_several", chosen, one)
    assert (line.decided_by, line.decided_at) == (3, NOW)
    reversal = Journal.objects.get(kind="reversal")
    assert (reversal.reverses, reversal.note) == (chosen.journal, "Returned by the bank, value date 2026-11-09.")
    assert reversal.recorded_by == 3


def test_why_a_line_was_put_aside_is_kept_as_far_as_there_is_room_and_gone_when_it_is_taken_out() -> None:
    bring([Line(100, "a"), Line(100, "b")])
    for line in BankLine.objects.all():
        ignore_line(line=line, reason=" " + "é" * 301, decided_by=3)
    names = ("state", "reason", "ignored_because", "decided_by", "decided_at")
    aside = ("ignored", "no_reference", "é" * 300, 3, NOW)
    assert list(BankLine.objects.order_by("text").values_list(*names)) == [aside, aside]
    reopen_line(line=the_line(text="a"))
    out = ("unmatched", "no_reference", "", None, None)
    assert list(BankLine.objects.order_by("text").values_list(*names)) == [out, aside]
