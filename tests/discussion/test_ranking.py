"""The order *Best*: by the lower end of the Wilson interval, kept with the votes."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.discussion.rules.query import parse
from masthead.discussion.rules.ranking import WHOLE, lower_bound, standing
from masthead.discussion.selectors import thread_page
from masthead.discussion.testing import make_comment, make_thread

VOTES = st.integers(0, 100_000)


def direct(up: int, down: int) -> Decimal:
    """Solve Wilson's equation (p - x)^2 = z^2 x (1 - x) / n for its smaller root, with fifty digits."""
    with localcontext() as context:
        context.prec = 50
        n, z = Decimal(up + down), Decimal("1.959963984540054")
        p, c = Decimal(up) / n, z * z / n
        # (1 + c) x^2 - (2 p + c) x + p^2 = 0
        b = 2 * p + c
        return (b - (b * b - 4 * (1 + c) * p * p).sqrt()) / (2 * (1 + c))


@given(VOTES, VOTES)
def test_the_bound_is_the_smaller_root_of_wilsons_equation(up: int, down: int) -> None:
    if up + down:
        assert abs(Decimal(lower_bound(up, down)) - direct(up, down)) < Decimal("1e-9")
        assert abs(Decimal(standing(up, down)) - direct(up, down) * WHOLE) <= Decimal("0.501")


@given(VOTES, VOTES)
def test_a_vote_up_never_lowers_and_a_vote_down_never_raises(up: int, down: int) -> None:
    assert 0 <= standing(up, down + 1) <= standing(up, down) <= standing(up + 1, down) <= WHOLE


def test_known_figures() -> None:
    """As any table of the interval has them."""
    assert standing(0, 0) == standing(0, 5) == 0
    assert standing(1, 0) == 206_549
    assert standing(9, 1) == 595_850
    assert standing(90, 10) == 825_634


@pytest.mark.django_db
@pytest.mark.usefixtures("subjects", "badges")
def test_best_prefers_many_agreeing_votes_to_one_and_to_a_quarrel() -> None:
    """Row 25. Most Voted would put the quarrel first."""
    thread = make_thread()
    for text, up, down in [("lucky", 1, 0), ("quarrel", 60, 40), ("agreed", 18, 1), ("unknown", 0, 0)]:
        make_comment(thread, text=text, up=up, down=down)
    shown = thread_page("article:1", parse({"sort": "best"}))
    assert shown is not None
    assert [comment.html for comment in shown.comments] == [
        f"<p>{text}</p>\n" for text in ("agreed", "quarrel", "lucky", "unknown")
    ]
