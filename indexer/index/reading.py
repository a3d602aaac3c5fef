"""Reading one file of a project: confined, bounded, and with a signature that belongs to what was read."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from dataclasses import dataclass
from typing import Final

from indexer import model
from indexer.watch import names

#: A file that was written this short a time ago may change again without its times showing it; nanoseconds.
UNSETTLED_NS: Final = 2_000_000_000
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Content:
    """A file's bytes, at most `limit` + 1 of them, their hash, and the signature of the file that held them.

    The signature of a file that was just written has no ctime, so that it never equals one seen later."""

    data: bytes
    signature: model.Signature
    hash: bytes


def read(root: str, path: str, limit: int) -> Content | None:
    """The content of a regular file; None where there is none or it cannot be read. Symbolic links are not followed."""
    full = f"{root}/{names.path_to_os(path)}"
    for _ in range(_TRIES):
        try:
            fd = os.open(full, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            before = os.fstat(fd)
            if not stat.S_ISREG(before.st_mode):
                return None
            data = _read_up_to(fd, limit + 1)
            after = os.fstat(fd)
        except OSError:
            return None
        finally:
            os.close(fd)
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
            break
    is_settled = abs(time.time_ns() - after.st_mtime_ns) > UNSETTLED_NS
    signature = model.Signature(after.st_size, after.st_mtime_ns, after.st_ctime_ns if is_settled else 0, after.st_ino)
    return Content(data, signature, hash_of(data) if len(data) <= limit else b"")


def hash_of(data: bytes) -> bytes:
    """The content hash that identifies facts: 20 bytes of BLAKE2b."""
    return hashlib.blake2b(data, digest_size=20).digest()


def _read_up_to(fd: int, size: int) -> bytes:
    parts = []
    while size > 0 and (part := os.read(fd, min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
