"""Send money back. Each view: parse, call, reply."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from masthead.core.display import amount
from masthead.core.money import Money
from masthead.funding import policies, selectors, services
from masthead.funding.forms import MoneyField
from masthead.funding.models import Gift
from masthead.funding.staff.views import StaffForm, gift_row


class RefundForm(forms.Form):
    """How much goes back, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("Stays beside the gift. For example: given twice by mistake."),
        error_messages={"required": gettext_lazy("Say why the money goes back; the reason stays beside the gift.")},
    )

    def __init__(self, currency: str, **options: Any) -> None:
        super().__init__(**options)
        label = _("Amount in %(currency)s") % {"currency": currency}
        self.fields["amount"] = MoneyField(
            currency=currency, label=label, help_text=_("All that is left of it, or a part.")
        )
        self.order_fields(["amount"])


class GiftRefund(StaffForm):
    """Send a gift back in full or in part."""

    may = policies.may_refund
    form_class = RefundForm
    page_title = gettext_lazy("Send money back")
    submit_label = gettext_lazy("Send money back")
    template_name = "funding/staff/gift_refund.html"

    def gift(self) -> Gift:
        """Return a gift of which a processor took something, or answer 404."""
        found = selectors.gift_for_staff(self.kwargs["public_id"])
        if found is None or found.payment is None:
            raise Http404
        return found

    def left(self) -> Money:
        """Return what may still go back, in the currency that was taken."""
        gift = self.gift()
        found = services.refundable(gift.payment) if gift.payment else None
        return found or Money(0, gift.campaign.currency)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Start with all that is left."""
        left = self.left()
        return {**super().get_form_kwargs(), "currency": left.currency, "initial": {"amount": left.plain}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the gift, what is on its way back and what is left of it."""
        gift = self.gift()
        facts = {"row": gift_row(gift, self.request), "left": self.left()}
        facts["waiting"] = services.on_its_way_back(gift.payment) if gift.payment else None
        return super().get_context_data(**facts, **kwargs)

    def act(self, form: Any) -> str:
        """Ask for the refund."""
        told = form.cleaned_data
        services.send_back(gift=self.gift(), amount=told["amount"], reason=told["reason"], by=self.request.user)
        return _("%(amount)s is on its way back.") % {"amount": amount(told["amount"])}
