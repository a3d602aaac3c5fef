"""One search over code and memories: by name, by words and by meaning at once, fused into one list that says why.

The daemon's part of search that lasts: text indexes, vectors, the embedder and the loops that keep them up to date. A question is
answered by words alone, and the answer says so, while the embedder loads or is away.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeVar

from indexer import embed, errors, model
from indexer.embed import texts
from indexer.memory import fill, follow, found, lexical, rank, spelling, words
from indexer.store import connect, embeddings, graph, memories, rows, searching
from indexer.store.memories import Memory

logger = logging.getLogger(__name__)

R = TypeVar("R")
By = Literal["both", "words", "meaning"]

#: Seconds that a question waits for its vector: when the embedder is ready, and when it has yet to start.
_EMBED_SECONDS: Final = 2.0
_START_SECONDS: Final = 0.05
_KEPT_QUESTIONS: Final = 256
#: Seconds that a question waits for what was stored before it; longer where the caller asks to see everything.
_FRESH_SECONDS: Final = 1.0
_SYNC_SECONDS: Final = 30.0
#: Seconds between two looks which model the database's vectors are of: anybody may change it.
_LOOK: Final = 30.0
#: Symbols whose rows are read for each result that is asked for, and at least: tests fall behind, names come before.
_READ: Final = 2
_MIN_READ: Final = 40
#: Memories that are read beyond the limit.
_EQUALS: Final = 10
#: Names in a question that are looked up as such.
_NAMES: Final = 3
_NAMED_SYMBOLS: Final = 20
#: Words of a question that together may be one name: 'prefetch related objects'.
_PHRASE: Final = range(2, 6)


#: What stands between the parts of a qualified name.
_BETWEEN_NAMES: Final = ".:#\\/"

_ANY_MEMORY: Final = searching.MemoryFilter()


@dataclass(frozen=True, slots=True)
class CodeFilter:
    """Which symbols; None lets all pass. `kinds` may name types, `path` is a glob as in graph.Filter."""

    kinds: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for. A filter of None leaves that kind of result out; `by` says which of the two lists are made."""

    text: str
    code: CodeFilter | None = CodeFilter()
    memories: searching.MemoryFilter | None = _ANY_MEMORY
    limit: int = 20
    is_synced: bool = False
    #: Whose memories; None is the project's own vault.
    vault: uuid.UUID | None = None
    by: By = "both"


@dataclass(frozen=True, slots=True)
class _Meant:
    """A question's vector, or None and why."""

    vector: Sequence[float] | None = None
    said: tuple[str, ...] = ()


_NOTHING_MEANT: Final = _Meant()


@dataclass(frozen=True, slots=True)
class Found:
    """The best results, how many were ranked, and what has to be said about them."""

    hits: tuple[found.Hit, ...]
    total: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """How search is."""

    n_symbols: int
    n_memories: int
    is_building: bool
    n_vectors: int
    n_vectors_pending: int
    n_memory_vectors_pending: int
    embedder: str
    embedder_state: str
    problems: tuple[str, ...]


class Search:
    """Search over one project's code and one vault's memories. `run` it; the rest may be called meanwhile."""

    def __init__(
        self,
        database: connect.Database,
        project: model.Project,
        vault: uuid.UUID,
        embedder: embed.Embedder,
        folder: Path,
        is_busy: Callable[[], bool] = lambda: False,
    ) -> None:
        self.vault = vault
        self._database = database
        self._project = project
        self._embedder = embedder
        self._is_busy = is_busy
        self.symbols = follow.Symbols(database, project, lexical.Lexical(folder / "symbols", words.SYMBOLS))
        self.memories = follow.Memories(database, vault, lexical.Lexical(folder / "memories", words.MEMORIES))
        self.names = spelling.Names(database, project.id)
        self._others = follow.Others(database, folder / "vaults")
        self._fill: fill.Fill | None = None
        self._refused: str | None = None
        self._look_again = asyncio.Event()
        self._questions: OrderedDict[str, Sequence[float]] = OrderedDict()
        self._asked: dict[str, asyncio.Task[Sequence[float]]] = {}

    async def run(self) -> None:
        """Works until it is cancelled; then the embedder is closed."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.symbols.run(), name="symbols by words")
                group.create_task(self.memories.run(), name="memories by words")
                group.create_task(self._run_fill(), name="vectors")
        finally:
            self._others.close()
            await self._embedder.close()

    def note_commit(self, generation: model.Generation, paths: Iterable[str], names: Collection[str] | None) -> None:
        """A commit of the index changed these files, whose symbols have these names; None where all may be others."""
        self.symbols.note(generation, paths)
        self.names.note(names)

    def note_recovery(self) -> None:
        """The database was away and may have lost its last commits: everything is made anew from it."""
        self.names.forget()
        for follower in (self.symbols, self.memories, *self._others.followers):
            follower.broken()

    def hear(self, payload: str) -> None:
        """Takes a notification of the channel 'memories'."""
        for follower in (self.memories, *self._others.followers):
            follower.hear(payload)

    def status(self) -> Status:
        """How it is, at once."""
        vectors, filling = self.symbols.vectors, self._fill
        state = self._embedder.state
        problems = (
            self.symbols.problem, self.memories.problem, self._refused, state.error,
            filling.progress.problem if filling is not None else None,
            f"{vectors.n_left_out:,} symbols are too many to compare." if vectors is not None and vectors.n_left_out else None,
        )  # fmt: skip
        return Status(
            self.symbols.index.n_documents,
            self.memories.index.n_documents,
            self.symbols.is_building or self.memories.is_building,
            0 if vectors is None else vectors.n_filled,
            0 if vectors is None else vectors.n_pending,
            0 if filling is None else filling.progress.n_memories_pending,
            self._embedder.model,
            state.name,
            tuple(dict.fromkeys(problem for problem in problems if problem)),
        )

    async def ask(self, question: Question) -> Found:
        """The best results for a question. Raises InvalidRequest for an empty one."""
        if not question.text.strip():
            raise errors.InvalidRequest("The query is empty; say what you look for.", "query")
        query = words.query_of(question.text)
        notes = [query.note] if query.note else []
        if not query.words:
            notes.append("The query has no letters or digits; search.text finds characters as they stand.")
        # To embed a question takes as long as all the rest, which goes on meanwhile.
        meant = asyncio.create_task(self._vector(query, question.by))
        try:
            if question.by == "meaning" and (await meant).vector is not None:
                query = words.Query(query.text, (), is_action=query.is_action)
            followed = self.memories if question.vault in (None, self.vault) else self._others.of(question.vault)
            parts = []
            if question.code is not None:
                parts.append(self._code(question, question.code, query, meant))
            if question.memories is not None:
                parts.append(self._memories(question, question.memories, followed, query, meant))
            sides = await asyncio.gather(*parts)
            notes += (await meant).said
        finally:
            meant.cancel()
        notes += [note for _, said in sides for note in said]
        # It may have been found broken on the way.
        notes += [self._behind(*each) for each in (("symbols", self.symbols), ("memories", followed)) if each[1].is_building]
        hits = found.merged([side for side, _ in sides], question.limit)
        return Found(tuple(hits), sum(side.total for side, _ in sides), tuple(dict.fromkeys(notes)))

    async def adopt_embedder(self) -> embeddings.Model:
        """Makes this daemon's embedder the database's; vectors of another model are made anew. Raises Conflict without one."""
        embedder = self._embedder
        if embedder.dimensions is None:
            raise errors.Conflict("No embedder is configured: set embedder.kind to local or openai first.")
        adopted = await embeddings.use(self._database, embedder.kind, embedder.model, embedder.dimensions)
        self._look_again.set()
        return adopted

    # -- the vectors' side ---------------------------------------------------------------------------------------------

    async def _run_fill(self) -> None:
        """Agrees with the database on the model, and fills in vectors for as long as they agree; over and over."""
        embedder = self._embedder
        while embedder.dimensions is not None:
            self._look_again.clear()
            try:
                current = await embeddings.check(self._database, embedder.kind, embedder.model, embedder.dimensions)
                self._refused = None
                await self._fill_with(current)
            except errors.IndexerError as problem:
                self._refused = str(problem)
                await self._pause()

    async def _fill_with(self, current: embeddings.Model) -> None:
        """Fills in vectors until the database's model is another one."""
        self.symbols.use(current.id, current.dimensions)
        self._fill = fill.Fill(self._database, self._project.id, self._embedder, current, self.symbols, self._is_busy)
        self.symbols.on_caught_up = self.memories.on_caught_up = self._fill.wake
        filling = asyncio.create_task(self._fill.run(), name="filling in vectors")
        try:
            while (await embeddings.current(self._database)).id == current.id:
                await self._pause()
        finally:
            filling.cancel()
            await asyncio.wait({filling})

    async def _pause(self) -> None:
        """Until the database is to be asked again for its model."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._look_again.wait(), _LOOK)

    async def _vector(self, query: words.Query, by: By) -> _Meant:
        """The question's vector; else None and why."""
        if by == "words" or not query.words:
            return _NOTHING_MEANT
        if self._embedder.dimensions is None:
            return _Meant(None, ("By words alone: no embedder is configured.",)) if by == "meaning" else _NOTHING_MEANT
        if self._refused is not None:
            return _Meant(None, (f"By words alone: {self._refused}",))
        text = texts.query_text(query.text)
        if text in self._questions:
            self._questions.move_to_end(text)
            return _Meant(self._questions[text])
        task = self._asked.get(text)
        if task is None:
            task = self._asked[text] = asyncio.create_task(self._embedded(text))
            task.add_done_callback(lambda done: self._note_asked(text, done))
        is_ready = self._embedder.state.name == "ready"
        done, _ = await asyncio.wait({task}, timeout=_EMBED_SECONDS if is_ready else _START_SECONDS)
        if not done:
            return _Meant(None, ("By words alone: the embedder is starting.",))
        problem = task.exception()
        return _Meant(task.result()) if problem is None else _Meant(None, (f"By words alone: {problem}",))

    def _note_asked(self, text: str, done: asyncio.Task[Sequence[float]]) -> None:
        self._asked.pop(text, None)
        if not done.cancelled():
            # Nobody may be waiting any more, and asyncio complains of an exception that nobody saw.
            done.exception()

    async def _embedded(self, text: str) -> Sequence[float]:
        """Goes on when nobody waits any more, so that the next question finds the embedder ready."""
        [vector] = await self._embedder.embed([text], is_query=True)
        self._questions[text] = vector
        while len(self._questions) > _KEPT_QUESTIONS:
            self._questions.popitem(last=False)
        return vector

    async def _is_fresh(self, things: str, follower: follow.Symbols | follow.Memories, seconds: float) -> list[str]:
        """Waits until what is stored can be found; what has to be said where it cannot."""
        return [] if await follower.wait_for(seconds) else [self._behind(things, follower)]

    def _behind(self, things: str, follower: follow.Symbols | follow.Memories) -> str:
        if follower.problem:
            return f"The text index of {things} is behind: {follower.problem}"
        if follower.is_building:
            return f"The text index is being built: {follower.index.n_documents:,} {things} so far."
        return f"The text index has not taken in the last changes of {things}."

    # -- code ----------------------------------------------------------------------------------------------------------

    async def _code(
        self, question: Question, only: CodeFilter, query: words.Query, meant: Awaitable[_Meant]
    ) -> tuple[found.Side, list[str]]:
        said = await self._is_fresh("symbols", self.symbols, _SYNC_SECONDS if question.is_synced else 0.0)
        paths = None if only.path is None else set(await searching.paths_like(self._database, self._project.id, only.path))
        asked = words.asked(self.symbols.index, words.SYMBOL_WORDS, query)
        named, by_words, meaning = await asyncio.gather(
            self._named(question, query, only),
            self._by_words(self.symbols, words.SYMBOL_WEIGHTS, asked, _code_only(only, paths)),
            self._by_meaning(only, paths, meant),
        )
        vectors = self.symbols.vectors
        lacking = vectors.lacking(list(by_words)) if vectors is not None and meaning and by_words else ()
        fused = rank.fuse(by_words, meaning, lacking)
        # Rows cost more than all the rest, so only what can get to the top is read.
        promising = sorted(fused, key=lambda key: -fused[key])[: max(_MIN_READ, _READ * question.limit)]
        ids = [uuid.UUID(key) for key in dict.fromkeys((*named, *promising))]
        read = {str(id): each for id, each in (await searching.candidates(self._database, self._project.id, ids)).items()}
        scores = _code_scores(fused, named, read, query)
        order = rank.ordered(scores, lambda key: _code_tie(read[key]))[: question.limit]
        things = {key: read[key].symbol for key in order}
        best = {key: scores[key] for key in order}
        total = len(fused.keys() | named.keys())
        return found.Side(self.symbols.index, asked, by_words, meaning, best, things, total, named), said

    async def _by_meaning(
        self, only: CodeFilter, paths: Collection[str] | None, meant: Awaitable[_Meant]
    ) -> dict[str, float]:
        vector, vectors = (await meant).vector, self.symbols.vectors
        if vector is None or vectors is None:
            return {}
        near = await asyncio.to_thread(vectors.nearest, vector, rank.TOP, only.kinds, only.languages, paths)
        return found.keys(near)

    async def _named(self, question: Question, query: words.Query, only: CodeFilter) -> dict[str, found.Named]:
        """The symbols that the question names."""
        if question.by == "meaning" and not query.words:
            return {}
        parts = question.text.split()
        names = [part.strip("`'\"(),;?!").rstrip(".:") for part in parts[:50]]
        likely = names if len(parts) == 1 else [name for name in names if _is_name(name)]
        meant: dict[str, found.Named] = {}
        filters = graph.Filter(only.kinds, only.languages, only.path)
        if len(parts) in _PHRASE:
            likely.append("_".join(names))
        for name in dict.fromkeys(name for name in likely if name and len(name) <= 500):
            if len(meant) >= _NAMED_SYMBOLS * _NAMES:
                break
            page = graph.Page(_NAMED_SYMBOLS)
            stages = await self.names.useful(name, ("exact", "style"))
            answer = await graph.find(self._database, self._project.id, name, only=filters, page=page, stages=stages)
            worth = rank.EXACT_NAME if len(parts) == 1 and answer.stage == "exact" else rank.NAMED
            said = f"named {name}" if answer.stage == "exact" else f"named {name} in another style"
            for symbol in answer.symbols:
                if symbol.kind != "import":
                    meant.setdefault(str(symbol.id), found.Named(worth, said))
        return meant

    # -- memories ------------------------------------------------------------------------------------------------------

    async def _memories(
        self,
        question: Question,
        only: searching.MemoryFilter,
        followed: follow.Memories,
        query: words.Query,
        meant: Awaitable[_Meant],
    ) -> tuple[found.Side, list[str]]:
        said = await self._is_fresh("memories", followed, _SYNC_SECONDS if question.is_synced else _FRESH_SECONDS)
        asked = words.asked(followed.index, words.MEMORY_WORDS, query)
        by_words, meaning = await asyncio.gather(
            self._by_words(followed, words.MEMORY_WEIGHTS, asked, _memory_only(only)), self._nearest(followed.vault, only, meant)
        )
        fused = rank.fuse(by_words, meaning)
        read = await self._visible(followed.vault, sorted(fused, key=lambda key: -fused[key]), question.limit)
        scores = {key: fused[key] for key in read}
        order = rank.ordered(scores, lambda key: _memory_tie(read[key]))[: question.limit]
        best = {key: scores[key] for key in order}
        return found.Side(followed.index, asked, by_words, meaning, best, read, len(fused)), said

    async def _visible(self, vault: uuid.UUID, ordered: Sequence[str], limit: int) -> dict[str, Memory]:
        """The first of some memories that may be shown, a few more than the limit: equals may change places."""
        visible: dict[str, Memory] = {}
        size = limit + _EQUALS
        for start in range(0, len(ordered), size):
            part = [uuid.UUID(key) for key in ordered[start : start + size]]
            visible |= {str(each.id): each for each in await memories.get_many(self._database, vault, part) if _is_visible(each)}
            if len(visible) >= limit:
                break
        return visible

    async def _nearest(
        self, vault: uuid.UUID, only: searching.MemoryFilter, meant: Awaitable[_Meant]
    ) -> dict[str, float]:
        vector = (await meant).vector
        if vector is None:
            return {}
        near = await searching.nearest(self._database, self.symbols.embedder, vault, vector, only, rank.TOP)
        return found.keys(near)

    async def _by_words(
        self, follower: follow.Symbols | follow.Memories, weights: Mapping[str, float], asked: words.Asked, only: lexical.Only
    ) -> dict[str, float]:
        """What has words of the query."""
        terms = asked.terms
        if not terms:
            return {}
        for _ in range(2):
            try:
                return await asyncio.to_thread(follower.index.search, weights, terms, only, rank.TOP)
            except lexical.Broken as problem:
                logger.warning("the text index is broken and made anew", extra={"reason": str(problem)})
                follower.broken()
                if not await follower.wait_for(_FRESH_SECONDS):
                    break
        return {}


def _code_scores(
    fused: Mapping[str, float], named: Mapping[str, found.Named], read: Mapping[str, searching.Candidate], query: words.Query
) -> dict[str, float]:
    """The scores of those that were read, with what the question says about a symbol itself."""
    asked = set(query.words)
    scores = {}
    for key, candidate in read.items():
        symbol = candidate.symbol
        score = rank.of_kind(fused.get(key, 0.0), symbol.type, symbol.kind, asked, query.is_action)
        score = rank.subordinate(
            score,
            is_override=candidate.is_override and not _names_owner(symbol, asked),
            is_nested=candidate.is_nested,
            is_private=symbol.visibility == "private",
        )
        score = rank.secondary(score, candidate.flags, asked)
        if key in named:
            score += named[key].worth
        if symbol.path in query.text:
            score += rank.PATH
        scores[key] = score
    return scores


def _names_owner(symbol: model.Symbol, asked: Set[str]) -> bool:
    """Whether the question has all words of the name of what a member belongs to."""
    owner = symbol.qualified_name.removesuffix(symbol.name).rstrip(_BETWEEN_NAMES)
    last = owner[max(owner.rfind(mark) for mark in _BETWEEN_NAMES) + 1 :]
    return bool(last) and asked >= set(rows.words(last).split())


def _code_only(only: CodeFilter, paths: Collection[str] | None) -> lexical.Only:
    any_of = {"kind": only.kinds, "language": only.languages, "file": paths}
    return lexical.Only({name: values for name, values in any_of.items() if values is not None}, {}, {})


def _code_tie(candidate: searching.Candidate) -> tuple[float | str, ...]:
    symbol = candidate.symbol
    return (float(symbol.is_exported), -float(len(symbol.qualified_name)), symbol.path, symbol.qualified_name, -float(symbol.line))


def _memory_tie(memory: Memory) -> tuple[float | str, ...]:
    return (memory.importance, memory.access_count, memory.created_at.timestamp(), str(memory.id))


def _is_visible(memory: Memory) -> bool:
    is_hidden = memory.forgotten_at is not None or memory.superseded_by is not None
    return not is_hidden and (memory.expires_at is None or memory.expires_at > dt.datetime.now(dt.UTC))


def _memory_only(only: searching.MemoryFilter) -> lexical.Only:
    any_of = {"context": only.contexts, "tier": only.tiers}
    times = (
        only.created_from.timestamp() if only.created_from else None,
        only.created_until.timestamp() if only.created_until else None,
    )
    return lexical.Only(
        {name: values for name, values in any_of.items() if values is not None},
        {} if only.tags is None else {"tag": only.tags},
        {"importance": (only.min_importance, None), "created": times},
    )


def _is_name(text: str) -> bool:
    """Whether a word of a question looks like a name in code: an underscore, a capital inside, parts with dots."""
    inner = text.strip("_")
    return len(rows.words(text).split()) > 1 and " " not in inner
