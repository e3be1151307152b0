"""The programs from outside that measurements need."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# Where Debian keeps servers; not on every user's path.
_ALSO = ("/usr/sbin", "/usr/local/sbin", "/sbin")


def find(name: str) -> str | None:
    """Return where a program is; None when it is not on this machine."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *_ALSO]))


def path(name: str) -> str:
    """Return where a program is. Without it the measurement ends with a sentence and exit code 2."""
    found = find(name)
    if found is None:
        sys.stderr.write(f"{name} is missing: install it (Debian, Ubuntu: apt-get install {name}).\n")
        raise SystemExit(2)
    return found


def version(name: str, *arguments: str) -> str:
    """Return the first line a program prints about its version; empty when it is missing."""
    found = find(name)
    if found is None:
        return ""
    run = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
    return next(iter((run.stdout + run.stderr).strip().splitlines()), "")
