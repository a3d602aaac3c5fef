"""Vaults: who owns which memories. One vault may be active, the default of those who name none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from indexer import errors
from indexer.store import connect, durable, queries

SQL = queries.beside(__file__)


@dataclass(frozen=True, slots=True)
class Vault:
    """A row of `vaults`. `revision` grows with each statement that changes its memories; the counts are as
    of the last maintenance.
    """

    id: UUID
    name: str
    path: str
    type: str
    is_active: bool
    is_archived: bool
    created_at: dt.datetime
    last_accessed: dt.datetime
    last_modified: dt.datetime
    archived_at: dt.datetime | None
    settings: dict[str, Any]
    metadata: dict[str, Any]
    memory_count: int
    symbol_count: int
    total_size_bytes: int
    revision: int

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> Vault:
        """From the columns of the block `list`."""
        return cls(**dict(row.items()))


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a vault holds at this moment. `n_memories` are the live ones, of which the counts by context and
    tier are; bytes are those of their texts as stored.
    """

    n_memories: int
    n_superseded: int
    n_forgotten: int
    n_expired: int
    n_pinned: int
    n_embedded: int
    n_anchors: int
    n_states: int
    n_bytes: int
    by_context: dict[str, int]
    by_tier: dict[str, int]
    by_anchor_state: dict[str, int]


async def register(
    database: connect.Database,
    name: str,
    path: str,
    type: str = "project",
    *,
    id: UUID | None = None,
    settings: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Vault:
    """Makes a vault. Raises Conflict where the name is taken, or the path by another project's vault."""
    async with durable.transaction(database) as connection:
        row = await connection.fetchrow(SQL["insert"], id, name, path, type, dict(settings or {}), dict(metadata or {}))
        if row is None:
            raise errors.Conflict(f"There is a vault {name!r} already, or one for the project in {path}.")
        return Vault.from_row(row)


async def of_project(database: connect.Database, name: str, path: str) -> Vault:
    """The vault of the project in `path`, made when there is none: called `name`, or `name-2` and so on
    where that is taken.

    Daemons that start at once get the same one.
    """
    async with durable.transaction(database) as connection:
        candidate, number = name, 1
        while True:
            row = await connection.fetchrow(SQL["by_path"], path)
            if row is None:
                # None again when the name is taken, or when another daemon has just made the vault.
                row = await connection.fetchrow(SQL["insert"], None, candidate, path, "project", {}, {})
            if row is not None:
                return Vault.from_row(row)
            number += 1
            candidate = f"{name[:240]}-{number}"


async def get(database: connect.Database, vault: UUID | str) -> Vault:
    """By id or name. Raises NotFound."""
    row = await database.fetchrow(SQL["by_id"], vault) if isinstance(vault, UUID) else await database.fetchrow(SQL["by_name"], vault)
    if row is None:
        raise _missing(vault)
    return Vault.from_row(row)


async def active(database: connect.Database) -> Vault | None:
    """The active vault, if there is one."""
    row = await database.fetchrow(SQL["active"])
    return None if row is None else Vault.from_row(row)


async def listed(database: connect.Database, with_archived: bool = False) -> list[Vault]:
    """All vaults by name."""
    return [Vault.from_row(row) for row in await database.fetch(SQL["list"], with_archived)]


async def activate(database: connect.Database, vault_id: UUID) -> Vault:
    """Makes this the active vault. Raises NotFound, Conflict for an archived one."""
    async with durable.transaction(database) as connection:
        await connection.execute(SQL["lock"])
        found = await _get(connection, vault_id)
        if found.is_archived:
            raise errors.Conflict(f"Vault {found.name} is archived: unarchive it before you make it the active one.")
        # In one UPDATE of both rows, the unique index would see two active vaults half of the time.
        await connection.execute(SQL["deactivate"])
        await connection.execute(SQL["activate"], vault_id)
        return await _get(connection, vault_id)


async def deactivate(database: connect.Database) -> None:
    """Leaves no vault active."""
    async with durable.transaction(database) as connection:
        await connection.execute(SQL["deactivate"])


async def archive(database: connect.Database, vault_id: UUID) -> Vault:
    """Closes a vault to changes; what it holds stays readable. Raises NotFound."""
    return await _changed(database, "archive", vault_id)


async def unarchive(database: connect.Database, vault_id: UUID) -> Vault:
    """Opens an archived vault again. Raises NotFound."""
    return await _changed(database, "unarchive", vault_id)


async def configure(
    database: connect.Database,
    vault_id: UUID,
    *,
    settings: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Vault:
    """Sets the keys that are given, at the top level; a value None removes its key. Raises NotFound."""
    return await _changed(database, "configure", vault_id, dict(settings or {}), dict(metadata or {}))


async def relocate(database: connect.Database, vault_id: UUID, name: str, path: str) -> Vault:
    """Gives a vault another name and path. Raises NotFound, Conflict where the name or the path is taken."""
    async with durable.transaction(database) as connection:
        if await connection.fetch(SQL["rivals"], vault_id, name, path):
            raise errors.Conflict(f"There is another vault {name!r}, or one for the project in {path}.")
        row = await connection.fetchrow(SQL["relocate"], vault_id, name, path)
        if row is None:
            raise _missing(vault_id)
        return Vault.from_row(row)


async def touch(database: connect.Database, vault_id: UUID) -> None:
    """Notes that the vault was used."""
    await database.execute(SQL["touch"], vault_id)


async def statistics(database: connect.Database, vault_id: UUID) -> Statistics:
    """Counts what a vault holds. Raises NotFound."""
    row = await database.fetchrow(SQL["statistics"], vault_id)
    if row is None:
        raise _missing(vault_id)
    return Statistics(**dict(row.items()))


async def _changed(database: connect.Database, block: str, vault_id: UUID, *values: object) -> Vault:
    async with durable.transaction(database) as connection:
        row = await connection.fetchrow(SQL[block], vault_id, *values)
        if row is None:
            raise _missing(vault_id)
        return Vault.from_row(row)


async def _get(connection: connect.Connection, vault_id: UUID) -> Vault:
    row = await connection.fetchrow(SQL["by_id"], vault_id)
    if row is None:
        raise _missing(vault_id)
    return Vault.from_row(row)


def _missing(vault: UUID | str) -> errors.NotFound:
    return errors.NotFound(f"There is no vault {vault}.")
