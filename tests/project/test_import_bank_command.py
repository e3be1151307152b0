"""``masthead import bank`` and the importers of gifts as a publisher runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import sites
from tests.funding.statements import Line, camt
from tests.project.site_process import masthead


@pytest.fixture(scope="module")
def made_site(new_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site made by the command."""
    return sites.copy(new_site, tmp_path_factory.mktemp("sites") / "bank")


def test_a_statement_is_brought_in_once(made_site: Path, tmp_path: Path) -> None:
    path = tmp_path / "november.xml"
    path.write_bytes(camt([Line(2500, "eggs"), Line(-100, "rent")]))
    said = masthead("import", "bank", str(path), "--dry-run", "--site", str(made_site))
    assert "Dry run: nothing was written. 0 matched, 0 for you, 1 unknown." in said.stdout, said.stderr
    reports = [
        json.loads(masthead("import", "bank", str(path), "--json", "--site", str(made_site)).stdout) for _ in range(2)
    ]
    assert [(report["added"], report["unchanged"], report["outgoing"]) for report in reports] == [(1, 0, 1), (0, 1, 1)]


def test_a_table_that_is_unclear_names_what_to_say(made_site: Path, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("Date;Amount;Currency\n01/02/2026;5,00;EUR\n")
    said = masthead("import", "bank", str(path), "--json", "--site", str(made_site))
    assert said.returncode == 2
    assert "--dates with one of dmy, mdy" in json.loads(said.stdout)["error"]
    told = masthead("import", "bank", str(path), "--dates", "mdy", "--json", "--site", str(made_site))
    assert json.loads(told.stdout)["details"][0]["day"] == "2026-01-02"


def test_gifts_need_a_campaign(made_site: Path, tmp_path: Path) -> None:
    path = tmp_path / "gifts.csv"
    path.write_text("date,amount,currency\n2026-01-01,5,USD\n")
    said = masthead("import", "donations", str(path), "--site", str(made_site))
    assert said.returncode == 2
    assert "No campaign is active" in said.stderr
