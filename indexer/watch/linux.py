"""Watching on Linux: one inotify queue for the whole tree, the root's parent and the folder of the cookies.

The kernel puts an event into the queue before the system call that caused it returns, and the queue keeps
its order across folders. So a cookie file that was made after a save is heard of after that save; where the
save's folder was too young to be watched, the making of that folder stands before the cookie, and following
it includes all that is in it.

When the queue overflows, everything is followed afresh and a `Rescan` said. watchdog's own recursive
observer is not used: it loses events in storms and does not say so.
"""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from watchdog.observers import inotify_c
from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent

from indexer.watch import events, follow
from indexer.watch.ignore import RULE_FILES, Ignore
from indexer.watch.names import path_from_bytes
from indexer.watch.tree import Folder, Tree

logger = logging.getLogger(__name__)

_APPEARED: Final = InotifyConstants.IN_CREATE | InotifyConstants.IN_MOVED_TO
_GONE: Final = InotifyConstants.IN_DELETE | InotifyConstants.IN_MOVED_FROM
_FOLDER_ONLY: Final = InotifyConstants.IN_ONLYDIR | InotifyConstants.IN_DONT_FOLLOW
#: Without IN_MODIFY: a save is seen when it is closed. (`truncate` of a path says nothing else: the
#: periodic check sees it.)
_TREE_MASK: Final = (
    _APPEARED
    | _GONE
    | InotifyConstants.IN_CLOSE_WRITE
    | InotifyConstants.IN_ATTRIB
    | InotifyConstants.IN_MOVE_SELF
    | InotifyConstants.IN_EXCL_UNLINK
    | _FOLDER_ONLY
)
_PARENT_MASK: Final = _GONE | _FOLDER_ONLY
_COOKIE_MASK: Final = InotifyConstants.IN_CREATE | _FOLDER_ONLY

_LIMITS: Final = Path("/proc/sys/fs/inotify")
#: The limit is for all programs of a user: an editor that finds none left fails worse than we do.
_OUR_SHARE: Final = (3, 4)
_UNKNOWN_LIMIT: Final = 8_192


class LinuxWatcher(follow.Follower):
    """A watcher on inotify; folders beyond the limit of watches are compared instead."""

    def __init__(
        self,
        root: str,
        ignore: Ignore,
        on_events: follow.OnEvents,
        cookie_folder: str | None = None,
        max_watches: int | None = None,
    ) -> None:
        """`cookie_folder` is made when missing, for us alone; None: one in the system's temporary folder.

        Raises OSError: ENOSPC and EMFILE when the system grants no watch or no queue.
        """
        super().__init__(root, ignore, on_events)
        self._queue = _Queue(self._handle)
        self._parent_watch = -1
        self._n_overflows = 0
        self._is_cookie_folder_ours = cookie_folder is None
        self._cookie_folder = cookie_folder or tempfile.mkdtemp(prefix="indexer-watch-")
        try:
            self._cookie_watch = self._watch_cookies()
        except OSError:
            # Only its own thread gives the queue back.
            self._queue.start()
            self._close()
            raise
        self._tree = Tree(root, ignore, self._queue, share_of_watches() if max_watches is None else max_watches)

    def status(self) -> events.Status:
        with self._lock:
            return events.Status(
                mode="mixed" if self._tree.n_polled else "inotify",
                n_watches=self._tree.n_watches,
                n_polled=self._tree.n_polled,
                is_root_present=self._root_identity is not None,
                n_overflows=self._n_overflows,
                limit=self._limit(),
                problems=self._ignore.problems + self._tree.problems,
            )

    def _limit(self) -> str | None:
        if not self._tree.n_polled:
            return None
        limit = _read_limit("max_user_watches")
        return (
            f"the limit of inotify watches is near (fs.inotify.max_user_watches = {limit}): "
            f"{self._tree.n_polled} folders are compared every few seconds instead. Raise it: "
            f"sudo sysctl fs.inotify.max_user_watches={max(524_288, 4 * limit)}"
        )

    def _open(self) -> None:
        self._queue.start()

    def _close(self) -> None:
        with self._lock:
            self._queue.stop()
        self._queue.join()
        if self._is_cookie_folder_ours:
            shutil.rmtree(self._cookie_folder, ignore_errors=True)

    def _attach(self) -> None:
        try:
            self._parent_watch = self._queue.add_with(os.fsencode(os.path.dirname(self._root)), _PARENT_MASK)
        except OSError:
            # The tick looks at the root too.
            self._parent_watch = -1
        self._tree.follow()

    def _detach(self) -> None:
        if self._parent_watch != -1:
            self._queue.remove(self._parent_watch)
            self._parent_watch = -1
        self._tree.clear()

    def _compare(self) -> Iterable[events.Event]:
        if self._cookie_watch == -1:
            self._restore_cookies()
        return self._tree.compare()

    def _send_cookie(self, number: int) -> None:
        path = os.path.join(self._cookie_folder, str(number))
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
        os.unlink(path)

    def _watch_cookies(self) -> int:
        os.makedirs(self._cookie_folder, mode=0o700, exist_ok=True)
        return self._queue.add_with(os.fsencode(self._cookie_folder), _COOKIE_MASK)

    def _restore_cookies(self) -> None:
        """Cookies that found no watch are answered by the one that is sent here. Tried again with each tick."""
        try:
            self._cookie_watch = self._watch_cookies()
            self._resend_cookie()
        except OSError as exc:
            self._cookie_watch = -1
            logger.warning("no folder for cookies", extra={"folder": self._cookie_folder, "complaint": str(exc)})

    def _resend_cookie(self) -> None:
        """Cookies may have been lost with other events: this one comes behind all that they promised."""
        with self._cookie_lock:
            if self._last_cookie:
                self._send_cookie(self._last_cookie)

    def _recover(self) -> events.Event:
        said = super()._recover()
        self._restore_cookies()
        return said

    def _handle(self, batch: Sequence[InotifyEvent]) -> None:
        """All that one read of the queue gave; called by the reader thread."""
        with self._lock:
            if self._is_stopping:
                return
            try:
                self._say_batch(batch)
            except Exception:
                logger.exception("following events failed", extra={"root": self._root})
                self._is_in_doubt = True

    def _say_batch(self, batch: Sequence[InotifyEvent]) -> None:
        said: list[events.Event] = []
        files: dict[str, events.Event] = {}
        cookie = 0
        are_rules_changed = False
        for event in batch:
            if event.mask & InotifyConstants.IN_Q_OVERFLOW:
                said.append(self._overflow())
            elif event.wd == self._cookie_watch:
                cookie = max(cookie, self._read_cookie(event))
            elif event.wd == self._parent_watch:
                said += self._look_at_parent(event)
            elif (folder := self._tree.owner(event.wd)) is None:
                continue
            elif not event.name:
                said += self._look_at_self(folder, event)
            else:
                name = path_from_bytes(event.name)
                are_rules_changed |= name in RULE_FILES
                if event.mask & InotifyConstants.IN_ISDIR:
                    said += self._look_at_folder(folder, name, event.mask)
                else:
                    path = f"{folder.path}/{name}" if folder.path else name
                    files[path] = events.Removed(path) if event.mask & _GONE else events.Changed(path)
        if are_rules_changed and self._root_identity is not None:
            said.append(self._rules_changed())
        ignored = self._ignore.are_ignored(list(files), False)
        said += [event for event, is_out in zip(files.values(), ignored, strict=True) if not is_out]
        self._say(said)
        if cookie:
            self._say_cookie(cookie)

    def _overflow(self) -> events.Event:
        self._n_overflows += 1
        self._recover()
        return events.Rescan("the kernel's queue of file events overflowed")

    def _read_cookie(self, event: InotifyEvent) -> int:
        if event.mask & InotifyConstants.IN_IGNORED:
            # Somebody tidied our folder away.
            self._restore_cookies()
            return 0
        return int(event.name) if event.name.isdigit() else 0

    def _look_at_parent(self, event: InotifyEvent) -> list[events.Event]:
        is_about_root = os.fsdecode(event.name) == os.path.basename(self._root)
        return self._look_at_root(is_known_gone=True) if is_about_root else []

    def _look_at_self(self, folder: Folder, event: InotifyEvent) -> list[events.Event]:
        """An event about a watched folder itself, said by its own watch; its parent's says the rest."""
        if event.mask & (InotifyConstants.IN_IGNORED | InotifyConstants.IN_UNMOUNT):
            self._tree.lost(event.wd)
            return self._look_at_root(is_known_gone=True) if folder.parent is None else []
        if event.mask & InotifyConstants.IN_MOVE_SELF and folder.parent is None:
            return self._look_at_root(is_known_gone=True)
        return []

    def _look_at_folder(self, folder: Folder, name: str, mask: int) -> list[events.Event]:
        if mask & _APPEARED:
            found = self._tree.appeared(folder, name)
        elif mask & _GONE:
            found = self._tree.gone(folder, name)
        else:
            found = self._tree.attributes_changed(folder, name)
        return [] if found is None else [found]


class _Queue(inotify_c.InotifyFD):
    """watchdog's reader of an inotify queue, handing on each read as one batch; a `tree.Notifier`."""

    def __init__(self, on_batch: Callable[[Sequence[InotifyEvent]], None]) -> None:
        super().__init__()
        os.set_inheritable(self._inotify_fd, False)
        self._on_batch = on_batch

    def run(self) -> None:
        while self.should_keep_running():
            batch = self.read_events()
            if batch:
                self._on_batch(batch)

    def add(self, path: bytes) -> int:
        return self.add_with(path, _TREE_MASK)

    def add_with(self, path: bytes, mask: int) -> int:
        watch = inotify_c.inotify_add_watch(self._inotify_fd, path, mask)
        if watch == -1:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), path)
        return watch

    def remove(self, watch: int) -> None:
        # It may have ended by itself meanwhile; then there is nothing to do.
        inotify_c.inotify_rm_watch(self._inotify_fd, inotify_c.WatchDescriptor(watch))


def share_of_watches() -> int:
    """How many watches we take at most."""
    ours, whole = _OUR_SHARE
    return _read_limit("max_user_watches") * ours // whole


def why_no_queue(exc: OSError) -> str:
    """A sentence about a refused queue or first watch, with what to change."""
    name = "max_user_watches" if exc.errno == errno.ENOSPC else "max_user_instances"
    limit = _read_limit(name)
    return (
        f"inotify is not available ({os.strerror(exc.errno or 0)}, fs.inotify.{name} = {limit}): folders are "
        f"compared every few seconds instead. Raise it: sudo sysctl fs.inotify.{name}={4 * limit}"
    )


def _read_limit(name: str) -> int:
    try:
        return int((_LIMITS / name).read_text())
    except (OSError, ValueError):
        return _UNKNOWN_LIMIT
