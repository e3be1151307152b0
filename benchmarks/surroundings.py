"""Where a run took place: the machine and the versions of everything that takes part."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import sqlite3
import subprocess
from pathlib import Path

from benchmarks import tools

_FOLDER = Path(__file__).resolve().parent


def machine() -> dict[str, str]:
    """Return what the machine is."""
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    model = re.search(r"^model name\s*:\s*(.+)$", cpu, re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="ascii"), re.MULTILINE)
    return {
        "Processor": f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} cores",
        "Memory": f"{int(memory.group(1)) / 1024**2:.1f} GiB" if memory else "unknown",
        "System": f"{_distribution()}, {platform.system()} {platform.release()}",
    }


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "unknown")
    except OSError:
        return "unknown"


def versions() -> dict[str, str]:
    """Return the versions; those of programs that are missing are left out."""
    found = {
        "Python": platform.python_version(),
        "Django": _package("django"),
        "Wagtail": _package("wagtail"),
        "granian": _package("granian"),
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": _postgresql(),
        "nginx": _number(tools.version("nginx", "-v")),
        "wrk": _number(tools.version("wrk", "-v")),
        "Isso": _isso(),
    }
    return {name: version for name, version in found.items() if version}


def commit() -> str:
    """Return the short id of the commit that is measured, marked when files differ from it."""
    command = ["git", "-C", str(_FOLDER), "describe", "--always", "--dirty", "--exclude=*"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.stdout.strip() or "unknown"


def _package(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _number(text: str) -> str:
    found = re.search(r"\d+(\.\d+)+", text)
    return found.group() if found else ""


def _postgresql() -> str:
    """Ask the server that the measurements use; else the programs on the path."""
    url = os.environ.get("MASTHEAD_BENCHMARK_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
    try:
        import psycopg

        with psycopg.connect(url, connect_timeout=2) as connection:
            return _number(str(connection.info.parameter_status("server_version")))
    except (ImportError, psycopg.Error):
        return _number(tools.version("psql", "--version"))


def _isso() -> str:
    """Look where the measurement of accepted comments installs it."""
    for folder in (_FOLDER / ".cache").rglob("isso-*.dist-info"):
        return folder.name.removeprefix("isso-").removesuffix(".dist-info")
    return ""
