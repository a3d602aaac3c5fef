"""From the watcher's thread to the event loop: events merged by path, in a box of bounded size.

A storm on few files stays as small as the files are few, and one on many files becomes a single `Rescan`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Final

from indexer.watch import events

#: About 30 MB of events. Past it, comparing the whole tree with the disk is cheaper than following each hint.
CAPACITY: Final = 100_000


class Inbox:
    """Collects events from any thread (`put`) for one reader in an event loop (`take`)."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        """Belongs to the running loop: make it in a coroutine."""
        self._capacity = capacity
        self._loop = asyncio.get_running_loop()
        self._filled = asyncio.Event()
        self._lock = threading.Lock()
        self._pending: dict[tuple[str, str], events.Event] = {}

    @property
    def n_hints(self) -> int:
        """How many files and folders wait to be looked at; from any thread."""
        with self._lock:
            return sum(1 for kind, _ in self._pending if kind in {"file", "folder"})

    def put(self, batch: Sequence[events.Event]) -> None:
        """Add events; from any thread, never blocks. A closed loop drops them."""
        with self._lock:
            was_empty = not self._pending
            for event in batch:
                self._merge(event)
            if len(self._pending) > self._capacity:
                self._collapse()
            is_wake_due = was_empty and bool(self._pending)
        if is_wake_due and not self._loop.is_closed():
            # The loop may close in between: then nobody waits for the events any more.
            try:
                self._loop.call_soon_threadsafe(self._filled.set)
            except RuntimeError:
                return

    async def take(self) -> list[events.Event]:
        """All that has come since the last call; waits until there is something.

        Hints about single files and folders come first, then those about the whole tree, a cookie last: who
        looks at the disk in this order and then answers the cookie has kept its promise.
        """
        while True:
            await self._filled.wait()
            self._filled.clear()
            with self._lock:
                batch = list(self._pending.values())
                self._pending.clear()
            if batch:
                return sorted(_without_covered(batch), key=_rank)

    def _merge(self, event: events.Event) -> None:
        """A later hint replaces an earlier one about the same thing; a later cookie promises more."""
        match event:
            case events.Changed(path) | events.Removed(path):
                self._pending["file", path] = event
            case events.FolderAppeared(path) | events.FolderGone(path):
                self._pending["folder", path] = event
            case events.RootGone() | events.RootBack():
                self._pending["root", ""] = event
            case events.Rescan() | events.IgnoreChanged() | events.Cookie():
                self._pending[type(event).__name__, ""] = event

    def _collapse(self) -> None:
        kept: dict[tuple[str, str], events.Event] = {("Rescan", ""): events.Rescan(f"more than {self._capacity} changes at once")}
        kept |= {key: event for key, event in self._pending.items() if key[0] not in {"file", "folder", "Rescan"}}
        self._pending = kept


def _rank(event: events.Event) -> int:
    match event:
        case events.Cookie():
            return 2
        case events.Rescan() | events.IgnoreChanged() | events.RootGone() | events.RootBack():
            return 1
        case _:
            return 0


def _without_covered(batch: list[events.Event]) -> list[events.Event]:
    """The batch without folders that lie in another one of it, which is to be compared as a whole."""
    folders = {event.path for event in batch if isinstance(event, events.FolderAppeared)}
    if len(folders) < 2:
        return batch
    return [
        event
        for event in batch
        if not (isinstance(event, events.FolderAppeared | events.FolderGone) and _has_ancestor(event.path, folders))
    ]


def _has_ancestor(path: str, folders: set[str]) -> bool:
    while path:
        path = path.rpartition("/")[0]
        if path in folders:
            return True
    return False
