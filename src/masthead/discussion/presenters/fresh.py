"""What is brought into an open page: new comments where they belong, changed ones in their place."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from masthead.discussion.models import Comment
from masthead.discussion.presenters.comments import added_html, tombstone
from masthead.discussion.presenters.stars import averages_html, text_html
from masthead.discussion.selectors import Fresh

# One number for every plural form that a language may have; the page's script knows which form a number takes.
_EXAMPLES = (1, 2, 3, 5, 11, 100)


def fresh_pieces(fresh: Fresh) -> dict[str, Any]:
    """Return the values of ``discussion/_fresh.html``."""
    return {
        "added": [
            {"parent": fresh.parents.get(comment.parent_id or 0, ("", ""))[0], "html": added_html(comment, fresh)}
            for comment in fresh.added
        ],
        "changed": [_change(comment, fresh) for comment in fresh.changed],
        "count": fresh.comment_count,
        "averages": averages_html(fresh.subject, fresh.seen.averages, replaces=True),
    }


def _change(comment: Comment, fresh: Fresh) -> dict[str, Any]:
    is_gone = not comment.is_public
    return {
        "id": comment.public_id,
        "html": text_html(comment, fresh.subject, fresh.seen.stars.get(comment.pk, {})),
        "tombstone": tombstone(comment) if is_gone else "",
    }


def offers() -> str:
    """Return the sentences that offer news, by an example of each plural form, and ``0`` for changes alone: as JSON."""
    texts = {"0": _("Comments have changed - show")}
    for number in _EXAMPLES:
        text = ngettext("%(count)s new comment - show", "%(count)s new comments - show", number)
        texts[str(number)] = text % {"count": "#"}
    return json.dumps(texts, ensure_ascii=False)
