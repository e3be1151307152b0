"""One mail, written the same way by every app: a subject, a text part and an HTML part from one folder of templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string

from masthead.core.text import one_line


def host() -> str:
    """Return the name of the site's host, for ``Message-ID`` and such."""
    return urlsplit(settings.MASTHEAD.site.url).hostname or "localhost"


def compose(
    folder: str, values: Mapping[str, Any], *, to: str, headers: Mapping[str, str] | None = None
) -> EmailMultiAlternatives:
    """Render ``<folder>/subject.txt``, ``body.txt`` and ``body.html`` into a mail to one address.

    Text parts are never HTML-escaped; the HTML part always is. Header values are brought to one line.
    """
    context = {"site": settings.MASTHEAD.site, **values}
    message = EmailMultiAlternatives(
        subject=one_line(_plain(f"{folder}/subject.txt", context)),
        body=_plain(f"{folder}/body.txt", context).strip() + "\n",
        to=[to],
        headers={name: one_line(value, limit=900) for name, value in (headers or {}).items()},
    )
    message.attach_alternative(render_to_string(f"{folder}/body.html", context), "text/html")
    return message


def _plain(name: str, context: dict[str, Any]) -> str:
    template: Any = get_template(name)
    text: str = template.template.render(Context(context, autoescape=False))
    return text
