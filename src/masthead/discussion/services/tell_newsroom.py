"""Tell the newsroom about a passage, and nobody else."""

from __future__ import annotations

from django.db import transaction
from django.utils.timezone import localdate

from masthead.core import markup, ratelimit
from masthead.core.clock import now
from masthead.discussion import conf, policies, selectors
from masthead.discussion.errors import SameTextAgain, text_refused
from masthead.discussion.models import Hint, Thread
from masthead.discussion.rules.marked import Chosen
from masthead.discussion.rules.people import Person
from masthead.discussion.services import _gate
from masthead.discussion.services._marks import find_chosen
from masthead.discussion.services.reanchor import catch_up

# So many confidences a minute about one story. Counted for all together: who sends one is not even counted.
_CONFIDENCES_PER_MINUTE = 30


def suggest_correction(
    *,
    thread_key: str,
    person: Person,
    chosen: Chosen,
    text: str,
    name: str = "",
    address: str = "",
    wants_credit: bool = False,
) -> Hint:
    """Store what a reader thinks is wrong and return it. Only the newsroom sees it.

    Comments may be closed and guests may not comment: a mistake is told all the same. Refuses ``UnknownThread``,
    ``WordsNotThere``, ``WordsAmbiguous``, ``WordsTooLong``, ``NameRefused``, ``NameReserved``, ``AddressRefused``,
    ``TextRefused``, ``SameTextAgain``, ``TooManyRequests``.
    """
    policies.enforce(policies.may_tell_newsroom(selectors.subject_of(thread_key)))
    shown = _gate.shown_name(person, name)
    normal_address = _gate.address_of(address) or person.email
    _gate.limit(person, "discussion.correction", thread_key, per_minute=conf.config().posts_per_minute)
    return _store(
        thread_key,
        chosen,
        text,
        kind=Hint.Kind.CORRECTION,
        name=shown,
        address=normal_address,
        wants_credit=wants_credit,
    )


def tell_in_confidence(*, thread_key: str, chosen: Chosen, text: str, address: str = "") -> Hint:
    """Store what a reader tells in confidence and return it.

    Nobody is asked who writes: no account, no browser, no network reaches this function; an address only if the
    reader gave one. Nothing is recorded for others to hear. Refuses ``UnknownThread``, ``WordsNotThere``,
    ``WordsAmbiguous``, ``WordsTooLong``, ``AddressRefused``, ``TextRefused``, ``SameTextAgain``, ``TooManyRequests``.
    """
    policies.enforce(policies.may_tell_newsroom(selectors.subject_of(thread_key)))
    normal_address = _gate.address_of(address)
    ratelimit.allow("discussion.confidence", thread_key, limit=_CONFIDENCES_PER_MINUTE, per_seconds=60)
    return _store(thread_key, chosen, text, kind=Hint.Kind.CONFIDENCE, address=normal_address)


def _store(thread_key: str, chosen: Chosen, text: str, **fields: object) -> Hint:
    source = markup.plain_text(text).strip()
    if not conf.fits(source):
        raise text_refused(source)
    anchor, manuscript = find_chosen(thread_key, chosen)
    with transaction.atomic():
        thread, _created = Thread.objects.get_or_create(key=thread_key)
        _refuse_repetition(thread, anchor.exact, source)
        hint = Hint(thread=thread, text=source, quote=anchor.exact, came_on=localdate(now()), **fields)
        hint.stand(anchor, edition=manuscript.edition, digest=manuscript.digest)
        hint.save(force_insert=True)
    catch_up(thread_key=thread_key, edition=manuscript.edition)
    return hint


def _refuse_repetition(thread: Thread, quote: str, text: str) -> None:
    since = localdate(now() - conf.SAME_TEXT_WINDOW)
    if Hint.objects.filter(thread=thread, quote=quote, text=text, came_on__gte=since).exists():
        raise SameTextAgain()
