"""Whom a text names with ``@``: people of the same thread only."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from masthead.core import markup
from masthead.discussion import conf, selectors
from masthead.discussion.models import Comment, Mention
from masthead.discussion.rules.people import NOBODY, Person
from masthead.discussion.selectors.people import participants


def render_text(thread_key: str, source: str) -> str:
    """Return a text as it would be shown in this thread, with links to those it names. Stores nothing.

    Names are looked up only where everybody can read them.
    """
    html = markup.render_markdown(source)
    subject = selectors.subject_of(thread_key) if markup.may_mention(source) else None
    if subject is None or not subject.is_public or subject.comments == "off":
        return html
    return linked(source, html, thread_key, NOBODY)[0]


def linked(source: str, html: str, thread_key: str, person: Person) -> tuple[str, tuple[int, ...]]:
    """Return the HTML of a text with links to those it names, and the keys of the comments these lead to.

    Nobody is told of himself, and nobody calls more than ten people at once.
    """
    if not markup.may_mention(source):
        return html, ()
    people = {reverse("discussion:comment-go", args=[one.comment_id]): one for one in participants(thread_key).values()}
    html = markup.render_markdown(source, mentions={one.name: path for path, one in people.items()})
    named = [
        one.comment_pk
        for path, one in people.items()
        if f'href="{path}"' in html and not person.wrote(user_id=one.user_id, guest=one.guest)
    ]
    return html, tuple(named[: conf.MENTIONS_MOST])


def keep(comment: Comment, named: Sequence[int]) -> list[str]:
    """Store whom a comment names, in place of whom it named before; return the public ids of the new ones.

    Called inside the transaction of the change.
    """
    former = set(comment.mentions.values_list("mentioned_id", flat=True)) if comment.edited_at else set()
    if former - set(named):
        comment.mentions.exclude(mentioned__in=named).delete()
    added = [pk for pk in named if pk not in former]
    if not added:
        return []
    Mention.objects.bulk_create(Mention(comment=comment, mentioned_id=pk) for pk in added)
    return list(Comment.objects.filter(pk__in=added).order_by("pk").values_list("public_id", flat=True))
