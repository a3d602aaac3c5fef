"""What the tests of the wire share: a real daemon process with an empty house, and a raw connection."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from indexer import sockets

SCRIPT = Path(__file__).with_name("wire_daemon.py")
REPOSITORY = SCRIPT.parent.parent
#: No wait in these tests takes as long on a working program.
PATIENCE = 20.0


class Ground:
    """A short private place for sockets and projects: a socket's path has no room for pytest's folders."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.environ = {**os.environ, "XDG_RUNTIME_DIR": str(base), "PYTHONPATH": str(REPOSITORY)}
        self.environ.pop("INDEXER_HOME", None)
        self.folder = sockets.runtime_dir(self.environ)
        self.root = self.project("project")
        self._printed = base / "stderr"
        self._processes: list[subprocess.Popen[bytes]] = []

    def project(self, name: str) -> str:
        """A folder that can be served."""
        root = self.base / name
        root.mkdir(parents=True, exist_ok=True)
        return str(root)

    def path(self, root: str | None = None) -> str:
        """The socket of a project."""
        return sockets.socket_path(self.folder, self.key(root))

    def key(self, root: str | None = None) -> str:
        return sockets.project_key(sockets.canonical_root(root or self.root))

    def command(self, root: str | None = None) -> list[str]:
        """What runs a daemon."""
        return [sys.executable, str(SCRIPT), self.folder, root or self.root]

    def launch(self, root: str | None = None, **environ: str) -> subprocess.Popen[bytes]:
        """A daemon process, whatever becomes of it."""
        # To a file: a pipe that nobody reads would stop the daemon once it is full.
        with open(self._printed, "ab") as output:
            process = subprocess.Popen(self.command(root), env={**self.environ, **environ}, stderr=output, cwd="/")
        self._processes.append(process)
        return process

    def printed(self) -> str:
        """What all the daemons have written to their standard error."""
        return self._printed.read_text(errors="replace")

    def daemon(self, root: str | None = None, limits: Mapping[str, Any] | None = None) -> Daemon:
        """A daemon process that answers."""
        process = self.launch(root, WIRE_LIMITS=json.dumps(limits or {}))
        daemon = Daemon(process, self.path(root))
        eventually(daemon.answers)
        return daemon

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()


class Daemon:
    """A running daemon."""

    def __init__(self, process: subprocess.Popen[bytes], path: str) -> None:
        self.process = process
        self.path = path

    def answers(self) -> bool:
        """Whether it says hello."""
        try:
            with self.connection() as peer:
                return "result" in peer.ask("system.hello")
        except OSError:
            return False

    def connection(self) -> Peer:
        return Peer(self.path)

    def counts(self) -> dict[str, Any]:
        """What the daemon has counted."""
        with self.connection() as peer:
            counted: dict[str, Any] = peer.ask("test.counts")["result"]
            return counted


class Peer:
    """A raw connection: bytes out, lines in."""

    def __init__(self, path: str, patience: float = PATIENCE) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(patience)
        try:
            self.socket.connect(path)
        except OSError:
            self.socket.close()
            raise
        self._file = self.socket.makefile("rb")

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()
        self.socket.close()

    def send(self, *messages: Any) -> None:
        """Each message a line: bytes as they are, anything else as JSON."""
        lines = [m if isinstance(m, bytes) else json.dumps(m).encode() for m in messages]
        self.socket.sendall(b"".join(line + b"\n" for line in lines))

    def receive(self) -> Any:
        """The next message; None at the end."""
        try:
            line = self._file.readline()
        except ConnectionResetError:
            return None
        return json.loads(line) if line else None

    def rest(self) -> list[Any]:
        """All messages up to the end, which comes when the daemon closes."""
        return list(iter(self.receive, None))

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """One request and its answer."""
        self.send(request(0, method, **params))
        answer: dict[str, Any] = self.receive()
        return answer


def request(request_id: Any, method: str, **params: Any) -> dict[str, Any]:
    """A request as JSON-RPC has it."""
    return {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params}


def notification(method: str, **params: Any) -> dict[str, Any]:
    """A notification as JSON-RPC has it."""
    return {"jsonrpc": "2.0", "method": method, "params": params}


def eventually(is_so: Callable[[], bool]) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """A place that is gone afterwards, with every daemon on it."""
    base = Path(tempfile.mkdtemp(prefix="wire-", dir="/tmp")).resolve()
    place = Ground(base)
    try:
        yield place
    finally:
        place.end()
        shutil.rmtree(base)
