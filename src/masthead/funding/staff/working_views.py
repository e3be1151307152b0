"""Close months, and tell what the money did."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from masthead.core.clock import now
from masthead.core.display import amount
from masthead.core.errors import DomainError
from masthead.funding import policies, selectors, services
from masthead.funding.models import Expense
from masthead.funding.selectors import expenses, seals
from masthead.funding.staff import forms
from masthead.funding.staff.views import StaffForm, StaffMixin


class ClosedMonths(StaffMixin, TemplateView):
    """All seals, with what a check of them says, and the month whose turn it is."""

    may = policies.may_close_months
    template_name = "funding/staff/closed_months.html"
    section = gettext_lazy("Closed months")
    section_url = "funding_staff:closed-months"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Check every closed month now."""
        turn = seals.next_to_close(now())
        facts = {"checks": list(selectors.check_seals())[::-1], "turn": turn, "header_title": self.section}
        return super().get_context_data(**kwargs) | facts | {"closes_at": seals.closes_at(turn) if turn else None}


class MonthClose(StaffMixin, View):
    """Close the month whose turn it is, before its time."""

    may = policies.may_close_months
    http_method_names = ["post"]

    def post(self, request: HttpRequest, month: date) -> HttpResponse:
        """Close it, or say why not."""
        try:
            services.close_month(month=month, sealed_by=request.user.pk)
        except DomainError as refusal:
            messages.error(request, refusal.message())
        else:
            messages.success(request, _("The month is closed and sealed."))
        return redirect("funding_staff:closed-months")


class ExpenseList(StaffMixin, TemplateView):
    """What readers are told that their money did."""

    may = policies.may_tell_expenses
    template_name = "funding/staff/expenses.html"
    section = gettext_lazy("What the money did")
    section_url = "funding_staff:expenses"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return one page of expenses."""
        page = expenses.expense_page(number=self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {"page": page, "header_title": self.section, "q": ""}


class ExpensePut(StaffForm):
    """Add or change one."""

    may = policies.may_tell_expenses
    form_class = forms.ExpenseForm
    section = gettext_lazy("What the money did")
    section_url = "funding_staff:expenses"
    page_title = gettext_lazy("An expense")
    submit_label = gettext_lazy("Save")

    def expense(self) -> Expense | None:
        """Return the one that is changed, or answer 404."""
        key = self.kwargs.get("public_id")
        row = expenses.expense_for_staff(key) if key else None
        if key and row is None:
            raise Http404
        return row

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form its currency."""
        row = self.expense()
        return {**super().get_form_kwargs(), "currency": row.currency if row else selectors.open_campaign().currency}

    def get_initial(self) -> dict[str, Any]:
        """Start with what stands there."""
        row = self.expense()
        return {"month": row.month, "what": row.what, "amount": row.amount.plain} if row else {}

    def act(self, form: Any) -> str:
        """Save it."""
        row, told = self.expense(), form.cleaned_data
        campaign = row.campaign if row else selectors.open_campaign()
        services.put_expense(campaign=campaign, expense=row, changed_by=self.request.user.pk, **told)
        return _("%(what)s, %(amount)s, stands on the page of its month.") % {
            "what": told["what"],
            "amount": amount(told["amount"]),
        }


class ExpenseDelete(StaffMixin, View):
    """Tell of one no more."""

    may = policies.may_tell_expenses
    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Delete it."""
        row = expenses.expense_for_staff(public_id)
        if row is None:
            raise Http404
        services.delete_expense(expense=row, deleted_by=request.user.pk)
        messages.success(request, _("Readers are told of it no more."))
        return redirect("funding_staff:expenses")
