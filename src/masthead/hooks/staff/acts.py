"""What the buttons do. Each view: parse, call, reply."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from masthead.core.clock import now
from masthead.core.errors import DomainError
from masthead.hooks import selectors, services
from masthead.hooks.staff.forms import SinceForm
from masthead.hooks.staff.views import Staff


class Button(Staff, View):
    """Does one thing to a receiver and returns to its page; a refusal is said there."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it."""
        try:
            said = self.act(request)
        except DomainError as refusal:
            messages.error(request, refusal.message())
        else:
            messages.success(request, said)
        return self.back()

    def act(self, request: HttpRequest) -> str:
        """Call the service and say what was done."""
        raise NotImplementedError


class HookTest(Button):
    """Send a test message."""

    def act(self, request: HttpRequest) -> str:
        """Send it."""
        services.send_test(hook=self.hook(), by=request.user)
        return _("A test message is on its way. Look at this page again in a moment.")


class HookRotate(Button):
    """Give it a new secret."""

    def act(self, request: HttpRequest) -> str:
        """Give it, and show it once."""
        hook = self.hook()
        self.show_once(hook, services.rotate_secret(hook=hook, by=request.user))
        return _("There is a new secret. The former one signs beside it for a day.")


class HookSwitch(Button):
    """Switch it on or off."""

    def act(self, request: HttpRequest) -> str:
        """Switch it."""
        is_on = request.POST.get("on") == "yes"
        services.switch(hook=self.hook(), on=is_on, by=request.user)
        return _("The webhook is told again.") if is_on else _("The webhook is told nothing any more.")


class OneAgain(Button):
    """Send one message again."""

    def act(self, request: HttpRequest) -> str:
        """Send it."""
        delivery = selectors.delivery_by_id(self.hook(), self.kwargs["delivery"])
        if delivery is None:
            raise Http404
        services.send_again(delivery=delivery, by=request.user)
        return _("The message is sent again.")


class AllAgain(Button):
    """Send all again that was not taken."""

    def act(self, request: HttpRequest) -> str:
        """Send it, if the form says since when."""
        form = SinceForm(request.POST)
        if not form.is_valid():
            raise Http404
        since = now() - timedelta(hours=form.cleaned_data["hours"])
        count = services.send_all_again(hook=self.hook(), since=since, by=request.user)
        said = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", count)
        return said % {"count": count}


class HookDelete(Staff, TemplateView):
    """Ask once, for what is deleted cannot be brought back."""

    template_name = "hooks/staff/delete.html"
    page_title = gettext_lazy("Delete")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what."""
        return {**super().get_context_data(**kwargs), "hook": self.hook()}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Delete it."""
        services.delete_hook(hook=self.hook(), by=request.user)
        messages.success(request, _("The webhook is deleted."))
        return redirect("hooks:list")
