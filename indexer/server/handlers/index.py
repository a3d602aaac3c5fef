"""index.sync, index.notify, index.subscribe, index.rescan."""

from __future__ import annotations

from collections.abc import Mapping

from indexer import errors
from indexer.index.live import Synced
from indexer.protocol import answers, methods
from indexer.server.handlers import paths
from indexer.server.handlers.envelope import with_progress
from indexer.server.handlers.state import State
from indexer.server.listen import Context, Handler


def handlers(state: State) -> Mapping[str, Handler]:
    """A handler for each method of index."""

    async def sync(params: methods.index.Sync, context: Context) -> answers.Synced:
        return _told(await with_progress(state, context, state.live.sync(params.timeout)))

    async def notify(params: methods.index.Notify, context: Context) -> answers.Synced:
        inside, refusal = _inside(state, params.paths)
        told = await with_progress(state, context, state.live.notify(inside, params.timeout if params.wait else None))
        if refusal is not None:
            raise refusal
        return _told(told)

    async def subscribe(params: methods.index.Subscribe, context: Context) -> answers.Synced:
        context.subscribe(state.hub)
        return _now(state)

    async def rescan(params: methods.index.Rescan, context: Context) -> answers.Synced:
        state.live.rescan("asked for")
        # It waits in the queue, so it is pending whatever the loop knows.
        return answers.Synced(False, state.line.generation.number, max(state.live.n_pending, 1))

    return {"index.sync": sync, "index.notify": notify, "index.subscribe": subscribe, "index.rescan": rescan}


def _inside(state: State, listed: list[str]) -> tuple[list[str], errors.InvalidRequest | None]:
    """The paths that are in the project, and the refusal of the first that is not: one must not keep back the others."""
    inside, refusal = [], None
    for number, path in enumerate(listed):
        try:
            inside.append(paths.confined(state.project.root, path, f"paths[{number}]"))
        except errors.InvalidRequest as problem:
            refusal = refusal or problem
    return inside, refusal


def _told(synced: Synced) -> answers.Synced:
    return answers.Synced(synced.is_complete, synced.generation.number, synced.n_pending)


def _now(state: State) -> answers.Synced:
    pending = state.live.n_pending
    return answers.Synced(not pending, state.line.generation.number, pending)
