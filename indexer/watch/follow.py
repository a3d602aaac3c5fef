"""What every kind of watcher does beside watching: its thread, its root, its ignore rules, its cookies.

A watcher calls `on_events` from its own threads, one call at a time; the callback must neither block for
long nor call the watcher. A tick every two seconds looks whether the root is still the same folder, whether
ignore rules outside the watched tree have changed, and at the folders that nobody watches. Before a cookie
is said, the same is looked at: so a save in an unwatched folder, or an edit of `.git/info/exclude`, is
never behind a cookie that came after it.
"""

from __future__ import annotations

import abc
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from indexer import errors
from indexer.watch import events, walk
from indexer.watch.ignore import RULE_FILES, Ignore

logger = logging.getLogger(__name__)

OnEvents = Callable[[Sequence[events.Event]], None]

_TICK_S: Final = 2.0
#: Looking at unwatched folders takes at most this share of one processor.
_POLL_SHARE: Final = 0.1
_POLL_INTERVAL_S: Final = 2.0


class Follower(abc.ABC):
    """Base of the watchers. `_lock` is held whenever the state of the watch is touched or events are said."""

    def __init__(self, root: str, ignore: Ignore, on_events: OnEvents) -> None:
        self._root = root
        self._ignore = ignore
        self._on_events = on_events
        self._lock = threading.RLock()
        self._root_identity: tuple[int, int] | None = None
        self._is_stopping = False
        #: An error may have kept events from being said.
        self._is_in_doubt = False
        self._wake = threading.Event()
        self._ticker = threading.Thread(target=self._run_ticks, name="watch-tick", daemon=True)
        self._next_poll = 0.0
        self._cookie_lock = threading.Lock()
        self._last_cookie = 0

    def start(self) -> None:
        """Watch; when it returns, what is saved from here on is said. List the tree after it, not before.

        A root that is not there is waited for. Takes about 10 µs a folder. Call it once.
        """
        with self._lock:
            self._open()
            self._root_identity = identity_of(self._root)
            if self._root_identity is not None:
                self._attach()
        self._ticker.start()

    def stop(self) -> None:
        """End the threads and give the watches back; no event is said after it. Harmless when repeated."""
        self._is_stopping = True
        self._wake.set()
        if self._ticker.ident is not None:
            self._ticker.join()
        self._close()

    def cookie(self) -> int:
        """A number that comes back as `Cookie(number)`, or a higher one, behind all that is saved by now.

        Costs a file made and deleted in the private folder. From any thread. Raises errors.Unavailable when
        the watcher is stopped or the file cannot be made.
        """
        if self._is_stopping or self._ticker.ident is None:
            raise errors.Unavailable("the watcher is not running")
        with self._cookie_lock:
            self._last_cookie += 1
            try:
                self._send_cookie(self._last_cookie)
            except OSError as exc:
                raise errors.Unavailable(f"cannot make a cookie file for the watcher: {exc}") from exc
            return self._last_cookie

    @abc.abstractmethod
    def status(self) -> events.Status:
        """How the tree is watched at the moment. Waits while the tree is followed afresh: ask from a thread."""

    @abc.abstractmethod
    def _open(self) -> None:
        """Get ready for watching, before there is a root."""

    @abc.abstractmethod
    def _close(self) -> None:
        """Give everything back; the tick has ended."""

    @abc.abstractmethod
    def _attach(self) -> None:
        """Watch the root's tree as it is on the disk, whatever of it is watched already."""

    @abc.abstractmethod
    def _detach(self) -> None:
        """Watch nothing of the tree."""

    @abc.abstractmethod
    def _compare(self) -> Iterable[events.Event]:
        """What changed in folders that nobody watches."""

    @abc.abstractmethod
    def _send_cookie(self, number: int) -> None:
        """Have `_say_cookie(number)` called behind all earlier events. Raises OSError."""

    def _say(self, batch: Sequence[events.Event]) -> None:
        if batch and not self._is_stopping:
            self._on_events(batch)

    def _say_cookie(self, number: int) -> None:
        self._say([*self._look_around(is_poll_due=True), events.Cookie(number)])

    def _look_around(self, is_poll_due: bool) -> list[events.Event]:
        """What no watch tells: the root, the rules outside the tree, the unwatched folders."""
        found = self._look_at_root()
        if self._root_identity is None:
            return found
        if self._is_in_doubt:
            self._is_in_doubt = False
            found.append(self._recover())
        if self._ignore.refresh():
            self._attach()
            found.append(events.IgnoreChanged())
        if is_poll_due:
            compared = list(self._compare())
            found += [event for event in compared if not _is_about(event, ".git")]
            if any(_is_about(event, *RULE_FILES) for event in compared):
                found.append(self._rules_changed())
        return found

    def _recover(self) -> events.Event:
        """Events were lost, the edit of an ignore file perhaps among them."""
        if self._root_identity is not None:
            self._rules_changed()
        return events.Rescan("an error while watching; see the log")

    def _rules_changed(self) -> events.Event:
        """An ignore file in the tree was edited."""
        self._ignore.invalidate()
        self._attach()
        return events.IgnoreChanged()

    def _look_at_root(self, is_known_gone: bool = False) -> list[events.Event]:
        """`is_known_gone`: the watched folder is the root no more, even if another took its number."""
        before, after = self._root_identity, identity_of(self._root)
        if before == after and not is_known_gone:
            return []
        found: list[events.Event] = []
        if before is not None:
            self._detach()
            self._ignore.invalidate()
            found.append(events.RootGone())
        self._root_identity = after
        if after is not None:
            self._ignore.invalidate()
            self._attach()
            found.append(events.RootBack())
        return found

    def _run_ticks(self) -> None:
        while not self._is_stopping:
            self._wake.wait(_TICK_S)
            self._wake.clear()
            try:
                self._tick()
            except Exception:
                logger.exception("watching failed for a moment", extra={"root": self._root})
                self._is_in_doubt = True

    def _tick(self) -> None:
        with self._lock:
            if self._is_stopping:
                return
            began = time.monotonic()
            is_poll_due = began >= self._next_poll
            self._say(self._look_around(is_poll_due))
            if is_poll_due:
                ended = time.monotonic()
                self._next_poll = ended + max(_POLL_INTERVAL_S, (ended - began) / _POLL_SHARE)


def _is_about(event: events.Event, *wanted: str) -> bool:
    return isinstance(event, events.Changed | events.Removed) and event.path.rpartition("/")[2] in wanted


def identity_of(root: str) -> tuple[int, int] | None:
    """What tells a folder from another one at the same path; None where there is no folder."""
    if not walk.is_folder(root):
        return None
    try:
        found = os.lstat(root)
    except OSError:
        return None
    return (found.st_dev, found.st_ino)
