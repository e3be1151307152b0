"""What people send: its shape and the words for what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from masthead.core import markup
from masthead.discussion import conf
from masthead.discussion.errors import AddressRefused, NameRefused, text_refused

# Far above what is accepted: it only keeps nonsense of megabytes from being rendered back.
_UTMOST = 200_000


class TextForm(forms.Form):
    """A text alone: editing and preview."""

    text = forms.CharField(label=_("Comment"), required=False, max_length=_UTMOST, strip=True)

    def __init__(self, data: Mapping[str, Any]) -> None:
        # Without what no page and no store can hold: what was typed can then always be shown again.
        super().__init__({name: markup.plain_text(str(value)) for name, value in data.items()})

    def clean_text(self) -> str:
        """Say how long a text may be."""
        text: str = self.cleaned_data["text"]
        if not conf.fits(text):
            raise forms.ValidationError(text_refused(text).message())
        return text

    def all_errors(self) -> dict[str, str]:
        """Return what is wrong with each field, in one line each."""
        return {name: " ".join(str(item) for item in items) for name, items in self.errors.items()}

    def text_error(self) -> str:
        """Return what is wrong with the text; empty when nothing is."""
        return self.all_errors().get("text", "")


class CommentForm(TextForm):
    """A comment, a reply or an answer. ``website`` is the trap: people do not see it."""

    thread = forms.CharField(max_length=200)
    reply_to = forms.CharField(required=False, max_length=16)
    passage = forms.CharField(required=False, max_length=64)
    name = forms.CharField(label=_("Name"), required=False, max_length=_UTMOST)
    address = forms.CharField(label=_("Mail address"), required=False, max_length=_UTMOST)
    website = forms.CharField(required=False, max_length=_UTMOST)

    def __init__(self, data: Mapping[str, Any], *, is_member: bool) -> None:
        super().__init__(data)
        self.is_member = is_member

    def clean_name(self) -> str:
        """Say how long a name may be; members have theirs."""
        name: str = self.cleaned_data["name"]
        if not self.is_member and not conf.NAME_MIN <= len(name) <= conf.NAME_MAX:
            raise forms.ValidationError(NameRefused(least=conf.NAME_MIN, most=conf.NAME_MAX).message())
        return name

    def clean_address(self) -> str:
        """Say what an address looks like."""
        address: str = self.cleaned_data["address"]
        if address:
            try:
                validate_email(address)
            except forms.ValidationError:
                raise forms.ValidationError(AddressRefused().message()) from None
        return address

    def arguments(self) -> dict[str, str]:
        """Return what the service wants, from clean data."""
        data = self.cleaned_data
        return {
            "thread_key": data["thread"],
            "text": data["text"],
            "name": data["name"],
            "address": data["address"],
            "reply_to": data["reply_to"],
            "passage_id": data["passage"],
            "trap": data["website"],
        }
