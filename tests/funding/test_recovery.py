"""Renewals that fail: which mail is due when, and that each goes out once, whatever is told, and how often."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.care_errors import GiftStillRuns
from masthead.funding.events import RecoveryMailAsked
from masthead.funding.models import (
    Campaign,
    Donor,
    Payment,
    RecoveryMail,
    Recurring,
    RecurringState,
    RenewalFailure,
)
from masthead.funding.ports import SubscriptionStatus
from masthead.funding.providers.paypal import reading as paypal
from masthead.funding.rules.months import months_later
from masthead.funding.rules.recovery import APART, MAILS, due_mail, last_due
from masthead.funding.services import agree_on, ask_for_due_mails, merge_donors, send_recovery_mail
from masthead.funding.services.care import forget_giver
from masthead.funding.testing import make_campaign
from masthead.outbox import worker
from masthead.outbox.errors import AddressRefused, Retry
from tests.funding.repeating import DUE, begun, renewed, stands
from tests.letters import Server, part, smtp
from tests.settings import MASTHEAD

__all__ = ["smtp"]

pytestmark = pytest.mark.django_db
KNOWN = DUE + timedelta(hours=1)
DAY = timedelta(days=1)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone follows


@pytest.fixture
def fund() -> Campaign:
    """A monthly fund."""
    return make_campaign()


def failed(fund: Campaign, **more: Any) -> Recurring:
    """Return a repeated gift whose second payment was refused."""
    found = begun(fund, **more)
    return stands(found, "past_due", KNOWN, next_at=months_later(DUE, 1))


def pass_days(*days: float) -> None:
    """Let the chores and the worker run so long after the failure was known, each time in turn."""
    for after in days:
        with frozen(KNOWN + timedelta(days=after)):
            ask_for_due_mails()
            worker.run_pending()


@given(MOMENTS, st.lists(st.integers(0, 20 * 24), min_size=1, max_size=60))
def test_at_most_three_mails_in_turn_each_apart_from_the_last(began: datetime, hours: list[int]) -> None:
    done: list[datetime] = []
    steps = []
    for hour in sorted(hours):
        now = began + timedelta(hours=hour)
        step = due_mail(began, done, now)
        if step:
            assert now >= began + MAILS[len(done)].after
            assert not done or now - done[-1] >= APART
            done.append(now)
            steps.append(step)
    assert steps == [mail.step for mail in MAILS][: len(steps)]
    assert due_mail(began, done, began + timedelta(days=365)) == (MAILS[len(done)].step if len(done) < 3 else None)


@given(MOMENTS, MOMENTS, st.sampled_from(["month", "year"]))
def test_the_failed_payment_is_the_latest_that_was_due(next_at: datetime, now: datetime, every: str) -> None:
    """Whether the processor has moved the date on already or not."""
    step = 12 if every == "year" else 1
    found = last_due(next_at, every, now)
    dates = [months_later(next_at, number * step) for number in range(-60, 61)]
    assert found == max(date for date in dates if date <= now)


def test_without_a_known_date_the_failure_is_of_now() -> None:
    assert last_due(None, "month", KNOWN) == KNOWN


def test_three_mails_go_out_and_say_what_to_do(fund: Campaign, smtp: Server) -> None:
    retry = KNOWN + timedelta(days=3)
    money = replace(MASTHEAD, funding=replace(MASTHEAD.funding, newsroom_mail="money@paper.example"))
    with override_settings(MASTHEAD=money):
        row = failed(fund, cover=Money(110, "USD"))
        stands(row, "past_due", KNOWN, retry_at=retry)
        pass_days(0, 0.1, 3.9, 4, 5, 8.9, 9, 10, 30, 90)
    letters = [letter for _to, letter in smtp.accepted]
    assert [to for to, _letter in smtp.accepted] == ["don@example.org"] * 3
    assert [letter["Subject"] for letter in letters] == [
        "Your gift to The Saltmere Ledger did not go through",
        "Your gift to The Saltmere Ledger has still not gone through",
        "Our last mail about your gift to The Saltmere Ledger",
    ]
    for letter in letters:
        text = part(letter, "plain").replace("\u00a0", " ")
        html = part(letter, "html").replace("\u00a0", " ")
        for fact in ("26.10 $", "Nov. 27, 2026", "nothing was charged", "Visa •••• 4242", "/support/care/"):
            assert fact in text
            assert fact in html
        for fact in ("one click on the same page ends the gift", "Answer this mail: a person reads it."):
            assert fact in text
            assert fact in html
        assert letter["Reply-To"] == "money@paper.example"
        assert letter["Auto-Submitted"] == "auto-generated"
        assert "rehearsal" not in text
    assert "It is tried again on Nov. 30, 2026." in part(letters[0], "plain")
    assert "tried again" not in part(letters[1], "plain"), "that day is over"
    assert ["last mail" in part(letter, "plain") for letter in letters] == [False, False, True]
    assert len({letter["Message-ID"] for letter in letters}) == 3


def test_the_mail_is_in_the_giver_s_language(fund: Campaign, smtp: Server) -> None:
    failed(fund, language="ar")
    pass_days(0)
    [(_to, letter)] = smtp.accepted
    assert '<html lang="ar"' in part(letter, "html")
    assert "Nov. 27" not in part(letter, "plain")


@pytest.mark.parametrize("readings", list(itertools.permutations(range(3))))
def test_w6_told_thrice_in_any_order_it_is_one_failure_and_one_mail(
    fund: Campaign, smtp: Server, readings: tuple[int, ...]
) -> None:
    row = begun(fund)
    for number in readings:
        stands(row, "past_due", KNOWN + timedelta(seconds=number))
    pass_days(0, 0)
    failure = RenewalFailure.objects.get()
    assert (failure.due_at, failure.amount_minor, failure.over_at) == (DUE, 2_500, None)
    event = RecoveryMailAsked(failure.public_id, "first")
    for number in range(3):
        with frozen(KNOWN):
            send_recovery_mail(event, f"event-{number}")
    assert len(smtp.accepted) == 1


def test_killed_between_send_and_mark_the_mail_keeps_its_name(fund: Campaign, smtp: Server) -> None:
    failed(fund)
    pass_days(0)
    RecoveryMail.objects.update(sent_at=None)  # as when the worker died before it wrote this
    with frozen(KNOWN):
        send_recovery_mail(RecoveryMailAsked(RenewalFailure.objects.get().public_id, "first"), "another-event")
    assert len(smtp.accepted) == 2
    assert len({letter["Message-ID"] for _to, letter in smtp.accepted}) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_for_each_mail_and_send_it_once(smtp: Server) -> None:
    for number in range(4):
        failed(make_campaign(), key=f"sub_{number}", email=f"{number}@example.org")
    barrier = threading.Barrier(2)
    broken: list[Exception] = []

    def work() -> None:
        try:
            for after in (0, 4, 9):
                barrier.wait(30)
                pass_days(after)
        except Exception as error:  # noqa: BLE001 - shown by the test itself
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    pass_days(10)
    assert broken == []
    names = [letter["Message-ID"] for _to, letter in smtp.accepted]
    assert len(names) == len(set(names)) == 12


@pytest.mark.parametrize("became", ["active", "paused", "ended"])
def test_nothing_more_is_written_when_it_is_paid_paused_or_ended(fund: Campaign, smtp: Server, became: str) -> None:
    row = failed(fund)
    pass_days(0)
    stands(row, became, KNOWN + DAY)
    pass_days(4, 9, 20)
    assert len(smtp.accepted) == 1
    failure = RenewalFailure.objects.get()
    assert (failure.over_at, failure.became) == (KNOWN + DAY, became)


@pytest.mark.parametrize("became", ["active", "paused", "ended"])
def test_a_mail_on_its_way_is_left_out_when_it_is_settled_first(fund: Campaign, smtp: Server, became: str) -> None:
    """The worker was away meanwhile."""
    row = failed(fund)
    stands(row, became, KNOWN + DAY)
    pass_days(2)
    assert smtp.accepted == []
    assert RecoveryMail.objects.get().left_out_at == KNOWN + 2 * DAY


def test_who_paused_what_he_owes_is_written_to_no_more(fund: Campaign, smtp: Server) -> None:
    """Also at a processor that goes on saying that a payment is owed."""
    failed(fund)
    RenewalFailure.objects.update(is_quiet=True)
    pass_days(0, 4, 9)
    assert smtp.accepted == []


def test_d3_nothing_is_written_about_a_gift_that_the_bank_disputes(fund: Campaign, smtp: Server) -> None:
    row = begun(fund)
    renewed(row, DUE - 30 * DAY)
    worker.run_pending()
    smtp.accepted.clear()
    Payment.objects.update(has_open_dispute=True)
    stands(row, "past_due", KNOWN)
    pass_days(0, 4, 9)
    assert smtp.accepted == []


def test_whose_data_is_deleted_is_not_written_to(fund: Campaign, smtp: Server) -> None:
    row = failed(fund)
    with pytest.raises(GiftStillRuns):
        forget_giver(donor=Donor.objects.get())
    stands(row, "ended", KNOWN + DAY)
    forget_giver(donor=Donor.objects.get())
    pass_days(1, 4, 9)
    assert smtp.accepted == []
    assert Donor.objects.get().email == ""


def test_who_turned_out_to_be_somebody_is_written_to_at_that_address(fund: Campaign, smtp: Server) -> None:
    failed(fund)
    other = Donor.objects.create(name="Donald", email="donald@example.org")
    merge_donors(donor=Donor.objects.get(email="don@example.org"), into=other, by=None)
    pass_days(0)
    assert [to for to, _letter in smtp.accepted] == ["donald@example.org"]


def test_a_payment_that_fails_again_for_the_same_date_begins_no_new_row_of_mails(fund: Campaign, smtp: Server) -> None:
    row = failed(fund)
    pass_days(0)
    stands(row, "paused", KNOWN + DAY)
    stands(row, "past_due", KNOWN + 2 * DAY)
    pass_days(2, 4, 9, 20)
    assert len(smtp.accepted) == 3
    assert RenewalFailure.objects.count() == 1
    stands(row, "active", KNOWN + 21 * DAY, next_at=months_later(DUE, 1))
    stands(row, "past_due", KNOWN + 31 * DAY, next_at=months_later(DUE, 2))
    pass_days(31)
    assert len(smtp.accepted) == 4
    assert [each.due_at for each in RenewalFailure.objects.order_by("pk")] == [DUE, months_later(DUE, 1)]


def test_a_first_payment_that_fails_is_no_renewal(fund: Campaign, smtp: Server) -> None:
    stands(begun(fund, status=SubscriptionStatus.PENDING), "pending", KNOWN)
    pass_days(0)
    assert not RenewalFailure.objects.exists()


def test_the_site_may_send_none_and_begin_later(fund: Campaign, smtp: Server) -> None:
    silent = replace(MASTHEAD, funding=replace(MASTHEAD.funding, recovery_mails=False))
    with override_settings(MASTHEAD=silent):
        failed(fund)
        pass_days(0, 4, 9)
    assert smtp.accepted == []
    assert not RecoveryMail.objects.exists()
    pass_days(10)
    assert len(smtp.accepted) == 1


def test_l7_a_live_site_writes_nothing_about_money_of_a_rehearsal(fund: Campaign, smtp: Server) -> None:
    rehearsing = replace(MASTHEAD, funding=replace(MASTHEAD.funding, mode="rehearsal"))
    with override_settings(MASTHEAD=rehearsing):
        failed(fund)
    pass_days(0, 4)
    assert smtp.accepted == []
    RecoveryMail.objects.update(left_out_at=None)
    with override_settings(MASTHEAD=rehearsing), frozen(KNOWN):
        send_recovery_mail(RecoveryMailAsked(RenewalFailure.objects.get().public_id, "first"), "event-1")
    [(_to, letter)] = smtp.accepted
    assert letter["Subject"].startswith("Rehearsal:")
    assert "no real money has moved" in part(letter, "plain")


def test_a_refusal_for_now_is_tried_again_and_one_for_good_ends_the_mails(fund: Campaign, smtp: Server) -> None:
    failed(fund)
    event = RecoveryMailAsked(RenewalFailure.objects.get().public_id, "first")
    smtp.at_recipient = ["451 greylisted", "550 no such person"]
    with frozen(KNOWN):
        for refusal in (Retry, AddressRefused):
            with pytest.raises(refusal):
                send_recovery_mail(event, "event-1")
        assert RecoveryMail.objects.get().sent_at is None
    with frozen(KNOWN + 9 * DAY):
        ask_for_due_mails()
    assert RecoveryMail.objects.count() == 1, "an address that takes nothing is asked no second time"


def test_how_a_gift_stood_is_kept_and_what_is_told_again_is_not(fund: Campaign) -> None:
    row = begun(fund, minor=2_500)
    for _again in range(2):
        stands(row, "past_due", KNOWN)
        stands(row, "active", KNOWN + DAY)
    stands(row, "ended", KNOWN + 5 * DAY)
    kept = list(RecurringState.objects.order_by("pk").values_list("status", "since", "gift_minor"))
    assert kept == [
        ("active", datetime(2026, 10, 27, 9, tzinfo=UTC), 2_500),
        ("past_due", KNOWN, 2_500),
        ("active", KNOWN + DAY, 2_500),
        ("ended", KNOWN + 5 * DAY, 2_500),
    ]


def test_gifts_from_before_get_the_history_that_is_known_of_them(fund: Campaign) -> None:
    """By the migration: active since it began, of the amount it then had; ended or at rest since the processor said."""
    began = begun(fund, key="sub_0").started_at
    changed = begun(fund, key="sub_1", email="a@example.org")
    with frozen(DUE):
        agree_on(changed, Money(4_000, "USD"), Money(0, "USD"))
    Recurring.objects.filter(pk=changed.pk).update(amount_minor=4_000)
    stands(begun(fund, key="sub_2", email="b@example.org"), "ended", KNOWN)
    stands(begun(fund, key="sub_3", email="c@example.org"), "past_due", KNOWN)
    Recurring.objects.filter(pk=begun(fund, key="sub_4", email="d@example.org").pk).update(status="pending")
    RecurringState.objects.all().delete()
    import_module("masthead.funding.migrations.0026_states_before").write_history(apps, None)
    kept = RecurringState.objects.order_by("recurring__external_id", "since", "pk")
    assert list(kept.values_list("recurring__external_id", "status", "since", "gift_minor")) == [
        ("sub_0", "active", began, 2_500),
        ("sub_1", "active", began, 2_500),
        ("sub_1", "active", DUE, 4_000),
        ("sub_2", "active", began, 2_500),
        ("sub_2", "ended", KNOWN, 2_500),
        ("sub_3", "active", began, 2_500),
        ("sub_3", "past_due", KNOWN, 2_500),
    ]


def test_paypal_says_when_it_tries_again() -> None:
    row = {
        "id": "I-1",
        "status": "ACTIVE",
        "custom_id": "x",
        "quantity": "1",
        "start_time": "2026-10-27T09:00:00Z",
        "plan": {
            "billing_cycles": [
                {
                    "frequency": {"interval_unit": "MONTH"},
                    "pricing_scheme": {"fixed_price": {"value": "25.00", "currency_code": "USD"}},
                }
            ]
        },
        "billing_info": {
            "failed_payments_count": 1,
            "last_failed_payment": {"next_payment_retry_time": "2026-12-02T09:00:00Z"},
        },
    }
    assert paypal.subscription(row, read_at=KNOWN).retry_at == DUE + 5 * DAY
    row["billing_info"] = {"failed_payments_count": 0}
    assert paypal.subscription(row, read_at=KNOWN).retry_at is None
