"""The composition root: opens the database, builds the pipeline, serves the socket, and stops all of it in order.

`serve` is the background process of a project; `index_once` and `export` do one thing without a daemon.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import logging
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from indexer import config, database, embed, errors, heap, model, sockets
from indexer.config.settings import Config
from indexer.index import compilers, exporting, pipeline
from indexer.index.formats import ctags, dot, scip
from indexer.index.live import Live
from indexer.index.upkeep import Done, Upkeep
from indexer.memory import code as memory_code
from indexer.memory import importing
from indexer.memory import vaults as memory_vaults
from indexer.memory.anchoring import Anchoring
from indexer.memory.context import WorkingContext
from indexer.memory.search import Search
from indexer.memory.uses import UseLog
from indexer.server import handlers, listen, ownership, program, readiness, system
from indexer.store import code, connect, imported, schema, vaults
from indexer.store import reading as store_reading
from indexer.store.vaults import Vault
from indexer.watch import Ignore, git, walk, watch

logger = logging.getLogger(__name__)

#: Told how far the work is: done, total or None, stage.
OnProgress = Callable[[int, int | None, str], None]
PROGRESS_SECONDS: Final = 0.25
#: Seconds after a change in which vectors are not made.
BUSY_SECONDS: Final = 2.0
#: Seconds that writing the last accesses may take at the end.
_LAST_WORDS_S: Final = 1.0
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
    async with _stored(settings) as (store, project):
        line = pipeline.Pipeline(store, project, _pipeline_settings(settings))
        try:
            await line.load()
            yield Open(store, project, line)
        finally:
            await line.close()


@contextlib.asynccontextmanager
async def _stored(settings: Config) -> AsyncIterator[tuple[code.Store, model.Project]]:
    """The project's database alone."""
    _check_root(settings.root)
    async with contextlib.AsyncExitStack() as stack:
        there = await _database(settings, stack)
        store = await code.open_store(there.dsn, there.sizes, _program(settings.root), there.revive)
        stack.push_async_callback(store.close)
        yield store, await store.project(settings.root, _name(settings), _id(settings))


def _check_root(root: str) -> None:
    if not os.path.isdir(root):
        raise errors.UsageError(f"There is no folder {root}.")
    if not os.access(root, os.R_OK | os.X_OK):
        raise errors.UsageError(f"{root} cannot be read: give yourself the right to list it.")


@dataclass(frozen=True, slots=True)
class _There:
    """Where the database is, and how it is started again should it be gone."""

    dsn: str
    sizes: connect.PoolSettings
    revive: connect.Revive | None = None


async def _database(settings: Config, stack: contextlib.AsyncExitStack) -> _There:
    chosen = settings.database
    times: dict[str, Any] = {"idle_s": chosen.idle_s, "connect_s": chosen.connect_s, "statement_s": chosen.statement_s}
    if chosen.dsn:
        return _There(chosen.dsn, connect.PoolSettings(chosen.pool_min, chosen.pool_max, **times))
    held = _Held(Path(chosen.home) if chosen.home else database.home(os.environ))
    stack.callback(held.close)
    return _There(await held.renew(), connect.PoolSettings(1, 5, **times), held.renew)


class _Held:
    """The lease on the embedded server."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lease: database.Lease | None = None

    async def renew(self) -> str:
        """Has the server started where it does not run, and returns its DSN."""
        lease = await database.acquire_async(self._home)
        # The former one is given back last, so that a server in use never stops in between.
        self.close()
        self._lease = lease
        return lease.dsn

    def close(self) -> None:
        """Gives the lease back."""
        if self._lease is not None:
            self._lease.close()
            self._lease = None


def _program(root: str) -> str:
    """What other users of the database see of this one: PostgreSQL keeps 63 bytes, and the end of a path says most."""
    return f"indexer {root}" if len(root) <= 55 else f"indexer ...{root[-52:]}"


def _name(settings: Config) -> str:
    return settings.project.name or os.path.basename(settings.root) or "root"


def _id(settings: Config) -> uuid.UUID:
    return uuid.UUID(settings.project.id) if settings.project.id else model.project_id(settings.root)


def _pipeline_settings(settings: Config) -> pipeline.Settings:
    chosen = settings.index
    return pipeline.Settings(
        chosen.max_file_bytes, settings.n_workers, chosen.worker_memory_mb << 20, chosen.parse_timeout_s, chosen.cache_mb << 20,
        chosen.generated == "skip",
    )  # fmt: skip


async def maintain(settings: Config) -> Done:
    """The regular work on the database and the project's index, now, without a daemon."""
    async with opened(settings) as here:
        return await Upkeep(here.store, here.project, settings.index.cache_mb << 20, lambda: False).once(force=True)


async def migrate(settings: Config, *, look_only: bool) -> list[schema.Step]:
    """Brings the database to this program's schema, unless told to look only; each step of the schema, in order.

    Raises Conflict, with the daemons that must end first, where others use a schema that has to change.
    """
    async with contextlib.AsyncExitStack() as stack:
        there = await _database(settings, stack)
        opened = await connect.connect(there.dsn, there.sizes, "indexer migrate")
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
                listing = walk(settings.root, ignore, settings.index.max_files, is_wanted=pipeline.is_candidate)
                changed, gone = here.line.suspects((entry.path, entry.signature) for entry in listing)
                outcome = await here.line.index(changed, gone)
                await here.line.remember()
                return outcome
            finally:
                ignore.close()
                if telling is not None:
                    telling.cancel()


async def _tell(line: pipeline.Pipeline, on_progress: OnProgress) -> None:
    while True:
        progress = line.progress
        on_progress(progress.done, progress.total or None, progress.stage)
        await asyncio.sleep(PROGRESS_SECONDS)


async def serve(settings: Config) -> bool:
    """Runs the project's daemon until it is told to stop (a request, SIGTERM, SIGINT), was idle for long enough, or its own files were
    replaced; whether that is so.

    Raises Conflict where another one runs, and what opening the database raises.
    """
    heap.keep_small()
    folder = sockets.runtime_dir(os.environ)
    key = sockets.project_key(settings.root)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with ownership.claim(folder, key) as owned:
        async with opened(settings) as here:
            return await _serve(settings, here, owned, stop)


async def _serve(settings: Config, here: Open, owned: ownership.Claim, stop: asyncio.Event) -> bool:
    """Serves until one of the reasons to end comes; whether it is that the program's files were replaced."""
    ignore = Ignore(settings.root, include=settings.index.include, exclude=settings.index.exclude)
    live = Live(here.line, ignore, lambda inbox: watch(settings.root, ignore, inbox.put), settings.index.max_files)
    hub = listen.Hub("index")
    mind = await _mind(settings, here, live)
    upkeep = Upkeep(here.store, here.project, settings.index.cache_mb << 20, lambda: live.state != "idle")
    state = handlers.State(
        *(settings, here.store, here.project, here.line, live, hub, mind.search, upkeep),
        *(mind.vault, mind.anchoring, mind.uses, mind.context),
    )
    live.on_change = functools.partial(_changed, hub, mind)
    here.store.guard.on_recovery(functools.partial(_recovered, live, mind, stop))
    use = _Use()
    answers = {**system.handlers(settings.root, stop), **{name: use.noted(h) for name, h in handlers.handlers(state).items()}}
    async with listen.listening(owned, answers):
        working = asyncio.create_task(live.run(), name="live")
        remembering = [asyncio.create_task(part, name=name) for name, part in mind.loops()]
        for loop in remembering:
            loop.add_done_callback(_log_failure)
        maintaining = asyncio.create_task(upkeep.run(), name="upkeep")
        idling = asyncio.create_task(use.wait_until_idle(settings.daemon.idle_exit_s, live), name="idle")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        upgrading = asyncio.create_task(program.wait_until_replaced(), name="upgrade")
        logger.info("serving", extra={"root": settings.root, "socket": owned.path})
        readiness.tell("READY=1")
        # A search or a memory that failed leaves everything else as it was.
        await asyncio.wait({working, idling, stopping, upgrading}, return_when=asyncio.FIRST_COMPLETED)
        is_replaced = upgrading.done() and not stopping.done()
        if is_replaced:
            logger.info("the program's files were replaced: beginning anew")
        readiness.tell("STOPPING=1")
        tasks: list[asyncio.Task[Any]] = [stopping, idling, upgrading, maintaining, *remembering, working]
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        # Statistics: who stops the daemon does not wait for many of them.
        with contextlib.suppress(errors.IndexerError, TimeoutError):
            await asyncio.wait_for(mind.uses.flush(), _LAST_WORDS_S)
    logger.info("stopped", extra={"root": settings.root})
    return is_replaced


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
        logger.error("%s ended", task.get_name(), exc_info=problem)


@dataclass(frozen=True, slots=True)
class _Mind:
    """What the daemon knows besides the code: memories, and search over both."""

    vault: Vault
    search: Search
    anchoring: Anchoring
    uses: UseLog
    context: WorkingContext

    def loops(self) -> list[tuple[str, Coroutine[Any, Any, None]]]:
        """What runs as long as the daemon, with a name."""
        return [
            ("search", self.search.run()),
            ("anchors", self.anchoring.run()),
            ("accesses", self.uses.run()),
            ("working context", self.context.run()),
        ]

    def hear(self, payload: str) -> None:
        """A notification of the channel 'memories'."""
        self.search.hear(payload)
        self.anchoring.hear(payload)


async def _mind(settings: Config, here: Open, live: Live) -> _Mind:
    store, project, place = here.store.database, here.project, await asyncio.to_thread(_repository, here.project.root)
    vault = await _own_vault(store, project, place)
    folder = Path(config.home(os.environ), "search", project.id.hex)
    embedder = embed.embedder(embedder_settings(settings))
    found = _Mind(
        vault,
        Search(store, project, vault.id, embedder, folder, lambda: _is_busy(live)),
        Anchoring(
            store,
            memory_code.Project(store, project.id, project.root),
            vault.id,
            live.first_done.wait,
            here.line.files.__contains__,
            lambda: place is not None and git.has_worktrees(place.common_dir),
        ),
        UseLog(store),
        WorkingContext(store, vault.id, lambda: None if place is None else git.branch(place.git_dir)),
    )
    await here.store.guard.listen("memories", found.hear)
    return found


def _is_busy(live: Live) -> bool:
    """Whether somebody is at work, so that what has time waits."""
    return live.state == "indexing" or 0 <= time.time() - live.last_change < BUSY_SECONDS


async def _own_vault(store: connect.Database, project: model.Project, place: git.Place | None) -> Vault:
    """The project's vault; the work trees of a repository share one."""
    home = project.root if place is None else git.home_of(project.root, place)
    return await vaults.of_project(store, project.name if home == project.root else os.path.basename(home), home)


def _repository(root: str) -> git.Place | None:
    try:
        return git.find(root)
    except git.Refused:
        return None


def embedder_settings(settings: Config) -> embed.Settings:
    """The part of the settings that the embedder has."""
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


def _changed(hub: listen.Hub, mind: _Mind, outcome: pipeline.Outcome) -> None:
    mind.search.note_commit(outcome.generation, outcome.changed, outcome.names)
    mind.anchoring.note(outcome.changed)
    mind.context.note_saved(outcome.changed)
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


async def _recovered(live: Live, mind: _Mind, stop: asyncio.Event, refusal: errors.IndexerError | None) -> None:
    """The connection that guards the schema is back: what was committed last may be lost, or the schema another one."""
    if refusal is not None:
        logger.error("the database is not ours any more", extra={"reason": str(refusal)})
        stop.set()
    else:
        live.reload("the database was away")
        mind.search.note_recovery()
        mind.anchoring.note_recovery()


#: How an index can be written, by the name of the format.
FORMATS: Final = {"jsonl": exporting.jsonl, "scip": scip.write, "ctags": ctags.write, "dot": dot.write}


async def export(settings: Config, kind: str, write: exporting.Write) -> None:
    """Writes the index in a format of `FORMATS`."""
    async with opened(settings) as here:
        await FORMATS[kind](here.store, here.project, write)


async def export_vault(settings: Config, name: str | None, write: exporting.Write) -> None:
    """Writes a vault, the project's own where none is named, as JSON lines. Raises NotFound."""
    async with _stored(settings) as (store, project):
        vault = await _vault(store.database, project, name)
        async for line in memory_vaults.export_lines(store.database, vault.id):
            write(line.encode())


async def import_vault(settings: Config, name: str | None, lines: Iterable[str]) -> dict[str, int]:
    """Adds an export to a vault, which is made where there is none of that name; what was added, and what was there.

    Raises InvalidRequest naming the line, Conflict for an archived vault.
    """
    async with _stored(settings) as (store, project):
        read = iter(lines)
        first = next(read, "")
        head = memory_vaults.header(first)
        try:
            vault = await _vault(store.database, project, name)
        except errors.NotFound:
            # One of the project's type would be the vault of the folder that it came from.
            type_ = "personal" if head["type"] == "project" else head["type"]
            vault = await memory_vaults.register(store.database, name, head["path"], type_, settings=head["settings"])
        loaded = await memory_vaults.import_lines(store.database, vault.id, itertools.chain([first], read))
        return {field.removeprefix("n_"): value for field, value in asdict(loaded).items()}


async def _vault(database: connect.Database, project: model.Project, name: str | None) -> Vault:
    if name is None:
        return await _own_vault(database, project, await asyncio.to_thread(_repository, project.root))
    return await vaults.get(database, name)


async def import_chroma(settings: Config, name: str | None, path: str, model: str | None, on_progress: OnProgress) -> importing.Report:
    """Imports a folder of ChromaDB into a vault, the project's own where none is named; see `importing.chroma_folder`."""
    async with _stored(settings) as (store, project):
        vault = await _vault(store.database, project, name)
        return await importing.chroma_folder(store.database, vault, path, model, on_progress)


async def roll_back_chroma(settings: Config, name: str | None, path: str) -> tuple[int, int]:
    """Takes such an import back; see `importing.roll_back`."""
    async with _stored(settings) as (store, project):
        return await importing.roll_back(store.database, await _vault(store.database, project, name), path)


async def import_scip(settings: Config, file: Path) -> compilers.Report:
    """Takes a compiler's index in; the next comparison with the tree lays it over."""
    async with opened(settings) as here:
        return await compilers.scip(here.store, here.project, file, settings.index.max_file_bytes)


async def take_back_imports(settings: Config) -> None:
    """Takes back what was imported; the next comparison with the tree resolves the files anew."""
    async with opened(settings) as here:
        await imported.take_back(here.store.database, here.project.id)


@dataclass(frozen=True, slots=True)
class Moved:
    """What followed a project: whether there was a vault, and for how many files a compiler's index."""

    has_vault: bool
    n_imported: int


async def move(settings: Config, old: str) -> Moved:
    """Lets what people gave the project that was in `old`, its vault and compilers' indexes, follow it to where the settings are of.

    What was derived there goes: the index is made anew. Raises Conflict where the new place has memories of its own.
    """
    async with _stored(settings) as (store, project):
        by_path = {vault.path: vault for vault in await vaults.listed(store.database, with_archived=True) if vault.type == "project"}
        if (vault := by_path.get(old)) is not None:
            if (present := by_path.get(project.root)) is not None:
                await _make_room(store.database, present)
            await vaults.relocate(store.database, vault.id, vault.name, project.root)
        n_imported = 0
        for known in await store.projects():
            if known.root == old:
                n_imported += await compilers.follow(store, known.id, project.id)
                await imported.forget(store.database, known.id)
                await store.drop_project(known.id)
        return Moved(vault is not None, n_imported)


async def _make_room(database: connect.Database, present: Vault) -> None:
    """An empty vault, as a first question makes it, steps aside."""
    if (await vaults.statistics(database, present.id)).n_memories:
        raise errors.Conflict(f"{present.path} has memories of its own, in the vault {present.name}; export and import one of the two.")
    await vaults.relocate(database, present.id, f"{present.name}-empty-{present.id.hex[:8]}", f"{present.path} (empty)")
    await vaults.archive(database, present.id)


async def sql(settings: Config, query: str) -> tuple[list[str], list[list[Any]]]:
    """Columns and rows of a query that can only read."""
    async with _stored(settings) as (store, _):
        return await store_reading.rows(store.database, query)


async def psql(settings: Config) -> int:
    """Opens psql on the database, for reading; its exit code. UsageError where it is not installed."""
    async with _stored(settings) as (store, _):
        environ = {**os.environ, "PGOPTIONS": "-c default_transaction_read_only=on"}
        try:
            process = await asyncio.create_subprocess_exec("psql", store.database.dsn, env=environ)
        except OSError as problem:
            raise errors.UsageError("psql is not installed; give the query as an argument, or install PostgreSQL's client.") from problem
        return await process.wait()
