"""The local embedder: all-MiniLM-L6-v2 in a worker process that starts with the first text and ends when
idle.

Texts go to the worker in small requests, a few at a time, so that memory stays bounded and several threads
have work. A request whose worker dies is sent once more to a fresh one: a second death is the text's fault,
or the machine's. When starting fails, it is not tried again at once, but after a pause that doubles.
"""

from __future__ import annotations

import array
import asyncio
import os
import time
from collections.abc import Sequence
from typing import Final

from indexer import errors
from indexer.embed import interface, process, wordpiece

#: Texts in one request: some 100 ms of work, after which an idle thread gets its next.
_BATCH: Final = 8

#: Queries that are sent on at once; more of them wait their turn.
_MAX_QUERIES: Final = 8

_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0


class LocalEmbedder:
    """See `interface.Embedder`. For one event loop."""

    kind: interface.Kind = "local"
    model = interface.LOCAL_MODEL
    dimensions: int | None = interface.LOCAL_DIMENSIONS

    def __init__(self, settings: interface.Settings) -> None:
        """Raises ConfigError for another model or dimension than the one there is."""
        if settings.model not in (None, self.model):
            raise errors.ConfigError(f"the local embedder's only model is {self.model}, not {settings.model}")
        if settings.dimensions not in (None, self.dimensions):
            raise errors.ConfigError(
                f"the local embedder's vectors have {self.dimensions} dimensions, not {settings.dimensions}"
            )
        self._settings = settings
        self._threads = settings.threads or min(4, os.cpu_count() or 1)
        # One request more than threads: the next is there when a thread ends one.
        self._background = asyncio.Semaphore(self._threads + 1)
        self._queries = asyncio.Semaphore(_MAX_QUERIES)
        self._worker: process.Worker | None = None
        self._starting: asyncio.Task[process.Worker] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None
        self._n_active = 0
        self._n_failures = 0
        self._paused_until = 0.0
        self._error: str | None = None
        self._closed = False

    @property
    def state(self) -> interface.State:
        """How it is; see `interface.State`."""
        if self._starting is not None:
            return interface.State("loading", self._error)
        if self._error is not None or self._closed:
            return interface.State("down", self._error or "the embedder is closed")
        is_running = self._worker is not None and self._worker.alive
        return interface.State("ready" if is_running else "idle")

    async def embed(self, texts: Sequence[str], *, is_query: bool = False) -> list[interface.Vector]:
        """See `interface.Embedder`."""
        batches = [[_cut(text) for text in texts[i : i + _BATCH]] for i in range(0, len(texts), _BATCH)]
        requests = [asyncio.create_task(self._request(batch, is_query)) for batch in batches]
        try:
            answers = await asyncio.gather(*requests)
            return [array.array("f", vector) for answer in answers for vector in answer]
        finally:
            for request in requests:
                request.cancel()

    async def close(self) -> None:
        """See `interface.Embedder`."""
        self._closed = True
        if self._idle is not None:
            self._idle.cancel()
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        if self._worker is not None:
            await self._worker.end(errors.Unavailable("the embedder is closed"))
        if self._ending is not None:
            await asyncio.wait([self._ending])

    async def _request(self, batch: list[str], is_query: bool) -> list[bytes]:
        async with self._queries if is_query else self._background:
            self._n_active += 1
            try:
                return await self._request_twice(batch, is_query)
            finally:
                self._n_active -= 1
                self._await_idleness()

    async def _request_twice(self, batch: list[str], is_query: bool) -> list[bytes]:
        try:
            return await self._request_once(batch, is_query)
        except process.Died:
            return await self._request_once(batch, is_query)

    async def _request_once(self, batch: list[str], is_query: bool) -> list[bytes]:
        worker = await self._running()
        try:
            vectors = await worker.embed(batch, urgent=is_query, timeout_s=self._settings.timeout_s)
        except process.Died as exc:
            self._note_failure(worker, exc)
            raise
        self._n_failures, self._error = 0, None
        return vectors

    async def _running(self) -> process.Worker:
        """The worker, started if need be. One start serves all who wait for it, and outlives each of them."""
        if self._closed:
            raise errors.Unavailable("the embedder is closed")
        if self._worker is not None and self._worker.alive:
            return self._worker
        if self._starting is None:
            if time.monotonic() < self._paused_until:
                raise errors.Unavailable(self._error or "the local embedder failed")
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(_retrieve)
        starting = self._starting
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            if starting.cancelled():
                raise errors.Unavailable("the embedder is closed") from None
            raise

    async def _start(self) -> process.Worker:
        try:
            settings = self._settings
            self._worker = await process.start(self._threads, settings.weights, settings.timeout_s)
        except errors.Unavailable as exc:
            self._note_failure(None, exc)
            raise
        finally:
            self._starting = None
        self._await_idleness()
        return self._worker

    def _note_failure(self, worker: process.Worker | None, cause: errors.Unavailable) -> None:
        """Count a failure once for each worker. The first death is answered by a fresh worker without a
        pause."""
        if worker is not self._worker:
            return
        self._worker = None
        self._error = str(cause)
        self._n_failures += 1
        doublings = self._n_failures - (1 if worker is None else 2)
        if doublings >= 0:
            pause = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2.0 ** min(doublings, 10))
            self._paused_until = time.monotonic() + pause

    def _await_idleness(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(self._settings.idle_s, self._end_if_idle)

    def _end_if_idle(self) -> None:
        if self._n_active == 0 and self._worker is not None:
            self._ending = asyncio.create_task(self._worker.end())
            self._worker = None


def _cut(text: str) -> str:
    """What the model looks at, as text that can be sent: lone surrogates become question marks."""
    return text[: wordpiece.MAX_CHARS].encode("utf-8", "replace").decode()


def _retrieve(starting: asyncio.Task[process.Worker]) -> None:
    """Everybody who waited may have been cancelled; asyncio complains of an exception that nobody saw."""
    if not starting.cancelled():
        starting.exception()
