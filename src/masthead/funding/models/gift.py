"""People behind the money: who gave, and who means to. Amounts of gifts stand in the books only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.core.money import Money


class Method(models.TextChoices):
    """How money reached the newsroom."""

    BANK_TRANSFER = "bank_transfer", _("bank transfer")
    CASH = "cash", _("cash")
    CHEQUE = "cheque", _("cheque")
    ELSEWHERE = "elsewhere", _("recorded elsewhere")
    STRIPE = "stripe", _("card or debit")
    PAYPAL = "paypal", _("PayPal")


# What a person records here; what another system recorded comes in through an import.
BY_HAND = (Method.BANK_TRANSFER, Method.CASH, Method.CHEQUE)


class Pledge(models.Model):
    """An intention to give. Adds nothing to any figure until the money is recorded as a gift."""

    class Every(models.TextChoices):
        """How often."""

        ONCE = "once", _("once")
        MONTH = "month", _("every month")
        YEAR = "year", _("every year")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    reference = models.CharField(max_length=25, unique=True, help_text=_("What the giver writes on the transfer."))
    campaign = models.ForeignKey("funding.Campaign", on_delete=models.PROTECT, related_name="pledges")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    every = models.CharField(max_length=10, choices=Every, default=Every.ONCE)
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("email address"), blank=True)
    show_name = models.BooleanField(_("may be thanked by name"), default=False)
    message = models.TextField(_("message"), blank=True)
    method = models.CharField(max_length=20, choices=Method, default=Method.BANK_TRANSFER)
    cover_minor = models.BigIntegerField(default=0, help_text=_("Added so that the fee is paid; on top of the amount."))
    dedication = models.CharField(_("dedication"), max_length=200, blank=True)
    # Where the wish to give began: the story's own key, so that no cookie is needed to know it.
    story = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, blank=True)
    donor = models.ForeignKey("funding.Donor", null=True, on_delete=models.PROTECT, related_name="pledges")
    is_live = models.BooleanField(default=True)
    noted_at = models.DateTimeField(default=now)
    written_to_at = models.DateTimeField(null=True, help_text=_("When the bank details went out by mail."))
    closed_at = models.DateTimeField(null=True, help_text=_("Staff expect no money any more."))

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="pledge_is_positive"),
            models.CheckConstraint(condition=models.Q(cover_minor__gte=0), name="cover_is_not_negative"),
        ]
        indexes = [models.Index(fields=["-noted_at"], name="pledge_by_time")]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        """What was announced."""
        return Money(self.amount_minor, self.currency)

    @property
    def cover(self) -> Money:
        """What was added so that the fee is paid."""
        return Money(self.cover_minor, self.currency)

    @property
    def total(self) -> Money:
        """What a processor is to take."""
        return self.amount + self.cover


class Gift(models.Model):
    """The person's side of money that arrived. The amount is that of its journal."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    campaign = models.ForeignKey("funding.Campaign", on_delete=models.PROTECT, related_name="gifts")
    journal = models.OneToOneField("funding.Journal", on_delete=models.PROTECT, related_name="gift")
    pledge = models.ForeignKey(Pledge, null=True, on_delete=models.PROTECT, related_name="gifts")
    method = models.CharField(_("how it came"), max_length=20, choices=Method)
    donor_name = models.CharField(_("donor"), max_length=120, blank=True, help_text=_("Only staff see this."))
    contact = models.CharField(_("contact"), max_length=200, blank=True, help_text=_("Only staff see this."))
    public_name = models.CharField(_("public name"), max_length=80, blank=True, help_text=_("Empty: anonymous."))
    note = models.TextField(_("note"), blank=True, help_text=_("Only staff see this."))
    donor = models.ForeignKey("funding.Donor", null=True, on_delete=models.PROTECT, related_name="gifts")
    payment = models.OneToOneField("funding.Payment", null=True, on_delete=models.PROTECT, related_name="gift")
    recurring = models.ForeignKey("funding.Recurring", null=True, on_delete=models.PROTECT, related_name="gifts")
    # A sponsor's own money: it calls for no more, and is what was promised.
    match = models.ForeignKey("funding.Match", null=True, on_delete=models.PROTECT, related_name="gifts")
    dedication = models.CharField(_("dedication"), max_length=200, blank=True)
    story = models.CharField(max_length=120, blank=True)
    is_live = models.BooleanField(default=True)
    is_hidden = models.BooleanField(default=False, help_text=_("Staff took the name off the page of thanks."))
    thanked_at = models.DateTimeField(null=True, help_text=_("When its giver was thanked by mail."))
    # Follows from the books; the doctor compares. Kept so that counting gifts needs no sum per gift.
    is_returned = models.BooleanField(default=False, help_text=_("All of it went back."))

    class Meta:
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        permissions = [
            ("reverse_gift", "Can reverse a gift"),
            ("see_names", "Can see the names of supporters"),
            ("refund_gift", "Can send money back to supporters"),
        ]

    def __str__(self) -> str:
        return self.public_id
