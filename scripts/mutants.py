"""Change the code of money in one place at a time and see whether a test notices, for :file:`scripts/mutants`.

The changes are those of mutmut's operators. Its own runner begins a whole test session, database and all, for each of
them and leaves out what is decorated; here one process collects once, learns which tests reach which function, and
each change is tried in a fork of it: the function gets the changed code, its tests run, the quickest first, until one
fails. A change that no test notices *survives*. Those that make no difference stand, each with the reason, in
:file:`tests/funding/mutants.md`; any other survivor makes the run red.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
import json
import os
import re
import shutil
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from itertools import accumulate
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from django.db import connection, connections
from scripts.mutations import ROOT, Mutant, code_of, mutants_of

LISTED = ROOT / "tests" / "funding" / "mutants.md"
TESTS = ["tests/funding", "tests/core", "tests/porting/test_import_gifts.py"]
SCOPE = [
    "src/masthead/core/money.py",
    "src/masthead/funding/rules",
    *(
        f"src/masthead/funding/services/{name}.py"
        for name in ("settle_payment", "post_journal", "refunds", "send_back", "gifts", "recurring", "amounts")
    ),
    *(f"src/masthead/funding/services/{name}.py" for name in ("open_checkout", "held", "catch_up", "reconcile")),
    *(f"src/masthead/funding/services/{name}.py" for name in ("seals", "receipts/issue", "bank/settle", "bank/decide")),
    *(f"src/masthead/funding/providers/stripe/{name}.py" for name in ("money", "reading", "notices")),
    *(f"src/masthead/funding/selectors/{name}.py" for name in ("meter", "progress", "working", "seals", "statements")),
]
SLOWEST_TEST = 20.0  # seconds: slower ones are left to the suite
# What nearly every test reaches is asked of those that name it and of the quickest, this long in all: a change that
# only another test would notice is reported as surviving, which asks for one nearer to it.
LONGEST_ROW = 20.0  # seconds
EXPLAINED_ROW = 3.0  # seconds: to see whether a test has come that notices what was explained


class Hunt:
    """Runs instead of pytest's own loop."""

    def __init__(self, paths: list[Path], log: Path, reached: Path) -> None:
        self.paths = paths
        self.log = log
        self.reached = reached
        self.reach: dict[tuple[str, str], list[pytest.Item]] = defaultdict(list)
        self.took: dict[str, float] = {}
        self.survivors: list[str] = []
        self.counted: Counter[str] = Counter()
        self.explained = listed()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn, then try every change."""
        files = {str(path) for path in self.paths}
        self.learn(session, files)
        connections.close_all()
        database = Path(str(connection.settings_dict["NAME"]))
        clean = database.with_suffix(".clean")
        shutil.copy(database, clean)
        functions, caches = _functions(files), _caches()
        # A child that walks all objects copies all memory.
        gc.collect()
        gc.freeze()
        known = self.read_log()
        for path in self.paths:
            for mutant in mutants_of(path):
                fingerprint = _digest(mutant.source)
                outcome = known.get((mutant.key, fingerprint))
                if outcome is None:
                    outcome = self.try_one(session, mutant, functions, caches)
                    self.write_log(mutant, fingerprint, outcome)
                    if outcome == "timeout":
                        for ending in ("-wal", "-shm"):
                            Path(f"{database}{ending}").unlink(missing_ok=True)
                        shutil.copy(clean, database)
                self.counted[outcome] += 1
                if outcome in ("survived", "unreached"):
                    self.survivors.append(mutant.key)
            say(f"{path.relative_to(ROOT)}: {dict(self.counted)}")
        return True

    def learn(self, session: pytest.Session, files: set[str]) -> None:
        """Run every test once, and keep which functions it enters; one whose file reads the same is not run again."""
        known = _read_rows(self.reached)
        texts = {path: _digest(path.read_text()) for path in {item.path for item in session.items}}
        has_database = False
        for item in session.items:
            row = known.get(item.nodeid)
            # The first that needs a database makes it, for all that are forked; how long that takes says nothing.
            makes_it = not has_database and "django_db_setup" in getattr(item, "fixturenames", ())
            if makes_it:
                self.learn_one(session, item)
            if row is None or row["text"] != texts[item.path]:
                row = {"node": item.nodeid, "text": texts[item.path], **self.learn_one(session, item)}
                with self.reached.open("a") as file:
                    file.write(json.dumps(row) + "\n")
            has_database |= makes_it
            if not row["is_ok"]:
                say(f"left out, it fails or does not run unchanged: {item.nodeid}")
            elif row["took"] <= SLOWEST_TEST:
                self.took[item.nodeid] = row["took"]
                for file_name, function in row["enters"]:
                    if str(ROOT / file_name) in files:
                        self.reach[str(ROOT / file_name), function].append(item)
        for (path, function), reached in self.reach.items():
            reached[:] = self.row([function.rpartition(".")[2], Path(path).stem], reached)

    def learn_one(self, session: pytest.Session, item: pytest.Item) -> dict[str, Any]:
        """Run a test and return how long it took, whether it passed, and which of our functions it entered."""
        _forget_plans()
        hits: set[tuple[str, str]] = set()
        ours = str(ROOT / "src")

        def profile(frame: FrameType, event: str, _argument: Any) -> None:
            if event == "call" and frame.f_code.co_filename.startswith(ours):
                hits.add((frame.f_code.co_filename, frame.f_code.co_qualname.split(".<locals>")[0]))

        began = time.monotonic()
        threading.setprofile(profile)
        sys.setprofile(profile)
        try:
            reports = runtestprotocol(item, log=False, nextitem=session)  # type: ignore[arg-type]
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
        enters = sorted((str(Path(path).relative_to(ROOT)), function) for path, function in hits)
        is_ok = not any(report.failed or report.skipped for report in reports)
        return {"took": round(time.monotonic() - began, 4), "is_ok": is_ok, "enters": enters}

    def row(self, names: list[str], reached: list[pytest.Item]) -> list[pytest.Item]:
        """Return the tests that a change is tried with, in order: whose file names the function, or else its module."""
        words = [re.compile(rf"\b{re.escape(name)}\b") for name in names]
        texts = {path: path.read_text() for path in {item.path for item in reached}}
        far = {path: [not word.search(text) for word in words] for path, text in texts.items()}
        return self.first_of(sorted(reached, key=lambda item: (far[item.path], self.took[item.nodeid])), LONGEST_ROW)

    def first_of(self, ordered: list[pytest.Item], longest: float) -> list[pytest.Item]:
        """Return the first of some tests: those that take so long in all, one at least."""
        within = accumulate(self.took[item.nodeid] for item in ordered)
        return [item for item, seconds in zip(ordered, within, strict=True) if seconds <= longest or item is ordered[0]]

    def try_one(
        self,
        session: pytest.Session,
        mutant: Mutant,
        functions: dict[CodeType, list[FunctionType]],
        caches: list[Any],
    ) -> str:
        """Return what became of one change: killed, timeout, survived, or unreached by any test."""
        file = str(ROOT / mutant.file)
        items = self.reach.get((file, mutant.function))
        if not items:
            return "unreached"
        if mutant.key in self.explained:
            items = self.first_of(items, EXPLAINED_ROW)
        limit = 10 + 5 * sum(self.took[item.nodeid] for item in items)
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, limit)
            code = 1
            try:
                _change(mutant, file, functions)
                _forget_plans()
                for cache in caches:
                    cache.cache_clear()
                code = int(any(_fails(item, session) for item in items))
            finally:
                os._exit(code)
        _pid, status = os.waitpid(child, 0)
        # A change that hangs leaves programs behind that its tests began.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        if os.WIFSIGNALED(status):
            return "timeout"
        return "killed" if os.WEXITSTATUS(status) else "survived"

    def read_log(self) -> dict[tuple[str, str], str]:
        """Return what an earlier run found about changes that still read the same."""
        if not self.log.exists():
            return {}
        rows = [json.loads(line) for line in self.log.read_text().splitlines()]
        # A survivor is tried again: a test may have come.
        return {(row["key"], row["hash"]): row["outcome"] for row in rows if row["outcome"] in ("killed", "timeout")}

    def write_log(self, mutant: Mutant, fingerprint: str, outcome: str) -> None:
        """Keep what became of a change."""
        with self.log.open("a") as file:
            file.write(json.dumps({"key": mutant.key, "hash": fingerprint, "outcome": outcome}) + "\n")


def say(line: str) -> None:
    """Print a line, past what pytest keeps to itself."""
    os.write(1, f"{line}\n".encode())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read_rows(path: Path) -> dict[str, dict[str, Any]]:
    rows = map(json.loads, path.read_text().splitlines()) if path.exists() else ()
    return {row["node"]: row for row in rows}


def _functions(files: set[str]) -> dict[CodeType, list[FunctionType]]:
    found: dict[CodeType, list[FunctionType]] = defaultdict(list)
    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__.co_filename in files:
            found[thing.__code__].append(thing)
    return found


def _change(mutant: Mutant, file: str, functions: dict[CodeType, list[FunctionType]]) -> None:
    """Give the living function the changed code."""
    old = code_of(Path(file).read_text(), file, mutant.function)
    for before, after in zip(old, code_of(mutant.source, file, mutant.function), strict=True):
        for function in functions.get(before, []):
            function.__code__ = after


def _forget_plans() -> None:
    """Let queries that are composed once for each connection be composed anew."""
    connections["default"].__dict__.pop("masthead_prepared", None)


def _caches() -> list[Any]:
    """Return all that our own functions remember."""
    return [
        thing
        for thing in gc.get_objects()
        if type(thing) is functools._lru_cache_wrapper and str(thing.__module__).startswith("masthead")
    ]


def _fails(item: pytest.Item, session: pytest.Session) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=session))  # type: ignore[arg-type]


def listed() -> set[str]:
    """Return the keys of the changes that are known to make no difference."""
    keys, file, function = set(), "", ""
    for line in LISTED.read_text().splitlines() if LISTED.exists() else ():
        if found := re.match(r"## `(.+)`$", line):
            file = found[1]
        elif found := re.match(r"### `(.+)`$", line):
            function = found[1]
        elif found := re.match(r"- `` (.+) ``", line):
            keys.add(f"{file} | {function} | {found[1]}")
    return keys


def main(arguments: list[str]) -> int:
    """Hunt in the files that are named, or in the whole scope."""
    paths = [
        file
        for name in arguments or SCOPE
        for file in (sorted((ROOT / name).rglob("*.py")) if (ROOT / name).is_dir() else [ROOT / name])
    ]
    log = Path(os.environ.get("MUTANTS_LOG", ROOT / ".mutants.jsonl"))
    reached = Path(os.environ.get("MUTANTS_REACHED", ROOT / ".mutants.reached.jsonl"))
    hunt = Hunt([path for path in paths if path.name != "__init__.py"], log, reached)
    options = [
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
        "--no-cov",
        "-m",
        "not nightly and not browser",
        "-q",
        *os.environ.get("MUTANTS_OPTIONS", "").split(),
    ]
    code = pytest.main([*options, *TESTS], plugins=[hunt])
    known = hunt.explained
    new = [key for key in hunt.survivors if key not in known]
    files = {str(path.relative_to(ROOT)) for path in hunt.paths}
    gone = [key for key in known if key.split(" | ")[0] in files and key not in hunt.survivors]
    total, dead = hunt.counted.total(), hunt.counted["killed"] + hunt.counted["timeout"]
    say(f"\n{total} changes: {dict(hunt.counted)}; {dead * 1000 // max(total, 1) / 10} % were noticed.")
    for title, keys in (("Survived, and not explained:", new), ("Explained, and noticed now (take out):", gone)):
        if keys:
            say(f"\n{title}")
            say("\n".join(f"  {key}" for key in keys))
    return int(code != 0 or total == 0 or bool(new))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
