"""Send somebody to a processor's page to pay what he pledged."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Checkout, Pledge
from masthead.funding.paying_errors import NotToBePaidAgain, ProcessorNotReady
from masthead.funding.ports import CheckoutPage, Every, Kind, Order, Ref
from masthead.funding.providers import provider_named
from masthead.funding.selectors.progress import PAYABLE, stage_of
from masthead.funding.services.refresh import NotSettledYet, refresh

# Processors keep an idempotency key for a day at least and may forget it then (rule O2).
_KEYS_LIVE = timedelta(hours=23)
_NEARLY_OVER = timedelta(minutes=2)


def open_checkout(*, pledge: Pledge, title: str, success_url: str, cancel_url: str) -> str:
    """Return the address of the page where ``pledge`` is paid.

    Our row, with its key and all that will be sent, is committed before the processor is asked (rule O1). Asked again,
    by a second click, a reload or after a crash at any line, the same open page is returned and nothing is made twice
    (rules O2, O3); what was sent the first time is sent again, whatever the arguments say now. Raises what the provider
    raises; then the row stays and the next try uses it. Refuses while the site's keys are missing or of the other mode
    than site and pledge (``funding.processor_not_ready``; rule L7): such money would come and be counted nowhere.

    Before another page is opened for the same pledge, the processor is asked what became of the earlier ones: its word
    alone ends a page, never our clock. Refuses with ``funding.not_to_be_paid_again`` when money is on its way or has
    come, and when the repeated gift that the pledge began has not ended (rule S3).
    """
    _must_be_ready(pledge)
    _ask_about_earlier(pledge)
    checkout = _row(pledge, title=title, success_url=success_url, cancel_url=cancel_url)
    if checkout.url:
        return checkout.url
    provider, order = provider_named(checkout.provider), _order(checkout)
    page = provider.find_checkout(order) if checkout.created_at < now() - _KEYS_LIVE else None
    url = _opened(checkout, page or provider.create_checkout(order))
    if not url:  # it was opened before the crash, and paid or left to end since
        refresh(checkout.provider, Ref(Kind.CHECKOUT, Checkout.objects.get(pk=checkout.pk).external_id))
        raise NotToBePaidAgain()
    return url


def _ask_about_earlier(pledge: Pledge) -> None:
    """Read each page again that may be over, and each that led to a payment: of those, one may still succeed."""
    nearly_over = Q(state=Checkout.State.OPEN, expires_at__lt=now() + _NEARLY_OVER)
    for checkout in pledge.checkouts.filter(nearly_over | Q(state=Checkout.State.DONE)).exclude(external_id=""):
        with suppress(NotSettledYet):
            refresh(checkout.provider, Ref(Kind.CHECKOUT, checkout.external_id))


def _must_be_ready(pledge: Pledge) -> None:
    provider = provider_named(pledge.method)
    if pledge.is_live != conf.is_live() or not provider.is_ready():
        raise ProcessorNotReady(name=provider.label)


def _row(pledge: Pledge, *, title: str, success_url: str, cancel_url: str) -> Checkout:
    with transaction.atomic():
        Pledge.objects.select_for_update().get(pk=pledge.pk)
        if stage_of(pledge) not in PAYABLE:
            raise NotToBePaidAgain()
        found = pledge.checkouts.filter(state=Checkout.State.OPEN).first()
        if found is not None:
            return found
        key = new_id()
        order = Order(
            key=key,
            pledge=pledge.public_id,
            total=pledge.total,
            every=Every(pledge.every),
            title=title,
            success_url=success_url,
            cancel_url=cancel_url,
            email=pledge.email,
            language=pledge.language,
        )
        return Checkout.objects.create(
            key=key, pledge=pledge, provider=pledge.method, order=asdict(order), created_at=now()
        )


def _order(checkout: Checkout) -> Order:
    values: dict[str, Any] = dict(checkout.order)
    total = values.pop("total")
    every = Every(values.pop("every"))
    return Order(total=Money(total["amount_minor"], total["currency"]), every=every, **values)


def _opened(checkout: Checkout, page: CheckoutPage) -> str:
    with transaction.atomic():
        Checkout.objects.filter(pk=checkout.pk).update(
            external_id=page.external_id, url=page.url, expires_at=page.expires_at
        )
    return page.url
