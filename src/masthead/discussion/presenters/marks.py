"""The newsroom's marks in words."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from masthead.discussion.models import Comment
from masthead.discussion.rules.marks import Mark
from masthead.discussion.services import is_marked


def reader_texts() -> str:
    """Return what the page's script says of names that a reader does not want to read, and of what is new: as JSON."""
    texts = {
        "mute": _("Mute this name in this browser"),
        "muted": _("You have muted #."),
        "undo": _("Undo"),
        "unmuted": _("Comments of # are shown again."),
        "unseen": _("New since my last visit (#)"),
    }
    return json.dumps(texts, ensure_ascii=False)


def mark_choice(comment: Comment, mark: Mark) -> dict[str, object]:
    """Return what a button beside a comment says and sends."""
    is_set = is_marked(comment, mark)
    labels = {
        "sticky": (_("Keep above the others"), _("Do not keep above")),
        "closed": (_("Close this conversation"), _("Open this conversation again")),
        "picked": (_("Make it an editor's pick"), _("Take back the editor's pick")),
    }
    return {"mark": mark, "label": labels[mark][is_set], "on": "" if is_set else "1"}


def mark_text(mark: Mark, *, on: bool) -> str:
    """Say what was done."""
    texts = {
        "sticky": (_("It does not stay above any more."), _("It stays above the others now.")),
        "closed": (_("The conversation is open again."), _("The conversation is closed.")),
        "picked": (_("It is no editor's pick any more."), _("It is an editor's pick now.")),
    }
    return texts[mark][on]
