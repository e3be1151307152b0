"""The paper speaks one language to its readers: whole catalogues, and ``[site] language`` in everything they see."""

from __future__ import annotations

import runpy
from dataclasses import replace
from gettext import GNUTranslations
from io import BytesIO
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import override_settings

from masthead.accounts.models import User
from masthead.core.money import Money
from masthead.discussion.testing import make_comment, make_thread
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox.testing import deliver_all
from masthead.publishing.testing import make_article
from tests.architecture.source import ROOT
from tests.client import CheckingClient
from tests.letters import letters, part

TOOL: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "messages.py"))
# Whoever adds a phrase here brings its translations with it (CONTRIBUTING.md); elsewhere they may follow.
SETTLED = ("publishing/templates/", "funding/", "notifications/", "project/templates/", "core/", "edge/")


def page(client: CheckingClient, address: str) -> BeautifulSoup:
    """Return a page as a browser understands it."""
    return BeautifulSoup(client.get(address).content, "html.parser")


def speaking(language: str) -> override_settings:
    """Give the site a language, and its way to write amounts, as its settings file does."""
    config = settings.MASTHEAD
    site, funding = replace(config.site, language=language), replace(config.funding, money_format="locale")
    return override_settings(MASTHEAD=replace(config, site=site, funding=funding), LANGUAGE_CODE=language)


@pytest.mark.parametrize("language", TOOL["LANGUAGES"])
def test_translations_keep_the_placeholders_and_have_all_plural_forms(language: str) -> None:
    assert TOOL["faults"](TOOL["catalogue"](language)) == []


@pytest.mark.parametrize("language", TOOL["LANGUAGES"])
def test_what_django_reads_is_what_is_written(language: str) -> None:
    made = BytesIO()
    write_mo(made, TOOL["catalogue"](language))
    made.seek(0)
    with (TOOL["LOCALE"] / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        kept = GNUTranslations(file)
    words = {key: text for key, text in kept._catalog.items() if key}  # type: ignore[attr-defined]
    again = GNUTranslations(made)._catalog  # type: ignore[attr-defined]
    assert words == {key: text for key, text in again.items() if key}, "run scripts/messages"
    assert len(words) > 400


@pytest.mark.parametrize("language", TOOL["LANGUAGES"])
def test_settled_pages_lack_no_phrase(language: str) -> None:
    lacking = [
        TOOL["phrase"](message)
        for message in TOOL["missing"](language, TOOL["extract"]())
        if any(place.startswith(SETTLED) for place, _line in message.locations)
    ]
    assert lacking == [], "write them into src/masthead/locale, then run scripts/messages"


def test_a_translation_with_a_fault_is_named() -> None:
    catalog = TOOL["catalogue"]("ru")
    catalog.add("%(name)s has %(count)s", "у %(nam)s")
    catalog.add(("%(count)s hour", "%(count)s hours"), ("час", "%(count)s часа", "%(count)s часов"))
    catalog.add("Old words", "Слова", flags=["fuzzy"])
    found = TOOL["faults"](catalog)
    assert len(found) == 3
    assert "the placeholders differ in form 0: %(count)s hour | %(count)s hours" in found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "direction", "words"),
    [
        ("de", "ltr", ["2 Kommentare", "Ressorts", "Kommentar veröffentlichen", "Neueste", "Min. Lesezeit"]),
        ("fr", "ltr", ["2 commentaires", "Rubriques", "Publier le commentaire", "Plus récents", "min de lecture"]),
        ("es", "ltr", ["2 comentarios", "Secciones", "Publicar comentario", "Más recientes", "min de lectura"]),
        ("ar", "rtl", ["تعليقان", "الأقسام", "نشر التعليق", "الأحدث"]),
        ("uk", "ltr", ["2 коментарі", "Рубрики", "Опублікувати", "Нові", "хв читання"]),
        ("ru", "ltr", ["2 комментария", "Рубрики", "Опубликовать", "Новые", "мин. чтения"]),
    ],
)
def test_the_language_of_the_site_is_the_language_of_the_story_page(
    client: CheckingClient, language: str, direction: str, words: list[str]
) -> None:
    article = make_article()
    thread = make_thread(f"article:{article.pk}")
    make_comment(thread)
    make_comment(thread, name="Ida")
    with speaking(language):
        soup = page(client, article.url)
    root = soup.html
    assert root is not None
    assert (root["lang"], root["dir"]) == (language, direction)
    text = " ".join(soup.get_text(" ").split())
    assert [word for word in words if word not in str(soup)] == []
    for english in ("Post comment", "Newest", "Reply", "Skip to content", "min read", "Notify of", "Sign in"):
        assert english not in text


@pytest.mark.django_db
def test_money_days_and_gifts_are_counted_in_the_language_of_the_site(client: CheckingClient) -> None:
    make_campaign(goal=Money(300_000, "EUR"))
    make_gift(amount=Money(163_900, "EUR"))
    with speaking("de"):
        text = page(client, "/support/").get_text(" ")
    assert "1.639" in text
    assert "noch" in text


@pytest.mark.django_db
def test_mails_are_written_in_the_language_of_the_site(client: CheckingClient, ada: User) -> None:
    with speaking("de"):
        client.post("/accounts/login/", {"login": ada.email})
        deliver_all()
    letter = letters()[-1]
    assert "ist Ihr Code für" in letter["Subject"]
    assert 'lang="de"' in part(letter, "html")
    assert "Geben Sie ihn auf der Seite ein" in part(letter, "plain")
