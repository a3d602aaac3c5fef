"""What all handlers share: the project with its store, pipeline and loop, and what is remembered between requests."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from indexer import model
from indexer.config.settings import Config
from indexer.index.live import Live
from indexer.index.pipeline import Pipeline
from indexer.index.upkeep import Upkeep
from indexer.memory.anchoring import Anchoring
from indexer.memory.context import WorkingContext
from indexer.memory.search import Search
from indexer.memory.uses import UseLog
from indexer.protocol import answers
from indexer.server.listen import Hub
from indexer.store import code, connect
from indexer.store.vaults import Vault


@dataclass(slots=True)
class Remembered:
    """Figures of the whole project, which cost more than an answer, with the generation that they were counted at."""

    files_at: model.Generation | None = None
    files: answers.Files | None = None
    symbols: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A daemon as its handlers see it. `started` is of time.monotonic."""

    settings: Config
    store: code.Store
    project: model.Project
    line: Pipeline
    live: Live
    hub: Hub
    search: Search
    upkeep: Upkeep
    #: The project's own vault, and what follows it.
    vault: Vault
    anchoring: Anchoring
    uses: UseLog
    context: WorkingContext
    started: float = field(default_factory=time.monotonic)
    remembered: Remembered = field(default_factory=Remembered)

    @property
    def database(self) -> connect.Database:
        """Where the project's index is read."""
        return self.store.database
