"""What people send: its shape and the words for what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from masthead.core import markup
from masthead.discussion import conf
from masthead.discussion.attached_errors import FieldsRefused
from masthead.discussion.errors import AddressRefused, NameRefused, text_refused
from masthead.discussion.rules.fields import given
from masthead.discussion.rules.marked import HINT_KINDS, PUBLIC_KINDS, Chosen
from masthead.discussion.services import Upload

# Far above what is accepted: it only keeps nonsense of megabytes from being rendered back.
_UTMOST = 200_000


_STARS = "stars-"
_NUMBERS = {"1", "2", "3", "4", "5"}


class _Text(forms.CharField):
    """A field that forms share: none changes it, and copying them all was half of what making a form took."""

    def __deepcopy__(self, memo: dict[int, Any]) -> _Text:
        """Return the field itself."""
        return self


class TextForm(forms.Form):
    """A text alone, with stars if its comment rates: editing and preview."""

    text = _Text(label=_("Comment"), required=False, max_length=_UTMOST, strip=True)

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

    def stars(self) -> dict[str, int] | None:
        """Return the stars that were given, by field; ``None`` where the form asked for none. Nonsense is 0."""
        asked = {str(name): str(value) for name, value in self.data.items() if str(name).startswith(_STARS)}
        if not asked:
            return None
        given = {name.removeprefix(_STARS): value for name, value in asked.items() if value}
        return {name: int(value) if value in _NUMBERS else 0 for name, value in given.items()}

    def text_error(self) -> str:
        """Return what is wrong with the text; empty when nothing is."""
        return self.all_errors().get("text", "")


def _checked(address: str) -> str:
    """Return an address that is empty or looks like one."""
    if address:
        try:
            validate_email(address)
        except forms.ValidationError:
            raise forms.ValidationError(AddressRefused().message()) from None
    return address


class CommentForm(TextForm):
    """A comment, a reply or an answer. ``website`` is the trap: people do not see it."""

    thread = _Text(max_length=200)
    reply_to = _Text(required=False, max_length=16)
    passage = _Text(required=False, max_length=64)
    name = _Text(label=_("Name"), required=False, max_length=_UTMOST)
    address = _Text(label=_("Mail address"), required=False, max_length=_UTMOST)
    website = _Text(required=False, max_length=_UTMOST)
    picture_alt = _Text(required=False, max_length=_UTMOST)

    def __init__(self, data: Mapping[str, Any], *, is_member: bool, upload: UploadedFile[bytes] | None = None) -> None:
        super().__init__(data)
        self.is_member = is_member
        self.upload = upload

    def clean_name(self) -> str:
        """Say how long a name may be; members have theirs."""
        name: str = self.cleaned_data["name"]
        if not self.is_member and not conf.NAME_MIN <= len(name) <= conf.NAME_MAX:
            raise forms.ValidationError(NameRefused(least=conf.NAME_MIN, most=conf.NAME_MAX).message())
        return name

    def clean_address(self) -> str:
        """Say what an address looks like."""
        return _checked(self.cleaned_data["address"])

    def all_errors(self) -> dict[str, str]:
        """Return what is wrong with each field, those of the site included, in one line each."""
        _given, problems = given(conf.config().fields, self._own_fields())
        return super().all_errors() | FieldsRefused(problems=problems).by_input()

    def is_valid(self) -> bool:
        """Tell whether nothing is wrong with any field."""
        return super().is_valid() and not self.all_errors()

    def _own_fields(self) -> dict[str, str]:
        names = [field.name for field in conf.config().fields]
        return {name: str(self.data.get(f"field-{name}", ""))[:_UTMOST] for name in names}

    def _picture(self) -> Upload | None:
        if self.upload is None:
            return None
        # One byte more than is taken tells the service that there is too much.
        return Upload(self.upload.read(conf.PICTURE_BYTES + 1), self.cleaned_data["picture_alt"])

    def arguments(self) -> dict[str, Any]:
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
            "fields": self._own_fields(),
            "picture": self._picture(),
            "stars": self.stars(),
        }


class NoteForm(CommentForm):
    """Something about words of the story: the same fields as a comment, the words, and what is done with them."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in (*PUBLIC_KINDS, *HINT_KINDS)])
    words = _Text(required=False, max_length=_UTMOST)
    block = _Text(required=False, max_length=40)
    before = _Text(required=False, max_length=400, strip=False)
    after = _Text(required=False, max_length=400, strip=False)
    credit = forms.BooleanField(required=False)
    answer_address = _Text(label=_("Mail address"), required=False, max_length=_UTMOST)

    def clean_name(self) -> str:
        """Ask no name of who tells something in confidence."""
        return "" if self.data.get("kind") == "confidence" else super().clean_name()

    def clean_answer_address(self) -> str:
        """Say what an address looks like."""
        return _checked(self.cleaned_data["answer_address"])

    def public_arguments(self) -> dict[str, Any]:
        """Return what is needed to post it."""
        data = self.cleaned_data
        signed = {"name": data["name"], "address": data["address"], "trap": data["website"]}
        return {**self._shared(), "kind": data["kind"], **signed}

    def correction_arguments(self) -> dict[str, Any]:
        """Return what is needed to suggest a correction."""
        data = self.cleaned_data
        signed = {"name": data["name"], "address": data["address"]}
        return {**self._shared(), **signed, "wants_credit": data["credit"]}

    def confidence_arguments(self) -> dict[str, Any]:
        """Return what is needed to tell something in confidence: nothing of the person but an address given for it."""
        return {**self._shared(), "address": self.cleaned_data["answer_address"]}

    def _shared(self) -> dict[str, Any]:
        data = self.cleaned_data
        chosen = Chosen(data["words"], data["block"], data["before"], data["after"])
        return {"thread_key": data["thread"], "chosen": chosen, "text": data["text"]}
