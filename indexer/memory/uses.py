"""The log of accesses, written in batches: recalling must not wait for it, and a flood of recalls must not grow without
bound.

The counters of the memories themselves follow later and a few at a time: each is a row of a wide table with an index of vectors,
which costs milliseconds, and is mostly one that the next question finds again.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from indexer import errors
from indexer.store import accesses, connect
from indexer.store.accesses import Access

logger = logging.getLogger(__name__)

#: Accesses that may wait; the oldest go when there are more.
MAX_WAITING: Final = 10_000
BATCH: Final = 500
#: Seconds between two writes.
EVERY: Final = 2.0
#: Memories that are counted at each write, and seconds that a use waits for that.
COUNTED: Final = 50
COUNT_AFTER: Final = 30.0


class UseLog:
    """Takes accesses at once and writes them in batches; `run` it in the background, `flush` writes what is left.

    An access log is statistics: when the database is away for long, or the process is killed, the latest of it may be lost.
    """

    def __init__(self, database: connect.Database) -> None:
        self._database = database
        self._waiting: deque[Access] = deque(maxlen=MAX_WAITING)
        #: By vault and memory, in the order of their first use, which is beside it.
        self._uncounted: OrderedDict[tuple[UUID, UUID], tuple[float, accesses.Count]] = OrderedDict()
        self._wake = asyncio.Event()
        self._writing = asyncio.Lock()

    @property
    def n_waiting(self) -> int:
        """Accesses that are not in the log yet."""
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
                await self.write()
                async with self._writing:
                    await self._count(time.monotonic() - COUNT_AFTER)
            except errors.IndexerError as exc:
                logger.warning("accesses not written yet", extra={"reason": str(exc), "n_waiting": self.n_waiting})

    async def write(self) -> None:
        """Returns when all that was noted before is in the log; what cannot be written waits on, and the error is raised."""
        async with self._writing:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                try:
                    await accesses.log(self._database, batch)
                except BaseException:
                    self._waiting = deque([*batch, *self._waiting][-MAX_WAITING:], MAX_WAITING)
                    raise
                self._note_uncounted(batch)

    async def flush(self) -> None:
        """The same, and all of it is counted."""
        await self.write()
        async with self._writing:
            while self._uncounted:
                await self._count(time.monotonic())

    def _note_uncounted(self, batch: Sequence[Access]) -> None:
        now = time.monotonic()
        for use in batch:
            if use.operation == "recall":
                key = (use.vault_id, use.memory_id)
                since, count = self._uncounted.get(key, (now, accesses.Count(*key, 0, use.accessed_at, None)))
                self._uncounted[key] = since, count.with_one(use)
        while len(self._uncounted) > MAX_WAITING:
            self._uncounted.popitem(last=False)

    async def _count(self, until: float) -> None:
        """Counts a few of those that were first used up to a time."""
        part = [(key, each) for key, each in itertools.islice(self._uncounted.items(), COUNTED) if each[0] <= until]
        if part:
            await accesses.count(self._database, [count for _, (_, count) in part])
            for key, _ in part:
                del self._uncounted[key]
