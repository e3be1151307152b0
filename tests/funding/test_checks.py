"""Settings that would send readers astray are found before they do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from masthead.funding.checks import funding_settings
from tests.settings import CONFIG


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"iban": ""}, []),
        ({"iban": "GB82 WEST 1234 5698 7654 32"}, []),
        ({"iban": "de02120300000000202051"}, []),
        ({"iban": "DE02 1203 0000 0000 2020 15"}, ["funding.W001"]),
        ({"iban": "my account"}, ["funding.W001"]),
        ({"currency": "XXX"}, ["funding.E001"]),
    ],
)
def test_currency_and_account_are_looked_at(change: dict[str, str], found: list[str]) -> None:
    with override_settings(MASTHEAD=replace(CONFIG, funding=replace(CONFIG.funding, **change))):  # type: ignore[arg-type]
        assert [problem.id for problem in funding_settings(None)] == found


PAYPAL = {"paypal_client": "AeA1", "paypal_secret": "ECYY", "paypal_webhook": "5GP0"}
SIMULATED = {**PAYPAL, "paypal_client": "sim_test_masthead"}
NEAR = {"paypal_address": "http://127.0.0.1:8400"}


def said(change: dict[str, Any]) -> list[tuple[str | None, str]]:
    """Return what is said of the settings of funding with a change, by id."""
    with override_settings(MASTHEAD=replace(CONFIG, funding=replace(CONFIG.funding, **change))):
        return [(problem.id, str(problem.msg)) for problem in funding_settings(None)]


@pytest.mark.parametrize(
    ("change", "ids"),
    [
        ({**PAYPAL, "mode": "live"}, []),
        ({**PAYPAL, "mode": "rehearsal"}, []),  # its sandbox
        ({**SIMULATED, **NEAR, "mode": "rehearsal"}, []),
        ({**PAYPAL, **NEAR, "mode": "live"}, ["funding.E005"]),
        ({**SIMULATED, "mode": "live"}, ["funding.E005"]),
        ({**SIMULATED, "mode": "rehearsal"}, ["funding.E005"]),
        ({**PAYPAL, "mode": "live", "paypal_authority": "/nowhere/authority.pem"}, ["funding.E006"]),
        ({**PAYPAL, "mode": "live", "currency": "UAH"}, ["funding.W003"]),
        ({"mode": "live", "currency": "UAH"}, []),
    ],
)
def test_w4_l7_keys_of_paypal_that_contradict_the_mode_are_said_at_the_start(
    change: dict[str, Any], ids: list[str]
) -> None:
    assert [id_ for id_, _text in said(change)] == ids


@pytest.mark.parametrize("missing", list(PAYPAL))
def test_w4_what_is_missing_of_paypal_is_said_by_its_name(missing: str) -> None:
    [(id_, text)] = said({**PAYPAL, missing: "", "mode": "live"})
    assert id_ == "funding.E004"
    assert f"{missing}: not set" in text
    assert [name for name in PAYPAL if name in text] == [missing]


def test_a_file_of_who_signs_that_is_there_is_nothing_to_say(tmp_path: Path) -> None:
    authority = tmp_path / "authority.pem"
    authority.write_text("")
    assert said({**PAYPAL, "mode": "live", "paypal_authority": str(authority)}) == []
