"""Keeps the anchors of a project's vault true while the code changes, and knows which files have any.

One loop looks at what a commit of the index can have touched; who asks for a synced answer waits until it has. At the start, and when
something failed, it looks at all of them: the code may have changed while nobody watched.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from indexer.memory import anchors, follow
from indexer.memory.code import Project
from indexer.store import anchors as store
from indexer.store import connect
from indexer.store.anchors import Anchor

logger = logging.getLogger(__name__)

#: Files whose change is cheaper to take in by looking at every anchor.
MANY_FILES: Final = 5000


class Anchoring(follow.Follower):
    """The anchors of one vault, which are about one project's code. `run` it; the rest may be called meanwhile."""

    def __init__(
        self,
        database: connect.Database,
        code: Project,
        vault: uuid.UUID,
        ready: Callable[[], Awaitable[object]],
        is_indexed: Callable[[str], bool],
        is_shared: Callable[[], bool],
    ) -> None:
        """`ready` returns when the index is complete: before that, what is missing in it says nothing. `is_shared` says whether other
        work trees of the repository have the same vault: what is kept of an anchor may then be how it looks from there.
        """
        super().__init__()
        self.code = code
        self.vault = vault
        self._database = database
        self._ready = ready
        self._is_indexed = is_indexed
        self._is_shared = is_shared
        self._changed: set[str] = set()
        self._is_whole = False
        self._n_noted = 0
        self._n_seen = 0
        #: Files that have an anchor, and perhaps some that had one.
        self._paths: set[str] = set()
        self._told: set[uuid.UUID] | None = None

    def note(self, paths: Iterable[str]) -> None:
        """A commit changed these files."""
        self._changed.update(paths)
        self._n_noted += 1
        self._wake.set()

    def note_recovery(self) -> None:
        """The database was away: nothing that is known is sure."""
        self._n_noted += 1
        self.broken()

    def hear(self, payload: str) -> None:
        """Takes a notification of the channel 'memories'."""
        try:
            told = json.loads(payload)
            if uuid.UUID(told["vault"]) != self.vault:
                return
            if told["memories"] is None:
                self._told = None
            elif self._told is not None:
                self._told.update(map(uuid.UUID, told["memories"]))
        except (ValueError, KeyError, TypeError):
            logger.warning("a notification of memories is not understood", extra={"payload": payload[:200]})
        self._wake.set()

    def tied(self, paths: Iterable[str]) -> None:
        """These files have an anchor from here on."""
        self._paths.update(paths)

    def among(self, paths: Iterable[str]) -> list[str]:
        """Those of the files that may have anchors."""
        return sorted(self._paths.intersection(paths))

    async def wait_for(self, timeout: float) -> bool:
        """Waits until every commit that was noted is taken in."""
        return await self._until(timeout)

    async def look_outside(self) -> None:
        """Looks at anchors in files that the index does not have, since no commit tells of those."""
        outside = [path for path in self._paths if not self._is_indexed(path)]
        if outside:
            await anchors.refresh(self._database, self.vault, self.code, outside)

    async def of_memories(self, vault: uuid.UUID, memories: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Anchor]]:
        """The anchors of memories as they look from here, by the memory's id."""
        tied = await store.of_memories(self._database, vault, memories)
        if vault != self.vault or not tied or not self._is_shared():
            return tied
        every = [anchor for some in tied.values() for anchor in some]
        seen = dict(zip((anchor.id for anchor in every), await anchors.look(self.code, every), strict=True))
        return {memory: [anchors.as_seen(anchor, seen[anchor.id]) for anchor in some] for memory, some in tied.items()}

    async def _catch_up(self) -> None:
        await self._ready()
        told, self._told = self._told, set()
        noted, changed, self._changed = self._n_noted, self._changed, set()
        changes: list[anchors.Change] = []
        if told is None:
            self._paths = set(await store.paths(self._database, self.vault))
        if told is None or not self._is_whole or len(changed) > MANY_FILES:
            changes = await anchors.refresh(self._database, self.vault, self.code)
        else:
            if told:
                # Somebody else may have tied them, over a state of the code that is not ours.
                changes = await anchors.refresh_memories(self._database, self.vault, self.code, told)
                self._paths.update(await store.paths(self._database, self.vault, told))
            if changed and self._paths:
                changes += await anchors.refresh(self._database, self.vault, self.code, changed)
        self._is_whole, self._n_seen = True, noted
        self._paths.update(change.after.place.path for change in changes)
        if changes:
            logger.info("anchors follow the code", extra={"n_changed": len(changes)})

    def _is_there(self) -> bool:
        return self._n_seen >= self._n_noted and self._is_whole

    def _forget(self) -> None:
        self._is_whole, self._told = False, None
