"""What is made of phrases is kept until they are said otherwise, and not a moment longer."""

from __future__ import annotations

from masthead.core import worded


def test_what_was_made_is_kept_until_it_is_forgotten() -> None:
    made: list[tuple[object, ...]] = []

    @worded.kept
    def draw(*arguments: object, **named: object) -> int:
        made.append((arguments, named))
        return len(made)

    assert [draw("a"), draw("a"), draw("b"), draw("a", x=1), draw("a", x=1)] == [1, 1, 2, 3, 3]
    worded.forget()
    assert draw("a") == 4


def test_what_was_begun_with_former_words_is_not_kept() -> None:
    words = ["former"]

    @worded.kept
    def draw() -> str:
        found = words[0]
        if found == "former":
            words[0] = "new"
            worded.forget()
        return found

    assert draw() == "former", "this once"
    assert draw() == "new"
