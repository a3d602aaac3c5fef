"""Notices that this program's own files were replaced, as an upgrade does under a daemon that runs.

What is loaded stays what it was, but processes that are started from then on are of the other version: they may not understand each other.
So the daemon ends in good order and begins anew from the files that are there.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import indexer

FOLDER: Final = Path(indexer.__file__).parent
#: Seconds between two looks at some hundred files, which take two milliseconds.
LOOK_SECONDS: Final = 20.0

#: What tells the versions of the files apart: size and time of modification by path.
Stamp = Mapping[str, tuple[int, int]]


def stamp(folder: Path = FOLDER) -> Stamp:
    """How the program's files are."""
    return dict(_files(os.fspath(folder)))


def _files(folder: str) -> Iterator[tuple[str, tuple[int, int]]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            # What Python compiles, it writes whenever it likes.
            if entry.name != "__pycache__":
                yield from _files(entry.path)
        else:
            try:
                found = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            yield entry.path, (found.st_size, found.st_mtime_ns)


#: The files that this process was loaded from, or nearly so.
LOADED: Final = stamp()


async def wait_until_replaced(loaded: Stamp = LOADED, folder: Path = FOLDER, look_s: float = LOOK_SECONDS) -> None:
    """Returns when there are other files than those that were loaded, and nobody is at work on them."""
    before = loaded
    while True:
        await asyncio.sleep(look_s)
        found = await asyncio.to_thread(stamp, folder)
        if found != loaded and found == before and found:
            return
        before = found


def begin_anew(environ: Mapping[str, str] = os.environ) -> None:
    """Runs the same command again in the place of this process; only returns where a supervisor must start it."""
    # A socket that was handed over is handed over again only by whoever listens on it.
    if "LISTEN_FDS" not in environ:
        sys.stdout.flush()
        os.execv(sys.executable, sys.orig_argv)
