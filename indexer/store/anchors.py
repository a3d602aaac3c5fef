"""Anchors: what code a memory is about, by names and a hash that survive a re-index.

Only rows here; what state an anchor is in is decided by `indexer.memory.anchors`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from indexer import errors
from indexer.store import connect, durable, queries

SQL = queries.beside(__file__)

#: Characters of the anchored text that are kept to show what changed.
KEPT_TEXT: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where code is: a symbol has a qualified name and a kind, lines (from 1, inclusive) have neither, a whole file has
    none of the four.
    """

    path: str
    qualified_name: str | None = None
    kind: str | None = None
    start_line: int | None = None
    end_line: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Code to be tied to. `text_hash` is SHA-256 of the text with its whitespace normalised; `symbol_id` is where to look
    first.
    """

    place: Place
    text_hash: bytes
    text: str
    symbol_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A row of `memory_anchors`.

    `place` is where the code was last seen, and `state` what it was like, both as of `checked_at`. `text_hash` and `text`
    are what was confirmed; `seen_hash` and `seen_text` what was last seen, None while that is the same. `confirmed_path`
    and `confirmed_name` are where the code was when it was confirmed, None while it is still there.
    """

    id: UUID
    vault_id: UUID
    memory_id: UUID
    place: Place
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

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> Anchor:
        """From the columns of the blocks."""
        values = dict(row.items())
        place = Place(**{name: values.pop(name) for name in Place.__slots__})
        return cls(place=place, **values)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was found of an anchor that was confirmed at `confirmed_at`: the columns that follow from it, None as in Anchor."""

    anchor_id: UUID
    confirmed_at: dt.datetime
    state: str
    place: Place
    confirmed_path: str | None = None
    confirmed_name: str | None = None
    seen_hash: bytes | None = None
    seen_text: str | None = None
    symbol_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A memory with one of its anchors: the beginning of what it says, and where its code is."""

    memory_id: UUID
    content: str
    context: str
    importance: float
    path: str
    qualified_name: str | None
    start_line: int | None
    end_line: int | None
    state: str


async def add(database: connect.Database, vault_id: UUID, memory_id: UUID, targets: Sequence[Target]) -> list[Anchor]:
    """Ties a memory to code, and returns all its anchors. A place that it is tied to already is kept as it
    is.

    Raises NotFound for the memory.
    """
    async with durable.transaction(database) as connection:
        if await connection.fetchval(SQL["lock_memory"], vault_id, memory_id) is None:
            raise errors.NotFound(f"The vault has no memory {memory_id}.")
        return await tie(connection, vault_id, memory_id, targets)


async def tie(connection: connect.Connection, vault_id: UUID, memory_id: UUID, targets: Sequence[Target]) -> list[Anchor]:
    """The same inside another transaction, which holds the memory's row."""
    for target in targets:
        await connection.execute(SQL["insert"], vault_id, memory_id, *_columns(target))
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


async def paths(database: connect.Database, vault_id: UUID, memory_ids: Collection[UUID] | None = None) -> list[str]:
    """The files that the vault's anchors are in, or those of some of its memories."""
    rows = await database.fetch(SQL["paths"], vault_id, None if memory_ids is None else list(memory_ids))
    return [row["path"] for row in rows]


async def mentions(
    database: connect.Database, vault_id: UUID, paths: Collection[str], qualified_names: Collection[str], n_characters: int
) -> list[Mention]:
    """The memories about symbols of these names in these files, and about the files or lines of them, most important first; of their
    texts so many characters.
    """
    rows = await database.fetch(SQL["mentions"], vault_id, list(paths), list(qualified_names), n_characters)
    return [Mention(**dict(row.items())) for row in rows]


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


async def note(database: connect.Database, vault_id: UUID, sightings: Iterable[Sighting]) -> None:
    """Keeps what was found of anchors, all or none; one that somebody has confirmed since is left alone.

    An anchor that follows its code to another place leaves where it was in the memory's history.
    """
    rows = sorted(sightings, key=lambda sighting: sighting.anchor_id)
    async with durable.transaction(database) as connection:
        for each in rows:
            place = each.place
            key = (vault_id, each.anchor_id, each.confirmed_at)
            await connection.execute(SQL["record_move"], *key, place.path, place.qualified_name)
            await connection.execute(
                SQL["note"],
                *(*key, each.state, *_place(place), each.confirmed_path, each.confirmed_name, each.seen_hash),
                *(None if each.seen_text is None else each.seen_text[:KEPT_TEXT], each.symbol_id),
            )


async def confirm(database: connect.Database, vault_id: UUID, anchor_id: UUID, target: Target) -> Anchor:
    """Ties an anchor to this code from here on, and keeps in the memory's history what it was tied to. Raises NotFound."""
    async with durable.transaction(database) as connection:
        old = await connection.fetchrow(SQL["lock"], vault_id, anchor_id)
        if old is None:
            raise _missing(anchor_id)
        await connection.execute(SQL["record"], vault_id, anchor_id)
        row = await connection.fetchrow(SQL["confirm"], vault_id, anchor_id, *_columns(target))
        assert row is not None
        return Anchor.from_row(row)


async def remove(database: connect.Database, vault_id: UUID, anchor_id: UUID) -> None:
    """Unties a memory from a place. Raises NotFound."""
    async with durable.transaction(database) as connection:
        if await connection.fetchval(SQL["remove"], vault_id, anchor_id) is None:
            raise _missing(anchor_id)


def _columns(target: Target) -> tuple[object, ...]:
    return (*_place(target.place), target.text_hash, target.text[:KEPT_TEXT], target.symbol_id)


def _place(place: Place) -> tuple[object, ...]:
    return (place.path, place.qualified_name, place.kind, place.start_line, place.end_line)


def _missing(anchor_id: UUID) -> errors.NotFound:
    return errors.NotFound(f"The vault has no anchor {anchor_id}.")
