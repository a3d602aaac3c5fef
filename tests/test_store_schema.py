"""Bringing a database to the schema, and keeping others from changing it."""

from __future__ import annotations

import asyncpg
import pytest

from indexer.store import queries

pytest_plugins = ["database"]

BLOCKS = list(queries.every())


@pytest.mark.parametrize(("file", "name", "statement"), BLOCKS, ids=[f"{file}:{name}" for file, name, _ in BLOCKS])
async def test_every_query_is_valid(shared_dsn: str, file: str, name: str, statement: str) -> None:
    connection = await asyncpg.connect(shared_dsn)
    try:
        await connection.execute("SELECT prepare_staging()")
        await connection.prepare(statement)
    finally:
        await connection.close()
