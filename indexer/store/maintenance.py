"""Regular work on people's data, for every vault, by one program at a time.

The same as the SQL function perform_maintenance, step by step so that each can be reported, and besides: tiers,
compression of the last tier, and the monthly rebuilding of indexes, which cannot run inside a function. `run` may be
called as often as one likes; what was done lately is left out.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Final

from indexer.store import accesses, connect, faults, memories, queries, searching

logger = logging.getLogger(__name__)

SQL = queries.beside(__file__)

#: Held by the one who does it; the same number as in perform_maintenance.
LOCK: Final = 1957453
DAILY: Final = dt.timedelta(hours=20)
MONTHLY: Final = dt.timedelta(days=28)
#: Missing sketches that one run makes.
SKETCHES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did; zeros and False where nothing was due."""

    n_partitions_made: int = 0
    n_partitions_dropped: int = 0
    n_removed: int = 0
    n_moved: int = 0
    n_compressed: int = 0
    n_sketched: int = 0
    n_vectors_removed: int = 0
    n_indexes_rebuilt: int = 0
    seconds: float = 0.0


async def run(database: connect.Database, *, force: bool = False) -> Report | None:
    """Does what is due, or all of it when forced. None where another program is doing it at the moment, or did it lately."""
    started = time.monotonic()
    async with _alone(database) as session:
        if session is None or not (force or await _is_due(session, "daily", DAILY)):
            return None
        n_made = await session.fetchval(SQL["make_partitions"])
        n_dropped = await session.fetchval(SQL["drop_partitions"])
        n_removed = await session.fetchval(SQL["remove_expired"])
        moves = await accesses.migrate_tiers(database)
        n_compressed = await accesses.compress_longterm(database)
        n_sketched = await memories.fill_sketches(database, SKETCHES)
        n_vectors = await searching.prune_vectors(database)
        await session.execute(SQL["update_statistics"])
        for table in await session.fetch(SQL["tables"]):
            await session.execute(table["analyze"])
        n_rebuilt = await _rebuild(session) if force or await _is_due(session, "reindex", MONTHLY) else 0
        seconds = round(time.monotonic() - started, 3)
        report = Report(n_made, n_dropped, n_removed, len(moves), n_compressed, n_sketched, n_vectors, n_rebuilt, seconds)
        await session.execute(SQL["note_run"], "daily", asdict(report))
    logger.info("maintenance done", extra=asdict(report))
    return report


async def last_run(database: connect.Database) -> tuple[dt.datetime, Report] | None:
    """When the last run ended, and what it did."""
    row = await database.fetchrow(SQL["last_run"])
    return None if row is None else (row["finished_at"], Report(**row["report"]))


@asynccontextmanager
async def _alone(database: connect.Database) -> AsyncIterator[connect.Session | None]:
    """A session that holds the lock, or None where another one does."""
    async with database.session() as session:
        if not await session.fetchval(SQL["try_lock"], LOCK):
            yield None
            return
        try:
            yield session
        finally:
            with contextlib.suppress(*faults.RAISED):
                await session.execute(SQL["unlock"], LOCK)


async def _is_due(session: connect.Session, task: str, every: dt.timedelta) -> bool:
    return bool(await session.fetchval(SQL["is_due"], task, every))


async def _rebuild(session: connect.Session) -> int:
    """Rebuilds the indexes of people's tables while they stay in use, and drops what an interrupted rebuild left behind."""
    for index in await session.fetch(SQL["left_behind"]):
        await session.execute(index["statement"])
    rows = await session.fetch(SQL["tables"])
    n_rebuilt = 0
    for row in rows:
        if row["reindex"] is not None:
            await session.execute(row["reindex"])
            n_rebuilt += row["n_indexes"]
    await session.execute(SQL["note_run"], "reindex", {"n_indexes": n_rebuilt})
    return n_rebuilt
