"""The commands a publisher types, run as she runs them."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from masthead.project.config import ConfigError, load
from tests import sites
from tests.project.site_process import masthead, serving


@pytest.fixture(scope="module")
def made_site(new_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site made by the command."""
    return sites.copy(new_site, tmp_path_factory.mktemp("sites") / "ledger")


def test_help_names_every_command() -> None:
    said = masthead("--help").stdout
    for name in ["init", "serve", "worker", "doctor", "admin-link", "import"]:
        assert name in said


def test_a_made_site_serves_its_front_page(made_site: Path) -> None:
    with serving(made_site) as address:
        with urllib.request.urlopen(f"{address}/", timeout=10) as reply:  # noqa: S310 - our own server
            page = reply.read().decode()
        assert reply.status == 200
        assert reply.headers["Cache-Control"].startswith("public")
    assert "The &quot;Test&quot; Ledger" in page


def test_serve_brings_static_files_of_another_version_up_to_date(made_site: Path) -> None:
    note = made_site / "data" / "static" / ".release"
    current = note.read_text()
    note.write_text("of an older version")
    with serving(made_site):
        assert note.read_text() == current


def test_init_twice_keeps_everything(made_site: Path) -> None:
    key = (made_site / "data" / "secret_key").read_bytes()
    settings = (made_site / "masthead.toml").read_bytes()
    again = masthead("init", str(made_site), "--name", "Other")
    assert again.returncode == 0, again.stderr
    assert "Brought up to date" in again.stdout
    assert (made_site / "data" / "secret_key").read_bytes() == key
    assert (made_site / "masthead.toml").read_bytes() == settings


def test_ledger_verify_says_when_no_month_is_closed_and_misses_what_somebody_kept(made_site: Path) -> None:
    """X4: a chain that was cut off is found by whoever kept a number of it."""
    fresh = masthead("ledger", "verify", "--site", str(made_site))
    assert (fresh.returncode, fresh.stdout) == (0, "No month is closed yet.\n")
    kept = masthead("ledger", "verify", "--site", str(made_site), "--expect", "a" * 64)
    assert kept.returncode == 1
    assert "No closed month has the hash aaa" in kept.stdout


def test_doctor_finds_a_new_site_well(made_site: Path) -> None:
    found = masthead("doctor", "--site", str(made_site), "--json")
    assert found.returncode == 0, found.stdout + found.stderr
    levels = {item["level"] for item in json.loads(found.stdout)}
    assert "ok" in levels
    assert "bad" not in levels
    assert "no mail server is set: no guest's comment can appear" in found.stdout


def test_admin_link_prints_one_address(made_site: Path) -> None:
    first = masthead("admin-link", "--site", str(made_site))
    assert first.returncode == 0, first.stderr
    assert first.stdout.strip().startswith("http://127.0.0.1:8000/-/sign-in/")


def test_worker_once_does_what_is_due(made_site: Path) -> None:
    done = masthead("worker", "--site", str(made_site), "--once")
    assert done.returncode == 0, done.stderr
    assert "deliveries made" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serve", "--site", "/nowhere"], "There is no masthead.toml"),
        (["serve", "--port", "99999"], "99999"),
        (["unknown"], "No such command"),
        (["init"], "DIR"),
        (["doctor", "--site", "/nowhere"], "masthead init DIR"),
    ],
)
def test_bad_input_ends_with_two_and_a_sentence(arguments: list[str], said: str) -> None:
    refused = masthead(*arguments)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


def test_init_refuses_a_file_and_a_damaged_site(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert "is a file" in masthead("init", str(tmp_path / "file")).stderr
    (tmp_path / "site" / "data").mkdir(parents=True)
    assert "damaged site" in masthead("init", str(tmp_path / "site")).stderr


def test_the_demo_is_written_once_and_never_over_a_paper(demo_folder: Path, tmp_path: Path) -> None:
    sites.copy(demo_folder, tmp_path / "demo")
    again = masthead("init", str(tmp_path / "demo"), "--demo")
    assert again.returncode == 2
    assert "The demo is written into an empty site only." in again.stderr
    assert (tmp_path / "demo" / "masthead.toml").exists()


def test_each_site_has_a_key_of_its_own_and_none_starts_without(
    new_site: Path, demo_folder: Path, tmp_path: Path
) -> None:
    """Rule 18 of discussion/test_rules_5_3.py."""
    first = (new_site / "data" / "secret_key").read_text()
    other = sites.copy(demo_folder, tmp_path / "other") / "data" / "secret_key"
    assert len(first) >= 40
    assert other.read_text() != first
    for weak in ("", "change-me"):
        other.write_text(weak)
        with pytest.raises(ConfigError, match="secret_key"):
            load(tmp_path / "other", {})


def test_a_wrong_setting_leaves_nothing_behind(tmp_path: Path) -> None:
    refused = masthead("init", str(tmp_path / "new"), "--time-zone", "Mars/Base")
    assert refused.returncode == 2
    assert "Mars/Base" in refused.stderr
    assert not (tmp_path / "new").exists()


def test_serve_refuses_a_database_of_another_version(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "secret_key").write_text("k" * 50, encoding="ascii")
    (folder / "masthead.toml").write_text('[site]\nname = "Old"\n', encoding="utf-8")
    refused = masthead("worker", "--site", str(folder), "--once")
    assert refused.returncode == 2
    assert "Run masthead init" in refused.stderr
