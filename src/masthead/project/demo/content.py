"""Reads the demo newsroom from its TOML files and dates it from the moment of seeding.

Texts may name days relative to that moment: ``{day:-3}`` becomes a weekday, ``{date:+9}`` a day and month.
Links between pieces are written ``story:<slug>`` and ``page:<slug>``; whoever builds the site resolves them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, cast

from masthead.project.demo.model import (
    Block,
    BlockKind,
    Campaign,
    Comment,
    Correction,
    DemoContent,
    Gift,
    Page,
    Person,
    Picture,
    Question,
    Section,
    Story,
)
from masthead.project.demo.review import review

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# What a TOML file holds. Its shape is only known once the values are built from it, hence Any.
Table = Mapping[str, Any]
_RELATIVE_DAY = re.compile(r"\{(day|date):([+-]\d+)\}")


def load(*, now: datetime) -> DemoContent:
    """Return the demo newsroom as it stands at ``now``.

    Refuses with ValueError, in one sentence, a newsroom that is not whole: an unknown author, a reply to nothing,
    gifts that do not come to the sum on the meter.
    """
    content = parse(read(resources.files("masthead.project.demo") / "content", today=now.date()))
    review(content)
    return content


def read(folder: Traversable, *, today: date) -> dict[str, Any]:
    """Return the tables of all files in ``folder``: site, people and funding, and lists of stories, pages, threads."""
    tables: dict[str, Any] = {name: _table(folder / f"{name}.toml", today) for name in ("site", "people", "funding")}
    tables["stories"] = [_table(file, today) for file in _files(folder / "stories")]
    tables["pages"] = [_table(file, today) for file in _files(folder / "pages")]
    threads = {file.name.removesuffix(".toml"): _table(file, today) for file in _files(folder / "comments")}
    tables["members"] = threads.pop("members")
    tables["threads"] = threads
    return tables


def parse(tables: Table) -> DemoContent:
    """Build the newsroom from the tables that ``read`` returns."""
    site, funding = tables["site"], tables["funding"]
    people = tuple(Person(**entry) for entry in tables["people"]["person"])
    names = {person.slug: person.name for person in people}
    stories = sorted((_story(entry) for entry in tables["stories"]), key=lambda story: story.before)
    comments = [
        _comment(entry, story=slug, names=names)
        for slug, thread in tables["threads"].items()
        for entry in thread["comment"]
    ]
    return DemoContent(
        name=site["name"],
        tagline=site["tagline"],
        sections=tuple(Section(**entry) for entry in site["section"]),
        people=people,
        stories=tuple(stories),
        pages=tuple(Page(**{**entry, "body": _body(entry)}) for entry in tables["pages"]),
        members=tuple(tables["members"]["names"]),
        comments=tuple(sorted(comments, key=lambda comment: comment.before, reverse=True)),
        campaign=Campaign(**funding["campaign"]),
        gifts=tuple(Gift(**{"reversed_reason": "", **entry}) for entry in funding["gift"]),
    )


def dated(text: str, today: date) -> str:
    """Return ``text`` with its relative days written out as seen from ``today``."""

    def written(found: re.Match[str]) -> str:
        day = today + timedelta(days=int(found[2]))
        return WEEKDAYS[day.weekday()] if found[1] == "day" else f"{day.day} {MONTHS[day.month - 1]}"

    return _RELATIVE_DAY.sub(written, text)


def _files(folder: Traversable) -> list[Traversable]:
    return sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)


def _table(file: Traversable, today: date) -> dict[str, Any]:
    return tomllib.loads(dated(file.read_text(encoding="utf-8"), today))


def _story(entry: Table) -> Story:
    correction = entry.get("correction")
    return Story(
        slug=entry["slug"],
        section=entry["section"],
        kind=entry.get("kind", "news"),
        headline=entry["headline"],
        standfirst=entry["standfirst"],
        authors=tuple(entry["authors"]),
        before=timedelta(hours=entry["hours_ago"]),
        tags=tuple(entry["tags"]),
        picture=Picture(**entry["picture"]),
        body=_body(entry),
        question=Question(**entry["question"]) if "question" in entry else None,
        correction=(
            Correction(
                before=timedelta(hours=correction["hours_ago"]),
                text=correction["text"],
                credit=correction.get("credit", ""),
            )
            if correction
            else None
        ),
    )


def _body(entry: Table) -> tuple[Block, ...]:
    return tuple(_block(block) for block in entry["body"])


def _block(entry: Table) -> Block:
    fields = {key: value for key, value in entry.items() if key != "type"}
    kind = cast("BlockKind", entry["type"])
    if kind == "picture":
        return Block(kind=kind, picture=Picture(**fields))
    if kind == "code":
        return Block(kind=kind, text=fields["code"].strip("\n"), language=fields["language"])
    for key in ("items", "header"):
        if key in fields:
            fields[key] = tuple(fields[key])
    if "rows" in fields:
        fields["rows"] = tuple(tuple(row) for row in fields["rows"])
    if "html" in fields:
        fields["html"] = fields["html"].strip()
    return Block(kind=kind, **fields)


def _comment(entry: Table, *, story: str, names: Mapping[str, str]) -> Comment:
    author = entry.get("author", "")
    up, down = entry["votes"]
    return Comment(
        id=entry["id"],
        story=story,
        parent=entry.get("parent", ""),
        name=names.get(author, "") if author else entry["by"],
        author=author,
        before=timedelta(minutes=entry["minutes"]),
        text=entry.get("text", "").strip(),
        votes_up=up,
        votes_down=down,
        answers_question=entry.get("answers_question", False),
        is_deleted=entry.get("deleted", False),
    )
