"""What moderators send."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from masthead.discussion.models import Comment, OutsidePage


class RemovalForm(forms.Form):
    """Why a comment is removed."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *Comment.Reason.choices],
        help_text=_("Shown to readers in place of the comment."),
        error_messages={"required": _("Choose a reason: it is shown in place of the comment.")},
    )
    remark = forms.CharField(
        label=_("Remark for colleagues"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class CorrectionForm(forms.Form):
    """What readers will see of an accepted correction."""

    published_text = forms.CharField(
        label=_("The correction, as readers will see it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was wrong and what is right, in one or two sentences."),
        error_messages={"required": _("Write what readers will see under the story.")},
    )


class AnswerForm(forms.Form):
    """An answer by mail."""

    answer = forms.CharField(
        label=_("Answer by mail"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write something first.")},
    )


class NewPageForm(forms.Form):
    """A page of another site, under which there shall be a discussion."""

    address = forms.CharField(
        label=_("Address of the page"),
        max_length=1000,
        widget=forms.URLInput,
        help_text=_("In full, as readers see it above the page: https://club.example/spring-fair"),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("As it is called in mails and on the page of its discussion here."),
    )


class PageForm(NewPageForm):
    """What can be changed of it later."""

    comments = forms.ChoiceField(label=_("Comments"), choices=OutsidePage.Comments.choices)
