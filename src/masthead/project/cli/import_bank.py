"""``masthead import bank``: statements of a bank account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from masthead.project.cli.import_gifts import DECIMAL


def perform(
    file: Path,
    *,
    columns: Sequence[str],
    currency: str | None,
    decimal: str | None,
    dates: str | None,
    dry_run: bool,
    on_error: Callable[..., NoReturn],
) -> Any:
    """Bring in one file and return the report. Refusals end with one sentence; questions name their options."""
    from masthead.funding.bank_errors import StatementRefused, StatementUnclear
    from masthead.funding.providers.bank_transfer import StatementChoices, read_statements
    from masthead.funding.providers.bank_transfer.reading import MOST_BYTES
    from masthead.funding.services.bank import import_statements, preview_statements

    named = dict(pair.partition("=")[::2] for pair in columns)
    choices = StatementChoices(
        decimal=DECIMAL.get(decimal or "", ""), dates=dates or "", currency=(currency or "").upper(), columns=named
    )
    try:
        if file.stat().st_size > MOST_BYTES:
            raise StatementRefused(why="large")
        read = read_statements(file.read_bytes(), choices)
    except OSError as error:
        on_error(f"The file cannot be read: {error.strerror or error}.")
    except StatementUnclear as unclear:
        asked = "; ".join(_asked(question.name, question.options) for question in unclear.questions)
        on_error(f"{unclear.message()} {asked}")
    except StatementRefused as refusal:
        on_error(refusal.message())
    return (preview_statements if dry_run else import_statements)(file=read)


def _asked(name: str, options: Sequence[str]) -> str:
    if name == "decimal":
        return "--decimal point or --decimal comma"
    if name in {"dates", "currency"}:
        return f"--{name} with one of {', '.join(options)}"
    return f'--column "{name}=..." with one of {", ".join(options)}'
