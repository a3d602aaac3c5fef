"""A database that a team runs, in place of the embedded one: over TCP, with a password, restarted under its users."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from memory_writer import text_of
from served import served
from servers import ask
from tcp_server import PASSWORD, TcpServer, tcp_server

from indexer import errors
from indexer.store import connect, guard, memories, vaults

WRITER = Path(__file__).with_name("memory_writer.py")


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TcpServer]:
    with tcp_server(tmp_path_factory.mktemp("team")) as server:
        asyncio.run(_prepare(server))
        yield server


async def _prepare(server: TcpServer) -> None:
    """What an administrator does: a role that is no superuser, its database, the extensions."""
    administrator = await _patiently(server.dsn())
    await administrator.execute(f"CREATE ROLE indexer LOGIN PASSWORD '{PASSWORD}'")
    await administrator.execute("CREATE DATABASE indexer OWNER indexer")
    await administrator.close()
    there = await asyncpg.connect(server.dsn(database="indexer"))
    await there.execute("CREATE EXTENSION vector; CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin")
    await there.close()


async def _patiently(dsn: str) -> asyncpg.Connection:  # type: ignore[type-arg]
    async with asyncio.timeout(60):
        while True:
            try:
                return await asyncpg.connect(dsn)
            except (OSError, asyncpg.CannotConnectNowError):
                await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("user", "password", "database", "words"),
    [
        ("indexer", "wrong", "indexer", "refuses the login"),
        ("nobody", PASSWORD, "indexer", "refuses the login"),
        ("indexer", PASSWORD, "missing", "createdb"),
    ],
)
async def test_a_refused_login_is_explained(team: TcpServer, user: str, password: str, database: str, words: str) -> None:
    with pytest.raises(errors.DatabaseUnavailable) as caught:
        await connect.connect(team.dsn(user, password, database))
    assert words in str(caught.value)
    assert "database.dsn" in str(caught.value)
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_daemon_goes_on_when_the_server_restarts(team: TcpServer, how: signal.Signals) -> None:
    with served(team.dsn("indexer", database="indexer"), {"a.py": "def before():\n    pass\n"}) as project:
        team.stop(how)
        (project.root / "a.py").write_text("def meanwhile():\n    pass\n")
        assert project.ask("system.status")["database"]["problem"]
        team.start()
        assert project.ask("index.sync")["complete"]
        assert project.ask("symbols.find", name="meanwhile")["total"] == 1
        assert project.ask("symbols.find", name="before")["total"] == 0


def test_no_acknowledged_memory_is_lost_by_restarts(team: TcpServer) -> None:
    dsn = team.dsn("indexer", database="indexer")
    vault = asyncio.run(_vault(dsn))
    acknowledged = []
    with subprocess.Popen([sys.executable, WRITER, dsn, str(vault)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for how in (signal.SIGINT, signal.SIGKILL, signal.SIGQUIT):
            acknowledged += [writer.stdout.readline() for _ in range(10)]
            team.stop(how)
            team.start()
        acknowledged += [writer.stdout.readline() for _ in range(10)]
        writer.kill()
    wanted = {uuid.UUID(key): text_of(run, int(number)) for key, run, number in (line.split() for line in acknowledged)}
    assert len(wanted) == 40
    assert asyncio.run(_contents(dsn, vault, list(wanted))) == wanted
    # Nobody but its owner's role has had a part in it.
    owners = ask(dsn, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert owners == [("indexer",)]


async def _vault(dsn: str) -> uuid.UUID:
    database = await connect.connect(dsn)
    held = await guard.hold(database)
    await held.close()
    vault = await vaults.register(database, "v", "/v")
    await database.close()
    return vault.id


async def _contents(dsn: str, vault: uuid.UUID, ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    database = await connect.connect(dsn)
    found = await memories.get_many(database, vault, ids)
    await database.close()
    return {memory.id: memory.content for memory in found}
