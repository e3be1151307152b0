"""The QR code of a transfer: the lines of EPC069-12, drawn as an accessible picture, for euros to an IBAN only."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import segno
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.money import Money
from masthead.funding.models import Pledge
from masthead.funding.qr import QUIET, qr_code
from masthead.funding.rules.epc import BYTES_MAX, epc_text
from masthead.funding.services import note_pledge
from masthead.funding.testing import make_campaign
from tests.client import CheckingClient
from tests.settings import CONFIG

IBAN = "DE89 3704 0044 0532 0130 00"
FIELDS = ("tag", "version", "charset", "kind", "bic", "name", "iban", "amount", "purpose", "reference", "text", "note")


def fields(**facts: Any) -> dict[str, str]:
    """Return the fields of a code by name."""
    text = epc_text(**{"holder": "Saltmere Ledger", "iban": IBAN, **facts})
    assert text is not None
    lines = text.split("\n")
    return dict(zip(FIELDS, [*lines, *[""] * (len(FIELDS) - len(lines))], strict=True))


def test_the_fields_stand_in_their_order() -> None:
    text = epc_text(
        holder="Saltmere Ledger",
        iban=IBAN,
        bic="cobadeffxxx",
        amount=Money(2550, "EUR"),
        reference="RF18 5390 0754 7034",
    )
    assert text == (
        "BCD\n002\n1\nSCT\nCOBADEFFXXX\nSaltmere Ledger\nDE89370400440532013000\nEUR25.50\n\nRF18539007547034"
    )


def test_a_reference_and_a_text_exclude_each_other() -> None:
    both = fields(reference="RF18539007547034", text="a gift")
    assert (both["reference"], both["text"]) == ("RF18539007547034", "")
    only = fields(text="x" * 200)
    assert (only["reference"], only["text"]) == ("", "x" * 140)


@pytest.mark.parametrize("amount", [Money(100, "USD"), Money(0, "EUR"), Money(-100, "EUR"), Money(10**11, "EUR")])
def test_what_no_code_can_hold_has_none(amount: Money) -> None:
    assert epc_text(holder="Saltmere Ledger", iban=IBAN, amount=amount) is None


@pytest.mark.parametrize("facts", [{"iban": ""}, {"holder": " "}])
def test_without_account_or_holder_there_is_none(facts: dict[str, Any]) -> None:
    assert epc_text(**{"holder": "Saltmere Ledger", "iban": IBAN, **facts}) is None


@given(st.text(max_size=200), st.integers(1, 99_999_999_999), st.text(max_size=300))
def test_whatever_is_written_the_lines_stay_the_lines(holder: str, minor: int, text: str) -> None:
    found = epc_text(holder=holder, iban=IBAN, amount=Money(minor, "EUR"), text=text)
    if found is None:
        assert not " ".join(holder.split()) or len(f"{holder}{text}".encode()) > BYTES_MAX - 80
        return
    lines = found.split("\n")
    assert lines[:4] == ["BCD", "002", "1", "SCT"]
    assert len(lines) <= len(FIELDS) and len(found.encode()) <= BYTES_MAX  # noqa: PT018
    assert lines[7] == f"EUR{minor // 100}.{minor % 100:02d}"


def drawn(size: int, path: str) -> list[list[int]]:
    """Return the modules that a path draws, without the quiet zone."""
    grid = [[0] * size for _ in range(size)]
    for x, y, length, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path):
        assert length == back
        for at in range(int(x), int(x) + int(length)):
            grid[int(y)][at] = 1
    assert not any(grid[edge][at] for edge in (*range(QUIET), *range(size - QUIET, size)) for at in range(size))
    return [row[QUIET:-QUIET] for row in grid[QUIET:-QUIET]]


def test_the_picture_is_the_code_of_exactly_this_text() -> None:
    text = "\n".join(fields(amount=Money(2550, "EUR"), reference="RF18539007547034").values())
    code = qr_code(text)
    expected = segno.make(text, error="m", encoding="utf-8", micro=False, boost_error=False)
    assert drawn(code.size, code.path) == [list(row) for row in expected.matrix]
    assert expected.error == "M"
    assert int(expected.version) <= 13


def page(client: CheckingClient, currency: str, iban: str = IBAN) -> tuple[Pledge, str]:
    """Return a pledge and the page that tells how to pay it."""
    funding = replace(CONFIG.funding, account_holder="Saltmere Ledger", iban=iban, bic="")
    with override_settings(MASTHEAD=replace(CONFIG, funding=funding)):
        campaign = make_campaign(goal=Money(100, currency))
        pledge = note_pledge(campaign=campaign, amount=Money(2550, currency), name="Ada")
        return pledge, client.get(f"/support/thanks/{pledge.reference}/").content.decode()


@pytest.mark.django_db
def test_the_pledges_page_shows_the_code_of_its_transfer(client: CheckingClient) -> None:
    pledge, html = page(client, "EUR")
    expected = qr_code(
        "\n".join(
            ("BCD", "002", "1", "SCT", "", "Saltmere Ledger", IBAN.replace(" ", ""), "EUR25.50", "", pledge.reference)
        )
    )
    assert f'd="{expected.path}"' in html
    assert 'role="img"' in html
    assert re.search(r'<title id="transfer-code-title">QR code for your banking app: 25\.50.€ to Saltmere Ledger', html)


@pytest.mark.django_db
@pytest.mark.parametrize(("currency", "iban"), [("USD", IBAN), ("EUR", "")])
def test_other_currencies_and_sites_without_account_show_none(client: CheckingClient, currency: str, iban: str) -> None:
    assert "transfer-code" not in page(client, currency, iban)[1]
