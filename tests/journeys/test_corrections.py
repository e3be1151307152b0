"""From a reader's suggestion to the correction under the story, over HTTP and through the worker's hearers."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission

from masthead.accounts.testing import make_user
from masthead.discussion.models import Comment, Hint, Note
from masthead.outbox.testing import deliver_all
from masthead.publishing.models import ArticlePage, Correction, PublishedStory
from masthead.publishing.services import put_article, put_correction
from masthead.publishing.testing import make_article
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db
BODY = [("text", "<p>The pumps were bought in March.</p><p>Nobody has said who signed for them.</p>")]
PATH = "/-/comments/passage/"


@pytest.fixture
def story() -> ArticlePage:
    article = make_article("The pumps", body=BODY)
    deliver_all()
    return article


def staff(*codenames: str) -> Any:
    user = make_user(f"{'-'.join(codenames) or 'none'}@example.org", display_name="Eve", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user


def send(client: CheckingClient, story: ArticlePage, **more: str) -> Any:
    values = {"thread": story.thread_key, "words": "bought in March", "name": "Ada", "text": "It was April.", **more}
    return client.post(PATH, values)


def page(client: CheckingClient, story: ArticlePage) -> BeautifulSoup:
    path = PublishedStory.objects.get(article=story).path
    return BeautifulSoup(client.get(path).content, "html.parser")


def test_a_correction_travels_from_the_reader_to_the_story_with_thanks(
    client: CheckingClient, story: ArticlePage
) -> None:
    assert send(client, story, kind="correction", credit="1").status_code == 200
    hint = Hint.objects.get()
    assert "Corrections" not in page(client, story).get_text()

    client.force_login(staff("handle_corrections"))
    address = f"/admin/discussion/hints/correction/{hint.public_id}/"
    listed = client.get("/admin/discussion/hints/")
    assert "It was April." in listed.content.decode()
    assert client.post(address, {"action": "accept", "published_text": " "}).status_code == 422
    said = "The pumps were bought in April, not in March."
    assert client.post(address, {"action": "accept", "published_text": said}).status_code == 302
    deliver_all()
    deliver_all()
    client.logout()

    shown = page(client, story)
    section = shown.select_one("section[aria-labelledby=corrections]")
    assert section is not None
    assert said in section.get_text()
    assert "Thanks to Ada." in section.get_text()
    facts = json.loads(str(shown.select_one('script[type="application/ld+json"]').string))  # type: ignore[union-attr]
    assert facts["correction"][0]["@type"] == "CorrectionComment"
    assert facts["correction"][0]["text"] == said
    row, correction = PublishedStory.objects.get(), Correction.objects.get()
    assert (correction.edition_number, row.updated_at) == (1, correction.corrected_at)
    assert facts["dateModified"] == facts["correction"][0]["datePublished"]
    updated = re.findall("<updated>([^<]+)</updated>", client.get("/feed/").content.decode())
    assert datetime.fromisoformat(updated[0]) == correction.corrected_at


def test_a_correction_outlives_new_editions_and_older_drafts(client: CheckingClient, story: ArticlePage) -> None:
    draft = ArticlePage.objects.get(pk=story.pk).save_revision()
    put_correction(article=story, text="It was April.")
    draft.publish()
    assert "It was April." in page(client, story).get_text()
    put_article(article=story, section=story.get_parent().specific, title="The pumps", body=[("text", "<p>New.</p>")])
    assert "It was April." in page(client, story).get_text()
    Correction.objects.get().delete()
    assert "It was April." not in page(client, story).get_text()


def test_lists_are_for_those_with_the_permission_only(client: CheckingClient, story: ArticlePage) -> None:
    send(client, story, kind="confidence", text="Ask about the lorry.")
    hint = Hint.objects.get()
    address = f"/admin/discussion/hints/confidence/{hint.public_id}/"
    for who in (staff(), staff("moderate_comment"), staff("handle_corrections")):
        client.force_login(who)
        assert "lorry" not in client.get("/admin/discussion/hints/?kind=confidence", follow=True).content.decode()
        reply = client.get(address)
        assert reply.status_code in {302, 403}
        assert client.post(address, {"action": "accept"}).status_code in {302, 403}
    client.force_login(staff("read_confidences"))
    assert "lorry" in client.get("/admin/discussion/hints/").content.decode()
    assert client.get(address).status_code == 200
    assert Hint.objects.get().status == "new"


def test_a_note_follows_its_paragraph_into_the_next_edition(client: CheckingClient, story: ArticlePage) -> None:
    send(client, story, kind="comment", words="who signed for them", text="I know.")
    deliver_all()
    assert Note.objects.get().edition == 1
    place = Comment.objects.get().place
    assert page(client, story).select_one(f"#{place}").get_text() == "Nobody has said who signed for them."  # type: ignore[union-attr]
    body = [("text", "<p>First of all.</p>"), *BODY]
    put_article(article=story, section=story.get_parent().specific, title="The pumps", body=body)
    deliver_all()
    note = Note.objects.get()
    assert (note.edition, note.is_current) == (2, True)
    shown = page(client, story)
    link = shown.select_one("blockquote.quoted a")
    assert link is not None
    fragment = str(link["href"]).partition("#")[2]
    assert "who signed for them" in shown.select_one(f"#{fragment}").get_text()  # type: ignore[union-attr]


def test_the_same_body_put_again_is_the_same_edition(story: ArticlePage) -> None:
    put_article(article=story, section=story.get_parent().specific, title="The pumps", body=BODY)
    assert story.editions.count() == 1
