"""The server's process: started as our direct child, known to answer, stopped, never mistaken.

The child is told by the kernel when its parent dies (PR_SET_PDEATHSIG), and then shuts down in
order; so a holder that is killed takes its server along. Where that has not happened yet, or not at
all, the next start waits for the old server and ends it, after making sure by its working
directory that it is this cluster's and not some process that got the same pid later.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from indexer import errors
from indexer.database import binaries, cluster, complaints, places, settings, wire

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_START_LIMIT = 600.0  # seconds; recovery after a crash is part of a start
_CANNOT_CONNECT_NOW = "57P03"  # starting up or recovering
_NOBODY = 2**31 - 1  # a pid that no kernel gives out
_TRANSIENT = ("pre-existing shared memory block", "is still in use", "already exists")


@dataclass
class Server:
    """A running server; `output` holds its last lines."""

    process: subprocess.Popen[bytes]
    sockets: Path
    output: deque[str] = field(default_factory=lambda: deque(maxlen=40))
    reader: threading.Thread | None = None

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait(self) -> None:
        """Block until the process has ended and its last words are logged."""
        self.process.wait()
        if self.reader:
            self.reader.join(1)

    def stop(self) -> None:
        """Shut down in order; at once, leaving the rest to recovery, when that takes too long."""
        for how, patience in ((signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, None)):
            self.process.send_signal(how)
            try:
                self.process.wait(patience)
                return
            except subprocess.TimeoutExpired:
                logger.warning("the server is slow to stop", extra={"signal": how.name})


def start(place: places.Place, programs: binaries.Binaries) -> Server:
    """A server that answers and has the program's database; raises DatabaseUnavailable or Conflict."""
    end_orphan(place)
    deadline = time.monotonic() + 15
    while True:
        try:
            return _start_once(place, programs)
        except errors.DatabaseUnavailable as exc:
            # Backends of a server that was killed need a moment to notice and let go of its memory.
            if time.monotonic() > deadline or not any(words in str(exc) for words in _TRANSIENT):
                raise
        time.sleep(0.05)


def end_orphan(place: places.Place) -> None:
    """End a server that still runs on the place's data, and make a stale pid file harmless.

    The caller holds the holder's lock, so a server that runs has lost its holder. Signals go through
    a pidfd after the check, so that the pid cannot have changed hands in between. Raises DatabaseUnavailable.
    """
    data = place.data
    pid = _recorded_pid(data)
    if pid is None:
        return
    # The kernel has told it to stop when its holder died, so first give it a moment.
    for how, patience in ((None, 1.0), (signal.SIGINT, 2.0), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 5.0)):
        if not _signal_server(pid, data, how):
            break
        _wait_gone(pid, data, patience)
    try:
        if _recorded_pid(data) == pid:
            _disown_pid_file(data)
    except OSError as exc:
        raise complaints.unavailable(f"The server cannot be started in {place.folder}", exc) from exc


def _start_once(place: places.Place, programs: binaries.Binaries) -> Server:
    try:
        sockets = places.socket_folder(place)
        arguments = settings.write(place, sockets)
    except OSError as exc:
        raise complaints.unavailable(f"The server cannot be set up in {place.folder}", exc) from exc
    _clear_socket(sockets)
    server = _spawn(place, programs, arguments, sockets)
    try:
        _await_ready(server, place.log)
    except BaseException:
        server.stop()
        raise
    return server


def _spawn(place: places.Place, programs: binaries.Binaries, arguments: list[str], sockets: Path) -> Server:
    parent = os.getpid()
    process = subprocess.Popen(
        [str(programs.program("postgres")), *arguments],
        cwd="/",
        env=binaries.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # Runs after the change of user, which would clear the setting.
        preexec_fn=lambda: _die_with(parent),
        **binaries.as_account(place.account),  # type: ignore[call-overload]
    )
    server = Server(process, sockets)
    server.reader = threading.Thread(target=_log_output, args=(server,), daemon=True)
    server.reader.start()
    return server


def _await_ready(server: Server, log: Path) -> None:
    """Wait until the program's database takes a connection: a pid file that says so is no proof."""
    deadline = time.monotonic() + _START_LIMIT
    pause = 0.005
    while True:
        if server.process.poll() is not None:
            server.wait()
            said = complaints.complaint("\n".join(server.output))
            raise errors.DatabaseUnavailable(f"PostgreSQL does not start: {said} (its log is {log})")
        try:
            cluster.ensure_database(server.sockets)
            return
        except wire.Refused as exc:
            if exc.sqlstate != _CANNOT_CONNECT_NOW or time.monotonic() > deadline:
                said = complaints.advised(str(exc))
                raise errors.DatabaseUnavailable(f"PostgreSQL starts, but refuses us: {said}") from exc
        except OSError as exc:
            if time.monotonic() > deadline:
                raise errors.DatabaseUnavailable(f"PostgreSQL does not answer: {exc}") from exc
        time.sleep(pause)
        # A recovery takes seconds, and the log gets a line for each attempt.
        pause = min(1.2 * pause, 0.1)


def _log_output(server: Server) -> None:
    assert server.process.stderr is not None
    for raw in server.process.stderr:
        line = raw.decode(errors="replace").rstrip("\n")
        server.output.append(line)
        logger.info("%s", line)


if sys.platform == "linux":
    _libc = ctypes.CDLL(None)

    def _die_with(parent: int) -> None:
        """In the child, before exec: shut down in order when the parent dies."""
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

else:

    def _die_with(parent: int) -> None:
        """Other kernels tell nobody; the next start ends what was left."""


def _recorded_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _is_server(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL server of this cluster: it works in the data folder."""
    try:
        return os.readlink(f"/proc/{pid}/cwd") == os.path.realpath(data)
    except PermissionError:
        # Root in a container may not look into another user's process, but sees its command.
        return _is_command(pid, data)
    except OSError:
        return False


def _is_command(pid: int, data: Path) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return command[0].endswith(b"/postgres") and command[1:3] == [b"-D", bytes(data)]


def _signal_server(pid: int, data: Path, how: signal.Signals | None) -> bool:
    """Send the signal if the process is this cluster's server; whether it is."""
    if sys.platform != "linux":
        return False
    try:
        fd = os.pidfd_open(pid)
    except (OSError, OverflowError):
        return False
    try:
        if not _is_server(pid, data):
            return False
        if how is not None:
            logger.warning("ending a server that lost its holder", extra={"pid": pid, "signal": how.name})
            signal.pidfd_send_signal(fd, how)
        return True
    except ProcessLookupError:
        return False
    finally:
        os.close(fd)


def _wait_gone(pid: int, data: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while _is_server(pid, data) and time.monotonic() < deadline:
        time.sleep(0.02)


def _disown_pid_file(data: Path) -> None:
    """Put a pid that nobody can have into a stale pid file.

    PostgreSQL refuses to start while a process of the recorded pid lives, whichever it is. Removing
    the file would also remove the key of the old shared memory, by which it finds out
    whether a backend of the dead server still runs; so only the pid is replaced.
    """
    path = data / "postmaster.pid"
    _, _, rest = path.read_text().partition("\n")
    with path.open("r+") as file:
        file.write(f"{_NOBODY}\n{rest}")
        file.truncate()


def _clear_socket(sockets: Path) -> None:
    """Remove a dead server's socket and its lock, whose pid may be anybody's since.

    Only a holder comes here, and after the cluster's old server is gone.
    """
    path = wire.socket_path(sockets)
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".lock").unlink(missing_ok=True)
