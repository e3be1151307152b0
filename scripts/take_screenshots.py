"""Take the pictures of the documentation from a served demo. Called by scripts/screenshots."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.browser import chromium

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
SIZES = {1440: 1800, 390: 1700}


@dataclass(frozen=True)
class Shot:
    """One picture: which page, in which clothes."""

    name: str
    path: str
    width: int
    scheme: str = "light"
    js: bool = True
    right_to_left: bool = False
    part: str = ""

    @property
    def file(self) -> Path:
        """Where the picture goes."""
        extras = ["rtl"] * self.right_to_left + ["no-js"] * (not self.js)
        return FOLDER / f"{'-'.join([self.name, self.scheme, *extras, str(self.width)])}.png"


def shots(story: str) -> list[Shot]:
    """Return all pictures to take."""
    plain = [
        Shot(name, path, width, scheme, part=part)
        for name, path, part in (
            ("front", "/", ""),
            ("article", story, ""),
            ("comments", story, "#comments"),
            ("support", "/support/", ""),
        )
        for width in SIZES
        for scheme in ("light", "dark")
    ]
    special = [
        Shot("article", story, width, js=js, right_to_left=rtl)
        for width in SIZES
        for js, rtl in ((False, False), (True, True))
    ]
    return plain + special


def take(browser: Browser, address: str, shot: Shot) -> None:
    """Take one picture."""
    page = browser.new_page(
        base_url=address,
        viewport={"width": shot.width, "height": SIZES[shot.width]},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        java_script_enabled=shot.js,
    )
    page.goto(shot.path)
    page.reload()  # the first page may stand in the reader's own font: the paper's come with the next one
    if shot.right_to_left:
        page.evaluate("document.documentElement.dir = 'rtl'")
    if shot.part:
        page.locator(shot.part).evaluate("item => item.scrollIntoView()")
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    # A palette quarters the size, which the history of the repository keeps for ever.
    picture.quantize(256, dither=Image.Dither.NONE).save(shot.file, optimize=True)
    page.close()


def main() -> None:
    """Take all pictures of the demo at the address given on the command line."""
    address = sys.argv[1]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = chromium.start(playwright)
        page = browser.new_page(base_url=address)
        page.goto("/")
        story = page.locator(".card-lead .card-title a, .card-title a").first.get_attribute("href") or "/"
        page.close()
        wanted = shots(story)
        for number, shot in enumerate(wanted, 1):
            take(browser, address, shot)
            sys.stderr.write(f"\r{number} of {len(wanted)}: {shot.file.name:<40}")
        browser.close()
    sys.stderr.write("\n")


if __name__ == "__main__":
    main()
