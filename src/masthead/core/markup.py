"""Reader text and foreign HTML to safe HTML: the one sanitiser of the house.

Three doors, one allow-list each, all ending in :mod:`nh3`:

* :func:`render_markdown` for what readers type,
* :func:`clean_comment_html` for comments that came from elsewhere as HTML,
* :func:`clean_story_html` for story HTML that has no counterpart among our blocks.

What comes out is stable: cleaning it again changes nothing. Nothing that comes out can run.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping

import nh3
from django.utils.translation import gettext

from masthead.core import markdown

LINK_REL = "nofollow ugc noopener"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMMENT_TAGS = _words(
    "p br a em strong i b s del ins sub sup q cite abbr blockquote ul ol li code pre details summary"
)
_STORY_TAGS = _COMMENT_TAGS | _words(
    "h2 h3 h4 h5 h6 hr dl dt dd figure figcaption img small mark u kbd samp var time div span wbr "
    "address ruby rt rp table caption thead tbody tfoot tr th td colgroup col"
)
_COMMENT_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}}
_STORY_ATTRIBUTES = {
    **_COMMENT_ATTRIBUTES,
    "img": {"src", "alt", "width", "height"},
    "time": {"datetime"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "reversed", "type"},
    "details": {"open"},
    "*": {"lang", "dir"},
}
# Whatever stands inside these is never text for readers.
_DROPPED_WITH_CONTENT = _words(
    "script style template noscript iframe object embed textarea title xmp noembed noframes svg math select plaintext"
)
_SCHEMES = {"http", "https", "mailto"}
_ROUNDS = 4

# Where a word ends, though no blank stands there.
_BLOCK = re.compile(r"<(?=/?(?:p|br|li|h\d|td|th|tr|pre|blockquote|div|figcaption|dt|dd|hr)\b)")
_ADDRESS_PART = re.compile(r"[/?#]")
# ||hidden||: blanks beside the marks make them what they are in program text.
_SPOILER = re.compile(r"\|\|(?=[^\s|])(.+?)(?<=[^\s|])\|\|", re.DOTALL)
_COVER = re.compile(r"<details>\s*<summary>.*?</details>", re.DOTALL)
# Everything unprintable that is neither tab nor newline, lone surrogates included: no store takes them all.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Direction overrides and widthless blanks: invisible, so a name with them is a disguise. Joiners stay: Persian and
# emoji are written with them.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def plain_text(text: str) -> str:
    """Return ``text`` with newlines as LF, in normal form C and without unprintable characters."""
    return unicodedata.normalize("NFC", _printable(text))


def _printable(text: str) -> str:
    """Drop what no store takes. Markup is not brought to a normal form: ``>`` and a stroke above would become one."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain_line(text: str) -> str:
    """Return ``text`` as one line for names and titles: no invisible characters, blanks run together."""
    return " ".join(_INVISIBLE.sub("", plain_text(text)).split())


def render_markdown(source: str, *, mentions: Mapping[str, str] | None = None) -> str:
    """Return safe HTML of what a reader typed.

    Paragraphs, line breaks, emphasis, links, quotes, lists, code, and ``||what is hidden||`` until it is opened. No
    pictures, headings or HTML: those stay visible as they were typed. Links carry ``rel="nofollow ugc noopener"``;
    bare addresses become links. ``@`` before one of the names in ``mentions`` leads to the path given with it.
    """
    return clean_comment_html(markdown.render(plain_text(source), mentions or {}))


def may_mention(source: str) -> bool:
    """Tell whether a text names somebody with ``@``, so that it is worth asking who could be meant."""
    return markdown.MENTION.search(source) is not None


def covered(source: str) -> str:
    """Return what a reader typed with hidden words left out, for places that cannot hide: mails, excerpts."""
    return _SPOILER.sub(f"[{gettext('Spoiler')}]", source)


def clean_comment_html(markup: str) -> str:
    """Return foreign comment HTML with nothing left but text, emphasis, links, quotes, lists and code."""
    return _settle(markup, _COMMENTS)


def clean_story_html(markup: str) -> str:
    """Return story HTML of an import: all that is text, tables and pictures; nothing that loads a frame or runs."""
    return _settle(markup, _STORIES)


def text_of(markup: str) -> str:
    """Return the words of clean HTML on one line: for excerpts and mails. What a comment hides stays hidden."""
    bare = _NO_MARKUP.clean(_BLOCK.sub(" <", _COVER.sub(f" [{gettext('Spoiler')}] ", markup)))
    return " ".join(html.unescape(bare).split())


def has_link(markup: str) -> bool:
    """Tell whether clean HTML leads somewhere."""
    return "<a " in markup and "href=" in markup


def _settle(markup: str, cleaner: nh3.Cleaner) -> str:
    """Clean until cleaning changes nothing: what a parser would read differently the second time is not safe.

    The last resort is the bare text.
    """
    cleaned = _clean(markup, cleaner)
    for _ in range(_ROUNDS):
        again = _clean(cleaned, cleaner)
        if again == cleaned:
            return cleaned
        cleaned = again
    return f"<p>{html.escape(text_of(cleaned), quote=False)}</p>"


def _clean(markup: str, cleaner: nh3.Cleaner) -> str:
    # Character references may have brought back what was dropped before.
    return _printable(cleaner.clean(_printable(markup)))


def _cleaner(tags: frozenset[str], attributes: dict[str, set[str]]) -> nh3.Cleaner:
    """Make the cleaner of one allow-list, once: making it takes longer than cleaning a comment with it."""
    return nh3.Cleaner(
        tags=set(tags),
        attributes=attributes,
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        link_rel=LINK_REL,
        url_schemes=_SCHEMES,
        attribute_filter=_kept_value,
        strip_comments=True,
    )


def _kept_value(tag: str, name: str, value: str) -> str | None:
    """Drop an address whose beginning only resembles a scheme: no reader means ``java script:``."""
    if name not in {"href", "src"}:
        return value
    before = _ADDRESS_PART.split(value, maxsplit=1)[0]
    return value if ":" not in before or before.split(":")[0].strip().lower() in _SCHEMES else None


_COMMENTS = _cleaner(_COMMENT_TAGS, _COMMENT_ATTRIBUTES)
_STORIES = _cleaner(_STORY_TAGS, _STORY_ATTRIBUTES)
_NO_MARKUP = nh3.Cleaner(tags=set(), clean_content_tags=set(_DROPPED_WITH_CONTENT))
