"""Statements of a year: counted, sent, looked after. Each view: parse, call, reply."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from masthead.core.errors import DomainError
from masthead.funding import conf, policies
from masthead.funding.selectors import statement_lists
from masthead.funding.services.receipts import send_statement_again, send_statements
from masthead.funding.staff.views import StaffForm, StaffMixin

MOST_UNREACHED = 100


class StatementMixin(StaffMixin):
    """A page about statements."""

    may = policies.may_see_receipts
    section = gettext_lazy("Statements of a year")
    section_url = "funding_staff:statements"
    kwargs: dict[str, Any]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Put the receipts before."""
        items = super().get_breadcrumbs_items()
        return [items[0], {"url": reverse("funding_staff:receipts"), "label": _("Receipts")}, *items[1:]]


class StatementList(StatementMixin, TemplateView):
    """One year: whom it would reach, whom it reached, what changed since, and whom it cannot reach."""

    template_name = "funding/staff/statements.html"
    page_title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read it all now."""
        person = self.request.user
        names = policies.may_see_names(person)
        years = statement_lists.years_given()
        facts: dict[str, Any] = {"years": years, "header_title": self.section, "may_see_names": names}
        facts |= {"may_send": policies.may_send_statements(person), "is_live": conf.is_live()}
        if years:
            facts |= self.year(shown_year(self.request.GET.get("year", ""), years), names=names)
        return super().get_context_data(**kwargs) | facts

    def year(self, year: int, *, names: bool) -> dict[str, Any]:
        """Return what there is of one year."""
        search = self.request.GET.get("q", "").strip()[:200]
        page = statement_lists.sent_page(year, number=self.request.GET.get("p"), search=search, names=names)
        return {
            "year": str(year),
            "preview": statement_lists.preview(year),
            "page": page,
            "rows": statement_lists.sent_rows(page, names=names),
            "changed": statement_lists.sent_rows(statement_lists.changed(year), names=names),
            "unreached": list(statement_lists.unreached(year, names=names, most=MOST_UNREACHED)),
            "q": search,
            "kept": f"&year={year}",
        }


class SoFarForm(forms.Form):
    """The yes to a year that is not over."""

    so_far = forms.BooleanField(
        label=gettext_lazy("The year is not over: send what was given so far"),
        error_messages={"required": gettext_lazy("Say yes to it, or wait until the year is over.")},
    )


class StatementSend(StatementMixin, StaffForm):
    """The page that asks for the yes, and the yes."""

    may = policies.may_send_statements
    page_title = gettext_lazy("Send statements")
    submit_label = gettext_lazy("Send")
    template_name = "funding/staff/statements_send.html"

    def year(self) -> int:
        """Return the year, or answer 404 where nothing was given."""
        if self.kwargs["year"] not in statement_lists.years_given():
            raise Http404
        year: int = self.kwargs["year"]
        return year

    def get_form_class(self) -> type[forms.Form]:
        """Ask more for a year that is not over."""
        return forms.Form if statement_lists.is_over(self.year()) else SoFarForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Count before."""
        preview = statement_lists.preview(self.year())
        button = ngettext("Send %(count)s mail", "Send %(count)s mails", preview.to_send) % {"count": preview.to_send}
        facts = {"preview": preview, "year": str(preview.year), "submit_button_label": button}
        return super().get_context_data(**{**facts, **kwargs})

    def get_success_url(self) -> str:
        """Lead back to the year."""
        return f"{reverse(self.section_url)}?year={self.year()}"

    def act(self, form: Any) -> str:
        """Ask for the mails."""
        so_far = form.cleaned_data.get("so_far", False)
        done = send_statements(year=self.year(), so_far=so_far, by=self.request.user)
        said = {"count": done.asked, "before": done.asked_before}
        return (
            ngettext(
                "%(count)s mail is on its way. Sent before: %(before)s.",
                "%(count)s mails are on their way. Sent before: %(before)s.",
                done.asked,
            )
            % said
        )


class StatementAgain(StatementMixin, View):
    """Mail one giver his year once more."""

    may = policies.may_send_statements
    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Ask for the mail; show a refusal on the page."""
        row = statement_lists.sent_by_id(public_id)
        if row is None:
            raise Http404
        try:
            sent = send_statement_again(row=row, by=request.user)
            is_new = sent.pk != row.pk
            said = _("A corrected statement is on its way.") if is_new else _("The statement is on its way again.")
            messages.success(request, said)
        except DomainError as refusal:
            messages.error(request, refusal.message())
        return redirect(f"{reverse(self.section_url)}?year={row.year}")


def shown_year(typed: str, years: list[int]) -> int:
    """Return the year that is asked for, else the latest that is over, else the present one."""
    if typed.isascii() and typed.isdigit() and len(typed) == 4 and int(typed) in years:
        return int(typed)
    return next((year for year in years if statement_lists.is_over(year)), years[0])
