"""What the worker gave up, with the reason, and a button to send it again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from masthead.outbox import policies, selectors, services

SHOWN = 100


class FailedDeliveries(WagtailAdminTemplateMixin, TemplateView):
    """One page: how the worker keeps up, and what it gave up."""

    page_title = _("Outbox")
    header_icon = "mail"
    template_name = "outbox/staff/failed.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Turn away those whom the policy does not let in."""
        if not policies.may_replay(request.user):
            denied: HttpResponseBase = permission_denied(request)
            return denied
        reply: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return reply

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the state of things."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        failed = selectors.failed_deliveries()[:SHOWN]
        return {**context, "lag": selectors.lag(), "failed": failed, "chores": selectors.failing_chores()}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send again: one event's failed deliveries, or all."""
        chosen = request.POST.get("event", "")
        count = services.replay(event_ids=[chosen] if chosen else None, only_failed=True)
        said = ngettext("%(count)s delivery is sent again.", "%(count)s deliveries are sent again.", count)
        messages.success(request, said % {"count": count})
        return redirect("outbox_failed")
