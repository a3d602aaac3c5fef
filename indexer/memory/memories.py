"""A memory's life: remembered, updated, pinned, superseded, forgotten and had back.

Curated memories help, heaps of them do not. So the same text is stored once; a text that is nearly one that is there is
stored, and said to be; and what was recalled and comes back as if it were new is recognised and left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from indexer import errors
from indexer.memory import checks, likeness
from indexer.store import accesses, connect, memories, sketches
from indexer.store.anchors import Anchor, Target
from indexer.store.memories import Changes, Memory, NewMemory

#: Likeness from which a text is called a near-duplicate, and the characters of it that are compared.
NEAR: Final = 0.6
COMPARED: Final = 4000
#: A recalled text that comes back within this time is an echo.
ECHO_WINDOW: Final = dt.timedelta(hours=24)
#: Words that a recalled text must have to be recognised inside another, and the share of other words that may stand around it.
MIN_ECHO_WORDS: Final = 5
MAX_FRAME: Final = 0.3

#: The fields that `update` can change, with what each must be.
_FIELDS: Final = ("content", "context", "importance", "expires_at", "metadata", "tags", "parent_memory_id")


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to be remembered, as it was sent; `checked` makes a NewMemory of it."""

    content: object
    context: object = "general"
    importance: object = 0.5
    expires_at: object = None
    metadata: object = None
    tags: object = None
    parent_memory_id: UUID | None = None
    is_pinned: bool = False

    def checked(self, now: dt.datetime) -> NewMemory:
        """Raises InvalidRequest naming the field."""
        return NewMemory(
            content=checks.content(self.content),
            context=checks.context(self.context),
            importance=checks.importance(self.importance),
            expires_at=checks.expiry(self.expires_at, now),
            metadata=checks.metadata(self.metadata),
            tags=checks.tags(self.tags),
            parent_memory_id=self.parent_memory_id,
            is_pinned=self.is_pinned,
        )


@dataclass(frozen=True, slots=True)
class Near:
    """A memory whose text is nearly the new one's, by the share of letters in common (0 to 1)."""

    memory: Memory
    similarity: float


@dataclass(frozen=True, slots=True)
class Remembered:
    """The outcome of `remember`.

    `outcome` is 'added', 'existing', 'revived' (as in store.memories.Added) or 'echo': nothing was stored, because the
    text consists of memories that were recalled lately. `memory` is the one that holds the text, for an echo the first of
    those that it repeats, all of which are in `echoed`.
    """

    memory: Memory
    outcome: str
    anchors: tuple[Anchor, ...] = ()
    near: tuple[Near, ...] = ()
    echoed: tuple[UUID, ...] = ()


async def remember(
    database: connect.Database,
    vault_id: UUID,
    draft: Draft,
    about: Sequence[Target] = (),
    *,
    session_id: UUID | None = None,
    keep_echo: bool = False,
) -> Remembered:
    """Stores a memory, ties it to code, and says what it resembles. It is on the disk when this returns.

    `session_id` narrows the recalls that it may echo to one session. Raises InvalidRequest naming the field, NotFound for
    the vault, Conflict for an archived one.
    """
    now = dt.datetime.now(dt.UTC)
    new = draft.checked(now)
    if not keep_echo:
        recalled = await accesses.recalled_since(database, vault_id, now - ECHO_WINDOW, session_id)
        known = await memories.get_many(database, vault_id, recalled)
        echoed = echo_of(new.content, [(memory.id, memory.content) for memory in known])
        if echoed:
            first = next(memory for memory in known if memory.id == echoed[0])
            return Remembered(first, "echo", echoed=tuple(echoed))
    added = await memories.add(database, vault_id, new, about)
    near = await near_duplicates(database, added.memory) if added.outcome == "added" else []
    return Remembered(added.memory, added.outcome, added.anchors, tuple(near))


async def near_duplicates(database: connect.Database, memory: Memory, limit: int = 5) -> list[Near]:
    """Live memories of the same vault whose text is nearly this one's, most similar first."""
    candidates = await memories.similar(database, memory.vault_id, memory.content, apart_from=memory.id)
    text = memory.content[:COMPARED]
    alike = {memory_id: likeness.text_likeness(text, other[:COMPARED]) for memory_id, other in candidates}
    near = sorted((each for each in alike if alike[each] >= NEAR), key=lambda each: -alike[each])[:limit]
    known = await memories.get_many(database, memory.vault_id, near)
    return [Near(each, round(alike[each.id], 3)) for each in known]


async def update(database: connect.Database, vault_id: UUID, memory_id: UUID, changes: Mapping[str, object]) -> Memory:
    """Changes fields and keeps what they were; logged as an access.

    The fields are content, context, importance, expires_at, metadata, tags and parent_memory_id. Raises InvalidRequest
    naming the field, NotFound, Conflict where another memory holds the new text.
    """
    now = dt.datetime.now(dt.UTC)
    updated = await memories.update(database, vault_id, memory_id, _checked(changes, now))
    await accesses.record(database, [accesses.Access(vault_id, memory_id, "update", now)])
    return updated


async def supersede(database: connect.Database, vault_id: UUID, memory_id: UUID, by: UUID | None) -> Memory:
    """Says that another memory stands in for this one, or with None that it holds again. Raises NotFound, InvalidRequest."""
    if by == memory_id:
        raise errors.InvalidRequest("by: a memory cannot supersede itself.", "by")
    return await memories.supersede(database, vault_id, memory_id, by)


def echo_of(content: str, recalled: Iterable[tuple[UUID, str]]) -> list[UUID]:
    """The recalled memories that a text repeats, if it is nothing but them; else empty. In the order given.

    It is, if it is a piece of one of MIN_ECHO_WORDS words or more, or if what is left of it without the whole texts of
    some is not more than MAX_FRAME of its words ("As noted before: …"). One changed word inside a recalled text makes it
    news. Letter case, punctuation and spacing do not count.
    """
    words = sketches.words(content)
    if len(words) < MIN_ECHO_WORDS:
        return []
    whole = f" {' '.join(words)} "
    n_left, found = len(words), list[UUID]()
    for memory_id, text in recalled:
        known = sketches.words(text)
        inside = f" {' '.join(known)} "
        if whole in inside:
            return [memory_id]
        if len(known) >= MIN_ECHO_WORDS and inside in whole:
            found.append(memory_id)
            n_left -= len(known) * whole.count(inside)
            whole = whole.replace(inside, " \n ")
    return found if found and n_left <= MAX_FRAME * len(words) else []


def _checked(changes: Mapping[str, object], now: dt.datetime) -> Changes:
    unknown = [name for name in changes if name not in _FIELDS]
    if unknown:
        raise errors.InvalidRequest(f"{unknown[0]} cannot be changed; what can is {', '.join(_FIELDS)}.", unknown[0])
    plain: dict[str, Any] = dict(changes)
    for name, check in _CHECKS.items():
        if name in plain:
            plain[name] = check(plain[name])
    if "expires_at" in plain:
        plain["expires_at"] = checks.expiry(plain["expires_at"], now)
    parent = plain.get("parent_memory_id")
    if parent is not None and not isinstance(parent, UUID):
        raise errors.InvalidRequest(f"parent_memory_id must be an id, not {parent!r}.", "parent_memory_id")
    return cast(Changes, plain)


_CHECKS: Final[dict[str, Callable[[object], object]]] = {
    "content": checks.content,
    "context": checks.context,
    "importance": checks.importance,
    "metadata": checks.metadata,
    "tags": checks.tags,
}
