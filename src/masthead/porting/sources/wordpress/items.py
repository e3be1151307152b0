"""What one ``<item>`` of an export becomes: a story, a file, or something that is left out with a reason."""

from __future__ import annotations

import re
from datetime import tzinfo
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from masthead.porting.records import MediaRecord, SkippedRecord, StoryKind, StoryRecord, StoryStatus
from masthead.porting.text import plain_slug, plain_text

from .authors import Authors
from .comments import comment_records
from .dates import moment
from .elements import RawItem
from .ratings import lone_ratings, rated_fields
from .terms import Terms

_STATUS = {
    "publish": StoryStatus.PUBLISHED,
    "future": StoryStatus.SCHEDULED,
    "private": StoryStatus.PRIVATE,
}
_KINDS = {"post": StoryKind.POST, "page": StoryKind.PAGE}
_GONE = {
    "trash": gettext_lazy("it lies in the old site's bin"),
    "auto-draft": gettext_lazy("it is an empty draft WordPress made by itself"),
}
_REASONS = {
    "nav_menu_item": gettext_lazy("it is an entry of the old site's menu"),
    "wp_navigation": gettext_lazy("it is the old site's menu"),
    "wp_global_styles": gettext_lazy("it holds colours and type of the old theme"),
    "wp_template": gettext_lazy("it is a page frame of the old theme"),
    "wp_template_part": gettext_lazy("it is a page frame of the old theme"),
    "wp_block": gettext_lazy("it is a pattern for reuse, not a story"),
    "revision": gettext_lazy("it is an older version of a story"),
    "custom_css": gettext_lazy("it holds styles of the old theme"),
    "customize_changeset": gettext_lazy("it holds settings of the old theme"),
}
_PICTURE = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".bmp", ".tif", ".tiff", ".heic"})
_SEO_VARIABLE = re.compile(r"%%[a-z_]+%%|%[a-z_]+%")


def item_type(item: RawItem) -> str:
    """Return the type of an item as WordPress names it; empty where the file does not say."""
    return item.values.get("wp:post_type", "").strip()


def _value(item: RawItem, name: str) -> str:
    return item.values.get(name, "").strip()


def skip_reason(item: RawItem) -> str:
    """Say why an item makes no page, in words that finish "was left out because"; empty if it makes one."""
    kind = item_type(item)
    if kind == "":
        return _("the file says neither what it is nor whether it was public")
    if kind in _KINDS:
        return str(_GONE.get(_value(item, "wp:status"), ""))
    known = _REASONS.get(kind)
    return str(known) if known else _("Masthead has nothing that corresponds to the type “%(type)s”") % {"type": kind}


def skipped(item: RawItem, reason: str) -> SkippedRecord:
    """Return the note that an item was left out."""
    if item.comments:
        reason += _("; its %(count)s comments are kept, without a page") % {"count": len(item.comments)}
    return SkippedRecord(kind=item_type(item) or "unknown", source_id=_value(item, "wp:post_id"), reason=reason)


def media_record(item: RawItem) -> MediaRecord:
    """Return the file an attachment stands for."""
    url = _value(item, "wp:attachment_url") or _value(item, "guid")
    path = item.meta.get("_wp_attached_file", "").strip()
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    parent = _value(item, "wp:post_parent")
    return MediaRecord(
        key=_value(item, "wp:post_id"),
        url=url,
        path="" if "://" in path else path.lstrip("/"),
        title=plain_text(item.values.get("title", "")),
        alt=plain_text(item.meta.get("_wp_attachment_image_alt", "")),
        caption=plain_text(item.values.get("excerpt:encoded", "")),
        parent_key="" if parent == "0" else parent,
        is_image=suffix in _PICTURE,
    )


def _status(item: RawItem) -> StoryStatus:
    if _value(item, "wp:post_password"):
        return StoryStatus.PASSWORD
    return _STATUS.get(_value(item, "wp:status"), StoryStatus.DRAFT)


def _search_text(item: RawItem, *names: str) -> str:
    """Return what the author wrote for search engines; templates with variables of the plug-in are no such text."""
    for name in names:
        value = plain_text(item.meta.get(name, ""))
        if value and not _SEO_VARIABLE.search(value):
            return value
    return ""


def _parent(item: RawItem) -> str:
    parent = _value(item, "wp:post_parent")
    return "" if parent == "0" else parent


def story_record(item: RawItem, *, key: str, authors: Authors, terms: Terms, zone: tzinfo) -> StoryRecord:
    """Return the story an item holds. An item that is neither post nor page keeps only its discussion."""
    sections, tags = terms.of(item)
    return StoryRecord(
        key=key,
        source_id=_value(item, "wp:post_id"),
        kind=_KINDS.get(item_type(item), StoryKind.DISCUSSION) if not skip_reason(item) else StoryKind.DISCUSSION,
        status=_status(item),
        title=plain_text(item.values.get("title", "")),
        slug=plain_slug(_value(item, "wp:post_name")),
        body_source=item.values.get("content:encoded", ""),
        link=_value(item, "link"),
        guid=_value(item, "guid"),
        excerpt=plain_text(item.values.get("excerpt:encoded", "")),
        published_at=moment(
            _value(item, "wp:post_date_gmt"), _value(item, "wp:post_date"), zone, _value(item, "pubDate")
        ),
        modified_at=moment(_value(item, "wp:post_modified_gmt"), _value(item, "wp:post_modified"), zone),
        author_keys=authors.of(item),
        sections=sections,
        tags=tags,
        featured_media_key=item.meta.get("_thumbnail_id", "").strip(),
        parent_id=_parent(item),
        is_sticky=_value(item, "wp:is_sticky") == "1",
        comments_open=_value(item, "wp:comment_status") == "open",
        seo_title=_search_text(item, "_yoast_wpseo_title", "rank_math_title"),
        seo_description=_search_text(item, "_yoast_wpseo_metadesc", "rank_math_description"),
        comments=comment_records(item.comments, story_key=key, authors=authors, zone=zone, rated=rated_fields(item)),
        lone_ratings=lone_ratings(item),
    )
