"""The index as text, whole: what tests compare and other programs read.

JSON lines in this order: symbols, references, possible targets (each by path, line, column), relationships (by the places of their
ends). Two indexes of the same tree, configuration and extractor version give the same bytes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

import msgspec

from indexer import model
from indexer.index import sites
from indexer.index.overriding import Overriding
from indexer.model import Role
from indexer.resolve import calibration
from indexer.store import code, whole

Write = Callable[[bytes], object]

#: Bytes that are gathered before they are written.
_BUFFER: Final = 1 << 16
_encoder: Final = msgspec.json.Encoder()


async def jsonl(store: code.Store, project: model.Project, write: Write) -> None:
    """Writes all records of a project."""
    out = _Out(write)
    async with whole.snapshot(store.database, project.id) as index:
        places: dict[bytes, tuple[str, int]] = {}
        async for symbol in index.symbols():
            places[symbol.id.bytes] = (symbol.path, symbol.line)
            out.add(_symbol(symbol))
        overriding = Overriding([pair async for pair in index.overrides()])
        possible: list[tuple[Any, ...]] = []
        async for path, packed in index.sites():
            found, others, language = sites.unpack(packed)
            for site in found:
                out.add(_reference(path, site, language, places))
            known = {(other.line, other.column, other.target) for other in others}
            others += [
                other for site in found for other in overriding.possible(site) if (site.line, site.column, other.target) not in known
            ]
            others.sort(key=_place)
            possible.extend((path, language, other) for other in others)
        for path, language, other in possible:
            out.add(_possible(path, other, language, places))
        async for relationship in index.relationships():
            out.add(_relationship(relationship))
    out.flush()


class _Out:
    """Records gathered into lines."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._buffer = bytearray()

    def add(self, record: dict[str, Any]) -> None:
        self._buffer += _encoder.encode(record)
        self._buffer += b"\n"
        if len(self._buffer) > _BUFFER:
            self.flush()

    def flush(self) -> None:
        self._write(bytes(self._buffer))
        self._buffer.clear()


def _symbol(symbol: whole.Symbol) -> dict[str, Any]:
    return {
        "record": "symbol", "id": symbol.id, "path": symbol.path, "line": symbol.line, "column": symbol.column,
        "end_line": symbol.end_line, "end_column": symbol.end_column, "name": symbol.name,
        "qualified_name": symbol.qualified_name, "type": symbol.type, "kind": symbol.kind, "language": symbol.language,
        "container": symbol.container,
    }  # fmt: skip


def _place(other: sites.Possible) -> tuple[int, int]:
    return other.line, other.column


def _reference(path: str, site: sites.Site, language: str, places: dict[bytes, tuple[str, int]]) -> dict[str, Any]:
    target_path, target_line = places.get(site.target, (None, None)) if site.target else (None, None)
    return {
        "record": "reference", "path": path, "line": site.line, "column": site.column, "name": site.name,
        "role": Role(site.role).name, "source": _id(site.source), "target": _id(site.target), "target_path": target_path,
        "target_line": target_line, "confidence": calibration.confidence(language, site.evidence), "evidence": site.evidence.label,
    }  # fmt: skip


def _possible(path: str, other: sites.Possible, language: str, places: dict[bytes, tuple[str, int]]) -> dict[str, Any]:
    target_path, target_line = places.get(other.target, (None, None))
    return {
        "record": "possible", "path": path, "line": other.line, "column": other.column, "target": _id(other.target),
        "target_path": target_path, "target_line": target_line,
        "confidence": calibration.confidence(language, other.evidence), "evidence": other.evidence.label,
    }  # fmt: skip


def _relationship(item: whole.Relationship) -> dict[str, Any]:
    return {
        "record": "relationship", "source": item.source, "target": item.target, "relationship_type": item.type,
        "confidence": item.confidence, "sites": item.n_sites,
    }  # fmt: skip


def _id(raw: bytes | None) -> uuid.UUID | None:
    return uuid.UUID(bytes=raw) if raw is not None else None
