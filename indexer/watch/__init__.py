"""Watching a tree and listing it: what is on the disk, what changed, what is ignored, what is secret.

    ignore = Ignore(root, include=..., exclude=...)
    watcher = watch(root, ignore, inbox.put)
    watcher.start()                                  watch first,
    for entry in walk(root, ignore, limit): ...      list second,
    for event in await inbox.take(): ...             then look wherever an event points

What is said are hints (`events`): the disk decides. Nothing of the tree is read here but names, attributes
and `.gitignore` files; nothing in it is written or run. watchdog, pathspec and git are used nowhere else.
"""

from __future__ import annotations

import os
import platform
from typing import Protocol

from indexer.watch import mounts, polling
from indexer.watch.events import Event, Status
from indexer.watch.follow import OnEvents
from indexer.watch.ignore import Ignore
from indexer.watch.inbox import Inbox
from indexer.watch.walk import Entry, Walk, signature_of, walk

__all__ = [
    "Entry",
    "Event",
    "Ignore",
    "Inbox",
    "OnEvents",
    "Status",
    "Walk",
    "Watcher",
    "signature_of",
    "walk",
    "watch",
]


class Watcher(Protocol):
    """What `watch` returns; see `follow.Follower` for what each promises."""

    def start(self) -> None:
        """Watch; when it returns, what is saved from here on is said. Blocks some 10 µs a folder."""

    def stop(self) -> None:
        """Say nothing more, end the threads. Harmless when repeated."""

    def cookie(self) -> int:
        """A number that comes back as `events.Cookie` behind all that is saved by now."""

    def status(self) -> Status:
        """How the tree is watched at the moment; waits while a large tree is followed, so ask from a thread."""


def watch(
    root: str,
    ignore: Ignore,
    on_events: OnEvents,
    *,
    cookie_folder: str | None = None,
    max_watches: int | None = None,
    is_polling: bool = False,
) -> Watcher:
    """A watcher of `root`, an absolute path, that is still to be started.

    `on_events` is called with batches of events from the watcher's threads, one call at a time (`Inbox.put`
    brings them to an event loop). `cookie_folder` is a private folder outside the tree. `max_watches`
    bounds the inotify watches, by
    default to three quarters of the user's limit; `is_polling` does without the system's help. Whatever the
    system refuses, a watcher is returned: its status says what it lacks.
    """
    root = os.path.realpath(root)
    silent = mounts.silent_file_system(root)
    if silent is not None:
        reason = f"{root} is on {silent}, which tells of no changes: folders are compared every few seconds"
        return polling.PollingWatcher(root, ignore, on_events, reason)
    if is_polling:
        return polling.PollingWatcher(root, ignore, on_events, "polling was asked for")
    if platform.system() == "Linux":
        return _watch_linux(root, ignore, on_events, cookie_folder, max_watches)
    return _watch_elsewhere(root, ignore, on_events)


def _watch_linux(root: str, ignore: Ignore, on_events: OnEvents, cookie_folder: str | None, max_watches: int | None) -> Watcher:
    # Imported where it exists: the module binds inotify's functions when it is loaded.
    from indexer.watch import linux

    try:
        return linux.LinuxWatcher(root, ignore, on_events, cookie_folder, max_watches)
    except OSError as exc:
        return polling.PollingWatcher(root, ignore, on_events, linux.why_no_queue(exc))


def _watch_elsewhere(root: str, ignore: Ignore, on_events: OnEvents) -> Watcher:
    from indexer.watch import portable

    return portable.ObserverWatcher(root, ignore, on_events)
