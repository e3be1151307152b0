"""Where the real exports lie, and what they hold. They are not part of this repository."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).resolve().parents[2]
INPUTS = Path(os.environ.get("MASTHEAD_INPUTS", "") or _ROOT.parent / "shared" / "inputs")

needs_inputs = pytest.mark.skipif(not INPUTS.is_dir(), reason=f"shared inputs not found at {INPUTS}")


@cache
def expected_counts() -> dict[str, dict[str, Any]]:
    """Return the counts that were computed from the files, by path."""
    path = INPUTS / "expected-counts.json"
    return json.loads(path.read_text()) if path.is_file() else {}


def wordpress_files() -> list[str]:
    """Return the paths of all WordPress exports that hold something to import."""
    return [
        name
        for name, counts in expected_counts().items()
        if name.startswith("wordpress/") and counts.get("items", 0) > 0
    ]


def payloads() -> list[str]:
    """Return every hostile or odd string of the sanitiser collections."""
    found: list[str] = []
    for name in ("dompurify-payloads.json", "owasp-filter-evasion.json", "blns.json"):
        path = INPUTS / "xss" / name
        if path.is_file():
            found += json.loads(path.read_text())
    cases = INPUTS / "xss" / "bleach-cases.json"
    if cases.is_file():
        found += [case["payload"] for case in json.loads(cases.read_text())]
    lines = INPUTS / "xss" / "payloadbox-payloads.txt"
    if lines.is_file():
        found += lines.read_text().split("\n")
    found += [text.replace("\xa0", " ") for text in found if "\xa0" in text]
    return list(dict.fromkeys(found))
