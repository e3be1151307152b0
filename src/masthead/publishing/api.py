"""Stories for programs, below ``/api/v1/``: only what is public, as lists and pages show it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.encoding import iri_to_uri
from ninja import Field, Path, Query, Router, Schema

from masthead.core.http import absolute_url, public
from masthead.publishing import selectors
from masthead.publishing.feeds import full_text
from masthead.publishing.models import PublishedStory
from masthead.publishing.presenters.article import author_address, tag_address
from masthead.publishing.presenters.navigation import sections_for
from masthead.publishing.rules import renditions

router = Router(tags=["stories"])
_ROOT = "/api/v1/stories"


class Named(Schema):
    """A section, an author or a tag."""

    name: str
    url: str


class Byline(Named):
    """An author of a story."""

    role: str = Field(description="In words; empty for plain authorship.")


class Picture(Schema):
    """A story's lead picture."""

    url: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str


class StorySummary(Schema):
    """A public story as lists show it."""

    id: int
    url: str
    title: str
    standfirst: str
    kind: str
    section: Named | None
    authors: list[Byline]
    tags: list[Named]
    picture: Picture | None
    published_at: datetime
    updated_at: datetime | None
    word_count: int
    reading_minutes: int
    comments: int = Field(description="Public comments; may be some seconds behind the thread's own number.")
    thread: str = Field(description="Key of its discussion.")


class Story(StorySummary):
    """A public story with its text."""

    html: str = Field(description="The body with full addresses.")
    edition: int = Field(description="Counts what was published of this story, from 1.")
    sha256: str = Field(description="Of title, standfirst and body as shown.")


class StoryPage(Schema):
    """A page of the list, newest first."""

    items: list[StorySummary]
    next: str | None = Field(description="Address of the next page; null at the end.")


@router.get("/stories", response=StoryPage, summary="Public stories, newest first")
def stories(
    request: HttpRequest,
    response: HttpResponse,
    after: Annotated[str, Query(pattern=r"^(\d{1,18}\.\d{1,12})?$", description="Taken from `next`.")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> StoryPage:
    """The public stories, newest first; go on with `next`."""
    found = selectors.cards_after(after, limit=limit + 1)
    shown = found[:limit]
    tags = [tag for story in shown for tag in _tags(story)]
    public(response, ["feed", *tags])
    more = f"{_ROOT}?after={selectors.cursor_of(shown[-1])}&limit={limit}" if len(found) > limit else ""
    return StoryPage(items=[_summary(request, story) for story in shown], next=absolute_url(more) if more else None)


@router.get("/stories/{story_id}", response=Story, summary="One story")
def story(request: HttpRequest, response: HttpResponse, story_id: Annotated[int, Path(ge=1, lt=2**62)]) -> Story:
    """A public story with its text."""
    found = selectors.story_of_article(story_id)
    if found is None:
        raise Http404
    public(response, [f"article:{found.article_id}", *_tags(found)])
    return Story(
        **_summary(request, found).dict(),
        html=full_text(found, absolute_url(str(iri_to_uri(found.path)))),
        edition=found.edition.number,
        sha256=found.edition.sha256,
    )


def _tags(story: PublishedStory) -> list[str]:
    return [f"card:{story.article_id}", *(f"tag:{tag['id']}" for tag in story.tags)]


def _summary(request: HttpRequest, story: PublishedStory) -> StorySummary:
    section = sections_for(request).get(story.section_id)
    return StorySummary(
        id=story.article_id,
        url=absolute_url(str(iri_to_uri(story.path))),
        title=story.title,
        standfirst=story.standfirst,
        kind=story.kind,
        section=Named(name=section.title, url=absolute_url(str(iri_to_uri(section.path)))) if section else None,
        authors=[
            Byline(name=line["name"], role=line.get("role", ""), url=absolute_url(author_address(line["slug"])))
            for line in story.bylines
        ],
        tags=[Named(name=tag["name"], url=absolute_url(tag_address(tag["slug"]))) for tag in story.tags],
        picture=_picture(story),
        published_at=story.published_at,
        updated_at=story.updated_at,
        word_count=story.word_count,
        reading_minutes=story.reading_minutes,
        comments=story.comment_count,
        thread=story.thread_key,
    )


def _picture(story: PublishedStory) -> Picture | None:
    if not story.picture:
        return None
    shown = renditions.crop(story.picture, "card", settings.MEDIA_URL)
    texts = {name: str(story.picture.get(name, "")) for name in ("alt", "caption", "credit")}
    return Picture(url=absolute_url(shown.src), width=shown.width, height=shown.height, **texts)
