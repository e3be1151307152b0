"""Who did what. Each view: parse, call, reply."""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from masthead.core.http import private
from masthead.funding import policies
from masthead.funding.selectors import acts
from masthead.funding.staff.views import StaffMixin


class ActList(StaffMixin, TemplateView):
    """All acts, the newest first."""

    template_name = "funding/staff/acts.html"
    may = policies.may_see_acts
    section = gettext_lazy("Who did what")
    section_url = "funding_staff:acts"
    page_title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return one page of them."""
        page = acts.act_page(number=self.request.GET.get("p"))
        facts = {"page": page, "rows": acts.act_rows(page.object_list), "header_title": self.section}
        return super().get_context_data(**kwargs) | facts


class ActTable(StaffMixin, View):
    """The same to take away."""

    may = policies.may_see_acts
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return all of them as CSV."""
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="acts.csv"'
        writer = csv.writer(response)
        writer.writerow(acts.CSV_COLUMNS)
        writer.writerows(acts.csv_rows())
        return private(response)
