"""Which version's static files a site holds: collected files of another version give pages without their look."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_OTHERS = ("Django", "wagtail", "django-allauth")
_NOTE = ".release"


def fingerprint() -> str:
    """Return a name of all static files this version would collect: its own by content, others' by their version."""
    found = hashlib.sha256("\0".join(f"{name} {version(name)}" for name in _OTHERS).encode())
    for path in sorted(_PACKAGE.glob("*/static/**/*")):
        if path.is_file():
            found.update(f"\0{path.relative_to(_PACKAGE)}\0".encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def is_collected(data: Path) -> bool:
    """Tell whether the site in ``data`` holds this version's static files."""
    try:
        return (data / "static" / _NOTE).read_text(encoding="ascii") == fingerprint()
    except OSError:
        return False


def collect(data: Path) -> None:
    """Collect the static files and note of which version they are. Needs Django set up; raises ``OSError``."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    (data / "static" / _NOTE).write_text(fingerprint(), encoding="ascii")
