"""What stands at a place of a file: the symbol that a name there means, else the one that encloses it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from indexer import model
from indexer.index import sites
from indexer.protocol import answers
from indexer.server.handlers.state import State
from indexer.store import graph


@dataclass(frozen=True, slots=True)
class Meant:
    """The symbol that is meant, the name that means it where there is one, and why it is not what was asked for."""

    symbol: model.Symbol | None
    site: answers.Site | None = None
    reason: str | None = None


async def meant(state: State, path: str, line: int, column: int | None) -> Meant:
    """What a place in a file of the index means; `column` counts bytes from 0, None stands for the whole line."""
    file = model.file_id(state.project.id, path)
    found = None if column is None else await _site(state, file, line, column)
    if found is not None and found.target is not None:
        symbols = await graph.symbols(state.database, state.project.id, [uuid.UUID(bytes=found.target)])
        if symbols:
            return Meant(symbols[0], _told(path, symbols[0].language, found))
    around = await graph.at(state.database, state.project.id, file, line, column, 1)
    symbol = around[0] if around else None
    if found is None or (symbol is not None and (symbol.line, symbol.column) == (line, found.column)):
        return Meant(symbol)
    is_external = found.evidence == model.Evidence.external
    why = "means something outside of the project" if is_external else "is not understood"
    shown = "" if symbol is None else "; shown is what it is written in"
    language = "" if symbol is None else symbol.language
    return Meant(symbol, _told(path, language, found), f"{found.name} {why}{shown}.")


async def _site(state: State, file: uuid.UUID, line: int, column: int) -> sites.Site | None:
    blobs = await state.store.file_blobs(state.project, [file], ["sites"])
    packed = blobs[file].sites if file in blobs else None
    if packed is None:
        return None
    for site in sites.unpack(packed)[0]:
        if site.line == line and site.column <= column < site.column + len(site.name.encode()):
            return site
    return None


def _told(path: str, language: str, site: sites.Site) -> answers.Site:
    is_sure = site.target is not None
    return answers.Site(
        path,
        site.line,
        site.column,
        site.name,
        model.Role(site.role).name,
        site.evidence.label,
        sites.confidence(language, site.evidence) if is_sure else None,
    )
