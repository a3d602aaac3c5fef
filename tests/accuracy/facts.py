"""What both sides of a comparison are made of: the true symbols and sites, and those that an export holds.

Lines count from 1, columns are 0-based UTF-8 byte offsets, paths are relative to the project's root.
Nothing here decides whether an answer is right: `compare` does.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

#: Folders that hold no source of the project itself; the truth makers skip what the program skips by default.
SKIPPED_FOLDERS = frozenset(
    [
        *(".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", ".eggs", "node_modules", "__pycache__"),
        *(".mypy_cache", ".ruff_cache", ".pytest_cache"),
    ]
)


class Position(NamedTuple):
    """Where a name is written."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column + 1}"


class Place(NamedTuple):
    """Where a definition's name stands; a line is enough, as the contract speaks of target lines."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class TrueSymbol:
    """A callable or type that the language's own parser sees. `group` is 'callable' or 'type'.

    `qualified_name` is None where the truth maker does not know it; `kinds` are the finer kinds that may
    stand for it.
    """

    position: Position
    name: str
    group: str
    kinds: frozenset[str]
    qualified_name: str | None = None
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class TrueSite:
    """A written name and the places that it may mean; without `targets` it is outside the tree."""

    position: Position
    name: str
    targets: frozenset[Place]
    construct: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol of the export."""

    id: str
    position: Position
    name: str
    qualified_name: str
    type: str
    kind: str
    language: str
    end_line: int
    container: str | None


@dataclass(frozen=True, slots=True)
class Reference:
    """A site of the export; `target` and `place` are None where it did not resolve inside the tree."""

    position: Position
    name: str
    role: str
    source: str | None
    target: str | None
    place: Place | None
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Possible:
    """A further definition that a site of the export may reach."""

    position: Position
    target: str
    place: Place
    confidence: float
    evidence: str


@dataclass(frozen=True)
class Export:
    """What `indexer export --format jsonl` says of one tree."""

    symbols: dict[str, Symbol]
    references: dict[Position, Reference]
    possible: dict[Position, list[Possible]]
    #: Sites that stand at a position that another site already holds: the contract allows one.
    n_repeated: int

    @functools.cached_property
    def languages(self) -> dict[str, str]:
        """The language of every file that has a symbol, by path."""
        return {symbol.position.path: symbol.language for symbol in self.symbols.values()}


def export_of(root: Path) -> Export:
    """Index `root` by the program and read what it exports.

    `INDEXER` in the environment names another command than this interpreter's `-m indexer`.
    """
    command = os.environ.get("INDEXER", f"{sys.executable} -m indexer").split()
    subprocess.run([*command, "index", str(root)], check=True, stdout=subprocess.DEVNULL)
    export = [*command, "export", str(root), "--format", "jsonl"]
    return read_export(subprocess.run(export, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines())


def read_export(lines: Iterable[str]) -> Export:
    """Parse an export's JSON lines; a record of an unknown sort is an error: it means another contract."""
    symbols: dict[str, Symbol] = {}
    references: dict[Position, Reference] = {}
    possible: dict[Position, list[Possible]] = {}
    n_repeated = 0
    for line in lines:
        record = json.loads(line)
        match record["record"]:
            case "symbol":
                symbols[record["id"]] = _symbol(record)
            case "reference":
                reference = _reference(record)
                n_repeated += reference.position in references
                references.setdefault(reference.position, reference)
            case "possible":
                further = _possible(record)
                possible.setdefault(further.position, []).append(further)
            case "relationship":
                pass
            case other:
                raise ValueError(f"unknown record in the export: {other!r}")
    return Export(symbols, references, possible, n_repeated)


def _position(record: dict[str, Any]) -> Position:
    return Position(record["path"], record["line"], record["column"])


def _place(record: dict[str, Any]) -> Place | None:
    return None if record["target"] is None else Place(record["target_path"], record["target_line"])


def _symbol(record: dict[str, Any]) -> Symbol:
    return Symbol(
        record["id"],
        _position(record),
        record["name"],
        record["qualified_name"],
        record["type"],
        record["kind"],
        record["language"],
        record["end_line"],
        record["container"],
    )


def _reference(record: dict[str, Any]) -> Reference:
    return Reference(
        _position(record),
        record["name"],
        record["role"],
        record["source"],
        record["target"],
        _place(record),
        record["confidence"] or 0.0,
        record["evidence"],
    )


def _possible(record: dict[str, Any]) -> Possible:
    place = Place(record["target_path"], record["target_line"])
    return Possible(_position(record), record["target"], place, record["confidence"], record["evidence"])


def files_of(root: Path, suffixes: Sequence[str]) -> list[str]:
    """The paths below `root` with one of `suffixes`, sorted, '/' between their parts, without symlinks."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        for name in names:
            path = Path(folder, name)
            if name.endswith(tuple(suffixes)) and not path.is_symlink():
                found.append(path.relative_to(root).as_posix())
    return sorted(found)
