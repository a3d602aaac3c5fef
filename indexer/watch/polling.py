"""Watching without the kernel's help: every folder is compared with its last listing.

For file systems that tell nobody of changes (network folders, shared folders of virtual machines) and for
when the system grants no watches at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from indexer.watch import events, follow
from indexer.watch.ignore import Ignore
from indexer.watch.tree import Tree


class PollingWatcher(follow.Follower):
    """A watcher that compares; `reason` says in a sentence why, and what to do about it."""

    def __init__(self, root: str, ignore: Ignore, on_events: follow.OnEvents, reason: str) -> None:
        super().__init__(root, ignore, on_events)
        self._reason = reason
        self._tree = Tree(root, ignore, None, 0)
        self._wanted_cookie = 0
        self._said_cookie = 0

    def status(self) -> events.Status:
        with self._lock:
            return events.Status(
                mode="polling",
                n_watches=0,
                n_polled=self._tree.n_polled,
                is_root_present=self._root_identity is not None,
                limit=self._reason,
                problems=self._ignore.problems + self._tree.problems,
            )

    def _open(self) -> None:
        return

    def _close(self) -> None:
        self._tree.clear()

    def _attach(self) -> None:
        self._tree.follow()

    def _detach(self) -> None:
        self._tree.clear()

    def _compare(self) -> Iterable[events.Event]:
        return self._tree.compare()

    def _send_cookie(self, number: int) -> None:
        self._wanted_cookie = number
        self._wake.set()

    def _tick(self) -> None:
        wanted = self._wanted_cookie
        if wanted == self._said_cookie:
            super()._tick()
            return
        with self._lock:
            self._say_cookie(wanted)
            self._said_cookie = wanted
