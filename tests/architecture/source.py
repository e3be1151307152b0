"""The source tree as the architecture tests read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "masthead"
DOMAIN_APPS = ("accounts", "publishing", "discussion", "funding", "notifications", "hooks", "wording")
PLATFORM_APPS = ("core", "outbox", "edge")
# These may name everybody: they introduce the apps to each other.
COMPOSING_APPS = ("porting", "project")
APPS = (*PLATFORM_APPS, *DOMAIN_APPS, *COMPOSING_APPS)


def app_of(path: Path) -> str:
    """Return the app a file of the package belongs to; the package's own files belong to the project."""
    first = path.relative_to(PACKAGE).parts[0]
    return first if first in APPS else "project"


def files(*patterns: str, under: Path = PACKAGE) -> Iterator[Path]:
    """Yield the files under a folder that match one of the patterns, in a stable order."""
    for pattern in patterns:
        found = under.rglob(pattern)
        yield from sorted(path for path in found if not {"__pycache__", ".cache"} & set(path.parts))


@cache
def read(path: Path) -> str:
    """Return a file's text."""
    return path.read_text(encoding="utf-8")


def shown(path: Path) -> str:
    """Return a path as one writes it: relative to the repository."""
    return path.relative_to(ROOT).as_posix()


def without_comments(template: str) -> str:
    """Return a template without its comments."""
    return re.sub(r"{#.*?#}|{%\s*comment\b.*?endcomment\s*%}", "", template, flags=re.DOTALL)
