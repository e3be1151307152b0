"""What notifications ask: answered from discussion, publishing and accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from masthead.accounts import selectors as accounts
from masthead.core import ports
from masthead.discussion.ports import SubjectDirectory
from masthead.discussion.selectors.news import posted_comments, thread_keys
from masthead.notifications.ports import CommentNews, Topic

_THREAD = "thread:"


class ThreadTopics:
    """A topic is a thread; what the thread is about, the subject directory knows."""

    def describe(self, topics: Collection[str]) -> Mapping[str, Topic]:
        """Return the topics whose stories are public."""
        keys = {topic.removeprefix(_THREAD) for topic in topics if topic.startswith(_THREAD)}
        subjects = ports.get(SubjectDirectory).describe(keys) if keys else {}
        return {
            _THREAD + key: Topic(title=subject.title, path=subject.path)
            for key, subject in subjects.items()
            if subject.is_public
        }


class CommentRecipients:
    """Public comments, and who wrote above them."""

    def topics_of(self, comment_ids: Collection[str]) -> Mapping[str, str]:
        """Return the topic of each of these comments."""
        return {comment: _THREAD + key for comment, key in thread_keys(comment_ids).items()}

    def comments(self, comment_ids: Collection[str]) -> Mapping[str, CommentNews]:
        """Return what is public of these, where the story is public too."""
        posted = posted_comments(comment_ids)
        topics = ThreadTopics().describe({_THREAD + item.thread_key for item in posted.values()})
        return {
            item.comment_id: CommentNews(
                topic=_THREAD + item.thread_key,
                author=item.author_name,
                text=item.text,
                path=f"{topics[_THREAD + item.thread_key].path}?comment={item.comment_id}#comment-{item.comment_id}",
                author_address=item.author_address,
                ancestor_addresses=item.ancestor_addresses,
            )
            for item in posted.values()
            if _THREAD + item.thread_key in topics
        }


class Members:
    """Addresses that accounts have proven."""

    def proven_addresses(self, user_ids: Collection[int]) -> Mapping[int, str]:
        """Return the proven address of each account that has one."""
        return accounts.proven_addresses(user_ids)
