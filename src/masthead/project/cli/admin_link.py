"""``masthead admin-link``: a way in for the publisher, without a password."""

from __future__ import annotations

from pathlib import Path

import click

from masthead.core.errors import DomainError
from masthead.project.cli.site import refuse, require_current_database, site_option, start_django


@click.command("admin-link")
@site_option
@click.option("--email", help="Address of the account (default: the first publisher's; made if there is none).")
def command(site: Path, *, email: str | None) -> None:
    """Print a link that signs the publisher in once, within the next hour."""
    start_django(site)
    require_current_database()
    from masthead.accounts.services import make_sign_in_link

    try:
        click.echo(make_sign_in_link(email=email))
    except DomainError as error:
        refuse(error.message())
