"""What import contracts cannot see: apps named in strings, templates and addresses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import (
    APPS,
    COMPOSING_APPS,
    DOMAIN_APPS,
    PACKAGE,
    app_of,
    files,
    read,
    shown,
    without_comments,
)

_NAMED = "|".join(DOMAIN_APPS)
# "discussion.Thread", "discussion:comment-create", "discussion/_comment.html", "masthead.discussion"
APP_IN_TEXT = re.compile(rf"(?:^|masthead\.)({_NAMED})(?:[.:/]\w|$)")
URL_NAME = re.compile(rf"""['"]({_NAMED}|porting):[\w-]+['"]""")
TEMPLATE_REFERENCE = re.compile(r"""{%\s*(extends|include|element|elementblock|load)\s+([^%]*?)\s*%}""")
DJANGO_LIBRARIES = {"i18n", "l10n", "tz", "static", "humanize", "cache"}
WAGTAIL_LIBRARIES = {"wagtailcore_tags", "wagtailimages_tags", "wagtailadmin_tags", "wagtailuserbar"}


def strings(path: Path) -> Iterator[str]:
    """Yield the string literals of a module, docstrings left out."""
    tree = ast.parse(read(path))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if node.body and isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("app", [app for app in APPS if app not in COMPOSING_APPS])
def test_no_file_names_another_domain_app(app: str) -> None:
    found = [
        f"{shown(path)}: {text}"
        for path in files("*.py", under=PACKAGE / app)
        if "migrations" not in path.parts
        for text in strings(path)
        if (match := APP_IN_TEXT.search(text)) and match[1] != app and text != "accounts.User"
    ]
    assert found == []


def test_addresses_are_named_by_their_own_app() -> None:
    found = [
        f"{shown(path)}: {match[0]}"
        for path in files("*.py", "*.html", "*.txt")
        if app_of(path) not in COMPOSING_APPS
        for match in URL_NAME.finditer(read(path))
        if match[1] != app_of(path)
    ]
    assert found == []


@pytest.mark.parametrize("path", list(files("*.html", "*.txt")), ids=shown)
def test_templates_use_their_own_app_and_the_elements(path: Path) -> None:
    assert [problem for problem in _foreign_references(path) if problem] == []


def _foreign_references(path: Path) -> Iterator[str | None]:
    for tag, arguments in TEMPLATE_REFERENCE.findall(without_comments(read(path))):
        if tag == "load":
            names = arguments.split(" from ")[-1].split()
            yield from (f"load {name}" for name in names if not _may_load(path, name))
        elif tag in {"extends", "include"}:
            name = arguments.split()[0].strip("'\"")
            yield None if _may_use(path, name) else f"{tag} {name}"


def _may_load(path: Path, library: str) -> bool:
    app = app_of(path)
    own = {item.stem for item in (PACKAGE / app / "templatetags").glob("*.py")} if app != "project" else set()
    staff = "staff" in path.parts or app in {"publishing", "project"}
    return library in DJANGO_LIBRARIES | own | {"masthead"} | (WAGTAIL_LIBRARIES if staff else set())


def _may_use(path: Path, name: str) -> bool:
    app = app_of(path)
    if app in COMPOSING_APPS:
        return name.partition("/")[0] not in DOMAIN_APPS
    own: tuple[str, ...] = (f"{app}/", "elements/", "base.html", "base_", "mail/")
    # Staff screens stand inside Wagtail's admin; accounts dresses allauth's pages.
    if "staff" in path.parts or app == "publishing":
        own += ("wagtailadmin/", "wagtailimages/")
    if app == "accounts":
        own += ("account/", "wagtailadmin/")
    return name.startswith(own) or name.startswith("./")


def test_factories_are_used_by_tests_only() -> None:
    found = [
        shown(path)
        for path in files("*.py")
        if path.name != "testing.py" and re.search(r"^\s*(from|import) masthead\.\w+\.testing\b", read(path), re.M)
    ]
    assert found == []


def test_only_the_configuration_reads_the_environment() -> None:
    allowed = {"src/masthead/project/config.py", "src/masthead/project/asgi.py"}
    found = [
        shown(path)
        for path in files("*.py")
        if re.search(r"\bos\.(environ|getenv)\b", read(path))
        if shown(path) not in allowed and "cli" not in path.parts
    ]
    assert found == []


def test_only_the_clock_reads_the_time() -> None:
    reads = re.compile(r"\b(datetime\.now|datetime\.utcnow|timezone\.now|date\.today|localdate\(\)|localtime\(\))")
    found = [
        shown(path)
        for path in files("*.py")
        if "migrations" not in path.parts and path.name != "clock.py" and reads.search(read(path))
    ]
    assert found == []
