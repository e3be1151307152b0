"""Are marked words found again when a text changes, and are they ever found where they do not belong?

    python -m benchmarks.anchoring [--ahead 7] [--json]

Takes real revisions of three articles (see README.md of the shared inputs), marks every sentence of each, and looks for
it in the following revisions. Paragraphs are named in two ways: *renumbered*, so that a name often means another
paragraph later, and *renamed*, so that no name is known again.

Where a sentence truly is, an oracle says that knows nothing of our rules: where it stands between the same two
sentences, if that is so once in both revisions; else where difflib aligns it; else where the same words stand once in
both. Where words stand several times and these say nothing or something else, a second oracle compares sixty
characters on both sides of each place by difflib: one must be alike, and more so than every other. A note anchored
elsewhere is false. Marks, lines of code and headings of one word are looked for too and may not be false either; but
only what has three words counts as a sentence to be found.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure, Result, Target, emit
from masthead.discussion.rules.anchors import Anchor, Block, Text, find, make, normal

ROOT = Path(__file__).resolve().parent.parent
INPUTS = Path(os.environ.get("MASTHEAD_INPUTS", "") or ROOT.parent / "shared" / "inputs") / "anchoring"
AHEAD = 7
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_WORDS_OF_A_SENTENCE = 3
_SURROUNDINGS, _ALIKE = 60, 0.6
Naming = Callable[[int, int], str]
NAMINGS: dict[str, Naming] = {
    "renumbered": lambda _revision, number: f"p-{number}",
    "renamed": lambda revision, number: f"r{revision}-{number}",
}


@dataclass(frozen=True)
class Sentence:
    """A sentence, the number of its paragraph, and where it begins in the whole text."""

    words: str
    paragraph: int
    position: int


@dataclass
class Revision:
    """One state of an article: each line that is not empty is a paragraph."""

    lines: list[str]
    joined: str = ""
    sentences: list[Sentence] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> Revision:
        """Read a file."""
        lines = [normal(line) for line in path.read_text(encoding="utf-8").split("\n")]
        revision = cls([line for line in lines if line])
        revision.joined = " ".join(revision.lines)
        position = 0
        for number, line in enumerate(revision.lines):
            start = 0
            for words in _SENTENCE_END.split(line):
                start = line.index(words, start)
                revision.sentences.append(Sentence(words, number, position + start))
                start += len(words)
            position += len(line) + 1
        return revision


@dataclass
class Tally:
    """What was found. ``standing``: looked for and still there word for word."""

    looked_for: int = 0
    standing: int = 0
    found: int = 0
    false: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Return how many of the standing sentences were found, in percent."""
        return 100 * self.found / self.standing if self.standing else 0.0


def articles() -> dict[str, list[Revision]]:
    """Return the revisions of each article, oldest first."""
    folders = sorted(path for path in (INPUTS / "revisions").iterdir() if path.is_dir())
    return {folder.name: [Revision.read(path) for path in sorted(folder.glob("*.md"))] for folder in folders}


def follow(revisions: list[Revision], naming: Naming, *, ahead: int) -> Tally:
    """Mark every sentence of every revision and look for it in the next ``ahead`` ones."""
    tally = Tally()
    texts = [
        Text([Block(naming(number, position), line) for position, line in enumerate(revision.lines)])
        for number, revision in enumerate(revisions)
    ]
    for old, before in enumerate(revisions):
        marks = list(_marks(before, texts[old], partial(naming, old)))
        for new in range(old + 1, min(old + 1 + ahead, len(revisions))):
            later = Later(texts[new], before, revisions[new], oracle(before, revisions[new]))
            for index, anchor in marks:
                _judge(tally, index, anchor, later, f"{old + 1}->{new + 1}")
    return tally


def _marks(revision: Revision, text: Text, name: Callable[[int], str]) -> Iterator[tuple[int, Anchor]]:
    """Mark each sentence as a reader's page does: with its paragraph and what stands around it."""
    for index, sentence in enumerate(revision.sentences):
        end = sentence.position + len(sentence.words)
        before, after = revision.joined[: sentence.position][-200:], revision.joined[end : end + 200]
        anchor = make(text, sentence.words, block=name(sentence.paragraph), before=before[-96:], after=after[:96])
        if isinstance(anchor, Anchor):
            yield index, anchor


def oracle(before: Revision, after: Revision) -> list[int | None]:
    """Return for each sentence where it begins in the later revision; None where nobody can say."""
    old, new = [item.words for item in before.sentences], [item.words for item in after.sentences]
    known: list[int | None] = [None] * len(old)
    for index, words in enumerate(old):
        if before.joined.count(words) == after.joined.count(words) == 1:
            known[index] = after.joined.index(words)
    for start, other, length in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        for offset in range(length):
            known[start + offset] = after.sentences[other + offset].position
    between, later = _neighbourhoods(old), _neighbourhoods(new)
    for key, indexes in between.items():
        if len(indexes) == len(later.get(key, [])) == 1:
            known[indexes[0]] = after.sentences[later[key][0]].position
    return known


def _neighbourhoods(sentences: list[str]) -> dict[tuple[str, ...], list[int]]:
    """Return where each sentence stands between its neighbours."""
    found: dict[tuple[str, ...], list[int]] = {}
    framed = ["", *sentences, ""]
    for index in range(len(sentences)):
        found.setdefault(tuple(framed[index : index + 3]), []).append(index)
    return found


@dataclass(frozen=True)
class Later:
    """A later revision, as the rules and as the oracles see it."""

    text: Text
    before: Revision
    after: Revision
    truth: list[int | None]


def _judge(tally: Tally, index: int, anchor: Anchor, later: Later, where: str) -> None:
    sentence, found = later.before.sentences[index], find(anchor, later.text)
    is_sentence = len(_WORD.findall(sentence.words)) >= _WORDS_OF_A_SENTENCE
    tally.looked_for += 1
    tally.standing += is_sentence and sentence.words in later.after.joined
    if not isinstance(found, Anchor):
        return
    tally.found += is_sentence
    place = later.text.position(found)
    if later.truth[index] != place and most_alike(sentence, later.before, later.after) != place:
        tally.false.append(f"{where}: {sentence.words[:100]}")


def most_alike(sentence: Sentence, before: Revision, after: Revision) -> int | None:
    """Return where the words stand in surroundings like the old ones; None where none is more alike than all."""
    old, words = _around(before.joined, sentence.position, sentence.words), re.escape(sentence.words)
    places = [match.start() for match in re.finditer(f"(?={words})", after.joined)]
    ranked = sorted(
        ((SequenceMatcher(None, old, _around(after.joined, place, sentence.words), autojunk=False).ratio(), place))
        for place in places
    )
    if before.joined.count(sentence.words) == len(places) == 1 or not ranked or ranked[-1][0] < _ALIKE:
        return None
    return ranked[-1][1] if len(ranked) == 1 or ranked[-1][0] > ranked[-2][0] else None


def _around(joined: str, position: int, words: str) -> str:
    end = position + len(words)
    return joined[max(0, position - _SURROUNDINGS) : position] + joined[end : end + _SURROUNDINGS]


def measure(*, ahead: int) -> dict[str, Tally]:
    """Follow all articles under both namings."""
    found = {}
    for kind, naming in NAMINGS.items():
        for name, revisions in articles().items():
            found[f"{name.replace('_', ' ')}, {kind}"] = follow(revisions, naming, ahead=ahead)
    return found


def as_result(tallies: dict[str, Tally]) -> Result:
    """Return the figures with their targets."""
    figures = []
    for name, tally in tallies.items():
        figures += [
            Figure(f"{name}: sentences looked for", "", (tally.looked_for,)),
            Figure(f"{name}: still standing", "", (tally.standing,)),
            Figure(f"{name}: of these found", "%", (round(tally.share, 2),), (), Target("at least", 95.0)),
            Figure(f"{name}: false anchors", "", (len(tally.false),), (), Target("exactly", 0)),
        ]
    notes = ("Every sentence of every revision, looked for in each later one; lost ones are shown as such to readers.",)
    return Result("anchoring", "Notes on a passage, after the text has changed", tuple(figures), notes)


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ahead", type=int, default=AHEAD, help="how many revisions to look ahead")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    if not INPUTS.is_dir():
        sys.exit(f"shared inputs not found at {INPUTS}")
    tallies = measure(ahead=chosen.ahead)
    for name, tally in tallies.items():
        for line in tally.false:
            sys.stderr.write(f"false in {name}, {line}\n")
    emit(as_result(tallies), as_json=chosen.json)


if __name__ == "__main__":
    main()
