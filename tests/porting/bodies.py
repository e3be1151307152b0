"""Converts bodies of an invented old site."""

from __future__ import annotations

from masthead.porting.records import Block, Body, MediaRecord
from masthead.porting.sources.wordpress.body import BodyContext, convert_body
from masthead.porting.sources.wordpress.media_index import MediaIndex

BOAT = "https://old.example/wp-content/uploads/2024/03/boat.jpg"
PIER = "https://old.example/wp-content/uploads/2024/03/pier.png"
MEDIA = MediaIndex(
    {
        "7": MediaRecord(key="7", url=BOAT, alt="A boat", caption="The boat", parent_key="1"),
        "8": MediaRecord(key="8", url=PIER, alt="A pier", parent_key="1"),
        "9": MediaRecord(key="9", url="https://old.example/u/talk.mp3", title="Talk", parent_key="1", is_image=False),
    }
)


def converted(source: str) -> Body:
    return convert_body(source, BodyContext(media=MEDIA, base_url="https://old.example", story_id="1"))


def blocks(source: str) -> tuple[Block, ...]:
    return converted(source).blocks


def block(source: str) -> Block:
    (only,) = blocks(source)
    return only
