"""Keeps a project's index equal to the disk: hints in, committed generations out, and an answer to "is everything seen?".

One loop takes hints (from the watcher, save hooks and clients), settles bursts, and lets the pipeline work on what they point to. A
sync puts a marker behind everything that was saved before it, through the watcher's own queue, and waits until the loop has
worked off all that came before.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from indexer import errors, model
from indexer.index import pipeline
from indexer.watch import Ignore, Inbox, Watcher, events, names, signature_of, walk

logger = logging.getLogger(__name__)

#: Seconds without a hint that end a burst, and the longest that a burst is waited for.
SETTLE: Final = 0.02
MAX_SETTLE: Final = 0.2
#: Seconds between two comparisons of the whole tree, for what no watcher sees.
CHECK_SECONDS: Final = 600.0
#: Seconds that a question waits for the watcher's answer.
WATCHER_PATIENCE: Final = 0.2
#: Seconds before a batch that failed is tried again, doubled up to the maximum.
RETRY: Final = 0.25
MAX_RETRY: Final = 10.0
#: Seconds without work after which processes that are not needed end.
REST_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Synced:
    """The answer to a sync: the generation that holds everything, or what is still pending at the time-out."""

    generation: model.Generation
    is_complete: bool
    n_pending: int


class Live:
    """The loop of one project. `run` it; everything else may be called meanwhile, from the same event loop."""

    def __init__(
        self, line: pipeline.Pipeline, ignore: Ignore, watcher_of: Callable[[Inbox], Watcher], max_files: int
    ) -> None:
        self._pipeline = line
        self._ignore = ignore
        self._max_files = max_files
        self._inbox = Inbox()
        self._watcher = watcher_of(self._inbox)
        self._asked_watcher: asyncio.Future[events.Status] | None = None
        self._watched = events.Status("starting", 0, 0, True)
        #: Hints of a burst that is still waited for.
        self._n_settling = 0
        self._checked_at = time.monotonic()
        self._cookies: dict[int, asyncio.Future[None]] = {}
        #: The highest of the watcher's cookies that came back.
        self._answered = 0
        #: When a cookie was asked for last, and when the database was last seen to hold what was committed.
        self._asked_at = 0.0
        self._stored_at = 0.0
        #: Cookies of our own count downwards.
        self._own_cookie = 0
        self._pending: set[str] = set()
        self._needs_check = "start"
        self._needs_load = False
        self._is_watching = asyncio.Event()
        #: Set when what a batch failed for may be over.
        self._is_back = asyncio.Event()
        self.first_done = asyncio.Event()
        self.last_error: str | None = None
        self.last_change = time.time()
        self.is_root_present = True
        self.is_cut = False
        #: The files within the limit, where the tree is larger.
        self._listed: frozenset[str] = frozenset()
        self.unreadable: tuple[str, ...] = ()
        #: Called with each outcome that changed something.
        self.on_change: Callable[[pipeline.Outcome], None] = lambda outcome: None

    # -- questions -----------------------------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """'starting', 'indexing', 'waiting' (for the database), 'root missing' or 'idle'."""
        if not self.is_root_present:
            return "root missing"
        if self.last_error is not None:
            return "waiting"
        if not self.first_done.is_set():
            return "starting" if self._pipeline.progress.stage == "idle" else "indexing"
        return "indexing" if self._pending or self._pipeline.progress.stage != "idle" else "idle"

    @property
    def n_pending(self) -> int:
        """Files that are known to be looked at yet, hints that nobody has taken in included; at least 1 while the tree itself is
        being compared.
        """
        n_hinted = self._inbox.n_hints + self._n_settling
        return max(len(self._pending) + len(self._pipeline.failures) + n_hinted, int(bool(self._needs_check)))

    async def watch_status(self) -> events.Status:
        """How the tree is watched; as it was last known where the watcher is busy with a large tree."""
        # At most one thread waits for the watcher, however many ask.
        asked = self._asked_watcher
        if asked is None or asked.done():
            asked = self._asked_watcher = asyncio.ensure_future(asyncio.to_thread(self._watcher.status))
        await asyncio.wait({asked}, timeout=WATCHER_PATIENCE)
        if asked.done():
            self._watched = asked.result()
        return self._watched

    async def sync(self, timeout: float) -> Synced:
        """Waits until everything that was saved before the call is in the index."""
        self._asked_at = time.monotonic()
        deadline = time.monotonic() + timeout
        try:
            await asyncio.wait_for(self._is_watching.wait(), timeout)
        except TimeoutError:
            return Synced(self._pipeline.generation, False, max(self.n_pending, 1))
        number = await asyncio.to_thread(self._watcher.cookie)
        return await self._wait_for(number, max(deadline - time.monotonic(), 0.0))

    async def notify(self, paths: Sequence[str], timeout: float | None) -> Synced:
        """Marks paths (relative to the root, '/' between parts) as changed; waits for them where a time-out is given."""
        self._inbox.put([_hint(self._pipeline.project.root, path) for path in paths])
        if timeout is None:
            return Synced(self._pipeline.generation, False, self.n_pending)
        self._asked_at = time.monotonic()
        self._own_cookie -= 1
        number = self._own_cookie
        self._inbox.put([events.Cookie(number)])
        return await self._wait_for(number, timeout)

    def rescan(self, reason: str) -> None:
        """Has the whole tree compared with the index."""
        self._inbox.put([events.Rescan(reason)])

    def reload(self, reason: str) -> None:
        """The database may have lost commits: compares what it holds with the tree before anything else is answered."""
        self._needs_load = True
        self._is_back.set()
        self.rescan(reason)

    async def _wait_for(self, number: int, timeout: float) -> Synced:
        if 0 < number <= self._answered:
            # The watcher's cookie came back before the thread that asked for it.
            return Synced(self._pipeline.generation, True, self.n_pending)
        future = self._cookies.setdefault(number, asyncio.get_running_loop().create_future())
        try:
            await asyncio.wait_for(asyncio.shield(future), timeout)
        except TimeoutError:
            return Synced(self._pipeline.generation, False, max(self.n_pending, 1))
        return Synced(self._pipeline.generation, True, self.n_pending)

    # -- the loop ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Works until cancelled."""
        await asyncio.to_thread(self._watcher.start)
        self._is_watching.set()
        try:
            self._inbox.put([events.Rescan("start")])
            while True:
                batch = await self._next_batch()
                await self._work_off(batch)
                cookies = [event.number for event in batch if isinstance(event, events.Cookie)]
                # A commit since the cookie was asked for has found the database as it should be.
                if cookies and self._stored_at <= self._asked_at:
                    await self._confirm()
                for number in cookies:
                    self._answer(number)
                await self._pipeline.remember()
        finally:
            await asyncio.to_thread(self._watcher.stop)
            await self._pipeline.close()
            await asyncio.to_thread(self._ignore.close)

    async def _next_batch(self) -> list[events.Event]:
        """The next hints, with the burst that they belong to and what is due; a rescan when it is time for one."""
        try:
            # Not wait_for, which in Python 3.11 forgets a cancellation that comes together with a hint.
            async with asyncio.timeout(self._seconds_until_due()):
                batch = await self._inbox.take()
        except TimeoutError:
            if self._pipeline.lacks_facts:
                await self._recall()
            elif not self._pipeline.due_again():
                await self._pipeline.rest()
            return self._due()
        deadline = time.monotonic() + MAX_SETTLE
        while not any(isinstance(event, events.Cookie) for event in batch) and time.monotonic() < deadline:
            self._n_settling = len(batch)
            try:
                async with asyncio.timeout(SETTLE):
                    batch += await self._inbox.take()
            except TimeoutError:
                break
        self._n_settling = 0
        # An endless storm must not keep them waiting.
        return [*self._due(), *batch]

    async def _recall(self) -> None:
        try:
            await self._pipeline.recall()
        except errors.IndexerError as exc:
            # They are made when they are needed.
            self._pipeline.lacks_facts = False
            logger.warning("facts that were lost are not made anew", extra={"reason": str(exc)})

    def _seconds_until_due(self) -> float:
        if self._pipeline.lacks_facts:
            return SETTLE
        due = [failure.again_at for failure in self._pipeline.failures.values()]
        due.append(self._checked_at + CHECK_SECONDS)
        return max(0.05, min([REST_SECONDS, *(at - time.monotonic() for at in due)]))

    def _due(self) -> list[events.Event]:
        """Files that failed and whose time has come, and the comparison of the whole tree when it is time for one."""
        due: list[events.Event] = [events.Changed(path) for path in self._pipeline.due_again()]
        if time.monotonic() - self._checked_at >= CHECK_SECONDS:
            due.append(events.Rescan("periodic check"))
        return due

    async def _work_off(self, batch: Sequence[events.Event]) -> None:
        """Does what the hints ask, again and again until it is done or the daemon ends."""
        self._take_in(batch)
        pause = RETRY
        while self._pending or self._needs_check or self._needs_load:
            try:
                await self._work()
                self.last_error = None
            except errors.Unavailable as exc:
                self.last_error = str(exc)
                self._needs_load = True
                logger.warning("a batch failed and stays pending", extra={"reason": str(exc), "again_in_s": pause})
                await self._pause(pause)
                pause = min(2 * pause, MAX_RETRY)
            except (errors.IndexerError, OSError, ValueError) as exc:
                self.last_error = f"{type(exc).__name__}: {exc}"
                self._needs_load = True
                logger.exception("a batch failed and stays pending")
                await self._pause(MAX_RETRY)
        self.first_done.set()

    async def _pause(self, seconds: float) -> None:
        """Waits before another attempt; not longer than until the database is back."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._is_back.wait(), seconds)
        self._is_back.clear()

    async def _confirm(self) -> None:
        """Sees to it that what was committed is in the database: a server that crashed may have lost it, unknown to us."""
        pause = RETRY
        while True:
            try:
                if await self._pipeline.is_stored():
                    return
                self._needs_load = True
                await self._work_off(())
            except errors.IndexerError as exc:
                self.last_error = str(exc)
                await self._pause(pause)
                pause = min(2 * pause, MAX_RETRY)

    def _take_in(self, batch: Iterable[events.Event]) -> None:
        for event in batch:
            match event:
                case events.Changed(path) | events.Removed(path):
                    self._pending.add(path)
                case events.FolderGone(path):
                    self._pending.update(self._known_below(path))
                case events.FolderAppeared(path):
                    self._pending.update(self._known_below(path))
                    self._pending.add(path)
                case events.Rescan(reason):
                    self._needs_check = reason
                case events.IgnoreChanged():
                    self._needs_check = "ignore rules changed"
                case events.RootGone():
                    self.is_root_present = False
                case events.RootBack():
                    self.is_root_present = True
                    self._needs_check = "the root is back"
                case events.Cookie():
                    pass

    def _known_below(self, folder: str) -> list[str]:
        if not folder:
            return list(self._pipeline.files)
        prefix = folder + "/"
        return [path for path in self._pipeline.files if path.startswith(prefix)]

    async def _work(self) -> None:
        line = self._pipeline
        if self._needs_load:
            before = line.generation
            await line.load()
            self._needs_load = False
            if line.generation != before:
                # A commit that was thought to have failed, or one that was lost: nobody knows what it changed.
                self.on_change(pipeline.Outcome(line.generation, names=None))
            self._needs_check = self._needs_check or "the database was away"
        if not self.is_root_present:
            self._needs_check = ""
            self._pending.clear()
            return
        gone: list[str] = []
        if self.is_cut and self._pending and not self._needs_check:
            # Which files lie within the limit depends on all of them.
            self._needs_check = "the tree is larger than index.max_files"
        was_compared = bool(self._needs_check)
        if was_compared:
            reason = self._needs_check
            await line.note_imports()
            changed, gone = await asyncio.to_thread(self._compare)
            self._pending.update(changed)
            if changed or gone:
                logger.info("compared", extra={"reason": reason, "n_changed": len(changed), "n_gone": len(gone)})
        paths = sorted(self._pending)
        wanted, unwanted = await asyncio.to_thread(self._look_at, paths)
        if self.is_cut:
            wanted = [path for path in wanted if path in self._listed]
        outcome = await line.index(wanted, [*gone, *unwanted])
        if outcome.changed or outcome.n_removed:
            self._stored_at = time.monotonic()
        self._needs_check = ""
        self._pending.difference_update(paths)
        if not was_compared and not self.is_cut and len(line.files) + len(line.others) > self._max_files:
            self._needs_check = "the tree is larger than index.max_files"
        if outcome.changed or outcome.n_removed:
            self.last_change = time.time()
            self.on_change(outcome)

    def _compare(self) -> tuple[list[str], list[str]]:
        """In a thread: lists the tree; what may have changed, and what is gone."""
        line = self._pipeline
        line.progress.stage = "listing"
        self._checked_at = time.monotonic()
        listing = walk(line.project.root, self._ignore, self._max_files, is_wanted=pipeline.is_candidate)
        entries = [(entry.path, entry.signature) for entry in listing]
        self._listed = frozenset(path for path, _ in entries) if listing.is_cut else frozenset()
        changed, gone = line.suspects(entries)
        self.is_cut, self.unreadable = listing.is_cut, tuple(listing.unreadable)
        return changed, gone

    def _look_at(self, paths: list[str]) -> tuple[list[str], list[str]]:
        """In a thread: the files among the hints (folders stand for what they hold) that are to be indexed, and the others."""
        line = self._pipeline
        root = line.project.root
        wanted: set[str] = set()
        for path in paths:
            full = f"{root}/{names.path_to_os(path)}" if path else root
            if os.path.isdir(full) and not os.path.islink(full):
                listing = walk(root, self._ignore, self._max_files, path, pipeline.is_candidate)
                wanted.update(entry.path for entry in listing)
            elif pipeline.is_candidate(path) and (path in line.files or signature_of(root, path) is not None):
                wanted.add(path)
        ordered = sorted(wanted)
        ignored = self._ignore.are_ignored(ordered, False)
        keep = [path for path, is_ignored in zip(ordered, ignored, strict=True) if not is_ignored]
        return keep, [path for path, is_ignored in zip(ordered, ignored, strict=True) if is_ignored]

    def _answer(self, number: int) -> None:
        """Answers all who wait for this cookie or, of the watcher's own, for an earlier one."""
        self._answered = max(self._answered, number)
        for waiting in list(self._cookies):
            if waiting == number or 0 < waiting <= number:
                future = self._cookies.pop(waiting)
                if not future.done():
                    future.set_result(None)


def _hint(root: str, path: str) -> events.Event:
    full = f"{root}/{names.path_to_os(path)}"
    return events.FolderAppeared(path) if os.path.isdir(full) else events.Changed(path)
