"""Record, list and take back gifts; book pledges. Each view: parse, call, reply."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from masthead.core.clock import now
from masthead.core.display import amount
from masthead.core.errors import DomainError
from masthead.funding import policies, selectors, services
from masthead.funding.models import Gift, Pledge
from masthead.funding.selectors.matches import all_matches, match_by_id
from masthead.funding.staff import forms

Row = TypeVar("Row", Gift, Pledge)


class StaffMixin(WagtailAdminTemplateMixin):
    """A page of the admin for those whom one policy lets in."""

    may: ClassVar[Callable[[Any], bool]] = policies.may_see_gifts
    request: HttpRequest
    header_icon = "history"
    section: Any = gettext_lazy("Gifts")
    section_url = "funding_staff:gifts"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Turn away everybody else."""
        if not type(self).may(request.user):
            reply: HttpResponseBase = permission_denied(request)
            return reply
        handled: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return handled

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        section = {"url": reverse(self.section_url), "label": self.section}
        here = [{"url": "", "label": self.get_page_title()}] if self.get_page_title() else []
        return [*self.breadcrumbs_items, section, *here]


class FormPage(StaffMixin, FormView):  # type: ignore[type-arg]  # Django's own class takes no argument
    """A form that is shown again, with everything that was typed, when it cannot be taken."""

    template_name = "funding/staff/form.html"
    submit_label: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the button and what the form is about."""
        facts = {"submit_button_label": self.submit_label, "action_url": self.request.path}
        return super().get_context_data(**{**facts, **kwargs})

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again, with a status that says so."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class StaffForm(FormPage, ABC):
    """A form that does one thing, and whose refusals stand on the page."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it; show a refusal in the form."""
        try:
            said = self.act(form)
        except DomainError as refusal:
            form.add_error(None, refusal.message())
            return self.form_invalid(form)
        messages.success(self.request, said)
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        """Lead back to the list."""
        return reverse(self.section_url)

    @abstractmethod
    def act(self, form: Any) -> str:
        """Call the service and say what was done."""


class GiftList(StaffMixin, TemplateView):
    """All gifts with their people."""

    template_name = "funding/staff/gifts.html"
    page_title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return one page of gifts."""
        search = self.request.GET.get("q", "").strip()[:200]
        names = policies.may_see_names(self.request.user)
        page = selectors.gift_page(number=self.request.GET.get("p"), search=search, names=names)
        rows = selectors.gift_rows(page, names=names)
        facts = {"page": page, "rows": rows, "q": search, "meter": selectors.meter(now()), "header_title": self.section}
        may = {"may_record": policies.may_record_gift, "may_reverse": policies.may_reverse_gift}
        may |= {"may_hide": policies.may_hide_names, "may_refund": policies.may_refund}
        may |= {"may_see_names": policies.may_see_names, "may_see_receipts": policies.may_see_receipts}
        return super().get_context_data(**kwargs) | facts | {key: ask(self.request.user) for key, ask in may.items()}


class GiftRecord(StaffForm):
    """Write money into the books."""

    may = policies.may_record_gift
    form_class = forms.GiftForm
    page_title = gettext_lazy("Record a gift")
    submit_label = gettext_lazy("Record gift")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form its currency."""
        open_campaign = selectors.open_campaign()
        same = [each for each in selectors.shown_campaigns() if each.currency == open_campaign.currency]
        offered = [(each.slug, str(each)) for each in same]
        promised = [(each.public_id, f"{each.sponsor} ({each.campaign})") for each in all_matches()]
        choices = {"campaigns": offered, "matches": promised}
        return {**super().get_form_kwargs(), "currency": open_campaign.currency, **choices}

    def act(self, form: Any) -> str:
        """Record the gift."""
        slug = form.cleaned_data.get("campaign")
        campaign = selectors.shown_campaign(slug) if slug else selectors.open_campaign()
        match = match_by_id(form.cleaned_data.get("match") or "")
        facts: dict[str, Any] = {"campaign": campaign, "recorded_by": self.request.user.pk}
        slip = form.cleaned_data["slip"]
        if slip:
            photo = slip.read(services.SLIP_BYTES + 1)
            gift = services.record_gift_with_slip(slip=photo, match=match, **facts, **form.facts())
        elif match:
            gift = services.record_sponsor_gift(match=match, **facts, **form.facts())
        else:
            gift = services.record_gift(**facts, **form.facts())
        said = {"amount": amount(form.cleaned_data["amount"]), "donor": gift.donor_name}
        return _("%(amount)s from %(donor)s is recorded.") % said


class GiftReverse(StaffForm):
    """Take a gift back."""

    may = policies.may_reverse_gift
    form_class = forms.ReversalForm
    page_title = gettext_lazy("Reverse a gift")
    submit_label = gettext_lazy("Reverse gift")
    template_name = "funding/staff/gift_reverse.html"

    def gift(self) -> Gift:
        """Return the gift, or answer 404."""
        return _found(selectors.gift_for_staff(self.kwargs["public_id"]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the gift."""
        return super().get_context_data(row=gift_row(self.gift(), self.request), **kwargs)

    def act(self, form: Any) -> str:
        """Reverse the gift."""
        gift = self.gift()
        services.reverse_gift(gift=gift, reason=form.cleaned_data["reason"], recorded_by=self.request.user.pk)
        return _("%(amount)s is reversed.") % {"amount": amount(gift_row(gift, self.request).amount)}


class PledgeList(StaffMixin, TemplateView):
    """Who means to give."""

    template_name = "funding/staff/pledges.html"
    section = gettext_lazy("Pledges")
    section_url = "funding_staff:pledges"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return one page of pledges."""
        search = self.request.GET.get("q", "").strip()[:200]
        names = policies.may_see_names(self.request.user)
        page = selectors.pledge_page(number=self.request.GET.get("p"), search=search, names=names)
        rows = selectors.pledge_rows(page, names=names)
        facts = {"page": page, "rows": rows, "q": search, "header_title": self.section, "may_see_names": names}
        return super().get_context_data(**kwargs) | facts | {"may_record": policies.may_record_gift(self.request.user)}


class PledgeFulfil(StaffForm):
    """The money of a pledge is here."""

    may = policies.may_record_gift
    form_class = forms.ArrivalForm
    page_title = gettext_lazy("Money arrived")
    submit_label = gettext_lazy("Record gift")
    section = gettext_lazy("Pledges")
    section_url = "funding_staff:pledges"
    template_name = "funding/staff/pledge_fulfil.html"

    def pledge(self) -> Pledge:
        """Return the pledge, or answer 404."""
        return _found(selectors.pledge_for_staff(self.kwargs["public_id"]))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Start with what was announced."""
        return {**super().get_form_kwargs(), "currency": self.pledge().currency}

    def get_initial(self) -> dict[str, Any]:
        """Start with what was announced."""
        return {"amount": self.pledge().amount.plain}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the pledge."""
        pledge = self.pledge()
        return super().get_context_data(pledge=pledge, name=self.name_of(pledge), **kwargs)

    def name_of(self, pledge: Pledge) -> str:
        """Return who announced it, to those who may see that."""
        return pledge.name if policies.may_see_names(self.request.user) else _("name hidden")

    def act(self, form: Any) -> str:
        """Record the gift of the pledge."""
        pledge, told = self.pledge(), form.cleaned_data
        services.fulfil_pledge(
            pledge=pledge,
            amount=told["amount"],
            method=told["method"],
            received_at=form.received_at(),
            external_id=told["key"],
            recorded_by=self.request.user.pk,
        )
        return _("%(amount)s from %(donor)s is recorded.") % {
            "amount": amount(told["amount"]),
            "donor": self.name_of(pledge),
        }


class PledgeClose(StaffMixin, View):
    """Expect no money any more, or again."""

    may = policies.may_record_gift
    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Close or reopen the pledge."""
        closed = request.POST.get("closed") != "no"
        pledge = _found(selectors.pledge_for_staff(public_id))
        services.close_pledge(pledge=pledge, closed=closed, decided_by=request.user.pk)
        messages.success(request, _("The pledge is closed.") if closed else _("The pledge is open again."))
        return redirect("funding_staff:pledges")


def gift_row(gift: Gift, request: HttpRequest) -> selectors.GiftRow:
    """Return a gift as the person may read it who asks."""
    return selectors.gift_row(gift, names=policies.may_see_names(request.user))


def _found(row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row
