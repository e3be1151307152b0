"""Who sends a request: the account, else the guest or the browser by the browser's signed random id."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TypeVar

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from masthead.core.http import client_ip, ip_prefix
from masthead.discussion import selectors
from masthead.discussion.rules.people import Person
from masthead.edge.origins import listed_origin

GUEST_COOKIE = "masthead_guest"
# Says only that there is something to ask for: the page's script then fetches what is one's own.
KNOWN_COOKIE = "masthead_known"
_SALT = "masthead.discussion.guest"
_LIFETIME_SECONDS = 400 * 24 * 3600

Reply = TypeVar("Reply", bound=HttpResponse)


def person_of(request: HttpRequest) -> Person:
    """Return who asks. Reads the session, so never call it for a page that everybody may be shown."""
    network = ip_prefix(client_ip(request))
    browser = _hash(browser_id_in(request.COOKIES.get(GUEST_COOKIE, "")))
    known = selectors.guest_behind(browser) if browser else None
    guest, address, name = known or (browser, "", "")
    user, origin = request.user, listed_origin(request)
    if not user.is_authenticated:
        return Person(name=name, email=address, guest=guest, browser=browser, network=network, origin=origin)
    return Person(
        user_id=user.pk,
        name=user.name,
        email=user.email,
        guest=guest,
        browser=browser,
        is_staff=user.is_staff,
        may_moderate=user.has_perm("discussion.moderate_comment"),
        network=network,
        origin=origin,
    )


def introduce(request: HttpRequest, person: Person) -> tuple[Person, str]:
    """Return the person with an id to be remembered by, and that id when it is new."""
    if person.guest:
        return person, ""
    browser_id = secrets.token_urlsafe(18)
    mark = _hash(browser_id)
    return replace(person, guest=mark, browser=mark), browser_id


def remember(response: Reply, browser_id: str) -> Reply:
    """Let the browser keep its new id: signed, out of reach of scripts; only its hash is stored here."""
    if browser_id:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(
            GUEST_COOKIE,
            cookie_with(browser_id),
            max_age=_LIFETIME_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=secure,
        )
        know(response)
    return response


def forget(response: Reply) -> Reply:
    """Let the browser be unknown again."""
    response.delete_cookie(GUEST_COOKIE, samesite="Lax")
    response.delete_cookie(KNOWN_COOKIE, samesite="Lax")
    return response


def know(response: HttpResponse) -> None:
    """Let the page's script see that there is something of one's own to ask for."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(KNOWN_COOKIE, "1", max_age=_LIFETIME_SECONDS, samesite="Lax", secure=secure)


def guest_made_known(response: HttpResponse) -> str:
    """Return the mark of the guest to whom a reply gives a new id, else an empty text."""
    cookie = response.cookies.get(GUEST_COOKIE)
    return _hash(browser_id_in(cookie.value)) if cookie is not None else ""


def browser_id_in(cookie: str) -> str:
    """Return the browser's id that a cookie of ours holds; empty for any other."""
    try:
        return Signer(salt=_SALT).unsign(cookie)
    except BadSignature:
        return ""


def cookie_with(browser_id: str) -> str:
    """Return the cookie that holds this id."""
    return Signer(salt=_SALT).sign(browser_id)


def _hash(browser_id: str) -> str:
    return salted_hmac(_SALT, browser_id, algorithm="sha256").hexdigest() if browser_id else ""
