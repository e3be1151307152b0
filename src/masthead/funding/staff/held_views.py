"""Decide about payments that could not be booked. Each view: parse, call, reply."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from masthead.core.errors import DomainError
from masthead.funding import conf, policies, services
from masthead.funding.ports import Kind, Ref
from masthead.funding.selectors import held, unheard
from masthead.funding.staff.views import StaffForm, StaffMixin


class HeldMixin(StaffMixin):
    """A page for those who may decide about them."""

    may = policies.may_decide_held
    section = gettext_lazy("To decide")
    section_url = "funding_staff:held"
    kwargs: dict[str, Any]

    def question(self) -> held.Question:
        """Return the one the address names, or answer 404."""
        found = held.question(self.kwargs["provider"], self.kwargs["kind"], self.kwargs["external_id"])
        if found is None:
            raise Http404
        return found

    @staticmethod
    def ref(question: held.Question) -> Ref:
        """Name it as the processor does."""
        return Ref(Kind(question.kind), question.external_id)


class HeldList(HeldMixin, TemplateView):
    """All that waits, with its reason, how far each processor was read, and what it told that is not done."""

    template_name = "funding/staff/held.html"
    page_title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read it all now."""
        facts = {"questions": held.questions(), "cursors": held.cursors(), "header_title": self.section}
        facts |= {"to_do": unheard.to_do(), "unknown": unheard.unknown(), "stuck": unheard.stuck()}
        return super().get_context_data(**kwargs) | facts


class HeldTry(HeldMixin, View):
    """Try one now."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **names: str) -> HttpResponse:
        """Try it, and say what came of it."""
        question = self.question()
        try:
            is_settled = services.try_again(question.provider, self.ref(question), is_live=conf.is_live())
        except DomainError as refusal:
            messages.error(request, refusal.message())
            return redirect(self.section_url)
        if is_settled:
            messages.success(request, _("%(key)s is settled.") % {"key": question.external_id})
        else:
            messages.warning(request, _("%(key)s still cannot be booked.") % {"key": question.external_id})
        return redirect(self.section_url)


class AsideForm(forms.Form):
    """Why nothing is to be done."""

    because = forms.CharField(
        label=gettext_lazy("Why nothing is to be booked for it"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class HeldAside(HeldMixin, StaffForm):
    """Ask no more about one."""

    may = policies.may_decide_held
    form_class = AsideForm
    page_title = gettext_lazy("Set aside")
    submit_label = gettext_lazy("Set aside")
    template_name = "funding/staff/held_aside.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what it is about."""
        return super().get_context_data(question=self.question(), **kwargs)

    def act(self, form: Any) -> str:
        """Set it aside."""
        question, because = self.question(), form.cleaned_data["because"]
        services.set_aside(
            question.provider,
            self.ref(question),
            is_live=conf.is_live(),
            because=because,
            decided_by=self.request.user.pk,
        )
        return _("%(key)s is set aside.") % {"key": question.external_id}
