"""Stories from elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from masthead.core import clock
from masthead.outbox.models import Event
from masthead.publishing.errors import UnknownBlock
from masthead.publishing.models import ArticlePage, Edition, PublishedStory
from masthead.publishing.services import PassageDraft, put_article
from masthead.publishing.testing import make_article, make_author, make_picture, make_section

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_live_story_is_sealed_at_once() -> None:
    article = make_article("The pumps", authors=[make_author("Ada Venn"), make_author("Jonas Pell")], tags=["Harbour"])
    story = PublishedStory.objects.get(article=article)
    assert story.path == "/harbour/the-pumps/"
    assert [line["name"] for line in story.bylines] == ["Ada Venn", "Jonas Pell"]
    assert [(tag["name"], tag["slug"]) for tag in story.tags] == [("Harbour", "harbour")]
    assert story.edition.number == 1
    assert "eleven pages" in story.edition.html
    assert Event.objects.filter(type="publishing.edition-sealed").count() == 1


@pytest.mark.parametrize("status", ["draft", "scheduled"])
def test_what_is_not_live_is_not_sealed(status: str) -> None:
    make_article(status=status, published_at=clock.now() + timedelta(days=2))
    assert not PublishedStory.objects.exists()
    assert not Edition.objects.exists()


def test_a_scheduled_story_needs_its_moment() -> None:
    with pytest.raises(ValueError, match="published_at"):
        make_article(status="scheduled")


def test_an_update_makes_a_second_edition_and_keeps_the_address() -> None:
    section = make_section()
    with clock.frozen(NOON):
        article = make_article("The pumps", section=section)
    with clock.frozen(NOON + timedelta(hours=3)):
        put_article(article=article, section=section, title="The old pumps", body=[("text", "<p>Other words.</p>")])
    story = PublishedStory.objects.get(article=article)
    assert (story.path, story.title, story.edition.number) == ("/harbour/the-pumps/", "The old pumps", 2)
    assert story.published_at == NOON
    assert story.updated_at == NOON + timedelta(hours=3)


def test_a_taken_slug_gets_a_number() -> None:
    assert [make_article("Same").slug for _ in range(3)] == ["same", "same-2", "same-3"]


def test_an_unknown_block_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(UnknownBlock):
        make_article(body=[("carousel", {})])
    assert not ArticlePage.objects.exists()


def test_every_block_type_comes_out() -> None:
    picture = make_picture(alt="A gate", caption="The gate", credit="Ada Venn")
    article = make_article(
        picture=picture,
        body=[
            ("text", '<p>First <b>words</b> <script>alert(1)</script><a href="javascript:alert(1)">x</a></p>'),
            ("heading", {"text": "What now", "level": 3}),
            ("picture", {"picture": picture, "caption": "Another"}),
            ("gallery", {"pictures": [{"picture": picture}, {"picture": picture.pk}]}),
            ("quote", {"text": "Never.", "attribution": "The mayor"}),
            ("list", {"ordered": True, "items": ["<p>one</p>", "two"]}),
            (
                "table",
                {"caption": "Costs", "has_header_row": True, "rows": [["Pump", "Price"], ["A", "418,000"], ["B"]]},
            ),
            ("code", {"language": "python", "code": "print('<hi>')"}),
            ("embed", {"url": "https://www.youtube.com/watch?v=abc123", "title": "The storm"}),
            ("html", "<div onclick='x()'><h2>Kept</h2></div>"),
            ("rule", None),
        ],
    )
    html = PublishedStory.objects.get(article=article).edition.html
    for piece in (
        ">First <b>words</b> ",
        '<h3 id="what-now">What now</h3>',
        'alt="A gate"',
        "<figcaption>Another",
        '<div class="gallery">',
        "<figcaption>The mayor</figcaption>",
        "><li>one</li><li>two</li></ol>",
        '<caption id="table-1">Costs</caption>',
        '<td class="num">418,000</td>',
        "print(&#x27;&lt;hi&gt;&#x27;)",
        'data-src="https://www.youtube-nocookie.com/embed/abc123"',
        ">Kept</h2>",
        "<hr>",
    ):
        assert piece in html
    assert "script" not in html
    assert "onclick" not in html
    assert "alert" not in html


def test_marked_words_carry_a_question_after_their_paragraph() -> None:
    article = make_article(
        body=[("text", "<p>It says <em>should not</em> be used.</p><p>Then more.</p>")],
        passages=[PassageDraft(words="should not be used", question="Have you worked with it?")],
    )
    edition = PublishedStory.objects.get(article=article).edition
    marker = f"<!--passage:{edition.passages[0]['id']}-->"
    assert f"</p>{marker}<p id=" in edition.html
    assert '<span class="asked" id="note-1-words">should not</span>' in edition.html
    assert edition.passages[0]["quote"] == "should not be used"
