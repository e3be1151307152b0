"""What was put right in a story, as its page says it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from masthead.publishing.models import PublishedStory


def corrections_html(story: PublishedStory) -> SafeString:
    """Return the items of the list of corrections; empty where nothing was put right."""
    return format_html_join("", '<li id="correction-{}">{} {}{}</li>', (_item(item) for item in story.corrections))


def _item(item: dict[str, Any]) -> tuple[Any, ...]:
    moment = localtime(datetime.fromisoformat(item["at"]))
    when = format_html('<b><time datetime="{}">{}</time>.</b>', item["at"], date_format(moment, _("j F Y, H:i")))
    thanks = _("Thanks to %(name)s.") % {"name": item["credit"]} if item["credit"] else ""
    return item["id"], when, item["text"], f" {thanks}" if thanks else ""
