"""``masthead export``: take along what the site holds."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO

import click

from masthead.project.cli.site import refuse, require_current_database, site_option, start_django


@click.group("export")
def command() -> None:
    """Take along what the site holds."""


@command.command("ledger")
@site_option
@click.option(
    "--format", "form", type=click.Choice(["csv", "beancount"]), default="csv", help="A table, or a Beancount file."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file; else standard output.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="The first day, in the site's time zone.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="The last day.")
def ledger(site: Path, *, form: str, out: Path | None, first: datetime | None, last: datetime | None) -> None:
    """Write every posting of the books, for a bookkeeper: sums, days and keys, and nobody's name.

    On a site that rehearses the postings of rehearsals are written, else those of real money. A file is written whole
    or not at all.
    """
    start_django(site)
    require_current_database()
    if first and last and last < first:
        refuse("--to is before --from.")
    days = first.date() if first else None, last.date() if last else None
    if out is None:
        _write(sys.stdout, form, *days)
        return
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            _write(file, form, *days)
        os.replace(part, out)
    except OSError as error:
        part.unlink(missing_ok=True)
        refuse(f"{out} cannot be written: {error.strerror or error}.")


def _write(file: IO[str], form: str, first: date | None, last: date | None) -> None:
    from masthead.funding.rules import ledger_export
    from masthead.funding.selectors import postings

    journals = postings.journals(first=first, last=last)
    if form == "csv":
        csv.writer(file).writerows(ledger_export.rows(journals))
        return
    lines: Iterator[str] = ledger_export.beancount(_title(), postings.accounts_opened(), journals)
    file.writelines(f"{line}\n" for line in lines)


def _title() -> str:
    from masthead.funding import conf

    return conf.site_name() if conf.is_live() else f"{conf.site_name()} (rehearsal)"
