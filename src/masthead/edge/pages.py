"""The whole replies that this process keeps, by host, path and query."""

from __future__ import annotations

from masthead.edge.replies import Reply
from masthead.edge.store import TagStore

# Keeps nothing until the serving process gives it a budget: only who hears of every change may keep anything.
store: TagStore[Reply] = TagStore(budget=0)
