"""Definitions with their texts, as the anchors of memories look for them. Imports and modules are left out: the one
defines nothing, the other is its file.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from indexer.store import connect, queries

SQL = queries.beside(__file__)

#: Definitions that one look-up returns; a name that is more common than this is no evidence.
LIMIT: Final = 2000
#: Files that one look-up returns; they are read from the disk.
MAX_FILES: Final = 300


@dataclass(frozen=True, slots=True)
class Definition:
    """A symbol that an anchor may point at; lines count from 1, inclusive."""

    id: UUID
    path: str
    name: str
    qualified_name: str
    kind: str
    start_line: int
    end_line: int
    text: str


async def by_qualified_names(database: connect.Database, project: UUID, names: Collection[str]) -> list[Definition]:
    """The symbols of these qualified names, in any file."""
    return await _fetch(database, "by_qualified_names", project, list(names))


async def by_names(database: connect.Database, project: UUID, names: Collection[str]) -> list[Definition]:
    """The symbols whose last segment is one of these names."""
    return await _fetch(database, "by_names", project, list(names))


async def at_paths(database: connect.Database, project: UUID, paths: Collection[str]) -> list[Definition]:
    """The symbols in these files."""
    return await _fetch(database, "at_paths", project, list(paths))


async def of_sizes(database: connect.Database, project: UUID, kind: str, sizes: Collection[int]) -> list[Definition]:
    """The symbols of a kind whose text has one of these sizes in UTF-8 bytes. Reads the lengths of all of the project's
    texts.
    """
    return await _fetch(database, "of_sizes", project, kind, list(sizes))


async def by_id(database: connect.Database, project: UUID, symbol: UUID) -> Definition | None:
    """One symbol, or None."""
    found = await _fetch(database, "by_id", project, symbol)
    return found[0] if found else None


async def paths_near(database: connect.Database, project: UUID, paths: Collection[str]) -> list[str]:
    """The files that have the name of one of these, or lie in the same folder, by path; at most MAX_FILES."""
    names = [path.rpartition("/")[2] for path in paths]
    folders = [path.rpartition("/")[0] for path in paths]
    rows = await database.fetch(SQL["paths_near"], project, names, folders, MAX_FILES)
    return [row["path"] for row in rows]


async def _fetch(database: connect.Database, block: str, project: UUID, *values: object) -> list[Definition]:
    return [_definition(row) for row in await database.fetch(SQL[block], project, *values, LIMIT)]


def _definition(row: asyncpg.Record) -> Definition:
    return Definition(**dict(row.items()))
