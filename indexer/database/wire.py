"""The few messages of PostgreSQL's protocol that a supervisor needs: connect, ask, read text rows.

The holder must know that its server answers, and make a database in it, in a process that stays
small for as long as the server lives; so it speaks the simple query protocol itself (PostgreSQL's
documentation, "Frontend/Backend Protocol", "Message Formats") over a Unix socket with peer
authentication and nothing else. It is no client for the program's data: that is `store`.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PORT = 5432  # only a part of the socket's file name: nothing listens on TCP
USER = "indexer"
_PROTOCOL = 3 << 16
_MAX_MESSAGE = 1 << 20

Row = tuple[str | None, ...]


class Refused(Exception):
    """The server answered with an error; `sqlstate` is its five-letter code."""

    def __init__(self, message: str, sqlstate: str) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate


def socket_path(folder: Path) -> Path:
    """Where a server whose socket folder is `folder` listens."""
    return folder / f".s.PGSQL.{PORT}"


@contextmanager
def connect(folder: Path, database: str, *, timeout: float = 5.0) -> Iterator[Session]:
    """A session with `database`; raises OSError when nothing answers, Refused when it says no.

    `timeout` is in seconds, for each read and write.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(timeout)
        sock.connect(bytes(socket_path(folder)))
        session = Session(sock)
        session.start(database)
        yield session
        session.end()


class Session:
    """One connection; statements run one at a time, each in a transaction of its own."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = b""

    def start(self, database: str) -> None:
        """Introduce ourselves; the server asks the kernel who we are."""
        pairs = ("user", USER, "database", database, "application_name", "indexer holder")
        body = struct.pack("!I", _PROTOCOL) + b"".join(s.encode() + b"\0" for s in pairs) + b"\0"
        self._sock.sendall(struct.pack("!I", len(body) + 4) + body)
        self._rows()

    def query(self, sql: str) -> list[Row]:
        """Rows of the last statement in `sql`, every value as text or None."""
        body = sql.encode() + b"\0"
        self._sock.sendall(b"Q" + struct.pack("!I", len(body) + 4) + body)
        return self._rows()

    def end(self) -> None:
        self._sock.sendall(b"X" + struct.pack("!I", 4))

    def _rows(self) -> list[Row]:
        """Read up to ReadyForQuery; an error met on the way is raised there, or where the server hangs up."""
        rows: list[Row] = []
        refusal: Refused | None = None
        while True:
            try:
                kind, body = self._message()
            except OSError:
                # A refused start-up ends with the error alone: no ReadyForQuery follows it.
                if refusal is not None:
                    raise refusal from None
                raise
            match kind:
                case b"Z":
                    if refusal is not None:
                        raise refusal
                    return rows
                case b"E":
                    refusal = _refusal(body)
                case b"D":
                    rows.append(_values(body))
                case b"R" if struct.unpack("!I", body[:4])[0] != 0:
                    raise Refused("the server asks for a password, where peer authentication is due", "28000")

    def _message(self) -> tuple[bytes, bytes]:
        kind, length = struct.unpack("!cI", self._read(5))
        if not 4 <= length <= _MAX_MESSAGE:
            raise ConnectionError(f"not a PostgreSQL server: a message of {length} bytes")
        return kind, self._read(length - 4)

    def _read(self, size: int) -> bytes:
        while len(self._buffer) < size:
            chunk = self._sock.recv(65536)
            if not chunk:
                raise ConnectionResetError("the server closed the connection")
            self._buffer += chunk
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken


def _refusal(body: bytes) -> Refused:
    """An ErrorResponse: fields of one letter and a text, each ended by NUL."""
    fields = {part[:1]: part[1:].decode(errors="replace") for part in body.split(b"\0") if part}
    return Refused(fields.get(b"M", "unknown error"), fields.get(b"C", "XX000"))


def _values(body: bytes) -> Row:
    """A DataRow: a count, then each value's length (-1 is NULL) and bytes."""
    values: list[str | None] = []
    at = 2
    for _ in range(int.from_bytes(body[:2])):
        (size,) = struct.unpack_from("!i", body, at)
        at += 4
        if size < 0:
            values.append(None)
            continue
        values.append(body[at : at + size].decode(errors="replace"))
        at += size
    return tuple(values)
