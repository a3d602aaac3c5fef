"""The daemon's side of the resolver process: started when something changed, filled from the store, dropped when in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Final

import msgspec

from indexer import errors
from indexer.index import frames, processes, resolving

#: The longest time without an answer; one file takes milliseconds. Beyond it the process is given up.
SILENCE_SECONDS: Final = 120.0


class Resolver:
    """A resolver process and its state: either it holds exactly what the store holds, or it is dropped."""

    def __init__(self, settings: resolving.Settings) -> None:
        self._argument = msgspec.json.encode(settings).decode()
        self._process: processes.Process | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it holds the project's facts."""
        return self._process is not None and self._process.is_running

    def pids(self) -> list[int]:
        """The process, if it lives."""
        return [self._process.pid] if self._process is not None and self._process.is_running else []

    async def start(self) -> None:
        """A process without facts; the former one ends."""
        await self.drop()
        self._process = await processes.Process.start("indexer.index.resolving", self._argument)

    async def send(self, messages: Iterable[frames.Put | frames.Remove]) -> None:
        """Hands over files; errors.Unavailable where the process is gone."""
        process = self._running()
        for message in messages:
            await process.send(message)

    async def resolve(self) -> AsyncIterator[frames.Resolved]:
        """What the files handed over since the last time mean, with all that they can have touched."""
        process = self._running()
        await process.send(frames.Resolve())
        while isinstance(message := await _soon(process), frames.Resolved):
            yield message

    async def drop(self) -> None:
        """Ends the process; its state is in the store."""
        if self._process is not None:
            await self._process.end()
            self._process = None

    def _running(self) -> processes.Process:
        if self._process is None:
            raise errors.Unavailable("the resolver is not running")
        return self._process


async def _soon(process: processes.Process) -> frames.Message:
    try:
        return await asyncio.wait_for(process.receive(), SILENCE_SECONDS)
    except TimeoutError as exc:
        raise errors.Unavailable(f"resolving one file took longer than {SILENCE_SECONDS:g} s") from exc
