"""The worker processes of a daemon: files go in, facts and rows come out; a worker that oversteps is ended and replaced.

A file that a worker died over is tried again first; if that fails too it is given back as an `Unextracted`, never as a result: what
a fresh index would say of it is not known.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Final

import msgspec

from indexer import errors
from indexer.index import frames, processes, worker

logger = logging.getLogger(__name__)

#: Tasks that a worker has at a time, so that it never waits for the daemon.
_WINDOW: Final = 4
_LOOK_SECONDS: Final = 0.25
#: A worker that uses no processor is ended after so many times the limit for one that does.
IDLE_FACTOR: Final = 6
#: How often a file is tried again when its worker ended without having been ended for it.
RETRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may take: seconds of its processor for one file, resident bytes."""

    file_seconds: float
    resident_bytes: int


@dataclass(frozen=True, slots=True)
class Unextracted:
    """A file that no worker could finish, and why."""

    path: str
    reason: str


class _Worker:
    """One worker process and what it has been given."""

    def __init__(self, process: processes.Process) -> None:
        self.process = process
        self.given: deque[frames.Extract] = deque()
        self.since = time.monotonic()
        self.end_reason: str | None = None


class Pool:
    """Up to `size` workers, started when there is work for them."""

    def __init__(self, size: int, settings: worker.Settings, limits: Limits) -> None:
        self._size = size
        self._argument = msgspec.json.encode(settings).decode()
        self._limits = limits
        self._idle: list[processes.Process] = []
        self._busy: set[_Worker] = set()
        self.n_ended = 0

    def pids(self) -> list[int]:
        """The processes that live."""
        return [p.pid for p in (*self._idle, *(w.process for w in self._busy)) if p.is_running]

    async def extract(self, tasks: Iterable[frames.Extract]) -> AsyncIterator[frames.Extracted | Unextracted]:
        """Does all tasks, several at a time; results come in any order."""
        waiting = deque(tasks)
        results: asyncio.Queue[frames.Extracted | Unextracted | None] = asyncio.Queue(maxsize=2 * self._size * _WINDOW)
        n_tasks = len(waiting)
        n_runners = min(self._size, (n_tasks + _WINDOW - 1) // _WINDOW)
        runners = [asyncio.create_task(self._run(waiting, results)) for _ in range(n_runners)]
        try:
            for _ in range(n_tasks):
                result = await _next(results, runners)
                yield result
        finally:
            for runner in runners:
                runner.cancel()
            await asyncio.gather(*runners, return_exceptions=True)

    async def _run(
        self, waiting: deque[frames.Extract], results: asyncio.Queue[frames.Extracted | Unextracted | None]
    ) -> None:
        suspects: Counter[str] = Counter()
        while waiting:
            process = await self._take()
            current = _Worker(process)
            self._busy.add(current)
            watch = asyncio.create_task(self._watch(current))
            is_well = False
            try:
                await self._feed(current, waiting, results)
                is_well = True
            except errors.Unavailable:
                await self._bury(current, waiting, results, suspects)
            finally:
                watch.cancel()
                self._busy.discard(current)
                # Its end may be seen in its pipe before the system tells of it.
                if is_well and process.is_running:
                    self._idle.append(process)
                else:
                    await process.end()

    async def _feed(
        self,
        current: _Worker,
        waiting: deque[frames.Extract],
        results: asyncio.Queue[frames.Extracted | Unextracted | None],
    ) -> None:
        while waiting or current.given:
            while waiting and len(current.given) < _WINDOW:
                task = waiting.popleft()
                if not current.given:
                    current.since = time.monotonic()
                current.given.append(task)
                current.process.post(task)
            answer = await current.process.receive()
            current.given.popleft()
            current.since = time.monotonic()
            assert isinstance(answer, frames.Extracted)
            await results.put(answer)

    async def _bury(
        self,
        current: _Worker,
        waiting: deque[frames.Extract],
        results: asyncio.Queue[frames.Extracted | Unextracted | None],
        suspects: Counter[str],
    ) -> None:
        """Gives back what a dead worker had: its first task is the suspect, and is tried again."""
        self.n_ended += 1
        suspect, *innocent = current.given
        current.given.clear()
        reason = current.end_reason or "the parser's process ended"
        logger.warning("a worker ended", extra={"path": suspect.path, "reason": reason})
        waiting.extendleft(reversed(innocent))
        suspects[suspect.path] += 1
        # Who did not overstep may have been killed by anybody.
        if suspects[suspect.path] > (RETRIES if current.end_reason is None else 1):
            await results.put(Unextracted(suspect.path, reason))
        else:
            waiting.appendleft(suspect)

    async def _take(self) -> processes.Process:
        while self._idle:
            process = self._idle.pop()
            if process.is_running:
                return process
        return await processes.Process.start("indexer.index.worker", self._argument)

    async def _watch(self, current: _Worker) -> None:
        """Ends a worker that takes too long over a file or too much memory."""
        limits = self._limits
        since: float | None = None
        cpu = 0.0
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if current.since != since:
                since, cpu = current.since, current.process.cpu_seconds()
            if current.given and self._is_late(current, cpu):
                current.end_reason = f"parsing took longer than {limits.file_seconds:g} s"
            elif current.process.resident_bytes() > limits.resident_bytes:
                current.end_reason = f"parsing took more than {limits.resident_bytes >> 20} MB"
            else:
                continue
            await current.process.end()
            return

    def _is_late(self, current: _Worker, cpu_before: float) -> bool:
        """Whether a file has cost too much of the processor, or its worker has done nothing for very long.

        By the clock alone, a machine that is busy with other things would end every worker.
        """
        limit = self._limits.file_seconds
        waited = time.monotonic() - current.since
        if waited <= limit:
            return False
        return waited > IDLE_FACTOR * limit or current.process.cpu_seconds() - cpu_before > limit

    async def rest(self, keep: int = 0) -> None:
        """Ends idle workers but for `keep`."""
        while len(self._idle) > keep:
            await self._idle.pop().end()

    async def close(self) -> None:
        """Ends all workers."""
        for current in list(self._busy):
            await current.process.end()
        await self.rest()


async def _next(
    results: asyncio.Queue[frames.Extracted | Unextracted | None], runners: list[asyncio.Task[None]]
) -> frames.Extracted | Unextracted:
    """The next result; raises what a runner died of, should one."""
    while True:
        getting = asyncio.ensure_future(results.get())
        done, _ = await asyncio.wait({getting, *runners}, return_when=asyncio.FIRST_COMPLETED)
        if getting in done:
            result = getting.result()
            assert result is not None
            return result
        getting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await getting
        for runner in list(runners):
            if runner.done():
                runner.result()
                runners.remove(runner)
