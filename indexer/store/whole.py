"""Reading the whole index of a project, row by row, as of one moment: for exports and whatever is built from everything."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from indexer.store import connect, queries

SQL = queries.beside(__file__)

#: Rows that are fetched at a time.
_PREFETCH: Final = 2000


class Symbol(NamedTuple):
    """A symbol without its texts, in the order of the query's columns."""

    id: uuid.UUID
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    name: str
    qualified_name: str
    type: str
    kind: str
    language: str
    container: uuid.UUID | None


class Described(NamedTuple):
    """A symbol with what a reader is told of it, in the order of the query's columns."""

    id: uuid.UUID
    path: str
    line: int
    column: int
    start_line: int
    start_column: int
    end_line: int
    end_column: int
    name: str
    qualified_name: str
    kind: str
    language: str
    container: uuid.UUID | None
    ordinal: int
    signature: str | None
    documentation: str | None


class File(NamedTuple):
    """A source file, in the order of the query's columns."""

    path: str
    language: str
    flags: tuple[str, ...]


class Relationship(NamedTuple):
    """A relationship without its sites."""

    source: uuid.UUID
    target: uuid.UUID
    type: str
    confidence: float
    n_sites: int


class Snapshot:
    """One state of a project's index; made by `snapshot`. One iterator at a time."""

    def __init__(self, connection: connect.Session, project: uuid.UUID) -> None:
        self._connection = connection
        self._project = project

    async def symbols(self) -> AsyncIterator[Symbol]:
        """All symbols by path, line and column."""
        async for row in self._connection.cursor(SQL["symbols"], self._project, prefetch=_PREFETCH):
            yield Symbol(*row)

    async def described(self) -> AsyncIterator[Described]:
        """All symbols by path, line and column."""
        async for row in self._connection.cursor(SQL["described"], self._project, prefetch=_PREFETCH):
            yield Described(*row)

    async def files(self) -> AsyncIterator[File]:
        """All source files by path."""
        async for path, language, flags in self._connection.cursor(SQL["files"], self._project, prefetch=_PREFETCH):
            yield File(path, language, tuple(flags))

    async def sites(self) -> AsyncIterator[tuple[str, bytes]]:
        """The path and the packed sites of every file, by path."""
        async for row in self._connection.cursor(SQL["sites"], self._project, prefetch=50):
            yield row[0], row[1]

    async def relationships(self) -> AsyncIterator[Relationship]:
        """All relationships by the places of source and target."""
        async for row in self._connection.cursor(SQL["relationships"], self._project, prefetch=_PREFETCH):
            yield Relationship(*row)

    async def overrides(self) -> AsyncIterator[tuple[uuid.UUID, uuid.UUID]]:
        """What overrides what, by the places of the overriding definitions."""
        async for row in self._connection.cursor(SQL["overrides"], self._project, prefetch=_PREFETCH):
            yield row[0], row[1]


@asynccontextmanager
async def snapshot(database: connect.Database, project: uuid.UUID) -> AsyncIterator[Snapshot]:
    """The index as it is at this moment, unmoved by commits that come while it is read."""
    async with database.session() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        yield Snapshot(connection, project)
