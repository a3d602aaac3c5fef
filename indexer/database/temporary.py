"""Servers that are made to be thrown away: for tests and measurements, by the same code as any other."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer import errors
from indexer.database import lease as leases
from indexer.database import locks, places


@contextmanager
def server(home: Path, *, timeout: float = 60.0) -> Iterator[leases.Lease]:
    """A server of its own in `home`; whoever leaves last removes it with all its data.

    Several processes may share one by naming the same home at the same time.
    """
    held = leases.acquire(home, timeout=timeout)
    try:
        yield held
    finally:
        held.close()
        remove_unused(home)


def wait_stopped(home: Path, *, timeout: float = 30.0) -> None:
    """Block until the home's server and holder are gone; raises Conflict when they are still in use."""
    place = places.find(home)
    deadline = time.monotonic() + timeout
    while not locks.is_free(place.holder):
        if time.monotonic() > deadline:
            raise errors.Conflict(f"The database in {place.folder} is still in use.")
        time.sleep(0.02)


def remove_unused(home: Path, *, timeout: float = 30.0) -> bool:
    """Remove the home's database once its server has stopped; False while somebody uses it."""
    place = places.find(home)
    deadline = time.monotonic() + timeout
    in_use = 0
    while place.folder.exists():
        if _remove(place):
            return True
        record = locks.read_record(place.holder)
        in_use = in_use + 1 if not locks.is_free(place.lease) and record and record.state == "ready" else 0
        # Once means little: a holder that has just found its server unused has the lock for an instant.
        if in_use > 3 or time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _remove(place: places.Place) -> bool:
    """Remove everything of the place while both locks keep everybody out; False when they are taken."""
    lease = locks.try_exclusive(place.lease)
    if lease is None:
        return False
    try:
        holder = locks.try_exclusive(place.holder)
        if holder is None:
            return False
        for folder in (*places.socket_candidates(place), place.folder):
            shutil.rmtree(folder, ignore_errors=True)
        os.close(holder)
        return True
    finally:
        locks.release(lease)
