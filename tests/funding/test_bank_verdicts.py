"""What a line of a bank statement is taken for: certain, shown to a person with its reason, or unknown."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from masthead.core.money import Money
from masthead.funding.rules.bank_matching import GiftFacts, PledgeFacts, Reason, Verdict, judge_credit, judge_debit

AMOUNT = Money(2500, "USD")
ONE, OTHER = PledgeFacts(1, AMOUNT), PledgeFacts(2, AMOUNT)


def credit(
    *,
    is_return: bool = False,
    references: int = 0,
    named: Sequence[PledgeFacts] = (),
    same_payer: Sequence[PledgeFacts] = (),
) -> Verdict:
    """Judge money that came in."""
    return judge_credit(AMOUNT, is_return=is_return, references=references, named=named, same_payer=same_payer)


def test_what_came_back_to_us_is_never_a_gift_and_names_the_one_pledge_it_may_be_about() -> None:
    assert credit(is_return=True) == Verdict(Reason.OWN_RETURN)
    assert credit(is_return=True, references=1, named=(ONE,)) == Verdict(Reason.OWN_RETURN, is_suggested=True, pledge=1)
    assert credit(is_return=True, references=2, named=(ONE, OTHER)) == Verdict(Reason.OWN_RETURN, is_suggested=True)


def test_several_who_may_have_sent_it_are_for_a_person() -> None:
    assert credit(same_payer=(ONE,)) == Verdict(Reason.SAME_PAYER, is_suggested=True, pledge=1)
    assert credit(same_payer=(ONE, OTHER)) == Verdict(Reason.SEVERAL_PAYERS, is_suggested=True)


def test_money_that_went_out_suggests_the_one_gift_of_its_amount() -> None:
    assert judge_debit(is_return=False, candidates=[]) == Verdict(Reason.WENT_OUT, is_suggested=True)
    assert judge_debit(is_return=False, candidates=[GiftFacts(7)]) == Verdict(
        Reason.WENT_OUT, is_suggested=True, gift=7
    )
    assert judge_debit(is_return=False, candidates=[GiftFacts(7), GiftFacts(8)]) == Verdict(
        Reason.WENT_OUT, is_suggested=True
    )


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([], Verdict(Reason.RETURN_UNKNOWN, is_suggested=True)),
        ([GiftFacts(7)], Verdict(Reason.RETURN_UNNAMED, is_suggested=True)),
        ([GiftFacts(7, same_name=True)], Verdict(Reason.RETURN_UNNAMED, is_suggested=True, gift=7)),
        (
            [GiftFacts(7, same_name=True), GiftFacts(8, same_name=True)],
            Verdict(Reason.RETURN_UNNAMED, is_suggested=True),
        ),
        (
            [GiftFacts(7, same_account=True), GiftFacts(8, same_account=True)],
            Verdict(Reason.RETURN_SEVERAL, is_suggested=True),
        ),
        ([GiftFacts(7, same_name=True), GiftFacts(8, same_account=True)], Verdict(Reason.CERTAIN, True, gift=8)),
    ],
)
def test_a_return_is_certain_by_what_it_repeats_and_else_for_a_person(
    candidates: list[GiftFacts], expected: Verdict
) -> None:
    assert judge_debit(is_return=True, candidates=candidates) == expected
