"""Comment on a passage, ask about it, suggest a correction, or tell the newsroom in confidence: one form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from masthead.core import ports
from masthead.core.errors import DomainError
from masthead.core.http import fragment, private, wants_fragment
from masthead.discussion import policies, selectors, services
from masthead.discussion.errors import UnknownThread
from masthead.discussion.forms import NoteForm
from masthead.discussion.policies import Allowed
from masthead.discussion.ports import Manuscripts, Subject
from masthead.discussion.rules.anchors import normal
from masthead.discussion.rules.marked import HINT_KINDS
from masthead.discussion.rules.people import Person
from masthead.discussion.views import replies
from masthead.discussion.views.visitors import introduce, person_of, remember

_WORDS_OF_A_PARAGRAPH = 9


@require_http_methods(["GET", "POST"])
def passage_note(request: HttpRequest) -> HttpResponse:
    """Show the form about a passage of a story, or take what it holds."""
    if request.method == "GET":
        return _form(request, request.GET.get("thread", ""), person_of(request))
    kind = request.POST.get("kind", "")
    # Of a confidence it is not asked who writes it, not even which browser.
    person, browser_id = (Person(), "") if kind == "confidence" else introduce(request, person_of(request))
    form = NoteForm(request.POST, is_member=person.is_member)
    if not form.is_valid():
        return _refused(request, form, person, form.all_errors(), status=422)
    try:
        if kind in HINT_KINDS:
            return _tell(request, form, person)
        comment = services.post_note(person=person, **form.public_arguments())
    except DomainError as error:
        field = getattr(error, "field", "")
        errors = {field: error.message()} if field else {}
        return _refused(request, form, person, errors, error="" if field else error.message(), status=error.status)
    subject = _subject(comment.thread.key)
    return remember(replies.posted(request, comment, subject, person), browser_id)


def _tell(request: HttpRequest, form: NoteForm, person: Person) -> HttpResponse:
    """Hand a correction or a confidence to the newsroom and say so. The browser is told nothing to remember."""
    if form.cleaned_data["kind"] == "confidence":
        services.tell_in_confidence(**form.confidence_arguments())
        text = _("The newsroom has it, and nobody else. Thank you.")
    else:
        services.suggest_correction(person=person, **form.correction_arguments())
        text = _("The newsroom has your correction and will look at it. Thank you.")
    context = {"text": text, "subject": _subject(form.cleaned_data["thread"])}
    if wants_fragment(request):
        return fragment(request, "discussion/_told.html", context)
    return private(render(request, "discussion/told_page.html", context))


def _refused(
    request: HttpRequest, form: NoteForm, person: Person, errors: dict[str, str], *, status: int, error: str = ""
) -> HttpResponse:
    """Show the form again with what was typed and what to do about it."""
    key = str(form.data.get("thread", ""))
    return _form(request, key, person, values=form.data, errors=errors, error=error, status=status)


def _form(request: HttpRequest, key: str, person: Person, *, status: int = 200, **more: Any) -> HttpResponse:
    subject = _subject(key)
    values = more.get("values", {})
    takes_comments = isinstance(policies.may_comment(person, subject), Allowed)
    chosen = values.get("kind") or ("comment" if takes_comments else "correction")
    in_place = wants_fragment(request)
    context = replies.form_context(
        key,
        uid="n",
        form_id="note-form",
        action=reverse("discussion:passage-note"),
        is_open=True,
        draft="",
        label=_("Your words"),
        button=_("Send"),
        person=person,
        subject=subject,
        kinds=[(kind, label, note, kind == chosen) for kind, label, note in _kinds(takes_comments=takes_comments)],
        paragraphs=[] if in_place else _paragraphs(key, values.get("block", "")),
        in_place=in_place,
        name_optional=True,
        about_passage=True,
        **more,
    )
    return replies.form_reply(request, {**context, "label": _("About a passage")}, status=status)


def _kinds(*, takes_comments: bool) -> list[tuple[str, str, str]]:
    """Return what can be done with marked words: its name here, its name for people, and who will read it."""
    public = [
        ("comment", _("Comment"), _("Everybody can read it.")),
        ("ask", _("Ask"), _("Everybody can read it and answer.")),
    ]
    return [
        *(public if takes_comments else []),
        ("correction", _("Suggest a correction"), _("Only the newsroom reads it.")),
        (
            "confidence",
            _("Tell the newsroom in confidence"),
            _("Only few people of the newsroom read it. Nothing about you or your device is stored with it."),
        ),
    ]


def _paragraphs(key: str, chosen: str) -> list[tuple[str, str, bool]]:
    """Return name and first words of each paragraph of the story, and whether it is the chosen one."""
    manuscript = ports.get(Manuscripts).current(key)
    blocks = manuscript.blocks if manuscript else ()
    return [
        (block.id, Truncator(normal(block.text)).words(_WORDS_OF_A_PARAGRAPH), block.id == chosen) for block in blocks
    ]


def _subject(key: str) -> Subject:
    subject = selectors.subject_of(key)
    policies.enforce(policies.may_tell_newsroom(subject))
    if subject is None:
        raise UnknownThread()
    return subject
