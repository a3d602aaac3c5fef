"""Near-duplicates gathered into groups, merged into one memory and taken apart again. Nothing is ever deleted by it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from indexer import errors
from indexer.memory import checks, likeness
from indexer.store import accesses, connect, memories, sketches
from indexer.store.memories import Filters, Memory, NewMemory

#: Share of common pairs of words from which two memories belong together.
ALIKE: Final = 0.5
#: Memories that are compared; the newest ones.
MAX_COMPARED: Final = 5000
#: A pair that this many memories have is a phrase, no sign of a copy.
MAX_SHARED: Final = 50


@dataclass(frozen=True, slots=True)
class Group:
    """Memories of one context that say nearly the same, the most important first; `likeness` is the lowest to that one."""

    memories: tuple[Memory, ...]
    likeness: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Groups, largest first, and how many memories were compared for them."""

    groups: list[Group]
    n_compared: int
    is_complete: bool


async def propose(database: connect.Database, vault_id: UUID, contexts: Sequence[str] | None = None, threshold: float = ALIKE) -> Proposal:
    """Gathers the vault's live memories into groups of near-duplicates; changes nothing."""
    filters = Filters(contexts=contexts and [checks.context(each) for each in contexts])
    page = await memories.listed(database, vault_id, filters, limit=MAX_COMPARED)
    # Seconds of computing, which must not hold up others.
    groups = await asyncio.to_thread(grouped, page.memories, checks.importance(threshold, "threshold"))
    return Proposal(groups, len(page.memories), page.total <= len(page.memories))


def grouped(candidates: Sequence[Memory], threshold: float = ALIKE) -> list[Group]:
    """Each memory joins the most important one of its context that it is alike to; groups of one are left out.

    Joining is to one leader, not from neighbour to neighbour: a chain of small changes does not end up in one group.
    """
    ordered = sorted(candidates, key=lambda memory: (-memory.importance, -memory.created_at.timestamp(), memory.id))
    all_pairs = {memory.id: sketches.pairs(memory.content) for memory in ordered}
    leaders: dict[tuple[str, int], list[Memory]] = {}
    members: dict[UUID, list[tuple[Memory, float]]] = {}
    for memory in ordered:
        own = all_pairs[memory.id]
        sketch = [(memory.context, each) for each in sketches.sketch_of(own)]
        rivals = {leader.id: leader for key in sketch for leader in leaders.get(key, ())}
        scores = {rival: likeness.resemblance(own, all_pairs[rival]) for rival in rivals}
        best = max(scores, key=lambda rival: scores[rival], default=None)
        if best is not None and scores[best] >= threshold:
            members[best].append((memory, scores[best]))
            continue
        members[memory.id] = [(memory, 1.0)]
        for key in sketch:
            shared = leaders.setdefault(key, [])
            if len(shared) < MAX_SHARED:
                shared.append(memory)
    groups = [
        Group(tuple(memory for memory, _ in group), round(min(score for _, score in group), 3))
        for group in members.values()
        if len(group) > 1
    ]
    return sorted(groups, key=lambda group: (-len(group.memories), -group.likeness, group.memories[0].id))


async def merge(database: connect.Database, vault_id: UUID, sources: Sequence[UUID], content: object, context: object = None) -> Memory:
    """Adds a memory with the text `content` that stands in for `sources`, which are kept and superseded; logged as accesses.

    It has their tags, the highest of their importances, their context if they share one (else `context` names it), and is about
    all that they are about. Raises InvalidRequest naming the field, NotFound for a source, Conflict for one that is hidden.
    """
    distinct = list(dict.fromkeys(sources))
    if len(distinct) < 2:
        raise errors.InvalidRequest("sources: name two memories or more.", "sources")
    known = await memories.get_many(database, vault_id, distinct)
    if len(known) < len(distinct):
        missing = next(each for each in distinct if each not in {memory.id for memory in known})
        raise errors.NotFound(f"The vault has no memory {missing}.")
    shared = {memory.context for memory in known}
    if context is None and len(shared) > 1:
        raise errors.InvalidRequest(f"context: the sources are of several ({', '.join(sorted(shared))}); name one.", "context")
    tags = list(dict.fromkeys(tag for memory in known for tag in memory.tags))
    new = NewMemory(
        content=checks.content(content),
        context=known[0].context if context is None else checks.context(context),
        importance=max(memory.importance for memory in known),
        tags=tags[: checks.MAX_TAGS],
        tier=min((memory.tier for memory in known), key=checks.TIERS.index),
        is_pinned=any(memory.is_pinned for memory in known),
    )
    merged = await memories.merge(database, vault_id, distinct, new)
    now = dt.datetime.now(dt.UTC)
    await accesses.record(database, [accesses.Access(vault_id, each, "consolidate", now) for each in distinct])
    return merged


async def revert(database: connect.Database, vault_id: UUID, merged: UUID) -> list[Memory]:
    """Undoes a merge and returns its sources, which are valid again. Raises NotFound, Conflict for a memory of another
    making.
    """
    sources = await memories.revert_merge(database, vault_id, merged)
    return await memories.get_many(database, vault_id, sources)
