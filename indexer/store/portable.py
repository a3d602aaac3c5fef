"""A vault as records, to be carried elsewhere: memories with their history and anchors, and states.

Everything that people wrote is in them. Left out is what can be made again or is only of use here: vectors, the log of
accesses, how a text is stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg

from indexer import errors
from indexer.store import connect, durable, large_text, queries, states

SQL = queries.beside(__file__)

#: Memories or states that are in memory at once.
BATCH: Final = 500
#: Stands for the time of modification until the references are in.
_NEVER: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class MemoryRecord:
    """A memory; `content` is the whole text."""

    id: UUID
    content: str
    context: str
    importance: float
    created_at: dt.datetime
    accessed_at: dt.datetime
    modified_at: dt.datetime
    expires_at: dt.datetime | None
    access_count: int
    last_recall_score: float | None
    tier: str
    tier_migrated_at: dt.datetime | None
    metadata: dict[str, Any]
    tags: list[str]
    parent_memory_id: UUID | None
    consolidated_from: list[UUID] | None
    is_pinned: bool
    superseded_by: UUID | None
    forgotten_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class HistoryRecord:
    """An entry of a memory's history; follows its memory."""

    memory_id: UUID
    version: int
    operation: str
    before: dict[str, Any]
    changed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class AnchorRecord:
    """An anchor of a memory; follows its memory."""

    id: UUID
    memory_id: UUID
    path: str
    qualified_name: str | None
    kind: str | None
    start_line: int | None
    end_line: int | None
    text_hash: bytes
    text: str
    confirmed_path: str | None
    confirmed_name: str | None
    seen_hash: bytes | None
    seen_text: str | None
    symbol_id: UUID | None
    state: str
    created_at: dt.datetime
    checked_at: dt.datetime
    confirmed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class StateRecord:
    """A state capture, whole."""

    id: UUID
    name: str
    description: str | None
    working_context: dict[str, Any]
    memory_state: dict[str, Any] | None
    tags: list[str]
    auto_captured: bool
    importance: float
    created_at: dt.datetime
    expires_at: dt.datetime | None
    restore_count: int
    last_restored: dt.datetime | None


Record: TypeAlias = MemoryRecord | HistoryRecord | AnchorRecord | StateRecord


@dataclass(frozen=True, slots=True)
class Loaded:
    """What an import added, and how many memories and states the vault had already, by id or by text."""

    n_memories: int = 0
    n_states: int = 0
    n_existing: int = 0


async def records(database: connect.Database, vault_id: UUID) -> AsyncIterator[Record]:
    """All of a vault as it is at one moment: memories by id, each followed by its history and anchors, then states by id."""
    async with database.session() as session, session.transaction():
        await session.execute(SQL["one_moment"])
        last: UUID | None = None
        while rows := await session.fetch(SQL["memories"], vault_id, last, BATCH):
            ids = [row["id"] for row in rows]
            followers: dict[UUID, list[Record]] = {memory_id: [] for memory_id in ids}
            for row in await session.fetch(SQL["history"], vault_id, ids):
                followers[row["memory_id"]].append(HistoryRecord(**dict(row.items())))
            for row in await session.fetch(SQL["anchors"], vault_id, ids):
                followers[row["memory_id"]].append(AnchorRecord(**dict(row.items())))
            for row in rows:
                yield _memory(row)
                for follower in followers[row["id"]]:
                    yield follower
            last = ids[-1]
        last = None
        while rows := await session.fetch(SQL["states"], vault_id, last, BATCH):
            for row in rows:
                yield _state(row)
            last = rows[-1]["id"]


async def load(database: connect.Database, vault_id: UUID, new: Iterable[Record]) -> Loaded:
    """Adds records to a vault, all or none; loading the same again adds nothing.

    A memory that the vault has, by id or by its text in its context, stays as it is; references lead to the one that is
    there. History and anchors follow their memories. Raises NotFound for a vault that does not exist or is archived.
    """
    loaded = Loaded()
    stands_for: dict[UUID, UUID] = {}
    references: list[MemoryRecord] = []
    async with durable.long_transaction(database) as connection:
        if await connection.fetchval(SQL["lock_vault"], vault_id) is None:
            raise errors.NotFound(f"There is no vault {vault_id} that is open to changes.")
        for batch in _batches(new):
            loaded = await _load_batch(connection, vault_id, batch, loaded, stands_for, references)
        await connection.executemany(SQL["refer"], [_reference(vault_id, each, stands_for) for each in references])
    return loaded


def _batches(new: Iterable[Record]) -> Iterator[list[Record]]:
    """Records in groups that begin with a memory or a state, so that followers stay with their memory."""
    batch: list[Record] = []
    for record in new:
        if len(batch) >= BATCH and isinstance(record, MemoryRecord | StateRecord):
            yield batch
            batch = []
        batch.append(record)
    if batch:
        yield batch


async def _load_batch(
    connection: connect.Connection,
    vault_id: UUID,
    batch: Sequence[Record],
    loaded: Loaded,
    stands_for: dict[UUID, UUID],
    references: list[MemoryRecord],
) -> Loaded:
    """Adds a batch; `stands_for` learns which memory an id stands for here, `references` which new ones refer to others."""
    packed = {record.id: large_text.pack(record.content) for record in batch if isinstance(record, MemoryRecord)}
    found = await _known(connection, vault_id, batch, packed)
    added: list[MemoryRecord] = []
    for record in batch:
        if isinstance(record, MemoryRecord):
            stands_for[record.id] = found.get(record.id, record.id)
            if record.id not in found:
                added.append(record)
    fresh = {record.id for record in added}
    await connection.executemany(SQL["insert_memory"], [_memory_values(vault_id, record, packed[record.id]) for record in added])
    references += [record for record in added if record.parent_memory_id or record.superseded_by]
    histories = [record for record in batch if isinstance(record, HistoryRecord) and record.memory_id in fresh]
    await connection.executemany(SQL["insert_history"], [(vault_id, *astuple(record)) for record in histories])
    # Anchors come along to a memory of the same text as well; one that is there by its own id has its own.
    anchors = [
        replace(record, memory_id=stands_for[record.memory_id])
        for record in batch
        if isinstance(record, AnchorRecord)
        and (record.memory_id in fresh or stands_for.get(record.memory_id, record.memory_id) != record.memory_id)
    ]
    await connection.executemany(SQL["insert_anchor"], [(vault_id, *astuple(record)) for record in anchors])
    n_states = 0
    captured = [record for record in batch if isinstance(record, StateRecord)]
    for state in captured:
        n_states += await connection.fetchval(SQL["insert_state"], *_state_values(vault_id, state)) is not None
    n_existing = len(packed) - len(added) + len(captured) - n_states
    return Loaded(loaded.n_memories + len(added), loaded.n_states + n_states, loaded.n_existing + n_existing)


async def _known(
    connection: connect.Connection, vault_id: UUID, batch: Sequence[Record], packed: dict[UUID, large_text.Packed]
) -> dict[UUID, UUID]:
    """The memories of a batch that the vault has, or that repeat an earlier one of the batch, with what stands for each."""
    memories = [record for record in batch if isinstance(record, MemoryRecord)]
    hashes = [packed[record.id].hash or large_text.content_hash(record.content) for record in memories]
    contexts = [record.context for record in memories]
    rows = await connection.fetch(SQL["known"], vault_id, [record.id for record in memories], hashes, contexts)
    found = {row["wanted"]: row["id"] for row in rows}
    first: dict[tuple[str, str], UUID] = {}
    for record, digest in zip(memories, hashes, strict=True):
        stands = first.setdefault((digest, record.context), found.get(record.id, record.id))
        if stands != record.id:
            found.setdefault(record.id, stands)
    return found


def _memory(row: asyncpg.Record) -> MemoryRecord:
    values = dict(row.items())
    values["content"] = large_text.unpack(values["content"], values.pop("compressed_content"))
    return MemoryRecord(**values)


def _state(row: asyncpg.Record) -> StateRecord:
    values = dict(row.items())
    compressed = values.pop("compressed_data")
    if compressed is not None:
        values.update(states.opened(compressed))
    return StateRecord(**values)


def _memory_values(vault_id: UUID, record: MemoryRecord, packed: large_text.Packed) -> tuple[object, ...]:
    has_references = record.parent_memory_id or record.superseded_by
    return (
        *(vault_id, record.id, packed.content, packed.compressed, packed.ratio, packed.hash, packed.further_words),
        *(record.context, record.importance, record.created_at, record.accessed_at),
        *(_NEVER if has_references else record.modified_at, record.expires_at, record.access_count),
        *(record.last_recall_score, record.tier, record.tier_migrated_at, record.metadata, record.tags),
        *(record.consolidated_from, record.is_pinned, record.forgotten_at),
    )


def _reference(vault_id: UUID, record: MemoryRecord, stands_for: dict[UUID, UUID]) -> tuple[object, ...]:
    """A parent or successor that is nowhere is left out."""
    parent = stands_for.get(record.parent_memory_id) if record.parent_memory_id else None
    successor = stands_for.get(record.superseded_by) if record.superseded_by else None
    return (
        *(vault_id, record.id, parent if parent != record.id else None),
        *(successor if successor != record.id else None, record.modified_at),
    )


def _state_values(vault_id: UUID, state: StateRecord) -> tuple[object, ...]:
    packed = states.packed(state.working_context, state.memory_state)
    return (
        *(vault_id, state.id, state.name, state.description, packed.working_context, packed.memory_state),
        *(packed.compressed, packed.n_bytes, packed.n_compressed, state.tags, state.auto_captured, state.importance),
        *(state.expires_at, state.created_at, state.restore_count, state.last_restored),
    )
