"""The meter: a view on the books."""

from __future__ import annotations

import pytest
from django.test import Client

from masthead.funding.testing import make_campaign, make_gift


@pytest.mark.django_db
def test_smoke(client: Client) -> None:
    make_campaign()
    make_gift()
    for url in ("/support/?amount=10&every=month", "/support/working/", "/support/working/months.csv", "/-/meter/"):
        reply = client.get(url)
        assert reply.status_code == 200
    reply = client.post("/support/", {"amount": "12,50", "name": "x", "every": "once"})
    assert reply.status_code == 303
