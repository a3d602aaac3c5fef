"""Truth made by another language's own parser: a small program that lists what it sees as JSON lines.

A truth maker reads paths, one a line, from its standard input and prints for each file `{"file", "errors"}`
(how many syntax errors its parser sees), then for each callable and type `{"symbol", "path", "line",
"column", "group", "kinds", "qualified_name", "optional"}` (an optional one may be missing), and for each
called name `{"call", "path", "line", "column", "form"}`; where the maker knows what is called, with its
`sort` and `targets`, a list of `{"path", "line"}` that is empty for what lies outside the tree; and
`{"skipped", "line"}` for a line that a preprocessor left out.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .facts import Place, Position, TrueSite, TrueSymbol

MAKERS = Path(__file__).with_name("makers")


@dataclass(frozen=True)
class Truth:
    """What a truth maker says of a tree. Files that its parser refuses are in `unjudged` and nowhere else."""

    paths: tuple[str, ...]
    symbols: tuple[TrueSymbol, ...]
    #: Position, name and form of each called name.
    calls: tuple[tuple[Position, str, str], ...]
    #: The calls whose meaning the maker knows.
    sites: tuple[TrueSite, ...]
    unjudged: tuple[str, ...]
    #: Lines that the maker's preprocessor skipped.
    unknown: frozenset[Place] = frozenset()


def made_by(
    command: Sequence[str],
    maker: Path,
    paths: Sequence[str],
    kept: Path,
    environment: dict[str, str] | None = None,
) -> Truth:
    """Run a truth maker over the files of a tree, or read what it printed for them before, below `kept`."""
    listing = "".join(f"{path}\n" for path in paths)
    digest = hashlib.sha256(maker.read_bytes() + listing.encode()).hexdigest()[:16]
    made = kept / "truth" / f"{maker.stem}-{digest}.jsonl"
    if not made.exists():
        made.parent.mkdir(parents=True, exist_ok=True)
        partial = made.with_suffix(".partial")
        with partial.open("w") as out:
            subprocess.run(command, input=listing, stdout=out, text=True, check=True, env=environment)
        partial.rename(made)
    with made.open() as lines:
        return read_truth(lines)


def read_truth(lines: Iterable[str]) -> Truth:
    """Read what a truth maker prints."""
    records = [json.loads(line) for line in lines]
    errors = {record["file"]: record["errors"] for record in records if "file" in record}
    unjudged = {path for path, n in errors.items() if n}
    judged = [record for record in records if record.get("path") in errors and record["path"] not in unjudged]
    calls = [record for record in judged if "call" in record]
    return Truth(
        tuple(sorted(errors.keys() - unjudged)),
        tuple(_symbol(record) for record in judged if "symbol" in record),
        tuple((_position(record), record["call"], record["form"]) for record in calls),
        tuple(_site(record) for record in calls if "targets" in record),
        tuple(sorted(unjudged)),
        frozenset(Place(record["skipped"], record["line"]) for record in records if "skipped" in record),
    )


def _position(record: dict[str, Any]) -> Position:
    return Position(record["path"], record["line"], record["column"])


def _symbol(record: dict[str, Any]) -> TrueSymbol:
    kinds, name = frozenset(record["kinds"]), record.get("qualified_name")
    is_required = not record.get("optional")
    return TrueSymbol(_position(record), record["symbol"], record["group"], kinds, name, is_required)


def _site(record: dict[str, Any]) -> TrueSite:
    targets = frozenset(Place(target["path"], target["line"]) for target in record["targets"])
    leads_to = record.get("sort", "definition") if targets else "outside"
    return TrueSite(_position(record), record["call"], targets, f"{record['form']}:{leads_to}")
