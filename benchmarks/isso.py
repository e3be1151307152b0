"""Isso 0.14, the peer of our comments, in an environment of its own under benchmarks/.cache/."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import posting, sites

_HOME = Path(__file__).resolve().parent / ".cache" / "isso"
# packaging: gunicorn's gevent worker asks for it without naming it.
_PACKAGES = ("isso==0.14.*", "gunicorn", "gevent", "packaging")
_WORKERS = 4


def install() -> str:
    """Install it once; return in one sentence why that failed, or nothing."""
    done = _HOME / "installed"
    if done.exists():
        return ""
    try:
        subprocess.run([sys.executable, "-m", "venv", str(_HOME)], check=True, capture_output=True)
        command = [str(_HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", *_PACKAGES]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
        done.touch()
    except (subprocess.SubprocessError, OSError):
        return "Isso could not be installed from the package index, so nothing is compared with it."
    return ""


@contextmanager
def serving(folder: Path) -> Iterator[sites.Server]:
    """Run it as its manual advises for load: gunicorn, gevent, four workers, preloaded; its guard off."""
    port = sites.free_port()
    settings = folder / "isso.cfg"
    settings.write_text(
        f"[general]\ndbpath = {_database(folder)}\nhost = http://127.0.0.1:{port}/\n[guard]\nenabled = false\n",
        encoding="utf-8",
    )
    command = [str(_HOME / "bin" / "gunicorn"), "--bind", f"127.0.0.1:{port}", "--workers", str(_WORKERS)]
    process = subprocess.Popen(
        [*command, "--worker-class", "gevent", "--preload", "isso.run"],
        env={**sites.environment(), "ISSO_SETTINGS": str(settings), "PYTHONPATH": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        sites.wait_for(f"http://127.0.0.1:{port}/js/embed.min.js", process)
        yield sites.Server(f"http://127.0.0.1:{port}", process.pid)
    finally:
        sites.stop(process)


def post(port: int) -> Callable[[int], bytes]:
    """Return what writes a post as its page's script sends it."""

    def make(number: int) -> bytes:
        values = {"text": posting.text(number), "author": f"Reader {number}", "parent": None, "title": "The pumps"}
        body = json.dumps(values)
        return (
            f"POST /new?uri=/story/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode("ascii")

    return make


def stored(folder: Path) -> int:
    """Return how many comments it holds."""
    database = sqlite3.connect(_database(folder), timeout=30)
    try:
        count: int = database.execute("SELECT count(*) FROM comments").fetchone()[0]
        return count
    finally:
        database.close()


def _database(folder: Path) -> Path:
    return folder / "isso.sqlite3"
