"""Templates drawn once, then only filled in.

A template that is shown many times with other texts is rendered once for each shape it can take, with marks where the
texts will stand; each further showing only puts the texts in. The template stays where a designer looks for it::

    @cache
    def _greeting(is_long: bool) -> Stencil:
        return Stencil(["name"], lambda texts: render_to_string("greeting.html", {**texts, "is_long": is_long}))

    _greeting(True).fill(name=person.name)

What decides the shape (a condition, a plural, the language) belongs to the cache's key: while it is drawn, a text is
only a word that is not empty. A filter on a text is applied to the mark and so is lost, except for those that escape
for HTML; texts for an address must arrive as they stand in one.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from html import escape

from django.utils.safestring import SafeString

# Letters and digits pass unchanged through addresses, attributes and texts. Drawn anew by each process, so that no text
# can hold a mark; in one case, so that a filter that changes it is noticed.
_SIGN = f"zq{secrets.token_hex(6)}zq"
_MARK = re.compile(rf"{_SIGN}(\d+)x")


class StencilSpoilt(ValueError):
    """The template did something with a text's mark, so that the text could not be put in its place."""


class Stencil:
    """What ``draw`` returned for the marks of the texts ``names``, cut where they stand.

    Guaranteed: :meth:`fill` escapes every text that is not safe already. Refuses with :class:`StencilSpoilt` a mark
    that came back changed.
    """

    def __init__(self, names: Sequence[str], draw: Callable[[dict[str, str]], str]) -> None:
        drawn = draw({name: f"{_SIGN}{number}x" for number, name in enumerate(names)})
        pieces = _MARK.split(drawn)
        self._fixed = pieces[0::2]
        if any(_SIGN in piece.lower() for piece in self._fixed):
            raise StencilSpoilt(f"a mark came back changed; the texts are {names}")
        self._names = [names[int(number)] for number in pieces[1::2]]

    def fill(self, **texts: object) -> SafeString:
        """Return the template with the texts in their places; texts it does not show may be given."""
        escaped = {name: _escaped(texts[name]) for name in self._names}
        filled = [self._fixed[0]]
        for name, fixed in zip(self._names, self._fixed[1:], strict=True):
            filled += (escaped[name], fixed)
        return SafeString("".join(filled))


def _escaped(text: object) -> str:
    # Django's conditional_escape does the same in four times the time: it looks for lazy translations first.
    return text if isinstance(text, SafeString) else escape(str(text))
