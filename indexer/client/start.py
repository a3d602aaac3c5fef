"""Find a project's daemon, start one where none runs, replace one of another version, stop it.

Whoever starts a daemon holds a lock meanwhile, so that five commands at once start one and not five. That
there is never more than one at work is the daemon's own rule (`server.ownership`).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from indexer import errors, sockets
from indexer.client.blocking import HELLO_PATIENCE, Client
from indexer.protocol import messages

if TYPE_CHECKING:
    import subprocess

#: Seconds for a daemon to say hello after its start: a first start makes a database cluster.
START_PATIENCE: Final = 60.0
#: Seconds for a daemon to end when asked, and again when told and when killed.
STOP_PATIENCE: Final = 15.0
_LOOK: Final = 0.02
_LOG_TAIL: Final = 2000


class Daemon(NamedTuple):
    """A daemon that lives; `hello` is None when it does not answer (it is starting, ending or hung)."""

    pid: int | None
    hello: messages.Hello | None


class _Place(NamedTuple):
    root: str
    folder: str
    key: str

    @property
    def socket(self) -> str:
        return sockets.socket_path(self.folder, self.key)

    @property
    def lock(self) -> str:
        return sockets.lock_path(self.folder, self.key)

    @property
    def log(self) -> str:
        return sockets.log_path(self.folder, self.key)


def connect(
    root: str | os.PathLike[str], environ: Mapping[str, str] = os.environ, *, timeout: float = HELLO_PATIENCE
) -> Client:
    """The running daemon of a project, of whatever version; DaemonUnavailable when none runs, Busy when it does not
    say hello within `timeout` seconds.
    """
    place = _place(root, environ)
    # A socket that nobody serves was left behind, or is a supervisor's, who would start a daemon.
    if not sockets.is_private(place.folder) or not os.path.exists(place.socket) or not _is_owned(place):
        raise errors.DaemonUnavailable(f"No daemon runs for {place.root}. Start one: indexer up {place.root}")
    return Client(place.socket, timeout)


def ensure(
    root: str | os.PathLike[str],
    environ: Mapping[str, str] = os.environ,
    *,
    command: Sequence[str] | None = None,
    timeout: float = START_PATIENCE,
) -> Client:
    """The project's daemon, of this very version: started, or replaced, where there is none such.

    `command` is what to run in place of `python -P -m indexer serve --project ROOT`. DaemonUnavailable when it
    does not say hello within `timeout` seconds, with what it printed.
    """
    place = _place(root, environ)
    if (found := _open(place)) is not None and found.is_current:
        return found
    if found is not None:
        found.close()
    deadline = time.monotonic() + timeout
    with _starting(place, deadline):
        # Somebody may have started it while this waited for its turn.
        if (found := _open(place)) is not None:
            if found.is_current:
                return found
            found.close()
            _stop(place, STOP_PATIENCE)
            # Where a supervisor listens, it has started this program's version for this very look.
            if (found := _open(place)) is not None and found.is_current:
                return found
        default = [sys.executable, "-P", "-m", "indexer", "serve", "--project", place.root]
        return _start(place, command or default, environ, deadline)


def stop(
    root: str | os.PathLike[str],
    environ: Mapping[str, str] = os.environ,
    *,
    patience: float = STOP_PATIENCE,
) -> bool:
    """End the project's daemon and return when it is gone: asked first, then told, then killed.

    Each of these gets `patience` seconds. False when none runs; Busy when not even the last one helps.
    """
    return _stop(_place(root, environ), patience)


def daemons(environ: Mapping[str, str] = os.environ) -> list[Daemon]:
    """Every daemon of this user that lives, whether it answers or not."""
    folder = sockets.runtime_dir(environ)
    if not sockets.is_private(folder):
        return []
    keys = sorted(name.removesuffix(".lock") for name in os.listdir(folder) if name.endswith(".lock"))
    places = (_Place("", folder, key) for key in keys)
    return [_look(place) for place in places if _is_owned(place)]


def log_path(root: str | os.PathLike[str], environ: Mapping[str, str] = os.environ) -> str:
    """What a daemon that was started in the background has printed; the file may not exist."""
    return _place(root, environ).log


def _place(root: str | os.PathLike[str], environ: Mapping[str, str]) -> _Place:
    canonical = sockets.canonical_root(os.fspath(root))
    return _Place(canonical, sockets.runtime_dir(environ), sockets.project_key(canonical))


def _open(place: _Place) -> Client | None:
    """The daemon that answers; None when nobody listens. Busy when somebody does, and does not answer."""
    if not sockets.is_private(place.folder):
        return None
    # Where nobody serves and somebody listens, a supervisor starts a daemon for whoever connects.
    patience = HELLO_PATIENCE if _is_owned(place) else START_PATIENCE
    try:
        return Client(place.socket, patience)
    except errors.DaemonUnavailable:
        return None


@contextlib.contextmanager
def _starting(place: _Place, deadline: float) -> Iterator[None]:
    path = sockets.start_lock_path(place.folder, place.key)
    try:
        sockets.make_private(place.folder)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as problem:
        raise errors.DaemonUnavailable(f"No daemon can be started: {problem}") from problem
    try:
        if not _within(deadline, lambda: _try_lock(descriptor, fcntl.LOCK_EX)):
            raise errors.Busy(f"Somebody else has been starting a daemon for {place.root}; try again.")
        yield
    finally:
        os.close(descriptor)


def _start(place: _Place, command: Sequence[str], environ: Mapping[str, str], deadline: float) -> Client:
    process = _spawn(place, command, environ)
    while True:
        has_ended = process.poll() is not None
        # Asked after the look at the process: that it ended because another was quicker is no failure.
        if (found := _open(place)) is not None:
            _reap_later(process)
            return found
        if has_ended:
            raise errors.DaemonUnavailable(f"The daemon for {place.root} ended while it started.{_printed(place)}")
        if time.monotonic() >= deadline:
            _reap_later(process)
            raise errors.DaemonUnavailable(
                f"The daemon for {place.root} (pid {process.pid}) does not answer yet.{_printed(place)}"
            )
        time.sleep(_LOOK)


def _spawn(place: _Place, command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # Needed by one command in a thousand, and costs 10 ms.
    import subprocess

    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_NOFOLLOW
    log = os.open(place.log, flags, 0o600)
    try:
        # A session of its own, so that it outlives the terminal; "/" so that it pins nobody's folder.
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=dict(environ),
            start_new_session=True,
        )
    except OSError as problem:
        raise errors.DaemonUnavailable(f"{command[0]} cannot be run: {problem.strerror}.") from problem
    finally:
        os.close(log)


def _reap_later(process: subprocess.Popen[bytes]) -> None:
    """A parent that outlives the daemon must collect it, or it stays as a zombie."""
    import threading

    threading.Thread(target=process.wait, daemon=True).start()


def _printed(place: _Place) -> str:
    try:
        with open(place.log, "rb") as file:
            text = file.read()[-_LOG_TAIL:].decode(errors="replace").strip()
    except OSError:
        return ""
    return f" It printed:\n{text}" if text else " It printed nothing."


def _stop(place: _Place, patience: float) -> bool:
    if not _is_owned(place):
        return False
    # One that cannot be asked is starting, ending or hung, and is told at once.
    if _ask_to_end(place, patience) and _is_gone_within(place, patience):
        return True
    for number in (signal.SIGTERM, signal.SIGKILL):
        if (pid := _pid_of(place)) is not None and _is_owned(place):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        if _is_gone_within(place, patience):
            return True
    raise errors.Busy(f"The daemon (pid {_pid_of(place)}) does not end, not even when killed.")


def _ask_to_end(place: _Place, patience: float) -> bool:
    try:
        with Client(place.socket, min(patience, HELLO_PATIENCE)) as daemon:
            daemon.call("system.shutdown", timeout=patience)
    except errors.Unavailable:
        return False
    return True


def _is_gone_within(place: _Place, timeout: float) -> bool:
    return _within(time.monotonic() + timeout, lambda: not _is_owned(place))


def _within(deadline: float, is_done: Callable[[], bool]) -> bool:
    while not is_done():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK)
    return True


def _look(place: _Place) -> Daemon:
    try:
        with Client(place.socket, timeout=1.0) as daemon:
            return Daemon(daemon.hello.pid, daemon.hello)
    except errors.Unavailable:
        return Daemon(_pid_of(place), None)


def _is_owned(place: _Place) -> bool:
    """Whether a daemon holds the project's lock: it lives, whether it answers or not."""
    try:
        descriptor = os.open(place.lock, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        return not _try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pid_of(place: _Place) -> int | None:
    """The pid that the lock's holder wrote; of use only while the lock is held."""
    try:
        with open(place.lock, encoding="ascii", errors="replace") as file:
            return int(file.read(20))
    except (OSError, ValueError):
        return None
