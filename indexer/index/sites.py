"""The packed sites of a file: every written name with what it means, in one value of `files.sites`.

Ids are in a table of 16 bytes each; a site is seven int32 (line, column, name, role, source, target or -1, evidence), a possible
target six (line, column, source, target, role, evidence); all sorted by place.
"""

from __future__ import annotations

import operator
from array import array
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import msgspec

from indexer.model import Evidence
from indexer.resolve.files import Resolved, Target

_place: Final = operator.itemgetter(0, 1)

IdOf = Callable[[Target], bytes]


class Packed(msgspec.Struct, array_like=True):
    """The layout of the value."""

    language: str
    ids: bytes
    names: list[str]
    sites: bytes
    possible: bytes


class Site(NamedTuple):
    """A site as unpacked; ids are 16 bytes."""

    line: int
    column: int
    name: str
    role: int
    source: bytes
    target: bytes | None
    evidence: Evidence


class Possible(NamedTuple):
    """A further target of a site."""

    line: int
    column: int
    source: bytes
    target: bytes
    role: int
    evidence: Evidence


def pack(resolved: Resolved, language: str, id_of: IdOf) -> bytes:
    """The value for a file."""
    ids: dict[Target, int] = {}
    names: dict[str, int] = {}
    sources: dict[int, int] = {}
    own = resolved.path
    flat: list[int] = []
    add = flat.extend
    for line, column, name, role, source, target, evidence in sorted(resolved.sites, key=_place):
        place = sources.get(source)
        if place is None:
            place = sources[source] = ids.setdefault(Target(own, source), len(ids))
        meant = -1 if target is None else ids.setdefault(target, len(ids))
        add((line, column, names.setdefault(name, len(names)), role, place, meant, evidence))
    possible = array("i")
    for line, column, source, other, role, evidence in sorted(resolved.possible):
        place = ids.setdefault(Target(own, source), len(ids))
        possible.extend((line, column, place, ids.setdefault(other, len(ids)), role, evidence))
    table = b"".join(map(id_of, ids))
    return msgspec.msgpack.encode(Packed(language, table, list(names), array("i", flat).tobytes(), possible.tobytes()))


def unpack(data: bytes) -> tuple[list[Site], list[Possible], str]:
    """The sites, the possible targets and the language of a file; raises msgspec.DecodeError."""
    packed = msgspec.msgpack.decode(data, type=Packed)
    ids = [packed.ids[i : i + 16] for i in range(0, len(packed.ids), 16)]
    names = packed.names
    sites = [
        Site(line, column, names[name], role, ids[source], ids[target] if target >= 0 else None, Evidence(evidence))
        for line, column, name, role, source, target, evidence in _rows(packed.sites, 7)
    ]
    possible = [
        Possible(line, column, ids[source], ids[target], role, Evidence(evidence))
        for line, column, source, target, role, evidence in _rows(packed.possible, 6)
    ]
    return sites, possible, packed.language


def _rows(data: bytes, width: int) -> Iterator[tuple[int, ...]]:
    values = array("i")
    values.frombytes(data)
    return zip(*[iter(values)] * width, strict=True)
