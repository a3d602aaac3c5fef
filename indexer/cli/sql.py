"""The index and the memories in SQL: sql."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import click

from indexer import config, errors
from indexer.cli import options, output
from indexer.cli.session import Session


@click.command(
    epilog="""\b
Examples:
  indexer sql "SELECT qualified_name, callers FROM v_callers ORDER BY callers DESC LIMIT 10"
  indexer sql < report.sql
  indexer sql                     opens psql"""
)
@click.argument("query", required=False)
@options.shared
@click.pass_obj
def sql(session: Session, /, query: str | None) -> int:
    """Run a QUERY on the views v_files, v_symbols, v_uses, v_calls, v_callers, v_memories and v_memory_code; it can only read.

    Without one, from a terminal, psql is opened on them. docs/sql.md has the columns and ten worked questions.
    """
    # The database takes most of a second to import.
    from indexer import daemon

    settings = config.load(session.root())
    if query is None and sys.stdin.isatty():
        return asyncio.run(daemon.psql(settings))
    text = sys.stdin.read() if query is None else query
    if not text.strip():
        raise errors.UsageError("Give a query.")
    columns, rows = asyncio.run(daemon.sql(settings, text))
    if session.as_json:
        output.json({"items": [dict(zip(columns, row, strict=True)) for row in rows], "total": len(rows)})
    elif rows:
        output.table([columns, *([_cell(value) for value in row] for row in rows)])
    else:
        output.say("No rows.")
    return 0 if rows else errors.NotFound.exit_code


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return output.plain(", ".join(map(str, value)) if isinstance(value, list) else value)
