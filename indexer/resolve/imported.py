"""What a compiler's index says of a file, laid over what resolution says of it.

A compiler knows: where it names a target, that is the fact, and the guesses are dropped. Its targets are ids of symbols, which
the target's file may have lost since; then what resolution says stands. Whether such a target is there is a read like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from zlib import crc32

import msgspec

from indexer.model import Evidence
from indexer.resolve import files
from indexer.resolve.files import Resolved, Target

#: The ids of a file's symbols, in order; none where there is no such file.
Identify = Callable[[str], Sequence[bytes]]
#: The qualified name of a symbol.
NameOf = Callable[[Target], str]


class Told(msgspec.Struct, array_like=True):
    """What is said of a file: line, column, number of the target's path (-1: outside of the project), id of the target."""

    paths: list[str]
    rows: list[tuple[int, int, int, bytes]]


def id_key(id: bytes) -> int:
    """The read key of a symbol's being there."""
    return crc32(id, crc32(b"="))


def laid_over(resolved: Resolved, language: str, packed: bytes, identify: Identify, name_of: NameOf) -> Resolved:
    """The outcome with what is said in place of what was found.

    A compiler's index has one place for all overloads of a function: where we say which one is meant, that stands.
    """
    told = msgspec.msgpack.decode(packed, type=Told)
    resolved.reads.update(id_key(id) for _, _, path, id in told.rows if path >= 0)
    targets = _targets(told, identify)
    sites = []
    for site in resolved.sites:
        line, column, name, role, source, found, _ = site
        if (line, column) in targets:
            target = targets[line, column]
            if target and found and target.path == found.path and name_of(target) == name_of(found):
                target = found
            how = Evidence.external if target is None else Evidence.scip
            site = (line, column, name, role, source, target, how)  # type: ignore[assignment]  # as in `files`
        sites.append(site)
    possible = [
        each
        for each in resolved.possible
        if (each.line, each.column) not in targets
        or (each.evidence == Evidence.override and each.target != targets[each.line, each.column])
    ]
    overrides = [each for each in resolved.relationships if each.type == "overrides"]
    return Resolved(resolved.path, sites, possible, files.relationships(sites, language) + overrides, resolved.reads)


def _targets(told: Told, identify: Identify) -> Mapping[tuple[int, int], Target | None]:
    numbers: dict[str, dict[bytes, int]] = {}
    found: dict[tuple[int, int], Target | None] = {}
    for line, column, place, id in told.rows:
        if place < 0:
            found[line, column] = None
            continue
        path = told.paths[place]
        if path not in numbers:
            numbers[path] = {each: number for number, each in enumerate(identify(path))}
        if (number := numbers[path].get(id)) is not None:
            found[line, column] = Target(path, number)
    return found
