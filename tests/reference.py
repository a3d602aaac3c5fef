"""The pages of docs/ that are made from the code: `python tests/reference.py` writes them, a test compares."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

REPOSITORY = Path(__file__).parent.parent
sys.path.insert(0, str(REPOSITORY))

import click  # noqa: E402

from indexer.cli import commands  # noqa: E402
from indexer.config import settings  # noqa: E402
from indexer.protocol import methods  # noqa: E402

_WIDTH = 100


def pages() -> dict[str, str]:
    """Every made page by its path in the repository."""
    return {"docs/cli.md": _cli(), "docs/settings.md": _settings(), "docs/methods.md": _methods()}


def _cli() -> str:
    root = click.Context(commands.group, info_name="indexer", max_content_width=_WIDTH, terminal_width=_WIDTH)
    parts = [
        "# The command line\n",
        "Made from the program's own help (`indexer COMMAND --help`).",
        "Exit codes: 0 found or done, 1 nothing found, 2 a wrong request, 3 no daemon or no database.\n",
    ]
    for title, section in commands.SECTIONS.items():
        parts.append(f"## {title}\n")
        for name in section:
            command = commands.group.get_command(root, name)
            assert command is not None
            parts += _command(command, name, root)
    return "\n".join(parts)


def _command(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, max_content_width=_WIDTH, terminal_width=_WIDTH)
    if command.hidden:
        return
    yield f"### {context.command_path}\n\n```\n{command.get_help(context).strip()}\n```\n"
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from _command(found, inner, context)


def _settings() -> str:
    lines = [
        "# Every setting\n",
        "Made from the code; `config.example.toml` gives the reasons, [configuration](configuration.md) says where settings come from.",
        "A project's own `.indexer.toml` may set those marked with *.\n",
        "| setting | in the environment | default | takes |",
        "|---|---|---|---|",
    ]
    for table, kind in settings.TABLES.items():
        hints = get_type_hints(kind)
        for field in dataclasses.fields(kind):
            name = f"{table}.{field.name}"
            star = "*" if name in settings.TREE_KEYS else ""
            default = list(field.default) if isinstance(field.default, tuple) else field.default
            shown = f'"{default}"' if isinstance(default, str) else str(default).lower() if isinstance(default, bool) else default
            variable = f"`INDEXER_{table.upper()}_{field.name.upper()}`" if table != "project" else "—"
            lines.append(f"| `{name}`{star} | {variable} | {shown} | {_takes(hints[field.name], field)} |")
    return "\n".join(lines) + "\n"


def _takes(hint: object, field: dataclasses.Field[object]) -> str:
    if bounds := field.metadata.get("bounds"):
        return f"{bounds.low:,} to {bounds.high:,}"
    if choices := [each for each in get_args(hint) if isinstance(each, str)]:
        return ", ".join(choices)
    return {bool: "true, false", str: "text"}.get(hint, "a list of patterns")  # type: ignore[call-overload, no-any-return]


def _methods() -> str:
    parts = [
        "# Every method of the socket\n",
        "Made from the code; `indexer query system.methods` gives the same with JSON schemas. [socket](socket.md) says how to speak it.\n",
    ]
    for name, method in methods.METHODS.items():
        summary = " ".join(method.summary.split())
        parts.append(f"### {name}\n\n{summary}\n")
        schema = method.schema()
        required = set(schema.get("required", ()))
        rows = [
            f"| `{field}`{'' if field in required else '?'} | {' '.join(str(told.get('description', '')).split())} |"
            for field, told in schema["properties"].items()
        ]
        if rows:
            parts.append("\n".join(["| parameter | what |", "|---|---|", *rows]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    for path, text in pages().items():
        (REPOSITORY / path).write_text(text, encoding="utf-8")
