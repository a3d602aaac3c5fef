"""What was acknowledged is there whatever is killed, and nothing is there by halves."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

from memory_writer import text_of
from servers import open_home, wait_until

from indexer import database as server
from indexer.store import anchors, connect, guard, memories, vaults

WRITER = Path(__file__).with_name("memory_writer.py")


def write_until(n_lines: int, dsn: str, vault: uuid.UUID, kill_server: int | None) -> list[str]:
    """Lets a writer go on until it has reported so much, kills it, or the server under it first; what was acknowledged."""
    writer = subprocess.Popen([sys.executable, WRITER, dsn, str(vault)], stdout=subprocess.PIPE, text=True)
    with writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(n_lines)]
        if kill_server is not None:
            os.kill(kill_server, signal.SIGKILL)
            lines += [writer.stdout.readline() for _ in range(n_lines)]
        writer.kill()
        return [line for line in (*lines, *writer.stdout) if line.endswith("\n")]


async def prepared(dsn: str) -> uuid.UUID:
    """A database with the schema and a vault."""
    database = await connect.connect(dsn, connect.EMBEDDED, "tests")
    held = await guard.hold(database)
    await held.close()
    vault = await vaults.register(database, "v", "/v")
    await database.close()
    return vault.id


async def check(dsn: str, vault: uuid.UUID, acknowledged: list[str]) -> None:
    """All that was acknowledged is there as it was sent; what else is there is whole as well."""
    database = await connect.connect(dsn, connect.EMBEDDED, "tests")
    wanted = {uuid.UUID(line.split()[0]): text_of(line.split()[1], int(line.split()[2])) for line in acknowledged}
    found = {each.id: each for each in await memories.get_many(database, vault, list(wanted))}
    assert {key: memory.content for key, memory in found.items()} == wanted
    page = await memories.listed(database, vault, limit=0)
    assert len(page.memories) >= len(wanted)
    tied = await anchors.of_memories(database, vault, [memory.id for memory in page.memories])
    assert tied.keys() == {memory.id for memory in page.memories}
    for memory in await memories.get_many(database, vault, [memory.id for memory in page.memories]):
        assert text_of(memory.tags[0], int(memory.content.split()[1])) == memory.content
    await database.close()


def test_no_acknowledged_memory_is_lost(tmp_path: Path) -> None:
    with open_home(tmp_path / "home") as home, server.acquire(home) as lease:
        vault = asyncio.run(prepared(lease.dsn))
        acknowledged: list[str] = []
        for is_server_killed in (False, True, True):
            pid = server.status(home).server_pid
            acknowledged += write_until(15, lease.dsn, vault, pid if is_server_killed else None)
            if is_server_killed:
                wait_until(lambda before=pid: server.status(home).server_pid not in (before, None))
        asyncio.run(check(lease.dsn, vault, acknowledged))
        assert len(acknowledged) >= 75
