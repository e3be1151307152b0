"""The form with which readers say what they want to give, to whichever campaign."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from masthead.core import ratelimit
from masthead.core.http import absolute_url, client_ip, ip_prefix, private, public
from masthead.funding import conf, presenters
from masthead.funding.forms import PledgeForm, typed
from masthead.funding.models import Campaign, Pledge
from masthead.funding.models.gift import BY_HAND
from masthead.funding.providers import ready_providers
from masthead.funding.selectors import amounts_of
from masthead.funding.services import note_pledge

PLEDGES_PER_HOUR = 20
PLEDGES_PER_HOUR_OF_ALL = 2000


class DrawPage(Protocol):
    """Draws the page of a campaign with its form."""

    def __call__(self, request: HttpRequest, campaign: Campaign, form: PledgeForm, *, status: int) -> HttpResponse:
        """Return the page."""
        ...


@dataclass(frozen=True)
class Giving:
    """A page with the form: read by everybody, and sent by one."""

    request: HttpRequest
    campaign: Campaign
    draw: DrawPage

    def reply(self, tags: Iterable[str]) -> HttpResponse:
        """Show the page, or note a pledge and lead on; a refusal keeps what was typed."""
        if self.request.method == "POST":
            return private(self._noted())
        chosen = presenters.chosen(self.request.GET.dict(), self.campaign.currency)
        form = PledgeForm(self.campaign.currency, providers=ready_providers(), initial=chosen)
        return public(self.draw(self.request, self.campaign, form, status=200), tags)

    def _noted(self) -> HttpResponse:
        request, campaign = self.request, self.campaign
        has_bank_details = bool(conf.bank()["iban"])
        data = typed(request.POST.dict())
        form = PledgeForm(campaign.currency, has_bank_details=has_bank_details, providers=ready_providers(), data=data)
        try:
            if form.is_valid():
                ratelimit.allow("pledge", ip_prefix(client_ip(request)), limit=PLEDGES_PER_HOUR, per_seconds=3600)
                ratelimit.allow("pledge", "all", limit=PLEDGES_PER_HOUR_OF_ALL, per_seconds=3600)
                return _go_on(note_pledge(campaign=campaign, **form.pledge()))
        except ratelimit.TooManyRequests as refusal:
            form.add_error(None, refusal.message())
            return self.draw(request, campaign, form, status=refusal.status)
        return self.draw(request, campaign, form, status=422)


def ways_to_give(request: HttpRequest, campaign: Campaign, form: PledgeForm) -> dict[str, Any]:
    """Return what the template of the form needs."""
    return {
        "form": form,
        "bank": conf.bank(),
        "suggested": amounts_of(campaign),
        "action": request.path,
        "canonical": absolute_url(request.path),
    }


def _go_on(pledge: Pledge) -> HttpResponse:
    """Lead to the transfer's details, or to the page before the processor's."""
    name = "funding:thanks" if pledge.method in BY_HAND else "funding:pay"
    return HttpResponseRedirect(reverse(name, args=[pledge.reference]), status=303)
