"""One run of the embedding worker, seen from the daemon: start it, send it texts, see it die or end it.

When to start and to end one is `local`'s business.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import indexer
from indexer import errors
from indexer.embed import wire

#: Keep the worker small: one heap for all threads, and freed memory goes back (30 MB less resident); no threads
#: of numpy's own. These are settings of glibc, ignored by others.
_ENVIRONMENT: Final = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "4000000",
    "MALLOC_TRIM_THRESHOLD_": "2000000",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


class Died(errors.Unavailable):
    """The worker ended, or had to be ended, before it answered."""


class Worker:
    """A worker process that has loaded its model. Made by `start`; of no use once it is not `alive`."""

    def __init__(self, process: subprocess.Popen[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._process = process
        self._writer = writer
        self._numbers = itertools.count()
        self._waiting: dict[int, asyncio.Future[list[bytes]]] = {}
        self._cause: errors.Unavailable | None = None
        self._reader = asyncio.create_task(self._read_answers(reader))

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._cause is None

    async def embed(self, texts: Sequence[str], *, urgent: bool, timeout_s: float) -> list[bytes]:
        """A vector a text. A worker that does not answer in time is ended.

        Raises Died, or Unavailable for a text that the model fails on.
        """
        if self._cause is not None:
            raise self._cause
        number = next(self._numbers)
        answer: asyncio.Future[list[bytes]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            async with asyncio.timeout(timeout_s):
                await self._send(wire.Embed(number, list(texts), urgent))
                return await answer
        except TimeoutError:
            await self.end(Died(f"the embedding worker did not answer within {timeout_s:g} s and was ended"))
            raise self._ended_because() from None
        finally:
            del self._waiting[number]
            if not answer.cancel() and not answer.cancelled():
                # Sending may have failed first; asyncio complains of an exception that nobody saw.
                answer.exception()

    async def end(self, cause: errors.Unavailable | None = None) -> None:
        """Kill it and wait until it is gone. Whoever waits for an answer gets `cause`."""
        self._cause = self._cause or cause or Died("the embedding worker was ended")
        self._process.kill()
        # The reader ends with the connection that it reads.
        await asyncio.wait([self._reader])

    async def _send(self, request: wire.Embed) -> None:
        try:
            self._writer.write(wire.frame(request))
            await self._writer.drain()
        except ConnectionError:
            # The reader sees the end, and says what became of the worker.
            await asyncio.wait([self._reader])
            raise self._ended_because() from None

    def _ended_because(self) -> errors.Unavailable:
        return self._cause or Died("the embedding worker ended")

    async def _read_answers(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                self._take(await _read(reader))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            code = await _end(self._process, self._writer)
            self._cause = self._cause or Died(f"the embedding worker ended {_described(code)}")
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(self._cause)

    def _take(self, answer: wire.Answer) -> None:
        match answer:
            case wire.Vectors(number=number, vectors=vectors):
                waiting = self._waiting.get(number)
                if waiting is not None and not waiting.done():
                    waiting.set_result(vectors)
            case wire.Failed(number=int(number), message=message):
                waiting = self._waiting.get(number)
                if waiting is not None and not waiting.done():
                    waiting.set_exception(errors.Unavailable(f"the local embedder failed: {message}"))
            case _:
                raise ConnectionResetError


async def start(threads: int, weights: Path | None, timeout_s: float) -> Worker:
    """Start a worker and wait until its model is loaded. Raises Unavailable with the reason if it fails."""
    process, ours = _spawn([str(threads)] if weights is None else [str(threads), str(weights.resolve())])
    reader, writer = await asyncio.open_unix_connection(sock=ours)
    try:
        await _wait_until_ready(process, reader, timeout_s)
    except BaseException:
        await _end(process, writer)
        raise
    return Worker(process, reader, writer)


def _spawn(arguments: list[str]) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """The process, and the socket whose other end is its standard input and output."""
    ours, its = socket.socketpair()
    with its:
        process = subprocess.Popen(
            # -P and the root folder: the daemon may have been started inside a project, and must never import
            # that project's files.
            [sys.executable, "-P", "-m", "indexer.embed.worker", *arguments],
            stdin=its.fileno(),
            stdout=its.fileno(),
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_environment(),
            # A Ctrl-C in the terminal is for the daemon, which then ends the worker.
            start_new_session=True,
        )
    return process, ours


async def _wait_until_ready(process: subprocess.Popen[bytes], reader: asyncio.StreamReader, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            answer = await _read(reader)
    except TimeoutError:
        raise errors.Unavailable(f"the local embedder did not load within {timeout_s:g} s") from None
    except (asyncio.IncompleteReadError, ConnectionError):
        code = await asyncio.to_thread(process.wait)
        raise errors.Unavailable(f"the embedding worker ended {_described(code)} while it loaded") from None
    match answer:
        case wire.Ready():
            return
        case wire.Failed(message=message):
            raise errors.Unavailable(message)
        case _:
            raise errors.Unavailable("the embedding worker answered before it was asked")


async def _end(process: subprocess.Popen[bytes], writer: asyncio.StreamWriter) -> int:
    """Kill it, unless it is gone, and see it off: its exit code."""
    process.kill()
    writer.close()
    return await asyncio.to_thread(process.wait)


def _environment() -> dict[str, str]:
    """This process's, with this package's folder on the path, whether installed or run from its sources."""
    paths = [str(Path(indexer.__file__).resolve().parent.parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, **_ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


async def _read(stream: asyncio.StreamReader) -> wire.Answer:
    (length,) = wire.LENGTH.unpack(await stream.readexactly(wire.LENGTH.size))
    if length > wire.MAX_MESSAGE:
        raise ConnectionResetError
    return wire.answer_of(await stream.readexactly(length))


def _described(code: int) -> str:
    return f"by signal {-code}" if code < 0 else f"with exit code {code}"
