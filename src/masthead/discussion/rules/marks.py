"""What the newsroom may set on a comment."""

from __future__ import annotations

from typing import Literal

Mark = Literal["sticky", "closed", "picked"]
MARKS: tuple[Mark, ...] = ("sticky", "closed", "picked")
# More than these above a list, and the list itself is out of sight.
MOST: dict[Mark, int] = {"sticky": 3, "picked": 5}
