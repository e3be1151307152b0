"""How an editor publishes: through the admin's own screens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from masthead.accounts.models import User
from masthead.outbox.models import Event
from masthead.publishing.models import ArticlePage, Edition, PublishedStory, SectionPage
from masthead.publishing.services import PassageDraft, publish_due, put_article
from masthead.publishing.testing import make_article, make_author, make_section

pytestmark = pytest.mark.django_db
WORDS = "should not be considered"


@pytest.fixture
def eve() -> User:
    """The editor."""
    return User.objects.create_superuser("eve@ledger.example", display_name="Eve Hart")


@pytest.fixture
def desk(eve: User) -> Client:
    """The editor's browser, in the admin."""
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})
    client.force_login(eve, backend="django.contrib.auth.backends.ModelBackend")
    return client


def form(**values: Any) -> dict[str, Any]:
    data: dict[str, Any] = nested_form_data(
        {
            "title": "The pumps",
            "slug": "the-pumps",
            "kind": "news",
            "comments": "open",
            "discussion_kind": "comments",
            "standfirst": "",
            "tags": "",
            "bylines": inline_formset([]),
            "chosen_related": inline_formset([]),
            "passages": inline_formset(values.pop("passages", [])),
            "rated_fields": inline_formset(values.pop("rated_fields", [])),
            "rated_type": "",
            "rated_name": "",
            "comments_": inline_formset([]),
            "body": streamfield([("text", rich_text(f"<p>It {WORDS} for the gate.</p><p>The the gate.</p>"))]),
            **values,
        }
    )
    data.update({"wagtail_comments-TOTAL_FORMS": "0", "wagtail_comments-INITIAL_FORMS": "0"})
    data.update(dict.fromkeys(("comment_notifications",), "0"))
    return data


def add(desk: Client, action: str, **values: Any) -> Any:
    section = make_section()
    data = form(**values)
    if action:
        data[f"action-{action}"] = "1"
    return desk.post(f"/admin/pages/add/publishing/articlepage/{section.pk}/", data)


def test_publishing_seals_with_the_responsible_editor(desk: Client) -> None:
    response = add(desk, "publish", bylines=inline_formset([{"author": make_author().pk, "ORDER": "1"}]))
    assert response.status_code == 302, response.context["form"].errors
    story = PublishedStory.objects.get()
    assert story.path == "/harbour/the-pumps/"
    assert (story.edition.sealed_by_name, story.edition.number) == ("Eve Hart", 1)
    assert desk.get(story.path).status_code == 200


def test_saving_a_draft_publishes_nothing(desk: Client) -> None:
    add(desk, "")
    assert ArticlePage.objects.get().live is False
    assert not PublishedStory.objects.exists()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (WORDS, ""),
        ("these are not there", "not in the story"),
        ("the gate", "2 times"),
        ("gate. The the", "not in the story"),
    ],
)
def test_a_question_must_be_about_words_that_stand_there_once(desk: Client, words: str, complaint: str) -> None:
    question = {"words": words, "question": "Have you seen it?", "ORDER": "1"}
    response = add(desk, "publish", passages=[question])
    assert PublishedStory.objects.exists() is not bool(complaint)
    if complaint:
        assert complaint in response.content.decode()
        add(desk, "", passages=[question])
        assert ArticlePage.objects.get().passages.get().words == words
    else:
        assert PublishedStory.objects.get().edition.passages[0]["quote"] == words


def test_a_preview_takes_the_road_of_the_public_page(desk: Client) -> None:
    article = make_article("The pumps", passages=[PassageDraft("engineer", "Are you one?")])
    address = f"/admin/pages/{article.pk}/edit/preview/"
    assert desk.post(address, form(title="A bolder headline")).json()["is_valid"]
    page = desk.get(f"{address}?in_preview_panel=true&mode=")
    assert page.status_code == 200
    assert "<h1>A bolder headline</h1>" in page.content.decode()
    assert page["Cache-Control"].startswith("private, no-store")
    assert "A bolder headline" not in desk.get("/harbour/the-pumps/").content.decode()


@pytest.mark.parametrize("kind", ["homepage", "sectionpage", "plainpage"])
def test_every_page_can_be_previewed(desk: Client, kind: str) -> None:
    make_article("The pumps")
    pages = {"homepage": "/", "sectionpage": "/harbour/"}
    if kind == "plainpage":
        from masthead.publishing.services import put_plain_page

        put_plain_page(title="About", body=[("text", "<p>Us.</p>")])
    page = Page.objects.exclude(depth=1).get(content_type__model=kind).specific
    page.save_revision()
    response = desk.get(f"/admin/pages/{page.pk}/revisions/{page.latest_revision.pk}/view/")
    assert response.status_code == 200
    assert response["Cache-Control"].startswith("private, no-store")
    assert kind not in pages or "The pumps" in response.content.decode() or kind == "sectionpage"


def test_the_editing_screens_open(desk: Client) -> None:
    article = make_article("The pumps", authors=[make_author()], tags=["Gate"])
    section = SectionPage.objects.get()
    for path in (
        f"/admin/pages/{article.pk}/edit/",
        f"/admin/pages/{section.pk}/",
        f"/admin/pages/{section.pk}/edit/",
        "/admin/snippets/publishing/author/",
        "/admin/images/",
        "/admin/",
    ):
        assert desk.get(path).status_code == 200, path


@pytest.mark.parametrize("query", ["pumps", "pum", '"', "*", "AND OR NOT", "a\x00b"])
def test_the_admin_finds_stories_in_one_pass(desk: Client, query: str) -> None:
    for number in range(5):
        make_article(f"The pumps {number}")
    page = desk.get("/admin/pages/search/", {"q": query})
    assert page.status_code == 200
    assert query not in {"pumps", "pum"} or "The pumps 4" in page.content.decode()


def test_a_scheduled_story_goes_out_when_it_is_due() -> None:
    article = make_article("The pumps", status="scheduled", published_at=timezone.now() + timedelta(hours=1))
    publish_due()
    assert not PublishedStory.objects.exists()
    moment = timezone.now() - timedelta(seconds=5)
    article.latest_revision = None
    article.refresh_from_db()
    revision = article.revisions.get()
    revision.approved_go_live_at = moment
    revision.content["go_live_at"] = moment.isoformat()
    revision.save()
    publish_due()
    publish_due()
    story = PublishedStory.objects.get()
    assert story.title == "The pumps"
    assert Event.objects.filter(type="publishing.edition-sealed").count() == 1


def test_publishing_the_same_again_makes_no_second_edition(eve: User) -> None:
    article = make_article("The pumps")
    article.save_revision(user=eve).publish()
    assert Edition.objects.count() == 1
    article.standfirst = "New words."
    article.save_revision(user=eve).publish()
    assert [(item.number, item.sealed_by_name) for item in Edition.objects.all()] == [(2, "Eve Hart"), (1, "")]


def test_an_update_from_elsewhere_is_what_the_editor_opens_next(eve: User) -> None:
    article = make_article("The pumps")
    article.save_revision(user=eve).publish()
    section = SectionPage.objects.get()
    put_article(article=ArticlePage.objects.get(), section=section, title="Newer", body=[], by=eve)
    page = ArticlePage.objects.get()
    assert page.get_latest_revision_as_object().title == "Newer"
    assert (page.live_revision_id, page.has_unpublished_changes) == (page.latest_revision_id, False)


def test_an_alias_is_not_a_second_story() -> None:
    article = make_article("The pumps")
    article.create_alias(parent=make_section("Schools"))
    assert PublishedStory.objects.count() == 1


def test_publishing_again_after_a_withdrawal_goes_on_counting() -> None:
    article = make_article("The pumps")
    article.unpublish()
    assert not PublishedStory.objects.exists()
    article.refresh_from_db()
    article.body = [("text", "<p>Quite other words.</p>")]
    article.save_revision().publish()
    story = PublishedStory.objects.get()
    assert story.edition.number == 2
    assert story.updated_at is not None


def test_what_readers_rate_is_published_with_the_story_and_a_field_keeps_its_key(desk: Client) -> None:
    fields = [{"name": "Food", "ORDER": "1"}, {"name": "Service", "ORDER": "2"}]
    response = add(
        desk, "publish", discussion_kind="ratings", rated_fields=fields, rated_type="Book", rated_name="Tides"
    )
    assert response.status_code == 302, response.context["form"].errors
    rating = PublishedStory.objects.get().rating
    assert [field["name"] for field in rating["fields"]] == ["Food", "Service"]
    assert (rating["type"], rating["name"]) == ("Book", "Tides")
    page = ArticlePage.objects.get()
    page.save_revision().publish()
    assert PublishedStory.objects.get().rating == rating


def test_what_search_engines_are_told_of_needs_a_name(desk: Client) -> None:
    response = add(desk, "publish", discussion_kind="ratings", rated_type="Book")
    assert "search engines need its name" in response.content.decode()
    assert not PublishedStory.objects.exists()
