"""The template tags every template has: registered as builtins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from masthead.core import assets, avatars, display, slots, worded
from masthead.core.money import Money

register = template.Library()


@register.simple_tag
def element(name: str, /, **values: Any) -> SafeString:
    """Render ``elements/<name>.html`` with these values and nothing else."""
    return render_to_string(f"elements/{name}.html", values)


@register.simple_block_tag(end_name="endelementblock")
def elementblock(content: str, name: str, /, **values: Any) -> SafeString:
    """Render ``elements/<name>.html`` with these values and what stands inside as ``content``."""
    return render_to_string(f"elements/{name}.html", {**values, "content": content})


@register.filter
def machine_time(moment: datetime) -> str:
    """Write a moment for ``datetime=``: in the site's zone, whole seconds (HTML allows at most milliseconds)."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


@register.filter
def money(value: Money) -> str:
    """Write an amount as this site writes amounts."""
    return display.amount(value)


@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str, key: str = "", **options: Any) -> SafeString:
    """Render what the project put into the slot ``name`` for ``key``."""
    request = context.get("request")
    if request is None:
        return SafeString("")
    return slots.render(request, name, key, **options)


@register.simple_block_tag(takes_context=True, end_name="end_open_slot")
def open_slot(context: template.Context, content: str, name: str, key: str = "", **options: Any) -> SafeString:
    """Render a slot that a kept page leaves open; what stands inside is shown where nothing fills it."""
    request = context.get("request")
    if request is None:
        return SafeString(content)
    return slots.render_or_leave(request, name, key, content, **options)


class OnceNode(template.Node):
    """Keeps what stands inside for each language, as long as the site's settings and its wording are the same."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self.kept: dict[str | None, tuple[object, int, SafeString]] = {}

    def render(self, context: template.Context) -> SafeString:
        """Render what stands inside, the first time."""
        language = get_language()
        site, edition, html = self.kept.get(language, (None, 0, SafeString("")))
        if site is not settings.MASTHEAD or edition != worded.Edition.number:
            edition = worded.Edition.number
            html = self.nodelist.render(context)
            self.kept[language] = (settings.MASTHEAD, edition, html)
        return html


@register.tag
def once(parser: template.base.Parser, token: template.base.Token) -> OnceNode:
    """Render what stands inside once per process: it may show the site's settings, and nothing of the page."""
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodelist)


@register.simple_tag
def avatar(seed: str) -> SafeString:
    """Draw the face that belongs to ``seed``; decorative, so the name must stand beside it."""
    return format_html(
        '<svg class="avatar avatar-{}" viewBox="0 0 9 9" width="26" height="26" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        avatars.avatar_tone(str(seed)),
        avatars.avatar_path(str(seed)),
    )


@register.simple_tag
def importmap() -> SafeString:
    """Print the import map of all modules; the content policy allows exactly this text."""
    return assets.importmap()


@register.simple_tag
def stylesheet() -> SafeString:
    """Print the link to the one stylesheet of this release and this site's accent."""
    address = reverse("stylesheet", kwargs={"digest": assets.stylesheet().digest})
    return format_html('<link rel="stylesheet" href="{}">', address)
