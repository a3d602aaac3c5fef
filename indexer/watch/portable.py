"""Watching elsewhere than on Linux: watchdog's `Observer` (FSEvents, kqueue, ReadDirectoryChangesW).

What it tells of several roots has no common order, so a cookie must lie in the tree: in `.git`, which
nobody reads as source, or beside it under a name of ours.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterable, Sequence
from typing import Final

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from indexer.watch import events, follow
from indexer.watch.ignore import RULE_FILES, Ignore
from indexer.watch.names import path_from_bytes

logger = logging.getLogger(__name__)

_COOKIE: Final = ".indexer-cookie-"
#: Everything that tells of content; opened and closed unread are left out, or a large tree drowns in them.
_KINDS: Final[list[type[FileSystemEvent]]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]


class ObserverWatcher(follow.Follower, FileSystemEventHandler):
    """A watcher on the system's own recursive watch."""

    def __init__(self, root: str, ignore: Ignore, on_events: follow.OnEvents) -> None:
        super().__init__(root, ignore, on_events)
        self._observer: BaseObserver | None = None
        self._problem: str | None = None

    def status(self) -> events.Status:
        with self._lock:
            return events.Status(
                mode="observer",
                n_watches=int(self._observer is not None),
                n_polled=0,
                is_root_present=self._root_identity is not None,
                limit=self._problem,
                problems=self._ignore.problems,
            )

    def dispatch(self, event: FileSystemEvent) -> None:
        """Called by watchdog, in its thread, for each event."""
        with self._lock:
            if not self._is_stopping and self._observer is not None:
                self._say_event(event)

    def _open(self) -> None:
        return

    def _close(self) -> None:
        self._detach()

    def _attach(self) -> None:
        if self._observer is not None:
            return
        observer = Observer()
        try:
            observer.schedule(self, self._root, recursive=True, event_filter=_KINDS)
            observer.start()
        except OSError as exc:
            self._problem = f"the system refuses to watch {self._root}: {exc}"
            logger.warning("watching is refused", extra={"root": self._root, "complaint": str(exc)})
            return
        self._observer = observer
        self._problem = None

    def _detach(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()

    def _compare(self) -> Iterable[events.Event]:
        return ()

    def _send_cookie(self, number: int) -> None:
        path = os.path.join(self._cookie_folder(), f"{_COOKIE}{os.getpid()}-{number}")
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)

    def _cookie_folder(self) -> str:
        inside = os.path.join(self._root, ".git")
        return inside if os.path.isdir(inside) else self._root

    def _say_event(self, event: FileSystemEvent) -> None:
        paths = [path for path in (event.src_path, event.dest_path) if path]
        relative = [self._relative(os.fsencode(path)) for path in paths]
        numbers = [number for path in relative if (number := _cookie_number(path))]
        if numbers:
            self._say_cookie(max(numbers))
            return
        said = list(self._hints(event, relative))
        if any(path.rpartition("/")[2] in RULE_FILES for path in relative):
            self._ignore.invalidate()
            said.append(events.IgnoreChanged())
        self._say(said)

    def _hints(self, event: FileSystemEvent, relative: Sequence[str]) -> Iterable[events.Event]:
        is_gone = isinstance(event, FileDeletedEvent | DirDeletedEvent | FileMovedEvent | DirMovedEvent)
        for index, path in enumerate(relative):
            if not path:
                yield from self._look_at_root()
            elif self._ignore.is_ignored(path, event.is_directory):
                continue
            elif event.is_directory:
                yield events.FolderGone(path) if is_gone and not index else events.FolderAppeared(path)
            else:
                yield events.Removed(path) if is_gone and not index else events.Changed(path)

    def _relative(self, path: bytes) -> str:
        inside = os.path.relpath(path, os.fsencode(self._root))
        return "" if inside == b"." else path_from_bytes(inside)


def _cookie_number(path: str) -> int:
    """0 for any other file, and for another process's cookies."""
    name = path.rpartition("/")[2]
    start = f"{_COOKIE}{os.getpid()}-"
    return int(name[len(start) :]) if name.startswith(start) and name[len(start) :].isdigit() else 0
