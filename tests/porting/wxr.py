"""Writes small export files."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old Post</title><link>https://old.example</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>
"""
TAIL = "</channel></rss>\n"


def fields(values: dict[str, str]) -> str:
    """Return elements with escaped text."""
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())


def author(login: str, name: str) -> str:
    """Return a ``<wp:author>``."""
    return "<wp:author>" + fields({"wp:author_login": login, "wp:author_display_name": name}) + "</wp:author>"


def meta(key: str, value: str) -> str:
    """Return a ``<wp:postmeta>``."""
    return "<wp:postmeta>" + fields({"wp:meta_key": key, "wp:meta_value": value}) + "</wp:postmeta>"


def comment(number: int, *, parent: int = 0, **values: str) -> str:
    """Return a ``<wp:comment>``; names of values without their prefix."""
    base = {
        "comment_id": str(number),
        "comment_author": f"Reader {number}",
        "comment_author_email": f"reader{number}@example.invalid",
        "comment_date": "2024-03-01 12:00:00",
        "comment_date_gmt": "2024-03-01 12:00:00",
        "comment_content": f"Comment {number}",
        "comment_approved": "1",
        "comment_type": "comment",
        "comment_parent": str(parent),
        "comment_user_id": "0",
    } | values
    return "<wp:comment>" + fields({f"wp:{name}": value for name, value in base.items()}) + "</wp:comment>"


def item(number: int, *, body: str = "Text.", extra: str = "", **values: str) -> str:
    """Return an ``<item>``: a published post unless the values say otherwise."""
    base = {
        "title": f"Story {number}",
        "link": f"https://old.example/story-{number}/",
        "dc:creator": "ada",
        "guid": f"https://old.example/?p={number}",
        "content:encoded": body,
        "wp:post_id": str(number),
        "wp:post_date": "2024-03-01 10:00:00",
        "wp:post_date_gmt": "2024-03-01 10:00:00",
        "wp:comment_status": "open",
        "wp:post_name": f"story-{number}",
        "wp:status": "publish",
        "wp:post_parent": "0",
        "wp:post_type": "post",
        "wp:post_password": "",
        "wp:is_sticky": "0",
    } | {name.replace("__", ":"): value for name, value in values.items()}
    return "<item>" + fields(base) + extra + "</item>\n"


def attachment(number: int, url: str, *, parent: int = 0, alt: str = "", caption: str = "") -> str:
    """Return an attachment."""
    return item(
        number,
        body="",
        extra=meta("_wp_attachment_image_alt", alt) + fields({"wp:attachment_url": url, "excerpt:encoded": caption}),
        wp__post_type="attachment",
        wp__status="inherit",
        wp__post_parent=str(parent),
    )


def write(folder: Path, *items: str, head: str = HEAD) -> Path:
    """Write an export and return where it lies."""
    path = folder / "export.xml"
    path.write_text(head + "".join(items) + TAIL, encoding="utf-8")
    return path
