"""Files whose flock says who uses the server and who holds it.

Two files stand in a place. `lease` is locked shared by every user of the server, and exclusively by
the holder once there is no user left. `holder` is locked exclusively by the one holder for as long
as it lives, and carries its record. The kernel drops a lock when its owner dies, however it dies,
so neither can be stale; the record is believed only while its file is locked.

An flock belongs to an open file, not to a process: whoever starts a holder takes the lock first
and hands the open file down, so that there is no moment in which two could start.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from indexer import errors

State = Literal["starting", "ready", "failing", "stopping"]

_RECORD_BYTES = 4096
_UNSUPPORTED = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}


@dataclass(frozen=True)
class Record:
    """What a holder says of itself; `problem` is why the server does not run, None while it does."""

    state: State
    holder_pid: int
    server_pid: int | None = None
    socket: str | None = None  # the socket's folder
    version: str | None = None
    problem: str | None = None


def open_lock(path: Path) -> int:
    """A file descriptor on the lock file, made when missing (owner only, never inherited by exec)."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def try_shared(path: Path) -> int | None:
    """The descriptor of a shared lock, or None while somebody holds it exclusively."""
    return _try(path, fcntl.LOCK_SH)


def try_exclusive(path: Path) -> int | None:
    """The descriptor of an exclusive lock, or None while anybody else holds one."""
    return _try(path, fcntl.LOCK_EX)


def wait_exclusive(path: Path) -> int:
    """Block until nobody else holds the lock; the descriptor of an exclusive lock."""
    fd = open_lock(path)
    fcntl.flock(fd, fcntl.LOCK_EX)
    return fd


def release(fd: int) -> None:
    """Unlock explicitly: a child forked without exec may still have the file open."""
    fcntl.flock(fd, fcntl.LOCK_UN)
    os.close(fd)


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock; a missing file is free."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(fd)


def write_record(fd: int, record: Record) -> None:
    """Replace the record in place.

    The file keeps its size from the first writing on, because a full disk still takes bytes that
    replace others, and a full disk is just when there is something to say.
    """
    fields = asdict(record)
    if fields["problem"] is not None:
        fields["problem"] = fields["problem"][:1500]
    os.pwrite(fd, json.dumps(fields).encode().ljust(_RECORD_BYTES)[:_RECORD_BYTES], 0)


def read_record(path: Path) -> Record | None:
    """The record in the file; None where there is none, or it was read in the middle of a write."""
    try:
        fields = json.loads(path.read_bytes())
        # A holder of another release may know more than we do.
        return Record(**{name: fields[name] for name in Record.__dataclass_fields__ if name in fields})
    except (OSError, ValueError, TypeError):
        return None


def _try(path: Path, operation: int) -> int | None:
    fd = open_lock(path)
    try:
        fcntl.flock(fd, operation | fcntl.LOCK_NB)
        if os.fstat(fd).st_ino == os.stat(path).st_ino:
            return fd
    except BlockingIOError:
        pass
    except FileNotFoundError:
        pass  # removed while we were locking it: what we hold locks nobody out
    except OSError as exc:
        os.close(fd)
        if exc.errno in _UNSUPPORTED:
            raise errors.DatabaseUnavailable(
                f"The file system of {path.parent} has no file locks; set INDEXER_HOME to a local disk."
            ) from exc
        raise
    os.close(fd)
    return None
