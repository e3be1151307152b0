"""Whose page it is: the care link says so, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from masthead.core.http import private
from masthead.funding.links import read_care
from masthead.funding.models import Donor
from masthead.funding.selectors.care import giver_of


@dataclass(frozen=True)
class Giver:
    """Who opened a care link, and by which one: his pages lead on by his own link, never by that of another row."""

    donor: Donor
    token: str

    @property
    def path(self) -> str:
        """Return the path of the page on which he looks after his gifts."""
        return reverse("funding:care", args=[self.token])


def of_giver(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the giver of the address's token; who holds no valid link reads so. All replies are private."""

    @wraps(view)
    def dressed(request: HttpRequest, token: str, **rest: object) -> HttpResponse:
        read = read_care(token)
        donor = giver_of(*read) if read else None
        if donor is None:
            return private(render(request, "funding/care_void.html", status=404))
        return private(view(request, Giver(donor, token), **rest))

    return dressed
