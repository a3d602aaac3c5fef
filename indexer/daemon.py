"""The composition root: opens the database, builds the pipeline, serves the socket, and stops all of it in order.

`serve` is the background process of a project; `index_once` and `export` do one thing without a daemon.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from indexer import config, database, embed, errors, model, sockets
from indexer.config.settings import Config
from indexer.index import exporting, pipeline
from indexer.index.formats import ctags, dot, scip
from indexer.index.live import Live
from indexer.index.upkeep import Done, Upkeep
from indexer.memory.search import Search
from indexer.server import handlers, listen, ownership, system
from indexer.store import code, connect, schema, vaults
from indexer.watch import Ignore, walk, watch

logger = logging.getLogger(__name__)

#: Told how far the work is: done, total or None, stage.
OnProgress = Callable[[int, int | None, str], None]
PROGRESS_SECONDS: Final = 0.25
#: Seconds after a change in which vectors are not made.
BUSY_SECONDS: Final = 2.0
#: Paths that a change notification names; it always says how many there were.
MAX_PUBLISHED: Final = 1000


@dataclass(frozen=True, slots=True)
class Open:
    """A project's store and pipeline."""

    store: code.Store
    project: model.Project
    line: pipeline.Pipeline


@contextlib.asynccontextmanager
async def opened(settings: Config) -> AsyncIterator[Open]:
    """The project's database, pipeline and all that they hold, closed at the end. UsageError for a root that is no folder."""
    _check_root(settings.root)
    async with contextlib.AsyncExitStack() as stack:
        dsn, sizes = await _database(settings, stack)
        store = await code.open_store(dsn, sizes, "indexer")
        stack.push_async_callback(store.close)
        project = await store.project(settings.root, _name(settings), _id(settings))
        line = pipeline.Pipeline(store, project, _pipeline_settings(settings))
        stack.push_async_callback(line.close)
        await line.load()
        yield Open(store, project, line)


def _check_root(root: str) -> None:
    if not os.path.isdir(root):
        raise errors.UsageError(f"There is no folder {root}.")
    if not os.access(root, os.R_OK | os.X_OK):
        raise errors.UsageError(f"{root} cannot be read: give yourself the right to list it.")


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
        chosen.max_file_bytes, settings.n_workers, chosen.worker_memory_mb << 20, chosen.parse_timeout_s, chosen.cache_mb << 20
    )


async def maintain(settings: Config) -> Done:
    """The regular work on the database and the project's index, now, without a daemon."""
    async with opened(settings) as here:
        return await Upkeep(here.store, here.project, settings.index.cache_mb << 20, lambda: False).once(force=True)


async def migrate(settings: Config, *, look_only: bool) -> list[schema.Step]:
    """Brings the database to this program's schema, unless told to look only; each step of the schema, in order.

    Raises Conflict, with the daemons that must end first, where others use a schema that has to change.
    """
    async with contextlib.AsyncExitStack() as stack:
        dsn, sizes = await _database(settings, stack)
        opened = await connect.connect(dsn, sizes, "indexer migrate")
        stack.push_async_callback(opened.close)
        async with opened.session() as session:
            if not look_only:
                await schema.hold(session)
            return await schema.steps(session)


async def index_once(settings: Config, on_progress: OnProgress | None = None) -> pipeline.Outcome:
    """Brings the index up to date with the tree as it is, without a daemon. Raises Conflict where one runs."""
    folder, key = sockets.runtime_dir(os.environ), sockets.project_key(settings.root)
    with ownership.claim(folder, key):
        async with opened(settings) as here:
            telling = asyncio.create_task(_tell(here.line, on_progress)) if on_progress is not None else None
            ignore = Ignore(settings.root, include=settings.index.include, exclude=settings.index.exclude)
            try:
                listing = walk(settings.root, ignore, settings.index.max_files)
                changed, gone = here.line.suspects((entry.path, entry.signature) for entry in listing)
                return await here.line.index(changed, gone)
            finally:
                ignore.close()
                if telling is not None:
                    telling.cancel()


async def _tell(line: pipeline.Pipeline, on_progress: OnProgress) -> None:
    while True:
        progress = line.progress
        on_progress(progress.done, progress.total or None, progress.stage)
        await asyncio.sleep(PROGRESS_SECONDS)


async def serve(settings: Config) -> None:
    """Runs the project's daemon until it is told to stop (a request, SIGTERM, SIGINT) or was idle for long enough.

    Raises Conflict where another one runs, and what opening the database raises.
    """
    folder = sockets.runtime_dir(os.environ)
    key = sockets.project_key(settings.root)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with ownership.claim(folder, key) as owned:
        async with opened(settings) as here:
            await _serve(settings, here, owned, stop)


async def _serve(settings: Config, here: Open, owned: ownership.Claim, stop: asyncio.Event) -> None:
    ignore = Ignore(settings.root, include=settings.index.include, exclude=settings.index.exclude)
    live = Live(here.line, ignore, lambda inbox: watch(settings.root, ignore, inbox.put), settings.index.max_files)
    hub = listen.Hub("index")
    search = await _search(settings, here, live)
    upkeep = Upkeep(here.store, here.project, settings.index.cache_mb << 20, lambda: live.state != "idle")
    state = handlers.State(settings, here.store, here.project, here.line, live, hub, search, upkeep)
    live.on_change = functools.partial(_changed, hub, search)
    here.store.guard.on_recovery(functools.partial(_recovered, live, search, stop))
    use = _Use()
    answers = {**system.handlers(settings.root, stop), **{name: use.noted(h) for name, h in handlers.handlers(state).items()}}
    async with listen.listening(owned, answers):
        working = asyncio.create_task(live.run(), name="live")
        searching = asyncio.create_task(search.run(), name="search")
        searching.add_done_callback(_log_failure)
        maintaining = asyncio.create_task(upkeep.run(), name="upkeep")
        idling = asyncio.create_task(use.wait_until_idle(settings.daemon.idle_exit_s, live), name="idle")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        logger.info("serving", extra={"root": settings.root, "socket": owned.path})
        # A search that failed leaves everything else as it was.
        await asyncio.wait({working, idling, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (stopping, idling, maintaining, searching, working):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({task})
    logger.info("stopped", extra={"root": settings.root})


class _Use:
    """When the daemon was last asked something."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def noted(self, handler: listen.Handler) -> listen.Handler:
        """The handler, its requests noted."""

        async def run(params: Any, context: listen.Context) -> Any:
            self._last = time.monotonic()
            return await handler(params, context)

        return run

    async def wait_until_idle(self, seconds: float, live: Live) -> None:
        """Returns when nobody asked and nothing changed for so long; never for 0."""
        if not seconds:
            await asyncio.Event().wait()
        while True:
            unchanged = time.time() - live.last_change
            quiet = min(time.monotonic() - self._last, unchanged if unchanged >= 0 else seconds)
            if quiet >= seconds and live.state == "idle":
                logger.info("idle for long enough", extra={"seconds": seconds})
                return
            await asyncio.sleep(min(max(seconds - quiet, 0.05), 60.0))


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (problem := task.exception()) is not None:
        logger.error("search ended", exc_info=problem)


async def _search(settings: Config, here: Open, live: Live) -> Search:
    vault = await vaults.of_project(here.store.database, here.project.name, here.project.root)
    folder = Path(config.home(os.environ), "search", here.project.id.hex)
    embedder = embed.embedder(_embedder_settings(settings))
    found = Search(here.store.database, here.project, vault.id, embedder, folder, lambda: _is_busy(live))
    await here.store.guard.listen("memories", found.hear)
    return found


def _is_busy(live: Live) -> bool:
    """Whether somebody is at work, so that what has time waits."""
    return live.state == "indexing" or 0 <= time.time() - live.last_change < BUSY_SECONDS


def _embedder_settings(settings: Config) -> embed.Settings:
    chosen = settings.embedder
    return embed.Settings(
        kind=chosen.kind,
        model=chosen.model or None,
        dimensions=chosen.dimensions or None,
        timeout_s=chosen.timeout_s,
        threads=chosen.threads,
        idle_s=chosen.idle_s,
        base_url=chosen.base_url,
        api_key_env=chosen.api_key_env or None,
        shorten=chosen.shorten,
        batch=chosen.batch,
        retries=chosen.retries,
        requests_per_minute=chosen.requests_per_minute or None,
        tokens_per_minute=chosen.tokens_per_minute or None,
        tokens_per_day=chosen.tokens_per_day or None,
        query_prefix=chosen.query_prefix,
        document_prefix=chosen.document_prefix,
    )


def _changed(hub: listen.Hub, search: Search, outcome: pipeline.Outcome) -> None:
    search.note_commit(outcome.generation, outcome.changed)
    _publish(hub, outcome)


def _publish(hub: listen.Hub, outcome: pipeline.Outcome) -> None:
    hub.publish(
        "changed",
        {
            "generation": outcome.generation.number,
            "paths": list(outcome.changed[:MAX_PUBLISHED]),
            "n_paths": len(outcome.changed),
        },
    )


async def _recovered(live: Live, search: Search, stop: asyncio.Event, refusal: errors.IndexerError | None) -> None:
    """The connection that guards the schema is back: what was committed last may be lost, or the schema another one."""
    if refusal is not None:
        logger.error("the database is not ours any more", extra={"reason": str(refusal)})
        stop.set()
    else:
        live.reload("the database was away")
        search.note_recovery()


#: How an index can be written, by the name of the format.
FORMATS: Final = {"jsonl": exporting.jsonl, "scip": scip.write, "ctags": ctags.write, "dot": dot.write}


async def export(settings: Config, kind: str, write: exporting.Write) -> None:
    """Writes the index in a format of `FORMATS`."""
    async with opened(settings) as here:
        await FORMATS[kind](here.store, here.project, write)
