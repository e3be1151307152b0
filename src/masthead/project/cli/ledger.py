"""``masthead ledger``: prove that closed months are what they were."""

from __future__ import annotations

import re
from pathlib import Path

import click

from masthead.project.cli.site import site_option, start_django


@click.group("ledger")
def command() -> None:
    """Look after the books."""


@command.command("verify")
@site_option
@click.option("--expect", "expected", multiple=True, metavar="HASH", help="A hash that you kept: it must be there.")
def verify(site: Path, *, expected: tuple[str, ...]) -> None:
    """Compare every closed month with its seal, and each seal with the one before.

    Refunds and other bookings after the closing are no fault. With --expect also a chain that was cut off or made
    anew is found. Ends with exit code 1 when anything that was sealed has changed.
    """
    start_django(site)
    from masthead.funding.selectors import check_seals

    known, is_bad = set(), False
    for check in check_seals():
        known.add(check.hash)
        click.echo(f"{check.month:%Y-%m}  {check.hash}  {'CHANGED' if check.problems else 'ok'}")
        for problem in check.problems:
            is_bad = True
            click.echo(f"         {problem}")
    for wanted in expected:
        if not re.fullmatch(r"[0-9a-f]{64}", wanted) or wanted not in known:
            is_bad = True
            click.echo(f"No closed month has the hash {wanted}.")
    if not known:
        click.echo("No month is closed yet.")
    if is_bad:
        raise SystemExit(1)
