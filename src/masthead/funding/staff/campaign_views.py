"""Set what is collected for. Each view: parse, call, reply."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from masthead.core.clock import now
from masthead.core.display import amount
from masthead.funding import conf, policies, presenters, selectors, services, working_words
from masthead.funding.models import Campaign
from masthead.funding.services.campaigns import RESERVED
from masthead.funding.staff.campaign_forms import BESIDE, CLOSED, MAIN, CampaignForm
from masthead.funding.staff.views import StaffForm, StaffMixin


class CampaignList(StaffMixin, TemplateView):
    """All campaigns, where readers find them and where they stand."""

    template_name = "funding/staff/campaigns.html"
    may = policies.may_set_goal
    section = gettext_lazy("Campaigns")
    section_url = "funding_staff:campaigns"
    page_title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return a row for each."""
        rows = [_row(campaign) for campaign in selectors.all_campaigns()]
        return super().get_context_data(**kwargs) | {"rows": rows, "header_title": self.section}


class CampaignEdit(StaffForm):
    """Set title, goal, time and text of a campaign: of the active one, or of the one that the address names."""

    may = policies.may_set_goal
    form_class = CampaignForm
    section = gettext_lazy("Campaigns")
    section_url = "funding_staff:campaigns"
    submit_label = gettext_lazy("Save")
    template_name = "funding/staff/campaign.html"

    def campaign(self) -> Campaign | None:
        """Return the campaign; none while the first is still to be opened."""
        slug = self.kwargs.get("slug")
        found = selectors.campaign_by_slug(slug) if slug else selectors.active_campaign()
        if slug and found is None:
            raise Http404
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form its currency."""
        campaign = self.campaign()
        return {**super().get_form_kwargs(), "currency": campaign.currency if campaign else conf.currency()}

    def get_initial(self) -> dict[str, Any]:
        """Start with what is set."""
        campaign = self.campaign()
        return _set_in(campaign) if campaign else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the goals of the past."""
        campaign = self.campaign()
        goals = selectors.goal_history(campaign) if campaign else []
        told = [(goal.since, working_words.goal_words(goal)) for goal in goals]
        title = str(campaign) if campaign else _("New campaign")
        return super().get_context_data(**kwargs) | {"goals": told, "header_title": title, "is_new": campaign is None}

    def act(self, form: Any) -> str:
        """Save the campaign."""
        campaign, told = self.campaign(), form.cleaned_data
        taken = RESERVED | {each.slug for each in selectors.all_campaigns()}
        services.put_campaign(
            slug=campaign.slug if campaign else form.slug(taken),
            goal=told["goal"],
            title=told["title"],
            active=told["place"] == MAIN,
            beside=told["place"] == BESIDE,
            text=told["text"],
            amounts=told["amounts"],
            wall=told["wall"],
            terms=form.terms(),
            recorded_by=self.request.user.pk,
        )
        return _("The campaign is saved. The goal is %(goal)s.") % {"goal": amount(told["goal"])}


class CampaignNew(CampaignEdit):
    """Open another campaign."""

    def campaign(self) -> Campaign | None:
        """Return none: it is still to be opened."""
        return None

    def get_initial(self) -> dict[str, Any]:
        """Let it stand beside the active one, if there is one."""
        return {"place": BESIDE if selectors.active_campaign() else MAIN}


def _set_in(campaign: Campaign) -> dict[str, Any]:
    place = MAIN if campaign.is_active else BESIDE if campaign.is_beside else CLOSED
    own = [each.plain for each in selectors.amounts_of(campaign)] if campaign.amounts_minor else []
    found: dict[str, Any] = {"title": campaign.title, "place": place, "text": campaign.text, "amounts": "; ".join(own)}
    found["wall"] = campaign.has_wall
    goal = selectors.goal_history(campaign)[0]
    found |= {"goal": goal.amount.plain, "period": goal.terms.period, "counts": goal.terms.counts}
    return found | {"starts_on": goal.terms.starts_on, "ends_on": goal.terms.ends_on}


def _row(campaign: Campaign) -> dict[str, Any]:
    current = selectors.meter_of_campaign(campaign.slug, now())
    return {
        "campaign": campaign,
        "name": current.name if current else str(campaign),
        "sentence": presenters.meter_sentence(current) if current else "",
        "path": presenters.campaign_path(campaign.slug, is_main=campaign.is_active) if campaign.is_shown else "",
    }
