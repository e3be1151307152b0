"""The shape of what people send about themselves."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

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
