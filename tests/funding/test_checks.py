"""Settings that would send readers astray are found before they do."""

from __future__ import annotations

from dataclasses import replace

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
