"""Finding and starting Chromium."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

# No request of the browser's own may leave the machine: the tests count what leaves.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]
NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


class NoBrowser(RuntimeError):
    """There is no Chromium; the message says what to do."""


def find(playwright: Playwright) -> str:
    """Return the path of a Chromium: ``MASTHEAD_CHROMIUM``, the system's, or Playwright's own.

    Raises :class:`NoBrowser`: the browser tests fail without a browser, they are never skipped.
    """
    given = os.environ.get("MASTHEAD_CHROMIUM")
    found = [given] if given else [*map(shutil.which, NAMES), playwright.chromium.executable_path]
    for path in found:
        if path and Path(path).exists():
            return path
    raise NoBrowser("The browser tests need Chromium: run scripts/browser, which installs one or says what is missing.")


def start(playwright: Playwright) -> Browser:
    """Start a headless Chromium that keeps to itself."""
    return playwright.chromium.launch(executable_path=find(playwright), args=FLAGS)
