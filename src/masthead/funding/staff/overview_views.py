"""How the money stands, on one page. Each view: parse, call, reply."""

from __future__ import annotations

import csv
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from masthead.core.clock import now
from masthead.core.http import private
from masthead.funding import conf, policies
from masthead.funding.promised_words import sentences
from masthead.funding.selectors import failed_renewals, gift_months, lapsed, supporter_months
from masthead.funding.selectors.overview import campaigns_now
from masthead.funding.services.audit import Act, note_act
from masthead.funding.staff.views import StaffMixin

# The same month of last year stands beside the present one.
MONTHS = 13
LAPSED_SHOWN = 10


class OverviewMixin(StaffMixin):
    """A part of the overview."""

    section = gettext_lazy("Overview")
    section_url = "funding_staff:overview"
    page_title: Any = ""


class Overview(OverviewMixin, TemplateView):
    """Meter, months, supporters, cohorts, who lapsed and whose card failed."""

    template_name = "funding/staff/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read it all now."""
        moment, names = now(), policies.may_see_names(self.request.user)
        months = supporter_months.last_months(moment, MONTHS)
        lost, repeating = lapsed.lapsed(moment), supporter_months.supporters(months, moment)
        facts = {
            "campaigns": [(each, sentences(each.promised, each.meter.period)) for each in campaigns_now(moment)],
            "months": [(code, rows[::-1]) for code, rows in gift_months.gift_months(months).items()],
            "supporters": repeating,
            "people": repeating.people[::-1],
            "incomes": [(code, rows[::-1]) for code, rows in repeating.incomes.items()],
            "distances": range(MONTHS),
            "lapsed_count": len(lost),
            "lapsed": lapsed.lapsed_rows(lost[:LAPSED_SHOWN], names=names),
            "failed_count": failed_renewals.failed_count(),
            "failed": failed_renewals.failed_rows(names=names),
            "recovered": failed_renewals.recovered(moment),
        }
        facts |= {"is_rehearsal": not conf.is_live(), "sends_mails": conf.recovery_mails(), "now": moment}
        return super().get_context_data(**kwargs) | facts | {"header_title": self.section}


class MonthTable(OverviewMixin, View):
    """The months to take away: sums and counts, and nobody's name."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return them as CSV."""
        months = supporter_months.last_months(now(), MONTHS)
        return _table("months.csv", [gift_months.CSV_COLUMNS, *gift_months.csv_rows(months)])


class CohortTable(OverviewMixin, View):
    """The cohorts to take away."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return them as CSV."""
        moment = now()
        return _table("cohorts.csv", supporter_months.cohort_csv(supporter_months.last_months(moment, MONTHS), moment))


class LapsedList(OverviewMixin, TemplateView):
    """Who gave and does not any more."""

    template_name = "funding/staff/lapsed.html"
    page_title = gettext_lazy("Lapsed")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return one page of them."""
        page = lapsed.lapsed_page(now(), number=self.request.GET.get("p"))
        rows = lapsed.lapsed_rows(list(page.object_list), names=policies.may_see_names(self.request.user))
        facts = {"page": page, "rows": rows, "may_export": policies.may_change_donors(self.request.user)}
        return super().get_context_data(**kwargs) | facts | {"header_title": self.page_title}


class LapsedTable(OverviewMixin, View):
    """The list to take away. A post: that names left the house is kept."""

    may = policies.may_change_donors
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return all of them as CSV, and keep who took them."""
        with transaction.atomic():
            response = _table("lapsed.csv", [lapsed.CSV_COLUMNS, *lapsed.csv_rows(now())])
            note_act(Act.NAMES_EXPORTED, by=request.user.pk, subject="lapsed.csv")
        return response


def _table(name: str, rows: Any) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    csv.writer(response).writerows(rows)
    return private(response)
