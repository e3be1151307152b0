"""``masthead statements``: tell each giver what he gave in a year."""

from __future__ import annotations

from pathlib import Path

import click

from masthead.project.cli.site import refuse, require_current_database, site_option, start_django


@click.group("statements")
def command() -> None:
    """Look after the statements of a year."""


@command.command("send")
@site_option
@click.option("--year", type=click.IntRange(1000, 9998), required=True, help="The calendar year, as in 2025.")
@click.option("--so-far", is_flag=True, help="Send what was given so far, of a year that is not over.")
@click.option("--to", "address", metavar="EMAIL", default="", help="Only to the giver with this address.")
@click.option("--dry-run", is_flag=True, help="Count and list; send and write nothing.")
def send(site: Path, *, year: int, so_far: bool, address: str, dry_run: bool) -> None:
    """Send each giver with an address one mail with the gifts of a year as PDF, in the giver's language.

    What went back is taken off; currencies are never added up. Nobody gets the same year twice, however often this
    runs and wherever it is cut: the mails are noted, and the worker sends them. Gifts that no mail tells of are listed
    at the end. Money of a rehearsal is never told of.
    """
    start_django(site)
    require_current_database()
    from masthead.core.errors import DomainError
    from masthead.funding.services.receipts import count_statements, send_statements

    try:
        counted = count_statements(year=year, so_far=so_far, only=address)
        if dry_run:
            click.echo(f"Dry run: nothing was written. {_mails(counted.asked)} of {year} would be sent.")
        else:
            counted = send_statements(year=year, so_far=so_far, only=address)
            click.echo(f"{_mails(counted.asked)} of {year} on the way; the worker sends them.")
    except DomainError as refusal:
        refuse(refusal.message())
    if counted.asked_before:
        click.echo(f"Already sent to {counted.asked_before}.")
    if not address:
        _list_unreached(year)


def _mails(count: int) -> str:
    return f"{count} statement" if count == 1 else f"{count} statements"


def _list_unreached(year: int) -> None:
    """Name gifts without an address by day, amount and key: who gave stands in the admin, for those who may see it."""
    from masthead.funding.selectors.statement_lists import unreached

    rows = list(unreached(year, names=False))
    if rows:
        click.echo(f"No mail tells of {len(rows)} gift{'' if len(rows) == 1 else 's'}, for no address is known:")
    for row in rows:
        click.echo(f"  {row.received_at:%Y-%m-%d}  {row.left.plain} {row.left.currency}  {row.public_id}")
