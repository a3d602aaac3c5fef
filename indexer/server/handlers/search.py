"""search.all, search.text, search.context."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from indexer import errors, model
from indexer.memory import checks, grep, pack
from indexer.memory.found import Hit
from indexer.memory.search import CodeFilter, Found, Question
from indexer.protocol import answers, methods
from indexer.server.handlers import filters, items, meaning, memories, remembered
from indexer.server.handlers.envelope import Basis, begin, counted, cut, page
from indexer.server.handlers.state import State
from indexer.server.listen import Context, Handler
from indexer.store import graph, searching, vaults
from indexer.store.anchors import Anchor
from indexer.store.memories import Memory

#: Tokens of a context's envelope: its note is a sentence or two.
_ENVELOPE_TOKENS: Final = 150
#: Matches whose symbols are asked for at once.
_ENCLOSED: Final = 2000
#: Results of a search that a context begins with, and the share of the best one's score that they must have.
_N_STARTS: Final = 8
_WORTH: Final = 0.4


def handlers(state: State) -> Mapping[str, Handler]:
    """A handler for each method of search."""

    async def everything(params: methods.search.All, context: Context) -> answers.Answer:
        question = await _question(state, params)
        basis = await begin(state, params.sync, context)
        started = time.monotonic()
        found = await state.search.ask(question)
        memories.note_uses(state, found, params.query, time.monotonic() - started)
        shown = await _items(state, question, found)
        return basis.answer(shown, found.total, *found.notes, _why_none(found, params))

    async def text(params: methods.search.Text, context: Context) -> answers.Answer:
        expression = grep.compiled(params.pattern, params.regex, params.ignore_case)
        kinds = filters.kinds(params.kind)
        filters.spoken(params.language)
        glob = filters.glob(state, params.path)
        basis = await begin(state, params.sync, context)
        paths = await _paths(state, params.language, glob)
        found = await grep.search(state.project.root, paths, expression)
        matches = found.items if kinds is None else await _inside(state, found.items, kinds)
        part = page(params.limit, params.offset)
        shown = matches[part.offset : part.offset + part.limit]
        said = [f"Counting stopped at {grep.MAX_MATCHES:,} matches."] if found.is_cut else []
        if not matches:
            said.append(f"No match in {counted(len(paths), 'file')}.")
        rows = [_text_item(match, symbol) for match, symbol in await _enclosed(state, shown)]
        return basis.answer(rows, len(matches), *said, cut(len(rows), len(matches), part.offset))

    async def context_of(params: methods.search.Context, context: Context) -> answers.ContextAnswer:
        basis = await begin(state, params.sync, context)
        starts, found, said = await _about(state, basis, params)
        result = await pack.packed(
            state.database, state.project.id, state.search.vault, starts, found, params.budget - _ENVELOPE_TOKENS, _size
        )
        rows = [_context_item(piece) for piece in result.pieces]
        notes = [*said, result.note, None if rows else "Nothing is known about this."]
        answer = basis.answer(rows, len(rows) + result.n_left_out, *notes)
        return answers.ContextAnswer(
            answer.items, answer.total, answer.omitted, answer.note, answer.index, budget=params.budget,
            tokens=result.tokens + _ENVELOPE_TOKENS,
        )  # fmt: skip

    return {"search.all": everything, "search.text": text, "search.context": context_of}


async def _about(
    state: State, basis: Basis, params: methods.search.Context
) -> tuple[list[pack.Start], list[Memory], list[str]]:
    """The symbols and memories that the text names, or else that a search finds; and what has to be said about that."""
    text = params.about.strip()
    if not text:
        raise errors.InvalidRequest("Name a symbol, or say what you want to know about.", "about")
    meant: list[pack.Start] = []
    if len(text.split()) == 1:
        try:
            meant = [pack.Start(symbol, 1.0) for symbol in await meaning.symbols_of(state, basis, text, "about")]
        except errors.Ambiguous:
            raise
        except errors.NotFound:
            meant = []
    code_filter = None if meant else CodeFilter()
    asked = " ".join(start.symbol.qualified_name for start in meant) or text
    found = await state.search.ask(Question(asked, code=code_filter, limit=_N_STARTS, is_synced=params.sync))
    best = max((hit.score for hit in found.hits), default=0.0)
    near = [hit for hit in found.hits if hit.score >= best * _WORTH]
    starts = meant or [pack.Start(hit.symbol, max(hit.score, 0.01)) for hit in near if hit.symbol is not None]
    return starts, [hit.memory for hit in near if hit.memory is not None], list(found.notes)


def _context_item(piece: pack.Piece) -> answers.ContextItem:
    return answers.ContextItem(piece.part, piece.name, piece.place, piece.text)


def _size(piece: pack.Piece) -> int:
    """The bytes of a piece in the answer, with the comma behind it."""
    return len(msgspec.json.encode(_context_item(piece))) + 1


async def _question(state: State, params: methods.search.All) -> Question:
    """What is asked, checked. Raises InvalidRequest naming the field."""
    if not params.query.strip():
        raise errors.InvalidRequest("The query is empty; say what you look for.", "query")
    if not (params.code or params.memories):
        raise errors.InvalidRequest("Search the code, the memories or both.", "code")
    if params.since is not None and params.until is not None and params.since >= params.until:
        raise errors.InvalidRequest("since must lie before until.", "since")
    code_filter = CodeFilter(filters.kinds(params.kind), filters.spoken(params.language), filters.glob(state, params.path))
    memory_filter = searching.MemoryFilter(
        None if params.context is None else (checks.context(params.context),),
        None if params.tier is None else (checks.tier(params.tier),),
        None if params.tags is None else checks.tags(params.tags),
        params.min_importance,
        params.since,
        params.until,
    )
    return Question(
        params.query,
        code_filter if params.code else None,
        memory_filter if params.memories else None,
        params.limit,
        params.sync,
        None if params.vault is None else await _vault(state, params.vault),
        params.by,
    )


async def _vault(state: State, text: str) -> uuid.UUID:
    """The vault of a name or an id. Raises NotFound."""
    with contextlib.suppress(ValueError):
        return (await vaults.get(state.database, uuid.UUID(text))).id
    return (await vaults.get(state.database, text)).id


def _why_none(found: Found, params: methods.search.All) -> str | None:
    if not found.total:
        where = "code and memories" if params.code and params.memories else "the code" if params.code else "memories"
        by_code = any((params.kind, params.language, params.path))
        by_memory = any((params.context, params.tier, params.tags, params.min_importance, params.since, params.until))
        narrowed = by_code or by_memory
        return f"Nothing in {where} has words of the query{' under these filters' if narrowed else ''}."
    if found.total > len(found.hits):
        return f"The best {len(found.hits):,} of {found.total:,} that were ranked."
    return None


async def _items(state: State, question: Question, found: Found) -> list[answers.SearchItem]:
    vault = state.vault if question.vault in (None, state.vault.id) else await vaults.get(state.database, question.vault)
    known = [hit.memory.id for hit in found.hits if hit.memory is not None]
    tied = await state.anchoring.of_memories(vault.id, known) if known else {}
    return [_item(vault.name, hit, tied) for hit in found.hits]


def _item(vault: str, hit: Hit, tied: Mapping[uuid.UUID, Sequence[Anchor]]) -> answers.SearchItem:
    if hit.symbol is not None:
        return answers.SearchItem("symbol", hit.score, list(hit.why), symbol=items.symbol(hit.symbol))
    assert hit.memory is not None
    memory = remembered.found(hit.memory, vault, tied.get(hit.memory.id, ()))
    return answers.SearchItem("memory", hit.score, list(hit.why), memory=memory)


async def _paths(state: State, language: str | None, glob: str | None) -> list[str]:
    """The files of the index that pass the filters."""
    known = state.line.files
    if glob is not None:
        passing = await searching.paths_like(state.database, state.project.id, glob)
    else:
        passing = sorted(known)
    return [path for path in passing if path in known and (language is None or known[path].language == language)]


async def _inside(state: State, matches: Sequence[grep.Match], kinds: Sequence[str]) -> list[grep.Match]:
    """The matches whose enclosing symbol is of one of these kinds or types."""
    inside: list[grep.Match] = []
    for start in range(0, len(matches), _ENCLOSED):
        part = matches[start : start + _ENCLOSED]
        passing = await graph.enclosed(state.database, state.project.id, _places(state, part), kinds)
        inside += [match for number, match in enumerate(part) if number in passing]
    return inside


async def _enclosed(state: State, matches: Sequence[grep.Match]) -> list[tuple[grep.Match, model.Symbol | None]]:
    """Each match with the smallest symbol around it."""
    around: list[model.Symbol | None] = []
    for start in range(0, len(matches), _ENCLOSED):
        around += await graph.enclosing(state.database, state.project.id, _places(state, matches[start : start + _ENCLOSED]))
    return list(zip(matches, around, strict=True))


def _places(state: State, matches: Sequence[grep.Match]) -> list[tuple[uuid.UUID, int]]:
    files = {path: model.file_id(state.project.id, path) for path in {match.path for match in matches}}
    return [(files[match.path], match.line) for match in matches]


def _text_item(match: grep.Match, symbol: model.Symbol | None) -> answers.SearchItem:
    inside = None if symbol is None else items.symbol(symbol)
    text = answers.FoundText(match.path, match.line, match.column, match.end_column, match.text, inside)
    return answers.SearchItem("text", 1.0, ["contains the pattern"], text=text)
