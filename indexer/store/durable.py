"""Transactions for what people wrote: acknowledged means on disk, whatever the server's default is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from indexer.store import connect, queries

SQL = queries.beside(__file__)


@asynccontextmanager
async def transaction(database: connect.Database) -> AsyncIterator[connect.Connection]:
    """A transaction whose commit has reached the disk when the block ends."""
    async with database.transaction() as connection:
        await connection.execute(SQL["synchronous"])
        yield connection


@asynccontextmanager
async def long_transaction(database: connect.Database) -> AsyncIterator[connect.Connection]:
    """The same without a limit of time, on a connection of its own."""
    async with database.long_transaction() as connection:
        await connection.execute(SQL["synchronous"])
        yield connection
