"""What a page may weigh, and what may not stand in its sources: the budgets of DESIGN section 6 as ratchets."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from masthead.core import assets

SOURCE = Path(assets.__file__).parents[1]
STATIC = SOURCE / "project" / "static" / "project"
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
STYLES = sorted(SOURCE.glob("*/static/*/css/*.css"))
MODULES = sorted(path for path in SOURCE.glob("*/static/**/*.js") if "vendor" not in path.parts)
# What pages of other sites load instead has a budget of its own: test_embed.py.
PAGE_MODULES = [path for path in MODULES if path.parent.name != "embed"]

CSS_BUDGET = 20_000
JS_BUDGET = 12_000
FONT_BUDGET = 55_000
PHYSICAL = re.compile(
    r"(?:^|[\s{;])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)|left|right"
    r"|(?:min-|max-)?width|(?:min-|max-)?height)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)
ON_MAIL = "email"


def relative(path: Path) -> str:
    """Name a file in a test's id."""
    return str(path.relative_to(SOURCE))


def pages() -> list[Path]:
    """All templates of pages; mail has to use inline style, since mail programs know no other."""
    return [path for path in TEMPLATES if ON_MAIL not in path.parts]


def test_all_css_of_a_page_is_within_its_budget() -> None:
    assert len(assets.stylesheet().compressed) <= CSS_BUDGET


def test_the_modules_that_an_article_page_loads_are_within_their_budget() -> None:
    main = (STATIC / "lib" / "main.js").read_text(encoding="utf-8")
    lazy = set(re.findall(r'"([a-z-]+)"', main.partition("LAZY = new Set([")[2].partition("]")[0]))
    assert lazy
    eager = [path for path in PAGE_MODULES if path.stem not in lazy]
    assert len(eager) == len(PAGE_MODULES) - len(lazy)
    assert sum(len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in eager) <= JS_BUDGET


def test_preloaded_fonts_are_within_their_budget() -> None:
    base = (SOURCE / "project" / "templates" / "base.html").read_text(encoding="utf-8")
    names = re.findall(r'rel="preload" href="{% static "project/(fonts/[^"]+)"', base)
    assert names
    assert sum((STATIC / name).stat().st_size for name in names) <= FONT_BUDGET


def test_the_script_that_holds_up_the_first_paint_is_tiny() -> None:
    assert (STATIC / "theme.js").stat().st_size < 300


@pytest.mark.parametrize("path", STYLES, ids=relative)
def test_css_is_short_layered_and_knows_no_left_and_right(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(text.splitlines()) <= 300
    assert re.match(r"\s*@layer (?:reset|tokens|elements|app|theme) \{", text)
    assert not PHYSICAL.findall(text)
    assert "http" not in re.sub(r'\[href\^="http"\]', "", text), "no request leaves the site"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_is_short_explained_and_makes_no_html_from_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    assert text.lstrip().startswith(("/**", "//"))
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    assert "//" not in re.sub(r"^\s*//.*$", "", code, flags=re.MULTILINE), "no request leaves the site"
    if path.name != "swap.js":
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|DOMParser", text)


@pytest.mark.parametrize("path", pages(), ids=relative)
def test_a_template_is_short_and_carries_no_inline_style_or_handler(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"javascript:", text, re.IGNORECASE)
