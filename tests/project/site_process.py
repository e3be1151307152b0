"""Runs the real command line in processes of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

SOURCE = Path(__file__).resolve().parents[2] / "src"
# For processes whose coverage tells nothing new, or that are killed before they could tell: it costs half their time.
UNMEASURED = {"COVERAGE_PROCESS_CONFIG": ""}


def masthead(
    *arguments: str, timeout: float = 120, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; ``settings`` are further ``MASTHEAD_...`` names of its environment."""
    return subprocess.run(
        [sys.executable, "-m", "masthead", *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**environment(), **(settings or {})},
        check=False,
        stdin=subprocess.DEVNULL,
    )


def environment() -> dict[str, str]:
    """Return an environment without this test run's settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MASTHEAD_", "DJANGO_", "COV_"))}
    kept.pop("DATABASE_URL", None)
    return {**kept, "PYTHONPATH": str(SOURCE)}


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """Serve a site until the block ends; yields its address."""
    port = free_port()
    command = [sys.executable, "-m", "masthead", "serve", "--site", str(site), "--port", str(port)]
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield wait_for(process, f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def wait_for(process: subprocess.Popen[str], address: str, seconds: float = 60) -> str:
    """Return the address of a server as soon as it answers; fails when it ended or never does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"the server ended: {process.communicate()[0]}")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=1):  # noqa: S310 - our own address
                return address
        except (URLError, OSError):
            time.sleep(0.05)  # a bounded poll of a process that is starting
    raise AssertionError("the server did not answer in time")
