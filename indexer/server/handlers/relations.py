"""Relationships of a symbol with their sites, one step or several away."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from indexer import model
from indexer.protocol import answers, methods
from indexer.server.handlers import items, meaning, mentions
from indexer.server.handlers.envelope import ALL, begin, counted, cut, page
from indexer.server.handlers.state import State
from indexer.server.listen import Context
from indexer.store import graph, summary

#: Relationships that are followed over several steps before that stops and the note says so; where all are
#: asked for, this bounds the memory of the daemon.
MOST: Final = 5_000
MOST_OF_ALL: Final = 200_000

#: Names that a note lists.
_FEW: Final = 3

Read = Callable[..., Coroutine[Any, Any, graph.Relations]]
Params = methods.graph.Refs | methods.graph.Callers | methods.graph.Callees


@dataclass(frozen=True, slots=True)
class Direction:
    """Which end of a relationship is asked from, and how the store is asked."""

    name: Literal["incoming", "outgoing"]
    read: Read


INCOMING: Final = Direction("incoming", graph.incoming)
OUTGOING: Final = Direction("outgoing", graph.outgoing)


@dataclass(frozen=True, slots=True)
class _Found:
    items: list[answers.Related]
    total: int
    sites_total: int
    is_cut: bool = False


async def answer(state: State, params: Params, context: Context, direction: Direction, types: Sequence[str]) -> answers.Answer:
    """The answer to refs, callers or callees; `types` are those meant where the request names no role."""
    basis = await begin(state, params.sync, context)
    starts = await meaning.symbols_of(state, basis, params.symbol)
    types = types if params.role is None else (params.role,)
    is_simple = params.depth == 1 and len(starts) == 1
    found = await (_direct if is_simple else _followed)(state, params, direction, types, starts)
    reasons = [cut(len(found.items), found.total, params.offset)]
    if found.is_cut:
        reasons.append("Following stopped there; a smaller depth is answered in full.")
    if not found.total:
        reasons = [await why_none(state, starts, direction.name, types, params.min_confidence)]
    elif direction.name == "incoming" and any(symbol.kind in _OVERRIDING for symbol in starts):
        reasons.append(await _further_callers(state, starts))
    state.context.note_symbols((symbol.qualified_name, symbol.path, symbol.line) for symbol in starts)
    told = await mentions.about(state, [*starts, *(item.symbol for item in found.items)])
    return basis.answer(found.items, found.total, *reasons, sites_total=found.sites_total, **told)


async def _direct(
    state: State, params: Params, direction: Direction, types: Sequence[str], starts: Sequence[model.Symbol]
) -> _Found:
    """What is related to one symbol, page by page."""
    ids = [symbol.id for symbol in starts]
    wanted = page(params.limit, params.offset)
    found = await direction.read(state.database, state.project.id, ids, types, least_confidence=params.min_confidence, page=wanted)
    return _Found([items.related(each) for each in found.items], found.total, found.sites_total)


async def _followed(
    state: State, params: Params, direction: Direction, types: Sequence[str], starts: Sequence[model.Symbol]
) -> _Found:
    """What is related to several symbols, or over several steps: level by level, each symbol at its nearest."""
    most = MOST if params.limit else MOST_OF_ALL
    seen = {symbol.id for symbol in starts}
    frontier = list(seen)
    rows: list[answers.Related] = []
    is_cut = False
    for distance in range(1, params.depth + 1):
        found = await direction.read(
            state.database, state.project.id, frontier, types, least_confidence=params.min_confidence,
            page=graph.Page(most - len(rows)),
        )  # fmt: skip
        # A symbol that is related to itself or to another start is an answer, but only to the first step.
        level = _merged(each for each in found.items if distance == 1 or each.symbol.id not in seen)
        rows += [msgspec.structs.replace(row, distance=distance) for row in level] if params.depth > 1 else level
        frontier = list(dict.fromkeys(row.symbol.id for row in level if row.symbol.id not in seen))
        seen.update(frontier)
        is_cut = len(found.items) < found.total or (len(rows) >= most and bool(frontier))
        if not frontier or is_cut:
            break
    start = params.offset
    shown = rows[start : start + (params.limit or ALL)]
    return _Found(shown, len(rows), sum(len(row.sites) for row in rows), is_cut)


def _merged(found: Any) -> list[answers.Related]:
    """One item for each symbol and type: relationships with several symbols of a level are one answer."""
    by_key: dict[tuple[uuid.UUID, str], answers.Related] = {}
    for each in found:
        row = items.related(each)
        key = row.symbol.id, row.relationship_type
        if key in by_key:
            first = by_key[key]
            best = max(first, row, key=lambda one: one.confidence)
            places = sorted({*first.sites, *row.sites}, key=lambda site: (site.path, site.line, site.column))
            row = msgspec.structs.replace(best, sites=places)
        by_key[key] = row
    return list(by_key.values())


_DONE_BY: Final = {
    ("incoming", "calls"): "Nothing calls {name}",
    ("outgoing", "calls"): "{name} calls nothing of the project",
}
#: Kinds of symbols that may be called by what they override.
_OVERRIDING: Final = frozenset({"method", "accessor"})
_OTHERWISE: Final = {
    "incoming": "Nothing refers to {name}",
    "outgoing": "{name} refers to nothing of the project",
}


async def why_none(
    state: State, starts: Sequence[model.Symbol], direction: str, types: Sequence[str], least_confidence: float
) -> str:
    """Why symbols that exist have no relationships of these types, and what they have instead."""
    name = starts[0].qualified_name
    counts = (await summary.counts_of(state.database, state.project.id, [symbol.id for symbol in starts]))[direction]
    unsure = sum(counts.get(kind, 0) for kind in types)
    if unsure:
        return f"{name} has {counted(unsure, 'relationship')}, each less sure than {least_confidence:g}."
    said = _sentence(name, direction, types)
    if counts:
        others = ", ".join(f"{number:,} {kind}" for kind, number in counts.items())
        said += f" Other relationships: {others}."
    if direction == "incoming" and starts[0].kind == "constructor":
        said += f" A call of its class is not listed here; ask for {name.rpartition('.')[0] or 'the class'}."
    if direction == "incoming" and (bases := await _overridden(state, starts)):
        said += f" It overrides {', '.join(bases)}, whose callers can reach it too."
    return said


async def _further_callers(state: State, starts: Sequence[model.Symbol]) -> str | None:
    """That calls of what a method overrides may reach it as well; None where it overrides nothing."""
    bases = await _overridden(state, starts)
    return f"It overrides {', '.join(bases)}, whose callers can reach it too; impact lists them apart." if bases else None


async def _overridden(state: State, symbols: Sequence[model.Symbol]) -> list[str]:
    """The definitions that some override, by qualified name."""
    ids = [symbol.id for symbol in symbols]
    found = await graph.outgoing(state.database, state.project.id, ids, ("overrides",), page=graph.Page(_FEW))
    return [each.symbol.qualified_name for each in found.items]


def _sentence(name: str, direction: str, types: Sequence[str]) -> str:
    if len(types) == 1 and (direction, types[0]) in _DONE_BY:
        return _DONE_BY[direction, types[0]].format(name=name) + "."
    kinds = f" ({types[0]})" if len(types) == 1 else ""
    return _OTHERWISE[direction].format(name=name) + kinds + "."
