"""A sealed body as feed readers need it: addresses in full, nothing only this site's pages understand."""

from __future__ import annotations

import html
import re

_LINK = re.compile(r'(\s(?:href|src)=")(/[^"]*)"')
_ANCHOR = re.compile(r'(\shref=")(#[^"]*)"')
_NAME = re.compile(r' id="p-[0-9a-z-]+"')
_GONE = re.compile(r"<source [^>]*>|</?(?:picture|embed-card)[^>]*>|<sup class=\"ref\">.*?</sup>", re.DOTALL)


def for_feed(markup: str, *, site_url: str, page_url: str) -> str:
    """Return a sealed body for a feed: links and pictures with full addresses, cards as plain links."""
    base, page = html.escape(site_url.rstrip("/")), html.escape(page_url)
    plain = _NAME.sub("", _GONE.sub("", markup))
    plain = _LINK.sub(lambda match: f'{match[1]}{base}{match[2]}"', plain)
    return _ANCHOR.sub(lambda match: f'{match[1]}{page}{match[2]}"', plain)
