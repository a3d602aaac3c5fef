"""Fixtures: one real PostgreSQL server a test session, and a fresh database with the whole schema for each test.

A test module says `pytest_plugins = ["database"]` and asks for `database` (an open pool) or `dsn` (to connect
by itself). The server is the embedded one in a private home that the workers of a run share; the last one to
leave removes it.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from indexer.database import temporary
from indexer.store import code, connect, guard

TEMPLATE = "template_of_tests"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The DSN of the session's server, at its maintenance database."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    home = Path(tempfile.gettempdir()) / f"indexer-tests-{run[:12]}"
    with temporary.server(home) as lease:
        maintenance = named(lease.dsn, "postgres")
        asyncio.run(_be_quick(maintenance))
        yield maintenance


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """The name of a database with the schema applied, made by the first worker that asks."""
    asyncio.run(_make_template(server))
    return TEMPLATE


@pytest.fixture
def empty_dsn(server: str) -> Iterator[str]:
    """A database without a schema."""
    yield from fresh(server, "template0")


@pytest.fixture
def dsn(server: str, template: str) -> Iterator[str]:
    """A database with the schema and nothing in it."""
    yield from fresh(server, template)


@pytest.fixture(scope="session")
def shared_dsn(server: str, template: str) -> Iterator[str]:
    """A database with the schema for all tests that only look at it."""
    yield from fresh(server, template)


@pytest_asyncio.fixture
async def database(dsn: str) -> AsyncIterator[connect.Database]:
    """A pool on a database with the schema and nothing in it."""
    opened = await connect.connect(dsn, connect.EMBEDDED, "tests")
    yield opened
    await opened.close()


async def prepare(server: str) -> None:
    """Makes the template on a server that is thrown away afterwards."""
    await _be_quick(server)
    await _make_template(server)


def named(dsn: str, database: str) -> str:
    """The same server's DSN for another database."""
    head, _, query = dsn.partition("?")
    return f"{head.rpartition('/')[0]}/{database}?{query}"


def fresh(server: str, template: str) -> Iterator[str]:
    """The DSN of a database that is gone after the next step of the iterator."""
    name = f"test_{uuid.uuid4().hex}"
    # Copying files takes a tenth of copying through the log, once nothing has to reach the disk.
    asyncio.run(_run(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
    yield named(server, name)
    asyncio.run(_run(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


async def _be_quick(server: str) -> None:
    """What is thrown away need not reach the disk; killed processes lose nothing by it, only a killed machine would."""
    await _run(server, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")


async def _run(dsn: str, *statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _make_template(server: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute("SELECT pg_advisory_lock(1)")
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", TEMPLATE):
            await connection.execute(f"CREATE DATABASE {TEMPLATE}_made TEMPLATE template0")
            await _apply_schema(named(server, f"{TEMPLATE}_made"))
            await connection.execute(f"ALTER DATABASE {TEMPLATE}_made RENAME TO {TEMPLATE}")
    finally:
        await connection.close()


async def _apply_schema(dsn: str) -> None:
    database = await connect.connect(dsn, connect.EMBEDDED, "tests")
    held = await guard.hold(database)
    await held.close()
    await database.close()


@pytest_asyncio.fixture
async def store(dsn: str) -> AsyncIterator[code.Store]:
    """The store for code on a database with nothing in it."""
    opened = await code.open_store(dsn, connect.EMBEDDED, "tests")
    yield opened
    await opened.close()
