"""The discussion on a page that everybody may be shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test.utils import CaptureQueriesContext

from masthead.accounts.models import User
from masthead.discussion.models import Comment
from masthead.discussion.services import ImportedComment, import_comments
from masthead.discussion.testing import (
    FakeAuthorBadges,
    FakeSubjectDirectory,
    make_comment,
    make_note,
    make_thread,
)
from tests.client import CheckingClient

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges"),
]


def shown(client: CheckingClient, address: str = "/article-1/") -> BeautifulSoup:
    """Return the page as a browser understands it."""
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    """Return the only element that matches."""
    found = soup.select(selector)
    assert len(found) == 1, (selector, len(found))
    return found[0]


def fill(count: int, key: str = "article:1", **changes: Any) -> None:
    """Fill a thread with conversations of several shapes, five comments to each root."""
    import_comments(
        thread_key=key,
        source="test",
        comments=[
            ImportedComment(
                source_id=f"{number}",
                parent_source_id=str(number - 1 - number % 2) if number % 5 else "",
                author_name=f"Reader {number % 90 + 10}",
                body="<p>" + "The minutes of the harbour committee say otherwise. " * 4 + "</p>",
                created_at=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=number),
                **changes,
            )
            for number in range(count)
        ],
    )


def test_everything_stands_there_by_role_and_name(client: CheckingClient) -> None:
    root = make_comment(text="I worked on that gate.", name="Henrik Lund", up=2)
    make_comment(parent=root, text="When?", name="Ada")
    page = shown(client)
    section = one(page, "section#comments[aria-label=Comments]")
    assert one(section, "h2").get_text(strip=True) == "2 comments"
    assert [link.get_text() for link in section.select(".sort-links a")] == ["Newest", "Oldest", "Most Voted", "Best"]
    assert one(section, ".sort-links [aria-current=true]").get_text() == "Newest"
    article = one(section, f"article#comment-{root.public_id}")
    assert one(article, "article").select_one(".comment-text p").get_text() == "When?"  # type: ignore[union-attr]
    own = article.select(f"#votes-{root.public_id} button")
    assert [button["aria-label"] for button in own] == ["Vote up", "Vote down"]
    assert article.select_one("reply-form a").get_text() == "Reply"  # type: ignore[union-attr]
    date = article.select_one("a.comment-time")
    assert date is not None
    assert date["href"] == f"/article-1/?comment={root.public_id}#comment-{root.public_id}"
    assert date.select_one("time[datetime]") is not None


def test_an_empty_thread_says_how_to_start(client: CheckingClient) -> None:
    page = shown(client)
    assert "The first one starts here" in one(page, "#comments-empty").get_text()
    assert one(page, "#comments-count").get_text() == "0 comments"


def test_ten_and_ten_thousand_comments_are_the_same_page(
    client: CheckingClient, subjects: FakeSubjectDirectory
) -> None:
    """Same queries, same bytes within five per cent (here a thousand; the nightly run takes ten thousand)."""
    _compare(client, subjects, 1000)


@pytest.mark.nightly
def test_ten_thousand_comments_are_the_same_page(client: CheckingClient, subjects: FakeSubjectDirectory) -> None:
    _compare(client, subjects, 10_000)


def _compare(client: CheckingClient, subjects: FakeSubjectDirectory, many: int) -> None:
    subjects.put("article:2")
    fill(10, "article:1")
    fill(many, "article:2")
    sizes, queries = [], []
    for number in (1, 2):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(f"/article-{number}/")
        page = BeautifulSoup(response.content, "html.parser")
        assert len(page.select("#comment-list article.comment")) == 10
        section = page.select_one("#comments")
        assert section is not None
        sizes.append(len(section.encode()))
        queries.append(len(captured))
    assert abs(sizes[1] - sizes[0]) <= 0.05 * sizes[0], sizes
    assert queries[0] == queries[1] <= 10


def test_load_more_leads_to_a_page_of_its_own(client: CheckingClient) -> None:
    fill(200)
    link = one(shown(client), "load-more a[rel=next]")
    assert link.get_text() == "Load more comments"
    address = str(link["href"]).replace("#comments", "")
    assert re.fullmatch(r"/article-1/\?after=[0-9a-z]{16}", address)
    assert len(shown(client, address).select("#comment-list article.comment")) == 50


def test_folded_replies_are_a_link_to_the_conversation(client: CheckingClient) -> None:
    fill(60)
    fold = shown(client).select(".folded a")[0]
    assert fold.get_text() == "View 1 more reply"
    page = shown(client, str(fold["href"]).split("#")[0])
    assert len(page.select("#comment-list article.comment")) == 5
    links = page.select(".sort-row > .filter-links a:not([aria-current])")
    assert [link.get_text() for link in links] == ["View all comments", "Inline Feedbacks"]


def test_a_deep_conversation_is_nested_and_names_the_parent_where_indents_end(client: CheckingClient) -> None:
    comment = make_comment(name="Reader 0")
    for number in range(1, 6):
        comment = make_comment(parent=comment, name=f"Reader {number}")
    page = shown(client)
    last = one(page, f"#comment-{comment.public_id}")
    assert len(last.find_parents("article", class_="comment")) == 5
    assert "Reader 4" in last.select_one(".in-reply-to").get_text()  # type: ignore[union-attr]


def test_an_unknown_permalink_shows_the_others_and_says_so(client: CheckingClient) -> None:
    make_comment()
    page = shown(client, "/article-1/?comment=0000000000000000")
    assert "not here" in one(page, "#comment-thread > .notice").get_text()
    assert len(page.select("article.comment")) == 1


@pytest.mark.parametrize(
    "query",
    [
        "?sort=%00",
        "?sort[]=x",
        "?after=x",
        "?after=0000000000000000",
        "?comment=%ff",
        "?filter=9",
        "?sort=newest&sort=oldest",
    ],
)
def test_odd_addresses_are_answered_calmly(client: CheckingClient, query: str) -> None:
    make_comment()
    assert len(shown(client, f"/article-1/{query}").select("article.comment")) == 1


def test_roles_are_said_in_words(
    client: CheckingClient, subjects: FakeSubjectDirectory, badges: FakeAuthorBadges
) -> None:
    author = User.objects.create_user("marit@example.org", display_name="Marit Oyelaran")
    editor = User.objects.create_user("eve@example.org", display_name="Eve")
    subjects.put("article:1", author_user_ids=frozenset({author.pk}))
    badges.roles = {editor.pk: "Editor", author.pk: "Editor"}
    make_comment(user=author)
    make_comment(user=editor)
    make_comment(name="Ada")
    make_comment(user=User.objects.create_user("reader@example.org"))
    roles = {
        article.select_one(".comment-by").get_text(): [role.get_text() for role in article.select(".role")]  # type: ignore[union-attr]
        for article in shown(client).select("article.comment")
    }
    assert roles == {"Marit Oyelaran": ["Author of this story"], "Eve": ["Editor"], "Ada": [], "Reader": ["Verified"]}


def test_an_address_is_never_on_a_page(client: CheckingClient) -> None:
    make_comment(author_email="secret@example.org")
    assert b"secret" not in client.get("/article-1/").content


def test_tombstones_say_why(client: CheckingClient) -> None:
    for status, text in (("deleted", "deleted by its writer"), ("removed", "personal attack"), ("held", "an editor")):
        gone = make_comment(status=status, name="Nobody knows", removal_reason="attack" if status == "removed" else "")
        make_comment(parent=gone)
        assert text in one(shown(client), f"#comment-{gone.public_id} > .tombstone").get_text()
    assert "Nobody knows" not in shown(client).get_text()


def test_a_closed_discussion_stays_readable(client: CheckingClient, subjects: FakeSubjectDirectory) -> None:
    make_comment()
    subjects.put("article:1", comments="closed")
    page = shown(client)
    assert len(page.select("article.comment")) == 1
    assert not page.select("form.comment-form, reply-form")
    assert "closed" in one(page, "#comments .notice").get_text()


def test_where_comments_are_off_nothing_is_shown(client: CheckingClient, subjects: FakeSubjectDirectory) -> None:
    make_comment()
    subjects.put("article:1", comments="off")
    assert not shown(client).select("#comments, .comment-count")


def test_the_count_is_a_link_to_the_comments(client: CheckingClient) -> None:
    make_comment()
    link = one(shown(client), "a.comment-count")
    assert (link.get_text(), link["href"]) == ("1 comment", "#comments")


def test_a_question_stands_beside_its_words_with_form_and_answers(client: CheckingClient) -> None:
    note = make_note(make_thread(), starts_open=True)
    make_comment(make_thread(), text="For nine *years*.", note=note, name="Henrik")
    page = shown(client)
    details = one(page, "#note-1 details[open]")
    assert "Have you worked with it?" in details.get_text()
    assert "1 answer" in details.get_text()
    assert "For nine years." in one(details, "li").get_text()
    assert one(details, "form input[name=passage]")["value"] == "p1"
    assert one(page, "blockquote.quoted > p:first-child").get_text() == "“the older type of pump”"
    assert one(page, "blockquote.quoted a")["href"] == "/article-1/#note-1-words"
    assert one(page, ".filter-links a[aria-current]").get_text() == "View all comments"


def test_inline_feedbacks_can_be_filtered_and_the_filter_cleared(client: CheckingClient) -> None:
    make_comment(make_thread(), text="answer", note=make_note(make_thread()))
    make_comment(text="other")
    page = shown(client, "/article-1/?filter=inline")
    assert len(page.select("article.comment")) == 1
    clear = next(link for link in page.select(".filter-links a") if link.get_text() == "View all comments")
    assert clear["href"] == "/article-1/#comments"


def test_ids_on_the_page_are_unique(client: CheckingClient) -> None:
    make_note(make_thread())
    fill(30)
    ids = [str(element["id"]) for element in shown(client).select("[id]")]
    assert len(ids) == len(set(ids))


def test_old_anchors_of_an_import_still_lead_somewhere(client: CheckingClient) -> None:
    fill(1)
    comment = Comment.objects.get()
    assert one(shown(client), f"#comment-{comment.public_id} > #comment-0")


def test_hostile_names_and_texts_stay_text(client: CheckingClient) -> None:
    make_comment(name='<script>alert("x")</script>', text='"><img src=x onerror=alert(1)>')
    page = shown(client)
    assert not page.select("article.comment script, article.comment img")
    assert '<script>alert("x")</script>' in one(page, ".comment-by").get_text()


def test_in_a_long_conversation_a_parent_off_the_page_is_named_and_linked(client: CheckingClient) -> None:
    comment = make_comment(name="Reader 0")
    for number in range(1, 120):
        comment = make_comment(parent=comment, name=f"Reader {number}", recount=number == 119)
    middle = Comment.objects.get(author_name="Reader 60")
    page = shown(client, f"/article-1/?comment={middle.public_id}")
    far = one(page, ".in-reply-to-far a")
    assert far.get_text() == "Reader 35"
    assert str(far["href"]).startswith("/article-1/?comment=")
    assert [link["rel"] for link in page.select("#comment-thread > .folded a")] == [["prev"], ["next"]]
