"""The record of an import in `migration_status`, and taking an import back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from indexer.store import connect, durable, queries

SQL = queries.beside(__file__)


@dataclass(frozen=True, slots=True)
class Record:
    """How far an import is: `status` is running, completed, failed or rolled_back; `source` is what was imported."""

    phase: str
    status: str
    n_total: int
    n_processed: int
    n_failed: int
    errors: list[dict[str, Any]]
    source: str | None
    started_at: dt.datetime
    completed_at: dt.datetime | None


async def begin(database: connect.Database, name: str, phase: str, n_total: int, source: str) -> None:
    """Says that an import has begun."""
    async with durable.transaction(database) as connection:
        await connection.execute(SQL["begin"], name, phase, n_total, source)


async def advance(
    database: connect.Database, name: str, phase: str, n_processed: int, n_failed: int, problems: Sequence[Mapping[str, Any]]
) -> None:
    """Says how far it is."""
    await database.execute(SQL["advance"], name, phase, n_processed, n_failed, list(problems))


async def end(database: connect.Database, name: str, status: str, problems: Sequence[Mapping[str, Any]] = ()) -> None:
    """Says that it has ended: completed, failed or rolled_back."""
    async with durable.transaction(database) as connection:
        await connection.execute(SQL["end"], name, status, list(problems))


async def get(database: connect.Database, name: str) -> Record | None:
    """The record of an import; None for one that was never begun."""
    row = await database.fetchrow(SQL["get"], name)
    if row is None:
        return None
    return Record(
        *(row["phase"], row["status"], row["total_records"] or 0, row["processed_records"] or 0, row["failed_records"] or 0),
        *(row["errors"] or [], row["checksum"], row["started_at"], row["completed_at"]),
    )


async def sources(database: connect.Database, vault_id: UUID, ids: Sequence[UUID]) -> dict[UUID, str | None]:
    """Those of these memories that the vault has, with what they were imported from; None for those that were not."""
    return {row["id"]: row["source"] for row in await database.fetch(SQL["sources"], vault_id, list(ids))}


async def hashes(database: connect.Database, vault_id: UUID, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The hashes of the texts of those memories that the vault has."""
    return {row["id"]: row["content_hash"] for row in await database.fetch(SQL["hashes"], vault_id, list(ids))}


async def remove(database: connect.Database, vault_id: UUID, mark: Mapping[str, Any]) -> tuple[int, int]:
    """Removes the memories whose metadata contain `mark` and that nobody has changed; how many went, and how many stay."""
    async with durable.long_transaction(database) as connection:
        tag = await connection.execute(SQL["remove"], vault_id, dict(mark))
        n_left = await connection.fetchval(SQL["count"], vault_id, dict(mark))
    return int(tag.rpartition(" ")[2]), n_left
