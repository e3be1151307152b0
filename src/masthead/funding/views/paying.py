"""From a pledge to the processor's page, and back. No processor is asked before the reader presses a button."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from masthead.core import ratelimit
from masthead.core.http import absolute_url, client_ip, ip_prefix, private
from masthead.funding import conf, presenters
from masthead.funding.models import Pledge
from masthead.funding.models.gift import BY_HAND
from masthead.funding.paying_errors import NotToBePaidAgain, ProcessorNotReady
from masthead.funding.ports import Kind, ProviderAway, ProviderRefused, Ref, in_a_hurry
from masthead.funding.providers import provider_named
from masthead.funding.rules.reference import spaced
from masthead.funding.selectors import PAYABLE, Stage, last_checkout, pledge_by_reference, recurring_of, stage_of
from masthead.funding.selectors.supporters import days_after
from masthead.funding.services import NotSettledYet, open_checkout, refresh

# Who tries stolen cards opens many pages; nobody who gives opens ten in an hour. The site's own limit stands for when
# they come from everywhere at once.
PAGES_PER_HOUR = 10
PAGES_PER_HOUR_OF_ALL = 500
READINGS_PER_HOUR = 60


@csrf_exempt  # masthead.edge.middleware guards it
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """Repeat what is about to be paid, with one button that opens the processor's page.

    GET asks the processor nothing. What has been paid is not paid again: then the page of thanks is shown.
    """
    pledge = _pledge(reference)
    if stage_of(pledge) not in PAYABLE:
        return private(HttpResponseRedirect(_thanks_path(pledge), status=303))
    if request.method == "POST":
        return private(_open(request, pledge))
    return private(_pay_page(request, pledge))


@require_safe
def thanks(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what came of a pledge: of a transfer where to send it, else what the processor says by now."""
    pledge = pledge_by_reference(reference)
    if pledge is None:
        raise Http404
    if pledge.method in BY_HAND:
        return private(_transfer_page(request, pledge))
    has_heard = _ask(pledge)
    stage = stage_of(pledge)
    pledge.refresh_from_db()
    context = {
        **_facts(pledge),
        "stage": stage.value,
        "is_unsure": not has_heard and stage not in {Stage.RECEIVED, Stage.RETURNED, Stage.QUESTION},
        "recurring": recurring_of(pledge),
        "days_unasked": days_after(pledge.every),
    }
    return private(render(request, "funding/paid.html", context))


def _transfer_page(request: HttpRequest, pledge: Pledge) -> HttpResponse:
    bank = conf.bank()
    code = presenters.transfer_code(pledge, bank)
    context = {"pledge": pledge, "bank": bank, "reference": spaced(pledge.reference), "code": code}
    return render(request, "funding/thanks.html", context)


def _open(request: HttpRequest, pledge: Pledge) -> HttpResponse:
    """Open the page at the processor, and lead there.

    By a header and a link, not by a redirect: browsers count a redirect as the form's own address, which our content
    policy keeps on this site.
    """
    try:
        ratelimit.allow("checkout", ip_prefix(client_ip(request)), limit=PAGES_PER_HOUR, per_seconds=3600)
        ratelimit.allow("checkout", "all", limit=PAGES_PER_HOUR_OF_ALL, per_seconds=3600)
        url = open_checkout(
            pledge=pledge,
            title=_("Gift to %(name)s") % {"name": conf.site_name()},
            success_url=absolute_url(_thanks_path(pledge)),
            cancel_url=absolute_url(_pay_path(pledge) + "?back=1"),
        )
    except NotToBePaidAgain:
        return HttpResponseRedirect(_thanks_path(pledge), status=303)
    except (ratelimit.TooManyRequests, ProcessorNotReady) as refusal:
        return _pay_page(request, pledge, refusal=refusal.message(), status=refusal.status)
    except ProviderAway:
        refusal_text = _("%(name)s does not answer at the moment. Nothing was taken; please try again in a minute.")
        return _pay_page(request, pledge, refusal=refusal_text % _names(pledge), status=503)
    except ProviderRefused:
        refusal_text = _("%(name)s does not take this gift. Nothing was taken; a bank transfer still works.")
        return _pay_page(request, pledge, refusal=refusal_text % _names(pledge), status=422)
    response = render(request, "funding/leaving.html", {**_facts(pledge), "url": url})
    response["Refresh"] = f"0; url={url}"
    return response


def _pay_page(request: HttpRequest, pledge: Pledge, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        **_facts(pledge),
        "refusal": refusal,
        "is_back": "back" in request.GET,
        "has_failed": stage_of(pledge) == Stage.FAILED,
        "form_url": presenters.form_url(pledge),
    }
    return render(request, "funding/pay.html", context, status=status)


def _ask(pledge: Pledge) -> bool:
    """Ask the processor how the pledge's last page stands, unless all is known; tell whether it answered."""
    checkout = last_checkout(pledge)
    if checkout is None:
        return True
    try:
        ratelimit.allow("checkout-read", pledge.public_id, limit=READINGS_PER_HOUR, per_seconds=3600)
        with in_a_hurry():
            refresh(checkout.provider, Ref(Kind.CHECKOUT, checkout.external_id))
    except NotSettledYet:
        return True
    except (ratelimit.TooManyRequests, ProviderAway, ProviderRefused):
        return False
    return True


def _pledge(reference: str) -> Pledge:
    pledge = pledge_by_reference(reference)
    if pledge is None or pledge.method in BY_HAND or pledge.closed_at or pledge.is_live != conf.is_live():
        raise Http404
    return pledge


def _facts(pledge: Pledge) -> dict[str, Any]:
    return {
        "pledge": pledge,
        "amount": presenters.amount_every(pledge.amount, pledge.every),
        "total": presenters.amount_every(pledge.total, pledge.every),
        "pay_url": _pay_path(pledge),
        **_names(pledge),
    }


def _names(pledge: Pledge) -> dict[str, str]:
    return {"name": provider_named(pledge.method).label}


def _pay_path(pledge: Pledge) -> str:
    return reverse("funding:pay", args=[pledge.reference])


def _thanks_path(pledge: Pledge) -> str:
    return reverse("funding:thanks", args=[pledge.reference])
