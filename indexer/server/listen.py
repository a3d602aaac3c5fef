"""The project's socket: accept, bound, stop. What is said on a connection is `connection`'s matter."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Mapping

from indexer import errors
from indexer.protocol import failures, messages, methods
from indexer.server import activation, ownership
from indexer.server.connection import CHUNK, Connection, Context, Handler, Limits, Shared
from indexer.server.subscriptions import Hub

__all__ = ["Context", "Handler", "Hub", "Limits", "listening"]

logger = logging.getLogger(__name__)

_STOPPING = errors.DaemonUnavailable("The daemon is stopping.")


@contextlib.asynccontextmanager
async def listening(
    owned: ownership.Claim, handlers: Mapping[str, Handler], limits: Limits | None = None
) -> AsyncIterator[None]:
    """Answer requests on the project's socket, the supervisor's where it passed one on, while the context lasts.

    At its end no further connection is accepted, requests at work get `limits.grace` seconds to finish,
    and what is left is answered with an error. ValueError for a handler whose method nobody declared.
    """
    if undeclared := handlers.keys() - methods.METHODS.keys():
        raise ValueError(f"handlers without a declared method: {', '.join(sorted(undeclared))}")
    limits = limits or Limits()
    board = _Switchboard(Shared(handlers, limits, asyncio.Semaphore(limits.running)))
    passed_on = activation.passed_on(owned.path)
    # Not `start_unix_server`, which removes a socket that it was given (Python 3.13).
    server = await asyncio.start_server(board.accept, sock=passed_on or ownership.bind(owned), limit=CHUNK)
    try:
        yield
    finally:
        # Gone from the folder first, so that who comes now starts a daemon instead of meeting a dying one. Who
        # comes to a supervisor's waits there for the next one.
        if passed_on is None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(owned.path)
        server.close()
        await board.finish()


class _Switchboard:
    """The open connections, and their bound."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._connections: dict[asyncio.Task[None], Connection] = {}
        self._is_stopping = False

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, or say why not."""
        try:
            peer = self._admit(writer)
        except (errors.IndexerError, OSError) as refusal:
            logger.warning("refused a connection", extra={"reason": str(refusal)})
            _turn_away(writer, refusal)
            return
        connection = Connection(reader, writer, peer, self._shared)
        task = asyncio.create_task(connection.run())
        self._connections[task] = connection
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        del self._connections[task]
        if not task.cancelled() and (problem := task.exception()):
            logger.error("a connection failed", exc_info=problem)

    def _admit(self, writer: asyncio.StreamWriter) -> ownership.Peer:
        peer = ownership.peer_of(writer.get_extra_info("socket"))
        if peer is None:
            raise errors.Unavailable("This daemon serves another user.")
        if self._is_stopping:
            raise _STOPPING
        if len(self._connections) >= self._shared.limits.connections and not self._close_an_idle_one():
            raise errors.Busy("Too many connections are open; close some, or try again.")
        return peer

    def _close_an_idle_one(self) -> bool:
        """Make room by closing the connection that was unused for longest; False when all are in use."""
        before = asyncio.get_running_loop().time() - self._shared.limits.idle
        unused = [c for c in self._connections.values() if c.is_idle and c.last_heard <= before]
        if not unused:
            return False
        min(unused, key=lambda connection: connection.last_heard).abort()
        return True

    async def finish(self) -> None:
        """Let what is at work finish, then answer it with an error, then close."""
        self._is_stopping = True
        grace = self._shared.limits.grace
        for connection in self._connections.values():
            connection.finish()
        await self._wait(grace)
        for connection in self._connections.values():
            connection.cancel(failures.failure_of(_STOPPING))
        for task in self._shared.background:
            task.cancel()
        await self._wait(grace)
        for connection in self._connections.values():
            connection.abort()
        await self._wait(grace)

    async def _wait(self, timeout: float) -> None:
        if tasks := {*self._connections, *self._shared.background}:
            await asyncio.wait(tasks, timeout=timeout)


def _turn_away(writer: asyncio.StreamWriter, refusal: Exception) -> None:
    known = refusal if isinstance(refusal, errors.IndexerError) else errors.Unavailable(str(refusal))
    writer.write(messages.encode_failure(None, failures.failure_of(known)))
    writer.close()
