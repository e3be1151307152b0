"""Take names off the page of thanks."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages

from masthead.funding import policies, selectors, services
from masthead.funding.staff.views import StaffMixin


class NameHide(StaffMixin, View):
    """Hide the name of a gift, or let it stand again."""

    may = policies.may_hide_names
    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Do it."""
        gift = selectors.gift_for_staff(public_id)
        if gift is None:
            raise Http404
        hidden = request.POST.get("hidden") != "no"
        services.hide_name(gift=gift, hidden=hidden, decided_by=request.user.pk)
        messages.success(
            request, _("Readers do not see the name any more.") if hidden else _("The name may be seen again.")
        )
        return redirect("funding_staff:gifts")
