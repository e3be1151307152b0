"""Which stories brought supporters. The view: parse, call, reply."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from masthead.core.clock import now
from masthead.funding import conf, policies
from masthead.funding.rules.months import month_of, months_later
from masthead.funding.selectors.from_stories import brought
from masthead.funding.staff.views import StaffMixin

MONTHS_BACK = 11


class StoryList(StaffMixin, TemplateView):
    """The present month and the eleven before it."""

    template_name = "funding/staff/from_stories.html"
    may = policies.may_see_gifts
    section = gettext_lazy("From which story")
    section_url = "funding_staff:stories"
    page_title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read it all now."""
        since = month_of(months_later(now().astimezone(conf.zone()), -MONTHS_BACK), conf.zone())
        together, months = brought(since=since)
        facts = {"since": since, "together": together, "months": months, "header_title": self.section}
        return super().get_context_data(**kwargs) | facts
