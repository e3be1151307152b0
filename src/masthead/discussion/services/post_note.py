"""Comment on a passage, or ask about it, in public."""

from __future__ import annotations

from masthead.discussion.models import Comment
from masthead.discussion.rules.marked import Chosen, Marked, PublicKind
from masthead.discussion.rules.people import Person
from masthead.discussion.services._marks import find_chosen
from masthead.discussion.services.post_comment import post_comment
from masthead.discussion.services.reanchor import catch_up


def post_note(
    *,
    thread_key: str,
    person: Person,
    kind: PublicKind,
    chosen: Chosen,
    text: str,
    name: str = "",
    address: str = "",
    trap: str = "",
) -> Comment:
    """Store a root comment about words of the story and return it, published or held, as :func:`post_comment` does.

    Refuses, with nothing changed: what ``post_comment`` refuses, and ``WordsNotThere``, ``WordsAmbiguous``,
    ``WordsTooLong``.
    """
    anchor, manuscript = find_chosen(thread_key, chosen)
    comment = post_comment(
        thread_key=thread_key,
        person=person,
        text=text,
        name=name,
        address=address,
        passage_id=Marked(kind, anchor, manuscript.edition, manuscript.digest),
        trap=trap,
    )
    catch_up(thread_key=thread_key, edition=manuscript.edition)
    return comment
