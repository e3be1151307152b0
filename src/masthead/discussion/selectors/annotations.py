"""Public notes on the passages of a text, in the order in which they were written."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from masthead.discussion.models import Comment, Note, Thread
from masthead.discussion.ports import Subject
from masthead.discussion.selectors.subjects import subjects_of

PAGE = 50


@dataclass(frozen=True)
class AnnotationPage:
    """The author's questions that stand in the text (on the first page), and a run of readers' notes and answers."""

    subject: Subject
    total: int
    questions: list[Note]
    comments: list[Comment]
    next_after: str = ""


def annotations_of(thread_key: str, *, after: str = "", size: int = PAGE) -> AnnotationPage | None:
    """Return a page of what is public, after the comment of this public id; None where nobody may read the text.

    At most five queries, whatever the number of notes. Nothing held, removed or told to the newsroom is among them.
    """
    subject = subjects_of([thread_key]).get(thread_key)
    if subject is None or subject.comments == "off":
        return None
    thread = Thread.objects.filter(key=thread_key).first()
    if thread is None:
        return AnnotationPage(subject, 0, [], [])
    questions = list(Note.objects.filter(thread=thread, kind=Note.Kind.QUESTION, is_current=True))
    found = list(_comments(thread, after)[: size + 1])
    shown = found[:size]
    return AnnotationPage(
        subject=subject,
        total=thread.inline_count + len(questions),
        questions=[] if after else questions,
        comments=shown,
        next_after=shown[-1].public_id if len(found) > size else "",
    )


def _comments(thread: Thread, after: str) -> QuerySet[Comment]:
    public = Q(status=Comment.Status.PUBLISHED, kind=Comment.Kind.COMMENT, is_listed=True)
    rows = Comment.objects.filter(public, thread=thread, parent__isnull=True, note__isnull=False)
    if after:
        last = Comment.objects.filter(thread=thread, public_id=after).values_list("sorted_at", "pk").first()
        if last is None:
            return Comment.objects.none()
        rows = rows.filter(Q(sorted_at__gt=last[0]) | Q(sorted_at=last[0], pk__gt=last[1]))
    return rows.select_related("note").order_by("sorted_at", "pk")
