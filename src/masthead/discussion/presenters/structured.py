"""Conversations for machines: schema.org's DiscussionForumPosting and Comment as JSON-LD."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.safestring import SafeString

from masthead.core.http import absolute_url
from masthead.core.markup import text_of
from masthead.core.structured import script_safe
from masthead.discussion.models import Comment
from masthead.discussion.selectors import ThreadPage


def forum_postings(page: ThreadPage) -> SafeString:
    """Return the conversations of a page, safe to stand in a script element; tombstones are left out, replies stay.

    Empty where there is nothing to tell.
    """
    story = absolute_url(str(iri_to_uri(page.subject.path)))
    made: dict[int, dict[str, Any]] = {}
    postings = []
    # A parent always stands before its children.
    for comment in page.comments:
        if not comment.is_public:
            continue
        facts = made[comment.pk] = _facts(comment)
        above = made.get(comment.parent_id or 0) or made.get(comment.root_id or 0)
        if above is not None:
            above.setdefault("comment", []).append(facts)
        else:
            about = {"headline": page.subject.title, "isPartOf": story}
            facts |= {"@type": "DiscussionForumPosting", **about, "commentCount": comment.reply_total}
            postings.append(facts)
    return script_safe({"@context": "https://schema.org", "@graph": postings}) if postings else SafeString("")


def _facts(comment: Comment) -> dict[str, Any]:
    facts = {
        "@type": "Comment",
        "url": absolute_url(reverse("discussion:conversation", args=[comment.public_id])),
        "author": {"@type": "Person", "name": comment.author_name},
        "datePublished": comment.created_at.isoformat(timespec="seconds"),
        "text": text_of(comment.html),
        "upvoteCount": comment.up,
        "downvoteCount": comment.down,
    }
    if comment.edited_at is not None:
        facts["dateModified"] = comment.edited_at.isoformat(timespec="seconds")
    return facts
