"""What search is made from: texts of symbols and memories to index, vectors of symbols, candidates to rank.

The vectors of symbols are kept by the hash of the text that they stand for, so that a text is embedded once whatever its
project, path or number of copies. Those of memories stand in their rows (`embeddings`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

import asyncpg

from indexer import model
from indexer.store import connect, graph, queries

SQL = queries.beside(__file__)

#: Characters of a definition, and of its documentation, that words are taken from.
SYMBOL_CHARS: Final = 4000
#: Characters of a memory that words are taken from; `further_words` has those behind.
MEMORY_CHARS: Final = 50_000
_PREFETCH: Final = 500
#: halfvec's binary form: the number of dimensions and 16 unused bits, then big-endian half floats.
VECTOR_HEADER: Final = 4
#: The advisory lock of whoever fills in the vectors of memories.
FILL_LOCK: Final = 0x1DEF11


class SymbolText(NamedTuple):
    """What a symbol is found by; a tuple because there are many."""

    id: uuid.UUID
    path: str
    name: str
    qualified_name: str
    kind: str
    type: str
    language: str
    signature: str | None
    documentation: str | None
    definition: str | None


class SymbolVector(NamedTuple):
    """A symbol that can have a vector; `embedding` is the binary form of halfvec, None where it is to be made."""

    id: uuid.UUID
    path: str
    kind: str
    type: str
    language: str
    is_documented: bool
    flags: list[str]
    key: uuid.UUID
    embedding: bytes | None


class EmbeddedText(NamedTuple):
    """What a symbol's vector is made from; `key` is the hash of exactly that."""

    id: uuid.UUID
    key: uuid.UUID
    qualified_name: str
    path: str
    documentation: str | None
    definition: str | None


class MemoryText(NamedTuple):
    """What a memory is found by; `anchored` are the names of the code that it is about."""

    id: uuid.UUID
    content: str
    further_words: str | None
    context: str
    tags: list[str]
    tier: str
    importance: float
    created_at: dt.datetime
    author: str | None
    description: str | None
    is_hidden: bool
    anchored: list[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A symbol to rank: with the flags of its file, and whether it overrides another or is a part of a function."""

    symbol: model.Symbol
    flags: tuple[str, ...]
    is_override: bool
    is_nested: bool


@dataclass(frozen=True, slots=True)
class MemoryFilter:
    """Which memories of a vault; None lets all pass."""

    contexts: Sequence[str] | None = None
    tiers: Sequence[str] | None = None
    tags: Sequence[str] | None = None
    min_importance: float | None = None
    created_from: dt.datetime | None = None
    created_until: dt.datetime | None = None


class Relation(NamedTuple):
    """A relationship between two symbols."""

    source: uuid.UUID
    target: uuid.UUID
    type: str
    confidence: float


class Snapshot:
    """One state of a project's symbols; made by `snapshot`. One iterator at a time."""

    def __init__(self, connection: connect.Session, project: uuid.UUID, generation: model.Generation) -> None:
        self._connection = connection
        self._project = project
        self.generation = generation

    async def symbols(self) -> AsyncIterator[SymbolText]:
        """The texts of all symbols but imports, in no order."""
        async for row in self._connection.cursor(SQL["symbols"], self._project, SYMBOL_CHARS, prefetch=_PREFETCH):
            yield SymbolText(*row)

    async def vectors(self, embedder: int) -> AsyncIterator[SymbolVector]:
        """The vectors of a model, and the symbols that lack one, in no order."""
        async for row in self._connection.cursor(SQL["vectors"], self._project, embedder, prefetch=_PREFETCH):
            yield SymbolVector(*row)


@asynccontextmanager
async def snapshot(database: connect.Database, project: uuid.UUID) -> AsyncIterator[Snapshot]:
    """The project as it is at this moment, unmoved by commits that come while it is read."""
    # Not read only: the first look after a recovery writes the epoch.
    async with database.session() as connection, connection.transaction(isolation="repeatable_read"):
        row = await connection.fetchrow(SQL["generation"], project)
        generation = model.Generation(0, 0) if row is None else model.Generation(row["epoch"], row["generation"])
        yield Snapshot(connection, project, generation)


async def symbols_of_files(
    database: connect.Database, project: uuid.UUID, files: Sequence[uuid.UUID]
) -> list[SymbolText]:
    """The texts of the symbols in some files."""
    found = await database.fetch(SQL["symbols_of_files"], project, SYMBOL_CHARS, list(files))
    return [SymbolText(*row) for row in found]


async def vectors_of_files(
    database: connect.Database, project: uuid.UUID, embedder: int, files: Sequence[uuid.UUID]
) -> list[SymbolVector]:
    """The vectors of the symbols in some files, and the symbols that lack one."""
    return [SymbolVector(*row) for row in await database.fetch(SQL["vectors_of_files"], project, embedder, list(files))]


async def candidates(
    database: connect.Database, project: uuid.UUID, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Candidate]:
    """The symbols of these ids that exist; their documentation is cut."""
    found = {}
    for row in await database.fetch(SQL["candidates"], project, list(ids)):
        found[row["id"]] = Candidate(graph.symbol_from_row(row), tuple(row["flags"]), row["is_override"], row["is_nested"])
    return found


async def names(database: connect.Database, project: uuid.UUID) -> list[str]:
    """The names of a project's symbols, each once, imports among them."""
    return [row["name"] for row in await database.fetch(SQL["names"], project)]


async def texts(database: connect.Database, project: uuid.UUID, ids: Sequence[uuid.UUID]) -> list[EmbeddedText]:
    """What the vectors of these symbols are made from."""
    return [EmbeddedText(*row) for row in await database.fetch(SQL["texts"], project, list(ids))]


async def known_vectors(database: connect.Database, embedder: int, keys: Sequence[uuid.UUID]) -> dict[uuid.UUID, bytes]:
    """The vectors that there are of texts, by key, in halfvec's binary form."""
    rows = await database.fetch(SQL["known_vectors"], embedder, list(keys))
    return {row["key"]: row["embedding"] for row in rows}


async def keep_vectors(
    database: connect.Database, embedder: int, vectors: Mapping[uuid.UUID, Sequence[float]]
) -> None:
    """Keeps the vectors of texts; dropped when the model is not current any more."""
    texts_of = [str(list(values)) for values in vectors.values()]
    await database.execute(SQL["keep_vectors"], embedder, list(vectors), texts_of)


async def prune_vectors(database: connect.Database) -> int:
    """Removes vectors of texts that no project has, once there are many of them; how many went."""
    tag = await database.execute(SQL["prune_vectors"])
    return int(tag.rpartition(" ")[2])


@asynccontextmanager
async def filling_memories(database: connect.Database) -> AsyncIterator[bool]:
    """Whether this daemon is the one that fills in the vectors of memories, for as long as the block lasts."""
    async with database.session() as connection:
        yield bool(await connection.fetchval(SQL["try_fill"], FILL_LOCK))


async def revision(database: connect.Database, vault: uuid.UUID) -> model.Generation:
    """How many statements have changed the vault's memories; 0 for a vault that is not there."""
    return _revision(await database.fetchrow(SQL["revision"], vault))


async def memories(
    database: connect.Database, vault: uuid.UUID, ids: Sequence[uuid.UUID] | None = None
) -> list[MemoryText]:
    """The texts of some memories, hidden ones as well; those that are gone are left out."""
    rows = await database.fetch(SQL["memories"], vault, None if ids is None else list(ids), MEMORY_CHARS)
    return [MemoryText(*row) for row in rows]


@asynccontextmanager
async def every_memory(
    database: connect.Database, vault: uuid.UUID
) -> AsyncIterator[tuple[model.Generation, AsyncIterator[MemoryText]]]:
    """All memories of a vault as of one moment, in no order, and the vault's revision then."""
    async with database.session() as connection, connection.transaction(isolation="repeatable_read"):
        yield _revision(await connection.fetchrow(SQL["revision"], vault)), _memories(connection, vault)


async def nearest(
    database: connect.Database, model: int, vault: uuid.UUID, vector: Sequence[float], only: MemoryFilter, limit: int
) -> dict[uuid.UUID, float]:
    """The memories nearest to a vector of a model with their cosines, nearest first; never too few.

    None at all once the database's model is another one: its vectors cannot be compared with this one.
    """
    rows = await database.fetch(
        SQL["nearest"], str(list(vector)), limit, vault, _array(only.contexts), _array(only.tiers), _array(only.tags),
        only.min_importance, only.created_from, only.created_until, model,
    )  # fmt: skip
    return {row["id"]: row["similarity"] for row in rows}


async def paths_like(database: connect.Database, project: uuid.UUID, glob: str) -> list[str]:
    """The files with symbols whose path matches a glob as in graph.Filter."""
    return [row["path"] for row in await database.fetch(SQL["paths"], project, graph.path_pattern(glob))]


async def neighbours(
    database: connect.Database, project: uuid.UUID, ids: Sequence[uuid.UUID], limit: int
) -> list[Relation]:
    """The surest relationships of symbols, at most `limit` in each direction."""
    return [Relation(*row) for row in await database.fetch(SQL["neighbours"], project, list(ids), limit)]


async def definitions(
    database: connect.Database, project: uuid.UUID, ids: Sequence[uuid.UUID], limit: int
) -> dict[uuid.UUID, str]:
    """The code of symbols, at most `limit` characters of each; those without any are left out."""
    rows = await database.fetch(SQL["definitions"], project, list(ids), limit)
    return {row["id"]: row["definition"] for row in rows if row["definition"]}


def _revision(row: asyncpg.Record | None) -> model.Generation:
    return model.Generation(0, 0) if row is None else model.Generation(row["epoch"], row["revision"] or 0)


async def _memories(connection: connect.Session, vault: uuid.UUID) -> AsyncIterator[MemoryText]:
    row: asyncpg.Record
    async for row in connection.cursor(SQL["memories"], vault, None, MEMORY_CHARS, prefetch=_PREFETCH):
        yield MemoryText(*row)


def _array(values: Sequence[str] | None) -> list[str] | None:
    return None if values is None else list(values)
