"""How far a reading of what changed goes, when it gives up, and what it takes up again (rules W5, W12, X3)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from masthead.core.clock import frozen
from masthead.funding.models import Cursor, Held, ProviderEvent
from masthead.funding.ports import Found, Kind, ProviderAway, ProviderRefused, Ref
from masthead.funding.services import catch_up, catch_up_with_all
from tests.funding.clerk import Clerk, clerk, standing, told
from tests.funding.lives import BEGAN, usd

__all__ = ["clerk"]
HOUR = timedelta(hours=1)
AWAY = ProviderAway("hung up")


def page(cursor: str, *names: str, is_last: bool = False, gap_from: datetime | None = None) -> Found:
    """Return a page of payments that changed."""
    return Found(tuple(Ref(Kind.PAYMENT, name) for name in names), cursor, is_last, gap_from)


def caught_up(*, pages: int = 20, at: datetime = BEGAN) -> int:
    """Catch up at an instant; return how many things were settled."""
    with frozen(at):
        return catch_up("stripe", is_live=True, pages=pages)


def cursor() -> tuple[str, datetime, datetime | None, datetime | None, datetime | None]:
    """Return how far this site is."""
    return Cursor.objects.values_list("value", "moved_at", "caught_up_at", "gap_from", "gap_seen_at").get(
        provider="stripe", is_live=True
    )


def test_x3_each_page_moves_the_cursor_and_only_the_last_says_that_nothing_is_left(clerk: Clerk) -> None:
    for name in ("pi_1", "pi_2", "pi_3"):
        told(usd(2500), clerk, external_id=name)
    gap = BEGAN - 40 * 24 * HOUR
    clerk.pages = [page("c1", "pi_1", "pi_2", gap_from=gap), page("c2", "pi_3"), page("c3", is_last=True), page("c4")]
    assert caught_up(pages=1) == 2
    assert cursor() == ("c1", BEGAN, None, gap, BEGAN)
    assert caught_up(pages=1, at=BEGAN + HOUR) == 1
    assert cursor() == ("c2", BEGAN + HOUR, None, gap, BEGAN)
    assert caught_up(at=BEGAN + 2 * HOUR) == 0
    assert cursor() == ("c3", BEGAN + 2 * HOUR, BEGAN + 2 * HOUR, gap, BEGAN)
    assert clerk.asked_from == ["", "c1", "c2"]


def test_x3_a_run_reads_twenty_pages_and_leaves_the_rest_to_the_next(clerk: Clerk) -> None:
    clerk.pages = [page(f"c{number}") for number in range(25)]
    with frozen(BEGAN):
        assert catch_up("stripe", is_live=True) == 0
    assert cursor()[0] == "c19"


def test_x3_a_worker_that_overlaps_with_another_never_takes_the_cursor_back_nor_that_of_another_mode(
    clerk: Clerk,
) -> None:
    told(usd(2500), clerk)
    for provider, is_live in (("stripe", False), ("paypal", True)):
        Cursor.objects.create(provider=provider, is_live=is_live)
    clerk.pages = [page("c1", "pi_1")]

    def another() -> None:
        Cursor.objects.filter(provider="stripe", is_live=True).update(value="c9")

    clerk.answer = another
    assert caught_up() == 1
    assert clerk.asked_from == ["", "c9"]
    assert list(Cursor.objects.order_by("pk").values_list("value", flat=True)) == ["", "", "c9"]


@pytest.mark.parametrize(
    ("answers", "settled", "tried"),
    [
        ("", 0, 0),
        ("+", 1, 1),
        ("-", None, 1),
        ("--", None, 2),
        ("-+", 1, 2),
        ("+--", 1, 3),
        ("+---+", None, 4),
        ("--+--", 1, 5),
        ("--x--", 0, 5),
        ("x", 0, 1),
        (".-", None, 1),
        ("..", 0, 0),
        (".+-", 1, 2),
    ],
)
def test_w12_a_page_is_given_up_where_three_in_a_row_or_all_go_unanswered(
    clerk: Clerk, answers: str, settled: int | None, tried: int
) -> None:
    """Settled ``+``, away ``-``, refused ``x``, or waiting for its own time ``.``: what waits is not tried."""
    names = [f"pi_{number}" for number in range(len(answers))]
    for name, answer in zip(names, answers, strict=True):
        told(usd(2500), clerk, external_id=name)
        if answer == ".":
            values = {"provider": "stripe", "is_live": True, "kind": "payment", "external_id": name}
            Held.objects.create(**values, next_at=BEGAN + HOUR)
        elif answer != "+":
            clerk.payments[name] = AWAY if answer == "-" else ProviderRefused("no")
    clerk.pages = [page("c1", *names, is_last=True)]
    found: int | None = None
    try:
        found = caught_up()
    except ProviderAway:
        assert cursor()[0] == ""
    else:
        assert cursor()[0] == "c1"
    assert (found, len(clerk.read)) == (settled, tried)


def test_a_processor_that_is_away_or_refuses_holds_up_no_other_and_its_words_stand_until_it_answers(
    clerk: Clerk,
) -> None:
    def problems() -> dict[str, str]:
        with frozen(BEGAN):
            catch_up_with_all()
        return dict(Cursor.objects.filter(is_live=True).values_list("provider", "problem"))

    Cursor.objects.create(provider="paypal", is_live=False, problem="as in rehearsals")
    with standing("paypal") as first:
        first.is_away = True
        assert problems() == {"paypal": "nobody there", "stripe": ""}
        clerk.pages = [page("c1", "pi_1")]
        clerk.payments["pi_1"] = AWAY
        assert problems() == {"paypal": "nobody there", "stripe": "stripe"}
        first.is_away = False

        def refuse() -> None:
            raise ProviderRefused("This key has expired")

        first.before_changes = refuse
        assert problems() == {"paypal": "This key has expired", "stripe": ""}
        first.before_changes = lambda: None
        assert problems() == {"paypal": "", "stripe": ""}
    assert Cursor.objects.get(is_live=False).problem == "as in rehearsals"


def notified(name: str, at: datetime, *, provider: str = "stripe", is_live: bool = True, state: str = "to_do") -> None:
    """Keep a notification of a payment."""
    ProviderEvent.objects.create(
        provider=provider,
        external_id=f"evt_{ProviderEvent.objects.count()}",
        type="charge.succeeded",
        is_live=is_live,
        refs=[["payment", name]],
        state=state,
        received_at=at,
    )


def test_w5_notifications_that_the_worker_gave_up_are_heard_in_turn_after_an_hour(clerk: Clerk) -> None:
    for name in ("pi_1", "pi_2"):
        told(usd(2500), clerk, external_id=name)
    notified("pi_2", BEGAN - HOUR - timedelta(minutes=1))
    notified("pi_1", BEGAN - 2 * HOUR)
    notified("pi_3", BEGAN - HOUR)
    notified("pi_4", BEGAN - 2 * HOUR, is_live=False)
    notified("pi_5", BEGAN - 2 * HOUR, provider="paypal")
    notified("pi_6", BEGAN - 2 * HOUR, state="done")
    notified("pi_7", BEGAN - 2 * HOUR, state="unknown")
    with frozen(BEGAN):
        catch_up_with_all()
    assert clerk.read == ["pi_2", "pi_1"]
    states = ProviderEvent.objects.order_by("pk").values_list("state", "done_at")
    assert list(states) == [
        ("done", BEGAN),
        ("done", BEGAN),
        *[("to_do", None)] * 3,
        ("done", None),
        ("unknown", None),
    ]


def test_w5_a_notification_that_goes_unanswered_stays_to_do_with_the_processor_s_words(clerk: Clerk) -> None:
    clerk.payments["pi_1"] = AWAY
    notified("pi_1", BEGAN - 2 * HOUR)
    with frozen(BEGAN):
        catch_up_with_all()
    assert ProviderEvent.objects.get().state == "to_do"
    assert Cursor.objects.get().problem == "stripe"
