"""Puts the demo's comments, votes and answers under its stories."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from masthead.discussion.selectors.counts import count_by_key
from masthead.discussion.services import ImportedComment, Passage, import_comments, put_notes
from masthead.project.demo.accounts import Accounts
from masthead.project.demo.model import Comment, DemoContent
from masthead.project.demo.press import Printed
from masthead.publishing.services import note_comment_count

SOURCE = "demo"


def post_letters(
    content: DemoContent,
    *,
    now: datetime,
    printed: Mapping[str, Printed],
    accounts: Accounts,
    linked: Callable[[str], str],
) -> None:
    """Write every thread with its dates and votes, and tell the cards how many comments there are.

    ``linked`` turns links between stories into addresses.
    """
    for story in content.stories:
        page = printed[story.slug]
        if story.question is not None:
            put_notes(
                thread_key=page.thread_key,
                passages=[Passage(id=page.passage_id, quote=story.question.quote, question=story.question.question)],
            )
        comments = [
            _imported(comment, now=now, passage_id=page.passage_id, accounts=accounts, linked=linked)
            for comment in content.comments_on(story.slug)
        ]
        if comments:
            import_comments(thread_key=page.thread_key, source=SOURCE, comments=comments)
    for key, count in count_by_key({page.thread_key for page in printed.values()}).items():
        note_comment_count(thread_key=key, count=count)


def _imported(
    comment: Comment, *, now: datetime, passage_id: str, accounts: Accounts, linked: Callable[[str], str]
) -> ImportedComment:
    account = accounts.staff.get(comment.author) or accounts.readers.get(comment.name)
    return ImportedComment(
        source_id=comment.id,
        parent_source_id=comment.parent,
        # What its writer took back has no name any more.
        author_name="" if comment.is_deleted else comment.name,
        user_id=account.pk if account else None,
        by_newsroom=comment.author in accounts.staff,
        body=linked(comment.text),
        body_format="markdown",
        status="deleted" if comment.is_deleted else "published",
        created_at=now - comment.before,
        votes_up=comment.votes_up,
        votes_down=comment.votes_down,
        passage_id=passage_id if comment.answers_question else "",
    )
