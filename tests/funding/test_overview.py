"""The overview of the money: what it counts, who may see it and whom, and what it costs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import AuditEntry, Campaign, Donor, Gift, Recurring, RenewalFailure
from masthead.funding.rules.months import months_later
from masthead.funding.selectors import failed_renewals, gift_months, lapsed, supporter_months
from masthead.funding.services import ask_for_due_mails, merge_donors, put_campaign, reverse_gift, settle_payment
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox import worker
from tests.client import CheckingClient
from tests.funding.lives import opened, paid, refunded
from tests.funding.reading import shown
from tests.funding.repeating import BEGAN, DUE, begun, renewed, stands, usd
from tests.funding.test_staff_screens import signed_in
from tests.settings import MASTHEAD

pytestmark = pytest.mark.django_db
HERE = "/admin/funding/overview/"
NOW = datetime(2026, 11, 29, 15, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def fund() -> Campaign:
    """A monthly fund, opened early in 2025."""
    with frozen(datetime(2025, 1, 1, tzinfo=UTC)):
        return make_campaign()


def given(minor: int, at: datetime, by: Donor | None = None) -> Gift:
    """Return a gift that arrived at an instant."""
    with frozen(NOW):
        gift = make_gift(amount=usd(minor), received_at=at)
    Gift.objects.filter(pk=gift.pk).update(donor=by)
    return gift


def donor(name: str) -> Donor:
    """Return a donor who is known by an address."""
    return Donor.objects.create(name=name, email=f"{name.lower()}@example.org")


def months(now: datetime = NOW, count: int = 13) -> list[date]:
    """Return the months that the overview shows."""
    return supporter_months.last_months(now, count)


def test_thirteen_months_of_the_site_s_calendar_end_with_the_present_one() -> None:
    """M1: by the site's own time zone, also on a last day that other months do not have."""
    assert months(datetime(2026, 3, 31, 12, tzinfo=UTC))[0] == date(2025, 3, 1)
    assert months()[-1] == date(2026, 11, 1)
    eastern = replace(MASTHEAD, site=replace(MASTHEAD.site, time_zone="Pacific/Auckland"))
    with override_settings(MASTHEAD=eastern):
        assert months(datetime(2026, 11, 30, 15, tzinfo=UTC))[-1] == date(2026, 12, 1)


def test_m6_what_went_back_lowers_the_month_of_its_gift(fund: Campaign) -> None:
    with frozen(BEGAN):
        row = begun(fund)
    gift = renewed(row, BEGAN, key="pi_1")
    assert gift.pledge
    facts = replace(opened(gift.pledge.public_id, external_id="pi_1"), subscription=row.external_id)
    with frozen(NOW):
        settle_payment(refunded(paid(facts, usd(2500), at=BEGAN), "re_1", usd(1000)))
        reverse_gift(gift=given(9900, BEGAN), reason="bounced")
    given(500, NOW)
    before, present = gift_months.gift_months(months())["USD"][-2:]
    assert (before.raised, before.gifts, before.refunds, before.refunded) == (usd(1500), 1, 2, usd(10_900))
    assert (before.repeated_percent, before.median) == (100, usd(1500))
    assert (present.raised, present.gifts, present.refunds, present.repeated_percent) == (usd(500), 1, 0, 0)


def test_givers_are_persons_and_who_was_merged_is_one(fund: Campaign) -> None:
    ada, work, ben = (donor(name) for name in ("Ada", "Work", "Ben"))
    merge_donors(donor=work, into=ada, by=None)
    for who in (ada, work, ben, None, None):
        given(1000, NOW, who)
    row = gift_months.gift_months(months())["USD"][-1]
    assert (row.gifts, row.givers) == (5, 4)


def test_c2_each_currency_has_a_table_of_its_own(client: CheckingClient, fund: Campaign) -> None:
    other = make_campaign(slug="euro", goal=Money(100_000, "EUR"), title="Euro", active=False)
    with frozen(NOW):
        make_gift(campaign=other, amount=Money(700, "EUR"))
        given(500, NOW)
        begun(other, key="sub_e", at=NOW - DAY)
        found = gift_months.gift_months(months())
        page = shown(signed_in("view_gift").get(HERE))
    assert {code: rows[-1].raised for code, rows in found.items()} == {"USD": usd(500), "EUR": Money(700, "EUR")}
    for words in ("In USD", "In EUR", "Promised every month, in EUR"):
        assert words in page


def test_l7_money_of_the_other_mode_is_nowhere(fund: Campaign) -> None:
    """A live site counts none of a rehearsal; one that rehearses says so on top."""
    rehearsing = replace(MASTHEAD, funding=replace(MASTHEAD.funding, mode="rehearsal"))
    with override_settings(MASTHEAD=rehearsing):
        row = begun(fund)
        renewed(row, BEGAN)
        stands(row, "past_due", DUE)
        with frozen(NOW):
            page = shown(signed_in("view_gift").get(HERE))
            assert gift_months.gift_months(months())["USD"][-2].gifts == 1
            assert failed_renewals.failed_count() == 1
    assert "This site rehearses: everything below is rehearsal money." in page
    with frozen(NOW):
        page = shown(signed_in("view_gift").get(HERE))
        seen = supporter_months.supporters(months(), NOW)
    assert "rehears" not in page
    assert "1 payment is owed" not in page
    assert {row.gifts for row in gift_months.gift_months(months())["USD"]} == {0}
    assert {row.end for row in seen.people} == {0}
    assert sum(row.people for row in seen.cohorts) == 0
    assert lapsed.lapsed(NOW + 800 * DAY) == []
    assert failed_renewals.recovered(NOW).failures == 0


def test_supporters_and_their_income_follow_what_processors_told(fund: Campaign) -> None:
    """S4: who owes is there and promises nothing."""
    ended = begun(fund, key="sub_1", email="a@example.org", at=datetime(2026, 8, 3, tzinfo=UTC))
    begun(fund, key="sub_2", email="b@example.org", minor=12_000, every="year", cover=usd(500), at=BEGAN)
    owing = begun(fund, key="sub_3", email="c@example.org", at=BEGAN)
    stands(ended, "ended", DUE)
    stands(owing, "past_due", DUE)
    found = supporter_months.supporters(months(), NOW)
    october, november = found.people[-2:]
    assert (october.start, october.new, october.end) == (1, 2, 3)
    assert (november.ended, november.end, november.stopped, november.churn_percent) == (1, 2, 1, 33)
    income = found.incomes["USD"][-1]
    assert (income.start, income.ended, income.stopped, income.end) == (usd(6000), usd(-2500), usd(-2500), usd(1000))


def test_a_cohort_keeps_whose_gift_of_a_year_runs(fund: Campaign) -> None:
    row = begun(fund, every="year", minor=12_000, at=datetime(2026, 8, 3, tzinfo=UTC))
    renewed(row, datetime(2026, 8, 3, tzinfo=UTC))
    once = donor("Once")
    given(500, datetime(2026, 8, 20, tzinfo=UTC), once)
    given(500, datetime(2026, 10, 20, tzinfo=UTC), once)
    given(500, datetime(2026, 8, 20, tzinfo=UTC))
    old = donor("Old")
    given(500, datetime(2024, 8, 20, tzinfo=UTC), old)
    given(500, datetime(2026, 8, 20, tzinfo=UTC), old)
    cohort = supporter_months.supporters(months(), NOW).cohorts[-4]
    assert (cohort.month, cohort.people, cohort.kept) == (date(2026, 8, 1), 2, (2, 1, 2, 1))


def test_who_lapsed_and_who_did_not(fund: Campaign) -> None:
    long_ago = months_later(NOW, -12) - DAY
    last_year, lately, both, back = (donor(name) for name in ("Last", "Lately", "Both", "Back"))
    given(500, long_ago, last_year)
    given(500, long_ago - DAY, last_year)
    given(500, months_later(NOW, -12) + DAY, lately)
    given(500, long_ago, both)
    given(500, NOW, both)
    reverse_gift(gift=given(500, NOW, last_year), reason="bounced")
    ended = begun(fund, key="sub_1", email="ended@example.org", at=BEGAN)
    renewed(ended, BEGAN)
    stands(ended, "ended", DUE)
    running = begun(fund, key="sub_2", email="running@example.org", at=BEGAN)
    renewed(running, BEGAN)
    stands(running, "past_due", DUE)
    returned = begun(fund, key="sub_3", email="returned@example.org", at=BEGAN)
    renewed(returned, BEGAN)
    stands(returned, "ended", DUE)
    given(500, DUE + DAY, Donor.objects.get(email="returned@example.org"))
    with frozen(NOW):
        rows = lapsed.lapsed_rows(lapsed.lapsed(NOW), names=True)
    assert [(row.email, row.gifts, row.ended_at) for row in rows] == [
        ("ended@example.org", 1, DUE),
        ("last@example.org", 2, None),
    ]
    given(500, NOW, back)
    merge_donors(donor=last_year, into=back, by=None)
    assert [row.donor for row in lapsed.lapsed(NOW)] == [Donor.objects.get(email="ended@example.org").pk]


def test_of_a_gift_that_ended_on_no_known_day_the_last_payment_tells_when_its_giver_lapsed(fund: Campaign) -> None:
    row = begun(fund, at=BEGAN)
    renewed(row, BEGAN)
    stands(row, "ended", DUE, ended_at=None)
    assert lapsed.lapsed(NOW) == []
    later = months_later(BEGAN, 12) + 2 * DAY
    [found] = lapsed.lapsed(later)
    assert (found.gifts, found.latest_at, found.ended_at) == (1, BEGAN, None)


def test_failed_cards_show_since_when_what_was_written_and_when_it_is_tried_again(fund: Campaign) -> None:
    row = begun(fund, email="ada@example.org", name="Ada Venn")
    renewed(row, BEGAN)
    stands(row, "past_due", DUE, retry_at=DUE + 3 * DAY)
    with frozen(DUE):
        worker.run_pending()
    with frozen(NOW):
        page = shown(signed_in("view_gift", "see_names").get(HERE))
        masked = shown(signed_in("view_gift").get(HERE))
    assert "1 payment is owed" in page
    words = f"Ada Venn {Donor.objects.get().public_id} 25 $ every month Nov. 27, 2026 27 Nov Nov. 30, 2026"
    assert words in page.replace("\u00a0", " ")
    for private in ("Ada Venn", "ada@example.org"):
        assert private not in masked
    assert f"name hidden {Donor.objects.get().public_id}" in masked


def test_recovered_is_what_was_paid_after_all_and_nothing_else(fund: Campaign) -> None:
    for number, (became, is_paid) in enumerate([("active", True), ("active", False), ("ended", False)]):
        row = begun(fund, key=f"sub_{number}", email=f"{number}@example.org", cover=usd(110))
        renewed(row, BEGAN)
        stands(row, "past_due", DUE)
        if is_paid:
            renewed(row, DUE + 12 * timedelta(hours=1))
        stands(row, became, DUE + DAY)
        if became == "active":
            renewed(row, DUE + 31 * DAY)  # the next one is no recovery
    stands(begun(fund, key="sub_9", email="9@example.org"), "past_due", DUE)
    later = NOW + 40 * DAY
    found = failed_renewals.recovered(later)
    assert (found.failures, found.paid, found.waiting, found.sums) == (4, 1, 1, [usd(2500)])
    with frozen(later):
        page = shown(signed_in("view_gift").get(HERE))
    assert "Renewals that failed in the last twelve months: 4. Paid after all: 1. Still owed: 1." in page
    assert "Recovered so far: 25 $." in page.replace("\u00a0", " ")
    assert failed_renewals.recovered(NOW + 500 * DAY).failures == 0


def test_failures_from_before_they_were_kept_are_shown_without_a_day(fund: Campaign) -> None:
    begun(fund)
    Recurring.objects.update(status="past_due")
    assert not RenewalFailure.objects.exists()
    [row] = failed_renewals.failed_rows(names=True)
    assert (row.since, row.written_at, row.has_address) == (None, [], True)


def test_it_says_when_no_mails_are_sent(fund: Campaign) -> None:
    silent = replace(MASTHEAD, funding=replace(MASTHEAD.funding, recovery_mails=False))
    assert "The giver gets a mail at once" in shown(signed_in("view_gift").get(HERE))
    with override_settings(MASTHEAD=silent):
        assert "Mails to these givers are off" in shown(signed_in("view_gift").get(HERE))


def test_who_may_not_see_gifts_sees_none_of_it(fund: Campaign, nobody: CheckingClient) -> None:
    addresses = [HERE, f"{HERE}months.csv", f"{HERE}cohorts.csv", f"{HERE}lapsed/"]
    for client in (signed_in("see_names"), nobody):
        for address in addresses:
            assert client.get(address).status_code == 302
        assert client.post(f"{HERE}lapsed/table/").status_code == 302
    cashier = signed_in("view_gift")
    for address in addresses:
        assert cashier.get(address).status_code == 200
    assert cashier.post(f"{HERE}lapsed/table/").status_code == 302
    assert cashier.get(HERE).content.decode().count('href="/admin/funding/overview/"') >= 1


def test_an_empty_site_says_what_will_be_here() -> None:
    page = shown(signed_in("view_gift").get(HERE))
    for words in ("No campaign has a goal yet.", "Nobody has lapsed.", "No payment of a repeated gift is owed."):
        assert words in page
    assert "Nobody has lapsed." in shown(signed_in("view_gift").get(f"{HERE}lapsed/"))


def test_meter_promise_and_forecast_of_every_campaign(fund: Campaign) -> None:
    put_campaign(slug="boat", goal=usd(10_000), title="The boat", active=False, beside=True)
    with frozen(NOW):
        given(500, NOW)
        begun(fund, at=NOW - DAY)
        Recurring.objects.update(next_at=NOW + DAY)
        page = shown(signed_in("view_gift").get(HERE)).replace("\u00a0", " ")
    for words in (
        "November fund",
        "raised of 5,000 $, 0 %",
        "25 $ is promised every month, by 1 gift that repeats.",
        "the meter then stands at 30 $",
        "Nothing is promised to it",
    ):
        assert words in page


def test_months_and_cohorts_as_tables(fund: Campaign) -> None:
    given(1250, NOW, donor("Ada"))
    with frozen(NOW):
        staff = signed_in("view_gift")
        by_month = staff.get(f"{HERE}months.csv")
        by_cohort = staff.get(f"{HERE}cohorts.csv")
    assert by_month["Cache-Control"].startswith("private, no-store")
    rows = list(csv.reader(io.StringIO(by_month.content.decode())))
    assert rows[0] == list(gift_months.CSV_COLUMNS)
    assert rows[-1] == ["2026-11", "USD", "12.5", "1", "1", "12.5", "12.5", "0", "0", "0"]
    assert rows[1][:7] == ["2025-11", "USD", "0", "0", "0", "", ""]
    cells = list(csv.reader(io.StringIO(by_cohort.content.decode())))
    assert cells[0][:3] == ["month", "people", "month_0"]
    assert cells[-1] == ["2026-11", "1", "1", *[""] * 12]


def test_names_leave_the_house_on_record_and_are_no_formulas(fund: Campaign) -> None:
    long_ago = months_later(NOW, -14)
    given(500, long_ago, Donor.objects.create(name='=HYPERLINK("x")', email="ada@example.org"))
    with frozen(NOW):
        staff = signed_in("view_gift", "see_names", "change_donor")
        reply = staff.post(f"{HERE}lapsed/table/")
        page = shown(staff.get(f"{HERE}lapsed/"))
    rows = list(csv.reader(io.StringIO(reply.content.decode())))
    assert rows[1] == [
        Donor.objects.get().public_id,
        '\'=HYPERLINK("x")',
        "ada@example.org",
        "1",
        long_ago.isoformat(),
        "",
    ]
    assert list(AuditEntry.objects.values_list("act", "subject")) == [("names_exported", "lapsed.csv")]
    assert '=HYPERLINK("x")' in page
    masked = shown(signed_in("view_gift").get(f"{HERE}lapsed/"))
    assert "HYPERLINK" not in masked
    assert "Download" not in masked


def queries() -> int:
    """Return what the page costs at this instant."""
    staff = signed_in("view_gift", "see_names")
    with frozen(NOW), CaptureQueriesContext(connection) as caught:
        assert staff.get(HERE).status_code == 200
    return len(caught)


def test_it_costs_as_many_queries_with_three_hundred_givers_as_with_ten(fund: Campaign) -> None:
    def add(first: int, last: int) -> None:
        for number in range(first, last):
            at = months_later(NOW, -(number * 2 % 20))
            given(500 + number, at, donor(f"Giver{number}"))
        for number in range(first, last, 10):
            row = begun(fund, key=f"sub_{number}", email=f"sub{number}@example.org", at=BEGAN)
            renewed(row, BEGAN)
            stands(row, "past_due", DUE + timedelta(minutes=number))
        with frozen(DUE + DAY):
            ask_for_due_mails()
            worker.run_pending()

    add(0, 10)
    queries()  # fills what is kept for all pages
    few = queries()
    add(10, 300)
    assert queries() == few
