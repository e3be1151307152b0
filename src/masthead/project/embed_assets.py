"""What a page of another site loads: the script's modules, and the theme's styles made for a shadow root."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from masthead.core import assets
from masthead.core.colour import accent_css

FOLDER = Path(__file__).resolve().parent / "static" / "project" / "embed"
SHEET = "sheet.css"
_SCRIPT = "embed.js"
# The styles of what can be seen there, of all that the theme has.
_SHEETS = (
    *("reset", "tokens", "elements", "forms", "discussion", "comment", "comment-form", "discussion-app", "stars"),
    *("reading", "funding"),
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_COMMENT_LINES = re.compile(r"^[ ]*/\*\*.*?\*/\n", re.DOTALL | re.MULTILINE)
_LINE_COMMENTS = re.compile(r"^[ ]*//.*\n", re.MULTILINE)
_INDENTS = re.compile(r"^[ ]+", re.MULTILINE)
_SPACE = re.compile(r"\s*\n\s*")
# The root of the piece stands for the page: it has the tokens, and what pages say of themselves.
_PAGE = re.compile(r"(?<![\w.#-])(?::root|html|body)(?![\w-])")
_WIDTH = re.compile(r"@media \(width ([<>]=?) ([\d.]+)rem\) \{")
_REM = re.compile(r"(?<![\w.])(-?\d*\.?\d+)rem\b")


@dataclass(frozen=True)
class Assets:
    """The files by name, and the hash under which their addresses stand."""

    digest: str
    files: dict[str, bytes]


@lru_cache(maxsize=1)
def embed_assets() -> Assets:
    """Read the modules and make the sheet; constant for the life of a process."""
    files = {path.name: _code(path).encode() for path in sorted(FOLDER.glob("*.js")) if path.name != _SCRIPT}
    files[SHEET] = _sheet().encode()
    named = b"".join(name.encode() + content for name, content in files.items())
    return Assets(hashlib.sha256(named).hexdigest()[:12], files)


def script(address: str) -> str:
    """Return the one script that other sites name; ``address`` is where this release's modules lie."""
    return _code(FOLDER / _SCRIPT).replace('import("./frame.js")', f'import("{address}frame.js")')


def _code(path: Path) -> str:
    """Return a module without comments and indents: other sites' readers pay for every byte. No text spans lines."""
    text = _COMMENT_LINES.sub("", path.read_text(encoding="utf-8"))
    return _INDENTS.sub("", _LINE_COMMENTS.sub("", text))


def _sheet() -> str:
    paths = {path.stem: path for _label, path in assets.files("css", ".css")}
    texts = [paths[name].read_text(encoding="utf-8") for name in _SHEETS]
    texts.append(f"@layer theme {{ {accent_css(settings.MASTHEAD.site.accent)} }}")
    joined = "\n".join(inside_a_piece(text) for text in texts)
    own = _short((FOLDER / "embed.css").read_text(encoding="utf-8"))
    return f"@layer {', '.join(assets.LAYERS)};\n{joined}\n{own}"


def inside_a_piece(css: str) -> str:
    """Return styles of a page for a piece in a shadow root.

    Widths are those of the piece and not of the window. Sizes follow ``--masthead-rem``, for pages whose own ``rem`` is
    an unusual one.
    """
    text = _PAGE.sub(".masthead", _short(css))
    text = _WIDTH.sub(r"@container (inline-size \1 \2§) {", text)
    text = re.sub(r"(@media[^{]*?[\d.])rem", r"\1§", text)
    return _REM.sub(r"calc(\1*var(--masthead-rem,1rem))", text).replace("§", "rem")


def _short(css: str) -> str:
    return _SPACE.sub("\n", _COMMENT.sub("", css)).strip()
