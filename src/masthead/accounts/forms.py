"""The shape of what people send about themselves."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from masthead.accounts import rules
from masthead.accounts.models import User
from masthead.core.text import one_line


class ProfileForm(forms.ModelForm[User]):
    """The name that others see."""

    class Meta:
        model = User
        fields = ["display_name"]
        help_texts = {"display_name": _("Shown beside your comments. Your address is never shown.")}
        widgets = {"display_name": forms.TextInput(attrs={"autocomplete": "nickname"})}

    def clean_display_name(self) -> str:
        """Take out what is no part of a name: line breaks, control and direction marks."""
        return one_line(self.cleaned_data["display_name"], limit=80)


class TokenForm(forms.Form):
    """What a token is for."""

    name = forms.CharField(label=_("What it is for"), max_length=60)
    scope = forms.ChoiceField(
        label=_("It may"),
        initial="write",
        choices=[
            ("read", _("read what is mine")),
            ("write", _("read, write and vote in my name")),
            ("moderate", _("do all that, and moderate where I may")),
        ],
    )
    days = forms.TypedChoiceField(
        label=_("It is valid for"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
    )

    def clean_name(self) -> str:
        """Take out what is no part of a name."""
        return one_line(self.cleaned_data["name"], limit=60)

    @property
    def scopes(self) -> tuple[str, ...]:
        """What the choice comprises: each scope those before it."""
        return rules.SCOPES[: rules.SCOPES.index(self.cleaned_data["scope"]) + 1]
