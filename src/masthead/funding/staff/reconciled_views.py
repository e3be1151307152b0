"""See how books and processors agree, and decide about differences. Each view: parse, call, reply."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from masthead.funding import policies, selectors, services
from masthead.funding.models import Difference
from masthead.funding.selectors import reconciled
from masthead.funding.staff.views import StaffForm, StaffMixin


class DifferenceMixin(StaffMixin):
    """A page for those who may decide about differences."""

    may = policies.may_decide_differences
    section = gettext_lazy("Reconciliation")
    section_url = "funding_staff:reconciliation"


class Reconciliations(DifferenceMixin, TemplateView):
    """The last comparisons in sentences, and what does not agree."""

    template_name = "funding/staff/reconciliation.html"
    page_title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the last ones, and one page of differences."""
        page = reconciled.difference_page(number=self.request.GET.get("p"))
        facts = {
            "runs": [(run, reconciled.said(run)) for run in reconciled.last_runs()],
            "page": page,
            "rows": [(row, reconciled.sentence(row)) for row in page],
            "q": "",
            "header_title": self.section,
        }
        return super().get_context_data(**kwargs) | facts


class DecisionForm(forms.Form):
    """What to do, and why."""

    do = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[
            ("aside", gettext_lazy("Set it aside: the books stay as they are")),
            ("post", gettext_lazy("Post it as a fee of the processor")),
        ],
        widget=forms.RadioSelect,
    )
    because = forms.CharField(label=gettext_lazy("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class DifferenceDecide(DifferenceMixin, StaffForm):
    """Post one, or set it aside."""

    may = policies.may_decide_differences
    form_class = DecisionForm
    page_title = gettext_lazy("Decide")
    submit_label = gettext_lazy("Save")
    template_name = "funding/staff/difference.html"

    def difference(self) -> Difference:
        """Return the difference, or answer 404."""
        row = reconciled.difference_for_staff(self.kwargs["public_id"])
        if row is None:
            raise Http404
        return row

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what does not agree."""
        return super().get_context_data(said=reconciled.sentence(self.difference()), **kwargs)

    def act(self, form: Any) -> str:
        """Do what was chosen."""
        facts: dict[str, Any] = {"difference": self.difference(), "because": form.cleaned_data["because"]}
        facts["decided_by"] = self.request.user.pk
        if form.cleaned_data["do"] == "post":
            services.post_difference(campaign=selectors.open_campaign(), **facts)
            return _("It is posted.")
        services.set_difference_aside(**facts)
        return _("It is set aside.")
