"""What can be wrong with a database is said with its fix; what passes is waited for."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import tempfile
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from code_rows import PROJECT
from database import named

from indexer import errors
from indexer.database import temporary
from indexer.store import code, connect

pytest_plugins = ["database"]


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port


async def refusal(dsn: str) -> str:
    with pytest.raises(errors.IndexerError) as caught:
        await connect.connect(dsn)
    assert isinstance(caught.value, errors.DatabaseUnavailable | errors.ConfigError)
    return str(caught.value)


@pytest.mark.parametrize(
    ("dsn", "words"),
    [
        ("postgresql://127.0.0.1:{port}/x", "does not answer"),
        ("postgresql:///x?host=/nowhere", "does not answer"),
        ("postgresql://no-such-host.invalid/x", "does not answer"),
        ("postgresql://u@h:notaport/x", "malformed"),
        ("mysql://u@h/x", "malformed"),
        ("postgresql://h/x?sslmode=nonsense", "malformed"),
    ],
)
async def test_a_wrong_dsn_is_explained(dsn: str, words: str) -> None:
    message = await refusal(dsn.format(port=closed_port()))
    assert words in message
    assert "database.dsn" in message


async def test_a_missing_database_is_explained(server: str) -> None:
    message = await refusal(named(server, "no_such_database"))
    assert "createdb" in message
    assert "no_such_database" in message


async def test_a_wrong_encoding_is_explained(server: str) -> None:
    name = f"latin_{uuid.uuid4().hex}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0")
    assert "createdb --encoding=UTF8" in await refusal(named(server, name))
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest_asyncio.fixture
async def weak_dsn(empty_dsn: str) -> AsyncIterator[str]:
    """A role that may log in and nothing else."""
    role = f"weak_{uuid.uuid4().hex}"
    owner = await asyncpg.connect(empty_dsn)
    await owner.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER")
    # The embedded server knows its users by the operating system's, so the right is given to the session instead.
    yield f"{empty_dsn}&options=-c%20role%3D{role}"
    await owner.execute(f"DROP OWNED BY {role}")
    await owner.execute(f"DROP ROLE {role}")
    await owner.close()


async def test_missing_rights_and_extensions_are_explained_with_the_statement(empty_dsn: str, weak_dsn: str) -> None:
    message = await refusal(weak_dsn)
    assert "GRANT USAGE, CREATE ON SCHEMA" in message
    owner = await asyncpg.connect(empty_dsn)
    await owner.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    assert "CREATE EXTENSION vector;" in await refusal(weak_dsn)
    await owner.execute("CREATE EXTENSION vector; CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin")
    store = await code.open_store(weak_dsn, connect.EMBEDDED, "weak")
    assert await store.projects() == []
    await store.close()
    await owner.close()


async def test_values_that_no_text_can_hold_are_refused(database: connect.Database) -> None:
    for value in ("a\0b", "a\ud800"):
        with pytest.raises(errors.InvalidRequest):
            await database.fetchval("SELECT $1::text", value)


async def test_a_full_pool_says_so(dsn: str) -> None:
    database = await connect.connect(dsn, connect.PoolSettings(1, 1, connect_s=0.2), "small")
    async with database.transaction():
        with pytest.raises(errors.Busy, match="All 1 connections"):
            await database.execute("SELECT 1")
    assert await database.fetchval("SELECT 1") == 1
    await database.close()


async def test_a_slow_statement_is_stopped_and_a_long_transaction_is_not(dsn: str) -> None:
    database = await connect.connect(dsn, connect.PoolSettings(1, 2, statement_s=0.1), "quick")
    with pytest.raises(errors.Busy):
        await database.fetchval("SELECT pg_sleep(5)")
    async with database.long_transaction() as connection:
        await connection.execute("SELECT pg_sleep(0.3)")
    await database.close()


async def test_a_transaction_that_raises_leaves_nothing(database: connect.Database) -> None:
    async def fail_halfway() -> None:
        async with database.transaction() as connection:
            await connection.execute("CREATE TABLE half (id INTEGER)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_halfway()
    assert await database.fetchval("SELECT to_regclass('half')") is None


async def test_broken_connections_are_replaced(database: connect.Database) -> None:
    for _ in range(3):
        killer = await asyncpg.connect(database.dsn)
        await killer.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tests'")
        await killer.close()
        assert await database.fetchval("SELECT 1") == 1
        await database.execute("SELECT 1")


async def test_a_crash_of_the_server_is_survived_and_begins_a_new_epoch() -> None:
    home = Path(tempfile.mkdtemp(prefix="indexer-crash-"))
    with temporary.server(home / "home") as lease:
        store = await code.open_store(lease.dsn, connect.EMBEDDED, "survivor")
        recovered: asyncio.Queue[errors.IndexerError | None] = asyncio.Queue()
        store.guard.on_recovery(recovered.put)
        before = (await store.project("/a", "a", PROJECT)).generation
        await store.database.execute("CHECKPOINT")
        backend = await store.database.fetchval("SELECT pg_backend_pid()")
        # One process that dies so makes the server throw out all others and recover from its log.
        os.kill(backend, signal.SIGKILL)
        # The crash can come first upon the very query; afterwards every one succeeds.
        with contextlib.suppress(errors.DatabaseUnavailable):
            await store.database.fetchval("SELECT 1")
        after = await store.generation(PROJECT)
        assert await asyncio.wait_for(recovered.get(), 30) is None
        assert after.epoch > before.epoch
        assert after.number == before.number
        assert store.guard.is_connected
        await store.close()
    home.rmdir()
