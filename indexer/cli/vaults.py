"""Vaults: vault list, show, register, activate, archive, settings, export, import."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import click

from indexer import config, errors
from indexer.cli import completing, options, output
from indexer.cli.memories import json_object
from indexer.cli.session import Answer, Session


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  indexer vault list
  indexer vault export > memories.jsonl""",
)
@options.shared
def vault(**_: Any) -> None:
    """Whose memories. A project has a vault of its own; others (personal, team) are named with --vault.

    VAULT is a name or an id; left out, the project's own is meant.
    """


_OF_VAULT = click.argument("name", required=False, metavar="[VAULT]")


@vault.command(
    "list",
    epilog="""\b
Example:
  indexer vault list --all""",
)
@click.option("--all", "archived", is_flag=True, help="Archived ones too.")
@options.shared
@click.pass_obj
def list_(session: Session, /, archived: bool) -> int:
    """Every vault of the database."""
    return session.listing(session.root(), "vault.list", {"archived": archived}, _table)


@vault.command(
    epilog="""\b
Examples:
  indexer vault stats
  indexer vault stats team --json"""
)
@_OF_VAULT
@options.shared
@click.pass_obj
def stats(session: Session, /, name: str | None) -> int:
    """What a VAULT holds at this moment."""
    return session.listing(session.root(), "vault.get", {"vault": name}, _cards)


@vault.command(
    epilog="""\b
Examples:
  indexer vault register team --type team
  indexer vault register me --settings '{"recall_weight": 0.5}'"""
)
@click.argument("name")
@click.option("--type", "kind", default="personal", show_default=True, metavar="TYPE", help="project, personal or team.")
@click.option("--path", default="", metavar="PATH", help="Where what it is about lies.")
@click.option("--settings", metavar="JSON", help="Its settings.")
@options.shared
@click.pass_obj
def register(session: Session, /, name: str, kind: str, path: str, settings: str | None) -> int:
    """Make a vault called NAME."""
    params = {"name": name, "type": kind, "path": path, "settings": settings and json_object(settings, "settings")}
    return session.listing(session.root(), "vault.register", params, _table)


@vault.command(
    epilog="""\b
Example:
  indexer vault activate team"""
)
@_OF_VAULT
@options.shared
@click.pass_obj
def activate(session: Session, /, name: str | None) -> int:
    """Make a VAULT the default of those who name none over SQL."""
    return session.listing(session.root(), "vault.activate", {"vault": name}, _table)


@vault.command(
    epilog="""\b
Examples:
  indexer vault archive team
  indexer vault archive team --undo"""
)
@_OF_VAULT
@click.option("--undo", is_flag=True, help="Open it again.")
@options.shared
@click.pass_obj
def archive(session: Session, /, name: str | None, undo: bool) -> int:
    """Close a VAULT to changes. What it holds stays readable."""
    return session.listing(session.root(), "vault.unarchive" if undo else "vault.archive", {"vault": name}, _table)


@vault.command(
    epilog="""\b
Examples:
  indexer vault settings team
  indexer vault settings team recall_weight=0.5
  indexer vault settings team recall_weight="""
)
@click.argument("name", metavar="VAULT")
@click.argument("values", nargs=-1, metavar="[KEY=JSON]…")
@options.shared
@click.pass_obj
def settings(session: Session, /, name: str, values: Sequence[str]) -> int:
    """Look at the settings of a VAULT, or set some; an empty value removes one."""
    if not values:
        return session.listing(session.root(), "vault.get", {"vault": name}, _cards)
    given = dict(_setting(value) for value in values)
    return session.listing(session.root(), "vault.configure", {"vault": name, "settings": given}, _cards)


@vault.command(
    "export",
    epilog="""\b
Examples:
  indexer vault export > memories.jsonl
  indexer vault export team --output team.jsonl""",
)
@_OF_VAULT
@click.option("--output", "file", type=click.File("wb", lazy=True), default="-", help="A file in place of standard output.")
@options.shared
@click.pass_obj
def export(session: Session, /, name: str | None, file: BinaryIO) -> int:
    """A VAULT as JSON lines, as it is at one moment: memories, histories, anchors, states."""
    from indexer import daemon

    asyncio.run(daemon.export_vault(config.load(session.root()), name, file.write))
    return 0


@vault.command(
    "import",
    epilog="""\b
Examples:
  indexer vault import memories.jsonl
  indexer vault import team.jsonl --vault team""",
)
@click.argument("file", metavar="FILE", shell_complete=completing.files)
@click.option("--vault", "name", metavar="VAULT", help="The vault that it is added to; made if there is none of that name.")
@options.shared
@click.pass_obj
def import_(session: Session, /, file: str, name: str | None) -> int:
    """Add an export (- reads it) to a vault: all or nothing. What is there stays as it is, so a second time adds nothing."""
    from indexer import daemon

    with _lines(file) as lines:
        loaded = asyncio.run(daemon.import_vault(config.load(session.root()), name, lines))
    if session.as_json:
        output.json(loaded)
    else:
        output.line(", ".join(f"{number:,} {what.removeprefix('n_')}" for what, number in loaded.items()) + ".")
    return 0


@contextlib.contextmanager
def _lines(file: str) -> Iterator[Iterator[str]]:
    try:
        if file == "-":
            yield iter(sys.stdin)
            return
        with open(file, encoding="utf-8") as stream:
            yield iter(stream)
    except UnicodeDecodeError as exc:
        raise errors.UsageError(f"{file} is no UTF-8: {exc.reason}.") from exc
    except OSError as exc:
        raise errors.UsageError(f"{file} cannot be read: {exc.strerror}.") from exc


def _setting(text: str) -> tuple[str, Any]:
    """KEY=JSON; a value that is no JSON is text."""
    import msgspec

    key, found, value = text.partition("=")
    if not found or not key:
        raise errors.UsageError(f"{text} is no KEY=VALUE.")
    if not value:
        return key, None
    try:
        return key, msgspec.json.decode(value.encode(errors="surrogateescape"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return key, value


def _table(answer: Answer) -> None:
    rows = []
    for item in answer["items"]:
        marks = [name for name in ("own", "active", "archived") if item[f"is_{name}"]]
        rows.append((item["id"], item["type"], output.plain(item["name"]), " ".join(marks), output.plain(item["path"])))
    output.table(rows, ("place", "dim", "name", "good", "dim"))


def _cards(answer: Answer) -> None:
    _table(answer)
    for item in answer["items"]:
        for key, value in item["settings"].items():
            output.line(f"  {output.plain(key)} = {output.plain(value)}")
        for name, value in item.get("statistics", {}).items():
            told = ", ".join(f"{number:,} {what}" for what, number in value.items()) if isinstance(value, Mapping) else f"{value:,}"
            if told and value:
                output.line(f"  {output.styled(name.replace('_', ' '), 'dim')}  {told}")
