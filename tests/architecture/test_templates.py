"""Templates and scripts keep to the strict content policy and to the limits of the look."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.source import files, read, shown, without_comments

# Mails have no stylesheets, and the admin has its own policy.
PUBLIC = [
    path
    for path in files("*.html")
    if not {"email", "mail", "staff"} & set(path.parts) and "wagtailadmin" not in path.parts
]
SCRIPTS = [path for path in files("*.js") if "vendor" not in path.parts]
SWAP_MODULE = "swap.js"


@pytest.mark.parametrize("path", PUBLIC, ids=shown)
def test_public_templates_hold_no_inline_code_or_style(path: Path) -> None:
    text = without_comments(read(path))
    assert re.findall(r"\sstyle=|\son[a-z]+=|javascript:|<style\b", text) == []
    inline = re.findall(r"<script(?![^>]*(?:\bsrc=|application/ld\+json|importmap))[^>]*>", text)
    assert inline == []


@pytest.mark.parametrize("path", PUBLIC, ids=shown)
def test_public_templates_name_no_foreign_origin_to_load_from(path: Path) -> None:
    loads = re.findall(
        r"""<(?:script|link|img|iframe|source|video|audio)\b[^>]*?(?:src|href)=["'](https?:)?//""", read(path)
    )
    assert loads == []


@pytest.mark.parametrize("path", PUBLIC, ids=shown)
def test_public_forms_carry_no_token(path: Path) -> None:
    if {"account", "accounts"} & set(path.parts):
        return
    assert "{% csrf_token %}" not in read(path)


@pytest.mark.parametrize("path", SCRIPTS, ids=shown)
def test_scripts_build_no_html_from_text(path: Path) -> None:
    forbidden = r"\b(outerHTML|insertAdjacentHTML|document\.write|eval|new Function)\b"
    found = re.findall(forbidden, read(path))
    if path.name != SWAP_MODULE:
        found += re.findall(r"\binnerHTML\b", read(path))
    assert found == []
