"""Reads a SCIP index (https://github.com/sourcegraph/scip): where each symbol is defined and used.

The few fields are decoded by hand from the protobuf wire format, so that the yardstick shares no code with
what it measures.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .facts import Place, Position

_DEFINITION = 1
#: Field numbers of scip.proto.
_DOCUMENTS = 2
_PATH, _OCCURRENCES, _ENCODING = 1, 2, 6
_RANGE, _SYMBOL, _ROLES = 1, 2, 3
#: Values of PositionEncoding.
_UTF8_COLUMNS, _UTF32_COLUMNS = 1, 3


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A symbol's name at a place in a file; local symbols are told apart by file."""

    position: Position
    symbol: str
    is_definition: bool

    @property
    def is_local(self) -> bool:
        return self.symbol.startswith("local ")

    @property
    def package(self) -> str:
        """The scheme, manager, package and version that a global symbol begins with."""
        return " ".join(self.symbol.split(" ")[:4])


@dataclass(frozen=True)
class Index:
    """The occurrences of an index, at most a few a position, and where each symbol is defined."""

    occurrences: dict[Position, list[Occurrence]]
    definitions: dict[str, frozenset[Place]]
    paths: frozenset[str]
    #: The packages that the tree itself is, as symbols name them.
    packages: frozenset[str]

    def used_at(self, position: Position) -> Occurrence | None:
        """The one symbol that is used there; None where there is none, or more than one."""
        found = {o.symbol: o for o in self.occurrences.get(position, []) if not o.is_definition}
        return next(iter(found.values())) if len(found) == 1 else None

    def targets(self, used: Occurrence) -> frozenset[Place] | None:
        """Where a symbol is defined; empty outside the tree, None where the index lost its definition."""
        # A call of a class means the class here, and its constructor to some indexers.
        symbol = used.symbol.removesuffix("`<constructor>`().")
        places = self.definitions.get(symbol, frozenset())
        is_outside = not used.is_local and used.package not in self.packages
        return places if places or is_outside else None


def read_index(path: Path, root: Path) -> Index:
    """Read an index; `root` is the indexed tree, whose lines are needed to turn columns into bytes."""
    occurrences: dict[Position, list[Occurrence]] = defaultdict(list)
    definitions: dict[str, set[Place]] = defaultdict(set)
    paths, packages = set(), set()
    for number, value in _fields(path.read_bytes()):
        if number != _DOCUMENTS or not isinstance(value, bytes):
            continue
        for occurrence in _document(value, root):
            occurrences[occurrence.position].append(occurrence)
            paths.add(occurrence.position.path)
            if occurrence.is_definition:
                definitions[occurrence.symbol].add(Place(*occurrence.position[:2]))
                if not occurrence.is_local:
                    packages.add(occurrence.package)
    defined = {symbol: frozenset(places) for symbol, places in definitions.items()}
    return Index(occurrences, defined, frozenset(paths), frozenset(packages))


def sort_of(symbol: str) -> str:
    """What a symbol is, by its last descriptor: class, function, variable, property, parameter, module or local."""
    if symbol.startswith("local "):
        return "local"
    for suffix, sort in (
        ("#", "class"),
        ("().", "function"),
        (").", "function"),
        ("__init__:", "module"),
        (":", "property"),
        ("/", "module"),
    ):
        if symbol.endswith(suffix):
            return sort
    return "parameter" if symbol.endswith(")") else "variable"


def name_of(symbol: str) -> str | None:
    """The name in a symbol's last descriptor; None for a local, a constructor and what has none."""
    found = re.search(r"(?:^|[/#.`(])([\w$]+)`?(?:#|\((?:\+\d+)?\)\.|\.)$", symbol)
    return None if symbol.startswith("local ") or found is None else found[1]


def _document(data: bytes, root: Path) -> Iterator[Occurrence]:
    path, encoding, raw = "", 0, []
    for number, value in _fields(data):
        if number == _PATH and isinstance(value, bytes):
            path = value.decode()
        elif number == _OCCURRENCES and isinstance(value, bytes):
            raw.append(value)
        elif number == _ENCODING and isinstance(value, int):
            encoding = value
    lines = (root / path).read_bytes().split(b"\n")
    for value in raw:
        yield _occurrence(value, path, lines, encoding)


def _occurrence(data: bytes, path: str, lines: list[bytes], encoding: int) -> Occurrence:
    span: list[int] = []
    symbol, roles = "", 0
    for number, value in _fields(data):
        if number == _RANGE and isinstance(value, bytes):
            span = list(_varints(value))
        elif number == _SYMBOL and isinstance(value, bytes):
            symbol = value.decode()
        elif number == _ROLES and isinstance(value, int):
            roles = value
    row, column = span[0], span[1]
    line = lines[row] if row < len(lines) else b""
    if symbol.startswith("local "):
        symbol = f"{symbol} of {path}"
    position = Position(path, row + 1, byte_column(line, column, encoding))
    return Occurrence(position, symbol, bool(roles & _DEFINITION))


def byte_column(line: bytes, column: int, encoding: int) -> int:
    """A column as a UTF-8 byte offset; indexers that name no encoding count UTF-16 units, as editors do."""
    if encoding == _UTF8_COLUMNS or line.isascii():
        return column
    text = line.decode(errors="replace")
    if encoding == _UTF32_COLUMNS:
        return len(text[:column].encode())
    return len(text.encode("utf-16-le")[: 2 * column].decode("utf-16-le", errors="replace").encode())


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of one message: number and value, an integer or bytes."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        match key & 7:
            case 0:
                value, at = _varint(data, at)
                yield key >> 3, value
            case 2:
                size, at = _varint(data, at)
                yield key >> 3, data[at : at + size]
                at += size
            case 1:
                at += 8
            case 5:
                at += 4
            case wire:
                raise ValueError(f"not a SCIP index: wire type {wire} at byte {at}")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _varints(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value
