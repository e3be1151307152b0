"""Notes on a passage for machines: the W3C Web Annotation Data Model (https://www.w3.org/TR/annotation-model/)."""

from __future__ import annotations

from typing import Any

import pytest

from masthead.discussion import services
from masthead.discussion.models import Thread
from masthead.discussion.rules.marked import Chosen
from masthead.discussion.selectors.annotations import PAGE
from masthead.discussion.testing import make_comment, make_guest
from masthead.outbox.testing import deliver_all
from masthead.publishing.models import ArticlePage
from masthead.publishing.services import PassageDraft, put_article
from masthead.publishing.testing import make_article
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db
WORDS = "who signed for them"
BODY = [("text", f"<p>The pumps were bought in March.</p><p>Nobody has said {WORDS}.</p>")]
MOTIVATIONS = {"commenting", "questioning", "replying"}


@pytest.fixture
def story() -> ArticlePage:
    asked = PassageDraft("bought in March", "Were you there?")
    article = make_article("The pumps", body=BODY, passages=[asked])
    deliver_all()
    services.post_note(
        thread_key=article.thread_key,
        person=make_guest(),
        kind="ask",
        chosen=Chosen(WORDS),
        text="Who *did*?",
        name="Ada",
    )
    passage = article.passages.get().public_id
    services.post_comment(
        thread_key=article.thread_key, person=make_guest(), text="I was.", name="Ben", passage_id=passage
    )
    services.tell_in_confidence(thread_key=article.thread_key, chosen=Chosen(WORDS), text="Psst.")
    services.post_comment(thread_key=article.thread_key, person=make_guest(), text="No note.", name="Ben")
    deliver_all()
    return article


def read(client: CheckingClient, story: ArticlePage, query: str = "") -> Any:
    reply = client.get(f"/api/v1/stories/{story.pk}/annotations{query}")
    assert reply["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    assert reply["Cache-Control"] == "public, no-cache"
    assert f"thread:{story.thread_key}" in reply["Surrogate-Key"].split()
    return reply.json()


def check_page(page: dict[str, Any], collection: str) -> None:
    """Refuse what the model (3.2.1, 4.1, 4.2.4, 5) does not allow."""
    assert page["type"] == "AnnotationPage"
    assert page["partOf"] == collection
    assert page["id"].startswith("http")
    for item in page["items"]:
        assert item["type"] == "Annotation"
        assert item["id"].startswith("http")
        assert item["motivation"] in MOTIVATIONS
        assert (item["body"]["type"], bool(item["body"]["value"])) == ("TextualBody", True)
        assert item["body"]["format"] in {"text/html", "text/plain"}
        target = item["target"]
        assert (target["type"], target["source"].startswith("http")) == ("SpecificResource", True)
        selectors = target["selector"] if isinstance(target["selector"], list) else [target["selector"]]
        assert selectors[0]["type"] == "TextQuoteSelector"
        assert selectors[0]["exact"]
        for fragment in selectors[1:]:
            assert (fragment["type"], bool(fragment["value"])) == ("FragmentSelector", True)


def test_the_collection_says_all_that_is_public_and_nothing_else(client: CheckingClient, story: ArticlePage) -> None:
    found = read(client, story)
    assert found["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (found["type"], found["label"], found["total"]) == ("AnnotationCollection", "The pumps", 3)
    check_page(found["first"], found["id"])
    question, ask, answer = found["first"]["items"]
    assert (question["motivation"], question["body"]["value"]) == ("questioning", "Were you there?")
    assert (ask["motivation"], ask["creator"]["name"]) == ("questioning", "Ada")
    assert ask["body"]["value"] == "<p>Who <em>did</em>?</p>\n"
    quote, fragment = ask["target"]["selector"]
    assert (quote["exact"], quote["suffix"]) == (WORDS, ".")
    assert quote["prefix"].endswith("in March. Nobody has said ")
    path = ask["target"]["source"].partition("//")[2].partition("/")[2]
    assert f'id="{fragment["value"]}"' in client.get(f"/{path}").content.decode()
    assert answer["motivation"] == "commenting"
    assert "Psst" not in str(found)
    assert "No note" not in str(found)


def test_words_that_are_gone_keep_what_they_were_and_name_their_edition(
    client: CheckingClient, story: ArticlePage
) -> None:
    body = [("text", "<p>Quite another story.</p>")]
    put_article(article=story, section=story.get_parent().specific, title="The pumps", body=body)
    deliver_all()
    found = read(client, story)
    check_page(found["first"], found["id"])
    (ask,) = [item for item in found["first"]["items"] if item["motivation"] == "questioning"]
    assert ask["target"]["selector"]["exact"] == WORDS
    assert ask["target"]["schema:version"] == "1"


def test_long_collections_go_on_page_by_page(client: CheckingClient, story: ArticlePage) -> None:
    thread = Thread.objects.get(key=story.thread_key)
    note = thread.notes.get(kind="ask")
    for number in range(PAGE):
        make_comment(thread, note=note, text=f"Number {number}")
    first = read(client, story)["first"]
    collection = first["partOf"]
    seen = [item["id"] for item in first["items"]]
    page = read(client, story, first["next"].removeprefix(collection))
    check_page(page, collection)
    assert "next" not in page
    seen += [item["id"] for item in page["items"]]
    assert len(seen) == len(set(seen)) == PAGE + 3


def test_what_is_not_public_has_no_annotations(client: CheckingClient, story: ArticlePage) -> None:
    story.unpublish()
    reply = client.get(f"/api/v1/stories/{story.pk}/annotations")
    assert reply.status_code == 404
    assert reply["Content-Type"] == "application/problem+json"
