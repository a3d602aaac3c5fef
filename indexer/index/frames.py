"""Messages between the daemon and its worker processes: msgpack in frames of four length bytes, over pipes."""

from __future__ import annotations

import asyncio
import os
from typing import Any, Final

import msgspec

#: No message is larger; a length beyond it means that the stream is broken.
MAX_FRAME: Final = 1 << 30


#: The reads of a file that depends on nothing: no bytes at all would say that it is not resolved.
NO_READS: Final = b"\0\0\0\0"


class Extract(msgspec.Struct, array_like=True, tag=True):
    """Read and extract a file. `anchor` as in `modules`. With `needs_rows` a file whose hash is
    `known_hash` is done all the same, from `facts` where they are given."""

    path: str
    anchor: str = ""
    known_hash: bytes = b""
    facts: bytes = b""
    needs_rows: bool = False


class Extracted(msgspec.Struct, array_like=True, tag=True):
    """What came of it. `status`: 'gone', 'same' (the hash is the known one), 'secret', 'none' (no language), 'outdated' (the
    daemon is, by the worker's program) or 'read'."""

    path: str
    status: str
    size: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    inode: int = 0
    hash: bytes = b""
    language: str = ""
    problem: str | None = None
    flags: tuple[str, ...] = ()
    n_lines: int = 0
    n_symbols: int = 0
    facts: bytes = b""
    rows: bytes = b""
    #: The names of its symbols, each once.
    symbol_names: tuple[str, ...] = ()
    is_parsed: bool = False


class Put(msgspec.Struct, array_like=True, tag=True):
    """A file's facts for resolution; `reads` are those of its last resolution, where it is not to be resolved.

    `told` is what a compiler's index says of this very content, where one was imported."""

    path: str
    anchor: str
    facts: bytes
    reads: bytes = b""
    told: bytes = b""


class Remove(msgspec.Struct, array_like=True, tag=True):
    """A file that is gone."""

    path: str


class Resolve(msgspec.Struct, array_like=True, tag=True):
    """Resolve what has changed since the last time, and what that can have touched."""


class Resolved(msgspec.Struct, array_like=True, tag=True):
    """Resolution of one file: relationship rows, packed sites and reads, and counts."""

    path: str
    rows: bytes
    sites: bytes
    reads: bytes
    n_resolved: int
    n_external: int
    n_unresolved: int


class Done(msgspec.Struct, array_like=True, tag=True):
    """The end of the answers to a `Resolve`."""

    n_files: int
    cpu_ns: int


Message = Extract | Extracted | Put | Remove | Resolve | Resolved | Done

_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(Message)


def encode(message: Any) -> bytes:
    """A message as a frame."""
    body = _encoder.encode(message)
    return len(body).to_bytes(4, "little") + body


async def read(reader: asyncio.StreamReader) -> Message:
    """The next message; IncompleteReadError at the end of the stream."""
    size = int.from_bytes(await reader.readexactly(4), "little")
    message: Message = _decoder.decode(await reader.readexactly(size))
    return message


def read_blocking(fd: int) -> Message | None:
    """The next message of a pipe; None at its end."""
    head = _exactly(fd, 4)
    if head is None:
        return None
    body = _exactly(fd, int.from_bytes(head, "little"))
    return None if body is None else _decoder.decode(body)


def write_blocking(fd: int, data: bytes) -> None:
    """All of the bytes."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _exactly(fd: int, size: int) -> bytes | None:
    parts = []
    while size:
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
