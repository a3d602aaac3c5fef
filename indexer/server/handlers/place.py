"""What stands at a place of a file: the symbol that a name there means, else the one that encloses it."""

from __future__ import annotations

import re
import uuid
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from indexer import model
from indexer.index import sites
from indexer.protocol import answers
from indexer.resolve import calibration
from indexer.server.handlers.state import State
from indexer.store import graph

#: Numbers of a packed site; see index.sites.
_WIDTH: Final = 7


@dataclass(frozen=True, slots=True)
class Meant:
    """The symbol that is meant, and the name that means it where there is one.

    Where that name means no symbol of the project, `unknown` says so, and the symbol is the import that brings it
    in or the one that it is written in.
    """

    symbol: model.Symbol | None
    site: answers.Site | None = None
    unknown: str | None = None

    @property
    def is_written_there(self) -> bool:
        """Whether the symbol's own name is the one that was pointed at."""
        symbol, site = self.symbol, self.site
        return symbol is not None and (site is None or (symbol.line, symbol.column) == (site.line, site.column))

    @property
    def note(self) -> str | None:
        """Why the symbol is not what the name means, in a sentence."""
        if self.unknown is None or self.symbol is None:
            return self.unknown and f"{self.unknown}."
        return f"{self.unknown}; shown is {'its import' if self.is_written_there else 'what it is written in'}."


async def meant(state: State, path: str, line: int, column: int | None) -> Meant:
    """What a place in a file of the index means; `column` counts bytes from 0, None stands for the whole line."""
    file = model.file_id(state.project.id, path)
    written, language = ([], "") if column is None else await _sites(state, file, line, line)
    site = None if column is None else _covering(written, line, column)
    if site is not None and (target := await _target(state, site)) is not None:
        return Meant(target, _told(path, language, site))
    around = await graph.at(state.database, state.project.id, file, line, column, 1)
    symbol = around[0] if around else None
    return Meant(symbol) if site is None else Meant(symbol, _told(path, language, site), _why_unknown(site))


async def imported(state: State, symbol: model.Symbol) -> model.Symbol | None:
    """The symbol of the project that an import brings in; None where it is from outside or not understood."""
    written, _ = await _sites(state, symbol.file_id, symbol.start_line, symbol.line)
    site = _imported_site(written, symbol)
    return None if site is None else await _target(state, site)


async def _sites(state: State, file: uuid.UUID, first: int, last: int) -> tuple[list[sites.Site], str]:
    """What is written on some lines of a file, in order, and the file's language."""
    blobs = await state.store.file_blobs(state.project, [file], ["sites"])
    data = blobs[file].sites if file in blobs else None
    if data is None:
        return [], ""
    packed = msgspec.msgpack.decode(data, type=sites.Packed)
    return list(_between(packed, first, last)), packed.language


def _between(packed: sites.Packed, first: int, last: int) -> Iterator[sites.Site]:
    """The sites on some lines: a long file has twenty thousand, and unpacking them all takes 25 ms."""
    rows = array("i")
    rows.frombytes(packed.sites)
    lines = rows[::_WIDTH]
    for i in range(bisect_left(lines, first), bisect_right(lines, last)):
        line, column, name, role, source, target, evidence = rows[i * _WIDTH : (i + 1) * _WIDTH]
        meant = packed.ids[16 * target : 16 * target + 16] if target >= 0 else None
        made_by = packed.ids[16 * source : 16 * source + 16]
        yield sites.Site(line, column, packed.names[name], role, made_by, meant, model.Evidence(evidence))


def _covering(written: list[sites.Site], line: int, column: int) -> sites.Site | None:
    for site in written:
        if site.line == line and site.column <= column < site.column + len(site.name.encode()):
            return site
    return None


def _imported_site(written: list[sites.Site], symbol: model.Symbol) -> sites.Site | None:
    """The name in an import's statement that means what the import brings in."""
    start, place = (symbol.start_line, symbol.start_column), (symbol.line, symbol.column)
    before = [site for site in written if site.role == model.Role.imports and start <= (site.line, site.column) <= place]
    if not before:
        return None
    nearest = before[-1]
    # `b as c` brings in b under another name; any other name before it belongs to another import of the statement.
    is_alias = re.search(rf"\bas\s+{re.escape(symbol.name)}\b", symbol.signature or "") is not None
    return nearest if (nearest.line, nearest.column) == place or is_alias else None


async def _target(state: State, site: sites.Site) -> model.Symbol | None:
    if site.target is None:
        return None
    found = await graph.symbols(state.database, state.project.id, [uuid.UUID(bytes=site.target)])
    return found[0] if found else None


def _why_unknown(site: sites.Site) -> str:
    is_external = site.evidence == model.Evidence.external
    return f"{site.name} {'means something outside of the project' if is_external else 'is not understood'}"


def _told(path: str, language: str, site: sites.Site) -> answers.Site:
    return answers.Site(
        path,
        site.line,
        site.column,
        site.name,
        model.Role(site.role).name,
        site.evidence.label,
        None if site.target is None else calibration.confidence(language, site.evidence),
    )
