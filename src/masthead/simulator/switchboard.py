"""What shall go wrong, and how often: rules for API calls and for webhooks, each used up as it acts."""

from __future__ import annotations

import re
import threading
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from masthead.simulator.store import Store

CALLS = {
    "error": "answer 500; nothing was done",
    "error_kept": "answer 500, and again 500 to every repetition with the same key; nothing was done",
    "error_after_commit": "do it, then answer 500",
    "hang_up": "hang up without an answer; nothing was done",
    "timeout_after_commit": "do it, then hang up without an answer",
    "rate_limit": "answer 429; nothing was done",
    "hold": "answer only when released",
}
WEBHOOKS = {
    "duplicate": "send it twice",
    "reorder": "send it after the next one",
    "delay": "send it so many seconds later by the simulator's clock",
    "drop": "never send it",
    "wrong_signature": "sign it with another secret",
    "stale_signature": "sign it as of ten minutes ago",
    "future_signature": "sign it as of ten minutes ahead",
    "altered_body": "write the body anew after it was signed",
    "fail": "count the first attempts as failed without sending",
}


@dataclass(frozen=True)
class Rule:
    """One thing that shall go wrong: ``what``, at calls or event types that match, ``times`` more (0: always)."""

    id: int
    side: str
    what: str
    match: str
    times: int = 1
    seconds: int = 0


class Switchboard:
    """The rules in force. An unknown fault is refused with ``ValueError``."""

    def __init__(self, store: Store) -> None:
        """Take up the rules of a kept state."""
        self._store = store
        self._gate = threading.Condition()
        self._held = 0
        self._open = 0

    def rules(self) -> list[Rule]:
        """Return the rules in force, oldest first."""
        return [Rule(**kept) for kept in self._store.setting("rules") or []]

    def add(self, *, side: str, what: str, match: str = "*", times: int = 1, seconds: int = 0) -> Rule:
        """Let something go wrong from now on."""
        known = {"call": CALLS, "webhook": WEBHOOKS}.get(side)
        if known is None or what not in known:
            raise ValueError(f"unknown fault {side} {what}; calls: {', '.join(CALLS)}; webhooks: {', '.join(WEBHOOKS)}")
        if times < 0 or seconds < 0:
            raise ValueError("times and seconds are not negative")
        with self._store.transaction():
            rules = self.rules()
            rule = Rule(max((rule.id for rule in rules), default=0) + 1, side, what, match, times, seconds)
            self._keep([*rules, rule])
        return rule

    def clear(self, id_: int | None = None) -> None:
        """Take a rule away, or all."""
        with self._store.transaction():
            self._keep([rule for rule in self.rules() if id_ is not None and rule.id != id_])

    def take(self, side: str, subject: str) -> list[Rule]:
        """Return the rules that act on a call (``POST /v1/refunds``) or an event type, and use each up once.

        Of several faults of a call the oldest rule acts alone; webhooks suffer all that match.
        """
        with self._store.transaction():
            acting = [rule for rule in self.rules() if rule.side == side and _matches(rule.match, subject)]
            acting = acting[:1] if side == "call" else acting
            if acting:
                self._keep([used for rule in self.rules() if (used := _use(rule, rule in acting))])
        return acting

    def hold(self) -> None:
        """Wait until released."""
        with self._gate:
            self._held += 1
            ticket = self._open
            self._gate.notify_all()
            self._gate.wait_for(lambda: self._open > ticket, timeout=60)
            self._held -= 1

    def release(self) -> int:
        """Let all held calls go on. Returns how many were held."""
        with self._gate:
            self._open += 1
            self._gate.notify_all()
            return self._held

    def wait_for_held(self, count: int, timeout: float) -> bool:
        """Wait until so many calls are held."""
        with self._gate:
            return self._gate.wait_for(lambda: self._held >= count, timeout=timeout)

    def _keep(self, rules: list[Rule]) -> None:
        self._store.set_setting("rules", [asdict(rule) for rule in rules])


def _use(rule: Rule, acting: bool) -> Rule | None:
    if not acting or rule.times == 0:
        return rule
    return replace(rule, times=rule.times - 1) if rule.times > 1 else None


def _matches(pattern: str, subject: str) -> bool:
    wanted: Any = re.sub(r"\s+", " ", pattern.strip())
    return fnmatchcase(subject, wanted) or fnmatchcase(subject.partition(" ")[2], wanted)
