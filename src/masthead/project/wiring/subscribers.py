"""Subscribers: one line per pair."""

from __future__ import annotations

from django.conf import settings

from masthead.discussion import services as discussion
from masthead.discussion.events import (
    CommentHeld,
    CommentPosted,
    CommentRemoved,
    CommentRestored,
    CommentsImported,
    CorrectionAccepted,
    HintAnswered,
    MailLoopAsked,
    ThreadChanged,
)
from masthead.funding import services as funding
from masthead.funding.events import (
    BooksDiffer,
    CareLetterAsked,
    DisputeOpened,
    GiftChanged,
    GiftRecorded,
    GiftReversed,
    PaymentNeedsAPerson,
    PledgeNoted,
    ProviderTold,
    ReadingNeedsAPerson,
    ReceiptAskedAgain,
    ReceiptIssued,
    RecoveryMailAsked,
    RecurringChanged,
    RefundAsked,
    StatementAsked,
)
from masthead.funding.services import care as funding_care
from masthead.funding.services import receipts
from masthead.notifications import services as notifications
from masthead.notifications.events import DeliveryQueued
from masthead.outbox.registry import subscribe, subscribe_together
from masthead.project.answers import pictures
from masthead.project.answers.cdn import purge_cdn
from masthead.project.answers.discussion import keep_count_on_cards, publish_correction, take_over_questions
from masthead.project.wiring import edge, hooks
from masthead.publishing.events import EditionSealed


def connect() -> None:
    """Bind all subscribers."""
    if settings.MASTHEAD.edge.cdn != "none":
        for event_class, _rule in edge.TABLE:
            subscribe_together(event_class, purge_cdn, name="edge.purge_cdn")
    subscribe_together(CommentPosted, notifications.notify_of_comments, name="notifications.notify_of_comment")
    subscribe(EditionSealed, pictures.make_for_edition, name="publishing.make_renditions")
    subscribe(DeliveryQueued, notifications.deliver, name="notifications.deliver")
    subscribe(MailLoopAsked, discussion.send_mail_loop, name="discussion.send_mail_loop")
    subscribe(CorrectionAccepted, publish_correction, name="publishing.publish_correction")
    subscribe(HintAnswered, discussion.send_hint_answer, name="discussion.send_hint_answer")
    subscribe(EditionSealed, take_over_questions, name="discussion.take_over_questions")
    subscribe_together(CommentPosted, keep_count_on_cards, name="publishing.keep_count_on_cards")
    subscribe_together(CommentHeld, keep_count_on_cards, name="publishing.keep_count_on_cards")
    subscribe_together(CommentRemoved, keep_count_on_cards, name="publishing.keep_count_on_cards")
    subscribe_together(CommentRestored, keep_count_on_cards, name="publishing.keep_count_on_cards")
    subscribe_together(CommentsImported, keep_count_on_cards, name="publishing.keep_count_on_cards")
    subscribe_together(ThreadChanged, keep_count_on_cards, name="publishing.keep_count_on_cards")
    subscribe_together(EditionSealed, keep_count_on_cards, name="publishing.keep_count_on_cards")
    _connect_money()
    hooks.connect()


def _connect_money() -> None:
    subscribe(PledgeNoted, funding.send_pledge_letter, name="funding.send_pledge_letter")
    subscribe(ProviderTold, funding.hear_provider, name="funding.hear_provider")
    subscribe(GiftRecorded, receipts.send_thanks, name="funding.send_thanks")
    subscribe(GiftChanged, receipts.correct_receipt_of, name="funding.correct_receipt")
    subscribe(GiftReversed, receipts.correct_receipt_of, name="funding.correct_receipt")
    subscribe(GiftRecorded, funding.follow_gift, name="funding.follow_gift")
    subscribe(GiftChanged, funding.follow_gift, name="funding.follow_gift")
    subscribe(GiftReversed, funding.follow_gift, name="funding.follow_gift")
    subscribe(RecurringChanged, funding.follow_repeated_gift, name="funding.follow_repeated_gift")
    subscribe(ReceiptIssued, receipts.send_receipt, name="funding.send_receipt")
    subscribe(ReceiptAskedAgain, receipts.send_receipt_once_more, name="funding.send_receipt_once_more")
    subscribe(StatementAsked, receipts.send_statement, name="funding.send_statement")
    subscribe(RecoveryMailAsked, funding.send_recovery_mail, name="funding.send_recovery_mail")
    subscribe(CareLetterAsked, funding_care.send_care_letter, name="funding.send_care_letter")
    subscribe(DisputeOpened, funding_care.stop_at_dispute, name="funding.stop_at_dispute")
    subscribe(PaymentNeedsAPerson, funding.write_of_payment, name="funding.write_of_payment")
    subscribe(ReadingNeedsAPerson, funding.write_of_reading, name="funding.write_of_reading")
    subscribe(BooksDiffer, funding.write_of_differences, name="funding.write_of_differences")
    subscribe(RefundAsked, funding.send_refund, name="funding.send_refund")
