"""See, add and change receivers. Each view: parse, call, reply."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from masthead.core import ports
from masthead.core.errors import DomainError
from masthead.hooks import policies, selectors, services
from masthead.hooks.models import Hook
from masthead.hooks.ports import Catalogue
from masthead.hooks.presenters import outcome
from masthead.hooks.staff.forms import HookForm, SinceForm, initial_of

_SECRET = "hooks.secret"  # noqa: S105 - the name of a place


class Staff(WagtailAdminTemplateMixin):
    """A page of the admin for those who may look after webhooks."""

    request: HttpRequest
    kwargs: dict[str, Any]
    header_icon = "link"
    page_title: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Turn away everybody else; what stands here stays in nobody's cache."""
        if not policies.may_manage(request.user):
            denied: HttpResponseBase = permission_denied(request)
            return denied
        reply: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        reply["Cache-Control"] = "private, no-store"
        return reply

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here; the last of it is the heading."""
        items = [*self.breadcrumbs_items, {"url": reverse("hooks:list"), "label": _("Webhooks")}]
        if "hook" in self.kwargs:
            items.append({"url": reverse("hooks:hook", args=[self.kwargs["hook"]]), "label": self.hook().address})
        return [*items, {"url": "", "label": self.page_title}] if self.page_title else items

    def hook(self) -> Hook:
        """Return the receiver that the address names, or answer 404."""
        if "found" not in self.__dict__:
            self.found = selectors.hook_by_id(self.kwargs["hook"])
        if self.found is None:
            raise Http404
        return self.found

    def back(self) -> HttpResponse:
        """Return to the receiver's page."""
        return redirect("hooks:hook", self.kwargs["hook"])

    def show_once(self, hook: Hook, secret: str) -> None:
        """Let the next look of this person at the receiver's page show its new secret."""
        self.request.session[_SECRET] = [hook.public_id, secret]


class HookList(Staff, TemplateView):
    """All receivers with their last answers, and who did what."""

    template_name = "hooks/staff/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read it all now."""
        rows = [(row, outcome(row.last) if row.last else "") for row in selectors.hook_rows()]
        facts = {"rows": rows, "acts": selectors.acts(), "header_title": _("Webhooks")}
        return {**super().get_context_data(**kwargs), **facts}


class HookPage(Staff, TemplateView):
    """One receiver: how it stands, what it was sent, and what can be done."""

    template_name = "hooks/staff/hook.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was sent; the secret only where it is new."""
        hook = self.hook()
        page = selectors.deliveries(hook, self.request.GET.get("p"))
        facts = {
            "hook": hook,
            "page": page,
            "rows": [(row, outcome(row)) for row in page],
            "secret": self._new_secret(hook),
            "secrets": selectors.secrets_of(hook),
            "not_taken": selectors.not_taken(hook),
            "kinds": [kind for kind in ports.get(Catalogue).kinds() if kind.type in hook.types],
            "is_on": hook.state == Hook.State.ON,
            "since": SinceForm(),
            "acts": selectors.acts(hook),
            "header_title": hook.address,
        }
        return {**super().get_context_data(**kwargs), **facts}

    def _new_secret(self, hook: Hook) -> str:
        whose, secret = self.request.session.get(_SECRET, ["", ""])
        if whose != hook.public_id:
            return ""
        del self.request.session[_SECRET]
        return str(secret)


class HookAdd(Staff, FormView):  # type: ignore[type-arg]  # Django's own class takes no argument
    """Add one; a refusal stands in the form, with everything that was typed."""

    template_name = "hooks/staff/form.html"
    form_class = HookForm
    page_title = gettext_lazy("Add a webhook")
    submit_label: Any = gettext_lazy("Add webhook")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the button."""
        facts = {"submit_button_label": self.submit_label, "action_url": self.request.path}
        return super().get_context_data(**{**facts, **kwargs})

    def form_valid(self, form: HookForm) -> HttpResponse:
        """Do it; show a refusal in the form."""
        try:
            return self.act(form)
        except DomainError as refusal:
            form.add_error(None, refusal.message())
            return self.form_invalid(form)

    def form_invalid(self, form: HookForm) -> HttpResponse:
        """Show the form again, with a status that says so."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def act(self, form: HookForm) -> HttpResponse:
        """Add it, and show its secret on its page."""
        hook, secret = services.add_hook(**form.facts(), by=self.request.user)
        self.show_once(hook, secret)
        messages.success(self.request, _("The webhook is added. Send it a test message when your program listens."))
        return redirect("hooks:hook", hook.public_id)


class HookChange(HookAdd):
    """Let it stand elsewhere or be told other things."""

    page_title = gettext_lazy("Change")
    submit_label = gettext_lazy("Save")

    def get_initial(self) -> dict[str, Any]:
        """Start with what holds."""
        return initial_of(self.hook())

    def act(self, form: HookForm) -> HttpResponse:
        """Change it."""
        services.change_hook(hook=self.hook(), **form.facts(), by=self.request.user)
        messages.success(self.request, _("The webhook is changed."))
        return self.back()
