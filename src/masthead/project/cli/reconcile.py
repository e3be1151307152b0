"""``masthead reconcile``: compare the books with the payment processors' own."""

from __future__ import annotations

from pathlib import Path

import click

from masthead.project.cli.site import refuse, require_current_database, site_option, start_django


@click.command("reconcile")
@site_option
@click.option("--provider", "name", help="Only this one, as in stripe; else all for which the site has keys.")
def command(site: Path, *, name: str | None) -> None:
    """Compare the books with the processors', line by line and payout by payout, and say what does not agree.

    What was missing and fits is booked on the way; nothing else is posted but by a person. Ends with exit code 1 while
    anything differs, with 2 when a processor cannot be asked.
    """
    start_django(site)
    require_current_database()
    from masthead.funding import conf
    from masthead.funding.ports import ProviderAway, ProviderRefused
    from masthead.funding.providers import ready_providers
    from masthead.funding.selectors import reconciled
    from masthead.funding.services import reconcile

    names = [provider.name for provider in ready_providers() if name in {None, provider.name}]
    if not names:
        refuse("No processor can be asked: [funding] names no keys for it, or keys of the other mode.")
    for each in names:
        try:
            run = reconcile(each, is_live=conf.is_live())
        except (ProviderAway, ProviderRefused) as error:
            refuse(f"{each} could not be asked: {error}")
        for sentence in reconciled.said(run):
            click.echo(sentence)
    waiting = reconciled.open_differences()
    for row in waiting:
        click.echo(reconciled.sentence(row))
    if waiting:
        raise SystemExit(1)
