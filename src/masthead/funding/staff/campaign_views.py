"""Set what is collected for. Each view: parse, call, reply."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from masthead.core.display import amount
from masthead.funding import conf, policies, selectors, services, working_words
from masthead.funding.staff.campaign_forms import CampaignForm
from masthead.funding.staff.views import StaffForm


class CampaignEdit(StaffForm):
    """Set the title and the goal of the active campaign, or open the first one."""

    may = policies.may_set_goal
    form_class = CampaignForm
    section = gettext_lazy("Campaign")
    section_url = "funding_staff:campaign"
    submit_label = gettext_lazy("Save")
    template_name = "funding/staff/campaign.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form its currency."""
        campaign = selectors.active_campaign()
        return {**super().get_form_kwargs(), "currency": campaign.currency if campaign else conf.currency()}

    def get_initial(self) -> dict[str, Any]:
        """Start with what is set."""
        campaign = selectors.active_campaign()
        goals = selectors.goal_history(campaign) if campaign else []
        if not campaign or not goals:
            return {}
        terms = goals[0].terms
        days = {"starts_on": terms.starts_on, "ends_on": terms.ends_on}
        counted = {"period": terms.period, "counts": terms.counts, **days}
        return {"title": campaign.title, "goal": goals[0].amount.plain, **counted}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the goals of the past."""
        campaign = selectors.active_campaign()
        goals = selectors.goal_history(campaign) if campaign else []
        facts = {"goals": [(goal.since, working_words.goal_words(goal)) for goal in goals], "header_title": self.section}
        return super().get_context_data(**kwargs) | facts

    def act(self, form: Any) -> str:
        """Save the campaign."""
        campaign, told = selectors.active_campaign(), form.cleaned_data
        services.put_campaign(
            slug=campaign.slug if campaign else form.slug(),
            goal=told["goal"],
            title=told["title"],
            terms=form.terms(),
            recorded_by=self.request.user.pk,
        )
        return _("The campaign is saved. The goal is %(goal)s.") % {"goal": amount(told["goal"])}
