"""The reference names everything there is: events, ports, slots, settings, commands."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from masthead.core import slots
from tests.architecture.source import PACKAGE, ROOT, files, read

REFERENCE = ROOT / "docs" / "reference"
GENERATED = runpy.run_path(str(ROOT / "scripts" / "reference.py"))["PAGES"]


def names_in(page: str) -> set[str]:
    """Return everything a page of the reference sets in code."""
    return set(re.findall(r"`([^`\n]+)`", read(REFERENCE / page)))


def slots_in_templates() -> set[str]:
    """Return the names of all slots that templates open."""
    opened = (re.findall(r"""{%\s*(?:open_)?slot\s+["']([\w.]+)["']""", read(path)) for path in files("*.html"))
    return {name for names in opened for name in names}


@pytest.mark.parametrize("page", sorted(GENERATED))
def test_the_generated_pages_are_current(page: str) -> None:
    assert read(REFERENCE / page) == GENERATED[page](), "run scripts/reference"


def test_every_slot_is_described() -> None:
    assert (slots_in_templates() | set(slots.names())) - names_in("slots.md") == set()


def test_every_filled_slot_is_opened_somewhere() -> None:
    sealed = {name for path in files("*.py") for name in re.findall(r"""["']([a-z]+\.[a-z_]+)["']""", read(path))}
    assert set(slots.names()) - slots_in_templates() - sealed == set()


@pytest.mark.parametrize(
    "page", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", read(page))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_app_introduces_itself() -> None:
    apps_with_models = {path.parent.parent.name for path in files("0001_*.py")}
    assert {app for app in apps_with_models if not (PACKAGE / app / "README.md").exists()} == set()
