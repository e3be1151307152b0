"""A stale page is found to be stale, and exactly as old as it is."""

from __future__ import annotations

import pytest

from benchmarks.freshness import MARK, Diary, Judgement, Read, percentile

STORED = [1, 3, 2, 4]  # number 3 was committed before number 2


def diary(*reads: Read) -> Diary:
    return Diary(before=1_000, acknowledged={1: 10.0, 2: 11.2, 3: 11.0, 4: 12.0}, reads=list(reads))


def test_a_page_says_how_many_comments_there_are_and_which() -> None:
    body = f'<h2 id="comments-count">1002 comments</h2><p>{MARK.format(3)} was read.</p>'
    assert Read.of(body, 5.0, own=3) == Read(5.0, 1002, (3,), own=3)
    with pytest.raises(ValueError, match="how many"):
        Read.of("<h2>Comments</h2>", 5.0)


def test_a_page_that_shows_all_that_was_acknowledged_has_no_age() -> None:
    assert Judgement(diary(Read(11.1, 1002, (3, 1)), Read(13.0, 1004, (4, 2, 3, 1))), STORED).ages() == [0, 0]


def test_a_page_may_show_more_than_was_acknowledged() -> None:
    assert Judgement(diary(Read(10.5, 1003, (2, 3, 1))), STORED).ages() == [0]


def test_the_age_counts_from_the_oldest_comment_that_is_lacking() -> None:
    assert Judgement(diary(Read(12.5, 1001, (1,))), STORED).ages() == [1.5]
    assert Judgement(diary(Read(9.0, 1000, ()), Read(12.5, 1000, ())), STORED).ages() == [0, 2.5]


def test_a_page_is_as_old_as_its_oldest_part() -> None:
    fresh_count_old_list = Read(12.5, 1004, (3, 1))
    assert Judgement(diary(fresh_count_old_list), STORED).ages() == [pytest.approx(1.3)]


def test_a_writer_who_does_not_see_his_own_comment_is_counted() -> None:
    reads = (Read(11.3, 1003, (2, 3, 1), own=2), Read(12.1, 1003, (2, 3, 1), own=4), Read(12.1, 1003, (2, 3, 1)))
    assert Judgement(diary(*reads), STORED).own_misses() == 1


def test_what_was_acknowledged_and_is_not_stored_is_lost() -> None:
    assert Judgement(diary(), STORED).lost() == 0
    assert Judgement(diary(), [1, 2]).lost() == 2


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(number) for number in range(1, 101)]
    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.99) == 99
    assert percentile([7.0], 0.99) == 7
    assert percentile([], 0.5) == 0
