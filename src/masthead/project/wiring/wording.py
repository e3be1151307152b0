"""A worker by itself keeps no pages, but its mails are in the site's words as they are now."""

from __future__ import annotations

from masthead.outbox.tail import Fact, tail
from masthead.wording.events import PhraseReworded
from masthead.wording.services import speak


def hear(facts: list[Fact]) -> None:
    """Say what the site says from now on, if a phrase is among what happened."""
    if any(isinstance(fact.event, PhraseReworded) for fact in facts):
        speak()


def listen() -> None:
    """Let this process's tail tell of new words, and of what was said before it listened."""
    tail.observe(hear, at_once=True)
    tail.start()
    speak()
