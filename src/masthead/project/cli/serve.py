"""``masthead serve``: the whole site in one command."""

from __future__ import annotations

import os
import resource
import socket
from pathlib import Path

import click

from masthead.project import release
from masthead.project.cli.site import read_config, refuse, site_option, start_django

# Per process; idle readers of the live stream count too.
_CONNECTIONS = 8192
_MOST_WORKERS = 4


@click.command("serve")
@site_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--workers",
    default=lambda: min(_processors(), _MOST_WORKERS),
    show_default="one for each processor, at most 4",
    type=click.IntRange(1, 64),
    help="Processes that answer.",
)
@click.option(
    "--background/--no-background", default=True, show_default=True, help="Send mail and publish on time here."
)
def command(site: Path, *, host: str, port: int, workers: int, background: bool) -> None:
    """Serve the site, and do its background work: mails, scheduled stories.

    On a large site start it with --no-background and run "masthead worker" beside it.
    """
    config = read_config(site)
    _check_port(host, port)
    if not release.is_collected(config.data):
        _collect(site)
    _allow_connections()
    os.environ["MASTHEAD_SERVER_BACKGROUND"] = "true" if background else "false"
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    click.echo(f"{config.site.name}: http://{host}:{port}/  (Ctrl+C stops it)", err=True)
    Granian(
        "masthead.project.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        # Browsers speak HTTP/2 to a proxy with TLS only; guessing costs a third of an open connection's memory.
        http=HTTPModes.http1,
        workers=workers,
        backlog=2048,
        backpressure=_CONNECTIONS,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        working_dir=config.root,
    ).serve()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _collect(site: Path) -> None:
    """Bring the static files to this version: after an update nobody should have to remember it."""
    config = start_django(site)
    try:
        release.collect(config.data)
    except OSError as error:
        refuse(
            f"The static files are of another version and cannot be written ({error.strerror}): check {config.data}."
        )
    click.echo("The static files were of another version; they have been collected anew.", err=True)


def _allow_connections() -> None:
    """Let each process hold as many open files as it may hold connections, as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * _CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, 2 * _CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            refuse(f"{host}:{port} cannot be listened on ({error.strerror}). Choose another with --port.")
