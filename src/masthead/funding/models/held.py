"""What a processor names and this site could not settle: kept until it is settled, or until a person has decided."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.funding.models.decided import Decided


class Held(Decided):
    """One thing at a processor that could not be read or booked. The row goes when it could be after all."""

    class Reason(models.TextChoices):
        """Why not."""

        AWAY = "away", _("the processor does not answer for this one")
        UNSETTLED = "unsettled", _("the processor does not say yet what it kept of the money")
        REFUSED = "refused", _("the processor refuses to tell")
        FAILED = "failed", _("what the processor says could not be understood")
        # The problems of a payment: what was read does not fit what was agreed, and is not booked.
        AMOUNT_DIFFERS = "amount_differs", _("another amount was taken than was agreed")
        CURRENCY_DIFFERS = "currency_differs", _("the money was settled in a currency the campaign does not count in")
        READINGS_DIFFER = "readings_differ", _("two readings of the same payment contradict each other")
        # These are booked, since the money moved, and want a person all the same.
        MORE_BACK_THAN_CAME = "more_back_than_came", _("more went back than had come")
        PAID_TWICE = "paid_twice", _("a single gift was paid a second time: send one of the two payments back")

    class State(models.TextChoices):
        """Whose turn it is."""

        WAITING = "waiting", _("is tried again by itself")
        PERSON = "person", _("for you to decide")
        ASIDE = "aside", _("set aside")

    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=40, help_text=_("Why: one of the above, or the problem of a payment."))
    sentence = models.TextField(blank=True, help_text=_("In the processor's words, or the program's."))
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField(default=now)
    next_at = models.DateTimeField(default=now, help_text=_("When it is tried again by itself."))

    class Meta:
        verbose_name = _("payment that waits")
        verbose_name_plural = _("payments that wait")
        permissions = [("decide_held", "Can decide about payments that could not be booked")]
        constraints = [
            models.UniqueConstraint(fields=["provider", "is_live", "kind", "external_id"], name="held_once"),
            models.CheckConstraint(
                condition=~models.Q(state="aside") | ~models.Q(because=""), name="set_aside_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["state", "next_at"], name="held_by_turn")]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} {self.external_id}"
