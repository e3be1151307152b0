"""``masthead doctor``: what is well and what is not."""

from __future__ import annotations

import json
from pathlib import Path

import click

from masthead.project.cli.site import site_option, start_django

_MARKS = {"ok": ("ok  ", "green"), "warn": ("warn", "yellow"), "bad": ("bad ", "red")}


@click.command("doctor")
@site_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings for a program.")
def command(site: Path, *, as_json: bool) -> None:
    """Look at settings, database, disk, mail, ledger and counters, and say what to do.

    Ends with exit code 1 when something is bad, else 0.
    """
    start_django(site)
    from masthead.project.doctor import examine

    findings = list(examine())
    if as_json:
        click.echo(json.dumps([{"level": item.level, "text": item.text} for item in findings], ensure_ascii=False))
    else:
        for item in findings:
            mark, colour = _MARKS[item.level]
            click.echo(f"{click.style(mark, fg=colour)}  {item.text}")
    if any(item.level == "bad" for item in findings):
        raise SystemExit(1)
