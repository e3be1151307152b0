"""What all commands share: finding the site and starting Django on it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from masthead.project.config import FILE_NAME, Config, ConfigError, load

site_option = click.option(
    "--site",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    envvar="MASTHEAD_SITE",
    help="The site's folder (default: the current folder).",
)


def refuse(*sentences: str) -> NoReturn:
    """End with exit code 2 and these sentences on standard error."""
    for sentence in sentences:
        click.echo(click.style("masthead: ", bold=True) + sentence, err=True)
    raise SystemExit(2)


def read_config(site: Path, on_error: Callable[..., NoReturn] = refuse) -> Config:
    """Read a site's settings, or end with all that is wrong in them."""
    os.environ["MASTHEAD_SITE"] = str(site.resolve())
    try:
        return load(site.resolve())
    except ConfigError as error:
        heading = [] if len(error.problems) == 1 else [f"{len(error.problems)} lines of {FILE_NAME} need a change:"]
        on_error(*heading, *error.problems)


def start_django(site: Path, on_error: Callable[..., NoReturn] = refuse) -> Config:
    """Read the settings and set Django up for this site."""
    config = read_config(site, on_error)
    os.environ["DJANGO_SETTINGS_MODULE"] = "masthead.project.settings"
    import django

    django.setup()
    return config


def require_current_database(on_error: Callable[..., NoReturn] = refuse) -> None:
    """End with what to do when the database cannot be used as it is."""
    problem = database_problem()
    if problem:
        on_error(problem)


def database_problem() -> str | None:
    """Say in one sentence what keeps the database from being used; None when nothing does."""
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        return f"The database does not answer: {_first_line(error)}. Check [database] url in {FILE_NAME}."
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return "The database is not at this version's shape yet. Run masthead init on this folder; it keeps everything."
    return None


def _first_line(error: Any) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
