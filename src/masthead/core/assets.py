"""The stylesheet and the import map that every page names.

By convention an app's CSS lies in ``static/<app>/css/*.css`` and its modules in ``static/<app>/lib/*.js``. All CSS is
joined into one text (one request instead of ten), all modules are named ``masthead/<file name>`` in one import
map. Both are constant for the life of a process: the stylesheet's address holds its hash, and the content policy
allows the import map by its hash.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString

from masthead.core.colour import accent_css

LAYERS = ("reset", "tokens", "elements", "app", "theme")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*\n\s*")
_FONT = re.compile(r"url\(\"\.\./([^\"]+)\"\)")


@dataclass(frozen=True)
class Stylesheet:
    """One joined stylesheet: its text as sent, the same text compressed, and the hash that names it."""

    text: bytes
    compressed: bytes
    digest: str


@lru_cache(maxsize=1)
def stylesheet() -> Stylesheet:
    """Join the CSS of all apps, the site's accent last. Comments and line breaks are left out."""
    parts = [f"@layer {', '.join(LAYERS)};"]
    for label, path in files("css", ".css"):
        text = _SPACE.sub("\n", _COMMENT.sub("", path.read_text(encoding="utf-8"))).strip()
        pieces = _FONT.split(text)
        pieces[1::2] = [f'url("{static(f"{label}/{name}")}")' for name in pieces[1::2]]
        parts.append("".join(pieces))
    parts.append(f"@layer theme {{ {accent_css(settings.MASTHEAD.site.accent)} }}")
    joined = "\n".join(parts).encode()
    return Stylesheet(joined, gzip.compress(joined, 9, mtime=0), hashlib.sha256(joined).hexdigest()[:12])


@lru_cache(maxsize=1)
def importmap_text() -> str:
    """Return the JSON of the import map: ``masthead/<name>`` to the module's address in this release."""
    modules = {f"masthead/{path.stem}": static(f"{label}/lib/{path.name}") for label, path in files("lib", ".js")}
    return json.dumps({"imports": modules}, separators=(",", ":")).replace("<", "\\u003c")


@lru_cache(maxsize=1)
def importmap() -> SafeString:
    """Return the import map as the tag that stands in every page's head."""
    return SafeString(f'<script type="importmap">{importmap_text()}</script>')


@lru_cache(maxsize=1)
def importmap_source() -> str:
    """Return the content policy's source expression for the import map (CSP Level 3, hash-source)."""
    digest = hashlib.sha256(importmap_text().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def files(folder: str, ending: str) -> Iterator[tuple[str, Path]]:
    """Yield the apps' files of one kind with their apps: apps in the order of the settings, files by name."""
    for config in apps.get_app_configs():
        if config.name.startswith("masthead."):
            place = Path(config.path) / "static" / config.label / folder
            for path in sorted(place.glob(f"*{ending}")):
                yield config.label, path
