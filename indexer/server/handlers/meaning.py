"""Which symbols a person means: by id, by name or the end of one, by place, by file.

    d3b0…-… (an id)          the symbol of that id
    FILE:LINE[:COLUMN]       what stands there, both from 1, the column in bytes
    a.b.C, C.m, ns::f, A#m   the symbol with that qualified name, else the only one that ends with it
    FILE                     the module that the file is

Several definitions of one qualified name in one file (overloads, branches of an `if`, an accessor with its
setter) are one thing, and all of them are returned, and so are a definition and its declarations in other files, the definition
first. A name that only imports have (`package.name` where the
package re-exports it) means what they bring in.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from indexer import errors, model
from indexer.server.handlers import items, paths, place
from indexer.server.handlers.envelope import Basis, counted, short
from indexer.server.handlers.state import State
from indexer.store import graph

#: Symbols that a name is compared with before it is called ambiguous; as many candidates are listed.
_CANDIDATES: Final = 50
_NEAR: Final = 5
#: No qualified name has more parts. Each end of a name that is asked for can be a name by itself, so the number of ends
#: must be bounded: 30,000 parts would be a gigabyte of them.
_MOST_PARTS: Final = 100
#: The longest name that each way to match is good for: what is longer is no name that somebody misspelt, and comparing
#: it costs seconds.
_LONGEST: Final[Mapping[graph.Stage, int]] = {"exact": 65_536, "style": 1_000, "prefix": 1_000, "words": 500, "fuzzy": 100}
_PLACE: Final = re.compile(r"(?P<path>.+?):(?P<line>\d{1,9})(?::(?P<column>\d{1,9}))?", re.DOTALL)
_LAST_NAME: Final = re.compile(r"[^.:#\\/]+$")
_SEPARATORS: Final = re.compile(r"[.:#\\/]+")
_LIKENESSES: Final[tuple[graph.Stage, ...]] = ("style", "prefix", "words", "fuzzy")
ALL_STAGES: Final[tuple[graph.Stage, ...]] = (*graph.STAGES, "fuzzy")


async def symbols_of(state: State, basis: Basis, text: str, field: str = "symbol") -> tuple[model.Symbol, ...]:
    """The definitions that `text` means, at least one.

    Raises NotFound with names that are alike, Ambiguous with the candidates, InvalidRequest for a place that
    cannot be in the project.
    """
    if (by_id := _uuid(text)) is not None:
        return await _by_id(state, by_id)
    at = _PLACE.fullmatch(text)
    reason = None
    if at is not None:
        line, column = int(at["line"]), int(at["column"]) if at["column"] else None
        if line == 0 or column == 0:
            raise errors.InvalidRequest(f"{text}: lines and columns count from 1.", field)
        path = paths.known(state, at["path"], field)
        if path in state.line.files:
            return await _with_declarations(state, await _at(state, basis, path, line, column))
        reason = await paths.why_nothing(state, basis, path)
    found = await graph.named(state.database, state.project.id, text, _CANDIDATES) if _is_name(text) else []
    if found and found[0].kind == "import":
        found = await _brought_in(state, text, found)
    if not found:
        found = await _module(state, text)
    if not found:
        raise errors.NotFound(reason or await _not_found(state, basis, text))
    if len(found) > 1:
        found = await _one_of(state, text, found)
    return tuple(found)


async def find(
    state: State,
    text: str,
    stages: Sequence[graph.Stage],
    only: graph.Filter = graph.EVERYTHING,
    page: graph.Page = graph.FIRST_PAGE,
) -> graph.Found:
    """The symbols that go by a name in the first of these ways that finds some; ways that are of no use are left out."""
    useful = [stage for stage in stages if len(text) <= _LONGEST[stage]]
    if not useful or not _is_name(text):
        return graph.Found(None, (), 0)
    useful = await state.search.names.useful(text, useful)
    found = await graph.find(state.database, state.project.id, text, only=only, page=page, stages=useful)
    if not found.total and "fuzzy" in useful and (names := await state.search.names.alike(text)):
        return await graph.spelt(state.database, state.project.id, names, only=only, page=page)
    return found


async def alike(state: State, text: str) -> list[str]:
    """Qualified names of symbols that are called alike, the most alike first."""
    text = text.strip()
    last = _LAST_NAME.search(text)
    # A wrong qualifier is as likely as a misspelt name.
    name = last[0] if last else text
    tries = [(name, _LIKENESSES)] if name == text else [(name, ALL_STAGES), (text, _LIKENESSES)]
    for wanted, stages in tries:
        found = await find(state, wanted, stages, page=graph.Page(_NEAR))
        if found.symbols:
            return list(dict.fromkeys(symbol.qualified_name for symbol in found.symbols))
    return []


async def hint(state: State, text: str) -> str | None:
    """A sentence with the names that are alike; None where there are none."""
    near = await alike(state, text)
    return f"Called alike: {', '.join(near)}." if near else None


async def _by_id(state: State, id: uuid.UUID) -> tuple[model.Symbol, ...]:
    found = await graph.symbols(state.database, state.project.id, [id])
    if not found:
        raise errors.NotFound(
            f"No symbol has the id {id}. An id lasts as long as path, qualified name and kind stay the same; look for the name."
        )
    return await _with_declarations(state, found[0])


async def _with_declarations(state: State, symbol: model.Symbol) -> tuple[model.Symbol, ...]:
    """A symbol with its declarations, or a declaration with what it declares, which comes first."""
    return tuple(await graph.occurrences(state.database, state.project.id, symbol.id))


async def _one_of(state: State, text: str, found: list[model.Symbol]) -> list[model.Symbol]:
    """Symbols that are definitions of one name in one file and its declarations anywhere, definitions first; raises Ambiguous."""
    declared = await graph.declared(state.database, state.project.id, [symbol.id for symbol in found])
    definitions = [symbol for symbol in found if symbol.id not in declared]
    defined = {symbol.qualified_name for symbol in definitions}
    declarations = [symbol for symbol in found if symbol.id in declared]
    apart = {symbol.qualified_name: symbol for symbol in declarations if symbol.qualified_name not in defined}
    if len({(symbol.path, symbol.qualified_name) for symbol in definitions}) + len(apart) > 1:
        raise _ambiguous(text, [*definitions, *apart.values()])
    return [*definitions, *declarations]


async def _at(state: State, basis: Basis, path: str, line: int, column: int | None) -> model.Symbol:
    meant = await place.meant(state, path, line, None if column is None else column - 1)
    if meant.unknown is not None and not meant.is_written_there:
        raise errors.NotFound(f"{path}:{line}:{column}: {meant.unknown}.")
    if meant.symbol is None:
        raise errors.NotFound(await paths.why_nothing_there(state, basis, path, line))
    return meant.symbol


async def _brought_in(state: State, text: str, imports: list[model.Symbol]) -> list[model.Symbol]:
    """What imports of one name bring in; the import itself where it is the only one and leads out of the project."""
    found = {target.id: target for symbol in imports if (target := await place.imported(state, symbol)) is not None}
    if found or len(imports) == 1:
        return list(found.values()) or imports
    first = imports[0]
    raise errors.NotFound(
        f"{text} is not defined in the project; {counted(len(imports), 'file')} or more import it, such as "
        f"{first.path}:{first.line}:{first.column + 1}."
    )


async def _module(state: State, text: str) -> list[model.Symbol]:
    """The module symbol of a file that is named by its path."""
    if text not in state.line.files:
        return []
    symbols = await graph.outline(state.database, state.project.id, model.file_id(state.project.id, text))
    return [symbol for symbol in symbols if symbol.container_id is None and symbol.kind == "module"][:1]


async def _not_found(state: State, basis: Basis, text: str) -> str:
    said = (f"No symbol is called {short(text)}.", await hint(state, text), *basis.remarks)
    return " ".join(sentence for sentence in said if sentence)


def _ambiguous(text: str, found: Sequence[model.Symbol]) -> errors.Ambiguous:
    number = f"{len(found)} symbols" if len(found) < _CANDIDATES else f"{_CANDIDATES} symbols or more"
    message = f"{text} can mean {number}; name one by more of its qualified name, its place or its id."
    # What stands in fewer containers is meant more often; sorted() keeps the order of paths among equals.
    ordered = sorted(found, key=lambda symbol: len(_SEPARATORS.findall(symbol.qualified_name)))
    return errors.Ambiguous(message, [items.candidate(symbol) for symbol in ordered])


def _is_name(text: str) -> bool:
    """Whether a text can be a name at all."""
    return len(_SEPARATORS.findall(text)) <= _MOST_PARTS


def _uuid(text: str) -> uuid.UUID | None:
    if len(text) != 36:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
