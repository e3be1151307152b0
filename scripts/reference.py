"""Write the generated pages of docs/reference: settings, events, ports, commands, API. Called by scripts/reference."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import os
import sys
import typing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTE = "<!-- Made by scripts/reference from {source}; change it there. -->"

SETTINGS = """\
# Settings

{note}

A site's settings stand in `masthead.toml` in the site's folder. Each can also be given in the environment as
`MASTHEAD_<SECTION>_<NAME>` (lists with commas), or, for secrets, as `MASTHEAD_<SECTION>_<NAME>_FILE`: the path of a
file that holds the value. The environment wins. All errors are reported at once, each with the line to write.

The secret key that signs links and sign-ins lies in `data/secret_key`, or in `MASTHEAD_SECRET_KEY`.
"""
EVENTS = """\
# Events

{note}

Facts that apps tell each other, afterwards: written in the transaction of the change, delivered at least once, so
every hearer is idempotent by the event's id. Bound in `project/wiring/subscribers.py`.
"""
PORTS = """\
# Ports

{note}

Questions that one app must ask while it works. The asking app declares a protocol, the project binds an answer in
`project/wiring/ports.py`. Questions about rows take many keys at once.
"""
COMMANDS = """\
# Commands

{note}

Every command that works on a site takes `--site DIR` (default: the current folder, or `MASTHEAD_SITE`). Bad input ends
with one sentence and exit code 2.
"""
API = """\
# The API

{note}

Below `/api/v1/`, in JSON; described for programs at `/api/openapi.json`. [How to use it](../how-to/use-the-api.md).
Every refusal is `application/problem+json` with `status`, a stable `code`, a sentence in `title` and, where inputs are
wrong, `errors` with `field` and `message`.
"""


def settings_page() -> str:
    """Describe every setting."""
    from masthead.project import config

    parts = [SETTINGS.format(note=NOTE.format(source="src/masthead/project/config.py"))]
    for name, cls in config.SECTIONS.items():
        hints = typing.get_type_hints(cls)
        parts += _settings_table(f"[{name}]", cls)
        for key, hint in hints.items():
            if _is_table(hint):
                parts += _settings_table(f"[[{name}.{key}]]", typing.get_args(hint)[0])
    return "".join(parts)


def _settings_table(title: str, cls: type) -> typing.Iterator[str]:
    hints = typing.get_type_hints(cls)
    yield f"\n## {title}\n\n{_first_paragraph(cls)}\n\n"
    yield "| Name | Value | Default | Meaning | Example |\n| --- | --- | --- | --- | --- |\n"
    for item in dataclasses.fields(cls):
        meaning, example = item.metadata["description"], item.metadata["example"]
        yield f"| `{item.name}` | {_kind(hints[item.name])} | {_default(item)} | {meaning} | `{example}` |\n"


def _is_table(hint: object) -> bool:
    return typing.get_origin(hint) is list and dataclasses.is_dataclass(typing.get_args(hint)[0])


def events_page() -> str:
    """Describe every event, its fields and its hearers."""
    from masthead.core import events
    from masthead.outbox import registry

    for path in sorted((ROOT / "src" / "masthead").glob("*/events.py")):
        importlib.import_module(f"masthead.{path.parent.name}.events")
    parts = [EVENTS.format(note=NOTE.format(source="the apps' events.py"))]
    for name, cls in sorted(events.registered().items()):
        if not cls.__module__.startswith("masthead."):  # a test's own
            continue
        fields = ", ".join(f"`{item.name}: {item.type}`" for item in dataclasses.fields(cls))
        heard = ", ".join(f"`{hearer}`" for hearer in sorted(registry.subscribers(name))) or "nobody yet"
        parts.append(f"\n## `{name}`\n\n`{cls.__name__}`: {_first_paragraph(cls)}\n\n")
        parts.append(f"- Holds: {fields}\n- Heard by: {heard}\n")
    return "".join(parts)


def ports_page() -> str:
    """Describe every port and its questions."""
    parts = [PORTS.format(note=NOTE.format(source="the apps' ports.py"))]
    for path in sorted((ROOT / "src" / "masthead").glob("*/ports.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        for node in classes:
            if any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases):
                parts.append(f"\n## `{node.name}` ({path.parent.name})\n\n{_joined(ast.get_docstring(node))}\n\n")
                parts.extend(_question(item) for item in node.body if isinstance(item, ast.FunctionDef))
    return "".join(parts)


def commands_page() -> str:
    """Describe every command with its arguments and options."""
    import click

    from masthead.project.cli import main

    parts = [COMMANDS.format(note=NOTE.format(source="src/masthead/project/cli/"))]
    _describe(main, click.Context(main, info_name="masthead"), parts)
    return "".join(parts)


def api_page() -> str:
    """Describe every operation: what it takes, and what it answers."""
    from masthead.project.api import description

    parts = [API.format(note=NOTE.format(source="the apps' api modules"))]
    for path, item in description()["paths"].items():
        for method, operation in item.items():
            parts.append(f"\n## {operation['summary']}\n\n`{method.upper()} {path}`\n\n{operation['description']}\n\n")
            parts.extend(_parameter(parameter) for parameter in operation.get("parameters", []))
            if "requestBody" in operation:
                parts.append(f"- Body: `{_schema(operation['requestBody'])}`\n")
            answers = [
                f"{status}, `{_schema(reply)}`" if reply.get("content") else f"{status}, empty"
                for status, reply in operation["responses"].items()
                if status != "default"
            ]
            parts.append(f"- Answer: {', '.join(answers)}\n")
            scopes = operation.get("x-scope")
            parts.append(f"- A token needs: `{scopes}`\n" if scopes else "- Needs nothing; kept as pages are\n")
    return "".join(parts) + _shapes(description()["components"]["schemas"])


def _parameter(item: dict[str, typing.Any]) -> str:
    schema = item["schema"]
    values = " or ".join(f"`{value}`" for value in schema.get("enum", []) if value)
    text = _joined(item.get("description") or schema.get("description") or values)
    return f"- `{item['name']}` ({item['in']}{', required' if item.get('required') else ''}): {text}\n"


def _schema(holder: dict[str, typing.Any]) -> str:
    (content,) = holder["content"].values()
    return str(content["schema"]["$ref"].rsplit("/", 1)[1])


def _shapes(schemas: dict[str, typing.Any]) -> str:
    parts = ["\n## Shapes\n"]
    for name, schema in sorted(schemas.items()):
        parts.append(f"\n### {name}\n\n{_joined(schema.get('description'))}\n\n")
        for field, item in schema["properties"].items():
            meaning = _joined(item.get("description"))
            parts.append(f"- `{field}`: {meaning}\n" if meaning else f"- `{field}`\n")
    return "".join(parts)


def _describe(command: typing.Any, context: typing.Any, parts: list[str]) -> None:
    import click

    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                _describe(inner, click.Context(inner, info_name=name, parent=context), parts)
        return
    parts.append(f"\n## `{context.command_path}`\n\n")
    parts.append(f"`{' '.join([context.command_path, *command.collect_usage_pieces(context)])}`\n\n")
    parts.append("\n\n".join(_joined(part) for part in (command.help or "").split("\n\n")) + "\n\n")
    for option in command.params:
        if isinstance(option, click.Option):
            names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
            parts.append(f"- {names}: {_joined(option.help)}\n")


def _question(item: ast.FunctionDef) -> str:
    signature = f"{item.name}({ast.unparse(item.args)})"
    answer = f" -> {ast.unparse(item.returns)}" if item.returns else ""
    return f"- `{signature}{answer}`: {_joined(ast.get_docstring(item))}\n"


def _kind(hint: object) -> str:
    if typing.get_origin(hint) is typing.Literal:
        return " or ".join(f"`{value}`" for value in typing.get_args(hint))
    if _is_table(hint):
        return "tables"
    return {str: "text", int: "whole number", bool: "`true` or `false`", list[str]: "list of texts"}[hint]  # type: ignore[index]


def _default(item: dataclasses.Field[object]) -> str:
    value = item.default_factory() if callable(item.default_factory) else item.default
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if value not in ("", []) else "empty"


def _first_paragraph(cls: type) -> str:
    return _joined((inspect.getdoc(cls) or "").split("\n\n")[0])


def _joined(text: str | None) -> str:
    return " ".join((text or "").split())


PAGES = {
    "settings.md": settings_page,
    "events.md": events_page,
    "ports.md": ports_page,
    "commands.md": commands_page,
    "api.md": api_page,
}


def main() -> None:
    """Write all pages."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    for name, render in PAGES.items():
        (ROOT / "docs" / "reference" / name).write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
