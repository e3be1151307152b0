"""What is not public is on no public surface."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import PageViewRestriction

from masthead.outbox.models import Event
from masthead.publishing.models import ArticlePage, HomePage, PublishedStory
from masthead.publishing.services import put_article
from masthead.publishing.testing import make_article, make_author, make_picture, make_section
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db
SECRET = "Zanzibar memorandum"
SURFACES = [
    "/",
    "/harbour/",
    "/authors/ada-venn/",
    "/tags/gate/",
    "/search/?q=zanzibar",
    "/search/?q=memorandum+passage",
    "/feed/",
    "/harbour/feed/",
    "/authors/ada-venn/feed/",
    "/tags/gate/feed/",
    "/sitemap.xml",
    "/harbour/the-open-one/",
    "/harbour/zanzibar/",
    "/?p=12",
]


def secret(**values: Any) -> ArticlePage:
    return make_article(
        SECRET,
        slug="zanzibar",
        standfirst=f"{SECRET} standfirst",
        authors=[make_author("Ada Venn")],
        tags=["Gate"],
        picture=make_picture(alt=SECRET),
        body=[("text", f"<p>{SECRET} passage</p>")],
        **values,
    )


def draft() -> None:
    secret(status="draft")


def scheduled() -> None:
    secret(status="scheduled", published_at=timezone.now() + timedelta(days=1))


def unpublished() -> None:
    secret().unpublish()


def draft_of_live() -> None:
    article = make_article("Open words", slug="zanzibar", authors=[make_author("Ada Venn")], tags=["Gate"])
    article.title = SECRET
    article.body = [("text", f"<p>{SECRET}</p>")]
    article.save_revision()


def with_password() -> None:
    PageViewRestriction.objects.create(page=secret(), restriction_type="password", password="open sesame")


def for_group() -> None:
    restriction = PageViewRestriction.objects.create(page=secret(), restriction_type="groups")
    restriction.groups.add(Group.objects.create(name="Council"))


def under_login() -> None:
    article = secret()
    PageViewRestriction.objects.create(page=article.get_parent(), restriction_type="login")


def sealed_while_restricted() -> None:
    article = secret()
    PageViewRestriction.objects.create(page=article, restriction_type="login")
    put_article(article=article, section=make_section(), title=SECRET, body=[])


def deleted() -> None:
    secret().delete()


def expired() -> None:
    article = secret()
    article.expire_at = timezone.now() - timedelta(minutes=1)
    article.save_revision().publish()


def chosen_as_lead() -> None:
    HomePage.objects.update(lead_story=secret(status="draft"))


def linked_to() -> None:
    hidden = secret(status="draft")
    make_article(
        "Pointing there",
        body=[("text", f'<p>See <a linktype="page" id="{hidden.pk}">that</a>.</p>')],
        related=[hidden],
    )


@pytest.mark.parametrize(
    "hide",
    [
        draft,
        scheduled,
        unpublished,
        draft_of_live,
        with_password,
        for_group,
        under_login,
        sealed_while_restricted,
        deleted,
        chosen_as_lead,
        linked_to,
    ],
    ids=lambda hide: hide.__name__,
)
def test_nothing_hidden_is_anywhere(client: CheckingClient, hide: Callable[[], None]) -> None:
    make_article("The open one", authors=[make_author("Ada Venn")], tags=["Gate"])
    hide()
    for path in SURFACES:
        page = client.get(path, follow=True).content.decode()
        assert SECRET not in page, path
        own = path == "/harbour/zanzibar/" or hide is draft_of_live
        assert own or "/harbour/zanzibar/" not in page, path


def test_a_lifted_restriction_makes_the_story_public_again(client: CheckingClient) -> None:
    article = secret()
    restriction = PageViewRestriction.objects.create(page=article, restriction_type="login")
    assert not PublishedStory.objects.filter(article=article).exists()
    restriction.delete()
    assert client.get("/harbour/zanzibar/").status_code == 200


def test_the_password_opens_the_story_and_is_kept_to_that_reader(client: CheckingClient) -> None:
    article = secret()
    restriction = PageViewRestriction.objects.create(page=article, restriction_type="password", password="open sesame")
    asked = client.get("/harbour/zanzibar/")
    assert 'name="password"' in asked.content.decode()
    address = f"/_util/authenticate_with_password/{restriction.pk}/{article.pk}/"
    client.post(address, {"password": "open sesame", "return_url": "/harbour/zanzibar/"})
    opened = client.get("/harbour/zanzibar/")
    assert SECRET in opened.content.decode()
    assert "private" in opened["Cache-Control"] or "no-store" in opened["Cache-Control"]
    assert SECRET not in CheckingClient().get("/harbour/zanzibar/").content.decode()


@pytest.mark.parametrize("withdraw", ["unpublish", "delete"])
def test_withdrawing_is_told_once(withdraw: str) -> None:
    article = secret()
    getattr(article, withdraw)()
    told = Event.objects.get(type="publishing.article-withdrawn").payload
    assert told["path"] == "/harbour/zanzibar/"
    assert told["thread_key"].startswith("article:")
