"""What idle readers cost: memory of a serving Masthead before and with thousands of live streams, and how fast one
message reaches them all.

Run it in an environment with Masthead installed:

    python benchmarks/live_streams.py [--streams 5000] [--port 8140] [--json]

It makes a site in a temporary folder, serves it with one worker and without limits per network, opens the streams from
this process, gives one gift (which the meter tells all of them), and prints what it measured. Memory is resident memory
of the serving process and its worker together.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

HEADERS = (
    "Host: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: en-GB,en;q=0.9\r\nCache-Control: no-cache\r\nSec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors\r\n"
    "Sec-Fetch-Site: same-origin\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36\r\nReferer: http://127.0.0.1:{port}/town-hall/a-story-with-a-long-address/\r\n\r\n"
)
TARGET_MB = 300
PATIENCE_SECONDS = 120.0
GIVE = """
import django; django.setup()
from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding.services import put_campaign, record_gift
campaign = put_campaign(slug="fund", goal=Money(500_000, "USD"), title="", active=True)
print("ready", flush=True)
input()
record_gift(campaign=campaign, amount=Money(2_500, "USD"), method="bank_transfer", received_at=now(),
            donor_name="Ada", contact="", public_name="", external_id="")
"""


@dataclass
class Result:
    """All figures of one run; times in milliseconds since the gift was asked for, in another process."""

    streams: int
    memory_before_mb: float
    memory_with_streams_mb: float
    bytes_per_stream: int
    memory_target_mb: int
    reached_first_ms: float
    reached_p50_ms: float
    reached_p99_ms: float
    reached_all_ms: float
    reached: int
    memory_after_message_mb: float
    stopped_seconds: float


def main() -> None:
    """Measure once and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=5000)
    parser.add_argument("--port", type=int, default=8140)
    parser.add_argument("--json", action="store_true", help="Print one JSON object.")
    arguments = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else max(soft, 65_536), hard))
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder) / "site", arguments.streams, arguments.port)
    if arguments.json:
        sys.stdout.write(json.dumps(asdict(result)) + "\n")
        return
    for name, value in asdict(result).items():
        sys.stdout.write(f"{name.replace('_', ' '):26} {value:>12,.{1 if isinstance(value, float) else 0}f}\n")


def measure(site: Path, streams: int, port: int) -> Result:
    """Serve, open, tell, stop."""
    environment = {
        **os.environ,
        "MASTHEAD_SITE": str(site),
        "MASTHEAD_SITE_URL": f"http://127.0.0.1:{port}",
        "MASTHEAD_EDGE_LIVE_STREAMS": str(streams),
        "MASTHEAD_EDGE_LIVE_STREAMS_PER_ADDRESS": "0",
    }
    command = [sys.executable, "-m", "masthead"]
    subprocess.run([*command, "init", str(site)], check=True, capture_output=True, env=environment)
    server = subprocess.Popen([*command, "serve", "--site", str(site), "--port", str(port)], env=environment)
    giver = subprocess.Popen(
        [sys.executable, "-c", GIVE],
        env={**environment, "DJANGO_SETTINGS_MODULE": "masthead.project.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(port)
        if giver.stdout is not None:
            giver.stdout.readline()
        before = memory(server.pid)
        readers = connected(port, streams)
        idle = settled_memory(server.pid)
        reached = tell(readers, giver)
        after = memory(server.pid)
        began = time.monotonic()
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        stopped = time.monotonic() - began
    finally:
        server.kill()
        giver.kill()
    return Result(
        streams=streams,
        memory_before_mb=before / 1e6,
        memory_with_streams_mb=idle / 1e6,
        bytes_per_stream=round((idle - before) / streams),
        memory_target_mb=TARGET_MB,
        reached_first_ms=1000 * reached[0],
        reached_p50_ms=1000 * statistics.median(reached),
        reached_p99_ms=1000 * reached[int(len(reached) * 0.99)],
        reached_all_ms=1000 * reached[-1],
        reached=len(reached),
        memory_after_message_mb=after / 1e6,
        stopped_seconds=stopped,
    )


def connected(port: int, streams: int) -> list[socket.socket]:
    """Open the streams; each has had its first bytes."""
    readers = [connect(port) for _ in range(streams)]
    for reader in readers:
        first_bytes(reader)
    return readers


def wait_for(port: int) -> None:
    """Wait until the site answers, and let it load what a first page needs."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            for path in ("/healthz", "/", "/support/"):
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10).read()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def connect(port: int) -> socket.socket:
    """Open one stream as a browser does."""
    reader = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    question = "GET /-/live?topic=thread:article:1&topic=meter&age=0 HTTP/1.1\r\n"
    reader.sendall((question + HEADERS.format(port=port)).encode())
    return reader


def first_bytes(reader: socket.socket) -> None:
    """Read the head and the beginning of a stream; fail when it was refused."""
    seen = b""
    while b"retry:" not in seen:
        part = reader.recv(4096)
        seen += part
        if not part or (b"\r\n" in seen and b" 200 " not in seen.split(b"\r\n")[0]):
            raise SystemExit(f"a stream was refused: {seen[:200]!r}")


def memory(pid: int) -> int:
    """Return resident bytes of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    total = 0
    for each in (str(pid), *children):
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{each}/status").read_text())
        total += int(found[1]) * 1024 if found else 0
    return total


def settled_memory(pid: int) -> int:
    """Return the most that was seen while the streams stood idle, signs of life included."""
    most = 0
    end = time.monotonic() + 10
    while time.monotonic() < end:
        most = max(most, memory(pid))
        time.sleep(0.5)
    return most


def tell(readers: list[socket.socket], giver: subprocess.Popen[str]) -> list[float]:
    """Have a gift recorded by another process; return when each reader heard of it, in seconds, sorted."""
    chosen = selectors.DefaultSelector()
    for reader in readers:
        reader.setblocking(False)
        chosen.register(reader, selectors.EVENT_READ, reader)
    began = time.monotonic()
    if giver.stdin is not None:
        giver.stdin.write("\n")
        giver.stdin.flush()
    heard: list[float] = []
    while len(heard) < len(readers) and time.monotonic() - began < PATIENCE_SECONDS:
        for key, _events in chosen.select(timeout=1):
            reader = key.data
            if b"event: meter" in reader.recv(65_536):
                heard.append(time.monotonic() - began)
                chosen.unregister(reader)
    return sorted(heard)


if __name__ == "__main__":
    main()
