"""Request in, reply out. All of it is for one person and never stored; no form carries a token (see edge)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from masthead.core.http import client_ip, fragment, ip_prefix, private, wants_fragment
from masthead.notifications import links, selectors, services
from masthead.notifications.errors import LinkNotValid
from masthead.notifications.forms import ManageForm, SubscribeForm
from masthead.notifications.models import Recipient


@csrf_exempt
def subscription_create(request: HttpRequest) -> HttpResponse:
    """*Notify of*: the same answer for every address, known or not."""
    address = selectors.proven_address(_user_id(request))
    form = SubscribeForm(request.POST or None, proven_address=address, auto_id="id_notify_%s")
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form)
    data = form.cleaned_data
    network = ip_prefix(client_ip(request))
    services.subscribe(**data, network=network, user_id=_user_id(request))
    at_once = data["address"] == address
    if wants_fragment(request):
        return fragment(request, "notifications/_asked.html", {"at_once": at_once})
    query = urlencode({"topic": data["topic"], **({"now": "1"} if at_once else {})})
    return redirect(f"{reverse('notifications:subscription-asked')}?{query}", permanent=False)


def _form_page(request: HttpRequest, form: SubscribeForm) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    if wants_fragment(request):
        return fragment(request, "notifications/_notify_form.html", {"form": form}, status=status)
    if not form.is_bound:
        form.initial["topic"] = request.GET.get("topic", "")
    return private(render(request, "notifications/subscription_form.html", {"form": form}, status=status))


def subscription_asked(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    topic = selectors.topic_named(request.GET.get("topic", ""))
    context = {"topic": topic, "at_once": "now" in request.GET}
    return private(render(request, "notifications/subscription_asked.html", context))


@csrf_exempt
def subscription_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what would be confirmed; the button confirms. Opening the page changes nothing (research rule 2)."""
    subscription, kind = selectors.subscription_for(token)
    if request.method == "POST":
        services.confirm(token=token)
        return redirect(f"{links.manage_path(subscription.recipient.public_id)}?done=confirmed")
    topic = selectors.topic_named(subscription.topic)
    context = {"topic": topic, "kind_label": subscription.Kind(kind).label}
    return private(render(request, "notifications/subscription_confirm.html", context))


@csrf_exempt
def subscription_list(request: HttpRequest, token: str) -> HttpResponse:
    """List all subscriptions of the address the link was sent to, and change them."""
    recipient = selectors.recipient_for(token)
    if request.method == "POST":
        return redirect(f"{request.path}?done={_change(request, recipient)}")
    context = {
        "subscriptions": selectors.subscriptions_of(recipient),
        "address": recipient.address,
        "kinds": SubscribeForm.base_fields["kind"].choices,  # type: ignore[attr-defined]
        "done": request.GET.get("done", ""),
    }
    return private(render(request, "notifications/subscription_list.html", context))


def _change(request: HttpRequest, recipient: Recipient) -> str:
    form = ManageForm(request.POST)
    if not form.is_valid():
        return "nothing"
    subscription_id, action = form.cleaned_data["subscription"], form.cleaned_data["action"]
    if action == "stop-all":
        services.unsubscribe_all(recipient=recipient)
    elif action == "stop":
        services.unsubscribe(recipient=recipient, subscription_id=subscription_id)
    elif form.cleaned_data["kind"]:
        services.change_kind(recipient=recipient, subscription_id=subscription_id, kind=form.cleaned_data["kind"])
    return action  # type: ignore[no-any-return]


@csrf_exempt
def subscription_stop(request: HttpRequest, token: str) -> HttpResponse:
    """One-click unsubscribe (RFC 8058): mail programs POST here without a cookie; people get a page with a button."""
    recipient_id, topic = links.read_stop(token)
    context = {
        "topic": selectors.topic_named(topic),
        "manage_url": links.manage_path(recipient_id),
        "done": request.method == "POST",
    }
    if request.method == "POST":
        services.stop_topic(token=token)
    return private(render(request, "notifications/subscription_stop.html", context))


def subscription_mine(request: HttpRequest) -> HttpResponse:
    """Lead a member to the subscriptions of the address they have proven."""
    path = selectors.manage_path_of(selectors.proven_address(_user_id(request)))
    if path is None:
        raise LinkNotValid
    return private(redirect(path))


def _user_id(request: HttpRequest) -> int | None:
    return None if isinstance(request.user, AnonymousUser) else request.user.pk
