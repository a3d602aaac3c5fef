"""What somebody is working on, as the daemon can tell from what is asked and saved; kept by itself when the branch is switched.

Nothing can be asked before a switch of branches, so the context is gathered all the time, in memory, and captured as it was on the
branch that was left once another one is seen.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from indexer import errors
from indexer.memory import states
from indexer.store import connect

logger = logging.getLogger(__name__)

#: Of each sort the latest so many are kept.
KEPT: Final = 30
#: More files that change at once than this are no work of somebody's hands.
MOST_SAVED: Final = 3
#: Characters of a query that are kept.
_QUERY: Final = 500


class WorkingContext:
    """Files, symbols, queries and memories that were in play lately, the latest last. `run` keeps it when the branch changes."""

    def __init__(self, database: connect.Database, vault: uuid.UUID, branch: Callable[[], str | None]) -> None:
        """`branch` says at once which branch is checked out; None where there is no repository."""
        self._database = database
        self._vault = vault
        self._branch_of = branch
        self._branch = branch()
        self._files: OrderedDict[str, int | None] = OrderedDict()
        self._symbols: OrderedDict[str, None] = OrderedDict()
        self._queries: OrderedDict[str, None] = OrderedDict()
        self._memories: OrderedDict[uuid.UUID, None] = OrderedDict()
        self._left: asyncio.Queue[tuple[str, dict[str, Any], list[uuid.UUID]]] = asyncio.Queue()

    def note_symbols(self, symbols: Iterable[tuple[str, str, int]]) -> None:
        """Symbols that were looked at: qualified name, file and line."""
        self.look()
        for name, path, line in symbols:
            _put(self._symbols, name, None)
            _put(self._files, path, line)

    def note_file(self, path: str, line: int | None = None) -> None:
        """A file that was looked at."""
        self.look()
        _put(self._files, path, line)

    def note_saved(self, paths: Sequence[str]) -> None:
        """Files that changed on disk."""
        self.look()
        if len(paths) <= MOST_SAVED:
            for path in paths:
                _put(self._files, path, self._files.get(path))

    def note_query(self, query: str, memories: Iterable[uuid.UUID] = ()) -> None:
        """What was searched for, and the memories that were found."""
        self.look()
        _put(self._queries, query[:_QUERY], None)
        self.note_memories(memories)

    def note_memories(self, memories: Iterable[uuid.UUID]) -> None:
        """Memories that were made or recalled."""
        self.look()
        for memory in memories:
            _put(self._memories, memory, None)

    def memories(self) -> list[uuid.UUID]:
        """The memories in play."""
        return list(self._memories)

    def as_of_now(self) -> dict[str, Any]:
        """The context as a state holds it."""
        self.look()
        return self._described(self._branch)

    def look(self) -> None:
        """Sees whether the branch is still the same; the context of one that was left is kept, and a new one begins.

        What is gathered while no branch is checked out belongs to the next one: a rebase goes over many commits.
        """
        branch = self._branch_of()
        if branch == self._branch:
            return
        left, self._branch = self._branch, branch
        parts = (self._files, self._symbols, self._queries, self._memories)
        if left is None:
            return
        if any(parts):
            self._left.put_nowait((left, self._described(left), list(self._memories)))
        for part in parts:
            part.clear()

    def _described(self, branch: str | None) -> dict[str, Any]:
        files = [{"path": path} if line is None else {"path": path, "line": line} for path, line in self._files.items()]
        found = {"branch": branch, "files": files, "symbols": list(self._symbols), "queries": list(self._queries)}
        return {name: value for name, value in found.items() if value}

    async def run(self) -> None:
        """Keeps what was left, until it is cancelled."""
        while True:
            branch, context, memories = await self._left.get()
            try:
                there = await states.still_there(self._database, self._vault, memories)
                await states.capture_automatically(self._database, self._vault, f"Before leaving {branch}", context, there)
            except errors.IndexerError as exc:
                logger.warning("a working context is not kept", extra={"branch": branch, "reason": str(exc)})


def _put(into: OrderedDict[Any, Any], key: object, value: object) -> None:
    into[key] = value
    into.move_to_end(key)
    while len(into) > KEPT:
        into.popitem(last=False)
