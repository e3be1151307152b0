"""Keep nothing of people who never showed that it was they."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.discussion import conf
from masthead.discussion.models import Comment, MailLoop


def forget_unconfirmed() -> int:
    """Erase comments never confirmed, and mails with a button, once their time is over; return how many comments.

    Such a comment was never public and has no replies, so its row goes.
    """
    before = now() - conf.PROOF_VALID
    with transaction.atomic():
        rows = Comment.objects.unconfirmed().filter(created_at__lt=before)
        number = rows.filter(children__isnull=True).delete()[1].get(Comment._meta.label, 0)
        MailLoop.objects.filter(asked_at__lt=before).delete()
    return number
