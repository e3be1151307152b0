"""Shortcodes in square brackets, written out as the markup they stand for.

Those of WordPress itself and of its most common companions are known here. Any other one belongs to a plug-in that
is not there any more; it is left as the text it is, and named.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from .media_index import MediaIndex

_OPENING = re.compile(r"\[(\[?)([a-zA-Z][a-zA-Z0-9_-]*)((?:[\s=][^\[\]]*)?)\]")
_CLOSING = re.compile(r"\[/([a-zA-Z][a-zA-Z0-9_-]*)\]")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))|"([^"]*)"|(\S+)""")
_PICTURE = re.compile(r"\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)(.*)", re.DOTALL | re.IGNORECASE)
_CURLY = str.maketrans({"“": '"', "”": '"', "″": '"', "‘": "'", "’": "'"})
_SOURCES = ("src", "mp3", "m4a", "ogg", "wav", "mp4", "m4v", "webm", "ogv", "flv", "url")

Attributes = dict[str, str]


def _attributes(text: str) -> Attributes:
    """Return named attributes, and unnamed ones under "0", "1" ..."""
    found: Attributes = {}
    place = 0
    for name, double, single, bare, quoted, lone in _ATTRIBUTE.findall(html.unescape(text).translate(_CURLY)):
        if name:
            found[name.lower()] = double or single or bare
        else:
            found[str(place)] = (quoted or lone).lstrip("=")
            place += 1
    return found


class Shortcodes:
    """Writes out the shortcodes of one story."""

    def __init__(self, *, media: MediaIndex, story_id: str) -> None:
        self.listed: list[str] = []
        self._last_closing: dict[str, int] = {}
        self._media = media
        self._story_id = story_id
        self._enclosing: dict[str, Callable[[Attributes, str], str]] = {
            "caption": self._caption,
            "wp_caption": self._caption,
            "embed": self._embed,
            "audio": self._player("audio"),
            "video": self._player("video"),
            "sourcecode": self._code,
            "code": self._code,
        }
        self._single: dict[str, Callable[[Attributes], str]] = {
            "gallery": self._gallery,
            "playlist": self._playlist,
            "youtube": self._address,
            "vimeo": self._address,
            "soundcloud": self._address,
            "tweet": self._address,
        }

    def written_out(self, source: str) -> str:
        """Return ``source`` with every known shortcode as markup; ``[[name]]`` is a shortcode meant as text."""
        self._last_closing = {match[1].lower(): match.start() for match in _CLOSING.finditer(source)}
        parts: list[str] = []
        at = 0
        while (match := _OPENING.search(source, at)) is not None:
            parts.append(source[at : match.start()])
            markup, at = self._one(source, match)
            parts.append(markup)
        return "".join(parts) + source[at:]

    def _one(self, source: str, match: re.Match[str]) -> tuple[str, int]:
        escaped, name, rest = match.group(1), match.group(2).lower(), match.group(3)
        if escaped:
            literal = source.startswith("]", match.end())
            return match[0][1:] if literal else match[0], match.end() + literal
        attributes = _attributes(rest.rstrip("/ "))
        if name in self._single:
            return self._single[name](attributes), match.end()
        is_closed = self._last_closing.get(name, -1) >= match.end()
        if name in self._enclosing:
            return self._with_content(source, match, attributes, is_closed=is_closed)
        if is_closed or "=" in rest:
            self.listed.append(_("the shortcode [%(name)s] of a plug-in, left as text") % {"name": name})
        return match[0], match.end()

    def _with_content(
        self, source: str, match: re.Match[str], attributes: Attributes, *, is_closed: bool
    ) -> tuple[str, int]:
        name = match.group(2).lower()
        closing = re.compile(rf"\[/{name}\]", re.IGNORECASE).search(source, match.end()) if is_closed else None
        inner = source[match.end() : closing.start()] if closing else ""
        markup = self._enclosing[name](attributes, inner)
        if not markup:
            return match[0], match.end()
        return markup, closing.end() if closing else match.end()

    def _caption(self, attributes: Attributes, inner: str) -> str:
        match = _PICTURE.match(inner)
        if match is None:
            return inner
        picture, text = match.groups()
        caption = text.strip() or html.escape(attributes.get("caption", ""))
        if picture.lower().startswith("<a") and not picture.lower().endswith("</a>"):
            picture += "</a>"
        return f'\n\n<figure class="wp-caption">{picture}<figcaption>{caption}</figcaption></figure>\n\n'

    def _gallery(self, attributes: Attributes) -> str:
        ids = [key for key in re.split(r"[,\s]+", attributes.get("ids") or attributes.get("include") or "") if key]
        known = [key for key in ids if key in self._media] if ids else self._media.pictures_of(self._story_id)
        missing = len(ids) - len(known) if ids else 0
        if missing:
            self.listed.append(
                _("a gallery without %(count)s of its pictures, which the file does not hold") % {"count": missing}
            )
        if not known:
            if not missing:
                self.listed.append(_("a gallery whose pictures the file does not hold"))
            return ""
        return f'\n\n<figure class="wp-block-gallery">{"".join(map(self._picture, known))}</figure>\n\n'

    def _picture(self, key: str) -> str:
        media = self._media[key]
        caption = f"<figcaption>{html.escape(media.caption)}</figcaption>" if media.caption else ""
        source, alt = html.escape(media.url), html.escape(media.alt)
        return f'<figure><img data-id="{html.escape(key)}" src="{source}" alt="{alt}">{caption}</figure>'

    def _playlist(self, attributes: Attributes) -> str:
        keys = [key for key in re.split(r"[,\s]+", attributes.get("ids", "")) if key in self._media]
        if not keys:
            self.listed.append(_("a playlist whose recordings the file does not hold"))
        return "".join(self._frame(self._media[key].url, self._media[key].title) for key in keys)

    def _frame(self, url: str, title: str = "") -> str:
        caption = f"<figcaption>{html.escape(title)}</figcaption>" if title else ""
        return f'\n\n<figure class="wp-block-embed">{html.escape(url)}{caption}</figure>\n\n'

    def _embed(self, attributes: Attributes, inner: str) -> str:
        url = inner.strip() or attributes.get("src", "") or attributes.get("0", "")
        return self._frame(html.unescape(url)) if url else ""

    def _address(self, attributes: Attributes) -> str:
        url = attributes.get("url") or attributes.get("0", "")
        if url.startswith(("http://", "https://")):
            return self._frame(url)
        self.listed.append(_("an embed without a full address, left as text"))
        return html.escape(url)

    def _player(self, kind: str) -> Callable[[Attributes, str], str]:
        def written(attributes: Attributes, inner: str) -> str:
            url = next((attributes[name] for name in (*_SOURCES, "0") if attributes.get(name)), "") or inner.strip()
            if not url.startswith(("http://", "https://", "/")):
                return ""
            source = html.escape(url)
            return f'\n\n<figure class="wp-block-{kind}"><{kind} src="{source}"></{kind}></figure>\n\n'

        return written

    def _code(self, attributes: Attributes, inner: str) -> str:
        language = attributes.get("language") or attributes.get("lang") or ""
        code = html.escape(html.unescape(inner.strip("\r\n")), quote=False)
        return (
            f'\n\n<pre><code class="language-{html.escape(language.lower())}">{code}</code></pre>\n\n' if code else ""
        )
