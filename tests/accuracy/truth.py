"""Truth made by another language's own parser: a small program that lists what it sees as JSON lines.

A truth maker reads paths, one a line, from its standard input and prints, for each file, `{"file",
"errors"}` (its count of syntax errors) and then `{"symbol", "path", "line", "column", "group", "kinds",
"qualified_name", "optional"}` for callables and types and `{"call", "path", "line", "column", "form"}` for
called names. An optional symbol may be missing.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .facts import Position, TrueSymbol

MAKERS = Path(__file__).with_name("makers")


@dataclass(frozen=True)
class Truth:
    """What a truth maker says of a tree. Files that its parser refuses are in `unjudged` and nowhere else."""

    paths: tuple[str, ...]
    symbols: tuple[TrueSymbol, ...]
    #: Position, name and form of each called name.
    calls: tuple[tuple[Position, str, str], ...]
    unjudged: tuple[str, ...]


def made_by(command: Sequence[str], paths: Sequence[str], environment: dict[str, str] | None = None) -> Truth:
    """Run a truth maker over the files of a tree."""
    done = subprocess.run(
        command, input="\n".join(paths), stdout=subprocess.PIPE, text=True, check=True, env=environment
    )
    return read_truth(done.stdout.splitlines())


def read_truth(lines: Iterable[str]) -> Truth:
    """Read what a truth maker prints."""
    records = [json.loads(line) for line in lines]
    errors = {record["file"]: record["errors"] for record in records if "file" in record}
    unjudged = {path for path, n in errors.items() if n}
    symbols, calls = [], []
    for record in records:
        if "file" in record or record["path"] in unjudged:
            continue
        position = Position(record["path"], record["line"], record["column"])
        if "call" in record:
            calls.append((position, record["call"], record["form"]))
            continue
        symbols.append(
            TrueSymbol(
                position,
                record["symbol"],
                record["group"],
                frozenset(record["kinds"]),
                record.get("qualified_name"),
                not record.get("optional"),
            )
        )
    judged = tuple(sorted(errors.keys() - unjudged))
    return Truth(judged, tuple(symbols), tuple(calls), tuple(sorted(unjudged)))
