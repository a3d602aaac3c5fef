"""The composition root: opens the database, builds the pipeline, serves the socket, and stops all of it in order.

`serve` is the background process of a project; `index_once` and `export` do one thing without a daemon.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer import database, model
from indexer.config.settings import Config
from indexer.index import pipeline
from indexer.store import code, connect
from indexer.watch import Ignore, walk


@dataclass(frozen=True, slots=True)
class Open:
    """A project's store and pipeline."""

    store: code.Store
    project: model.Project
    line: pipeline.Pipeline


@contextlib.asynccontextmanager
async def opened(settings: Config) -> AsyncIterator[Open]:
    """The project's database, pipeline and all that they hold, closed at the end."""
    async with contextlib.AsyncExitStack() as stack:
        dsn, sizes = await _database(settings, stack)
        store = await code.open_store(dsn, sizes, "indexer")
        stack.push_async_callback(store.close)
        project = await store.project(settings.root, _name(settings), _id(settings))
        line = pipeline.Pipeline(store, project, _pipeline_settings(settings))
        stack.push_async_callback(line.close)
        await line.load()
        yield Open(store, project, line)


async def _database(settings: Config, stack: contextlib.AsyncExitStack) -> tuple[str, connect.PoolSettings]:
    chosen = settings.database
    times: dict[str, Any] = {"idle_s": chosen.idle_s, "connect_s": chosen.connect_s, "statement_s": chosen.statement_s}
    if chosen.dsn:
        return chosen.dsn, connect.PoolSettings(chosen.pool_min, chosen.pool_max, **times)
    home = Path(chosen.home) if chosen.home else database.home(os.environ)
    lease = await database.acquire_async(home)
    stack.callback(lease.close)
    return lease.dsn, connect.PoolSettings(1, 5, **times)


def _name(settings: Config) -> str:
    return settings.project.name or os.path.basename(settings.root) or "root"


def _id(settings: Config) -> uuid.UUID:
    return uuid.UUID(settings.project.id) if settings.project.id else model.project_id(settings.root)


def _pipeline_settings(settings: Config) -> pipeline.Settings:
    chosen = settings.index
    return pipeline.Settings(
        chosen.max_file_bytes, settings.n_workers, chosen.worker_memory_mb << 20, chosen.parse_timeout_s
    )


async def index_once(settings: Config) -> pipeline.Outcome:
    """Brings the index up to date with the tree as it is, without a daemon."""
    async with opened(settings) as here:
        ignore = Ignore(settings.root, include=settings.index.include, exclude=settings.index.exclude)
        try:
            listing = walk(settings.root, ignore, settings.index.max_files)
            changed, gone = here.line.suspects((entry.path, entry.signature) for entry in listing)
            return await here.line.index(changed, gone)
        finally:
            ignore.close()
