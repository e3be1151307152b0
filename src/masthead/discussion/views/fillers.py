"""What the discussion puts into other apps' pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from masthead.core import slots, worded
from masthead.core.http import made_of
from masthead.core.stencil import Stencil
from masthead.discussion import conf, presenters, selectors
from masthead.discussion.ports import Kind, Openness, Subject
from masthead.discussion.presenters import NO_VIEWER, Viewer
from masthead.discussion.rules.people import NOBODY
from masthead.discussion.rules.query import Sort, ThreadQuery, parse
from masthead.discussion.selectors import NoteView, ThreadPage
from masthead.discussion.views import replies
from masthead.discussion.views.thread import averages_html, pages_html, picks_html, questions_html, thread_context
from masthead.discussion.views.visitors import person_of
from masthead.edge import fragments


class CommentSection:
    """The whole discussion under an article. Key: the thread's. The first page of each order is kept."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> None:
        """Load nothing: the section is kept with what it shows."""

    def render(self, request: HttpRequest, key: str, prepared: None, **options: Any) -> str:
        """Return the section, or nothing where there is no discussion."""
        query = parse(request.GET)
        if not query.is_plain:
            return _section(request, key, query)
        name = f"{key} {query.sort}"
        return fragments.kept(
            request, "article.discussion", name, tags=_tags(key), make=lambda: _section(request, key, query)
        )


class CommentCount:
    """The number of comments as a link to them, for the head of the article. Key: the thread's."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> dict[str, SafeString]:
        """Count for all keys at once."""
        return fragments.kept_many(
            request, "article.meta", keys, tags=_tags, make=lambda missing: _count_links(request, missing)
        )

    def render(self, request: HttpRequest, key: str, prepared: dict[str, SafeString], **options: Any) -> str:
        """Return the link; nothing where comments are off or, closed, there are none."""
        return prepared[key]


class MyDiscussions:
    """Fills a slot on a member's own page with the way to all that is his in the discussions."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> None:
        """Load nothing."""

    def render(self, request: HttpRequest, key: str, prepared: None, **options: Any) -> str:
        """Return the link."""
        return _rendered("discussion/_mine_link.html", {})


class CardCount:
    """The number of comments on a card: words only, for the card leads to the story. Key: the thread's.

    The number (option ``count``) is the one that the owner of the card keeps: a comment must not make every page
    with a card of its story stale; they follow a little later, all at once.
    """

    def prepare(self, request: HttpRequest, keys: list[str]) -> None:
        """Load nothing."""

    def render(self, request: HttpRequest, key: str, prepared: None, **options: Any) -> str:
        """Return the number; nothing where there is none."""
        count = options.get("count", 0)
        return _rendered("discussion/_count_link.html", {"count": count}) if count else ""


class PassageQuestion:
    """An author's question beside marked words. Key: the thread's, ``#``, the passage's."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> None:
        """Load nothing: a question is kept with what it shows."""

    def render(self, request: HttpRequest, key: str, prepared: None, **options: Any) -> str:
        """Return the question with its last answers and the form."""
        thread, _separator, passage = key.partition("#")
        number = options.get("number", "")
        return fragments.kept(
            request,
            "article.passage",
            f"{key} {number}",
            tags=_tags(thread),
            make=lambda: _question(request, thread, passage, number),
        )


def _tags(thread_key: str) -> tuple[str, str]:
    """Return what a piece of a thread is made of: its comments, and its subject, which bears the thread's name."""
    return f"thread:{thread_key}", thread_key


def _section(request: HttpRequest, key: str, query: ThreadQuery) -> str:
    made_of(request, [*_tags(key), "people"])
    person = person_of(request) if query.mine else NOBODY
    subject = _subjects(request, [key]).get(key)
    page = selectors.thread_page(key, query, person=person, subject=subject) if subject else None
    if page is None:
        return ""
    made_of(request, [], until=page.subject.closes_at)
    thread = _thread(page) if query.is_plain else _thread_in_full(request, page)
    discussion, is_open = conf.config(), page.subject.comments == "open"
    section = _frame(
        get_language(),
        has_rules=bool(discussion.rules),
        takes_comments=is_open,
        members_only=discussion.guests == "members",
        invitation=discussion.invitation and is_open,
        has_text=page.subject.has_text,
    )
    return section.fill(
        thread=thread,
        count=SafeString(_rendered("discussion/_count.html", {"count": page.comment_count})),
        rules=discussion.rules,
        key=key,
        quoted_key=quote(key, safe=""),
        form=_empty_form(key, page.subject),
        notify=slots.render(request, "thread.notify", key) if is_open else "",
    )


def _empty_form(key: str, subject: Subject) -> SafeString:
    if subject.asks_stars:
        return SafeString(_rendered("discussion/_form.html", replies.form_context(key, subject=subject)))
    return _form(get_language(), conf.form_shape()).fill(thread=key)


def _thread_in_full(request: HttpRequest, page: ThreadPage) -> SafeString:
    return SafeString(_rendered("discussion/_thread.html", thread_context(page, _viewer(request, page))))


def _thread(page: ThreadPage) -> SafeString:
    """Return the first page of an order, which nearly everybody reads: only comments and addresses are put in."""
    drawn = _first_page(
        get_language(),
        page.query.sort,
        page.subject.comments,
        has_comments=bool(page.comments),
        has_answers=bool(page.inline_count),
        goes_on=bool(page.next_after),
        has_pages=page.numbered_pages > 1,
        has_picks=bool(page.picks),
        has_questions=page.questions is not None,
        asks=page.subject.kind == "questions",
        rates=page.subject.kind == "ratings",
    )
    return drawn.fill(
        key=page.key,
        path=page.subject.path,
        html=presenters.thread_html(page),
        inline_count=page.inline_count,
        next_after=page.next_after,
        picks=picks_html(page),
        pages=pages_html(page),
        questions=questions_html(page),
        averages=averages_html(page),
    )


@worded.kept
def _first_page(
    _language: str | None,
    sort: Sort,
    openness: Openness,
    *,
    has_comments: bool,
    has_answers: bool,
    goes_on: bool,
    **shape: bool,
) -> Stencil:
    def draw(texts: dict[str, str]) -> str:
        kind: Kind = "questions" if shape["asks"] else "ratings" if shape["rates"] else "comments"
        subject = Subject(title="", path=texts["path"], is_public=True, comments=openness, kind=kind)
        after = texts["next_after"] if goes_on else ""
        page = ThreadPage(key=texts["key"], subject=subject, query=ThreadQuery(sort=sort), next_after=after)
        context = thread_context(page) | {
            "html": texts["html"] if has_comments else "",
            "inline_count": texts["inline_count"] if has_answers else "",
            "picks": texts["picks"] if shape["has_picks"] else "",
            "pages": texts["pages"] if shape["has_pages"] else "",
            "questions": texts["questions"] if shape["has_questions"] else "",
            "averages": texts["averages"] if shape["rates"] else "",
        }
        return _rendered("discussion/_thread.html", context)

    names = ["key", "path", "html", "inline_count", "next_after", "picks", "pages", "questions", "averages"]
    return Stencil(names, draw)


@worded.kept
def _frame(_language: str | None, *, has_rules: bool, **shape: bool) -> Stencil:
    """Return what stands around the comments."""

    def draw(texts: dict[str, str]) -> str:
        rules = texts["rules"] if has_rules else ""
        return _rendered(
            "discussion/_section.html",
            {
                **shape,
                **texts,
                "rules": rules,
                "offers": presenters.offers(),
                "reader_texts": presenters.reader_texts(),
            },
        )

    return Stencil(["thread", "count", "rules", "key", "quoted_key", "form", "notify"], draw)


def _count_links(request: HttpRequest, keys: list[str]) -> dict[str, str]:
    subjects, counts = _subjects(request, keys), selectors.picks_by_key(keys)
    return {key: _count_link(request, subjects.get(key), *counts.get(key, (0, 0))) for key in keys}


def _count_link(request: HttpRequest, subject: Subject | None, count: int, picks: int) -> str:
    if subject is None or subject.comments == "off":
        return ""
    made_of(request, [], until=subject.closes_at)
    if subject.comments == "closed" and not count:
        return ""
    return _rendered("discussion/_count_link.html", {"count": count, "address": "#comments", "picks": picks})


def _question(request: HttpRequest, thread: str, passage: str, number: object) -> str:
    view, subject = _notes(request, thread).get(passage), _subjects(request, [thread]).get(thread)
    if view is None or subject is None or subject.comments == "off":
        return ""
    made_of(request, [], until=subject.closes_at)
    takes_answers = subject.comments == "open" and conf.config().guests != "members"
    answers = _answer_form(get_language(), conf.form_shape())
    context = {
        "note": view.note,
        "number": number,
        "answers": [presenters.answer(comment, subject) for comment in view.answers],
        "all": f"{subject.path}?filter=inline#comments",
        "draft": f"{thread}:p{passage}",
        "form": answers.fill(thread=thread, passage=passage) if takes_answers else "",
    }
    return _rendered("discussion/_passage.html", context)


@worded.kept
def _form(_language: str | None, _shape: tuple[object, ...]) -> Stencil:
    """Return the empty form of a thread: the same for every visitor and, but for its key, for every thread."""
    return Stencil(["thread"], lambda texts: _rendered("discussion/_form.html", replies.form_context(texts["thread"])))


@worded.kept
def _answer_form(_language: str | None, _shape: tuple[object, ...]) -> Stencil:
    """Return the form of an answer to marked words."""

    def draw(texts: dict[str, str]) -> str:
        context = replies.form_context(texts["thread"], passage=texts["passage"])
        return _rendered("discussion/_form.html", context)

    return Stencil(["thread", "passage"], draw)


def _viewer(request: HttpRequest, page: ThreadPage) -> Viewer:
    """Return who looks, on a page that is for one person; nobody on a page for all."""
    if not page.query.mine:
        return NO_VIEWER
    person = person_of(request)
    return Viewer(person, selectors.votes_on(person, [comment.pk for comment in page.comments]))


def _notes(request: HttpRequest, thread_key: str) -> dict[str, NoteView]:
    """Return the questions of a story, loaded once for a request."""
    known: dict[str, dict[str, NoteView]] = request.__dict__.setdefault("discussion_notes", {})
    if thread_key not in known:
        known[thread_key] = selectors.notes_of(thread_key)
    return known[thread_key]


def _subjects(request: HttpRequest, keys: list[str]) -> dict[str, Subject]:
    """Return the public subjects of threads; each is asked for once in a request, whoever needs it."""
    known: dict[str, Subject | None] = request.__dict__.setdefault("discussion_subjects", {})
    missing = [key for key in keys if key not in known]
    found = selectors.subjects_of(missing)
    known.update({key: found.get(key) for key in missing})
    return {key: subject for key in keys if (subject := known[key]) is not None}


def _rendered(template: str, context: dict[str, Any]) -> str:
    """Render without context processors: nothing of the visitor can slip in."""
    compiled: Any = get_template(template)
    return str(compiled.template.render(Context(context)))
