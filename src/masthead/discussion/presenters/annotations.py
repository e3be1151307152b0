"""Notes on a passage as the W3C Web Annotation Data Model says it (https://www.w3.org/TR/annotation-model/)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.encoding import iri_to_uri

from masthead.core.http import absolute_url
from masthead.discussion.models import Comment, Note
from masthead.discussion.ports import Subject
from masthead.discussion.presenters.comments import permalink
from masthead.discussion.selectors import AnnotationPage

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_TYPE = f'application/ld+json; profile="{CONTEXT}"'


def collection(page: AnnotationPage, *, address: str) -> dict[str, Any]:
    """Return all notes of a text as a collection that holds its first page."""
    return {
        "@context": CONTEXT,
        "id": address,
        "type": "AnnotationCollection",
        "label": page.subject.title,
        "total": page.total,
        "first": _page(page, address=address, after=""),
    }


def collection_page(page: AnnotationPage, *, address: str, after: str) -> dict[str, Any]:
    """Return a further page of the collection at ``address``."""
    return {"@context": CONTEXT, **_page(page, address=address, after=after)}


def _page(page: AnnotationPage, *, address: str, after: str) -> dict[str, Any]:
    items = [_question(note, page.subject) for note in page.questions]
    items += [_comment(comment, page.subject) for comment in page.comments]
    more = {"next": f"{address}?after={page.next_after}"} if page.next_after else {}
    return {"id": f"{address}?after={after}", "type": "AnnotationPage", "partOf": address, "items": items, **more}


def _question(note: Note, subject: Subject) -> dict[str, Any]:
    return {
        "id": f"{_source(subject)}#note-{note.position}",
        "type": "Annotation",
        "motivation": "questioning",
        "creator": {"type": "Organization", "name": settings.MASTHEAD.site.name},
        "body": {"type": "TextualBody", "value": note.question, "format": "text/plain"},
        "target": _target(note, subject),
    }


def _comment(comment: Comment, subject: Subject) -> dict[str, Any]:
    note = comment.note
    if note is None:
        raise ValueError(f"comment {comment.pk} is no note on a passage")
    facts = {
        "id": absolute_url(str(iri_to_uri(permalink(subject, comment.public_id)))),
        "type": "Annotation",
        "motivation": "questioning" if note.kind == Note.Kind.ASK else "commenting",
        "created": comment.created_at.isoformat(timespec="seconds"),
        "creator": {"type": "Person", "name": comment.author_name},
        "body": {"type": "TextualBody", "value": comment.html, "format": "text/html"},
        "target": _target(note, subject),
    }
    return {**facts, "modified": comment.edited_at.isoformat(timespec="seconds")} if comment.edited_at else facts


def _target(note: Note, subject: Subject) -> dict[str, Any]:
    """Return the words: with their paragraph while they stand there, else with the edition in which they last stood."""
    quote = {"type": "TextQuoteSelector", "exact": note.quote}
    if note.prefix or note.suffix:
        quote |= {"prefix": note.prefix, "suffix": note.suffix}
    target: dict[str, Any] = {"type": "SpecificResource", "source": _source(subject), "selector": quote}
    if note.is_current and note.block:
        fragment = {"type": "FragmentSelector", "value": note.block, "conformsTo": "http://tools.ietf.org/rfc/rfc3236"}
        target["selector"] = [quote, fragment]
    if note.edition:
        target["schema:version"] = str(note.edition)
    return target


def _source(subject: Subject) -> str:
    return absolute_url(str(iri_to_uri(subject.path)))
