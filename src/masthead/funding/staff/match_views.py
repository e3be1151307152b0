"""What sponsors promise to add. Each view: parse, call, reply."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from masthead.core.clock import now
from masthead.core.display import amount
from masthead.funding import match_words, policies, selectors, services
from masthead.funding.campaign_errors import NoCampaign
from masthead.funding.selectors.matches import match_by_id, matches_of
from masthead.funding.staff.campaign_forms import MatchForm
from masthead.funding.staff.views import StaffForm, StaffMixin


class MatchList(StaffMixin, TemplateView):
    """Every promise that stands, in the words that readers see."""

    may = policies.may_set_goal
    template_name = "funding/staff/matches.html"
    section = gettext_lazy("Matching gifts")
    section_url = "funding_staff:matches"
    page_title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return a row for each."""
        found = [each for campaign in selectors.all_campaigns() for each in matches_of(campaign.slug, now())]
        rows = [{"match": each, "words": " ".join(match_words.sentences(each))} for each in found]
        return super().get_context_data(**kwargs) | {"rows": rows, "header_title": self.section}


class MatchPromise(StaffForm):
    """Note a promise."""

    may = policies.may_set_goal
    form_class = MatchForm
    section = gettext_lazy("Matching gifts")
    section_url = "funding_staff:matches"
    page_title = gettext_lazy("A sponsor’s promise")
    submit_label = gettext_lazy("Tell readers")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the campaigns."""
        campaigns = selectors.shown_campaigns()
        if not campaigns:
            raise NoCampaign()
        return {**super().get_form_kwargs(), "campaigns": campaigns}

    def act(self, form: Any) -> str:
        """Note it."""
        match = services.promise_match(recorded_by=self.request.user.pk, **form.promise())
        said = {"sponsor": match.sponsor, "cap": amount(match.cap)}
        return _("Readers are told that %(sponsor)s adds up to %(cap)s.") % said


class MatchWithdraw(StaffMixin, View):
    """Tell of a promise no more."""

    may = policies.may_set_goal
    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Withdraw it."""
        match = match_by_id(public_id)
        if match is None:
            raise Http404
        services.withdraw_match(match=match, withdrawn_by=request.user.pk)
        messages.success(request, _("Readers are told of it no more."))
        return redirect("funding_staff:matches")
