"""What the newsroom does beside a comment, and the pages that show it: never in public bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from masthead.accounts.models import User
from masthead.core.clock import frozen
from masthead.discussion.models import Comment, ModerationAction
from masthead.discussion.services import cast_vote
from masthead.discussion.testing import FakeSubjectDirectory, make_comment, make_guest, make_member, make_thread
from masthead.project.answers.discussion import PublishedSubjects
from masthead.publishing.testing import make_article
from tests.client import CheckingClient
from tests.discussion.visits import FRAGMENT, soup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved", "scorer"),
]


def press(client: CheckingClient, comment: Comment, mark: str, *, on: str = "1", script: bool = False) -> Any:
    """Press one of the newsroom's buttons."""
    address = f"/-/comments/{comment.public_id}/mark/"
    return client.post(address, {"mark": mark, "on": on}, headers=FRAGMENT if script else {})


def test_the_tools_come_with_the_personal_fetch_and_never_with_the_page(
    client: CheckingClient, nobody: CheckingClient, mo: User
) -> None:
    """Row 75."""
    comment = make_comment()
    assert b"<staff-tools" not in nobody.get("/article-1/").content
    assert b"<staff-tools" not in nobody.get("/-/comments/me/?thread=article:1", headers=FRAGMENT).content
    client.force_login(mo)
    assert b"<staff-tools" not in client.get("/article-1/").content
    assert b"<staff-tools" in client.get("/-/comments/me/?thread=article:1", headers=FRAGMENT).content
    tools = f"/-/comments/{comment.public_id}/tools/"
    assert nobody.get(tools).status_code == 403
    assert len(soup(client.get(tools, headers=FRAGMENT)).select(".tools form")) == 3
    assert soup(client.get(tools)).select_one("h1") is not None, "without script a page of its own"
    mine = soup(client.get(f"/article-1/?mine={comment.public_id}"))
    assert mine.select_one(f'a[href="{tools}"]') is not None


def test_marks_are_set_with_and_without_script_and_seen_by_everybody(
    client: CheckingClient, nobody: CheckingClient, mo: User
) -> None:
    comment = make_comment(text="Worth reading")
    client.force_login(mo)
    assert press(nobody, comment, "picked").status_code == 403
    assert press(client, comment, "nonsense").status_code == 404
    assert (
        press(client, comment, "picked")["Location"]
        == f"/article-1/?comment={comment.public_id}#comment-{comment.public_id}"
    )
    reply = soup(press(client, comment, "sticky", script=True))
    assert reply.select_one("[data-announce]") is not None
    press(client, comment, "closed", script=True)
    page = soup(nobody.get("/article-1/"))
    assert [flag.get_text() for flag in page.select(".flag")] == ["Editor's pick", "Kept above", "Conversation closed"]
    assert page.select_one("#picks li a") is not None
    assert page.select_one(".comment-row a[href$='/reply/']") is None
    near_the_headline = page.select_one("h1 + p a[href='#picks']")
    assert near_the_headline is not None
    assert near_the_headline.get_text() == "1 editor's pick"
    late = nobody.get(f"/-/comments/{comment.public_id}/reply/")
    assert late.status_code == 403
    assert "This conversation is closed" in late.content.decode()
    assert ModerationAction.objects.count() == 3


def test_moderators_see_who_voted_and_nobody_else_does(
    client: CheckingClient, nobody: CheckingClient, ada: User, mo: User
) -> None:
    """Row 35: members by name, guests as numbers; the screen sets marks too."""
    comment = make_comment(up=2)
    cast_vote(comment_id=comment.public_id, person=make_member(ada), direction="down")
    cast_vote(comment_id=comment.public_id, person=make_guest(), direction="up")
    address = f"/admin/discussion/{comment.public_id}/"
    assert nobody.get(address).status_code == 302
    assert ada.name not in nobody.get("/article-1/").content.decode()
    client.force_login(mo)
    rows = [cell.get_text(" ", strip=True) for cell in soup(client.get(address)).select("tbody tr")]
    assert rows == [f"{ada} 1", "Guests, by browser 1 0", "Imported 2 0"]
    page = soup(client.post(address, {"mark": "sticky", "on": "1"}, follow=True))
    assert "Do not keep above" in page.get_text()
    assert Comment.objects.get(pk=comment.pk).is_sticky
    make_comment(parent=comment, text="reply")
    reply = Comment.objects.get(parent=comment)
    refused = client.post(f"/admin/discussion/{reply.public_id}/", {"mark": "sticky", "on": "1"}, follow=True)
    assert "Only a comment that begins a conversation" in refused.content.decode()


def test_every_comment_has_a_page_with_its_conversation_and_the_way_back(client: CheckingClient) -> None:
    """Row 29."""
    root = make_comment(text="The beginning", name="Henrik Lund")
    reply = make_comment(parent=root, text="An answer", name="Ada <b>")
    other = make_comment(text="Something else")
    response = client.get(f"/-/comments/{reply.public_id}/")
    page = soup(response)
    assert response["Cache-Control"].startswith("public")
    assert "thread:article:1" in response["Surrogate-Key"]
    assert page.select_one("h1").get_text() == "Ada <b> on “The pumps”"  # type: ignore[union-attr]
    canonical = page.select_one("link[rel=canonical]")
    assert canonical is not None
    assert canonical["href"] == f"http://testserver/-/comments/{root.public_id}/"
    assert [item["id"] for item in page.select("article.comment")] == [
        f"comment-{root.public_id}",
        f"comment-{reply.public_id}",
    ]
    assert page.select_one("a[href='/article-1/']") is not None
    facts = json.loads(page.select_one("script[type='application/ld+json']").string)["@graph"]  # type: ignore[union-attr, arg-type]
    assert [item["@type"] for item in facts] == ["DiscussionForumPosting"]
    assert facts[0]["comment"][0]["text"] == "An answer"
    assert facts[0]["comment"][0]["author"]["name"] == "Ada <b>"
    assert other.public_id not in response.content.decode()
    Comment.objects.filter(pk=other.pk).update(status="held", is_listed=False)
    assert client.get(f"/-/comments/{other.public_id}/").status_code == 404
    assert client.get("/-/comments/0000000000000000/").status_code == 404


def test_numbered_pages_lead_on_and_carry_their_facts(client: CheckingClient) -> None:
    """Rows 24 and 32."""
    thread = make_thread()
    for number in range(45):
        make_comment(thread, text=f"Text {number}", recount=False, page=number // 20 + 1, is_listed=True)
    thread.root_count = 45
    thread.save()
    first = soup(client.get("/article-1/")).select_one("a[href='/article-1/?page=1#comments']")
    assert first is not None
    page = soup(client.get("/article-1/?page=2"))
    nav = page.select_one(".page-numbers")
    assert nav is not None
    assert [link.get_text() for link in nav.select("li a")] == ["1", "2", "3"]
    assert [str(nav.select_one(f"[rel={rel}]")["href"]) for rel in ("prev", "next")] == [  # type: ignore[index]
        "/article-1/?page=1#comments",
        "/article-1/?page=3#comments",
    ]
    assert nav.select_one("[aria-current=page]").get_text() == "2"  # type: ignore[union-attr]
    assert len(page.select("#comment-list > article.comment")) == 20
    facts = json.loads(page.select_one("#comments script[type='application/ld+json']").string)  # type: ignore[union-attr, arg-type]
    assert len(facts["@graph"]) == 20


def test_the_search_of_a_thread_is_a_plain_form(client: CheckingClient) -> None:
    """Row 28."""
    make_comment(text="The <pumps> & the tide")
    page = soup(client.get("/article-1/?q=Tide"))
    assert page.select_one("form[role=search] input[name=q]")["value"] == "Tide"  # type: ignore[index]
    assert [mark.get_text() for mark in page.select("#comment-list mark")] == ["tide"]
    assert page.select_one(".filter-links a[aria-current]") is None
    nothing = soup(client.get('/article-1/?q="><script>'))
    assert nothing.select_one("#comments-empty").get_text() == "No comment here has these words."  # type: ignore[union-attr]


def test_view_all_comments_clears_every_filter(client: CheckingClient) -> None:
    make_comment()
    for query in ("filter=inline", "filter=newsroom", "q=x", "show=hottest", "page=1", "sort=best&filter=newsroom"):
        page = soup(client.get(f"/article-1/?{query}"))
        clear = next(link for link in page.select(".filter-links a") if link.get_text() == "View all comments")
        assert str(clear["href"]) in {"/article-1/#comments", "/article-1/?sort=best#comments"}


def test_a_story_stops_taking_comments_by_its_age(settings: Any) -> None:
    """Row 79: read-only after so many days; the page is kept until that moment at most."""
    article = make_article("Old news")
    start = datetime(2026, 3, 1, tzinfo=UTC)
    story = article.published_story
    story.published_at = start
    story.save()
    directory = PublishedSubjects()
    with frozen(start + timedelta(days=400)):
        assert directory.describe([article.thread_key])[article.thread_key].comments == "open"
    settings.MASTHEAD = replace(
        settings.MASTHEAD, discussion=replace(settings.MASTHEAD.discussion, close_after_days=30)
    )
    with frozen(start + timedelta(days=29)):
        subject = directory.describe([article.thread_key])[article.thread_key]
        assert (subject.comments, subject.closes_at) == ("open", start + timedelta(days=30))
    with frozen(start + timedelta(days=30)):
        assert directory.describe([article.thread_key])[article.thread_key].comments == "closed"


def test_a_page_is_kept_no_longer_than_until_its_discussion_closes(
    client: CheckingClient, subjects: FakeSubjectDirectory
) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    subjects.put("article:1", closes_at=start + timedelta(hours=1))
    comment = make_comment()
    with frozen(start):
        assert client.get("/article-1/")["Surrogate-Control"] == "max-age=3600"
        assert client.get(f"/-/comments/{comment.public_id}/")["Surrogate-Control"] == "max-age=3600"
