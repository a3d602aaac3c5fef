"""memory.tie, untie, confirm, reanchor: which code a memory is about."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from indexer import errors
from indexer.memory import anchors
from indexer.protocol import answers, methods
from indexer.server.handlers import remembered, targets
from indexer.server.handlers.envelope import Basis, begin, counted
from indexer.server.handlers.memories import whole
from indexer.server.handlers.state import State
from indexer.server.listen import Context, Handler
from indexer.store import anchors as store
from indexer.store import memories
from indexer.store.anchors import Anchor
from indexer.store.vaults import Vault


def handlers(state: State) -> Mapping[str, Handler]:
    """A handler for each method of anchors. All of them see every save made before."""

    async def tie(params: methods.memory.Tie, context: Context) -> answers.Answer:
        basis, vault = await _begin(state, params.vault, context)
        about = await targets.targets_of(state, basis, params.about)
        await anchors.tie(state.database, vault.id, params.id, about)
        state.anchoring.tied(target.place.path for target in about)
        return await _memory(state, basis, vault, params.id)

    async def untie(params: methods.memory.Untie, context: Context) -> answers.Answer:
        basis, vault = await _begin(state, params.vault, context)
        anchor = _one(await _tied(state, vault, params.id), params.anchor)
        await store.remove(state.database, vault.id, anchor.id)
        return await _memory(state, basis, vault, params.id)

    async def confirm(params: methods.memory.Confirm, context: Context) -> answers.Answer:
        basis, vault = await _begin(state, params.vault, context)
        tied = await _tied(state, vault, params.id)
        if not tied:
            raise errors.Conflict("The memory is about no code; memory.tie ties it to some.")
        chosen = tied if params.anchor is None else [_one(tied, params.anchor)]
        lost = []
        for anchor in chosen:
            try:
                await anchors.confirm(state.database, vault.id, state.anchoring.code, anchor.id)
            except errors.Conflict as gone:
                lost.append(gone)
        if len(lost) == len(chosen):
            raise lost[0]
        said = f"{counted(len(lost), 'anchor')} left as it was: its code is gone (memory.reanchor, memory.untie)." if lost else None
        return await _memory(state, basis, vault, params.id, said)

    async def reanchor(params: methods.memory.Reanchor, context: Context) -> answers.Answer:
        basis, vault = await _begin(state, params.vault, context)
        anchor = _one(await _tied(state, vault, params.id), params.anchor)
        target = await targets.target_of(state, basis, params.about)
        await anchors.reanchor(state.database, vault.id, anchor.id, target)
        state.anchoring.tied([target.place.path])
        return await _memory(state, basis, vault, params.id)

    return {"memory.tie": tie, "memory.untie": untie, "memory.confirm": confirm, "memory.reanchor": reanchor}


async def _begin(state: State, named: str | None, context: Context) -> tuple[Basis, Vault]:
    basis = await begin(state, True, context)
    vault = await remembered.vault_of(state, named)
    if vault.id != state.vault.id:
        raise errors.InvalidRequest(f"vault: {vault.name} is not this project's ({state.vault.name}).", "vault")
    return basis, vault


async def _tied(state: State, vault: Vault, memory_id: uuid.UUID) -> list[Anchor]:
    await memories.get(state.database, vault.id, memory_id)
    return (await store.of_memories(state.database, vault.id, [memory_id])).get(memory_id, [])


def _one(tied: Sequence[Anchor], wanted: uuid.UUID | None) -> Anchor:
    """The anchor that is meant, the only one where none is named."""
    if wanted is None and len(tied) == 1:
        return tied[0]
    if wanted is None:
        known = ", ".join(f"{anchor.id} ({anchor.place.qualified_name or anchor.place.path})" for anchor in tied)
        raise errors.InvalidRequest(
            f"anchor: say which one: {known}." if tied else "anchor: the memory is about no code; memory.tie ties it to some.", "anchor"
        )
    found = next((anchor for anchor in tied if anchor.id == wanted), None)
    if found is None:
        raise errors.NotFound(f"The memory has no anchor {wanted}.")
    return found


async def _memory(state: State, basis: Basis, vault: Vault, memory_id: uuid.UUID, said: str | None = None) -> answers.Answer:
    return await whole(state, basis, vault, await memories.get(state.database, vault.id, memory_id), said)
