"""One daemon a project, and nobody else's: the lock, the socket, and who is at its other end.

Whoever holds the lock on `<key>.lock` owns the project's socket, and may remove one that was left behind by
a daemon that was killed. The kernel drops the lock with its holder, however that ends.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass

from indexer import errors, sockets

#: Connections that wait to be accepted; more are told to try again by the kernel.
BACKLOG = 128
_RETRY = 0.02  # seconds between two attempts at the lock
#: struct ucred: pid, uid, gid.
_UCRED = struct.Struct("3i")


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to serve one project, for as long as the context of `claim` lasts."""

    folder: str
    key: str

    @property
    def path(self) -> str:
        """Where the project's socket is."""
        return sockets.socket_path(self.folder, self.key)


@dataclass(frozen=True, slots=True)
class Peer:
    """The process at the other end; `pid` is None where the system does not tell."""

    pid: int | None
    uid: int


@contextlib.contextmanager
def claim(folder: str, key: str, timeout: float = 1.0) -> Iterator[Claim]:
    """Own a project's socket; Conflict when another daemon still does after `timeout` seconds.

    The wait covers a daemon that is just ending. PermissionError says what is wrong with the folder.
    """
    _check_length(sockets.socket_path(folder, key))
    sockets.make_private(folder)
    path = sockets.lock_path(folder, key)
    # Python opens files close-on-exec, so no child that runs another program keeps the lock alive.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _lock(descriptor, path, timeout)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
        try:
            yield Claim(folder, key)
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _check_length(path: str) -> None:
    length = len(os.fsencode(path))
    if length > sockets.MAX_SOCKET_PATH:
        raise errors.ConfigError(
            f"The socket's path is {length} bytes long, {sockets.MAX_SOCKET_PATH} are possible: {path}. "
            "Set XDG_RUNTIME_DIR to a shorter folder."
        )


def _lock(descriptor: int, path: str, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise errors.Conflict(
                    f"Another daemon{_holder(path)} serves this project. Stop it first: indexer down"
                ) from None
        time.sleep(_RETRY)


def _holder(path: str) -> str:
    with open(path, encoding="ascii", errors="replace") as file:
        pid = file.read(20).strip()
    return f" (pid {pid})" if pid else ""


def bind(owned: Claim) -> socket.socket:
    """The listening, non-blocking socket; what a killed daemon left at its path is removed."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(owned.path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # The folder already keeps others out; the socket's own mode is the second door.
    mask = os.umask(0o177)
    try:
        listener.bind(owned.path)
    except OSError as problem:
        listener.close()
        if problem.errno == errno.ENOSPC:
            raise errors.Unavailable(f"There is no space left for a socket in {owned.folder}.") from problem
        raise
    finally:
        os.umask(mask)
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def peer_of(connection: socket.socket) -> Peer | None:
    """Who connected; None when it is another user. Where the system cannot tell, the folder's mode has."""
    if not hasattr(socket, "SO_PEERCRED"):
        return Peer(None, os.geteuid())
    pid, uid, _ = _UCRED.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size))
    return Peer(pid, uid) if uid == os.geteuid() else None
