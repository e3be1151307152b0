"""Find a phrase, and say it in the site's own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from masthead.wording import policies, selectors, services
from masthead.wording.errors import UnknownPhrase, WordingRefused, problem_text
from masthead.wording.rules.phrases import TAG, Phrase, placeholders

_LONG = 70


class Screen(WagtailAdminTemplateMixin, TemplateView):
    """What both screens have in common: who may see them."""

    page_title = gettext_lazy("Wording")
    header_icon = "edit"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Say where one is: the last of them is the heading."""
        items: list[dict[str, Any]] = super().get_breadcrumbs_items()
        return [*items, {"url": reverse("wording:list"), "label": self.page_title}]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Turn away those whom the policy does not let in."""
        if not policies.may_reword(request.user):
            denied: HttpResponseBase = permission_denied(request)
            return denied
        reply: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return reply


class Phrases(Screen):
    """Search in English or another language; without words, what the site says otherwise, and what is orphaned."""

    template_name = "wording/staff/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was found."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        known = selectors.languages()
        asked, words = self.request.GET.get("language", ""), self.request.GET.get("q", "")[:200]
        language = asked if asked in known else next(iter(known))
        found = selectors.find(language, words)
        more = {"languages": known, "language": language, "q": words, "found": found}
        return {**context, **more, "orphaned": [] if words else selectors.orphaned()}


class OnePhrase(Screen):
    """One phrase: ours, what must stay in it, and the site's own words for it."""

    template_name = "wording/staff/phrase.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the phrase and the form; ``typed`` is what was refused, ``wrong`` why, by form."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        language, name = self.kwargs["language"], self.kwargs["name"]
        phrase, row = selectors.phrase_of(language, name), selectors.wording_of(language, name)
        if phrase is None and row is None:
            raise Http404
        typed, wrong = kwargs.get("typed"), kwargs.get("wrong", {})
        more = {"phrase": phrase, "row": row, "language": language, "back": _list(language)}
        said = typed or (row.forms if row else phrase.ours if phrase else ())
        return {**context, **more, "forms": _forms(phrase, said, wrong) if phrase else [], "kept": _kept(phrase)}

    def post(self, request: HttpRequest, language: str, name: str) -> HttpResponse:
        """Save, or say it as we do again."""
        if "reset" in request.POST:
            services.reset_wording(language=language, name=name)
            messages.success(request, _("The site says it in our words again."))
            return redirect(_list(language))
        typed = request.POST.getlist("form")[:10]
        try:
            services.reword(language=language, name=name, forms=typed, by=request.user)
        except UnknownPhrase:
            raise Http404 from None
        except WordingRefused as error:
            wrong = _by_form(error)
            return self.render_to_response(self.get_context_data(typed=typed, wrong=wrong), status=error.status)
        messages.success(request, _("The site says it so from now on."))
        return redirect(_list(language))


def _list(language: str) -> str:
    return f"{reverse('wording:list')}?{urlencode({'language': language})}"


def _by_form(error: WordingRefused) -> dict[int, list[str]]:
    wrong: dict[int, list[str]] = defaultdict(list)
    for problem in error.params["problems"]:
        wrong[problem.form].append(problem_text(problem))
    return wrong


def _forms(phrase: Phrase, said: Sequence[str], wrong: dict[int, list[str]]) -> list[dict[str, Any]]:
    """Return the fields, one for each plural form."""
    return [
        {
            "ours": ours,
            "value": said[number] if number < len(said) else "",
            "errors": wrong.get(number, []),
            "numbers": phrase.examples[number] if phrase.examples else "",
            "is_long": len(ours) > _LONG or "\n" in ours.strip(),
        }
        for number, ours in enumerate(phrase.ours)
    ]


def _kept(phrase: Phrase | None) -> list[str]:
    """Return what must stay in a wording as it is."""
    texts = phrase.ours if phrase else ()
    parts = [part for text in texts for part in [*placeholders(TAG.sub("", text)), *TAG.findall(text)]]
    return list(dict.fromkeys(parts))
