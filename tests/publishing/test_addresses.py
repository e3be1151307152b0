"""Addresses: old ones lead on, silly ones are answered, files cannot be talked out of their folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import TestCase
from PIL import Image

from masthead.outbox.models import Event
from masthead.publishing.models import ArticlePage, Edition, Picture, PublishedStory, SectionPage
from masthead.publishing.models.addresses import reserved_slugs
from masthead.publishing.services import make_renditions_of, put_redirect
from masthead.publishing.testing import make_article, make_home, make_picture, make_section
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db


def publish(page: ArticlePage | SectionPage) -> None:
    """Publish as the admin does; Wagtail tells of a changed slug when the change is committed."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        page.save_revision().publish()


def test_a_changed_slug_leaves_a_permanent_redirect(client: CheckingClient) -> None:
    article = make_article("The pumps")
    article.slug = "the-old-pumps"
    publish(article)
    assert client.get("/harbour/the-old-pumps/").status_code == 200
    old = client.get("/harbour/the-pumps/")
    assert (old.status_code, old["Location"].removeprefix("http://testserver")) == (301, "/harbour/the-old-pumps/")


def test_a_renamed_section_takes_its_stories_along(client: CheckingClient) -> None:
    article = make_article("The pumps")
    section = SectionPage.objects.get()
    section.slug = "waterfront"
    publish(section)
    assert client.get("/waterfront/the-pumps/").status_code == 200
    old = client.get("/harbour/the-pumps/", follow=True)
    assert old.redirect_chain[-1][0].endswith("/waterfront/the-pumps/")
    assert (
        Event.objects.filter(type="publishing.edition-sealed").latest("pk").payload["path"] == "/waterfront/the-pumps/"
    )
    assert article.thread_key == f"article:{article.pk}"


def test_a_moved_story_changes_its_section(client: CheckingClient) -> None:
    article = make_article("The pumps")
    schools = make_section("Schools")
    article.move(schools, pos="last-child")
    page = client.get("/schools/the-pumps/").content.decode()
    assert '<a href="/schools/">Schools</a></p>' in page
    assert client.get("/harbour/the-pumps/")["Location"].endswith("/schools/the-pumps/")


def test_two_stories_may_swap_their_addresses(client: CheckingClient) -> None:
    first, second = make_article("One"), make_article("Two")
    for article, slug in ((first, "three"), (second, "one"), (first, "two")):
        article.refresh_from_db()
        article.slug = slug
        publish(article)
    assert "<h1>Two</h1>" in client.get("/harbour/one/").content.decode()
    assert "<h1>One</h1>" in client.get("/harbour/two/").content.decode()


@pytest.mark.parametrize(
    "old",
    ["/2012/05/the-pumps/", "/2012/05/the-pumps.html", "/?p=123", "/index.php?p=7", "/caf%C3%A9/", "/old/?page_id=9"],
)
def test_old_addresses_lead_on(client: CheckingClient, old: str) -> None:
    article = make_article("The pumps")
    assert put_redirect(old=old, target=article)
    response = client.get(old)
    assert response.status_code == 301
    assert response["Location"].removeprefix("http://testserver") == "/harbour/the-pumps/"


def test_a_redirect_to_a_path_can_be_set_again(client: CheckingClient) -> None:
    make_home()
    put_redirect(old="/old/", target="/search/")
    put_redirect(old="/old/", target="/feed/", permanent=False)
    response = client.get("/old/")
    assert (response.status_code, response["Location"]) == (302, "/feed/")
    put_redirect(old="/?cat=3", target="/feed/", permanent=False)
    assert client.get("/?cat=3").status_code == 302


@pytest.mark.parametrize("old", ["/", "", "/" + "x" * 300 + "/"])
def test_an_address_that_cannot_be_kept_is_not(old: str) -> None:
    make_home()
    assert not put_redirect(old=old, target="/feed/")


@pytest.mark.parametrize(
    "path", ["/%00/", "/harbour/%ff/", "/..%2f..%2fetc/passwd", "/?p=%00", "/" + "a/" * 200, "/harbour/?mine=%00"]
)
def test_silly_addresses_are_answered(client: CheckingClient, path: str) -> None:
    make_section()
    assert client.get(path).status_code < 500


def test_addresses_in_other_letters_work(client: CheckingClient) -> None:
    make_article("Привет мир", slug="привет-мир", section=make_section("Порт", slug="порт"))
    page = client.get("/порт/привет-мир/")
    assert page.status_code == 200
    assert "/%D0%BF%D0%BE%D1%80%D1%82/" in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize("slug", ["search", "feed", "media", "admin", "tags", "authors", "static"])
def test_a_page_cannot_take_an_address_of_the_site(slug: str) -> None:
    home = make_home()
    assert slug in reserved_slugs()
    page = SectionPage(title="X", slug=slug)
    with pytest.raises(ValidationError, match="belongs to the site"):
        home.add_child(instance=page)
    assert make_section("X", slug=slug).slug == f"{slug}-2"


def test_an_edition_cannot_be_changed() -> None:
    make_article("The pumps")
    edition = Edition.objects.get()
    edition.html = "<p>Something else.</p>"
    with pytest.raises(Exception, match="sealed edition cannot be changed"):
        edition.save()


def test_editions_outlive_their_story() -> None:
    article = make_article("The pumps")
    article.delete()
    edition = Edition.objects.get()
    assert (edition.article_id, edition.title) == (None, "The pumps")
    assert not PublishedStory.objects.exists()


def rendition_of(client: CheckingClient, picture: Picture, name: str) -> Path:
    response = client.get(f"/media/renditions/{picture.pk}-{picture.file_hash[:10]}/{name}")
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert len(response.getvalue()) > 100
    return Path(default_storage.path(f"renditions/{picture.pk}-{picture.file_hash[:10]}/{name}"))


@pytest.mark.parametrize(
    ("name", "size", "kind"),
    [
        ("760.avif", (760, 427), "AVIF"),
        ("480.webp", (480, 270), "WEBP"),
        ("card.jpg", (660, 440), "JPEG"),
        ("square.png", (900, 900), "PNG"),
    ],
)
def test_sizes_are_made_at_the_first_request(
    client: CheckingClient, name: str, size: tuple[int, int], kind: str
) -> None:
    path = rendition_of(client, make_picture(), name)
    with Image.open(path) as image:
        assert (image.size, image.format) == (size, kind)
    rendition_of(client, make_picture(), name)


def test_the_worker_makes_what_readers_ask_for_first() -> None:
    article = make_article(picture=make_picture("#922"))
    assert make_renditions_of(thread_key=article.thread_key) == 5
    assert make_renditions_of(thread_key=article.thread_key) == 0
    assert make_renditions_of(thread_key="article:0") == 0


@pytest.mark.parametrize("name", ["9999.jpg", "760.gif", "card.svg", "../../secret_key", "huge.jpg"])
def test_other_sizes_are_not_made(client: CheckingClient, name: str) -> None:
    picture = make_picture()
    assert client.get(f"/media/renditions/{picture.pk}-{picture.file_hash[:10]}/{name}").status_code == 404


def test_a_picture_that_is_not_there_is_not_found(client: CheckingClient) -> None:
    assert client.get("/media/renditions/999-0123456789/760.jpg").status_code == 404


def test_a_replaced_picture_is_found_by_its_old_address(client: CheckingClient) -> None:
    picture = make_picture()
    response = client.get(f"/media/renditions/{picture.pk}-0000000000/760.jpg")
    assert response["Location"] == f"/media/renditions/{picture.pk}-{picture.file_hash[:10]}/760.jpg"


def test_a_lost_original_is_not_found(client: CheckingClient) -> None:
    picture = make_picture("#123")
    default_storage.delete(picture.file.name)
    response = client.get(f"/media/renditions/{picture.pk}-{picture.file_hash[:10]}/480.jpg")
    assert response.status_code == 404
    article = make_article(picture=picture)
    assert make_renditions_of(thread_key=article.thread_key) == 0


@pytest.mark.parametrize(
    "name", ["../secret_key", "..%2fsecret_key", "/etc/passwd", "a/../../secret_key", "%00", "documents/a.pdf", "."]
)
def test_no_file_outside_the_media_folder_is_handed_out(client: CheckingClient, name: str) -> None:
    (Path(settings.MEDIA_ROOT).parent / "secret_key").write_text("secret")
    assert client.get(f"/media/{name}").status_code == 404


def test_what_is_no_picture_is_handed_over_as_a_file_that_cannot_run(client: CheckingClient) -> None:
    name = default_storage.save("original_images/x.html", ContentFile(b"<script>alert(1)</script>"))
    response = client.get(f"/media/{name}")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.getvalue().startswith(b"<script>")
