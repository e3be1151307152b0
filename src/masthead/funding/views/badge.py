"""*Supporter* beside one's own name: chosen on pages that one person alone is shown, and never chosen beforehand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from masthead.core import ports, ratelimit
from masthead.core.clock import now
from masthead.core.http import local_path, private
from masthead.funding.badge_errors import PageTooOld
from masthead.funding.links import badge_path, read_badge
from masthead.funding.models import Donor
from masthead.funding.ports import Members
from masthead.funding.selectors.care import giver_at, giver_with
from masthead.funding.selectors.supporters import days_unasked, gives
from masthead.funding.services import choose_badge

CHOICES_PER_HOUR = 20


@csrf_exempt  # the token says more than a cookie, and masthead.edge.middleware guards it
@require_POST
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """Take the wish of who was shown his own page within the last day, and lead back to it."""
    donor = giver_with(read_badge(token))
    if donor is None:
        raise PageTooOld()
    ratelimit.allow("badge", donor.public_id, limit=CHOICES_PER_HOUR, per_seconds=3600)
    choose_badge(donor=donor, shown=request.POST.get("do") == "badge")
    return private(HttpResponseRedirect(f"{local_path(request.POST.get('back'))}#supporter", status=303))


class BadgeChoice:
    """Fills a slot on somebody's own page with the choice, where his proven address gives. Key: a guest's address."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> None:
        """Load nothing: only one person's page shows it."""

    def render(self, request: HttpRequest, key: str, prepared: None, **options: object) -> str:
        """Return the choice; nothing for who gives nothing and has chosen nothing."""
        donor = giver_before(request, key)
        if donor is None or not (donor.wants_badge or gives(donor, now())):
            return ""
        context = {**_wish(donor), "action": badge_path(donor), "back": request.path}
        return render_to_string("funding/_badge.html", context)


def giver_before(request: HttpRequest, address: str) -> Donor | None:
    """Return who looks at a page of his own, if he is known as a giver: by the address that his account has proven.

    Without an account it is ``address``, a guest's, which was proven too. What an account merely bears proves nothing.
    """
    if request.user.is_authenticated:
        address = ports.get(Members).proven_addresses([request.user.pk]).get(request.user.pk, "")
    return giver_at(address)


class GaveNote:
    """Fills the place for what is one's own: lets the browser note that its reader gives. Key: a guest's address."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> None:
        """Load nothing."""

    def render(self, request: HttpRequest, key: str, prepared: None, **options: object) -> str:
        """Return the note, out of sight and out of the page's flow; nothing for who does not give."""
        donor = giver_before(request, key)
        days = days_unasked(donor, now()) if donor else 0
        note = '<div data-append="body"><span id="gave"><gave-note data-days="{}"></gave-note></span></div>'
        return format_html(note, days) if days else ""


def own_values(donor: Donor) -> dict[str, Any]:
    """Return what the care page says of a giver himself: his wish, and for how long stories ask him no more."""
    return {**_wish(donor), "days_unasked": days_unasked(donor, now())}


def _wish(donor: Donor) -> dict[str, Any]:
    return {"wants_badge": donor.wants_badge, "has_badge": donor.has_badge}
