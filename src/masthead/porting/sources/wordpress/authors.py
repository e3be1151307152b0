"""Who wrote what: declared authors, undeclared ones, and those of Co-Authors Plus."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from masthead.porting.records import AuthorRecord
from masthead.porting.text import plain_name

from .elements import RawItem, Values

_CO_AUTHOR_PREFIX = "cap-"
_NOT_IN_NICENAME = re.compile(r"[^a-z0-9_-]+")


def _bare(login: str) -> str:
    return login.strip().strip("<> ").strip()


def author_key(login: str) -> str:
    """Return the key of an author: WordPress compares logins without regard to case."""
    return _bare(login).casefold()


def _nicename(login: str) -> str:
    return _NOT_IN_NICENAME.sub("-", login.replace(".", "-").replace("@", "")).strip("-")


class Authors:
    """The people of one file. Fill it in the first reading; in the second it only answers."""

    def __init__(self) -> None:
        self.records: dict[str, AuthorRecord] = {}
        self.repairs: list[str] = []
        self._by_user_id: dict[str, str] = {}
        self._by_nicename: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        self._nameless: set[str] = set()

    def declare(self, values: Values) -> None:
        """Take a ``<wp:author>``."""
        login = values.get("wp:author_login", "")
        key = author_key(login)
        if not key:
            return
        first, last = values.get("wp:author_first_name", ""), values.get("wp:author_last_name", "")
        name = plain_name(values.get("wp:author_display_name", "")) or plain_name(f"{first} {last}")
        self._add(key, name or plain_name(login), values.get("wp:author_email", "").strip())
        user_id = values.get("wp:author_id", "").strip()
        if user_id:
            self._by_user_id[user_id] = key

    def _add(self, key: str, name: str, email: str = "") -> None:
        if not name:
            name = _("Unnamed author")
            self._nameless.add(key)
        self.records[key] = AuthorRecord(key=key, name=name, email=email)
        self._by_nicename.setdefault(_nicename(key), key)
        self._by_name.setdefault(name.casefold(), key)

    def of(self, item: RawItem) -> tuple[str, ...]:
        """Return the keys of an item's authors, each once, in the order of the byline."""
        named = [self._co_author(nicename, name) for domain, nicename, name in item.terms if domain == "author"]
        keys = [key for key in named if key]
        if not keys:
            keys = [self._creator(item.values.get("dc:creator", ""))]
        return tuple(dict.fromkeys(key for key in keys if key))

    def _creator(self, login: str) -> str:
        key = author_key(login)
        if not key:
            return ""
        if key not in self.records:
            self._add(key, plain_name(_bare(login)))
        if _bare(login) != login.strip():
            self._repair(
                _("The author “%(written)s” was read as “%(read)s”.") % {"written": login.strip(), "read": _bare(login)}
            )
        return key

    def _co_author(self, nicename: str, name: str) -> str:
        bare = nicename.strip().casefold().removeprefix(_CO_AUTHOR_PREFIX)
        shown = plain_name(name)
        for found in (self._by_nicename.get(bare), self._by_name.get(shown.casefold())):
            if found:
                return found
        if bare:
            self._add(bare, shown)
        return bare

    def of_user(self, user_id: str) -> str:
        """Return the key of the declared author with this WordPress user id, or nothing."""
        return self._by_user_id.get(user_id, "")

    def _repair(self, sentence: str) -> None:
        if sentence not in self.repairs:
            self.repairs.append(sentence)

    def told(self, used: set[str]) -> list[str]:
        """Name what was repaired in the names of those who are used."""
        nameless = len(self._nameless & used)
        if not nameless:
            return self.repairs
        sentence = _("%(count)s authors are known by an e-mail address only; they are shown as “Unnamed author”.") % {
            "count": nameless
        }
        return [*self.repairs, sentence]
