"""State captures: a working context kept to return to, whole.

`working_context` and `memory_state` are any JSON that the caller gives. A state beyond COMPRESS_FROM bytes
is stored as gzip, and reads the same.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from indexer import errors
from indexer.store import connect, durable, queries

SQL = queries.beside(__file__)

#: Bytes of JSON from which a state is compressed.
COMPRESS_FROM: Final = 4096
#: Stands in the place of what is compressed.
ELSEWHERE: Final = {"compressed": True}


@dataclass(frozen=True, slots=True)
class State:
    """A row of `state_captures`. In lists, `working_context` of a compressed state is ELSEWHERE."""

    id: UUID
    vault_id: UUID
    name: str
    description: str | None
    working_context: dict[str, Any]
    memory_state: dict[str, Any] | None
    tags: tuple[str, ...]
    auto_captured: bool
    importance: float
    created_at: dt.datetime
    expires_at: dt.datetime | None
    restore_count: int
    last_restored: dt.datetime | None
    uncompressed_size: int | None
    compressed_size: int | None

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> State:
        """From the columns of the blocks; `compressed_data` is opened where it is there."""
        values = dict(row.items())
        compressed = values.pop("compressed_data")
        if compressed is not None:
            values.update(opened(compressed))
        values["tags"] = tuple(values["tags"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class NewState:
    """What is to be captured. `id` and `created_at` are None except for what had them elsewhere before."""

    name: str
    working_context: Mapping[str, Any]
    memory_state: Mapping[str, Any] | None = None
    description: str | None = None
    tags: Sequence[str] = ()
    auto_captured: bool = False
    importance: float = 0.5
    expires_at: dt.datetime | None = None
    id: UUID | None = None
    created_at: dt.datetime | None = None


async def capture(database: connect.Database, vault_id: UUID, new: NewState) -> State:
    """Stores a state. Raises NotFound for a vault that does not exist, Conflict for an archived one."""
    async with durable.transaction(database) as connection:
        is_archived = await connection.fetchval(SQL["is_archived"], vault_id)
        if is_archived is None:
            raise errors.NotFound(f"There is no vault {vault_id}.")
        if is_archived:
            raise errors.Conflict("The vault is archived: unarchive it before you capture a state in it.")
        row = await connection.fetchrow(SQL["insert"], vault_id, *_columns(new))
        assert row is not None
        return State.from_row(row)


async def listed(
    database: connect.Database,
    vault_id: UUID,
    *,
    tags: Collection[str] = (),
    name: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[State], int]:
    """A page of the vault's states that have not expired, newest first, and how many there are in all;
    `limit` 0 is all.
    """
    rows = await database.fetch(SQL["list"], vault_id, list(tags), name, limit or None, offset)
    total = await database.fetchval(SQL["count"], vault_id, list(tags), name)
    return [State.from_row(row) for row in rows], total


async def get(database: connect.Database, vault_id: UUID, state: UUID | str) -> State:
    """One state, whole, by id or the latest by name. Raises NotFound, for an expired one as well."""
    row = await database.fetchrow(SQL["get"], vault_id, *_key(state))
    if row is None:
        raise _missing(state)
    return State.from_row(row)


async def restore(database: connect.Database, vault_id: UUID, state: UUID | str) -> State:
    """The same, and counts that it was returned to."""
    async with durable.transaction(database) as connection:
        row = await connection.fetchrow(SQL["restore"], vault_id, *_key(state))
        if row is None:
            raise _missing(state)
        return State.from_row(row)


async def remove(database: connect.Database, vault_id: UUID, state_id: UUID) -> None:
    """Removes a state for good. Raises NotFound."""
    async with durable.transaction(database) as connection:
        if await connection.fetchval(SQL["remove"], vault_id, state_id) is None:
            raise _missing(state_id)


def _key(state: UUID | str) -> tuple[UUID | None, str | None]:
    return (state, None) if isinstance(state, UUID) else (None, state)


def _missing(state: UUID | str) -> errors.NotFound:
    return errors.NotFound(f"The vault has no state {state}; it may have expired.")


@dataclass(frozen=True, slots=True)
class Packed:
    """The columns that hold a state; sizes are in bytes of JSON, `n_compressed` None where nothing is compressed."""

    working_context: dict[str, Any]
    memory_state: dict[str, Any] | None
    compressed: bytes | None
    n_bytes: int
    n_compressed: int | None


def packed(working_context: Mapping[str, Any], memory_state: Mapping[str, Any] | None) -> Packed:
    """How to store a state."""
    plain = json.dumps({"working_context": working_context, "memory_state": memory_state}, ensure_ascii=False).encode()
    if len(plain) < COMPRESS_FROM:
        memories = None if memory_state is None else dict(memory_state)
        return Packed(dict(working_context), memories, None, len(plain), None)
    compressed = gzip.compress(plain, 6, mtime=0)
    return Packed(dict(ELSEWHERE), None, compressed, len(plain), len(compressed))


def opened(compressed: bytes) -> dict[str, Any]:
    """`working_context` and `memory_state` of a compressed state."""
    values = json.loads(gzip.decompress(compressed))
    assert isinstance(values, dict)
    return values


def _columns(new: NewState) -> tuple[object, ...]:
    """The values of the block `insert` behind the vault."""
    state = packed(new.working_context, new.memory_state)
    return (
        *(new.id, new.name, new.description, state.working_context, state.memory_state, state.compressed),
        *(state.n_bytes, state.n_compressed, list(new.tags), new.auto_captured, new.importance, new.expires_at),
        new.created_at,
    )
