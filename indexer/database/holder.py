"""The process that owns the server: `python -m indexer.database.holder HOME TAG LOCK_FD`.

It is started by whoever first needs the server, gets the locked `holder` file handed down, and leaves
its starter's session. It starts the server as its child, says so on standard output in one line of
JSON, and then waits for one of three things: the server's end (it starts it again), a signal (it
stops it), or the last user's leaving. The kernel tells the last by granting an exclusive lock on
the `lease` file; so nothing polls, and users need not say goodbye.

It is small on purpose: it lives as long as the server, beside it.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import queue
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from indexer import errors
from indexer.database import binaries, cluster, locks, places, scope, server

logger = logging.getLogger(__name__)

_GRACE = 0.5  # seconds without a user before the server stops: one command often follows another
_LOG_BYTES = 2 << 20
_MAX_DELAY = 5.0  # seconds between attempts to start a server that will not
_MAX_PAUSE = 1.0  # seconds before a server that did start, and ended, is started again
_LIVED_WELL = 2.0  # seconds of life after which an end is an accident, not a loop


@dataclass(frozen=True)
class Unused:
    """Nobody holds a lease."""


@dataclass(frozen=True)
class Ended:
    """A server's process has ended."""

    server: server.Server


@dataclass(frozen=True)
class Stop:
    """Somebody asked us to end."""


@dataclass(frozen=True)
class Retry:
    """It is time to try and start the server again."""


Event = Unused | Ended | Stop | Retry


def main() -> int:
    """Leave the starter behind and hold the server; 0 when it was stopped in order."""
    home, tag, lock = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if os.fork():
        # The starter reaps this process at once, and the holder is nobody's zombie later.
        os._exit(0)
    os.set_inheritable(lock, False)
    os.umask(0o077)
    try:
        place = places.prepare(home, tag)
        _log_to(place.log)
        scope.enter(place.tag)
        holder = Holder(place, lock)
        holder.start()
    except Exception as exc:
        # Whatever it is, the starter must hear of it: it tells its user.
        if not isinstance(exc, errors.IndexerError):
            logger.exception("the holder cannot start")
        _report({"error": type(exc).__name__, "message": str(exc)})
        return 1
    _report({})
    holder.run()
    return 0


class Holder:
    """One server and its users; everything but waiting happens in the main thread.

    The main thread must be the one that starts the server: the kernel ties the parent-death signal
    to the thread, not to the process.
    """

    def __init__(self, place: places.Place, lock: int) -> None:
        self._place = place
        self._lock = lock
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._programs = binaries.find(place.account)
        self._server: server.Server | None = None
        self._started = 0.0
        self._delay = 0.0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._events.put(Stop()))
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def start(self) -> None:
        """The first start, which may have to make the cluster; raises DatabaseUnavailable or Conflict."""
        self._record("starting")
        server.end_orphan(self._place)
        cluster.ensure_files(self._place, self._programs)
        self._start_server()
        self._watch_leases()

    def run(self) -> None:
        """Keep the server running until it is unused or we are told to stop."""
        while True:
            try:
                event = self._events.get(timeout=None if self._server else self._delay)
            except queue.Empty:
                event = Retry()
            match event:
                case Stop():
                    return self._stop()
                case Unused():
                    if (lease := self._unused_still()) is not None:
                        self._stop()
                        return locks.release(lease)
                    self._watch_leases()
                case Ended(server=ended) if ended is self._server:
                    self._note_end()
                case Retry():
                    self._restart()

    def _start_server(self) -> None:
        self._server = started = server.start(self._place, self._programs)
        self._started = time.monotonic()
        self._record("ready")

        def watch() -> None:
            started.wait()
            self._events.put(Ended(started))

        threading.Thread(target=watch, daemon=True).start()

    def _watch_leases(self) -> None:
        """Wait beside the main thread for the last lease to go, and let later users in again at once."""

        def watch() -> None:
            locks.release(locks.wait_exclusive(self._place.lease))
            self._events.put(Unused())

        threading.Thread(target=watch, daemon=True).start()

    def _unused_still(self) -> int | None:
        """The exclusive lease after a grace, which keeps every user out while we stop; None if one came."""
        time.sleep(_GRACE)
        return locks.try_exclusive(self._place.lease)

    def _note_end(self) -> None:
        lived = time.monotonic() - self._started
        self._server = None
        self._delay = 0.0 if lived > _LIVED_WELL else min(2 * self._delay or 0.1, _MAX_PAUSE)
        logger.warning("the server ended; it is started again")
        self._record("starting")

    def _restart(self) -> None:
        try:
            self._start_server()
        except errors.IndexerError as exc:
            self._delay = min(2 * self._delay or 0.1, _MAX_DELAY)
            logger.error("the server does not start again: %s", exc)
            self._record("failing", str(exc))

    def _stop(self) -> None:
        self._record("stopping")
        if self._server:
            self._server.stop()

    def _record(self, state: locks.State, problem: str | None = None) -> None:
        running = self._server
        record = locks.Record(
            state=state,
            holder_pid=os.getpid(),
            server_pid=running.pid if running else None,
            socket=str(running.sockets) if running else None,
            version=self._programs.version,
            problem=problem,
        )
        try:
            locks.write_record(self._lock, record)
        except OSError:
            logger.exception("the holder's record cannot be written")


def _report(outcome: dict[str, str]) -> None:
    """Tell the starter, which may be gone, and let go of what it gave us."""
    try:
        os.write(1, json.dumps(outcome).encode() + b"\n")
    except OSError:
        logger.info("nobody waits for the server any more")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (1, 2):
        os.dup2(nowhere, fd)
    os.close(nowhere)


def _log_to(path: Path) -> None:
    """Log to the file and one older, each of bounded size; a full disk loses lines, nothing else."""
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=1, errors="replace")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.raiseExceptions = False
    logging.basicConfig(handlers=[handler], level=logging.INFO)


if __name__ == "__main__":
    sys.exit(main())
