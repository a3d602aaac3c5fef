"""The vectors of memories: which model is current, which memories lack one, filling them in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from indexer import errors
from indexer.store import connect, durable, large_text, queries

SQL = queries.beside(__file__)


@dataclass(frozen=True, slots=True)
class Model:
    """The model whose vectors the database compares; it belongs to the database, not to a project."""

    id: int
    kind: str
    model: str
    dimensions: int


@dataclass(frozen=True, slots=True)
class Pending:
    """A memory that lacks a vector of the current model. `content` is the whole text."""

    vault_id: UUID
    id: UUID
    content_hash: str
    content: str
    context: str
    tags: tuple[str, ...]
    metadata: dict[str, Any]
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Vector:
    """A memory's vector. It is kept only while the memory's text is still the one with this hash."""

    vault_id: UUID
    id: UUID
    content_hash: str
    values: Sequence[float]


async def current(database: connect.Database) -> Model:
    """The model of this database."""
    row = await database.fetchrow(SQL["current"])
    assert row is not None
    return Model(**dict(row.items()))


async def use(database: connect.Database, kind: str, model: str, dimensions: int) -> Model:
    """Makes a model the database's. Vectors of others are not compared from here on, and come back as
    pending.

    Nothing happens when it is the current one. Raises InvalidRequest for dimensions that cannot be indexed.
    """
    if not 1 <= dimensions <= 4000:
        raise errors.InvalidRequest(f"dimensions must lie between 1 and 4000, not {dimensions}.", "dimensions")
    async with durable.long_transaction(database) as connection:
        await connection.execute(SQL["use"], kind, model, dimensions)
    return await current(database)


async def check(database: connect.Database, kind: str, model: str, dimensions: int) -> Model:
    """The current model, if it is this one. Raises Conflict, with the fix, if the database has vectors of
    another.

    A database that holds no vectors yet takes the model on.
    """
    found = await current(database)
    if (found.kind, found.model, found.dimensions) == (kind, model, dimensions):
        return found
    if not await database.fetchval(SQL["has_vectors"]):
        return await use(database, kind, model, dimensions)
    raise errors.Conflict(
        f"The database's vectors are of {found.model} ({found.kind}, {found.dimensions} dimensions), the configured embedder "
        f"is {model} ({kind}, {dimensions}). Set embedder.kind and embedder.model to the former, or change the database over to "
        "the latter: indexer maintain --embedder. Its vectors are then made anew in the background."
    )


async def pending(database: connect.Database, limit: int = 64) -> list[Pending]:
    """Memories without a vector of the current model, most important first, then those with one of another
    model.
    """
    rows = await database.fetch(SQL["pending"], limit)
    found = []
    for row in rows:
        values = dict(row.items())
        values["content"] = large_text.unpack(values["content"], values.pop("compressed_content"))
        values["tags"] = tuple(values["tags"])
        found.append(Pending(**values))
    return found


async def count_pending(database: connect.Database, vault_id: UUID | None = None) -> int:
    """How many memories lack a vector of the current model, in one vault or in all."""
    n_pending = await database.fetchval(SQL["count_pending"], vault_id)
    assert isinstance(n_pending, int)
    return n_pending


async def fill(database: connect.Database, model: Model, vectors: Iterable[Vector]) -> None:
    """Keeps vectors of a model; those of a memory whose text has changed, and all once the model is not current, are dropped."""
    rows = [(vector.vault_id, vector.id, vector.content_hash, str(list(vector.values)), model.id) for vector in vectors]
    await database.executemany(SQL["fill"], rows)
