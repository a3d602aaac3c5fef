"""Using the embedded server: a lease keeps it running, and whoever needs it first starts it."""

from __future__ import annotations

import json
import logging
import os
import select
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import indexer
from indexer import errors
from indexer.database import binaries, cluster, complaints, locks, places, wire

if TYPE_CHECKING:
    import asyncio

logger = logging.getLogger(__name__)

_POLL = 0.01  # seconds between looks at a server that somebody else is starting
# What a holder needs of its starter's environment; no keys or passwords live on in it.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
_ERRORS = {kind.__name__: kind for kind in (errors.Conflict, errors.DatabaseUnavailable)}


class Lease:
    """A hold on the server: it runs for as long as one is open, in any process.

    A process that dies lets go of its leases. Should the server itself die, its holder starts it
    again; should the holder die too, acquire another lease, and then close this one.
    """

    def __init__(self, dsn: str, fd: int) -> None:
        self.dsn = dsn
        self._fd: int | None = fd

    def close(self) -> None:
        """Let go; closing twice is fine."""
        fd, self._fd = self._fd, None
        if fd is not None:
            locks.release(fd)

    def __enter__(self) -> Lease:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def acquire(home: Path, *, timeout: float = 60.0) -> Lease:
    """A lease on the home's server, which is made and started when needed, and answers.

    `timeout` is in seconds. Raises DatabaseUnavailable or Conflict, with what to do about it.
    """
    deadline = time.monotonic() + timeout
    place = places.prepare(home)
    try:
        fd = _take_lease(place, deadline)
        try:
            return Lease(_dsn(_await_server(place, deadline)), fd)
        except BaseException:
            locks.release(fd)
            raise
    except OSError as exc:
        raise complaints.unavailable(f"The database in {place.folder} cannot be used", exc) from exc


async def acquire_async(home: Path, *, timeout: float = 60.0) -> Lease:
    """`acquire` in a thread; a lease that arrives after a cancellation is given back."""
    import asyncio  # the holder imports this package too, and must stay small

    running = asyncio.get_running_loop().run_in_executor(None, partial(acquire, home, timeout=timeout))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        running.add_done_callback(_give_back)
        raise


def _give_back(done: asyncio.Future[Lease]) -> None:
    if done.exception() is None:
        done.result().close()


def _take_lease(place: places.Place, deadline: float) -> int:
    """A shared lock on the lease file; a holder about to stop keeps it from us until it has."""
    while (fd := locks.try_shared(place.lease)) is None:
        if time.monotonic() > deadline:
            raise errors.DatabaseUnavailable(
                f"The database server in {place.folder} does not finish stopping; its log is {place.log}."
            )
        time.sleep(_POLL)
    return fd


def _await_server(place: places.Place, deadline: float) -> Path:
    """The socket folder of a server that answers; starts a holder whenever there is none."""
    while True:
        lock = locks.try_exclusive(place.holder)
        if lock is not None:
            _start_holder(place, lock, deadline)
        record = locks.read_record(place.holder)
        if record is not None and record.state == "failing" and record.problem:
            raise errors.DatabaseUnavailable(record.problem)
        if record is not None and record.state == "ready" and record.socket and _answers(Path(record.socket)):
            return Path(record.socket)
        if time.monotonic() > deadline:
            state = record.state if record else "unknown"
            raise errors.DatabaseUnavailable(
                f"The database server in {place.folder} is not ready yet (state: {state}); its log is {place.log}."
            )
        time.sleep(_POLL)


def _start_holder(place: places.Place, lock: int, deadline: float) -> None:
    """Start a holder that owns `lock`, and wait for its word; raises what kept it from starting."""
    try:
        process = _spawn_holder(place, lock)
    finally:
        os.close(lock)
    with process:
        assert process.stdout is not None
        said = _read_report(process.stdout.fileno(), deadline)
    _raise_failure(said, place)


def _spawn_holder(place: places.Place, lock: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-s", "-m", "indexer.database.holder"]
    command += [os.fspath(place.home), place.tag, str(lock)]
    # Its modules come from where ours do, and never from the current folder: that can be the project
    # that we index.
    packages = [Path(indexer.__file__).parent.parent, binaries.site()]
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return subprocess.Popen(
        command,
        cwd="/",
        env=environment | {"PYTHONPATH": os.pathsep.join(map(str, packages))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=(lock,),
    )


def _read_report(fd: int, deadline: float) -> str:
    """All that the holder says before it reports, and the report; '' when time runs out."""
    said = b""
    while not said.endswith(b"}\n"):
        ready, _, _ = select.select([fd], [], [], max(deadline - time.monotonic(), 0))
        if not ready:
            return ""
        chunk = os.read(fd, 65536)
        if not chunk:
            break
        said += chunk
    return said.decode(errors="replace")


def _raise_failure(said: str, place: places.Place) -> None:
    if not said:
        return  # still starting: the caller says so when its time is up
    try:
        outcome = json.loads(said.splitlines()[-1])
    except ValueError:
        outcome = {"error": "", "message": f"The database's holder ended at once: {said.strip()[-500:]}"}
    if "error" in outcome:
        kind = _ERRORS.get(outcome["error"], errors.DatabaseUnavailable)
        logger.info("the holder did not start", extra={"log": str(place.log)})
        raise kind(outcome["message"])


def _answers(sockets: Path) -> bool:
    try:
        with wire.connect(sockets, cluster.DATABASE):
            return True
    except (OSError, wire.Refused):
        return False


def _dsn(sockets: Path) -> str:
    """What asyncpg and libpq understand; the user's PGPORT and PGSSLMODE must not lead it astray."""
    host = quote(str(sockets), safe="/")
    return f"postgresql://{wire.USER}@/{cluster.DATABASE}?host={host}&port={wire.PORT}&sslmode=disable"
