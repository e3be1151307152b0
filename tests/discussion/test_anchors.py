"""Marked words after the text has changed: they stay, are followed, or are lost. Never a guess."""

from __future__ import annotations

import json

import pytest

from benchmarks import anchoring
from masthead.discussion.rules.anchors import Anchor, Block, Lost, NotAlone, NotThere, Text, find, make, still_lost
from tests.porting.inputs import needs_inputs

PUMPS = "The pumps were bought in March. Nobody has said who signed for them."
GATE = "The gate at Netherby Road was closed on Monday, and it has stayed closed since."
TIDE = "At high tide the water stands a hand below the wall."
QUOTE = "Nobody has said who signed for them."


def text(*paragraphs: str, names: str = "p") -> Text:
    return Text([Block(f"{names}{number}", words) for number, words in enumerate(paragraphs, start=1)])


def marked(words: str, *paragraphs: str, block: str = "", before: str = "") -> Anchor:
    anchor = make(text(*paragraphs), words, block=block, before=before)
    assert isinstance(anchor, Anchor)
    return anchor


def block_of(found: Anchor | Lost) -> str:
    return found.block if isinstance(found, Anchor) else "lost"


def test_an_anchor_holds_the_words_their_block_and_what_stands_around_them() -> None:
    anchor = marked(QUOTE, GATE, PUMPS, TIDE)
    assert (anchor.block, anchor.start, anchor.is_alone) == ("p2", 32, True)
    assert anchor.prefix.endswith("closed since. The pumps were bought in March. ")
    assert anchor.suffix.startswith(" At high tide")


@pytest.mark.parametrize("words", ["who  signed\nfor\u00a0them", " who signed for them "])
def test_runs_of_white_space_and_no_break_spaces_count_as_one_space(words: str) -> None:
    assert marked(words, PUMPS).exact == "who signed for them"


@pytest.mark.parametrize("words", ["", "   ", "who Signed for them", "signed for them. At high", "who signed for whom"])
def test_words_that_do_not_stand_in_one_paragraph_have_no_anchor(words: str) -> None:
    assert make(text(PUMPS, TIDE), words) == NotThere()


def test_words_that_stand_twice_need_a_paragraph_or_what_stands_before_them() -> None:
    story = text("The wall held.", "The wall fell. Then the wall was built again, and the wall held.")
    assert make(story, "wall held") == NotAlone(2)
    assert block_of(marked_in(story, "wall held", block="p1")) == "p1"
    assert block_of(marked_in(story, "the wall", block="p2", before="again, and ")) == "p2"
    assert make(story, "the wall", block="p2") == NotAlone(2)


def marked_in(story: Text, words: str, **more: str) -> Anchor:
    anchor = make(story, words, **more)
    assert isinstance(anchor, Anchor)
    return anchor


def test_the_same_words_in_the_same_block_stay() -> None:
    changed = text(GATE, f"{PUMPS} The council has not answered.", TIDE)
    assert block_of(find(marked(QUOTE, GATE, PUMPS, TIDE), changed)) == "p2"


def test_short_words_that_stand_once_stay_in_their_block_whatever_is_written_around_them() -> None:
    anchor = marked("in March", GATE, PUMPS)
    assert block_of(find(anchor, text("Gates.", "It was in March that they came."))) == "p2"


def test_a_moved_or_renumbered_block_is_followed() -> None:
    anchor = marked(QUOTE, GATE, PUMPS, TIDE)
    assert block_of(find(anchor, text(TIDE, GATE, "New.", PUMPS, names="q"))) == "q4"


def test_short_words_elsewhere_are_not_taken_for_the_marked_ones() -> None:
    anchor = marked("in March", GATE, PUMPS)
    assert find(anchor, text(GATE, "The pumps are old.", "The wall was built in March.")) == Lost(1)


def test_changed_words_are_lost_and_never_guessed() -> None:
    anchor = marked(QUOTE, GATE, PUMPS)
    assert find(anchor, text(GATE, "The pumps were bought in March. Nobody said who signed for them.")) == Lost(0)


def test_two_equal_places_without_deciding_context_are_lost() -> None:
    anchor = marked(QUOTE, GATE, PUMPS)
    assert find(anchor, text(QUOTE, GATE, QUOTE, names="q")) == Lost(2)


def test_the_place_with_the_same_context_wins_over_one_without() -> None:
    anchor = marked(QUOTE, GATE, PUMPS)
    assert block_of(find(anchor, text(QUOTE, GATE, PUMPS, names="q"))) == "q3"


def test_when_one_of_two_places_goes_the_other_is_not_taken_for_it() -> None:
    refrain = "The council declined to answer any of our questions."
    first = marked(refrain, f"On the pumps. {refrain}", f"On the gate. {refrain}", block="p1")
    assert not first.is_alone
    assert find(first, text("Something else.", f"On the gate. {refrain}", names="q")) == Lost(1)
    assert block_of(find(first, text(f"Now first: on the pumps. {refrain}", names="q"))) == "lost"


def test_words_that_were_once_undecided_are_not_found_by_being_the_last_left() -> None:
    anchor = marked(QUOTE, GATE, PUMPS)
    lost = find(anchor, text(QUOTE, GATE, QUOTE, names="q"))
    assert isinstance(lost, Lost)
    later = still_lost(anchor, lost)
    assert find(later, text(TIDE, QUOTE, names="r")) == Lost(1)
    assert block_of(find(later, text(GATE, PUMPS, names="r"))) == "r2"


def test_words_inside_a_longer_word_are_other_words() -> None:
    anchor = marked("the gate", "We saw the gate.", GATE)
    assert find(anchor, text("We saw the gateway.")) == Lost(0)


def test_overlapping_places_are_two() -> None:
    assert make(text("bananas"), "ana") == NotAlone(2)


@needs_inputs
def test_foreign_cases_of_exact_quotes_give_the_same_places() -> None:
    """Cases of another project's matcher whose quote stands there exactly: ours finds that place, or says nothing."""
    given = json.loads((anchoring.INPUTS / "match-quote-cases.json").read_text(encoding="utf-8"))
    found = 0
    for case in given["cases"]:
        whole, context = given["texts"][case["text"]], case["context"]
        story = Text([Block("p1", whole)])
        place = make(story, case["quote"], before=context.get("prefix", ""), after=context.get("suffix", ""))
        if isinstance(place, Anchor):
            found += 1
            assert case["expected"] is not None, case["name"]
            assert (place.start, place.exact) == (case["expected"]["start"], case["expected"]["text"]), case["name"]
        elif case["expected"] is None:
            assert place == NotThere(), case["name"]
    assert found >= 3


@needs_inputs
@pytest.mark.parametrize("naming", sorted(anchoring.NAMINGS))
def test_over_real_revisions_no_anchor_is_false_and_95_percent_of_what_stands_is_found(naming: str) -> None:
    """Every sentence of each revision, looked for in all later ones; the oracle is difflib, not ours."""
    for name, revisions in anchoring.articles().items():
        tally = anchoring.follow(revisions, anchoring.NAMINGS[naming], ahead=anchoring.AHEAD)
        assert tally.false == [], name
        assert tally.standing > 900, name
        assert tally.share >= 95, f"{name}: {tally.share:.2f} %"


@needs_inputs
def test_after_a_complete_rewrite_next_to_nothing_is_found_and_nothing_false() -> None:
    revisions = anchoring.articles()["Password_Storage"][1:3]
    tally = anchoring.follow(revisions, anchoring.NAMINGS["renumbered"], ahead=1)
    assert (tally.false, tally.looked_for > 300, tally.found < 10) == ([], True, True)


@needs_inputs
def test_what_a_revision_lost_comes_back_when_the_revision_is_undone() -> None:
    sixth, seventh, eighth = anchoring.articles()["Cross-Site_Request_Forgery_Prevention"][5:8]
    texts = [Text([Block(f"p{n}", line) for n, line in enumerate(item.lines)]) for item in (sixth, seventh, eighth)]
    lost = returned = 0
    for sentence in sixth.sentences:
        anchor = make(texts[0], sentence.words)
        if not isinstance(anchor, Anchor) or sentence.words in texts[1].joined:
            continue
        gone = find(anchor, texts[1])
        assert gone == Lost(0)
        lost += 1
        back = find(still_lost(anchor, gone), texts[2]) if isinstance(gone, Lost) else gone
        returned += isinstance(back, Anchor)
    assert lost > 20
    assert returned >= 0.9 * lost


@needs_inputs
def test_no_break_spaces_that_become_blanks_lose_nothing() -> None:
    folder = anchoring.INPUTS / "revisions" / "REST_Security"
    raw = [(folder / name).read_text(encoding="utf-8") for name in ("01-2019-01-26.md", "02-2019-07-11.md")]
    lines = [line for line in raw[0].split("\n") if "\u00a0" in line and line.strip()]
    later = Text([Block(f"p{n}", line) for n, line in enumerate(raw[1].split("\n")) if line.strip()])
    earlier = Text([Block(f"p{n}", line) for n, line in enumerate(raw[0].split("\n")) if line.strip()])
    kept = 0
    for line in lines:
        anchor = make(earlier, line)
        if isinstance(anchor, Anchor) and anchor.exact in later.joined:
            kept += 1
            assert isinstance(find(anchor, later), Anchor), line
    assert kept
