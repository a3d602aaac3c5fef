"""Queries of people: one statement that can only read, whatever it says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import asyncpg

from indexer import errors
from indexer.store import connect, queries

SQL = queries.beside(__file__)

#: What a query may be at fault for itself: its words, its values, its wish to write.
_THEIRS: Final = (
    asyncpg.SyntaxOrAccessError,
    asyncpg.DataError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.FeatureNotSupportedError,
    asyncpg.InvalidTransactionStateError,
)


async def rows(database: connect.Database, query: str) -> tuple[list[str], list[list[Any]]]:
    """The columns and rows of a query; UsageError, in PostgreSQL's words, where it is wrong or would write."""
    async with database.session() as session:
        try:
            await session.execute(SQL["read_only"])
            async with session.transaction(readonly=True):
                await session.execute(SQL["as_reader"])
                statement = await session.prepare(query)
                found = await statement.fetch()
                columns = [attribute.name for attribute in statement.get_attributes()]
        except _THEIRS as problem:
            raise errors.UsageError(f"PostgreSQL says: {problem}") from problem
    return columns, [[_plain(value) for value in row] for row in found]


def _plain(value: Any) -> Any:
    """A value that JSON has."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, bool | int | float | str | list) else str(value)
