"""Regular work in the background, for when a daemon has nothing else to do: people's data once a day, derived data of the project.

What concerns the whole database is done by one of its daemons (`store.maintenance`); what concerns a project by its own: the counts
of references, which commits leave as they are, and the bound of the cache of facts. Awake for a moment once an hour.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from indexer import errors, model
from indexer.store import code, maintenance

logger = logging.getLogger(__name__)

#: Seconds after the start, and between two rounds.
FIRST_SECONDS: Final = 120.0
ROUND_SECONDS: Final = 3600.0
#: The longest that a round waits for a moment without other work, and how often it looks.
PATIENCE_SECONDS: Final = 3600.0
LOOK_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Done:
    """What a round did; `shared` is None where another daemon did it lately, or is at it."""

    shared: maintenance.Report | None
    n_counted: int
    n_facts_removed: int


class Upkeep:
    """A daemon's regular work. `is_busy` says whether the index has something better to do."""

    def __init__(self, store: code.Store, project: model.Project, cache_bytes: int, is_busy: Callable[[], bool]) -> None:
        self._store = store
        self._project = project
        self._cache_bytes = cache_bytes
        self._is_busy = is_busy
        self._counted_at: model.Generation | None = None

    async def run(self) -> None:
        """Works until cancelled."""
        # Daemons that a reboot starts together should not look all at once.
        await asyncio.sleep(FIRST_SECONDS * random.uniform(0.5, 1.5))
        while True:
            await self._wait_for_quiet(PATIENCE_SECONDS)
            try:
                await self.once()
            except errors.IndexerError as exc:
                logger.warning("maintenance failed", extra={"reason": str(exc)})
            except Exception:
                logger.exception("maintenance failed")
            await asyncio.sleep(ROUND_SECONDS)

    async def once(self, *, force: bool = False) -> Done:
        """Does what is due, or all of it when forced."""
        shared = await maintenance.run(self._store.database, force=force)
        n_facts = await self._store.facts_evict(self._cache_bytes)
        return Done(shared, await self._count_references(), n_facts)

    async def _count_references(self) -> int:
        generation = await self._store.generation(self._project.id)
        if generation == self._counted_at:
            return 0
        n_counted = 0
        # In portions, so that a commit never waits for long.
        while n_wrong := await self._store.count_references(self._project):
            n_counted += n_wrong
            await self._wait_for_quiet(LOOK_SECONDS)
        self._counted_at = generation
        return n_counted

    async def _wait_for_quiet(self, seconds: float) -> None:
        while self._is_busy() and seconds > 0:
            await asyncio.sleep(LOOK_SECONDS)
            seconds -= LOOK_SECONDS
