"""graph.refs, graph.callers, graph.callees, graph.impact, graph.path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from indexer import model
from indexer.protocol import answers, methods
from indexer.server.handlers import changes, items, meaning, mentions, relations
from indexer.server.handlers.envelope import Basis, begin, counted, cut, page
from indexer.server.handlers.state import State
from indexer.server.listen import Context, Handler
from indexer.store import graph

_CALLS: Final = ("calls",)


def handlers(state: State) -> Mapping[str, Handler]:
    """A handler for each method of graph."""

    async def refs(params: methods.graph.Refs, context: Context) -> answers.Answer:
        return await relations.answer(state, params, context, relations.INCOMING, model.RELATIONSHIP_TYPES)

    async def callers(params: methods.graph.Callers, context: Context) -> answers.Answer:
        return await relations.answer(state, params, context, relations.INCOMING, _CALLS)

    async def callees(params: methods.graph.Callees, context: Context) -> answers.Answer:
        return await relations.answer(state, params, context, relations.OUTGOING, _CALLS)

    async def impact(params: methods.graph.Impact, context: Context) -> answers.Answer:
        basis = await begin(state, params.sync, context)
        if params.symbol is not None:
            starts = await meaning.symbols_of(state, basis, params.symbol)
            state.context.note_symbols((symbol.qualified_name, symbol.path, symbol.line) for symbol in starts)
            return await _impact(state, basis, params, starts, None)
        touched = await changes.since(state, params.diff or "HEAD")
        return await _impact(state, basis, params, touched.symbols, touched.note)

    async def path(params: methods.graph.Path, context: Context) -> answers.Answer:
        basis = await begin(state, params.sync, context)
        source = (await meaning.symbols_of(state, basis, params.source, "source"))[0]
        target = (await meaning.symbols_of(state, basis, params.target, "target"))[0]
        steps = await graph.path(state.database, state.project.id, source.id, target.id, most_steps=params.max_depth)
        said = None if steps else await _why_no_way(state, source, target, params.max_depth)
        return basis.answer([items.step(step) for step in steps or ()], len(steps or ()), said)

    return {
        "graph.refs": refs,
        "graph.callers": callers,
        "graph.callees": callees,
        "graph.impact": impact,
        "graph.path": path,
    }


async def _impact(
    state: State, basis: Basis, params: methods.graph.Impact, starts: Sequence[model.Symbol], note: str | None
) -> answers.Answer:
    if not starts:
        return basis.answer([], 0, note)
    ids = [symbol.id for symbol in starts]
    found = await graph.impact(
        state.database,
        state.project.id,
        ids,
        depth=params.depth,
        least_confidence=params.min_confidence,
        page=page(params.limit),
        limit=graph.IMPACT_LIMIT if params.limit else relations.MOST_OF_ALL,
    )
    rows = items.reached(found, starts)
    if not found.total:
        said = await relations.why_none(state, starts, "incoming", model.RELATIONSHIP_TYPES, params.min_confidence)
    elif found.is_cut:
        said = f"It reaches further: looking stopped after {counted(found.total, 'symbol')}; a limit of 0 gives all."
    else:
        said = None
    if found.n_possible:
        maybe = f"{counted(found.n_possible, 'symbol')} of them only possibly: by calls of what is overridden."
    else:
        maybe = None
    told = await mentions.about(state, [*starts, *(row.symbol for row in rows)])
    return basis.answer(rows, found.total, note, said, cut(len(rows), found.total), maybe, **told)


async def _why_no_way(state: State, source: model.Symbol, target: model.Symbol, most: int) -> str:
    if source.id == target.id:
        return "Both ends are the same symbol."
    said = f"No way of at most {counted(most, 'step')} leads from {source.qualified_name} to {target.qualified_name}."
    back = await graph.path(state.database, state.project.id, target.id, source.id, most_steps=most)
    return f"{said} The other way round there is one of {counted(len(back), 'step')}." if back else said
