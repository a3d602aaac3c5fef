"""One peer: lines in, requests run concurrently, answers out.

What holds, whatever the peer sends or fails to read:
- every complete line with an id is answered exactly once, unless the peer is gone first;
- what is read and not yet answered is bounded, in number and in bytes; past the bound reading pauses;
- at most one encoded answer waits for a slow reader, and not for ever;
- requests end with the connection, notifications do not: a save hook says its word and leaves.
"""

from __future__ import annotations

import asyncio
import logging
import select
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from indexer import errors
from indexer.protocol import failures, messages, methods
from indexer.protocol.failures import Failure
from indexer.server.ownership import Peer
from indexer.server.subscriptions import Hub, Subscription

logger = logging.getLogger(__name__)

CHUNK: Final = 64 * 1024
_CANCEL: Final = "$/cancel"
_PROGRESS: Final = "$/progress"
#: How often a connection whose peer has finished sending is looked at for a peer that is gone.
_LOOK: Final = 0.2

Handler = Callable[[Any, "Context"], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What the socket costs at most; seconds and bytes."""

    connections: int = 128
    #: Requests at work at once, in all and of one connection.
    running: int = 64
    running_per_connection: int = 16
    #: Requests of one connection that are read and not yet answered.
    outstanding: int = 256
    request_bytes: int = messages.MAX_REQUEST_BYTES
    response_bytes: int = messages.MAX_RESPONSE_BYTES
    #: Bytes of requests held in all; a large request past it is refused.
    held_bytes: int = 64 * 1024 * 1024
    #: For a peer to take an answer.
    write_timeout: float = 120.0
    #: After which an unused connection may be closed in favour of a new one.
    idle: float = 10.0
    #: For requests at work to finish when the daemon stops.
    grace: float = 2.0


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler knows of its request besides the parameters."""

    peer: Peer
    #: `progress(done, total, stage)`: tells the client how far the work is; dropped when it does not keep up.
    progress: Callable[[int, int | None, str], None]
    #: Sends all that a hub publishes on this connection, as long as it lasts.
    subscribe: Callable[[Hub], None]


@dataclass(slots=True)
class Shared:
    """What the connections of a server have in common."""

    handlers: Mapping[str, Handler]
    limits: Limits
    slots: asyncio.Semaphore
    held_bytes: int = 0
    #: Notifications at work, whose connections may be gone.
    background: set[asyncio.Task[None]] = field(default_factory=set)


@dataclass(slots=True)
class _Running:
    """A request between its reading and its answer."""

    request: messages.Request
    size: int
    is_started: bool = False
    is_answering: bool = False
    has_slot: bool = False
    #: Why it was cancelled; None while it was not, or when there is nobody left to answer.
    reason: Failure | None = None

    @property
    def is_notification(self) -> bool:
        return self.request.id is msgspec.UNSET


class _Unacceptable(Exception):
    """The peer sends what cannot be held; the connection ends with this failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Connection:
    """The server's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: Peer, shared: Shared) -> None:
        self._reader = reader
        self._writer = writer
        self._peer = peer
        self._shared = shared
        self._limits = shared.limits
        self._running: dict[asyncio.Task[None], _Running] = {}
        self._pumps: dict[Hub, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()
        self._slots = asyncio.Semaphore(shared.limits.running_per_connection)
        self._finished = asyncio.Event()
        self._partial = 0
        self._outstanding = 0
        self._reading: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self.last_heard = asyncio.get_running_loop().time()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked or subscribed to."""
        return not self._running and not self._pumps

    async def run(self) -> None:
        """Serve the peer until it is gone or the server stops."""
        try:
            await self._read()
            await self._linger()
        except _Unacceptable as refusal:
            await self._refuse(refusal.failure)
        except (ConnectionError, TimeoutError):
            logger.debug("peer gone", extra={"peer_pid": self._peer.pid})
        finally:
            self._end()

    def finish(self) -> None:
        """Read nothing more; `run` ends when what was read is answered."""
        self._stopping.set()
        self._finished.set()
        if self._reading is not None:
            self._reading.cancel()

    def cancel(self, reason: Failure) -> None:
        """Give up every request, and answer each with the reason."""
        for task, running in self._running.items():
            _cancel(task, running, reason)

    def abort(self) -> None:
        """Close at once; `run` ends soon."""
        self._writer.transport.abort()

    # Reading

    async def _read(self) -> None:
        if self._stopping.is_set():
            return
        self._reading = asyncio.current_task()
        try:
            async for line in self._lines():
                await self._take(line)
                await self._wait_for_room()
        except asyncio.CancelledError:
            if not self._stopping.is_set() or self._reading is None:
                raise
            self._reading.uncancel()
        finally:
            self._reading = None

    async def _lines(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        buffer = bytearray()
        while chunk := await self._reader.read(CHUNK):
            self.last_heard = loop.time()
            start = 0
            while (end := chunk.find(b"\n", start)) >= 0:
                buffer += chunk[start:end]
                self._check(len(buffer))
                yield bytes(buffer)
                buffer.clear()
                start = end + 1
            buffer += chunk[start:]
            self._check(len(buffer))
            self._hold_partial(len(buffer))
        if buffer.strip() and not self._is_gone():
            message = "The last line does not end with a newline."
            await self._send(messages.encode_failure(None, Failure(failures.PARSE_ERROR, message)))

    def _check(self, size: int) -> None:
        if size > self._limits.request_bytes:
            message = f"A request may have {self._limits.request_bytes} bytes, this one has more."
            raise _Unacceptable(Failure(failures.INVALID_REQUEST, message))
        # Small requests always pass, so that one greedy client does not lock out the others.
        if size > CHUNK and self._shared.held_bytes - self._partial + size > self._limits.held_bytes:
            busy = errors.Busy("Too many large requests are being sent at once; try again.")
            raise _Unacceptable(failures.failure_of(busy))

    def _hold_partial(self, size: int) -> None:
        self._shared.held_bytes += size - self._partial
        self._partial = size

    async def _take(self, line: bytes) -> None:
        if not line.strip():
            return
        match messages.decode_request(line):
            case messages.Rejection(id=request_id, failure=failure):
                await self._send(messages.encode_failure(request_id, failure))
            case messages.Request(method=method, id=msgspec.UNSET, params=params) if method == _CANCEL:
                self._cancel_by_id(messages.decode_cancel(params))
            case messages.Request() as request:
                self._start(_Running(request, len(line)))

    def _start(self, running: _Running) -> None:
        self._shared.held_bytes += running.size
        self._outstanding += running.size
        task = asyncio.create_task(self._serve(running))
        self._running[task] = running
        if running.is_notification:
            self._shared.background.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        running = self._running.pop(task)
        self._shared.held_bytes -= running.size
        self._outstanding -= running.size
        self._shared.background.discard(task)
        self._finished.set()
        if not task.cancelled() and (problem := task.exception()):
            logger.error("a request's task failed", exc_info=problem)

    def _cancel_by_id(self, request_id: messages.Id) -> None:
        if request_id is None:
            return
        for task, running in self._running.items():
            if running.request.id == request_id:
                _cancel(task, running, Failure(failures.CANCELLED, "The request was cancelled."))

    async def _wait_for_room(self) -> None:
        limits = self._limits
        while len(self._running) >= limits.outstanding or self._outstanding > limits.request_bytes:
            if self._is_gone():
                raise ConnectionResetError
            await self._wait_for_an_answer()

    async def _linger(self) -> None:
        """The peer has finished sending, and may still read (`nc -N`), or be gone."""
        while self._is_owed() and not self._is_gone():
            await self._wait_for_an_answer()

    def _is_owed(self) -> bool:
        """Whether the peer has something to wait for."""
        if self._pumps and not self._stopping.is_set():
            return True
        return any(not running.is_notification for running in self._running.values())

    async def _wait_for_an_answer(self) -> None:
        self._finished.clear()
        try:
            async with asyncio.timeout(_LOOK):
                await self._finished.wait()
        except TimeoutError:
            return

    def _is_gone(self) -> bool:
        """Whether the peer has closed its end altogether: asyncio shows only that it will send no more."""
        descriptor = self._writer.get_extra_info("socket").fileno()
        if descriptor < 0 or self._writer.transport.is_closing():
            return True
        poll = select.poll()
        poll.register(descriptor, 0)
        return bool(poll.poll(0))

    # Answering

    async def _serve(self, running: _Running) -> None:
        running.is_started = True
        try:
            outcome = await self._outcome(running)
            running.is_answering = True
            if not running.is_notification:
                await self._answer(running.request.id, outcome)
        except (ConnectionError, TimeoutError):
            logger.info("a peer does not read its answers", extra={"peer_pid": self._peer.pid})
            self.abort()
        finally:
            if running.has_slot:
                self._slots.release()

    async def _outcome(self, running: _Running) -> Any:
        """The result, or the Failure that says why there is none."""
        request = running.request
        try:
            if running.reason is not None:
                return running.reason
            return await self._perform(running)
        except asyncio.CancelledError as problem:
            if running.reason is not None:
                return running.reason
            if _is_cancelled():
                raise
            # Not this request was cancelled, but something that its handler waited for.
            logger.exception("a handler waited for what was cancelled", extra={"method": request.method})
            return _internal(problem)
        except errors.IndexerError as problem:
            return failures.failure_of(problem)
        except Exception as problem:
            # One request's failure must not end the others.
            logger.exception("a handler failed", extra={"method": request.method})
            return _internal(problem)

    async def _perform(self, running: _Running) -> Any:
        request = running.request
        declared = methods.METHODS.get(request.method)
        handler = self._shared.handlers.get(request.method)
        if declared is None or handler is None:
            return _unknown(request.method, self._shared.handlers)
        params = methods.decode_params(declared, request.params)
        context = Context(self._peer, self._progress_of(request.id), self._subscribe)
        if declared.is_urgent:
            return await handler(params, context)
        await self._slots.acquire()
        running.has_slot = True
        async with self._shared.slots:
            return await handler(params, context)

    async def _answer(self, request_id: messages.Id | msgspec.UnsetType, outcome: Any) -> None:
        known = None if request_id is msgspec.UNSET else request_id
        async with self._turn:
            # Encoded only when it is its turn: a slow reader costs one answer, not all.
            await self._write(_encode(known, outcome, self._limits.response_bytes))

    async def _send(self, line: bytes) -> None:
        async with self._turn:
            await self._write(line)

    async def _write(self, line: bytes) -> None:
        self._writer.write(line)
        async with asyncio.timeout(self._limits.write_timeout):
            await self._writer.drain()

    def _progress_of(self, request_id: messages.Id | msgspec.UnsetType) -> Callable[[int, int | None, str], None]:
        def progress(done: int, total: int | None, stage: str) -> None:
            if request_id is msgspec.UNSET or self._writer.transport.get_write_buffer_size() > CHUNK:
                return
            value = messages.Progress(request_id, done, total, stage)
            self._writer.write(messages.encode_notification(_PROGRESS, value))

        return progress

    def _subscribe(self, hub: Hub) -> None:
        if hub not in self._pumps:
            self._pumps[hub] = asyncio.create_task(self._pump(hub, hub.open()))

    async def _pump(self, hub: Hub, subscription: Subscription) -> None:
        try:
            while (line := await subscription.next()) is not None:
                await self._send(line)
        except (ConnectionError, TimeoutError):
            self.abort()
        finally:
            hub.close(subscription)
            del self._pumps[hub]

    # Ending

    async def _refuse(self, failure: Failure) -> None:
        """Say why, then take what the peer still sends: a close with unread bytes discards the answer."""
        try:
            await self._send(messages.encode_failure(None, failure))
            self._writer.write_eof()
            async with asyncio.timeout(self._limits.grace):
                while await self._reader.read(CHUNK):
                    pass
        except (ConnectionError, TimeoutError):
            return

    def _end(self) -> None:
        self._hold_partial(0)
        for task, running in self._running.items():
            if not running.is_notification:
                task.cancel()
        for pump in self._pumps.values():
            pump.cancel()
        self._writer.close()


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _cancel(task: asyncio.Task[None], running: _Running, reason: Failure) -> None:
    if running.is_answering or running.reason is not None:
        return
    running.reason = reason
    # A task that is cancelled before its first step never runs, so it could not answer.
    if running.is_started:
        task.cancel()


def _encode(request_id: messages.Id, outcome: Any, most: int) -> bytes:
    if isinstance(outcome, Failure):
        return messages.encode_failure(request_id, outcome)
    try:
        line = messages.encode_result(request_id, outcome)
    except (TypeError, ValueError, RecursionError) as problem:
        logger.exception("an answer cannot be encoded")
        return messages.encode_failure(request_id, _internal(problem))
    if len(line) <= most:
        return line
    advice = f"The answer has {len(line)} bytes, {most} are possible. Ask for less: with a limit and an offset."
    return messages.encode_failure(request_id, failures.failure_of(errors.UsageError(advice)))


def _internal(problem: BaseException) -> Failure:
    message = f"Internal error: {type(problem).__name__}: {problem}"[:1000]
    return Failure(failures.INTERNAL_ERROR, f"{message}. The daemon's log has the details: indexer logs")


def _unknown(method: str, handlers: Mapping[str, Handler]) -> Failure:
    near = methods.nearest(method, handlers)
    hint = f"Did you mean {near}?" if near else "system.methods lists them all."
    shown = method if len(method) <= 100 else method[:100] + "…"
    return Failure(failures.METHOD_NOT_FOUND, f"There is no method '{shown}'.", failures.Details(hint=hint))
