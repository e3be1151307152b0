"""What was given up is seen and sent again by those who may."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from masthead.accounts.testing import make_publisher, make_user
from masthead.outbox import chores, worker
from masthead.outbox.models import Delivery
from tests.client import CheckingClient
from tests.outbox.conftest import Hearer, ring

pytestmark = pytest.mark.django_db


def give_up(hearer: Hearer) -> None:
    for tower in "ab":
        ring(tower)
    Delivery.objects.update(status="failed", attempts=16, last_error="gave up: boom")


def test_the_publisher_sees_reasons_and_sends_one_again(client: CheckingClient, hearer: Hearer) -> None:
    give_up(hearer)
    client.force_login(make_publisher())
    page = client.get("/admin/outbox/").content.decode()
    assert page.count("gave up: boom") == 2
    chosen = Delivery.objects.order_by("id")[0].event.public_id
    assert "1 delivery is sent again." in client.post("/admin/outbox/", {"event": chosen}, follow=True).content.decode()
    worker.run_pending()
    assert [tower for tower, _ in hearer.heard] == ["a"]


def test_all_can_be_sent_again(client: CheckingClient, hearer: Hearer) -> None:
    give_up(hearer)
    client.force_login(make_publisher())
    client.post("/admin/outbox/", {"event": ""})
    worker.run_pending()
    assert len(hearer.heard) == 2
    assert "Nothing was given up" in client.get("/admin/outbox/").content.decode()


def test_a_failing_chore_is_named(client: CheckingClient, no_chores: None) -> None:
    chores.every(60, "tests.sweep", lambda: 1 // 0)
    chores.run_due()
    client.force_login(make_publisher())
    assert "tests.sweep failed: ZeroDivisionError" in client.get("/admin/outbox/").content.decode()


def test_others_are_turned_away(client: CheckingClient, hearer: Hearer) -> None:
    give_up(hearer)
    mo = make_user("mo@example.org")
    mo.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(mo)
    assert client.post("/admin/outbox/", {"event": ""}).status_code == 302
    assert Delivery.objects.filter(status="failed").count() == 2
