"""A site says phrases in its own words: at once, in every place, in every language, and only as text."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection, connections, transaction
from django.template import engines
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext, ngettext

from masthead.accounts.testing import make_publisher, make_user
from masthead.core import worded
from masthead.discussion.presenters import offers
from masthead.edge.store import EVERYTHING
from masthead.outbox.models import Event
from masthead.outbox.tail import Fact
from masthead.project.answers.discussion import AccountBadges
from masthead.project.wiring.edge import purge_for, purge_of
from masthead.publishing.testing import make_article
from masthead.wording import selectors, services
from masthead.wording.errors import UnknownPhrase, WordingRefused
from masthead.wording.events import PhraseReworded
from masthead.wording.models import Wording
from masthead.wording.rules.phrases import name_of
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _our_words_again() -> Iterator[None]:
    """Let what a test said be forgotten with its rows."""
    yield
    Wording.objects.all().delete()
    services.speak()


def say(msgid: str, *forms: str, language: str = "en") -> Wording | None:
    """Say a phrase otherwise, as the process that does so."""
    row = services.reword(language=language, name=name_of("", msgid), forms=forms)
    services.speak()
    return row


@pytest.mark.parametrize("language", ["en", "ar", "de", "es", "fr", "ru", "uk"])
def test_every_language_of_ours_can_be_worded_anew_and_reset(language: str) -> None:
    with translation.override(language):
        before = gettext("Newest")
        say("Newest", "Zuoberst", language=language)
        assert gettext("Newest") == "Zuoberst"
        assert gettext("Oldest") != "Zuoberst"
        services.reset_wording(language=language, name=name_of("", "Newest"))
        services.speak()
        assert gettext("Newest") == before


@pytest.mark.parametrize(("language", "count"), [("en", 2), ("de", 2), ("ru", 3), ("uk", 3), ("ar", 6)])
def test_each_number_takes_the_form_that_was_written_for_it(language: str, count: int) -> None:
    msgid = "View 1 more reply"
    phrase = selectors.phrase_of(language, name_of("", msgid))
    assert phrase is not None
    assert len(phrase.ours) == len(phrase.examples) == count
    say(msgid, *[f"form {number}: %(count)s" for number in range(count)], language=language)
    with translation.override(language):
        for number, shown in enumerate(phrase.examples):
            for example in shown.replace(", …", "").split(", "):
                text = ngettext(msgid, "View %(count)s more replies", int(example)) % {"count": example}
                assert text == f"form {number}: {example}"


def test_a_missing_form_or_placeholder_is_refused_and_nothing_changes() -> None:
    for forms in (["One more"], ["One more", "More"], ["One more", ""]):
        with pytest.raises(WordingRefused):
            say("View 1 more reply", *forms)
    with pytest.raises(UnknownPhrase):
        say("We never said this", "x")
    assert not Wording.objects.exists()
    assert not Event.objects.filter(type="wording.phrase-reworded").exists()


def test_our_own_words_are_no_wording() -> None:
    say("Newest", "First")
    assert say("Newest", "Newest") is None
    assert not Wording.objects.exists()


def test_pages_scripts_and_kept_pieces_say_it_at_once(client: CheckingClient) -> None:
    article = make_article("The pumps")
    path = article.get_url()
    assert "Newest" in client.get(path).content.decode()
    say("Newest", 'The "latest" & best')
    say("Comments have changed - show", "Da ist was neu")
    page = client.get(path).content.decode()
    assert "The “latest” & best" in page or "The “latest” &amp; best" in page
    assert ">Newest<" not in page
    assert "Da ist was neu" in offers()
    assert "Da ist was neu" in page


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Skip to content" %}',
        "{% blocktranslate %}Skip to content{% endblocktranslate %}",
        '<a title="{% translate "Skip to content" %}"></a>',
        "{{ text }}",
    ],
)
def test_a_wording_is_the_same_text_in_every_kind_of_place(source: str) -> None:
    for hostile in ('"><script>alert(1)</script>', "<b>x</b>", "&lt;b&gt;", '" onmouseover="alert(1)'):
        try:
            say("Skip to content", hostile)
        except WordingRefused:
            continue
    html = engines["django"].from_string(source).render({"text": gettext("Skip to content")})
    assert "<script" not in html
    assert ' onmouseover="' not in html
    assert "“ onmouseover=”alert(1)" in html


def test_roles_beside_names_are_worded_by_the_site() -> None:
    eve = make_publisher()
    assert AccountBadges().badges([eve.pk]) == {eve.pk: "Editor"}
    say("Editor", "Of the paper")
    assert AccountBadges().badges([eve.pk]) == {eve.pk: "Of the paper"}


def test_another_process_hears_of_it_speaks_and_drops_its_pages() -> None:
    with transaction.atomic():
        say("Newest", "Upmost")
    Wording.objects.update(forms=["From elsewhere"])
    event = PhraseReworded(language="en", name=name_of("", "Newest"))
    purge_for([Fact(1, "wording.phrase-reworded", event)])
    assert gettext("Newest") == "From elsewhere"
    assert EVERYTHING in purge_of([event]).stale


def test_no_request_pays_for_it() -> None:
    say("Newest", "Upmost")
    with CaptureQueriesContext(connection) as captured:
        assert gettext("Newest") == "Upmost"
    assert len(captured) == 0
    with CaptureQueriesContext(connection) as captured:
        services.speak()
    assert len(captured) == 1


def test_what_was_made_of_phrases_is_forgotten() -> None:
    made: list[int] = []

    @worded.kept
    def piece(number: int) -> str:
        made.append(number)
        return gettext("Newest")

    assert [piece(1), piece(1)] == ["Newest", "Newest"]
    say("Newest", "Upmost")
    assert piece(1) == "Upmost"
    assert made == [1, 1]


def test_a_phrase_that_an_update_changed_is_orphaned_and_can_be_forgotten(client: CheckingClient) -> None:
    Wording.objects.create(language="de", name=name_of("", "Gone"), msgid="Gone", forms=["Weg damit"])
    Wording.objects.create(language="ru", name=name_of("", "View 1 more reply"), msgid="View 1 more reply", forms=["x"])
    services.speak()
    assert [row.msgid for row in selectors.orphaned()] == ["Gone", "View 1 more reply"]
    client.force_login(make_publisher())
    screen = client.get("/admin/wording/")
    assert "Weg damit" in screen.content.decode()
    assert screen.context["breadcrumbs_items"][-1]["label"] == "Wording"
    address = f"/admin/wording/de/{name_of('', 'Gone')}/"
    assert "Weg damit" in client.get(address).content.decode()
    client.post(address, {"reset": "1"})
    assert [row.language for row in selectors.orphaned()] == ["ru"]


def test_staff_find_a_phrase_by_english_or_the_language_and_are_told_what_is_wrong(client: CheckingClient) -> None:
    client.force_login(make_publisher())
    address = f"/admin/wording/de/{name_of('', 'View 1 more reply')}/"
    for words in ("more replies", "Antworten anzeigen"):
        found = client.get("/admin/wording/", {"language": "de", "q": words}).content.decode()
        assert address in found or words == "Antworten anzeigen"
    refused = client.post(address, {"form": ["Eine", "Viele"]})
    assert refused.status_code == 422
    assert "%(count)s is missing" in refused.content.decode()
    assert 'value="Viele"' in refused.content.decode()
    assert client.post(address, {"form": ["Eine", "%(count)s weitere"]}).status_code == 302
    services.speak()
    with translation.override("de"):
        assert ngettext("View 1 more reply", "View %(count)s more replies", 7) == "%(count)s weitere"
    assert client.post(address, {"reset": "1"}).status_code == 302
    assert not Wording.objects.exists()


def test_a_permission_of_its_own_lets_in(client: CheckingClient) -> None:
    user = make_user("don@example.org", is_staff=True)
    enter = Permission.objects.get(codename="access_admin")
    user.user_permissions.add(enter)
    client.force_login(user)
    assert client.get("/admin/wording/").status_code == 302
    user.user_permissions.add(Permission.objects.get(codename="change_wording"))
    assert client.get("/admin/wording/").status_code == 200


def test_the_languages_begin_with_that_of_the_site() -> None:
    assert list(selectors.languages()) == ["en", "ar", "de", "es", "fr", "ru", "uk"]
    assert str(settings.LANGUAGE_CODE).startswith("en")


def test_a_wording_that_its_phrase_outgrew_is_not_said() -> None:
    for msgid, plural, forms in (
        ("Newest", "", ["%(count)s <b>first"]),
        ("View 1 more reply", "", ["All"]),
        ("We said this once", "", ["Gone"]),
    ):
        Wording.objects.create(language="en", name=name_of("", msgid), msgid=msgid, plural=plural, forms=forms)
    say("Oldest", "From the beginning")
    assert [gettext("Newest"), gettext("Oldest")] == ["Newest", "From the beginning"]
    assert ngettext("View 1 more reply", "View %(count)s more replies", 1) == "View 1 more reply"
    assert gettext("We said this once") == "We said this once"
    assert Wording.objects.count() == 4, "what the site said stays, to be seen and mended"


class Slow(logging.Handler):
    """Holds a thread that finds a wording nobody needs: at that moment it has read the rows and said nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.may_go_on = threading.Event(), threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Wait, in the one thread."""
        if threading.current_thread() is not threading.main_thread():
            self.began.set()
            self.may_go_on.wait(10)


@pytest.mark.django_db(transaction=True)
def test_who_read_the_rows_first_does_not_have_the_last_word() -> None:
    Wording.objects.create(language="en", name=name_of("", "Gone"), msgid="Gone", forms=["Weg"])
    say("Newest", "First words")

    def speak() -> None:
        services.speak()
        connections.close_all()

    slow, logger = Slow(), logging.getLogger("masthead.wording.services.speak")
    logger.addHandler(slow)
    try:
        former = threading.Thread(target=speak)
        former.start()
        assert slow.began.wait(10)
        threading.Timer(0.5, slow.may_go_on.set).start()
        say("Newest", "Second words")
        former.join(10)
    finally:
        logger.removeHandler(slow)
    assert gettext("Newest") == "Second words"
