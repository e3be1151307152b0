"""What an import answers when it cannot be done."""

from __future__ import annotations

from masthead.core.errors import DomainError


class ImportRefused(DomainError):
    """The file cannot be imported and nothing was written; the message is one sentence for the publisher."""

    code = "porting.import_refused"
    status = 422

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence=sentence)
        self.args = (sentence,)
        self.sentence = sentence

    def message(self) -> str:
        """Return the sentence."""
        return self.sentence
