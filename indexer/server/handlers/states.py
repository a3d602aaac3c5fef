"""state.capture, list, restore, diff, remove."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from indexer.memory import states
from indexer.protocol import answers, methods
from indexer.server.handlers import remembered
from indexer.server.handlers.envelope import begin, cut
from indexer.server.handlers.state import State
from indexer.server.listen import Context, Handler
from indexer.store import states as store


def handlers(state: State) -> Mapping[str, Handler]:
    """A handler for each method of state."""

    async def capture(params: methods.state.Capture, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        # Memories of the project's own vault are in play in no other.
        lately = state.context.memories() if params.working_context is None and vault.id == state.vault.id else []
        kept = await states.capture(
            state.database,
            vault.id,
            name=params.name,
            working_context=_context(state, params),
            memory_ids=await states.still_there(state.database, vault.id, lately) if params.memories is None else params.memories,
            description=params.description,
            tags=params.tags,
            importance=params.importance,
            expires_at=params.expires_at,
        )
        return basis.answer([remembered.state_item(kept, vault.name, is_whole=True)], 1)

    async def listed(params: methods.state.List, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        found, total = await store.listed(
            state.database, vault.id, tags=params.tags, name=params.name, limit=params.limit, offset=params.offset
        )
        rows = [remembered.state_item(each, vault.name, is_whole=False) for each in found]
        nothing = None if total else "No state was captured yet; state.capture does that." if not params.name else "No such state."
        return basis.answer(rows, total, nothing, cut(len(rows), total, params.offset))

    async def restore(params: methods.state.Restore, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        found = await states.restore(state.database, vault.id, _key(params.state))
        return basis.answer([remembered.state_item(found, vault.name, is_whole=True)], 1)

    async def diff(params: methods.state.Diff, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        found = await states.compare(state.database, vault.id, _key(params.before), _key(params.after))
        rows = [answers.StateDifference(each.path, each.kind, each.before, each.after) for each in found]
        return basis.answer(rows, len(rows), None if rows else "Both hold the same.")

    async def remove(params: methods.state.Remove, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        found = await store.get(state.database, vault.id, _key(params.state))
        await store.remove(state.database, vault.id, found.id)
        return basis.answer([remembered.state_item(found, vault.name, is_whole=False)], 1)

    return {
        "state.capture": capture, "state.list": listed, "state.restore": restore, "state.diff": diff, "state.remove": remove,
    }  # fmt: skip


def _key(text: str) -> uuid.UUID | str:
    return remembered.as_id(text) or text


def _context(state: State, params: methods.state.Capture) -> dict[str, Any]:
    """What is to be kept: what the client sent, else what was asked about lately; its notes besides."""
    given = state.context.as_of_now() if params.working_context is None else params.working_context
    return given if params.notes is None else {**given, "notes": params.notes}
