"""symbols.find, symbols.show, symbols.outline, symbols.at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from indexer import model
from indexer.protocol import answers, methods
from indexer.server.handlers import filters, items, meaning, mentions, paths, place
from indexer.server.handlers.envelope import Basis, begin, counted, cut, page, short
from indexer.server.handlers.state import State
from indexer.server.listen import Context, Handler
from indexer.store import graph, summary

_FUZZY: Final[tuple[graph.Stage, ...]] = ("fuzzy",)
#: What a symbol has in common with the name that was looked for, where it is not the name itself.
_LIKENESS: Final[Mapping[str | None, str]] = {
    "style": "these are written in another style",
    "prefix": "these begin with it",
    "words": "these contain its words",
    "fuzzy": "these are spelt alike",
}


def handlers(state: State) -> Mapping[str, Handler]:
    """A handler for each method of symbols."""

    async def find(params: methods.symbols.Find, context: Context) -> answers.Answer:
        only = graph.Filter(filters.kinds(params.kind), filters.spoken(params.language), filters.glob(state, params.path))
        basis = await begin(state, params.sync, context)
        found = await meaning.find(state, params.name, _stages(params), only, page(params.limit, params.offset))
        likeness = None if params.fuzzy else _LIKENESS.get(found.stage)
        said = f"Nothing is called {params.name} exactly; {likeness}." if likeness else None
        if not found.total:
            said = await _why_not_found(state, params, only)
        rows = [items.symbol(symbol) for symbol in found.symbols]
        return basis.answer(rows, found.total, said, cut(len(rows), found.total, params.offset))

    async def show(params: methods.symbols.Show, context: Context) -> answers.Answer:
        basis = await begin(state, params.sync, context)
        found = await meaning.symbols_of(state, basis, params.symbol)
        rows = [await _shown(state, symbol) for symbol in found]
        said = f"{len(rows)} definitions of one name." if len(rows) > 1 else None
        state.context.note_symbols((symbol.qualified_name, symbol.path, symbol.line) for symbol in found)
        return basis.answer(rows, len(rows), said, **await mentions.about(state, found))

    async def outline(params: methods.symbols.Outline, context: Context) -> answers.Answer:
        basis = await begin(state, params.sync, context)
        path = paths.known(state, params.path, "path")
        found = await graph.outline(state.database, state.project.id, model.file_id(state.project.id, path))
        said = await paths.problem(state, path) if found else await paths.why_nothing(state, basis, path)
        state.context.note_file(path)
        rows = [items.symbol(symbol) for symbol in found]
        return basis.answer(rows, len(rows), said, **await mentions.about(state, found, file=path))

    async def at(params: methods.symbols.At, context: Context) -> answers.Answer:
        basis = await begin(state, params.sync, context)
        path = paths.known(state, params.path, "path")
        if path not in state.line.files:
            return basis.answer([], 0, await paths.why_nothing(state, basis, path))
        return await _at(state, basis, path, params)

    return {"symbols.find": find, "symbols.show": show, "symbols.outline": outline, "symbols.at": at}


async def _at(state: State, basis: Basis, path: str, params: methods.symbols.At) -> answers.Answer:
    meant = await place.meant(state, path, params.line, params.column)
    more = {} if meant.site is None else {"site": meant.site}
    state.context.note_file(path, params.line)
    if meant.symbol is None:
        said = meant.note or await paths.why_nothing_there(state, basis, path, params.line)
        return basis.answer([], 0, said, **more)
    told = await mentions.about(state, [meant.symbol])
    return basis.answer([items.symbol(meant.symbol)], 1, meant.note, **more, **told)


async def _shown(state: State, symbol: model.Symbol) -> answers.ShownSymbol:
    texts = await graph.texts(state.database, state.project.id, symbol.id)
    counts = await summary.counts_of(state.database, state.project.id, [symbol.id])
    return items.shown(symbol, texts, counts)


def _stages(params: methods.symbols.Find) -> tuple[graph.Stage, ...]:
    if params.fuzzy is None:
        return meaning.ALL_STAGES
    return _FUZZY if params.fuzzy else graph.STAGES


def _asked(params: methods.symbols.Find) -> str:
    """The filters of a find: 'of kind class in docs/'."""
    said = (("of kind", params.kind), ("in language", params.language), ("in", params.path))
    return " ".join(f"{word} {value}" for word, value in said if value is not None)


async def _why_not_found(state: State, params: methods.symbols.Find, only: graph.Filter) -> str:
    """Why a find is empty: no such name, or none that passes the filters."""
    if only != graph.EVERYTHING:
        anywhere = await meaning.find(state, params.name, _stages(params), page=graph.Page(0))
        if anywhere.total:
            return f"{counted(anywhere.total, 'symbol')} found, but none {_asked(params)}."
    near = await meaning.hint(state, params.name) if params.fuzzy is False else None
    return " ".join(sentence for sentence in (f"Nothing is called {short(params.name)}.", near) if sentence)
