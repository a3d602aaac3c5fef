"""The log of accesses, written in batches: recalling must not wait for it, and a flood of recalls must not grow without
bound.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Sequence
from typing import Final

from indexer import errors
from indexer.store import accesses, connect
from indexer.store.accesses import Access

logger = logging.getLogger(__name__)

#: Accesses that may wait; the oldest go when there are more.
MAX_WAITING: Final = 10_000
BATCH: Final = 500
#: Seconds between two writes.
EVERY: Final = 2.0


class UseLog:
    """Takes accesses at once and writes them in batches; `run` it in the background, `close` writes what is left.

    An access log is statistics: when the database is away for long, or the process is killed, the latest of it may be lost.
    """

    def __init__(self, database: connect.Database) -> None:
        self._database = database
        self._waiting: deque[Access] = deque(maxlen=MAX_WAITING)
        self._wake = asyncio.Event()
        self._writing = asyncio.Lock()

    @property
    def n_waiting(self) -> int:
        """Accesses that are not written yet."""
        return len(self._waiting)

    def note(self, uses: Sequence[Access]) -> None:
        """Takes accesses; returns at once."""
        self._waiting.extend(uses)
        if len(self._waiting) >= BATCH:
            self._wake.set()

    async def run(self) -> None:
        """Writes until it is cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), EVERY)
            self._wake.clear()
            try:
                await self.flush()
            except errors.IndexerError as exc:
                logger.warning("accesses not written yet", extra={"reason": str(exc), "n_waiting": self.n_waiting})

    async def flush(self) -> None:
        """Returns when all that was noted before is written; what cannot be written waits on, and the error is raised."""
        async with self._writing:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                try:
                    await accesses.record(self._database, batch)
                except BaseException:
                    self._waiting = deque([*batch, *self._waiting][-MAX_WAITING:], MAX_WAITING)
                    raise
