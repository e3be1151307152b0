"""Statements of a year: one mail to each giver, net of what went back, once whatever happens (rules R6, S6, L7)."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from masthead.accounts.models import User
from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.events import StatementAsked
from masthead.funding.models import AnnualStatement, AuditEntry, Donor, Gift, Pledge
from masthead.funding.selectors import statement_lists
from masthead.funding.selectors.statements import statements_of
from masthead.funding.services import merge_donors, note_pledge, receipts, reverse_gift, settle_payment
from masthead.funding.services.care import forget_giver
from masthead.funding.services.receipts import count_statements, send_statement, send_statement_again, send_statements
from masthead.funding.staff_errors import (
    MayNotSendStatements,
    NoStatementsInRehearsal,
    NotAGiverOfTheYear,
    YearNotBegun,
    YearNotOver,
)
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox import worker
from masthead.outbox.models import Event
from tests import pdfs
from tests.funding.lives import opened, paid, refunded, usd
from tests.funding.reading import shown
from tests.funding.test_staff_screens import signed_in
from tests.letters import Server, part, smtp
from tests.settings import MASTHEAD

__all__ = ["smtp"]

pytestmark = pytest.mark.django_db
JUNE, AFTER = datetime(2025, 6, 1, 12, tzinfo=UTC), datetime(2026, 1, 15, 12, tzinfo=UTC)
HERE = "/admin/funding/statements/"
FULL = ("view_receipt", "see_names", "send_statements")


def given(name: str = "Ada Venn", email: str = "ada@example.org", *, amount: Money | None = None) -> Gift:
    """Return a gift of June 2025 with its receipt, so that its giver is known."""
    with frozen(JUNE):
        gift = make_gift(donor_name=name, contact=email, amount=amount)
        receipts.issue_receipt(gift=gift)
    return Gift.objects.get(pk=gift.pk)


def by_card(language: str = "") -> Any:
    """Return the facts of a gift of 26.03 dollars by card in June 2025."""
    with frozen(JUNE):
        pledge = note_pledge(
            campaign=make_campaign(),
            amount=usd(2500),
            cover=usd(103),
            name="Don",
            email="don@example.org",
            method="stripe",
            language=language,
        )
        facts = paid(opened(pledge.public_id), usd(2603), at=JUNE)
        settle_payment(facts)
    return facts


def sent(year: int = 2025, **choices: Any) -> tuple[int, int]:
    """Send and return how many were asked for now and before."""
    done = send_statements(year=year, **choices)
    return done.asked, done.asked_before


def delivered() -> None:
    """Let the worker mail what was asked for, and nothing else."""
    for event in Event.objects.filter(type="funding.statement-asked").order_by("pk"):
        send_statement(StatementAsked(**event.payload), event.public_id)


def waiting() -> list[tuple[str, bool]]:
    """Return whose statements were asked for, and whether they have left."""
    rows = AnnualStatement.objects.order_by("pk").values_list("donor__name", "mailed_at")
    return [(name, at is not None) for name, at in rows]


@pytest.mark.django_db(transaction=True)
def test_each_giver_gets_one_mail_by_the_worker_however_often_it_is_sent(smtp: Server) -> None:
    given()
    given("Ben Moe", "ben@example.org")
    given("Ada Venn", "ADA@example.org", amount=usd(1000))
    Event.objects.all().delete()
    with frozen(AFTER):
        assert sent() == (2, 0)
        assert sent() == (0, 2)
        worker.run_pending()
        assert sent() == (0, 2)
        worker.run_pending()
    assert sorted(address for address, _letter in smtp.accepted) == ["ada@example.org", "ben@example.org"]
    letter = next(letter for address, letter in smtp.accepted if address == "ada@example.org")
    assert letter["Subject"] == "Your gifts to The Saltmere Ledger in 2025"
    text = part(letter, "plain").replace("\u00a0", " ")
    assert "Together: 35 $" in text
    assert "Together" in part(letter, "html")
    attached = next(letter.iter_attachments())
    assert attached.get_filename() == "The-Saltmere-Ledger-2025.pdf"
    content = attached.get_payload(decode=True)
    assert isinstance(content, bytes)
    said = pdfs.text_of(content)
    for fact in ("R-2025-000001", "R-2025-000003", "Together35$", "AdaVenn"):
        assert fact in said
    assert "Ben" not in said + text, "S6: nobody reads of another"


def test_r6_what_went_back_is_taken_off_and_currencies_stand_apart(mailoutbox: list[Any]) -> None:
    facts = by_card()
    with frozen(datetime(2025, 12, 1, tzinfo=UTC)):
        settle_payment(refunded(facts, "re_1", usd(1000)))
    euro = given("Don", "don@example.org", amount=None)
    found = statements_of([Donor.objects.get()], 2025)[Donor.objects.get().pk]
    assert found.totals == [usd(1603 + 2500)]
    with frozen(JUNE):
        other = note_pledge(
            campaign=make_campaign(), amount=Money(5000, "JPY"), name="Don", email="don@example.org", method="stripe"
        )
        yen = paid(opened(other.public_id, external_id="pi_2"), Money(5000, "JPY"), at=JUNE, settled=usd(3300))
        settle_payment(yen)
    with frozen(AFTER):
        assert sent() == (1, 0)
        delivered()
    text = mailoutbox[0].body.replace("\u00a0", " ")
    assert "−10 $ (Sent back to you)" in text
    assert "Together: 41.03 $, 5,000 ¥" in text
    assert euro.donor == Donor.objects.get()


def test_nobody_is_told_who_cannot_be_or_has_nothing_left() -> None:
    given("Eve", "")
    given("Fay", "07700 900123")
    gone = given("Gus", "gus@example.org")
    reverse_gift(gift=gone, reason="bounced")
    forget_giver(donor=given("Hal", "hal@example.org").donor or Donor())
    with frozen(datetime(2024, 6, 1, tzinfo=UTC)):
        receipts.issue_receipt(gift=make_gift(donor_name="Ida", contact="ida@example.org"))
    with frozen(AFTER):
        assert count_statements(year=2025).asked == 0
        assert sent() == (0, 0)
    assert waiting() == []
    assert [row.name for row in statement_lists.unreached(2025, names=True)] == ["Eve", "Fay", ""]
    assert {row.name for row in statement_lists.unreached(2025, names=False)} == {""}
    assert {row.left for row in statement_lists.unreached(2025, names=False)} == {usd(2500)}


def test_who_was_forgotten_or_merged_before_the_worker_came_gets_none(mailoutbox: list[Any]) -> None:
    hal, ada, work = (given(name, f"{name}@example.org").donor or Donor() for name in ("hal", "ada", "work"))
    with frozen(AFTER):
        assert sent() == (3, 0)
        forget_giver(donor=hal)
        merge_donors(donor=work, into=ada, by=None)
        delivered()
        assert sent() == (0, 1)
    assert [letter.to for letter in mailoutbox] == [["ada@example.org"]]
    assert "Together: 50 $" in mailoutbox[0].body.replace("\u00a0", " ")


def test_l7_a_rehearsal_sends_nothing_and_its_money_is_no_giver_s() -> None:
    rehearsal = replace(MASTHEAD, funding=replace(MASTHEAD.funding, mode="rehearsal"))
    with override_settings(MASTHEAD=rehearsal), frozen(AFTER):
        given()
        with pytest.raises(NoStatementsInRehearsal) as refusal:
            sent()
    assert "real money only" in refusal.value.message()
    Gift.objects.update(donor=Donor.objects.create(name="Ada", email="ada@example.org"))
    with frozen(AFTER):
        assert sent() == (0, 0)
    assert statement_lists.years_given() == []


def test_a_year_that_is_not_over_needs_a_word_and_the_whole_year_follows(mailoutbox: list[Any]) -> None:
    given()
    with frozen(datetime(2026, 1, 1, 4, 59, tzinfo=UTC)):  # still 2025 in New York
        with pytest.raises(YearNotOver) as early:
            sent()
        with pytest.raises(YearNotBegun) as future:
            sent(2026, so_far=True)
        assert sent(so_far=True) == (1, 0)
        assert sent(so_far=True) == (0, 1)
        delivered()
    assert "--so-far" in early.value.message()
    assert "2026 has not begun" in future.value.message()
    assert "2025 is not over" in mailoutbox[0].body
    assert "2025isnotover" in pdfs.text_of(mailoutbox[0].attachments[0][1])
    with frozen(AFTER):
        assert sent() == (1, 0)
        delivered()
    assert len(mailoutbox) == 2
    assert "not over" not in mailoutbox[1].body


def test_one_giver_alone_and_an_address_that_is_nobody_s() -> None:
    given()
    given("Ben", "ben@example.org")
    with frozen(AFTER):
        assert sent(only=" BEN@example.org") == (1, 0)
        with pytest.raises(NotAGiverOfTheYear) as refusal:
            sent(only="eve@example.org")
        assert "gave in 2025" in refusal.value.message()
        assert sent() == (1, 1)


def test_the_giver_s_language_is_that_of_mail_and_paper(mailoutbox: list[Any]) -> None:
    by_card("ar")
    Pledge.objects.update(name="مريم")
    with frozen(AFTER):
        sent()
        delivered()
    with translation.override("ar"):
        together = translation.gettext("Together")
    assert together in mailoutbox[0].body
    assert '<html lang="ar"' in mailoutbox[0].alternatives[0][0]
    assert b"/Lang (ar)" in b"".join(pdfs.objects_of(mailoutbox[0].attachments[0][1]).values())


def test_a_worker_that_died_repeats_the_same_mail_and_heard_again_sends_nothing(mailoutbox: list[Any]) -> None:
    given()
    with frozen(AFTER):
        sent()
        delivered()
        AnnualStatement.objects.update(mailed_at=None)  # as when it died before it wrote this
        delivered()
        delivered()
    assert len(mailoutbox) == 2
    assert len({letter.extra_headers["Message-ID"] for letter in mailoutbox}) == 1


def test_a_late_refund_is_seen_and_told_by_a_corrected_statement(mailoutbox: list[Any]) -> None:
    facts = by_card()
    given()
    don = signed_in(*FULL)
    with frozen(AFTER):
        sent()
        delivered()
        assert statement_lists.changed(2025) == []
        assert "Changed since" not in shown(don.get(HERE, {"year": "2025"}))
    with frozen(datetime(2026, 2, 1, 12, tzinfo=UTC)):
        settle_payment(refunded(facts, "re_1", usd(1000)))
        changed = statement_lists.changed(2025)
        assert [row.donor.name for row in changed] == ["Don"]
        page = shown(don.get(HERE, {"year": "2025"}))
        assert "Changed since it was sent" in page
        said = shown(don.post(f"{HERE}{changed[0].public_id}/again/", follow=True))
        assert "A corrected statement is on its way." in said
        assert "on its way already" in shown(don.post(f"{HERE}{changed[0].public_id}/again/", follow=True))
        delivered()
        assert statement_lists.changed(2025) == []
        assert "corrected" in shown(don.get(HERE, {"year": "2025"}))
    assert len(mailoutbox) == 3
    assert mailoutbox[2].subject == "Your gifts to The Saltmere Ledger in 2025, corrected"
    assert "moved after we wrote on Jan. 15, 2026" in mailoutbox[2].body
    text = pdfs.text_of(mailoutbox[2].attachments[0][1])
    assert "Corrected.IttakestheplaceofthestatementsentonJan.15,2026." in text
    assert "Together16.03$" in text
    acts = list(AuditEntry.objects.values_list("act", "by", "detail"))
    assert acts == [("statements_sent", User.objects.get().pk, "2025")]


def test_sent_again_unchanged_it_is_the_same_and_no_correction(mailoutbox: list[Any]) -> None:
    given()
    with frozen(AFTER):
        sent()
        delivered()
    don = signed_in(*FULL)
    with frozen(datetime(2026, 2, 1, 12, tzinfo=UTC)):
        row = AnnualStatement.objects.get()
        for _ in range(2):
            assert "on its way again" in shown(don.post(f"{HERE}{row.public_id}/again/", follow=True))
    with frozen(datetime(2026, 2, 1, 13, tzinfo=UTC)):
        delivered()
    assert AnnualStatement.objects.count() == 1
    assert len(mailoutbox) == 2
    assert "corrected" not in mailoutbox[1].body


@pytest.mark.django_db(transaction=True)
def test_senders_at_once_ask_for_each_mail_once() -> None:
    """Four connections, on either store: one row and one event for each giver."""
    for number in range(12):
        given(f"Giver {number}", f"{number}@example.org")
    barrier, asked, failures = threading.Barrier(4), [], []

    def act() -> None:
        try:
            barrier.wait(30)
            asked.append(send_statements(year=2025).asked)
        except Exception as failure:  # noqa: BLE001 - shown by the test itself
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert sum(asked) == AnnualStatement.objects.count() == 12
    assert Event.objects.filter(type="funding.statement-asked").count() == 12


def test_staff_count_first_say_yes_and_see_how_far_it_is(mailoutbox: list[Any]) -> None:
    given()
    given("Eve", "")
    don = signed_in(*FULL)
    with frozen(AFTER):
        page = shown(don.get(HERE))
        assert "1 giver would get the statement now." in page
        assert "1 gift: no address is known" in page
        assert "25 $, bank transfer, Eve" in page
        ask = don.get(f"{HERE}2025/send/")
        assert "Send 1 mail" in shown(ask)
        assert not AnnualStatement.objects.exists(), "a GET sends nothing"
        said = don.post(f"{HERE}2025/send/", follow=True)
        assert "1 mail is on its way. Sent before: 0." in shown(said)
        assert "0 of 1 mails have left." in shown(said)
        delivered()
        page = shown(don.get(HERE, {"year": "2025"}))
        assert "1 of 1 mails have left." in page
        assert "ada@example.org" in page
    assert list(AuditEntry.objects.values_list("act", "subject", "detail")) == [("statements_sent", "2025", "1")]
    assert len(mailoutbox) == 1


def test_staff_say_more_for_a_year_that_is_not_over() -> None:
    given()
    don = signed_in(*FULL)
    with frozen(datetime(2025, 7, 1, tzinfo=UTC)):
        refused = don.post(f"{HERE}2025/send/")
        assert refused.status_code == 422
        assert "wait until the year is over" in shown(refused)
        don.post(f"{HERE}2025/send/", {"so_far": "on"})
    assert AnnualStatement.objects.get().is_so_far
    assert don.get(f"{HERE}1999/send/").status_code == 404


def test_who_may_not_send_or_see_names_does_neither() -> None:
    given()
    with frozen(AFTER):
        sent()
        delivered()
        row = AnnualStatement.objects.get()
        cashier = signed_in("view_receipt")
        page = shown(cashier.get(HERE, {"year": "2025"}))
        assert row.donor.public_id in page
        for private in ("Ada", "ada@example.org", "Send again", "Send statements"):
            assert private not in page
        assert "No statement fits." in shown(cashier.get(HERE, {"year": "2025", "q": "venn"}))
        assert "Ada Venn" in shown(signed_in(*FULL).get(HERE, {"year": "2025", "q": "VENN"}))
        for address in (f"{row.public_id}/again/", "2025/send/"):
            assert cashier.post(f"{HERE}{address}").status_code == 302
        person = User.objects.first()
        assert person is not None
        with pytest.raises(MayNotSendStatements) as refusal:
            send_statement_again(row=row, by=person)
        assert "Ask an administrator" in refusal.value.message()
    assert signed_in("send_statements", "see_names").get(HERE).status_code == 302
    assert Event.objects.filter(type="funding.statement-asked").count() == 1


def test_the_page_costs_the_same_however_many_gave(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    don, facts = signed_in(*FULL), by_card()
    given()
    given("Unknown", "")
    with frozen(AFTER):
        sent()
        delivered()
        settle_payment(refunded(facts, "re_1", usd(1000)))
        don.get(HERE, {"year": "2025"})
        with django_assert_max_num_queries(70) as few:
            don.get(HERE, {"year": "2025"})
    for number in range(8):
        given(f"Giver {number}", f"{number}@example.org")
        given(f"Unknown {number}", "")
    with frozen(AFTER):
        sent()
        delivered()
        for gift in Gift.objects.filter(donor_name__startswith="Giver"):
            reverse_gift(gift=gift, reason="bounced")
        with django_assert_max_num_queries(len(few.captured_queries)):
            assert "Giver 7" in shown(don.get(HERE, {"year": "2025"}))
