"""A connection to a daemon on an event loop: many calls at once, each of which can be cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import msgspec

from indexer import errors, sockets
from indexer.client import start
from indexer.client.blocking import HELLO_PATIENCE, PATIENCE, OnProgress
from indexer.protocol import PROTOCOL_VERSION, failures, messages


class AsyncClient:
    """A connection whose daemon has said hello. An asynchronous context: closed at its end."""

    hello: messages.Hello

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._last_id = 0
        self._calls: dict[int, _Call] = {}
        #: Whether the daemon is still at the other end.
        self.is_open = True
        self._listening = asyncio.create_task(self._listen())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang up; calls that wait raise DaemonUnavailable."""
        self._writer.close()
        self._listening.cancel()
        await asyncio.wait({self._listening})

    async def call(
        self,
        method: str,
        params: Mapping[str, Any] | msgspec.Struct | None = None,
        *,
        timeout: float | None = PATIENCE,
        on_progress: OnProgress | None = None,
    ) -> Any:
        """The result, as plain Python values; raises as `blocking.Client.call` does.

        `timeout` is in seconds of silence. A call that is cancelled is given up by the daemon too.
        """
        if not self.is_open:
            raise _gone()
        self._last_id += 1
        request_id = self._last_id
        call = self._calls[request_id] = _Call(on_progress)
        try:
            self._writer.write(messages.encode_request(request_id, method, {} if params is None else params))
            await self._writer.drain()
            return await call.result(timeout)
        except ConnectionError as problem:
            raise _gone() from problem
        except TimeoutError:
            self._give_up(request_id)
            raise errors.Busy(f"The daemon did not answer {method} in time. It may be busy: indexer status") from None
        except asyncio.CancelledError:
            self._give_up(request_id)
            raise
        finally:
            del self._calls[request_id]

    def _give_up(self, request_id: int) -> None:
        if self.is_open:
            self._writer.write(messages.encode_notification("$/cancel", {"id": request_id}))

    async def _listen(self) -> None:
        try:
            # ValueError: a line longer than any that a daemon sends.
            with contextlib.suppress(ConnectionError, ValueError, *messages.MALFORMED):
                while line := await self._reader.readline():
                    self._take(messages.decode_response(line))
        finally:
            # Before the calls learn of it, so that none that follows is written into the void.
            self.is_open = False
            self._writer.close()
            for call in self._calls.values():
                call.fail(_gone())

    def _take(self, response: messages.Response) -> None:
        if response.method == "$/progress":
            progress = msgspec.json.decode(response.params, type=messages.Progress)
            if isinstance(progress.id, int) and progress.id in self._calls:
                self._calls[progress.id].on_progress(progress)
        elif response.method is None and isinstance(response.id, int) and response.id in self._calls:
            self._calls[response.id].finish(response)
        elif response.method is None and response.id is None and response.error is not None:
            # An error without an id concerns the connection as a whole.
            for call in self._calls.values():
                call.fail(failures.error_of(response.error))


class _Call:
    """A call that waits for its answer."""

    def __init__(self, on_progress: OnProgress | None) -> None:
        self._answer: asyncio.Future[messages.Response] = asyncio.get_running_loop().create_future()
        self._on_progress = on_progress
        self._has_moved = False

    async def result(self, timeout: float | None) -> Any:
        """Wait for the answer, as long as something moves every `timeout` seconds."""
        while True:
            done, _ = await asyncio.wait({self._answer}, timeout=timeout)
            if done:
                break
            if not self._has_moved:
                raise TimeoutError
            self._has_moved = False
        response = self._answer.result()
        if response.error is not None:
            raise failures.error_of(response.error)
        return msgspec.json.decode(response.result)

    def on_progress(self, progress: messages.Progress) -> None:
        self._has_moved = True
        if self._on_progress is not None:
            self._on_progress(progress)

    def finish(self, response: messages.Response) -> None:
        if not self._answer.done():
            self._answer.set_result(response)

    def fail(self, error: errors.IndexerError) -> None:
        if not self._answer.done():
            self._answer.set_exception(error)


async def connect(root: str | os.PathLike[str], environ: Mapping[str, str] = os.environ) -> AsyncClient:
    """The running daemon of a project; DaemonUnavailable when none answers."""
    folder = sockets.runtime_dir(environ)
    canonical = sockets.canonical_root(os.fspath(root))
    path = sockets.socket_path(folder, sockets.project_key(canonical))
    if not sockets.is_private(folder):
        raise errors.DaemonUnavailable(f"No daemon runs for {canonical}. Start one: indexer up {canonical}")
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=messages.MAX_RESPONSE_BYTES)
    except OSError as problem:
        raise errors.DaemonUnavailable(f"No daemon runs for {canonical}. Start one: indexer up {canonical}") from problem
    daemon = AsyncClient(reader, writer)
    try:
        params = {"protocol": PROTOCOL_VERSION}
        found = await daemon.call("system.hello", params, timeout=HELLO_PATIENCE)
        daemon.hello = msgspec.convert(found, messages.Hello)
    except BaseException:
        await daemon.close()
        raise
    return daemon


async def ensure(root: str | os.PathLike[str], environ: Mapping[str, str] = os.environ) -> AsyncClient:
    """The project's daemon, of this very version: started, or replaced, where there is none such."""
    # Starting waits for another process; a thread keeps the loop free meanwhile.
    found = await asyncio.to_thread(start.ensure, root, environ)
    found.close()
    return await connect(root, environ)


def _gone() -> errors.DaemonUnavailable:
    return errors.DaemonUnavailable("The daemon ended before it answered. Its log says why: indexer logs")
