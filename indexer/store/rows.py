"""Symbols, relationships and files as rows of PostgreSQL's binary COPY format: pure functions, for worker processes.

Binary rather than text: numbers and ids need no formatting here and no parsing there, and no character is
special, which halves the cost of a load on both sides. What PostgreSQL cannot hold is taken out: NUL is
dropped, a lone surrogate or a byte that is not UTF-8 becomes U+FFFD.

Ids are 16 raw bytes. A chunk is any concatenation of rows; the store puts the header before and the trailer
after it.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from indexer import model

#: Bits of a symbol's flags, in this order from the lowest.
FLAGS: Final = ("is_exported", "is_async", "is_generator", "is_abstract", "is_static")
VISIBILITIES: Final = ("public", "private", "protected", "internal")

#: The columns of a row, in the order in which its bytes stand.
SYMBOL_COLUMNS: Final = (
    *("project_id", "file_id", "file_path", "language", "id", "line_number", "column_number"),
    *("start_line", "start_column", "end_line", "end_column", "ordinal", *FLAGS, "container_id", "kind", "type"),
    *("visibility", "name", "words", "qualified_name", "signature", "documentation", "definition"),
    *("context_before", "context_after", "metadata"),
)
RELATIONSHIP_COLUMNS: Final = (
    *("project_id", "file_id", "id", "source_id", "target_id", "confidence", "evidence", "n_sites"),
    *("relationship_type", "sites"),
)
FILE_COLUMNS: Final = (
    *("project_id", "id", "size", "mtime_ns", "ctime_ns", "inode", "n_lines", "n_symbols"),
    *("n_sites_resolved", "n_sites_external", "n_sites_unresolved", "path", "language", "content_hash"),
    *("extractor_version", "problem", "flags", "sites", "imports", "provides", "reads"),
)

Text: TypeAlias = str | bytes | None

#: id, container or None, name, qualified name, kind, line, column, start line, start column, end line, end
#: column, ordinal, flags (bits of FLAGS), signature, documentation, visibility, definition, context before,
#: context after, metadata or None. Texts may be UTF-8 bytes, so that a slice of the source needs no decoding.
#: A plain tuple, since there are many.
SymbolRow: TypeAlias = tuple[
    bytes, bytes | None, str, str, str, int, int, int, int, int, int, int, int,
    Text, Text, str | None, Text, Text, Text, Mapping[str, object] | None,
]  # fmt: skip

#: source, target, type, confidence, evidence, sites: line, column, line, column, … in source order.
RelationshipRow: TypeAlias = tuple[bytes, bytes, str, float, int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class FileCounts:
    """What a file contributes to the project's totals; sites by their outcome."""

    symbols: int = 0
    resolved: int = 0
    external: int = 0
    unresolved: int = 0


@dataclass(frozen=True, slots=True)
class FileBlobs:
    """What the pipeline packs for itself; None leaves the column empty."""

    sites: bytes | None = None
    imports: bytes | None = None
    provides: bytes | None = None
    reads: bytes | None = None


def symbols(project: bytes, file: bytes, path: str, language: str, rows: Iterable[SymbolRow]) -> bytes:
    """The rows of one file's symbols. Raises KeyError for a kind or visibility that the schema does not know."""
    head = b"".join((
        _SYMBOL_HEAD.pack(len(SYMBOL_COLUMNS), 16, project, 16, file), _text(path), _text(language),
    ))  # fmt: skip
    out: list[bytes] = []
    add = out.append
    for (
        symbol, container, name, qualified, kind, line, column, start_line, start_column, end_line, end_column,
        ordinal, flags, signature, documentation, visibility, definition, before, after, metadata,
    ) in rows:  # fmt: skip
        add(head)
        add(_SYMBOL_PLACE(
            16, symbol, 4, line, 4, column, 4, start_line, 4, start_column, 4, end_line, 4, end_column, 4, ordinal,
        ))  # fmt: skip
        add(_FLAG_BYTES[flags])
        add(_NULL if container is None else _UUID_LENGTH + container)
        add(_KIND_BYTES[kind])
        add(_VISIBILITY_BYTES[visibility])
        add(_NAME_BYTES.get(name) or _name(name))
        for text in (qualified, signature, documentation, definition, before, after):
            if text is None:
                add(_NULL)
                continue
            data = text if text.__class__ is bytes else _encode(text)  # type: ignore[arg-type]
            if b"\0" in data or not (data.isascii() or text.__class__ is str):
                data = _cleaned(data)
            size = len(data)
            add(_LENGTHS[size] if size < _N_LENGTHS else size.to_bytes(4))
            add(data)
        add(_EMPTY_JSON if not metadata else _json(metadata))
    return b"".join(out)


def relationships(project: bytes, file: bytes, rows: Iterable[RelationshipRow]) -> bytes:
    """The rows of the relationships whose sources lie in one file. Raises KeyError for an unknown type."""
    head = _RELATIONSHIP_HEAD.pack(len(RELATIONSHIP_COLUMNS), 16, project, 16, file)
    out: list[bytes] = []
    add = out.append
    for source, target, kind, confidence, evidence, sites in rows:
        number, type_bytes = _TYPE_BYTES[kind]
        n = len(sites)
        add(head)
        add(_RELATIONSHIP(
            16, source, target, number, 16, source, 16, target, 8, confidence, 2, evidence, 4, n >> 1,
        ))  # fmt: skip
        add(type_bytes)
        if n == 2:
            add(_ONE_SITE(36, 1, 0, _INT4, 2, 1, 4, sites[0], 4, sites[1]))
        else:
            add(_integers(sites))
    return b"".join(out)


def file(project: bytes, row: model.FileRow, counts: FileCounts, blobs: FileBlobs) -> bytes:
    """The row of one file."""
    seen = row.signature
    return b"".join((
        _FILE(
            len(FILE_COLUMNS), 16, project, 16, row.id.bytes, 8, seen.size, 8, seen.mtime_ns, 8, seen.ctime_ns,
            8, signed(seen.inode), 4, row.n_lines, 4, counts.symbols, 4, counts.resolved, 4, counts.external,
            4, counts.unresolved,
        ),
        _text(row.path), _text(row.language), _blob(row.content_hash), _text(row.extractor_version),
        _text(row.problem), _texts(row.flags),
        _blob(blobs.sites), _blob(blobs.imports), _blob(blobs.provides), _blob(blobs.reads),
    ))  # fmt: skip


def words(name: str) -> str:
    """A name split at case, digits and punctuation, in lower case: 'HTTPServer2_run' gives 'http server 2 run'."""
    if name.isascii():
        return " ".join(_ASCII_WORDS.findall(name)).lower()
    return " ".join(part.lower() for run in _RUNS.findall(name) for part in _humps(run))


def folded(name: str) -> str:
    """What two names in different case styles have in common: 'get_user' and 'GetUser' give 'getuser'."""
    return words(name).replace(" ", "")


def clean(text: str) -> str:
    """The text as PostgreSQL can hold it: without NUL, lone surrogates replaced by U+FFFD."""
    return _SURROGATES.sub("\ufffd", text).replace("\0", "")


def signed(number: int) -> int:
    """An unsigned 64-bit number, such as an inode on some file systems, as PostgreSQL's signed one."""
    return number - (1 << 64) if number >= 1 << 63 else number


def unsigned(number: int) -> int:
    """The inverse of `signed`."""
    return number + (1 << 64) if number < 0 else number


_SYMBOL_HEAD: Final = struct.Struct(">hi16si16s")
_SYMBOL_PLACE: Final = struct.Struct(">i16s" + "ii" * 7).pack
_RELATIONSHIP_HEAD: Final = struct.Struct(">hi16si16s")
# The id is the first 8 bytes of the source, the first 7 of the target (struct cuts them) and the type's
# number: ids are SHA-1 digests, so it is as unique as the key, and it costs nothing.
_RELATIONSHIP: Final = struct.Struct(">i8s7sBi16si16sidihii").pack
_ONE_SITE: Final = struct.Struct(">iiiiii" + "ii" * 2).pack
_FILE: Final = struct.Struct(">hi16si16s" + "iq" * 4 + "ii" * 5).pack

_INT4: Final = 23
_TEXT: Final = 25
_NULL: Final = b"\xff\xff\xff\xff"
_UUID_LENGTH: Final = (16).to_bytes(4)
_N_LENGTHS: Final = 4096
_LENGTHS: Final = [size.to_bytes(4) for size in range(_N_LENGTHS)]

# Capitals before a capitalised word stand apart: HTTPServer is http, server.
_ASCII_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_RUNS: Final = re.compile(r"[^\W\d_]+|\d+")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def _humps(run: str) -> Iterable[str]:
    """A run of letters split before each capital that follows a small letter or precedes one."""
    start = 0
    for i in range(1, len(run)):
        if run[i].isupper() and (not run[i - 1].isupper() or run[i + 1 : i + 2].islower()):
            yield run[start:i]
            start = i
    yield run[start:]


def _encode(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return clean(text).encode()


def _cleaned(data: bytes) -> bytes:
    return data.replace(b"\0", b"").decode(errors="replace").encode()


def _blob(data: bytes | None) -> bytes:
    return _NULL if data is None else len(data).to_bytes(4) + data


def _text(text: str | None) -> bytes:
    return _NULL if text is None else _blob(_encode(text).replace(b"\0", b""))


def _texts(items: Sequence[str]) -> bytes:
    if not items:
        return _blob(struct.pack(">iii", 0, 0, _TEXT))
    return _blob(struct.pack(">iiiii", 1, 0, _TEXT, len(items), 1) + b"".join(map(_text, items)))


def _integers(items: Sequence[int]) -> bytes:
    n = len(items)
    if not n:
        return _blob(struct.pack(">iii", 0, 0, _INT4))
    cells = [4] * (2 * n)
    cells[1::2] = items
    return struct.pack(f">iiiiii{2 * n}i", 20 + 8 * n, 1, 0, _INT4, n, 1, *cells)


def _json(value: Mapping[str, object]) -> bytes:
    # Version 1 of jsonb's wire format. Escapes of NUL and of surrogates would be refused, so texts are
    # cleaned first.
    return _blob(b"\x01" + json.dumps(_plain(value), ensure_ascii=False, allow_nan=False).encode())


def _plain(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _name(name: str) -> bytes:
    data = _text(name) + _text(words(name))
    if len(_NAME_BYTES) >= 20_000:
        _NAME_BYTES.clear()
    if len(name) < 100:
        _NAME_BYTES[name] = data
    return data


#: Names repeat (`__init__`, `self.name`), so their bytes are kept, within bounds.
_NAME_BYTES: Final[dict[str, bytes]] = {}
_EMPTY_JSON: Final = _blob(b"\x01{}")
_FLAG_BYTES: Final = [
    b"".join(b"\0\0\0\x01" + bytes([bits >> place & 1]) for place in range(len(FLAGS))) for bits in range(32)
]
_KIND_BYTES: Final = {kind: _text(kind) + _text(name) for kind, name in model.TYPE_OF_KIND.items()}
_VISIBILITY_BYTES: Final[dict[str | None, bytes]] = {None: _NULL, **{name: _text(name) for name in VISIBILITIES}}
_TYPE_BYTES: Final = {name: (i, _text(name)) for i, name in enumerate(model.RELATIONSHIP_TYPES)}
