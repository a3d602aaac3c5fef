"""Writes the index as SCIP: a document a file, with the occurrences in it and what is known of the symbols that it defines.

A symbol is called `indexer . PROJECT . ` and its descriptors: the file, then what it is nested in. Field numbers and
values are those of scip.proto. Imports are occurrences of what they import, not symbols of their own.
"""

from __future__ import annotations

import re
import urllib.parse
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import indexer
from indexer import model
from indexer import protobuf as pb
from indexer.index import sites
from indexer.store import code, whole

Write = Callable[[bytes], object]

# Index, Metadata, ToolInfo, Document, Occurrence, SymbolInformation, Relationship: the numbers of their fields.
METADATA, DOCUMENTS = 1, 2
_TOOL, ROOT, _ENCODING = 2, 3, 4
_TOOL_NAME, _TOOL_VERSION = 1, 2
PATH, OCCURRENCES, SYMBOLS, LANGUAGE, _TEXT, POSITIONS = 1, 2, 3, 4, 5, 6
RANGE, SYMBOL, ROLES, _ENCLOSING = 1, 2, 3, 7
_INFO_SYMBOL, _DOCUMENTATION, _RELATIONSHIPS, _KIND, _NAME, _SIGNATURE = 1, 3, 4, 5, 6, 7
_OTHER, _IS_REFERENCE, _IS_IMPLEMENTATION = 1, 2, 3

#: SymbolRole.
DEFINITION, _IMPORT, _READ, _GENERATED, _TEST = 1, 2, 8, 16, 32
#: TextEncoding and PositionEncoding: both count UTF-8 bytes.
_UTF8: Final = 1
UTF8_COLUMNS, UTF16_COLUMNS, UTF32_COLUMNS = 1, 2, 3

#: SymbolInformation.Kind, by ours.
_KINDS: Final = {
    "function": 17, "macro": 25, "class": 7, "struct": 49, "union": 59, "record": 7, "object": 33, "interface": 21,
    "trait": 53, "protocol": 42, "method": 26, "constructor": 9, "property": 41, "accessor": 72, "field": 15,
    "variable": 61, "constant": 8, "enum_member": 12, "enum": 11, "type": 54, "typedef": 55, "namespace": 30,
    "module": 29, "package": 35,
}  # fmt: skip
_NAMESPACE_KINDS: Final = ("module", "namespace", "package")
_TYPE_KINDS: Final = ("class", "struct", "union", "record", "object", "interface", "trait", "protocol", "enum", "type", "typedef")
_METHOD_KINDS: Final = ("function", "method", "constructor")
_ROLES: Final = {model.Role.imports: _IMPORT, model.Role.calls: _READ, model.Role.references: _READ}
_IMPLEMENTING: Final = ("extends", "implements", "overrides")
_SIMPLE: Final = re.compile(r"[\w+\-$]+\Z", re.ASCII)


@dataclass(slots=True)
class _Whole:
    """The index, in memory: a document needs the names of symbols of any file."""

    project: str
    by_path: dict[str, list[whole.Described]] = field(default_factory=dict)
    by_id: dict[uuid.UUID, whole.Described] = field(default_factory=dict)
    related: dict[uuid.UUID, list[whole.Relationship]] = field(default_factory=dict)
    names: dict[uuid.UUID, str] = field(default_factory=dict)

    def name(self, id: uuid.UUID) -> str | None:
        """What SCIP calls a symbol; None for an import, and for one that is not there."""
        symbol = self.by_id.get(id)
        if symbol is None or symbol.kind == "import":
            return None
        if id not in self.names:
            self.names[id] = self._container(symbol) + _descriptor(symbol)
        return self.names[id]

    def _container(self, symbol: whole.Described) -> str:
        outer = None if symbol.container is None else self.name(symbol.container)
        return outer or f"indexer . {_spaced(self.project)} . "


async def write(store: code.Store, project: model.Project, write: Write) -> None:
    """Writes the whole index."""
    write(pb.data(METADATA, _metadata(project)))
    async with whole.snapshot(store.database, project.id) as index:
        known = _Whole(project.name)
        async for symbol in index.described():
            known.by_path.setdefault(symbol.path, []).append(symbol)
            known.by_id[symbol.id] = symbol
        async for relationship in index.relationships():
            if relationship.type in _IMPLEMENTING:
                known.related.setdefault(relationship.source, []).append(relationship)
        packed = {path: data async for path, data in index.sites()}
        async for file in index.files():
            write(pb.data(DOCUMENTS, _document(file, packed.get(file.path), known)))


def _metadata(project: model.Project) -> bytes:
    tool = pb.text(_TOOL_NAME, "indexer") + pb.text(_TOOL_VERSION, indexer.__version__)
    root = f"file://{urllib.parse.quote(project.root)}"
    return pb.data(_TOOL, tool) + pb.text(ROOT, root) + pb.number(_ENCODING, _UTF8)


def _document(file: whole.File, packed: bytes | None, known: _Whole) -> bytes:
    symbols = [symbol for symbol in known.by_path.get(file.path, ()) if symbol.kind != "import"]
    of_file = (_GENERATED if "generated" in file.flags else 0) | (_TEST if "test" in file.flags else 0)
    occurrences = [_definition(symbol, known, of_file) for symbol in symbols]
    if packed is not None:
        occurrences += _references(sites.unpack(packed)[0], known, of_file)
    return b"".join((
        pb.text(PATH, file.path),
        *(pb.data(OCCURRENCES, each) for each in occurrences),
        *(pb.data(SYMBOLS, _information(symbol, known)) for symbol in symbols),
        pb.text(LANGUAGE, file.language),
        pb.number(POSITIONS, UTF8_COLUMNS),
    ))  # fmt: skip


def _definition(symbol: whole.Described, known: _Whole, roles: int) -> bytes:
    enclosing = (symbol.start_line - 1, symbol.start_column, symbol.end_line - 1, symbol.end_column)
    # A module has no name in its file: its place is the file's beginning.
    length = 0 if symbol.kind == "module" else len(symbol.name.encode())
    return b"".join((
        pb.numbers(RANGE, (symbol.line - 1, symbol.column, symbol.column + length)),
        pb.text(SYMBOL, known.name(symbol.id) or ""),
        pb.number(ROLES, DEFINITION | roles),
        pb.numbers(_ENCLOSING, enclosing),
    ))  # fmt: skip


def _references(written: Iterable[sites.Site], known: _Whole, roles: int) -> Iterator[bytes]:
    for site in written:
        if site.target is None or (name := known.name(uuid.UUID(bytes=site.target))) is None:
            continue
        yield b"".join((
            pb.numbers(RANGE, (site.line - 1, site.column, site.column + len(site.name.encode()))),
            pb.text(SYMBOL, name),
            pb.number(ROLES, _ROLES.get(model.Role(site.role), 0) | roles),
        ))  # fmt: skip


def _information(symbol: whole.Described, known: _Whole) -> bytes:
    signature = b""
    if symbol.signature:
        signature = pb.data(_SIGNATURE, pb.text(LANGUAGE, symbol.language) + pb.text(_TEXT, symbol.signature))
    return b"".join((
        pb.text(_INFO_SYMBOL, known.name(symbol.id) or ""),
        pb.text(_DOCUMENTATION, symbol.documentation or ""),
        *(pb.data(_RELATIONSHIPS, each) for each in _relationships(symbol, known)),
        pb.number(_KIND, _KINDS.get(symbol.kind, 0)),
        pb.text(_NAME, symbol.name),
        signature,
    ))  # fmt: skip


def _relationships(symbol: whole.Described, known: _Whole) -> Iterator[bytes]:
    for each in known.related.get(symbol.id, ()):
        if (other := known.name(each.target)) is not None:
            # Whoever looks for references to an overridden method wants those to the overriding one too.
            is_reference = pb.number(_IS_REFERENCE, each.type == "overrides")
            yield pb.text(_OTHER, other) + is_reference + pb.number(_IS_IMPLEMENTATION, 1)


def _descriptor(symbol: whole.Described) -> str:
    """The last part of a symbol's name; equals of one container are told apart by their number."""
    if symbol.kind == "module" and symbol.container is None:
        return f"{_identifier(symbol.path)}/"
    if symbol.kind in _METHOD_KINDS:
        return f"{_identifier(symbol.name)}({f'+{symbol.ordinal}' if symbol.ordinal else ''})."
    name = _identifier(f"{symbol.name}+{symbol.ordinal}" if symbol.ordinal else symbol.name)
    if symbol.kind in _NAMESPACE_KINDS:
        return f"{name}/"
    if symbol.kind in _TYPE_KINDS:
        return f"{name}#"
    return f"{name}!" if symbol.kind == "macro" else f"{name}."


def _identifier(name: str) -> str:
    return name if _SIMPLE.match(name) else f"`{name.replace('`', '``')}`"


def _spaced(part: str) -> str:
    return part.replace(" ", "  ") or "."
