"""Discussions on pages of other sites: register a page, and get what to paste into it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from masthead.core.http import absolute_url, private
from masthead.discussion import selectors, services
from masthead.discussion.errors import DiscussionError
from masthead.discussion.models import OutsidePage
from masthead.discussion.staff.forms import NewPageForm, PageForm

PERMISSION = "discussion.embed_discussions"


@permission_required(PERMISSION)
@require_GET
def page_list(request: HttpRequest) -> HttpResponse:
    """List the pages, those that were registered last first."""
    context = {
        "page_title": _("On other sites"),
        "header_icon": "code",
        "rows": selectors.outside_pages(),
        "origins": settings.MASTHEAD.embed.origins,
    }
    return private(render(request, "discussion/staff/outside.html", context))


@permission_required(PERMISSION)
@require_http_methods(["GET", "POST"])
def page_new(request: HttpRequest) -> HttpResponse:
    """Register a page."""
    form = NewPageForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            page = services.register_page(**form.cleaned_data)
        except DiscussionError as error:
            _show(form, error)
        else:
            messages.success(request, _("Registered. Now paste the lines below into the page."))
            return redirect("discussion_staff:outside-edit", page.public_id)
    return _form_page(request, form, {"page_title": _("A page of another site")})


@permission_required(PERMISSION)
@require_http_methods(["GET", "POST"])
def page_edit(request: HttpRequest, page_id: str) -> HttpResponse:
    """Show what to paste, and change what is said of the page."""
    page = selectors.outside_page(page_id)
    known = {"address": page.address, "title": page.title, "comments": page.comments}
    form = PageForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        try:
            services.change_page(page_id=page_id, **form.cleaned_data)
        except DiscussionError as error:
            _show(form, error)
        else:
            messages.success(request, _("Changed."))
            return redirect("discussion_staff:outside-edit", page_id)
    context = {"page_title": page.title, "page": page, "snippet": _snippet(page), "unlisted": _unlisted(page)}
    return _form_page(request, form, context)


def _show(form: forms.Form, error: DiscussionError) -> None:
    form.add_error(getattr(error, "field", "") or None, error.message())


def _form_page(request: HttpRequest, form: forms.Form, context: dict[str, Any]) -> HttpResponse:
    more = {"form": form, "header_icon": "code", "action_url": request.path, "submit_button_label": _("Save")}
    reply = render(
        request, "discussion/staff/outside_form.html", {**context, **more}, status=422 if form.errors else 200
    )
    return private(reply)


def _snippet(page: OutsidePage) -> str:
    """Return what is to be pasted: a link for everybody, which the script replaces."""
    address = absolute_url(reverse("discussion:outside-page", args=[page.public_id]))
    values = {"address": address, "key": page.key, "script": absolute_url("/embed.js"), "site": settings.MASTHEAD.site}
    return render_to_string("discussion/staff/snippet.html", values).strip()


def _unlisted(page: OutsidePage) -> str:
    """Return the page's origin if the settings do not list it, so that the discussion would stay a link."""
    parts = urlsplit(page.address)
    origin = f"{parts.scheme}://{parts.netloc.lower()}"
    return "" if origin in settings.MASTHEAD.embed.origins else origin
