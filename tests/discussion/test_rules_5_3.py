"""How comment systems were really broken: each rule of section 5.3 of the research, one function per rule.

Rule 1 is kept by ``tests/accounts/test_provider.py`` and ``test_my_discussions.py``, rules 3 and 12 by
``test_verified_guests.py`` (there are 2 and 11 at length, too), rule 14 by ``test_my_discussions.py``.
"""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.test import Client
from django.urls.resolvers import RegexPattern, URLResolver

from masthead.accounts.models import User
from masthead.core import assets, markup
from masthead.core.ratelimit import TooManyRequests
from masthead.discussion import errors, selectors, services
from masthead.discussion.models import Comment, CommentPicture, Vote
from masthead.discussion.ports import ScorerUnavailable
from masthead.discussion.rules.people import Person
from masthead.discussion.rules.voting import Direction
from masthead.discussion.testing import FakeSpamScorer, FakeSubjectDirectory, make_comment, make_guest
from masthead.outbox.models import Event
from tests.client import CheckingClient
from tests.discussion.test_pictures import drawn
from tests.discussion.test_site_settings import decide, page
from tests.discussion.visits import ADA, act, button, press, prove, send, write

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved"),
]


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return every row that the discussion or the facts about it consist of."""
    models: list[type[Model]] = [*apps.get_app_config("discussion").get_models(), Event]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def addresses(resolver: URLResolver, values: dict[str, str], before: str = "") -> Iterator[str]:
    """Yield an address for each pattern, its places filled in."""
    for item in resolver.url_patterns:
        path = before + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from addresses(item, values, path)
        else:
            yield re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], "1"), path)


def test_rule_2_nothing_changes_by_reading_any_address(client: CheckingClient, settings: Any, mo: User) -> None:
    """Rule 2: wpDiscuz 7.6.47 closed a link that deletes all comments; mail scanners follow every link they see.

    Asked by whoever could do it by POST: the writer, and a moderator, with the values that its form would send.
    """
    decide(settings, guests="verified")
    comment = prove(client)
    write(CheckingClient(), "Waiting.", address="ben@example.org")
    values = {"comment_id": comment.public_id, "token": button().split("/")[-2], "name": "x"}
    form = {"thread": "article:1", "text": "Changed.", "name": "Ada", "value": "up", "mark": "sticky", "on": "1"}
    resolver = URLResolver(RegexPattern(""), "masthead.discussion.urls")
    paths = list(addresses(resolver, values, "/-/comments/"))
    assert len(paths) > 20
    before = everything()
    # Not the checking client: some of these answer with a piece of a page.
    writer, moderator = Client(), Client()
    writer.cookies = client.cookies
    moderator.force_login(mo)
    for reader in (writer, moderator):
        for path in paths:
            assert reader.get(path, form).status_code < 500
            reader.head(path, form)
    assert everything() == before


def test_rule_4_every_road_that_writes_asks_the_real_subject(subjects: FakeSubjectDirectory) -> None:
    """Rule 4: CVE-2023-46309 and CVE-2025-68997 wrote where nobody may; the check is one function, asked by all."""
    ada, ben = make_guest("ada"), make_guest("ben")
    own = make_comment(guest=ada.guest)
    roads: dict[str, Callable[[], object]] = {
        "post": lambda: services.post_comment(thread_key="article:1", person=ada, name="Ada", text="A new one."),
        "reply": lambda: services.post_comment(
            thread_key="article:1", person=ben, name="Ben", text="Answer.", reply_to=own.public_id
        ),
        "edit": lambda: services.edit_comment(comment_id=own.public_id, person=ada, text="Changed."),
        "vote": lambda: services.cast_vote(comment_id=own.public_id, person=ben, direction="up"),
    }
    states: list[tuple[dict[str, Any], set[str]]] = [
        ({"is_public": False}, set(roads)),
        ({"comments": "off"}, set(roads)),
        ({"comments": "closed"}, {"post", "reply", "edit"}),
    ]
    for state, closed in states:
        subjects.put("article:1", **state)
        for name in sorted(closed):
            with pytest.raises((errors.UnknownThread, errors.CommentingClosed)):
                roads[name]()
    subjects.subjects.clear()
    for road in roads.values():
        with pytest.raises(errors.UnknownThread):
            road()
    assert list(Comment.objects.values_list("source", "score")) == [(own.source, 0)]


def test_rule_5_an_edit_passes_the_gate_of_a_new_comment(settings: Any, subjects: FakeSubjectDirectory) -> None:
    """Rule 5: edit = create; what an untrusted person makes of an approved comment goes back to review."""
    ada = make_guest()
    comment = services.post_comment(thread_key="article:1", person=ada, name="Ada", text="Harmless.")

    def edit(text: str) -> Comment:
        return services.edit_comment(comment_id=comment.public_id, person=ada, text=text)

    for text in ("", " \x00", "x" * 5001):
        with pytest.raises(errors.TextRefused):
            edit(text)
    assert edit("Buy at https://spam.example/").status == "held"
    services.approve_comment(comment_id=comment.public_id, moderator=Person(may_moderate=True))
    assert edit("Buy more at https://spam.example/").status == "held", "approval was for the other words"
    decide(settings, posts_per_minute=1)
    with pytest.raises(TooManyRequests):
        edit("Once more.")
    decide(settings, posts_per_minute=0)
    subjects.put("article:1", comments="closed")
    with pytest.raises(errors.CommentingClosed):
        edit("After closing time.")


def test_rule_6_nothing_of_an_uploaded_file_lives_on(client: CheckingClient, settings: Any) -> None:
    """Rule 6: CVE-2020-24186 was a program behind a picture's first bytes. See also test_pictures.py."""
    decide(settings, pictures=True, hold="none")
    program = b"<?php system($_GET['c']); ?>"
    sent = services.Upload(drawn(comment=program) + program, alt="<script>alert(1)</script>")
    services.post_comment(thread_key="article:1", person=make_guest(), name="Ada", text="Look.", picture=sent)
    picture = CommentPicture.objects.get()
    reply: Any = client.get(f"/-/comments/pictures/{picture.name}.webp")
    assert program not in reply.getvalue()
    assert "sandbox" in reply["Content-Security-Policy"]
    assert page(client).select("#comment-list script") == []
    assert client.get(f"/media/{picture.path}").status_code == 404


SOURCE = Path(services.__file__).parents[2]
_FETCHING = {"urllib.request", "http.client", "socket", "requests", "httpx", "aiohttp", "urllib3", "ftplib", "smtplib"}
# The one way out of the house, for importers and webhooks.
_WAY_OUT = SOURCE / "core" / "outgoing.py"


def test_rule_7_the_discussion_fetches_nothing() -> None:
    """Rule 7: better no fetching at all than a guarded one: no preview of links, no avatar of elsewhere."""
    files = [*(SOURCE / "discussion").rglob("*.py"), *(SOURCE / "core").rglob("*.py")]
    assert len(files) > 60
    files.remove(_WAY_OUT)
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [item.name for item in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{item.name}" for item in node.names)]
            assert not {*_FETCHING, "masthead.core.outgoing"} & set(names), f"{path} can ask others"


def test_rule_8_one_allow_list_and_no_template_of_strangers(client: CheckingClient) -> None:
    """Rule 8: what is shown comes out of one allow-list unchanged, and nothing that was typed is ever evaluated."""
    hostile = "{{ 7|add:7 }} {% now 'Y' %} <img src=x onerror=alert(1)> [x](javascript:alert(1)) ||<svg/onload=a>||"
    send(client, text=hostile, name="{{ request }}<b>")
    comment = Comment.objects.get()
    assert markup.clean_comment_html(comment.html) == comment.html
    shown = page(client).select_one(f"#comment-{comment.public_id}")
    assert shown is not None
    assert "{{ 7|add:7 }} {% now 'Y' %} <img src=x onerror=alert(1)>" in shown.get_text()
    assert shown.select_one(".comment-by").get_text() == "{{ request }}<b>"  # type: ignore[union-attr]
    assert not shown.select(".comment-text :is(img, svg, script), [onerror], a[href^='javascript']")


def test_rule_10_an_address_in_a_header_counts_only_from_a_trusted_proxy(client: CheckingClient, settings: Any) -> None:
    """Rule 10: CVE-2026-22201 forged it, against bans and limits. By default nobody is trusted."""
    decide(settings, posts_per_minute=1)

    def post(number: int) -> int:
        forged = {"X-Forwarded-For": f"203.0.{number}.7", "Client-IP": f"203.0.{number}.7", "X-Real-IP": "203.0.113.9"}
        values = {"thread": "article:1", "name": "Ada", "text": f"Text {number}."}
        status: int = client.post("/-/comments/post/", values, headers=forged).status_code
        return status

    assert [post(1), post(2)] == [303, 429]
    settings.MASTHEAD = replace(
        settings.MASTHEAD, server=replace(settings.MASTHEAD.server, trusted_proxies=["127.0.0.1/32"])
    )
    assert [post(3), post(4), post(4)] == [303, 303, 429]


def test_rule_11_limits_go_by_network_and_thread_never_by_the_browsers_name(
    client: CheckingClient, settings: Any, subjects: FakeSubjectDirectory
) -> None:
    """Rule 11: CVE-2026-22182 and CVE-2026-22216 had no limit at all; one that goes by ``User-Agent`` is none."""
    decide(settings, posts_per_minute=1)
    subjects.put("article:2")

    def post(number: int, host: str, thread: str = "article:1") -> int:
        values = {"thread": thread, "name": "Ada", "text": f"Text {number}."}
        agent = {"User-Agent": f"Browser/{number}"}
        # A new browser each time: no cookie tells that it is the same person.
        status: int = CheckingClient(REMOTE_ADDR=host).post("/-/comments/post/", values, headers=agent).status_code
        return status

    assert [post(1, "203.0.113.7"), post(2, "203.0.113.7")] == [303, 429]
    assert post(3, "203.0.113.7", "article:2") == 303
    assert [post(4, "2001:db8:1:2::1"), post(5, "2001:db8:1:2:ffff::9"), post(6, "2001:db8:7::1")] == [303, 429, 303]


def test_rule_13_a_kept_page_holds_no_token_and_its_forms_need_none(client: CheckingClient, ada: User) -> None:
    """Rule 13: CVE-2021-24806 and CVE-2023-47775 were forged requests; a kept page cannot hold a token for anybody.

    Where a request comes from decides. A form without script is sent to an address that nobody keeps.
    """
    send(client)
    member = CheckingClient()
    member.force_login(ada)
    kept = [reader.get("/article-1/") for reader in (CheckingClient(), client, member)]
    assert len({reply.content for reply in kept}) == 1
    assert b"csrf" not in kept[0].content.lower()
    assert all(reply["Cache-Control"].startswith("public") and not reply.cookies for reply in kept)
    forms = [form for form in page(client).select("form") if form.get("method") == "post"]
    assert len(forms) > 2
    strict = CheckingClient(enforce_csrf_checks=True)
    before = everything()
    for form in forms:
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}):
            assert strict.post(str(form["action"]), headers=headers).status_code == 403
    assert everything() == before
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    values = {"thread": "article:1", "name": "Ben", "text": "By a plain form."}
    reply = strict.post("/-/comments/post/", values, headers=own)
    assert (reply.status_code, reply["Cache-Control"]) == (303, "private, no-store")


def test_rule_15_logs_hold_ids_not_words_or_addresses(
    client: CheckingClient, settings: Any, scorer: FakeSpamScorer, caplog: pytest.LogCaptureFixture
) -> None:
    """Rule 15: whatever goes wrong, no log tells who wrote what."""
    decide(settings, guests="verified")
    caplog.set_level(logging.DEBUG)
    scorer.verdict = ScorerUnavailable("away")
    write(client, "Words for nobody.", name="Ada Venn")
    press(client)
    scorer.verdict = RuntimeError("broken")
    client.raise_request_exception = False
    write(client, "More words for nobody.", name="Ada Venn")
    client.get("/-/comments/mine/")
    client.post("/-/comments/mine/erase/")
    assert "the spam scorer could not say" in caplog.text
    for secret in (ADA, "for nobody", "Ada Venn"):
        assert secret not in caplog.text


def test_rule_16_no_inline_code_and_no_cookie_within_reach_of_a_script(client: CheckingClient, settings: Any) -> None:
    """Rule 16: CVE-2023-47185 and many more stored a script; Coral kept its token where any script could read it."""
    send(client, text="<script>steal()</script>", name="<b onclick=steal()>")
    reply = client.get("/article-1/")
    policy = dict(part.strip().partition(" ")[::2] for part in reply["Content-Security-Policy"].split(";"))
    assert set(policy["script-src"].split()) == {"'self'", assets.importmap_source()}
    assert policy["default-src"] == policy["base-uri"] == "'none'"
    assert "object-src" not in policy
    found = page(client)
    inline = [str(script.get("type")) for script in found.select("script:not([src])")]
    assert set(inline) <= {"importmap", "application/ld+json"}, (
        "what stands there is data; the one map goes by its hash"
    )
    assert not [name for tag in found.select("*") for name in tag.attrs if name.startswith("on") or name == "style"]
    cookie = client.cookies["masthead_guest"]
    assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")
    assert (settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE) == (True, "Lax")


def test_rule_17_addresses_are_compared_as_equal_never_by_likeness(
    client: CheckingClient, settings: Any, ada: User
) -> None:
    """Rule 17: CVE-2026-22216 matched addresses by wildcard. Here one spelling is equal, and nothing else is."""
    decide(settings, guests="verified")
    make_comment(author_email="abc@example.org")
    prove(client, address="A_C@Example.org")
    guest = Person(guest=Comment.objects.latest("id").guest, email="a_c@example.org")
    assert Comment.objects.latest("id").author_email == "a_c@example.org"
    assert selectors.claimable_count(guest) == 0
    write(client, "The same spelling.", address=" a_c@EXAMPLE.org ")
    assert Comment.objects.latest("id").is_public
    for pattern in ("%@example.org", "___@example.org"):
        write(CheckingClient(), f"By {pattern}.", address=pattern)
        assert Comment.objects.latest("id").is_unconfirmed
    assert selectors.claimable_count(Person(user_id=ada.pk, email="%@example.org")) == 0
    for pattern in ("%", "_he", "t_e", "*"):
        found = client.get("/article-1/", {"q": pattern}).content
        assert b"The same spelling." not in found, "words are looked for, not patterns"


def test_rule_18_keys_are_the_installations_own(client: CheckingClient, settings: Any) -> None:
    """Rule 18: what one site signed opens nothing at another.

    Each site has a key of its own, and none starts without: tests/project/test_cli.py.
    """
    decide(settings, guests="verified")
    comment = prove(client)
    write(CheckingClient(), "Waiting.", address="ben@example.org")
    path = button()
    settings.SECRET_KEY = "the-key-of-another-site-" + "y" * 40
    assert CheckingClient().post(path).status_code == 404
    assert act(client, comment, "delete").status_code == 403


def test_rule_9_votes_are_unique_in_the_database_and_counters_are_its_sums() -> None:
    """Rule 9: wpDiscuz had no constraint and read, added and wrote. Even past our services nobody votes twice here.

    Many at once: test_counters.py, 32 people changing their minds.
    """
    comment = make_comment()
    clicks: list[Direction] = ["up", "down", "down", "up"]
    for direction in clicks:
        services.cast_vote(comment_id=comment.public_id, person=make_guest(), direction=direction)
    vote = Vote.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(comment=comment, voter=vote.voter, value=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(score=5)
    assert list(selectors.drift()) == []


def test_each_rule_is_cited_by_a_test_that_bears_its_number() -> None:
    """No rule can lose its last test unnoticed."""
    tests = Path(__file__).parents[1]
    cited: set[int] = set()
    for path in tests.rglob("test_*.py"):
        cited |= {int(number) for number in re.findall(r"^def test_rule_(\d+)_", path.read_text("utf-8"), re.MULTILINE)}
    assert cited == set(range(1, 19))
