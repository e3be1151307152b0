"""A real paper for the browser: the demo site, served by ``masthead serve`` as a publisher would."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
PATIENCE_SECONDS = 60.0


@dataclass
class Paper:
    """A served site."""

    folder: Path
    address: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Stop the server and wait for its end."""
        self.process.terminate()
        self.process.wait(timeout=PATIENCE_SECONDS)


def environment(**settings: str) -> dict[str, str]:
    """Return an environment for the command line, with these settings of the site."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "MASTHEAD_", "COV"))}
    return {**inherited, "PYTHONPATH": str(SOURCE), **settings}


def run(*arguments: str, **settings: str) -> str:
    """Run one command of ``masthead`` and return what it printed. Fails with its errors."""
    command = [sys.executable, "-m", "masthead", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(**settings), check=False)
    assert done.returncode == 0, f"masthead {' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(source: Path, folder: Path, *, host: str = "127.0.0.1", **settings: str) -> Paper:
    """Serve a copy of the site ``source`` in ``folder`` on a free port; ``host`` is what browsers call this machine."""
    shutil.copytree(source, folder)
    return serve_at(folder, free_port(), host=host, **settings)


def serve_at(folder: Path, port: int, *, host: str = "127.0.0.1", **settings: str) -> Paper:
    """Serve the site in ``folder`` itself."""
    address = f"http://{host}:{port}"
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "masthead", "serve", "--site", str(folder), "--port", str(port)],
            env=environment(MASTHEAD_SITE_URL=address, **settings),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    paper = Paper(folder, address, process)
    try:
        _wait_until_it_answers(paper)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return paper


def _wait_until_it_answers(paper: Paper) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not _answers(paper.address):
        log = (paper.folder / "serve.log").read_text(errors="replace")
        assert paper.process.poll() is None, f"the server ended: {log}"
        assert time.monotonic() < end, f"the server did not answer: {log}"
        time.sleep(0.05)  # waits for another process, which has no other way to say that it is ready


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as reply:  # noqa: S310 - our own server
            return bool(reply.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False
