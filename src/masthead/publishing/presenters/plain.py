"""A plain page as it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.encoding import iri_to_uri
from django.utils.safestring import SafeString, mark_safe

from masthead.core.http import absolute_url
from masthead.publishing import selectors
from masthead.publishing.models import PlainPage
from masthead.publishing.rules import text
from masthead.publishing.services.body_html import render_body, sources_of


@dataclass(frozen=True)
class Plain:
    """All that the template of a plain page shows."""

    title: str
    heading: str
    introduction: str
    description: str
    canonical: str
    html: SafeString
    tags: list[str]


def plain_page(page: PlainPage) -> Plain:
    """Render a plain page: a few blocks, seldom read, so it is not sealed."""
    blocks = page.body.get_prep_value()
    html, _used = render_body(blocks)
    pictures, links = sources_of(blocks)
    path = selectors.path_of(page) if page.url_path else ""
    return Plain(
        title=page.seo_title or page.title,
        heading=page.title,
        introduction=page.introduction,
        description=page.search_description or text.shortened(page.introduction or text.plain(html), 200),
        canonical=absolute_url(str(iri_to_uri(path))),
        html=mark_safe(html),  # noqa: S308 - cleaned and escaped by render_body
        tags=[
            *(f"picture:{pk}" for pk in sorted(pictures)),
            *(f"document:{pk}" if kind == "document" else f"link:{pk}" for kind, pk in sorted(links)),
        ],
    )
