"""The base of every refusal that a service makes on purpose."""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """A rule said no.

    ``code`` is stable and dotted (``discussion.commenting_closed``); ``status`` is the HTTP status that
    fits; ``params`` fill the text. The text people read comes from :meth:`message`, translatable.
    """

    code: ClassVar[str] = "core.refused"
    status: ClassVar[int] = 400

    def __init__(self, **params: Any) -> None:
        super().__init__(self.code)
        self.params = params

    def message(self) -> str:
        """Say in one sentence what was refused and what to do."""
        return self.code
