"""One connection to a daemon, for programs that ask one thing at a time."""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Final, Self

import msgspec

import indexer
from indexer import errors
from indexer.protocol import PROTOCOL_VERSION, failures, messages

_CHUNK: Final = 256 * 1024
#: Seconds of silence after which a daemon is taken for hung.
PATIENCE: Final = 60.0
#: Seconds for a daemon to say who it is.
HELLO_PATIENCE: Final = 5.0
_UCRED: Final = struct.Struct("3i")

OnProgress = Callable[[messages.Progress], None]


class Client:
    """A connection whose daemon has said hello. A context: closed at its end."""

    hello: messages.Hello

    def __init__(self, path: str, timeout: float = HELLO_PATIENCE) -> None:
        """Connect to the socket at `path`; DaemonUnavailable when nobody answers within `timeout` seconds."""
        self._path = path
        self._buffer = bytearray()
        self._searched = 0
        self._last_id = 0
        self._socket = _connect(path, timeout)
        try:
            self._check_owner()
            params = {"protocol": PROTOCOL_VERSION, "client": f"indexer {indexer.__version__}"}
            self.hello = msgspec.convert(self.call("system.hello", params, timeout=timeout), messages.Hello)
        except msgspec.ValidationError as problem:
            self.close()
            raise errors.DaemonUnavailable(f"What answers at {path} is no indexer: {problem}.") from None
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Hang up; what the daemon still works at for this connection is given up."""
        self._socket.close()

    @property
    def is_current(self) -> bool:
        """Whether the daemon is of the very version that this client is."""
        return (self.hello.protocol, self.hello.version) == (PROTOCOL_VERSION, indexer.__version__)

    @property
    def server_pid(self) -> int | None:
        """The process that listens, as the kernel knows it; None where it does not tell."""
        credentials = self._credentials()
        return None if credentials is None else credentials[0]

    def call(
        self,
        method: str,
        params: Mapping[str, Any] | msgspec.Struct | None = None,
        *,
        timeout: float | None = PATIENCE,
        on_progress: OnProgress | None = None,
    ) -> Any:
        """The result, as plain Python values.

        `timeout` is in seconds of silence: progress counts as a sign of life; None waits for ever. Raises the
        exception that the daemon answers with, DaemonUnavailable when it is gone or silent.
        """
        self._last_id += 1
        request_id = self._last_id
        deadline = _deadline(timeout)
        self._send(messages.encode_request(request_id, method, {} if params is None else params), deadline)
        while True:
            try:
                response = self._receive(deadline)
            except TimeoutError:
                self.notify("$/cancel", {"id": request_id})
                raise self._silence(method) from None
            if response.method == "$/progress":
                progress = msgspec.json.decode(response.params, type=messages.Progress)
                if progress.id == request_id:
                    deadline = _deadline(timeout)
                    if on_progress is not None:
                        on_progress(progress)
            elif response.method is None and response.id in (request_id, None):
                # An error without an id concerns the connection as a whole.
                return _result(response)

    def notify(self, method: str, params: Mapping[str, Any]) -> None:
        """Tell without waiting for an answer."""
        self._send(messages.encode_notification(method, params), _deadline(PATIENCE))

    def notifications(self, timeout: float | None = None) -> Iterator[tuple[str, Any]]:
        """What the daemon sends of its own accord after a subscription: method and params, one by one.

        Ends after `timeout` seconds without one; DaemonUnavailable when the daemon ends.
        """
        while True:
            try:
                response = self._receive(_deadline(timeout))
            except TimeoutError:
                return
            if response.method is not None:
                yield response.method, msgspec.json.decode(response.params)

    def _send(self, line: bytes, deadline: float | None) -> None:
        try:
            self._socket.settimeout(_left(deadline))
            self._socket.sendall(line)
        except TimeoutError:
            # Half a line has been sent: nothing after it could be understood.
            self.close()
            raise self._silence("a request") from None
        except OSError as problem:
            # A daemon that refuses a request says why before it closes.
            if not self._has_words():
                raise self._gone() from problem

    def _has_words(self) -> bool:
        self._socket.settimeout(0)
        try:
            chunk = self._socket.recv(_CHUNK)
        except OSError:
            return False
        self._buffer += chunk
        return bool(chunk)

    def _receive(self, deadline: float | None) -> messages.Response:
        while (end := self._buffer.find(b"\n", self._searched)) < 0:
            self._searched = len(self._buffer)
            if self._searched > 2 * messages.MAX_RESPONSE_BYTES:
                raise errors.DaemonUnavailable(f"The answer at {self._path} does not end.")
            self._read(deadline)
        line = bytes(memoryview(self._buffer)[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        try:
            return messages.decode_response(line)
        except messages.MALFORMED as problem:
            raise errors.DaemonUnavailable(f"The answer at {self._path} makes no sense: {problem}.") from None

    def _read(self, deadline: float | None) -> None:
        try:
            self._socket.settimeout(_left(deadline))
            chunk = self._socket.recv(_CHUNK)
        except TimeoutError:
            raise
        except OSError as problem:
            raise self._gone() from problem
        if not chunk:
            raise self._gone()
        self._buffer += chunk

    def _silence(self, awaited: str) -> errors.Busy:
        pid = self.server_pid
        return errors.Busy(
            f"The daemon{f' (pid {pid})' if pid else ''} did not answer {awaited} in time. "
            "It may be busy: indexer status; if it hangs: indexer down"
        )

    def _gone(self) -> errors.DaemonUnavailable:
        return errors.DaemonUnavailable("The daemon ended before it answered. Its log says why: indexer logs")

    def _check_owner(self) -> None:
        credentials = self._credentials()
        if credentials is not None and credentials[1] != os.geteuid():
            raise errors.DaemonUnavailable(f"{self._path} belongs to another user; nothing was sent there.")

    def _credentials(self) -> tuple[int, int] | None:
        if not hasattr(socket, "SO_PEERCRED"):
            return None
        raw = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
        pid, uid, _ = _UCRED.unpack(raw)
        return pid, uid


def _connect(path: str, timeout: float) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # A socket that may block would wait without end for a daemon that hangs with a full backlog.
    connection.settimeout(timeout)
    deadline = time.monotonic() + timeout
    while True:
        try:
            connection.connect(path)
            return connection
        except BlockingIOError as problem:
            # So many connections wait to be accepted that the kernel takes no more.
            if time.monotonic() >= deadline:
                connection.close()
                raise errors.Busy("The daemon accepts no connection; if it hangs: indexer down") from problem
            time.sleep(0.01)
        except OSError as problem:
            connection.close()
            raise errors.DaemonUnavailable(f"No daemon listens at {path}: {problem.strerror}.") from problem


def _result(response: messages.Response) -> Any:
    if response.error is not None:
        raise failures.error_of(response.error)
    return msgspec.json.decode(response.result)


def _deadline(timeout: float | None) -> float | None:
    return None if timeout is None else time.monotonic() + timeout


def _left(deadline: float | None) -> float | None:
    """Seconds left for a socket operation; never 0, which would mean "do not block"."""
    return None if deadline is None else max(deadline - time.monotonic(), 0.001)
