"""Send the newsroom's answer to a reader who told it something."""

from __future__ import annotations

from masthead.core import mail
from masthead.core.clock import now
from masthead.discussion.events import HintAnswered
from masthead.discussion.models import Hint, HintReply
from masthead.discussion.selectors.subjects import subject_of
from masthead.outbox.mail import send


def send_hint_answer(event: HintAnswered, event_id: str) -> None:
    """Send one mail with what the newsroom wrote; what the reader had told it does not stand in the mail.

    After a confidence the mail does not even name the story.

    Heard again after it was sent, nothing is sent; a worker that dies between the two repeats the same ``Message-ID``.
    Raises what :func:`masthead.outbox.mail.send` raises.
    """
    reply = HintReply.objects.select_related("hint__thread").filter(pk=event.reply_id, sent_at=None).first()
    if reply is None or not reply.hint.address:
        return
    is_secret = reply.hint.kind == Hint.Kind.CONFIDENCE
    subject = None if is_secret else subject_of(reply.hint.thread.key)
    values = {"text": reply.text, "title": subject.title if subject else ""}
    headers = {"Message-ID": f"<{event_id}@{mail.host()}>"}
    send(mail.compose("discussion/mail/answer", values, to=reply.hint.address, headers=headers), name=event_id)
    HintReply.objects.filter(pk=reply.pk).update(sent_at=now())
