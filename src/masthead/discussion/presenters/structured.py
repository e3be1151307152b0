"""For machines, as JSON-LD of schema.org: conversations, and what readers gave the thing they rate."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.safestring import SafeString

from masthead.core.http import absolute_url
from masthead.core.markup import text_of
from masthead.core.structured import script_safe
from masthead.discussion import selectors
from masthead.discussion.models import Comment
from masthead.discussion.presenters.pieces import excerpt
from masthead.discussion.rules.people import is_proven
from masthead.discussion.rules.stars import LEAST, MOST, OVERALL
from masthead.discussion.selectors import ThreadPage

_REVIEWS = 10


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


def review_data(page: ThreadPage) -> SafeString:
    """Return ``AggregateRating`` and the latest ``Review``s for machines; empty unless an editor named what is rated.

    Readers rate what the story is about, never the story: stars on the article itself would be untrue, and search
    engines show none there. Only people of whom an account or a proven address is known are counted and quoted: a
    browser is nobody in particular, and can be had anew as often as somebody likes.
    """
    rated = page.subject.rated
    overall = selectors.proven_average(page.key, OVERALL) if rated and OVERALL in page.averages else None
    if rated is None or overall is None or not overall.count:
        return SafeString("")
    scale = {"bestRating": MOST, "worstRating": LEAST}
    value = {"@type": "AggregateRating", "ratingValue": overall.tenths / 10, "ratingCount": overall.count, **scale}
    reviews = [
        {
            "@type": "Review",
            "author": {"@type": "Person", "name": comment.author_name},
            "datePublished": comment.created_at.isoformat(timespec="seconds"),
            "reviewBody": excerpt(comment),
            "reviewRating": {"@type": "Rating", "ratingValue": page.stars[comment.pk][OVERALL], **scale},
        }
        for comment in page.comments
        if comment.is_public and _is_known(comment) and OVERALL in page.stars.get(comment.pk, {})
    ]
    about = {"@type": rated.type, "name": rated.name, "subjectOf": absolute_url(str(iri_to_uri(page.subject.path)))}
    thing = {"@context": "https://schema.org", **about, "aggregateRating": value, "review": reviews[:_REVIEWS]}
    return script_safe(thing)


def _is_known(comment: Comment) -> bool:
    return comment.user_id is not None or is_proven(comment.guest)
