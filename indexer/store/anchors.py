"""Anchors: what code a memory is about, by names and a hash that survive a re-index.

Only rows here; what state an anchor is in is decided by `indexer.memory.anchors`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from indexer import errors
from indexer.store import connect, durable, queries

SQL = queries.beside(__file__)

#: Characters of the anchored text that are kept to show what changed.
KEPT_TEXT: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Code that an anchor points at.

    A symbol has a qualified name and a kind; lines (from 1, inclusive) have neither; a whole file has none
    of the four. `text_hash` is SHA-256 of the text with its whitespace normalised, `text` the beginning of
    it as it is. `symbol_id` is where to look first.
    """

    path: str
    text_hash: bytes
    text: str
    qualified_name: str | None = None
    kind: str | None = None
    start_line: int | None = None
    end_line: int | None = None
    symbol_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A row of `memory_anchors`; `state` is as of `checked_at`."""

    id: UUID
    vault_id: UUID
    memory_id: UUID
    place: Place
    state: str
    created_at: dt.datetime
    checked_at: dt.datetime
    confirmed_at: dt.datetime

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> Anchor:
        """From the columns of the blocks."""
        values = dict(row.items())
        place = Place(**{name: values.pop(name) for name in Place.__slots__})
        return cls(place=place, **values)


async def add(database: connect.Database, vault_id: UUID, memory_id: UUID, places: Sequence[Place]) -> list[Anchor]:
    """Ties a memory to code, and returns all its anchors. A place that it is tied to already is kept as it
    is.

    Raises NotFound for the memory.
    """
    async with durable.transaction(database) as connection:
        if await connection.fetchval(SQL["lock_memory"], vault_id, memory_id) is None:
            raise errors.NotFound(f"The vault has no memory {memory_id}.")
        for place in places:
            await connection.execute(SQL["insert"], vault_id, memory_id, *_columns(place))
        rows = await connection.fetch(SQL["of_memories"], vault_id, [memory_id])
        return [Anchor.from_row(row) for row in rows]


async def get(database: connect.Database, vault_id: UUID, anchor_id: UUID) -> Anchor:
    """One anchor. Raises NotFound."""
    row = await database.fetchrow(SQL["get"], vault_id, anchor_id)
    if row is None:
        raise _missing(anchor_id)
    return Anchor.from_row(row)


async def of_memories(database: connect.Database, vault_id: UUID, memory_ids: Iterable[UUID]) -> dict[UUID, list[Anchor]]:
    """The anchors of memories by the memory's id; those without any are left out."""
    found: dict[UUID, list[Anchor]] = {}
    for row in await database.fetch(SQL["of_memories"], vault_id, list(memory_ids)):
        found.setdefault(row["memory_id"], []).append(Anchor.from_row(row))
    return found


async def at_paths(database: connect.Database, vault_id: UUID, paths: Collection[str]) -> list[Anchor]:
    """The anchors in these files of memories that are not hidden, by path and line."""
    return [Anchor.from_row(row) for row in await database.fetch(SQL["at_paths"], vault_id, list(paths))]


async def by_names(database: connect.Database, vault_id: UUID, qualified_names: Collection[str]) -> list[Anchor]:
    """The anchors to symbols of these names, wherever they are, of memories that are not hidden."""
    return [Anchor.from_row(row) for row in await database.fetch(SQL["by_names"], vault_id, list(qualified_names))]


async def listed(
    database: connect.Database, vault_id: UUID, states: Collection[str], limit: int = 50, offset: int = 0
) -> tuple[list[Anchor], int]:
    """A page of the anchors last seen in these states, of memories that are not hidden, and how many there
    are in all; `limit` 0 is all.
    """
    rows = await database.fetch(SQL["in_states"], vault_id, list(states), limit or None, offset)
    total = await database.fetchval(SQL["count_in_states"], vault_id, list(states))
    return [Anchor.from_row(row) for row in rows], total


async def every(database: connect.Database, vault_id: UUID, after: UUID | None = None, limit: int = 1000) -> list[Anchor]:
    """The vault's anchors by id, `limit` at a time: pass the last one's id to go on."""
    return [Anchor.from_row(row) for row in await database.fetch(SQL["every"], vault_id, after, limit)]


async def note_states(database: connect.Database, vault_id: UUID, seen: Iterable[tuple[UUID, str, UUID | None]]) -> None:
    """Keeps what was found of anchors: (id, state, the symbol where it was found or None)."""
    rows = sorted(seen)
    if rows:
        ids, states, symbols = (list(column) for column in zip(*rows, strict=True))
        await database.execute(SQL["note_states"], vault_id, ids, states, symbols)


async def put(database: connect.Database, vault_id: UUID, anchor_id: UUID, place: Place, state: str) -> Anchor:
    """Points an anchor at another place, and keeps in the memory's history where it pointed before. Raises
    NotFound.

    `state` 'fresh' says that somebody has confirmed it.
    """
    async with durable.transaction(database) as connection:
        old = await connection.fetchrow(SQL["get"], vault_id, anchor_id)
        if old is None:
            raise _missing(anchor_id)
        before = _before(Anchor.from_row(old))
        await connection.execute(SQL["lock_memory"], vault_id, old["memory_id"])
        await connection.execute(SQL["record"], vault_id, old["memory_id"], before)
        row = await connection.fetchrow(SQL["put"], vault_id, anchor_id, *_columns(place), state)
        if row is None:
            raise _missing(anchor_id)
        return Anchor.from_row(row)


async def remove(database: connect.Database, vault_id: UUID, anchor_id: UUID) -> None:
    """Unties a memory from a place. Raises NotFound."""
    async with durable.transaction(database) as connection:
        if await connection.fetchval(SQL["remove"], vault_id, anchor_id) is None:
            raise _missing(anchor_id)


def _columns(place: Place) -> tuple[object, ...]:
    return (
        *(place.path, place.qualified_name, place.kind, place.start_line, place.end_line, place.text_hash),
        *(place.text[:KEPT_TEXT], place.symbol_id),
    )


def _before(anchor: Anchor) -> dict[str, Any]:
    place = anchor.place
    return {
        "anchor": str(anchor.id),
        "path": place.path,
        "qualified_name": place.qualified_name,
        "kind": place.kind,
        "start_line": place.start_line,
        "end_line": place.end_line,
        "text_hash": place.text_hash.hex(),
        "state": anchor.state,
    }


def _missing(anchor_id: UUID) -> errors.NotFound:
    return errors.NotFound(f"The vault has no anchor {anchor_id}.")
