"""system.status: how the daemon fares. It answers whatever is broken, and then says what is."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from typing import Final

import indexer
from indexer import errors, extract, sockets
from indexer.protocol import PROTOCOL_VERSION, answers, methods
from indexer.server.handlers import envelope
from indexer.server.handlers.state import State
from indexer.server.listen import Context, Handler
from indexer.store import summary

#: Seconds that a database has to say how large it is; a status must not wait for one that is away.
_PATIENCE: Final = 2.0
#: Seconds of a stage before its speed says something about its end.
_WARM_UP: Final = 0.5
_MAX_FAILURES: Final = 20


def handlers(state: State) -> Mapping[str, Handler]:
    """The handler of system.status."""

    async def status(params: methods.system.Status, context: Context) -> answers.Status:
        database, watched = await _database(state), await _watched(state)
        remembered, line, live = state.remembered, state.line, state.live
        project = state.project
        return answers.Status(
            state=live.state,
            project=answers.Project(project.id, project.name, project.root),
            index=answers.IndexState(line.generation.number, live.n_pending, envelope.coverage(state)),
            epoch=line.generation.epoch,
            symbols=remembered.symbols,
            files=remembered.files,
            progress=_progress(state),
            failures=_failures(state),
            n_failures=len(line.failures),
            last_error=live.last_error,
            watch=watched,
            database=database,
            memory=_memory(state),
            seconds_since_change=round(max(time.time() - live.last_change, 0.0), 1),
            uptime=round(time.monotonic() - state.started, 1),
            pid=os.getpid(),
            socket=sockets.socket_path(sockets.runtime_dir(os.environ), sockets.project_key(project.root)),
            subscribers=state.hub.n_subscribers,
            versions=answers.Versions(indexer.__version__, PROTOCOL_VERSION, extract.VERSION),
            notes=[*state.settings.notes, *_remarks(state)],
            search=_search(state),
        )

    return {"system.status": status}


async def _database(state: State) -> answers.DatabaseState:
    """The database's own figures; brings the remembered ones of the project up to date on the way."""
    if (lost := state.store.guard.problem) is not None:
        return answers.DatabaseState(None, None, None, lost)
    try:
        async with asyncio.timeout(_PATIENCE):
            await _count(state)
            sizes = await summary.sizes(state.database, state.project.id)
    except (TimeoutError, errors.IndexerError) as problem:
        reason = str(problem) or f"It does not answer within {_PATIENCE:g} seconds."
        return answers.DatabaseState(None, None, None, reason)
    return answers.DatabaseState(sizes.version, sizes.database, sizes.project, None)


async def _count(state: State) -> None:
    """Counts what the project consists of, once a generation."""
    remembered, generation = state.remembered, state.line.generation
    if remembered.files_at == generation:
        return
    languages = await summary.languages(state.database, state.project.id)
    problems = await summary.problems(state.database, state.project.id)
    remembered.files = answers.Files(
        sum(language.n_files for language in languages),
        sum(language.n_lines for language in languages),
        {language.name: language.n_files for language in languages if language.name},
        [answers.Problem(each.problem, each.n_files, list(each.examples)) for each in problems],
        await summary.flags(state.database, state.project.id),
    )
    remembered.symbols = sum(language.n_symbols for language in languages)
    remembered.files_at = generation


def _progress(state: State) -> answers.Progress:
    progress = state.line.progress
    elapsed = time.monotonic() - progress.started
    if progress.stage == "idle" or not progress.done or elapsed < _WARM_UP:
        return answers.Progress(progress.stage, progress.done, progress.total, None, None)
    rate = progress.done / elapsed
    left = max(progress.total - progress.done, 0) / rate
    return answers.Progress(progress.stage, progress.done, progress.total, round(rate, 1), round(left, 1))


def _failures(state: State) -> list[answers.Failed]:
    now = time.monotonic()
    listed = sorted(state.line.failures.items())[:_MAX_FAILURES]
    return [
        answers.Failed(path, failure.reason, failure.tries, round(max(failure.again_at - now, 0.0), 1)) for path, failure in listed
    ]


async def _watched(state: State) -> answers.Watched:
    status = await state.live.watch_status()
    return answers.Watched(status.mode, status.n_watches, status.n_polled, status.n_overflows, status.limit, list(status.problems))


def _remarks(state: State) -> list[str]:
    live, said = state.live, []
    if live.is_cut:
        said.append(f"The project has more files than index.max_files ({state.settings.index.max_files:,}) allows; raise it.")
    if live.unreadable:
        listed = ", ".join(live.unreadable[:5])
        said.append(f"{envelope.counted(len(live.unreadable), 'folder')} cannot be read: {listed}.")
    return said


def _search(state: State) -> answers.SearchState:
    search = state.search.status()
    return answers.SearchState(
        search.n_symbols,
        search.n_memories,
        search.is_building,
        search.n_vectors,
        search.n_vectors_pending,
        search.n_memory_vectors_pending,
        search.embedder,
        search.embedder_state,
        list(search.problems),
    )


def _memory(state: State) -> answers.Memory:
    daemon = answers.ProcessMemory(os.getpid(), _held(os.getpid()))
    pids = [*state.line.pool.pids(), *state.line.resolver.pids()]
    workers = [answers.ProcessMemory(pid, _held(pid)) for pid in pids]
    return answers.Memory(daemon.memory + sum(worker.memory for worker in workers), daemon, workers)


def _held(pid: int) -> int:
    """The bytes that a process holds, shared pages divided among those who share; 0 where nobody can tell."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (OSError, ValueError, IndexError):
        return 0
