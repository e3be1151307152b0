"""The page on which a giver looks after his gifts: by the link in his mails, without an account.

GET changes nothing. Each button is a POST that goes to the processor first (rule S2).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from masthead.core import ratelimit
from masthead.core.errors import DomainError
from masthead.core.http import absolute_url, client_ip, ip_prefix, private
from masthead.funding import conf, presenters
from masthead.funding.care_errors import UnknownWish
from masthead.funding.forms import AmountForm, AskLinkForm, typed
from masthead.funding.models import Donor, Recurring
from masthead.funding.paying_errors import ProcessorAway, ProcessorSaysNo
from masthead.funding.ports import ProviderAway, ProviderRefused, in_a_hurry
from masthead.funding.providers import provider_named
from masthead.funding.selectors.care import gift_part, given_by, giver_at, repeated_gifts
from masthead.funding.selectors.statements import years_of
from masthead.funding.services import care, choose_badge
from masthead.funding.views.badge import own_values
from masthead.funding.views.giver import Giver, of_giver

LINKS_PER_HOUR = 10
LINKS_PER_ADDRESS = 3
WISHES_PER_HOUR = 60
_PAUSES = {"pause-1": 1, "pause-2": 2, "pause-3": 3, "pause": None}


@csrf_exempt  # masthead.edge.middleware guards it
@require_http_methods(["GET", "HEAD", "POST"])
def ask_link(request: HttpRequest) -> HttpResponse:
    """Mail the care link to an address. The answer is the same for all, so it tells nobody who gives (rule S6)."""
    form = AskLinkForm(data=typed(request.POST.dict()) if request.method == "POST" else None)
    status, is_sent = 200, False
    if form.is_bound:
        try:
            ratelimit.allow("care-link", ip_prefix(client_ip(request)), limit=LINKS_PER_HOUR, per_seconds=3600)
            is_sent = form.is_valid()
            status = 200 if is_sent else 422
        except ratelimit.TooManyRequests as refusal:
            form.add_error(None, refusal.message())
            status = refusal.status
    if is_sent:
        _send_link(form.cleaned_data["email"])
    return private(render(request, "funding/ask_link.html", {"form": form, "is_sent": is_sent}, status=status))


@csrf_exempt  # the token says more than a cookie, and masthead.edge.middleware guards it
@require_http_methods(["GET", "HEAD", "POST"])
@of_giver
def care_page(request: HttpRequest, giver: Giver) -> HttpResponse:
    """Show a giver his gifts, and do what a button of the page asks."""
    if request.method != "POST":
        return _page(request, giver)
    try:
        ratelimit.allow("care", giver.donor.public_id, limit=WISHES_PER_HOUR, per_seconds=3600)
        with in_a_hurry():
            return _do(request, giver)
    except ProviderAway:
        return _page(request, giver, refusal=ProcessorAway())
    except ProviderRefused as answer:
        return _page(request, giver, refusal=ProcessorSaysNo(reason=answer.reason))
    except DomainError as refusal:
        return _page(request, giver, refusal=refusal)


def _send_link(address: str) -> None:
    """Write to a giver, not too often; say nothing about it here."""
    donor = giver_at(address)
    if donor is None:
        return
    try:
        ratelimit.allow("care-link-to", donor.public_id, limit=LINKS_PER_ADDRESS, per_seconds=3600)
    except ratelimit.TooManyRequests:
        return
    care.ask_for_letter(donor=donor, what="link")


def _do(request: HttpRequest, giver: Giver) -> HttpResponse:
    wish = request.POST.get("do", "")
    if wish in _OF_PERSON:
        _OF_PERSON[wish](giver.donor)
        if wish == "forget":
            return render(request, "funding/care_void.html", {"is_forgotten": True})
        return _done(giver, wish)
    recurring = repeated_gifts(giver.donor).filter(public_id=request.POST.get("gift", "")).first()
    if recurring is None:
        raise Http404
    if wish == "card":
        url = care.card_page(recurring=recurring, return_url=absolute_url(giver.path))
        return _leave(request, "funding/leaving_card.html", recurring, url)
    if wish == "amount":
        return _change_amount(request, giver, recurring)
    if wish in _PAUSES:
        care.pause_gift(recurring=recurring, months=_PAUSES[wish])
        return _done(giver, "pause")
    if wish not in _OF_GIFT:
        raise UnknownWish()
    _OF_GIFT[wish](recurring)
    recurring.refresh_from_db()
    return _done(giver, "ending" if wish == "end" and recurring.status != Recurring.Status.ENDED else wish)


def _change_amount(request: HttpRequest, giver: Giver, recurring: Recurring) -> HttpResponse:
    form = AmountForm(recurring.currency, data=typed(request.POST.dict()))
    if form.is_valid():
        try:
            gift, back = form.cleaned_data["amount"], absolute_url(giver.path)
            url = care.change_amount(recurring=recurring, gift=gift, return_url=back)
            return _leave(request, "funding/leaving_amount.html", recurring, url) if url else _done(giver, "amount")
        except DomainError as refusal:
            form.add_error("amount", refusal.message())
    return _page(request, giver, typed_amount=(recurring, form))


def _leave(request: HttpRequest, template: str, recurring: Recurring, url: str) -> HttpResponse:
    """Lead to the processor's page, by a header and a link as :mod:`masthead.funding.views.paying` does."""
    response = render(request, template, {"url": url, "name": provider_named(recurring.provider).label})
    response["Refresh"] = f"0; url={url}"
    return response


_OF_PERSON: dict[str, Callable[[Donor], None]] = {
    "show": lambda donor: care.show_name(donor=donor, shown=True),
    "hide": lambda donor: care.show_name(donor=donor, shown=False),
    "list": lambda donor: care.ask_for_letter(donor=donor, what="list"),
    "badge": lambda donor: choose_badge(donor=donor, shown=True),
    "no-badge": lambda donor: choose_badge(donor=donor, shown=False),
    "forget": lambda donor: care.forget_giver(donor=donor),
}
_OF_GIFT: dict[str, Callable[[Recurring], None]] = {
    "skip": lambda recurring: care.skip_next(recurring=recurring),
    "resume": lambda recurring: care.resume_gift(recurring=recurring),
    "end": lambda recurring: care.end_gift(recurring=recurring),
}


def _done(giver: Giver, what: str) -> HttpResponse:
    return HttpResponseRedirect(f"{giver.path}?done={what}", status=303)


def _page(
    request: HttpRequest,
    giver: Giver,
    *,
    refusal: DomainError | None = None,
    typed_amount: tuple[Recurring, AmountForm] | None = None,
) -> HttpResponse:
    context = {
        **own_values(giver.donor),
        "action": giver.path,
        "gifts": [_gift(recurring, typed_amount) for recurring in repeated_gifts(giver.donor)],
        "years": [str(year) for year in years_of(giver.donor)],
        "given": [(each, presenters.day_of(each.received_at)) for each in given_by(giver.donor)],
        "refusal": refusal.message() if refusal else "",
        "done": presenters.care_done(request.GET.get("done", "")),
        "zone": conf.zone(),
    }
    status = refusal.status if refusal else 422 if typed_amount else 200
    return render(request, "funding/care.html", context, status=status)


def _gift(recurring: Recurring, typed_amount: tuple[Recurring, AmountForm] | None) -> dict[str, Any]:
    form = AmountForm(recurring.currency, initial={"amount": gift_part(recurring).plain}, id_=recurring.public_id)
    if typed_amount and typed_amount[0].pk == recurring.pk:
        form = typed_amount[1]
        form.auto_id = f"{recurring.public_id}_%s"
    pauses_until = provider_named(recurring.provider).pauses_until
    return {
        "row": recurring,
        "amount": presenters.amount_every(recurring.amount, recurring.every),
        "form": form,
        "runs": recurring.status != Recurring.Status.ENDED,
        "can_skip": pauses_until and recurring.status == Recurring.Status.ACTIVE and recurring.next_at is not None,
        "pauses_until": pauses_until,
        "is_paused": recurring.status == Recurring.Status.PAUSED,
        "next_at": presenters.day_of(recurring.next_at) if recurring.next_at else None,
        "resumes_at": presenters.day_of(recurring.resumes_at) if recurring.resumes_at else None,
        "ended_at": presenters.day_of(recurring.ended_at) if recurring.ended_at else None,
    }
