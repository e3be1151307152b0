"""``masthead init``: make a site, or bring an older one up to date."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

import click

from masthead.project import release
from masthead.project.cli.site import refuse, start_django
from masthead.project.config import FILE_NAME

_TEMPLATE = """\
# The settings of this site. Everything else is changed in the admin.
# All settings with their meaning: docs/reference/settings.md

[site]
name = {name}
url = {url}
language = {language}
time_zone = {time_zone}

[discussion]
guests = {guests}
invitation = {invitation}

[funding]
currency = "USD"
{bank}
# [mail]
# url = "smtp://user:password@mail.example:587?tls=1"
# sender = "news@ledger.example"

# [database]
# url = "postgresql://user:password@127.0.0.1/masthead"
"""
_GUESTS = '"verified"    # an address is proven once, by a mail; or "open", or "members": only the signed-in write'
_DEMO_GUESTS = '"open"        # the demo sends no mail; "verified" is the default where [mail] is set'
_NO_BANK = '# account_holder = "Saltmere Ledger Trust"\n# iban = "DE02 1203 0000 0000 2020 51"\n'
_DEMO_BANK = 'account_holder = "Saltmere Ledger Trust"\niban = "DE02 1203 0000 0000 2020 51"\nbic = "BYLADEM1001"\n'


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--demo", is_flag=True, help="Fill it with an invented newsroom to look around in.")
@click.option("--name", help="Name of the paper.")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Address readers will type.")
@click.option("--language", default="en", show_default=True, help="Language of the paper.")
@click.option("--time-zone", default="UTC", show_default=True, help="Zone in which days and months begin.")
def command(folder: Path, *, demo: bool, name: str | None, url: str, language: str, time_zone: str) -> None:
    """Make a site in DIR: settings, database, pictures' folder, keys.

    Run again on an existing site it brings the database to this version's shape and keeps everything. If
    anything fails on a new site, nothing is left behind.
    """
    site = folder.resolve()
    is_new = not (site / FILE_NAME).exists()
    if is_new:
        _check_folder(site)
        name = name or ("The Saltmere Ledger" if demo else "My newsroom")
        _write_settings(site, demo=demo, name=name, url=url, language=language, time_zone=time_zone)
    _ensure_secret_key(site)
    try:
        _prepare(site, demo=demo)
    except BaseException:
        if is_new:
            _remove(site)
        raise
    click.echo(f"{'Made' if is_new else 'Brought up to date:'} {site}")
    click.echo(f"Start it:   masthead serve --site {folder}")
    click.echo(f"Sign in:    masthead admin-link --site {folder}")


def _check_folder(site: Path) -> None:
    if site.exists() and not site.is_dir():
        refuse(f"{site} is a file. Name a folder that does not exist yet, or an empty one.")
    if (site / "data").exists():
        refuse(f"{site} holds data/ but no {FILE_NAME}: it may be a damaged site. Choose another folder.")
    nearest = next(parent for parent in [site, *site.parents] if parent.exists())
    if not os.access(nearest, os.W_OK):
        refuse(f"{nearest} cannot be written to. Choose a folder of your own.")


def _write_settings(site: Path, *, demo: bool, **values: str) -> None:
    quoted = {key: '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for key, value in values.items()}
    (site / "data").mkdir(parents=True, exist_ok=True)
    text = _TEMPLATE.format(
        **quoted,
        guests=_DEMO_GUESTS if demo else _GUESTS,
        invitation="true" if demo else "false",
        bank=_DEMO_BANK if demo else _NO_BANK,
    )
    (site / FILE_NAME).write_text(text, encoding="utf-8")


def _ensure_secret_key(site: Path) -> None:
    path = site / "data" / "secret_key"
    if path.exists() or os.environ.get("MASTHEAD_SECRET_KEY"):
        return
    path.parent.mkdir(exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")


def _prepare(site: Path, *, demo: bool) -> None:
    config = start_django(site)
    from django.core.management import call_command

    from masthead.publishing.services import ensure_site

    (config.data / "media").mkdir(exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    release.collect(config.data)
    ensure_site(name=config.site.name, url=config.site.url)
    if demo:
        from masthead.project.demo.seed import SiteNotEmpty, seed

        try:
            seed()
        except SiteNotEmpty as error:
            refuse(error.message())


def _remove(site: Path) -> None:
    (site / FILE_NAME).unlink(missing_ok=True)
    shutil.rmtree(site / "data", ignore_errors=True)
    if not any(site.iterdir()):
        site.rmdir()
