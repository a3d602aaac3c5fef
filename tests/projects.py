"""A project under test: a folder, its live index, and a fresh index of the same folder to compare it with."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

from indexer import model
from indexer.index import exporting, pipeline
from indexer.index.live import Live
from indexer.store import code, connect
from indexer.watch import Ignore, walk, watch

WORKERS = pipeline.Settings(workers=1)


class Running:
    """A live index of a folder."""

    def __init__(self, store: code.Store, line: pipeline.Pipeline, live: Live, cookies: str) -> None:
        self.store = store
        self.line = line
        self.live = live

    async def export(self) -> bytes:
        """The export once everything that was saved before is seen."""
        synced = await self.live.sync(60)
        assert synced.is_complete, self.live.last_error
        return await exported(self.store, self.line.project)


@contextlib.asynccontextmanager
async def running(
    root: Path, dsn: str, max_files: int = 100_000, settings: pipeline.Settings = WORKERS
) -> AsyncIterator[Running]:
    """Keeps the index of `root` in the database at `dsn` live."""
    store = await code.open_store(dsn, connect.EMBEDDED, "tests")
    project = await store.project(str(root), root.name, model.project_id(str(root)))
    line = pipeline.Pipeline(store, project, settings)
    await line.load()
    ignore = Ignore(str(root))
    live = Live(line, ignore, lambda inbox: watch(str(root), ignore, inbox.put), max_files)
    task = asyncio.create_task(live.run())
    try:
        yield Running(store, line, live, "")
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await store.close()


async def fresh_export(root: Path, dsn: str, max_files: int = 100_000) -> bytes:
    """The export of an index that is made from nothing."""
    store = await code.open_store(dsn, connect.EMBEDDED, "tests")
    try:
        project = await store.project(str(root), root.name, model.project_id(str(root)))
        await store.drop_project(project.id)
        project = await store.project(str(root), root.name, model.project_id(str(root)))
        line = pipeline.Pipeline(store, project, WORKERS)
        await line.load()
        ignore = Ignore(str(root))
        try:
            seen = walk(str(root), ignore, max_files, is_wanted=pipeline.is_candidate)
            changed, gone = line.suspects((entry.path, entry.signature) for entry in seen)
            await line.index(changed, gone)
        finally:
            ignore.close()
            await line.close()
        return await exported(store, project)
    finally:
        await store.close()


async def exported(store: code.Store, project: model.Project) -> bytes:
    """The export of what the store holds."""
    parts: list[bytes] = []
    await exporting.jsonl(store, project, parts.append)
    return b"".join(parts)


def write(root: Path, files: dict[str, str]) -> Path:
    """Writes a tree of files."""
    for path, text in files.items():
        target = root / path
        os.makedirs(target.parent, exist_ok=True)
        target.write_text(text)
    return root
