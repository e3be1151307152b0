"""``masthead import``: move in."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, NoReturn

import click

from masthead.project.cli import import_bank, import_gifts
from masthead.project.cli.site import refuse, require_current_database, site_option, start_django

SOURCES = ("wordpress", "bank", *import_gifts.SOURCES)


@click.command("import")
@site_option
@click.argument("source", type=click.Choice(SOURCES))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--media",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A copy of the old site's wp-content/uploads: pictures are taken from there.",
)
@click.option("--download", is_flag=True, help="Fetch pictures that are not in the folder from the old site.")
@click.option("--campaign", "campaigns", multiple=True, help="Gifts: the campaign to count them in; once per currency.")
@click.option("--decimal", type=click.Choice(["point", "comma"]), help="Tables: the decimal sign, where it is unclear.")
@click.option(
    "--dates", type=click.Choice(["ymd", "dmy", "mdy"]), help="Tables: the order of dates, where it is unclear."
)
@click.option("--column", "columns", multiple=True, help='Bank tables: which column is what, as in "amount=Betrag".')
@click.option("--currency", help="Bank tables: the currency, where the table does not say it.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print only the report, as JSON, on standard output.")
def command(site: Path, source: str, file: Path, *, dry_run: bool, as_json: bool, **options: Any) -> None:
    """Bring in what another system holds.

    wordpress: stories, pages, authors, pictures and every comment; FILE is what WordPress gives under Tools, Export,
    "All content". givewp, stripe, donations: gifts; FILE is a table (CSV). bank: a statement of the bank account; FILE
    is CAMT.053, MT940 or a table (CSV). A file that cannot be imported is refused
    in one sentence, with exit code 2, before anything is written. Interrupted, the same command goes on where it
    stopped; run again, it adds nothing twice.
    """
    on_error: Callable[..., NoReturn] = _refuse_in_json if as_json else refuse
    start_django(site, on_error)
    require_current_database(on_error)
    from masthead.porting.errors import ImportRefused

    try:
        if source == "wordpress":
            report = _wordpress(
                file, media=options["media"], download=options["download"], dry_run=dry_run, is_quiet=as_json
            )
        elif source == "bank":
            chosen = {name: options[name] for name in ("columns", "currency", "decimal", "dates")}
            report = import_bank.perform(file, dry_run=dry_run, on_error=on_error, **chosen)
        else:
            chosen = {name: options[name] for name in ("campaigns", "decimal", "dates")}
            report = import_gifts.perform(source, file, dry_run=dry_run, **chosen)
    except ImportRefused as refusal:
        on_error(refusal.sentence)
    except KeyboardInterrupt:
        click.echo("\nInterrupted. What is there is whole; run the same command again to go on.", err=True)
        raise SystemExit(130) from None
    click.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=2) if as_json else "\n".join(report.sentences()))


def _wordpress(file: Path, *, media: Path | None, download: bool, dry_run: bool, is_quiet: bool) -> Any:
    from django.utils.timezone import get_default_timezone

    from masthead.porting.run import ImportOptions, SiteImport
    from masthead.porting.sources.wordpress.reader import WordPressSource

    options = ImportOptions(media_folder=media, may_download=download, is_dry_run=dry_run)
    site_import = SiteImport(WordPressSource(file, zone=get_default_timezone()), file, options)
    with _progress(site_import.steps, is_quiet=is_quiet) as bar:
        return site_import.perform(lambda steps: bar.update(steps, bar.pos + steps))


class _Silence:
    """Stands where no progress is shown."""

    pos = 0

    def update(self, steps: int, done: int) -> None:
        """Do nothing."""


def _progress(steps: int, *, is_quiet: bool) -> AbstractContextManager[Any]:
    """Return a bar on standard error with count, rate and time left; silence for machines."""
    if is_quiet or not sys.stderr.isatty():
        return nullcontext(_Silence())
    started = time.monotonic()
    bar: AbstractContextManager[Any] = click.progressbar(
        length=steps,
        label="Importing",
        file=sys.stderr,
        show_pos=True,
        show_eta=True,
        item_show_func=lambda done: None if done is None else rate_text(done, time.monotonic() - started),
    )
    return bar


def rate_text(steps: int, seconds: float) -> str:
    """Say how fast it goes: items and comments a second, since the start."""
    return f"{steps / seconds:,.0f}/s" if seconds > 0 else ""


def _refuse_in_json(*sentences: str) -> NoReturn:
    click.echo(json.dumps({"error": " ".join(sentences)}, ensure_ascii=False))
    raise SystemExit(2)
