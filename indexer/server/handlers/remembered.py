"""Memories, vaults and states as items of answers; which vault a request means."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from indexer import errors
from indexer.memory import anchors as anchoring
from indexer.protocol import answers
from indexer.server.handlers.state import State
from indexer.store import vaults
from indexer.store.anchors import Anchor
from indexer.store.memories import Memory
from indexer.store.states import State as Capture
from indexer.store.vaults import Statistics, Vault

#: Characters of a memory that an item of a list shows; memory.get gives the whole.
SHOWN: Final = 2000


async def vault_of(state: State, named: str | None) -> Vault:
    """The vault of that name or id, else the project's own. Raises NotFound."""
    if named is None:
        return state.vault
    try:
        return await vaults.get(state.database, named)
    except errors.NotFound:
        if (by_id := as_id(named)) is None:
            raise
        return await vaults.get(state.database, by_id)


def as_id(text: str) -> uuid.UUID | None:
    """The id that a text is, if it is one."""
    if len(text) != 36:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


async def items(state: State, vault: Vault, memories: Sequence[Memory], **more: Any) -> list[answers.MemoryItem]:
    """Memories of one vault as items, long texts cut."""
    tied = await state.anchoring.of_memories(vault.id, [memory.id for memory in memories])
    return [item(memory, vault.name, tied.get(memory.id, ()), **more) for memory in memories]


def found(memory: Memory, vault: str, tied: Iterable[Anchor]) -> answers.FoundMemory:
    """A memory as an item of a search."""
    plain = [answers.MemoryAnchor(anchor.place.qualified_name, anchor.place.path, anchor.state) for anchor in tied]
    return answers.FoundMemory(**_common(memory, vault, plain, SHOWN))


def item(
    memory: Memory,
    vault: str,
    tied: Iterable[Anchor],
    *,
    is_whole: bool = False,
    with_changes: bool = False,
    score: float | msgspec.UnsetType = msgspec.UNSET,
    why: list[str] | msgspec.UnsetType = msgspec.UNSET,
) -> answers.MemoryItem:
    """A memory as an item; its text is cut unless it is to be whole."""
    return answers.MemoryItem(
        **_common(memory, vault, [anchor_item(anchor, with_changes) for anchor in tied], None if is_whole else SHOWN),
        modified_at=memory.modified_at,
        accessed_at=memory.accessed_at,
        access_count=memory.access_count,
        expires_at=memory.expires_at,
        metadata=memory.metadata,
        parent=memory.parent_memory_id,
        is_pinned=memory.is_pinned,
        superseded_by=memory.superseded_by,
        consolidated_from=list(memory.consolidated_from),
        forgotten_at=memory.forgotten_at,
        score=score,
        why=why,
    )


def _common(memory: Memory, vault: str, anchors: list[answers.MemoryAnchor], shown: int | None) -> Mapping[str, Any]:
    return {
        "id": memory.id,
        "content": memory.content[:shown],
        "is_whole": memory.is_whole and (shown is None or len(memory.content) <= shown),
        "context": memory.context,
        "importance": memory.importance,
        "tier": memory.tier,
        "vault": vault,
        "tags": list(memory.tags),
        "created_at": memory.created_at,
        "anchors": anchors,
    }


def anchor_item(anchor: Anchor, with_changes: bool = False) -> answers.MemoryAnchor:
    """An anchor as part of a memory, with what became of its code."""
    place = anchor.place
    lines = (place.start_line, place.end_line) if place.start_line is not None and place.end_line is not None else msgspec.UNSET
    return answers.MemoryAnchor(
        place.qualified_name,
        place.path,
        anchor.state,
        anchor.id,
        lines,
        msgspec.UNSET if anchor.state == "fresh" else anchoring.sentence(anchor),
        anchoring.differences(anchor) if with_changes and anchor.seen_text is not None else msgspec.UNSET,
    )


def vault_item(state: State, vault: Vault, counted: Statistics | None = None) -> answers.VaultItem:
    """A vault as an item."""
    return answers.VaultItem(
        *(vault.id, vault.name, vault.path, vault.type, vault.id == state.vault.id, vault.is_active, vault.is_archived),
        *(vault.created_at, vault.last_modified, vault.archived_at, vault.settings, vault.metadata, vault.memory_count),
        msgspec.UNSET if counted is None else _statistics(counted),
    )


def _statistics(counted: Statistics) -> answers.VaultStatistics:
    return answers.VaultStatistics(
        *(counted.n_memories, counted.n_superseded, counted.n_forgotten, counted.n_expired, counted.n_pinned, counted.n_embedded),
        *(counted.n_anchors, counted.n_states, counted.n_bytes, counted.by_context, counted.by_tier, counted.by_anchor_state),
    )


def state_item(capture: Capture, vault: str, *, is_whole: bool) -> answers.StateItem:
    """A captured state as an item, with what it holds when it is asked for whole."""
    return answers.StateItem(
        *(capture.id, capture.name, capture.description, vault, list(capture.tags), capture.auto_captured, capture.importance),
        *(capture.created_at, capture.expires_at, capture.restore_count, capture.last_restored, capture.uncompressed_size),
        working_context=capture.working_context if is_whole else msgspec.UNSET,
        memory_state=capture.memory_state if is_whole else msgspec.UNSET,
    )
