"""What the same machine can do at most: nginx with the same bytes in a file, and a Python server that only answers."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import sites, tools
from benchmarks.sites import Server

# As Debian ships it (sendfile, tcp_nopush), without the access log and without an end to connections.
_NGINX = """
{user}
daemon off;
master_process on;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    types {{ text/html html; }}
    default_type text/html;
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    keepalive_timeout 3600;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/www;
        gzip_static on;
        etag on;
    }}
}}
"""


@contextmanager
def nginx(folder: Path, *, plain: bytes, packed: bytes) -> Iterator[Server]:
    """Serve two forms of one page as /page.html: ``packed`` to those who accept gzip."""
    if gzip.decompress(packed) != plain:
        raise ValueError("the packed form is not the same page")
    www = folder / "www"
    www.mkdir(parents=True)
    (www / "page.html").write_bytes(plain)
    (www / "page.html.gz").write_bytes(packed)
    port = sites.free_port()
    config = folder / "nginx.conf"
    # Started by root, nginx would give its workers to a user who may not read here.
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(_NGINX.format(user=user, folder=folder, port=port), encoding="ascii")
    command = [tools.path("nginx"), "-c", str(config), "-p", str(folder)]
    with _running(command, f"http://127.0.0.1:{port}", "/page.html") as server:
        yield server


@contextmanager
def fixed_body(folder: Path, body: bytes, *, workers: int) -> Iterator[Server]:
    """Serve one body from granian by an ASGI application that does nothing else."""
    file = folder / "fixed-body"
    file.write_bytes(body)
    port = sites.free_port()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--no-ws",
        "--log-level",
        "warning",
        "--workers",
        str(workers),
    ]
    command += ["--port", str(port), "benchmarks.fixed_body:application"]
    with _running(command, f"http://127.0.0.1:{port}", "/", MASTHEAD_BENCHMARK_BODY=str(file)) as server:
        yield server


@contextmanager
def _running(command: list[str], address: str, ready: str, **settings: str) -> Iterator[Server]:
    process = subprocess.Popen(
        command,
        env=sites.environment(**settings),
        cwd=sites.ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        sites.wait_for(address + ready, process)
        yield Server(address, process.pid)
    finally:
        sites.stop(process)
