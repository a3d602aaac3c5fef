"""What there is to know of a home's server, without starting it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.database import complaints, locks, places


@dataclass(frozen=True)
class Status:
    """A home's server at a moment; sizes are in bytes."""

    running: bool
    state: str  # stopped, starting, ready, failing, stopping
    folder: Path  # where its files lie
    log: Path
    version: str | None = None
    holder_pid: int | None = None
    server_pid: int | None = None
    socket: Path | None = None  # the socket's folder
    problem: str | None = None  # why it does not run though it should
    memory: int = 0  # the holder's and the server's, shared pages counted once
    data: int = 0  # on disk


def status(home: Path) -> Status:
    """The state of the home's server; never starts it, and makes nothing. Raises DatabaseUnavailable."""
    place = places.find(home)
    size = sum(_sizes(place.data))
    try:
        record = None if locks.is_free(place.holder) else locks.read_record(place.holder)
    except OSError as exc:
        raise complaints.unavailable(f"The database in {place.folder} cannot be looked at", exc) from exc
    if record is None:
        return Status(False, "stopped", place.folder, place.log, data=size)
    return Status(
        running=record.state == "ready",
        state=record.state,
        folder=place.folder,
        log=place.log,
        version=record.version,
        holder_pid=record.holder_pid,
        server_pid=record.server_pid,
        socket=Path(record.socket) if record.socket else None,
        problem=record.problem,
        memory=sum(_memory(pid) for pid in _family(record.holder_pid)),
        data=size,
    )


def _sizes(folder: Path) -> Iterator[int]:
    """Bytes on disk of each file below `folder`; files come and go while we look."""
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                yield os.lstat(os.path.join(parent, name)).st_blocks * 512
            except OSError:
                continue


def _family(pid: int) -> set[int]:
    """The process and all that descend from it."""
    family, found = {pid}, {pid}
    parents = dict(_parents())
    while found:
        found = {child for child, parent in parents.items() if parent in found} - family
        family |= found
    return family


def _parents() -> Iterator[tuple[int, int]]:
    """Each process with its parent, as /proc has them; none where there is no /proc."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name before it stands in parentheses and may hold any character.
            parent = stat.read_text(errors="replace").rpartition(")")[2].split()[1]
        except OSError:
            continue
        yield int(stat.parent.name), int(parent)


def _memory(pid: int) -> int:
    """Proportional set size: pages that processes share are counted once between them.

    Where we may not see that of another user's process (root in a container), its own pages alone.
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except PermissionError:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
        return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
