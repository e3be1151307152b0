"""How each block of a body looks: the one place, for public page, preview and feed alike.

Works on the stored values of the blocks, so that a body of a hundred blocks costs two queries: one for all
pictures, one for all links.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from masthead.publishing import selectors
from masthead.publishing.models import Picture
from masthead.publishing.models.describe import describe_picture
from masthead.publishing.rules import embeds, passages, renditions, story_blocks, story_html, text
from masthead.publishing.rules.raw_text import MARKABLE

SIZES = "(min-width: 740px) 690px, 100vw"


@dataclass
class Desk:
    """What rendering needs at hand: pictures and link targets, loaded once for the whole body."""

    pictures: dict[int, Picture]
    paths: dict[tuple[str, int], str]
    used_pictures: list[int] = field(default_factory=list)
    heading_ids: set[str] = field(default_factory=set)
    tables: int = 0


def render_body(blocks: list[dict[str, Any]], marks: list[passages.Mark] | None = None) -> tuple[str, list[int]]:
    """Return the HTML of a body and the ids of the pictures it shows.

    Guaranteed: nothing in it can run, all texts are escaped or cleaned, links stored by id are resolved (a link to
    what is not public keeps its words), each paragraph has a name. ``marks`` are marked where their words first stand.
    """
    desk = _desk(blocks)
    waiting = list(marks or [])
    parts = []
    for position, block in enumerate(blocks, start=1):
        html = str(_RENDERERS[block["type"]](block["value"], desk))
        if block["type"] in MARKABLE:
            here = _standing_in(html, waiting)
            waiting = [item for item in waiting if item not in here]
            html = story_blocks.numbered(html, str(block.get("id") or position))
            html = passages.mark(html, here) if here else html
        parts.append(html)
    return "\n".join(part for part in parts if part), desk.used_pictures


def _standing_in(html: str, marks: list[passages.Mark]) -> list[passages.Mark]:
    words = text.plain(html) if marks else ""
    return [item for item in marks if passages.occurrences(item.words, words)]


def sources_of(blocks: list[dict[str, Any]]) -> tuple[set[int], set[tuple[str, int]]]:
    """Return what a body refers to by id: its pictures, and its links by kind and id; whether they exist or not."""
    picture_ids: set[int] = set()
    links: set[tuple[str, int]] = set()
    for block in blocks:
        _gather(block["value"], picture_ids, links)
    return picture_ids, links


def _desk(blocks: list[dict[str, Any]]) -> Desk:
    picture_ids, links = sources_of(blocks)
    pictures = Picture.objects.in_bulk(picture_ids) if picture_ids else {}
    return Desk(pictures=pictures, paths=selectors.link_paths(links))


def _gather(value: Any, picture_ids: set[int], links: set[tuple[str, int]]) -> None:
    """Collect picture ids and stored links from a block's value, however deep."""
    if isinstance(value, str):
        if "linktype" in value:
            links |= story_html.internal_links(value)
    elif isinstance(value, list):
        for item in value:
            _gather(item, picture_ids, links)
    elif isinstance(value, dict):
        if isinstance(value.get("picture"), int):
            picture_ids.add(value["picture"])
        for item in value.values():
            _gather(item, picture_ids, links)


def _clean(markup: Any, tags: set[str], desk: Desk) -> SafeString:
    return mark_safe(story_html.clean(story_html.resolve_links(str(markup or ""), desk.paths), tags))  # noqa: S308


def _text(value: Any, desk: Desk) -> str:
    return _clean(value, story_html.TEXT_TAGS, desk)


def _html(value: Any, desk: Desk) -> str:
    return format_html('<div class="html-block">{}</div>', _clean(value, story_html.HTML_TAGS, desk))


def _heading(value: Any, desk: Desk) -> str:
    level = str(value.get("level") or "2")
    level = level if level in {"2", "3", "4"} else "2"
    base = slugify(value.get("text", ""), allow_unicode=True)[:60] or "part"
    anchor, number = base, 2
    while anchor in desk.heading_ids:
        anchor, number = f"{base}-{number}", number + 1
    desk.heading_ids.add(anchor)
    # The level is one of three digits, so it may stand in the tag's name.
    return format_html('<h{} id="{}">{}</h{}>', level, anchor, value.get("text", ""), level)


def _picture(value: Any, desk: Desk) -> str:
    picture = desk.pictures.get(value.get("picture") or 0)
    texts = {name: value.get(name) or "" for name in ("alt", "caption", "credit")}
    if picture is None:
        return _caption_only(texts["caption"], texts["credit"])
    desk.used_pictures.append(picture.pk)
    return figure(describe_picture(picture, **texts))


def _caption_only(caption: str, credit: str) -> str:
    """Keep what was said about a picture that is no longer there."""
    if not caption and not credit:
        return ""
    return format_html('<figure class="figure">{}</figure>', _figcaption(caption, credit))


def figure(facts: dict[str, Any], *, css: str = "figure", eager: bool = False) -> SafeString:
    """Return a described picture as a figure with caption and credit."""
    shown = renditions.addresses(facts, settings.MEDIA_URL)
    sources = format_html_join(
        "",
        '<source type="{}" srcset="{}" sizes="{}">',
        ((item.type, item.srcset, SIZES) for item in shown.sources),
    )
    image = format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" {}>',
        shown.src,
        shown.width,
        shown.height,
        facts["alt"],
        mark_safe('fetchpriority="high"' if eager else 'loading="lazy" decoding="async"'),  # noqa: S308
    )
    inner = format_html("<picture>{}{}</picture>", sources, image) if sources else image
    return format_html('<figure class="{}">{}{}</figure>', css, inner, _figcaption(facts["caption"], facts["credit"]))


def _figcaption(caption: str, credit: str) -> SafeString:
    if not caption and not credit:
        return SafeString("")
    said = format_html('<span class="credit">{}</span>', credit) if credit else SafeString("")
    return format_html("<figcaption>{}{}{}</figcaption>", caption, " " if caption and credit else "", said)


def _items(value: Any) -> list[Any]:
    """Return a list block's values; Wagtail stores each with an id, an import without."""
    return [item["value"] if isinstance(item, dict) and "value" in item else item for item in value or []]


def _gallery(value: Any, desk: Desk) -> str:
    figures = [(_picture(item, desk),) for item in _items(value.get("pictures"))]
    return format_html('<div class="gallery">{}</div>', format_html_join("", "{}", figures))


def _quote(value: Any, desk: Desk) -> str:
    lines = [line.strip() for line in str(value.get("text", "")).split("\n\n")]
    words = format_html_join("", "<p>{}</p>", ((line,) for line in lines if line))
    who = value.get("attribution") or ""
    said = format_html("<figcaption>{}</figcaption>", who) if who else ""
    return format_html('<figure class="quote"><blockquote>{}</blockquote>{}</figure>', words, said)


def _list(value: Any, desk: Desk) -> str:
    items = format_html_join(
        "", "<li>{}</li>", ((_unwrapped(_clean(item, story_html.TEXT_TAGS, desk)),) for item in _items(value["items"]))
    )
    return format_html("<ol>{}</ol>" if value.get("ordered") else "<ul>{}</ul>", items)


def _unwrapped(markup: SafeString) -> SafeString:
    """Take a single paragraph out of its ``<p>``, as in a list item or a table cell."""
    inner = markup.removeprefix("<p>").removesuffix("</p>")
    return mark_safe(inner) if "<p>" not in inner and markup.startswith("<p>") else markup  # noqa: S308


def _table(value: Any, desk: Desk) -> str:
    columns = value.get("columns", [])
    classes = [mark_safe(' class="num"' if column["type"] == "number" else "") for column in columns]  # noqa: S308
    desk.tables += 1
    name = f"table-{desk.tables}"
    caption = value.get("caption") or ""
    heads = [column.get("heading") or "" for column in columns]
    head = format_html_join("", '<th scope="col"{}>{}</th>', zip(classes, heads, strict=True))
    rows = [
        (
            format_html_join(
                "",
                "<td{}>{}</td>",
                [
                    (css, _cell(cell, column, desk))
                    for css, cell, column in zip(classes, row["values"], columns, strict=True)
                ],
            ),
        )
        for row in value.get("rows", [])
    ]
    return format_html(
        '<div class="table-box" role="region" tabindex="0" {}><table>{}{}<tbody>{}</tbody></table></div>',
        format_html('aria-labelledby="{}"', name) if caption else format_html('aria-label="{}"', _("Table")),
        format_html('<caption id="{}">{}</caption>', name, caption) if caption else "",
        format_html("<thead><tr>{}</tr></thead>", head) if any(heads) else "",
        format_html_join("", "<tr>{}</tr>", rows),
    )


def _cell(cell: Any, column: dict[str, Any], desk: Desk) -> Any:
    return cell or "" if column["type"] == "number" else _unwrapped(_clean(cell, story_html.TEXT_TAGS, desk))


def _code(value: Any, desk: Desk) -> str:
    language = value.get("language") or ""
    label = format_html("<figcaption>{}</figcaption>", language) if language else ""
    return format_html(
        '<figure class="code"><pre tabindex="0"><code>{}</code></pre>{}</figure>', value.get("code", ""), label
    )


def _embed(value: Any, desk: Desk) -> str:
    card = embeds.embed(value.get("url") or "")
    title = value.get("title") or ""
    if card is None:
        return format_html("<p>{}</p>", title) if title else ""
    if not card.frame:
        return format_html(
            '<embed-card class="embed"><a href="{}" rel="noopener external"><span class="embed-kind">{}</span>'
            '<span class="embed-title">{}</span></a></embed-card>',
            card.url, _("On %(host)s") % {"host": card.host}, title or card.url,
        )  # fmt: skip
    return format_html(
        '<embed-card class="embed" data-src="{}" data-title="{}"><a href="{}" rel="noopener external">'
        '<span class="embed-kind">{}</span><span class="embed-title">{}</span>'
        '<span class="embed-note">{}</span></a></embed-card>',
        card.frame, title or card.host, card.url, _("On %(host)s") % {"host": card.host}, title or card.url,
        _("Loads from %(host)s only when you press it.") % {"host": card.host},
    )  # fmt: skip


def _rule(value: Any, desk: Desk) -> str:
    return "<hr>"


_RENDERERS: dict[str, Callable[[Any, Desk], str]] = {
    "text": _text,
    "heading": _heading,
    "picture": _picture,
    "gallery": _gallery,
    "quote": _quote,
    "list": _list,
    "table": _table,
    "code": _code,
    "embed": _embed,
    "html": _html,
    "rule": _rule,
}
BLOCK_TYPES = frozenset(_RENDERERS)
