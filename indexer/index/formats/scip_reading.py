"""Reads a compiler's SCIP index: what each written name of a file means, as targets that resolution lays over its own.

An index knows no hashes, so whether it was made from a file as it is shows in its text: most of the names that the index speaks of
must stand where it says (not all: there are aliases), and only those that do are taken. What is local to a function is left out,
and so is what the index itself tells two ways.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec

from indexer import errors
from indexer import protobuf as pb
from indexer.index.formats import scip
from indexer.resolve.imported import Told
from indexer.store import whole

#: The share of an index's names that must stand in the text where it says.
_MIN_FRESH: Final = 0.75
_LAST_NAME: Final = re.compile(r"(?:^|[/#.`(\s])([\w$]+)`?(?:#|\((?:\+\d+)?\)\.|\.|!)$")
_CONSTRUCTORS: Final = ("__init__", "constructor", "<constructor>")


class Occurrence(NamedTuple):
    """A symbol's name in a file: row and column from 0, the latter in UTF-8 bytes, and what is written there."""

    row: int
    column: int
    written: str
    symbol: str
    is_definition: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A file of our index: its content and that content's hash."""

    data: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """A symbol of ours at the place of its name; `container` is there for constructors: a call of a class means the class."""

    id: bytes
    path: str
    name: str
    container: bytes | None


@dataclass(slots=True)
class Outcome:
    """What was read: targets by path, and the files that were left out, by reason."""

    told: dict[str, Told] = field(default_factory=dict)
    n_targets: int = 0
    unknown: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)


class _Document(NamedTuple):
    path: str
    occurrences: list[Occurrence]


def read(
    data: bytes, root: str, source_of: Callable[[str], Source | None], symbols: Mapping[tuple[str, int, int], Standing]
) -> Outcome:
    """Reads an index. InvalidRequest where it is none.

    `source_of` gives the files that we index, `symbols` ours by path, line (from 1) and column of the name.
    """
    outcome = Outcome()
    prefix = _prefix(data, root)
    documents = []
    for number, value in pb.fields(data):
        if number != scip.DOCUMENTS or isinstance(value, int):
            continue
        path = prefix + _text(value, scip.PATH)
        source = source_of(path)
        if source is None:
            outcome.unknown.append(path)
            continue
        document = _Document(path, list(_occurrences(value, source.data)))
        if _is_stale(document.occurrences):
            outcome.stale.append(path)
        else:
            documents.append(document)
    definitions = _definitions(documents)
    packages = {_package(symbol) for symbol in definitions}
    for document in documents:
        told = _told(document, definitions, packages, symbols)
        outcome.told[document.path] = told
        outcome.n_targets += len(told.rows)
    return outcome


def _prefix(data: bytes, root: str) -> str:
    """What to put before an index's paths, where it was made for a folder inside the project."""
    for number, value in pb.fields(data):
        if number == scip.METADATA and not isinstance(value, int):
            folder = urllib.parse.unquote(urllib.parse.urlsplit(_text(value, scip.ROOT)).path).rstrip("/")
            return folder[len(root) + 1 :] + "/" if folder.startswith(root.rstrip("/") + "/") else ""
    raise errors.InvalidRequest("This is no SCIP index: it has no metadata.")


def _text(message: memoryview, field: int) -> str:
    for number, value in pb.fields(message):
        if number == field and not isinstance(value, int):
            return bytes(value).decode(errors="replace")
    return ""


def _occurrences(document: memoryview, content: bytes) -> Iterator[Occurrence]:
    encoding = next((v for n, v in pb.fields(document) if n == scip.POSITIONS and isinstance(v, int)), 0)
    lines = content.split(b"\n")
    for number, value in pb.fields(document):
        if number != scip.OCCURRENCES or isinstance(value, int):
            continue
        span: list[int] = []
        symbol, roles = "", 0
        for key, part in pb.fields(value):
            if key == scip.RANGE:
                span += pb.unpacked(part)
            elif key == scip.SYMBOL and not isinstance(part, int):
                symbol = bytes(part).decode(errors="replace")
            elif key == scip.ROLES and isinstance(part, int):
                roles = part
        # A range of four has an end on another line: no name has.
        if len(span) != 3 or span[0] >= len(lines) or not symbol or symbol.startswith("local "):
            continue
        line = lines[span[0]]
        start, end = (_bytes(line, column, encoding) for column in span[1:])
        # Of `a as b` it is a that the index means.
        written = line[start:end].decode(errors="replace").strip("'\"`").partition(" as ")[0]
        yield Occurrence(span[0], start, written, symbol, bool(roles & scip.DEFINITION))


def _bytes(line: bytes, column: int, encoding: int) -> int:
    """A column in UTF-8 bytes; indexes that name no encoding count UTF-16 units, as editors do."""
    if encoding == scip.UTF8_COLUMNS or line.isascii():
        return column
    text = line.decode(errors="replace")
    if encoding == scip.UTF32_COLUMNS:
        return len(text[:column].encode())
    return len(text.encode("utf-16-le")[: 2 * column].decode("utf-16-le", errors="replace").encode())


def _is_stale(occurrences: Iterable[Occurrence]) -> bool:
    n_named = n_there = 0
    for each in occurrences:
        name = _name(each.symbol)
        if name is None or name in _CONSTRUCTORS or not each.written:
            continue
        n_named += 1
        n_there += each.written == name
    return n_there < _MIN_FRESH * n_named


def _definitions(documents: Iterable[_Document]) -> dict[str, tuple[str, int, int] | None]:
    """Where each symbol is defined: path, line from 1, column; None where in several places."""
    found: dict[str, tuple[str, int, int] | None] = {}
    for document in documents:
        for each in document.occurrences:
            if each.is_definition:
                place = (document.path, each.row + 1, each.column)
                found[each.symbol] = place if found.get(each.symbol, place) == place else None
    return found


def _name(symbol: str) -> str | None:
    """The last name in a symbol; None for modules."""
    found = _LAST_NAME.search(symbol)
    return None if found is None else found[1]


def _package(symbol: str) -> str:
    """Scheme, manager, name and version: what a global symbol begins with."""
    return " ".join(symbol.split(" ")[:4])


def _told(
    document: _Document,
    definitions: Mapping[str, tuple[str, int, int] | None],
    packages: set[str],
    symbols: Mapping[tuple[str, int, int], Standing],
) -> Told:
    numbers: dict[str, int] = {}
    rows: dict[tuple[int, int], tuple[int, int, int, bytes] | None] = {}
    for each in document.occurrences:
        if each.is_definition:
            continue
        # A call of a class is one of its constructor to some compilers.
        symbol = each.symbol.removesuffix("`<constructor>`().")
        place = (each.row + 1, each.column)
        if symbol in definitions:
            defined = definitions[symbol]
            target = None if defined is None else symbols.get(defined)
            if target is None:
                continue
            id = target.id if each.written == target.name else target.container
            if id is None:
                continue
            row = (*place, numbers.setdefault(target.path, len(numbers)), id)
        elif _package(symbol) not in packages and each.written == _name(symbol):
            row = (*place, -1, b"")
        else:
            continue
        # Said two ways, it is said neither way.
        rows[place] = row if rows.get(place, row) == row else None
    return Told(list(numbers), sorted(row for row in rows.values() if row is not None))


def packed(told: Told) -> bytes:
    """Targets as the store keeps them."""
    return msgspec.msgpack.encode(told) if told.rows else b""


def renamed(targets: bytes, ids: Mapping[bytes, bytes]) -> bytes:
    """Packed targets with other ids; those that have none are left out."""
    if not targets:
        return b""
    told = msgspec.msgpack.decode(targets, type=Told)
    rows = [(line, column, path, ids.get(id, b"")) for line, column, path, id in told.rows]
    # Number -1 is a target outside of the project, which has no id.
    return packed(Told(told.paths, [row for row in rows if row[3] or row[2] < 0]))


def standing(symbols: Iterable[whole.Symbol]) -> dict[tuple[str, int, int], Standing]:
    """Our symbols by the places of their names."""
    found: dict[tuple[str, int, int], Standing] = {}
    for each in symbols:
        is_constructor = each.kind == "constructor" or each.name in _CONSTRUCTORS
        container = each.container.bytes if is_constructor and each.container is not None else None
        if each.kind != "import":
            found.setdefault((each.path, each.line, each.column), Standing(each.id.bytes, each.path, each.name, container))
    return found
