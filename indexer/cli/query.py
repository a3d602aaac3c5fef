"""Any method of the daemon, as it is on the wire."""

from __future__ import annotations

import sys
from typing import Any

import click
import msgspec

from indexer import errors
from indexer.cli import completing, options, output
from indexer.cli.session import Session


@click.command(
    epilog="""\b
Examples:
  indexer query system.methods
  indexer query symbols.find '{"name": "parse_header", "limit": 3}'
  echo '{"name": "parse_header"}' | indexer query symbols.find -"""
)
@click.argument("method", shell_complete=completing.methods)
@click.argument("params", required=False, metavar="[JSON]")
@options.shared
@click.pass_obj
def query(session: Session, /, method: str, params: str | None) -> int:
    """Call a METHOD of the daemon with its parameters in JSON (- reads them), and print the answer as JSON."""
    text = sys.stdin.read() if params == "-" else params or "{}"
    answer = session.ask(session.root(), method, _decoded(text))
    if session.as_json:
        output.json(answer)
    else:
        output.indented_json(answer)
    is_empty = isinstance(answer, dict) and answer.get("items") == []
    return errors.NotFound.exit_code if is_empty else 0


def _decoded(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text.encode(errors="surrogateescape"), type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise errors.UsageError(
            f"The parameters must be a JSON object, such as '{{\"name\": \"f\"}}': {problem}."
        ) from None
