"""What the tests of the embedded server share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from indexer.database import temporary


@contextmanager
def open_home(folder: Path) -> Iterator[Path]:
    """A home whose server, wherever its files lie, is removed in the end."""
    try:
        yield folder
    finally:
        wait_until(lambda: temporary.remove_unused(folder))


def ask(dsn: str, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """The rows of one statement over a connection of its own."""

    async def run() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(dsn)
        try:
            return [tuple(row) for row in await connection.fetch(sql, *values)]
        finally:
            await connection.close()

    return asyncio.run(run())


def wait_until(condition: Callable[[], bool], limit: float = 60.0) -> None:
    """Look again and again until the condition holds; fail after `limit` seconds."""
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.02)
