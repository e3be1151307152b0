"""Cut the fonts of the released packages to what pages use, for :file:`scripts/fonts`.

Pages use weights 400 to 700. Every character stays, with its kerning, ligatures, marks and figures of one width.
The same packages and tools make the same bytes: a font is dated by its release, not by the day of this run.
Changed files may not bear the reserved name of Source Serif (SIL Open Font License, section 3), so each is renamed.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font  # type: ignore[import-not-found]
from fontTools.ttLib import TTFont  # type: ignore[import-not-found]
from fontTools.varLib.instancer import instantiateVariableFont  # type: ignore[import-not-found]

WEIGHTS = (400, 700)
POSTSCRIPT_NAME = 6
NAMES = {1, 3, 4, POSTSCRIPT_NAME, 16, 25}  # family, unique, full, PostScript, typographic family, variations
FEATURES = ["calt", "ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum"]
CUTS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "vietnamese")
FACES = {
    "source-serif": ("source-serif-4", "normal", CUTS),
    "source-serif-italic": ("source-serif-4", "italic", ("latin", "latin-ext", "cyrillic", "greek")),
    "public-sans": ("public-sans", "normal", ("latin", "latin-ext", "vietnamese")),
}


def as_file(font: TTFont) -> BytesIO:
    """Return ``font`` as it would be read from a file: the subsetter wants every table as it is written."""
    kept = BytesIO()
    font.save(kept)
    kept.seek(0)
    return kept


def make_face(source: Path, target: Path, kind: str) -> None:
    """Write ``source`` to ``target``, with all its characters and the features in use, as "Masthead ``kind``"."""
    options = Options(flavor="woff2", hinting=False, layout_features=FEATURES, notdef_outline=True)
    options.recalc_timestamp = False
    font = load_font(source, options)
    instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)
    for record in font["name"].names:
        if record.nameID in NAMES:
            record.string = f"Masthead {kind}"
        if record.nameID == POSTSCRIPT_NAME:
            record.string = f"Masthead-{kind.replace(' ', '')}"
    font = TTFont(as_file(font), recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    save_font(font, target, options)


def main(packages: Path, fonts: Path) -> None:
    """Make every vendored file, and copy the licence that comes with each package."""
    for name, (package, style, cuts) in FACES.items():
        family, italic = name.removesuffix("-italic"), "-italic" if style == "italic" else ""
        for cut in cuts:
            source = packages / package / "files" / f"{package}-{cut}-wght-{style}.woff2"
            target = fonts / f"{family}-{cut}{italic}.woff2"
            make_face(source, target, name.partition("-")[2].replace("-", " ").title())
            print(f"{target.name}: {source.stat().st_size} -> {target.stat().st_size} bytes")  # noqa: T201
        (fonts / f"LICENSE-{package}.txt").write_bytes((packages / package / "LICENSE").read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
