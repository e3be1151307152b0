"""Words found in one thread: public comments only, and a bounded number of them looked at."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q, QuerySet

from masthead.core.markup import text_of
from masthead.discussion.models import Comment, Thread
from masthead.discussion.rules import words
from masthead.discussion.rules.paging import FOUND, LOOKED_AT
from masthead.discussion.rules.query import ThreadQuery
from masthead.discussion.selectors import rows
from masthead.discussion.selectors.parts import Parts

# As the index of migration 0008 has it.
_VECTOR = "to_tsvector('simple', discussion_comment.source)"


def of_search(thread: Thread, query: ThreadQuery) -> Parts:
    """Return the next comments that hold all words of a query, the latest first; at most 20.

    Looks at 5,000 comments at most; where there are more, ``next_after`` names the one after which to look on, also
    when none was found. Nothing that is held, removed or deleted is looked at. At most three queries.
    """
    wanted = words.terms(query.q)
    if not wanted:
        return Parts()
    everything = rows.public_of(thread).order_by("-id")
    if query.after:
        everything = everything.filter(pk__lt=_key(thread, query.after))
    last = everything.values_list("pk", flat=True)[LOOKED_AT - 1 : LOOKED_AT].first()
    window = everything if last is None else everything.filter(pk__gte=last)
    likely = list(_holding(window, wanted)[: FOUND * 3])
    found = [comment for comment in likely if words.holds(text_of(comment.html), wanted)]
    if len(found) > FOUND:
        return Parts(found[:FOUND], next_after=found[FOUND - 1].public_id)
    if len(likely) == FOUND * 3:
        return Parts(found, next_after=likely[-1].public_id)
    return Parts(found, next_after=_name(last))


def _key(thread: Thread, public_id: str) -> int:
    return Comment.objects.filter(thread=thread, public_id=public_id).values_list("pk", flat=True).first() or 0


def _name(pk: int | None) -> str:
    return "" if pk is None else Comment.objects.values_list("public_id", flat=True).get(pk=pk)


def _holding(window: QuerySet[Comment], wanted: tuple[str, ...]) -> QuerySet[Comment]:
    """Return those whose source may hold the words; what is shown of them decides afterwards."""
    if connection.vendor == "postgresql":
        question = " & ".join(f"'{term}':*" for term in wanted)
        return window.extra(where=[f"{_VECTOR} @@ to_tsquery('simple', %s)"], params=[question])  # noqa: S610
    for term in wanted:
        spelt = Q()
        for spelling in words.spellings(term):
            spelt |= Q(source__contains=spelling)
        window = window.filter(spelt)
    return window
