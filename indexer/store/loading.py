"""Loading a whole project: copy first, index after, then put the finished tables in the place of the former ones.

Nobody sees the tables while they are filled; a load that fails or is killed leaves nothing behind, or unattached tables
that the next load of that project drops. Two connections work side by side: one copies and indexes the symbols, the
other the relationships and files, so the symbols' indexes are built while the caller still resolves.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from indexer import errors, model
from indexer.store import connect, faults, queries, rows

logger = logging.getLogger(__name__)

SQL = queries.beside(__file__)

HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = b"\xff\xff"
#: Chunks are sent when they have this many bytes together: each COPY costs a round trip.
CHUNK_BYTES: Final = 1 << 20
#: How often the swap is tried while queries hold the tables, each time for up to the lock's time-out.
SWAP_ATTEMPTS: Final = 15


class Bulk:
    """A load under way; made by `load`. Chunks are rows of `rows`, any number in each, in any order of calls."""

    def __init__(self, symbols: _Table, relationships: _Table, files: _Table) -> None:
        self._symbols = symbols
        self._relationships = relationships
        self._files = files
        self._indexing: asyncio.Task[None] | None = None
        #: Where the project's index stands once the load is over.
        self.generation: model.Generation | None = None

    async def symbols(self, chunk: bytes) -> None:
        """Takes rows of `rows.symbols`; raises Conflict after `finish_symbols`."""
        if self._indexing is not None:
            raise errors.Conflict("No symbols can be loaded after finish_symbols().")
        await self._symbols.take(chunk)

    async def finish_symbols(self) -> None:
        """Says that all symbols are there: their indexes are built from here on, beside whatever follows."""
        if self._indexing is None:
            self._indexing = asyncio.create_task(self._symbols.finish(), name="index symbols")

    async def relationships(self, chunk: bytes) -> None:
        """Takes rows of `rows.relationships`."""
        await self._relationships.take(chunk)

    async def files(self, chunk: bytes) -> None:
        """Takes rows of `rows.file`."""
        await self._files.take(chunk)

    async def finish(self) -> Sequence[tuple[str, str]]:
        """Builds what is missing and returns (parent, finished table) of all three."""
        await self.finish_symbols()
        await self._relationships.finish()
        await self._files.finish()
        assert self._indexing is not None
        await self._indexing
        return [(table.parent, table.name) for table in (self._files, self._symbols, self._relationships)]

    async def stop(self) -> None:
        """Ends whatever still runs, for a load that failed."""
        tasks = [self._indexing, *(table.sending for table in (self._symbols, self._relationships, self._files))]
        for task in filter(None, tasks):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, *faults.RAISED):
                await task


class _Line:
    """A connection that does one thing at a time for several tables, in one transaction."""

    def __init__(self, session: connect.Session) -> None:
        self.session = session
        self.lock = asyncio.Lock()
        self.transaction = session.transaction()


class _Table:
    """One unattached table and the rows on their way into it; one COPY runs while the next chunk gathers."""

    def __init__(self, line: _Line, parent: str, name: str, columns: Sequence[str]) -> None:
        self.parent = parent
        self.name = name
        self.sending: asyncio.Task[None] | None = None
        self._line = line
        self._columns = columns
        self._chunks: list[bytes] = []
        self._size = 0

    async def take(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size >= CHUNK_BYTES:
            await self._send()

    async def finish(self) -> None:
        await self._send()
        await self._sent()
        async with self._line.lock:
            await self._line.session.execute(SQL["index_partition"], self.parent, self.name)

    async def _send(self) -> None:
        await self._sent()
        if self._chunks:
            chunks, self._chunks, self._size = self._chunks, [], 0
            self.sending = asyncio.create_task(self._copy(chunks), name=f"copy {self.parent}")

    async def _sent(self) -> None:
        if self.sending is not None:
            sending, self.sending = self.sending, None
            await sending

    async def _copy(self, chunks: Sequence[bytes]) -> None:
        # Frozen rows need no second write to mark them as visible, and no vacuum later.
        async with self._line.lock:
            await self._line.session.copy_to_table(
                self.name, source=framed(chunks), columns=self._columns, format="binary", freeze=True
            )


@asynccontextmanager
async def load(database: connect.Database, project: uuid.UUID) -> AsyncIterator[Bulk]:
    """A load that replaces everything of a project when the block ends, and nothing when it raises.

    Raises Conflict when the project is unknown or another load of it runs, Busy when queries hold its tables for too
    long.
    """
    async with database.session() as first, database.session() as second:
        await first.execute(SQL["drop_leftovers"], project)
        lines = (_Line(first), _Line(second))
        bulk = await _begin(*lines, project)
        try:
            yield bulk
            finished = await bulk.finish()
            for line in lines:
                await line.transaction.commit()
            bulk.generation = await _swap(first, project, finished)
        except BaseException:
            await bulk.stop()
            raise


async def framed(chunks: Sequence[bytes]) -> AsyncIterator[bytes]:
    """Rows as a whole stream of binary COPY."""
    yield HEADER
    for chunk in chunks:
        yield chunk
    yield TRAILER


async def _begin(first: _Line, second: _Line, project: uuid.UUID) -> Bulk:
    for line in (first, second):
        await line.transaction.start()
        await line.session.execute(SQL["begin_copy"])
    if not await first.session.fetchval(SQL["begin_load"], project):
        raise errors.Conflict("Another load of this project is running; wait until it is done.")
    suffix = secrets.token_hex(4)
    tables = []
    for line, parent, columns in (
        (first, "code_symbols", rows.SYMBOL_COLUMNS),
        (second, "symbol_relationships", rows.RELATIONSHIP_COLUMNS),
        (second, "files", rows.FILE_COLUMNS),
    ):
        name = await line.session.fetchval(SQL["make_partition"], parent, project, suffix)
        tables.append(_Table(line, parent, name, columns))
    return Bulk(*tables)


async def _swap(
    session: connect.Session, project: uuid.UUID, finished: Sequence[tuple[str, str]]
) -> model.Generation:
    for attempt in range(SWAP_ATTEMPTS):
        try:
            async with session.transaction():
                await session.execute(SQL["begin_swap"])
                for parent, name in finished:
                    await session.execute(SQL["attach_partition"], parent, project, name)
                row = await session.fetchrow(SQL["next_generation"], project)
                if row is None:
                    raise errors.Conflict("The project is not in the database, or was removed while it was loaded.")
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            logger.info("tables are in use, swapping again", extra={"attempt": attempt})
            continue
        return model.Generation(row["epoch"], row["generation"])
    raise errors.Busy("Queries keep the project's tables; the load could not be put in place. Try again.")
