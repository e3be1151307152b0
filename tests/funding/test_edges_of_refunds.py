"""What a refund is refused for, what exactly the processor is asked, and what its answer leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from masthead.accounts.models import User
from masthead.core.clock import frozen
from masthead.core.errors import DomainError
from masthead.core.money import Money
from masthead.funding.events import RefundAsked
from masthead.funding.models import Gift, Payment, RefundRequest
from masthead.funding.ports import ProviderRefused, RefundOrder
from masthead.funding.rules.facts import DisputeStatus
from masthead.funding.services import (
    ask_refund,
    send_asked_refunds,
    send_back,
    send_refund,
)
from masthead.funding.services.refunds import returned
from tests.funding.clerk import Clerk, came, clerk
from tests.funding.lives import BEGAN, disputed, opened, paid, usd

__all__ = ["clerk"]


def asked(payment: Payment, minor: int = 700, *, later: int = 0) -> RefundRequest:
    """Ask for dollars back, so many minutes after the money came."""
    with frozen(BEGAN + timedelta(minutes=later)):
        return ask_refund(payment=payment, amount=usd(minor), reason="given twice")


@pytest.mark.parametrize(
    ("taken", "back", "said"),
    [
        (usd(2500), Money(100, "EUR"), "counts in USD, so EUR cannot be booked"),
        (usd(2500), usd(0), "more than zero"),
        (usd(2500), usd(-1), "more than zero"),
        (usd(2500), usd(2501), "At most 25 $"),
        (Money(5120, "KWD"), Money(5, "KWD"), "Stripe takes only multiples of 0.010 KWD."),
    ],
)
def test_r1_c3_a_refund_that_cannot_be_is_refused_with_what_could_be(
    clerk: Clerk, taken: Money, back: Money, said: str
) -> None:
    payment = came(taken, clerk)
    with pytest.raises(DomainError) as refusal:
        ask_refund(payment=payment, amount=back, reason="given twice")
    assert said in refusal.value.message().replace("\N{NO-BREAK SPACE}", " ")


def test_r1_a_single_cent_can_go_back(clerk: Clerk) -> None:
    assert asked(came(usd(2500), clerk), 1).amount_minor == 1


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        ((DisputeStatus.INQUIRY,), 0),
        ((DisputeStatus.OPEN,), 500),
        ((DisputeStatus.OPEN, DisputeStatus.LOST), 500),
        ((DisputeStatus.OPEN, DisputeStatus.WON), 0),
    ],
)
def test_d1_d2_only_a_dispute_that_holds_money_leaves_less_to_send_back(
    path: tuple[DisputeStatus, ...], gone: int
) -> None:
    reading = disputed(paid(opened("p"), usd(2500)), "dp_1", usd(500), *path)[-1]
    assert returned(reading) == usd(gone)


def test_o1_the_processor_is_asked_once_for_what_staff_asked_and_the_payment_is_read_again(clerk: Clerk) -> None:
    request, other = asked(came(usd(2500), clerk)), asked(came(usd(900), clerk, external_id="pi_2"))
    for _ in range(2):
        send_refund(RefundAsked(request=request.pk), "evt")
    assert clerk.orders == [RefundOrder(request.key, "pi_1", "ch_1", usd(700), "given twice")]
    assert clerk.read == ["pi_1", "pi_1"]
    assert list(RefundRequest.objects.order_by("pk").values_list("pk", "state", "answer")) == [
        (request.pk, "sent", ""),
        (other.pk, "asked", ""),
    ]


def refuse() -> None:
    """Say no."""
    raise ProviderRefused("too late")


def test_r1_what_was_refused_or_is_not_there_is_not_asked_for_again(clerk: Clerk) -> None:
    request = asked(came(usd(2500), clerk))
    clerk.answer = refuse
    for key in (request.pk, request.pk, request.pk + 1):
        send_refund(RefundAsked(request=key), "evt")
    request.refresh_from_db()
    assert (request.state, request.answer) == ("refused", "too late")
    assert (len(clerk.orders), clerk.read) == (1, [])


def test_o1_of_two_workers_with_one_refund_the_first_answer_stands(clerk: Clerk) -> None:
    request = asked(came(usd(2500), clerk))

    def another() -> None:
        clerk.answer = lambda: None
        send_refund(RefundAsked(request=request.pk), "evt")
        refuse()

    clerk.answer = another
    send_refund(RefundAsked(request=request.pk), "evt")
    request.refresh_from_db()
    assert (request.state, request.answer) == ("sent", "")


def test_o1_the_chore_takes_up_only_what_the_worker_left_unanswered(clerk: Clerk) -> None:
    asked(came(usd(2500), clerk))
    asked(came(usd(900), clerk, external_id="pi_2"), later=5)
    sent = []
    for minutes in (15, 16, 20, 21, 22):
        with frozen(BEGAN + timedelta(minutes=minutes)):
            send_asked_refunds()
        sent.append([order.payment for order in clerk.orders])
    assert sent == [[], ["pi_1"], ["pi_1"], ["pi_1", "pi_2"], ["pi_1", "pi_2"]]
    assert clerk.read == ["pi_1", "pi_2"]


def test_r1_who_had_a_gift_sent_back_is_kept_with_the_refund(clerk: Clerk) -> None:
    came(usd(2500), clerk)
    don = User.objects.create_superuser("don@example.org")
    request = send_back(gift=Gift.objects.get(), amount=usd(700), reason="given twice", by=don)
    assert RefundRequest.objects.get(pk=request.pk).asked_by == don.pk
