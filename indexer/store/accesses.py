"""How memories are used, and what follows from it: counters, the tiers, compression."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from indexer.store import connect, large_text, queries

SQL = queries.beside(__file__)

#: Memories that move to another tier in one transaction.
BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class Access:
    """One use of a memory. `operation` is 'recall', 'update', 'migrate', 'consolidate' or 'compress';
    `rank` counts from 1.
    """

    vault_id: UUID
    memory_id: UUID
    operation: str
    accessed_at: dt.datetime
    query_text: str | None = None
    query_embedding: Sequence[float] | None = None
    score: float | None = None
    rank: int | None = None
    duration_ms: int | None = None
    session_id: UUID | None = None
    user_context: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How often a memory was recalled since it was last counted, when and with what score the last time."""

    vault_id: UUID
    memory_id: UUID
    n: int
    accessed_at: dt.datetime
    score: float | None

    def with_one(self, access: Access) -> Count:
        """The same with one recall more, a later one."""
        score = self.score if access.score is None else access.score
        return Count(self.vault_id, self.memory_id, self.n + 1, max(self.accessed_at, access.accessed_at), score)


@dataclass(frozen=True, slots=True)
class Use:
    """A past access, as `of_memory` returns it."""

    operation: str
    accessed_at: dt.datetime
    query_text: str | None
    score: float | None
    rank: int | None
    duration_ms: int | None
    session_id: UUID | None
    user_context: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Move:
    """A memory that went from one tier to another."""

    vault_id: UUID
    memory_id: UUID
    from_tier: str
    to_tier: str


async def record(database: connect.Database, accesses: Sequence[Access]) -> None:
    """Keeps accesses and counts the recalls among them. Accesses of memories that are gone are left out."""
    await log(database, accesses)
    recalls = [access for access in accesses if access.operation == "recall"]
    await count(database, [Count(each.vault_id, each.memory_id, 1, each.accessed_at, each.score) for each in recalls])


async def log(database: connect.Database, accesses: Sequence[Access]) -> None:
    """Keeps accesses. Those of memories that are gone are left out."""
    if accesses:
        columns = zip(*(_columns(access) for access in accesses), strict=True)
        await database.execute(SQL["record"], *(list(column) for column in columns))


async def count(database: connect.Database, counts: Sequence[Count]) -> None:
    """Counts recalls in the rows of their memories."""
    if counts:
        columns = zip(*((each.vault_id, each.memory_id, each.n, each.accessed_at, each.score) for each in counts), strict=True)
        await database.execute(SQL["count"], *(list(column) for column in columns))


async def of_memory(database: connect.Database, vault_id: UUID, memory_id: UUID, limit: int = 50) -> list[Use]:
    """The accesses of a memory, newest first."""
    rows = await database.fetch(SQL["of_memory"], vault_id, memory_id, limit)
    return [Use(**dict(row.items())) for row in rows]


async def recalled_since(
    database: connect.Database, vault_id: UUID, since: dt.datetime, session_id: UUID | None = None, limit: int = 200
) -> list[UUID]:
    """The memories recalled since a time, latest first; of one session when it is named."""
    rows = await database.fetch(SQL["recalled_since"], vault_id, since, session_id, limit)
    return [row["memory_id"] for row in rows]


async def migrate_tiers(database: connect.Database) -> list[Move]:
    """Moves what `migration_candidates` shows, in every vault that is not archived, and logs it. Returns
    the moves.
    """
    moves: list[Move] = []
    while True:
        async with database.transaction() as connection:
            rows = await connection.fetch(SQL["migrate"], BATCH)
        moves += [Move(**dict(row.items())) for row in rows]
        if len(rows) < BATCH:
            return moves


async def compress_longterm(database: connect.Database, limit: int = BATCH) -> int:
    """Compresses texts of the last tier that are worth it, at most `limit`, largest first; returns how
    many. They read as before.
    """
    n_compressed = 0
    for row in await database.fetch(SQL["compressible"], large_text.COMPRESS_LONGTERM_FROM, limit):
        packed = large_text.pack(row["content"], large_text.COMPRESS_LONGTERM_FROM)
        if packed.compressed is None:
            continue
        tag = await database.execute(
            SQL["compress"],
            *(row["vault_id"], row["id"], packed.hash, packed.content, packed.compressed, packed.ratio, packed.further_words),
        )
        n_compressed += int(tag.rpartition(" ")[2])
    return n_compressed


def _columns(access: Access) -> tuple[object, ...]:
    vector = access.query_embedding
    return (
        *(access.vault_id, access.memory_id, access.operation, access.accessed_at, access.query_text),
        *(None if vector is None else str(list(vector)), access.score, access.rank, access.duration_ms),
        *(access.session_id, None if access.user_context is None else dict(access.user_context)),
    )
