"""The command line. Commands live in one module each and are loaded when they are called."""

from __future__ import annotations

import importlib

import click

from masthead import __version__

COMMANDS = {
    "init": "masthead.project.cli.init",
    "serve": "masthead.project.cli.serve",
    "worker": "masthead.project.cli.worker",
    "doctor": "masthead.project.cli.doctor",
    "import": "masthead.project.cli.import_",
    "admin-link": "masthead.project.cli.admin_link",
    "simulator": "masthead.project.cli.simulator",
    "ledger": "masthead.project.cli.ledger",
    "reconcile": "masthead.project.cli.reconcile",
    "statements": "masthead.project.cli.statements",
    "export": "masthead.project.cli.export",
}


class LazyGroup(click.Group):
    """Loads a command's module on first use, so that ``--help`` and ``serve`` start at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of a site's life."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="masthead")
def main() -> None:
    """Run a reader-funded newsroom: stories, discussion and a public fundraising meter in one place.

    A site is a folder with masthead.toml (its settings) and data/ (database, pictures, keys). Make one with
    "masthead init DIR", start it with "masthead serve --site DIR" and sign in with the link that
    "masthead admin-link --site DIR" prints.
    """
