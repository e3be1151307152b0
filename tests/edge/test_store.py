"""The store of the edge: what it keeps, for how long, and how much."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.edge.store import EVERYTHING, TagStore


def put(store: TagStore[str], key: str, *tags: str, size: int = 10, value: str = "v") -> bool:
    return store.put(key, value, tags=tags, size=size, mark=store.mark())


def test_a_value_is_found_until_one_of_its_tags_is_purged() -> None:
    store: TagStore[str] = TagStore(100)
    put(store, "a", "front", "article:1")
    put(store, "b", "article:2")
    assert store.purge(["article:1"]) == 1
    assert store.get("a") is None
    assert store.get("b") == "v"


def test_a_purged_value_is_stale_and_a_forgotten_one_is_gone() -> None:
    store: TagStore[str] = TagStore(100)
    put(store, "a", "x")
    put(store, "b", "y")
    store.purge(["x"])
    store.purge(["y"], forget=True)
    assert store.get_stale("a", at_most_seconds=60) == "v"
    assert store.get_stale("a", at_most_seconds=-1) is None
    assert store.get_stale("b", at_most_seconds=60) is None


def test_a_stale_value_can_still_be_forgotten() -> None:
    store: TagStore[str] = TagStore(100)
    put(store, "a", "x")
    store.purge(["x"])
    store.purge(["x"], forget=True)
    assert store.get_stale("a", at_most_seconds=60) is None
    assert store.size == 0


def test_a_value_made_before_a_purge_is_refused_after_it() -> None:
    store: TagStore[str] = TagStore(100)
    mark = store.mark()
    store.purge(["x"])
    assert not store.put("a", "old", tags=["x"], size=1, mark=mark)
    assert store.put("b", "other", tags=["y"], size=1, mark=mark)
    assert store.get("a") is None


def test_an_overtaken_value_can_be_kept_as_stale_since_it_was_begun() -> None:
    store: TagStore[str] = TagStore(100)
    put(store, "a", "x", value="oldest")
    store.purge(["x"])
    mark = store.mark()
    store.purge(["x"])
    assert not store.put("a", "newer", tags=["x"], size=1, mark=mark, stale_too=True)
    assert store.get("a") is None
    assert store.get_stale("a", at_most_seconds=60) == "newer"


def test_an_overtaken_value_replaces_nothing_newer_and_nothing_that_had_to_be_forgotten() -> None:
    store: TagStore[str] = TagStore(100)
    early = store.mark()
    store.purge(["x"])
    put(store, "a", "x", value="fresh")
    assert not store.put("a", "old", tags=["x"], size=1, mark=early, stale_too=True)
    assert store.get("a") == "fresh"
    store.purge(["x"], forget=True)
    assert not store.put("a", "old", tags=["x"], size=1, mark=early, stale_too=True)
    assert store.get_stale("a", at_most_seconds=60) is None


def test_a_purge_of_everything_overtakes_every_value_in_the_making() -> None:
    store: TagStore[str] = TagStore(100)
    put(store, "a", "x")
    mark = store.mark()
    store.purge([EVERYTHING])
    assert store.get("a") is None
    assert not store.put("b", "old", tags=["y"], size=1, mark=mark)


def test_more_purges_than_are_remembered_refuse_rather_than_guess() -> None:
    store: TagStore[str] = TagStore(100)
    mark = store.mark()
    for number in range(5000):
        store.purge([f"tag:{number}"])
    assert not store.put("a", "unsure", tags=["untouched"], size=1, mark=mark)
    assert put(store, "a", "untouched")


def test_the_budget_holds_and_what_is_asked_for_stays() -> None:
    store: TagStore[str] = TagStore(100)
    for key in "abcdefghij":
        put(store, key, "t")
    assert store.get("a") == "v"
    put(store, "k", "t")
    assert store.size <= 100
    assert store.get("a") == "v"
    assert store.get("b") is None
    assert store.counts.evicted == 1


def test_stale_values_leave_first() -> None:
    store: TagStore[str] = TagStore(40)
    for key in "abcd":
        put(store, key, key)
        store.get(key)
    store.purge(["a"])
    put(store, "e", "e")
    assert store.get_stale("a", at_most_seconds=60) is None
    assert store.get("b") == "v"


def test_a_value_too_large_for_the_budget_is_refused_and_a_store_without_budget_keeps_nothing() -> None:
    assert not put(TagStore(100), "a", "t", size=26)
    assert not put(TagStore(0), "a", "t", size=1)


def test_growth_counts_only_for_the_value_it_belongs_to() -> None:
    store: TagStore[list[str]] = TagStore(100)
    value = ["x"]
    store.put("a", value, tags=["t"], size=10, mark=store.mark())
    store.grow("a", value, 5)
    store.grow("a", ["x"], 50)
    assert store.size == 15
    store.clear()
    assert store.size == 0
    assert len(store) == 0


@given(st.lists(st.tuples(st.sampled_from(["put", "purge", "forget", "get"]), st.integers(0, 5), st.integers(1, 30))))
def test_after_any_history_sizes_agree_and_no_purged_value_is_found(steps: list[tuple[str, int, int]]) -> None:
    store: TagStore[int] = TagStore(100)
    alive: dict[int, int] = {}
    for version, (what, number, size) in enumerate(steps):
        if what == "put":
            if store.put(number, version, tags=[f"t{number % 3}"], size=size, mark=store.mark()):
                alive[number] = version
        elif what == "get":
            store.get(number)
        else:
            store.purge([f"t{number % 3}"], forget=what == "forget")
            alive = {key: kept for key, kept in alive.items() if key % 3 != number % 3}
        found = {key: store.get(key) for key in range(6) if store.get(key) is not None}
        assert found.items() <= alive.items()
        assert 0 <= store.size <= 100


@pytest.mark.parametrize("forget", [True, False])
def test_threads_that_put_and_purge_never_leave_an_older_value(*, forget: bool) -> None:
    store: TagStore[int] = TagStore(10_000)
    truth = [0]
    wrong: list[tuple[int, int]] = []

    def write() -> None:
        for number in range(1, 2000):
            truth[0] = number
            store.purge(["t"], forget=forget)
            found = store.get("k")
            if found is not None and found < number:
                wrong.append((found, number))

    def render() -> None:
        for _ in range(4000):
            mark = store.mark()
            store.put("k", truth[0], tags=["t"], size=1, mark=mark)

    threads = [threading.Thread(target=write), threading.Thread(target=render), threading.Thread(target=render)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
