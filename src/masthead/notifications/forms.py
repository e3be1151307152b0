"""The shape of what readers send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from masthead.notifications.models import Subscription


class SubscribeForm(forms.Form):
    """*Notify of*: what about, and where to. A member may leave the address empty."""

    topic = forms.CharField(max_length=220, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Notify of"), choices=Subscription.Kind.choices)
    address = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Write the address as name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "placeholder": "name@example.org"}),
    )

    def __init__(self, *args: Any, proven_address: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proven_address = proven_address

    def clean_address(self) -> str:
        """Bring the address to its normal form; an empty one means the member's own."""
        address: str = self.cleaned_data["address"].strip().lower() or self.proven_address
        if not address:
            raise forms.ValidationError(_("Write the address the mails should go to."))
        return address


class ManageForm(forms.Form):
    """One change on the manage page."""

    action = forms.ChoiceField(choices=[("kind", ""), ("stop", ""), ("stop-all", "")])
    subscription = forms.CharField(max_length=16, required=False)
    kind = forms.ChoiceField(choices=Subscription.Kind.choices, required=False)
