"""The envelope of list answers: from which state of the index they come, and why they are empty or cut."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from indexer.protocol import answers
from indexer.server.handlers.state import State
from indexer.server.listen import Context
from indexer.store import graph

T = TypeVar("T")

#: Seconds that a synced request waits for saves to be seen before it answers without them.
SYNC_SECONDS: Final = 30.0
#: What a limit of 0 stands for: all.
ALL: Final = 10_000_000
_PROGRESS_SECONDS: Final = 0.25


@dataclass(frozen=True, slots=True)
class Basis:
    """What a request is answered from; `remarks` are sentences about it that belong in every note."""

    index: answers.IndexState
    remarks: tuple[str, ...] = ()

    def answer(self, items: Sequence[Any], total: int, *reasons: str | None, **more: Any) -> answers.Answer:
        """The envelope around items; `reasons` are sentences that say why they are few, None for nothing to say."""
        said = [reason for reason in (*reasons, *self.remarks) if reason]
        note = " ".join(said) or None
        return answers.Answer(list(items), total, max(total - len(items), 0), note, self.index, **more)


async def begin(state: State, is_synced: bool, context: Context) -> Basis:
    """Where the index stands as a request begins, after what was saved before it when that is asked for."""
    remarks = list(_troubles(state))
    pending = state.live.n_pending
    if is_synced:
        synced = await with_progress(state, context, state.live.sync(SYNC_SECONDS))
        pending = synced.n_pending
        remarks = list(_troubles(state))
        if synced.is_complete and state.line.failures:
            remarks.append(f"{is_or_are(len(state.line.failures))} still to be read after a failure; see system.status.")
        if not synced.is_complete:
            remarks.append(f"After {SYNC_SECONDS:.0f} seconds not everything that was saved is read: {is_or_are(pending)} pending.")
    generation = state.line.generation
    return Basis(answers.IndexState(generation.number, pending, coverage(state)), tuple(remarks))


async def with_progress(state: State, context: Context, work: Awaitable[T]) -> T:
    """Waits for something that the index has to do first, and tells the client how far that is."""
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({task}, timeout=_PROGRESS_SECONDS))[0]:
            progress = state.line.progress
            context.progress(progress.done, progress.total or None, progress.stage)
        return task.result()
    finally:
        task.cancel()


def coverage(state: State) -> answers.Coverage:
    """How much of what is written is understood."""
    counted = state.line.coverage
    return answers.Coverage(counted.resolved, counted.external, counted.unresolved)


def page(limit: int, offset: int = 0) -> graph.Page:
    """The page that a request asks for; its limit of 0 stands for all."""
    return graph.Page(limit or ALL, offset)


def cut(n_items: int, total: int, offset: int = 0) -> str | None:
    """Why not all of `total` items are there; None when they are."""
    if n_items + offset >= total and not offset:
        return None
    if offset >= total > 0:
        return f"There are {total:,}; the offset of {offset:,} is behind the last one."
    if offset:
        return f"From number {offset + 1:,} to {offset + n_items:,} of {total:,}."
    return f"{n_items:,} of {total:,}; a limit of 0 gives all."


def is_or_are(number: int) -> str:
    """'1 file is' or '5 files are'."""
    return "1 file is" if number == 1 else f"{number:,} files are"


def counted(number: int, thing: str) -> str:
    """'1 thing' or '5 things'."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def short(text: str) -> str:
    """Text of a request as a sentence repeats it: a name may have 10,000 characters."""
    return text if len(text) <= 200 else text[:200] + "…"


def _troubles(state: State) -> tuple[str, ...]:
    live, progress = state.live, state.line.progress
    if not live.is_root_present:
        return (f"The project's folder {state.project.root} is missing: this is how it was last seen.",)
    if live.last_error is not None:
        return (f"The index waits: {live.last_error}",)
    if live.first_done.is_set():
        return ()
    if progress.stage == "extracting":
        return (f"The index is still being built: {progress.done:,} of {progress.total:,} files.",)
    return ("The index is still being built.",)
