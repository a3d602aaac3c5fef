"""Memories: what people and agents decided and learned, one row each.

Each function is one statement or one transaction; those that write return after the commit has reached the
disk. A memory belongs to one vault, and every function names it: an id of another vault is not found. The
caller (`indexer.memory`) has checked the values; what only the database can know (does the vault exist, is
the text there already, would this make a loop) is checked here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypedDict
from uuid import UUID

import asyncpg

from indexer import errors
from indexer.store import anchors, connect, durable, large_text, queries, sketches

SQL = queries.beside(__file__)

#: Totals are counted up to here.
MAX_TOTAL: Final = 500
#: Compressed memories that `find_text` looks into.
MAX_LOOKS: Final = 50
#: Characters of a text that `find_text` looks for in an index.
INDEXED_CHARS: Final = 500
#: Candidates for near-duplicates that `similar` returns.
CANDIDATES: Final = 20


@dataclass(frozen=True, slots=True)
class Memory:
    """A row. `content` is the whole text where `is_whole`, else its beginning (lists leave out what is
    compressed).
    """

    id: UUID
    vault_id: UUID
    content: str
    is_whole: bool
    content_hash: str
    context: str
    importance: float
    created_at: dt.datetime
    accessed_at: dt.datetime
    modified_at: dt.datetime
    expires_at: dt.datetime | None
    access_count: int
    last_recall_score: float | None
    tier: str
    tier_migrated_at: dt.datetime | None
    metadata: dict[str, Any]
    tags: tuple[str, ...]
    parent_memory_id: UUID | None
    consolidated_from: tuple[UUID, ...]
    is_pinned: bool
    superseded_by: UUID | None
    forgotten_at: dt.datetime | None
    compression_ratio: float | None
    is_embedded: bool

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> Memory:
        """From the columns that the blocks `get` and `list` return."""
        values = dict(row.items())
        compressed = values.pop("compressed_content")
        values["content"] = large_text.unpack(values["content"], compressed)
        values["is_whole"] = compressed is not None or values["compression_ratio"] is None
        values["tags"] = tuple(values["tags"])
        values["consolidated_from"] = tuple(values["consolidated_from"] or ())
        return cls(**values)


@dataclass(frozen=True, slots=True)
class NewMemory:
    """What is to be stored. `id` and `created_at` are None except for what had them elsewhere before."""

    content: str
    context: str
    importance: float = 0.5
    id: UUID | None = None
    created_at: dt.datetime | None = None
    expires_at: dt.datetime | None = None
    tier: str = "working"
    metadata: Mapping[str, Any] = field(default_factory=dict)
    tags: Sequence[str] = ()
    parent_memory_id: UUID | None = None
    is_pinned: bool = False


class Changes(TypedDict, total=False):
    """What `update` can change; a key that is absent stays as it is."""

    content: str
    context: str
    importance: float
    expires_at: dt.datetime | None
    metadata: Mapping[str, Any]
    tags: Sequence[str]
    parent_memory_id: UUID | None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which memories of a vault; None lets all pass. `tags` must all be there, `metadata` be contained; `anchor_states` are those
    that one of its anchors is in, `ids` the memories among which to look.

    Forgotten, superseded and expired memories are hidden. `forgotten` lists the forgotten ones instead; the
    other two add to the list.
    """

    contexts: Collection[str] | None = None
    tiers: Collection[str] | None = None
    tags: Collection[str] | None = None
    metadata: Mapping[str, Any] | None = None
    min_importance: float | None = None
    created_from: dt.datetime | None = None
    created_until: dt.datetime | None = None
    parent_memory_id: UUID | None = None
    is_pinned: bool | None = None
    forgotten: bool = False
    with_superseded: bool = False
    with_expired: bool = False
    anchor_states: Collection[str] | None = None
    ids: Collection[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list. `total` counts the whole list up to MAX_TOTAL; `is_total_exact` says whether it got
    to the end.
    """

    memories: list[Memory]
    total: int
    is_total_exact: bool


@dataclass(frozen=True, slots=True)
class Added:
    """The outcome of `add`. `outcome` is 'added'; 'existing' where the vault has that text in that context
    already; or 'revived' where it had it, forgotten or expired.
    """

    memory: Memory
    outcome: str
    anchors: tuple[anchors.Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of a memory's history: what it was before an operation, only the fields that changed."""

    version: int
    operation: str
    before: dict[str, Any]
    changed_at: dt.datetime


async def add(database: connect.Database, vault_id: UUID, new: NewMemory, about: Sequence[anchors.Target] = ()) -> Added:
    """Stores a memory with its anchors, or returns the one that holds the same text in the same context, tied to that code as well.

    Raises NotFound for a vault or parent that does not exist, Conflict for an archived vault or an id that is taken.
    """
    async with durable.transaction(database) as connection:
        await _check_vault(connection, vault_id)
        memory_id, outcome = await _insert(connection, vault_id, new)
        tied = await anchors.tie(connection, vault_id, memory_id, about) if about or outcome != "added" else []
        return Added(await _get(connection, vault_id, memory_id), outcome, tuple(tied))


async def get(database: connect.Database, vault_id: UUID, memory_id: UUID) -> Memory:
    """One memory, hidden or not, with its whole text. Raises NotFound."""
    found = await get_many(database, vault_id, [memory_id])
    if not found:
        raise _missing(memory_id)
    return found[0]


async def get_many(database: connect.Database, vault_id: UUID, memory_ids: Sequence[UUID]) -> list[Memory]:
    """Those of the memories that the vault has, in the order asked for, with their whole texts."""
    return [Memory.from_row(row) for row in await database.fetch(SQL["get"], vault_id, list(memory_ids))]


async def by_text(database: connect.Database, vault_id: UUID, content: str) -> list[Memory]:
    """The memories, of any context, hidden or not, that hold exactly this text; the first one first."""
    digest = large_text.content_hash(content)
    rows = await database.fetch(SQL["ids_by_hash"], vault_id, digest)
    return await get_many(database, vault_id, [row["id"] for row in rows])


async def listed(database: connect.Database, vault_id: UUID, filters: Filters = Filters(), limit: int = 50, offset: int = 0) -> Page:
    """A page of the vault's memories, newest first. `limit` 0 is all of them."""
    values = (
        vault_id,
        *(_array(each) for each in (filters.contexts, filters.tiers, filters.tags)),
        *(filters.metadata, filters.min_importance, filters.created_from, filters.created_until),
        *(filters.parent_memory_id, filters.is_pinned),
        *(filters.forgotten, filters.with_superseded, filters.with_expired),
        *(_array(filters.anchor_states), None if filters.ids is None else list(filters.ids)),
    )
    async with database.transaction() as connection:
        await connection.execute(SQL["custom_plan"])
        rows = await connection.fetch(SQL["list"], *values, limit or None, offset)
        total = offset + len(rows)
        if limit and (len(rows) == limit or not rows):
            total = await connection.fetchval(SQL["count"], *values, MAX_TOTAL + 1)
    return Page([Memory.from_row(row) for row in rows], min(total, MAX_TOTAL) if limit else total, total <= MAX_TOTAL)


async def find_text(database: connect.Database, vault_id: UUID, text: str, limit: int = 20) -> list[Memory]:
    """Live memories that contain `text` as it stands, in any letter case, most important first.

    Of the compressed ones, the MAX_LOOKS most important that have all its words are looked into. `text` has
    three letters or more; a shorter one is found as well, by reading the whole table.
    """
    is_long = len(text) > INDEXED_CHARS
    beginning = text[:INDEXED_CHARS]
    pattern = "%" + beginning.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    # The last word of a beginning is mostly half a word.
    words = beginning.rpartition(" ")[0] if is_long else text
    async with database.transaction() as connection:
        await connection.execute(SQL["custom_plan"])
        rows = await connection.fetch(SQL["find_text"], vault_id, pattern, words, limit + MAX_LOOKS, text if is_long else None)
    found = (Memory.from_row(row) for row in rows)
    folded = text.casefold()
    return [memory for memory in found if memory.compression_ratio is None or folded in memory.content.casefold()][:limit]


async def similar(database: connect.Database, vault_id: UUID, text: str, apart_from: UUID | None = None) -> list[tuple[UUID, str]]:
    """Live memories that may be near-duplicates of a text, likeliest first, at most CANDIDATES: id and text (of a large one
    the beginning).

    What came in bulk or over SQL takes part once maintenance has seen it.
    """
    rows = await database.fetch(SQL["similar"], vault_id, sketches.sketch(text), apart_from, CANDIDATES)
    return [(row["id"], row["content"]) for row in rows]


async def fill_sketches(database: connect.Database, limit: int) -> int:
    """Makes the sketches that are missing, at most `limit`; returns how many."""
    rows = await database.fetch(SQL["unsketched"], limit)
    made = [(row["vault_id"], row["id"], row["content_hash"], sketches.sketch(row["content"])) for row in rows]
    await database.executemany(SQL["set_sketch"], made)
    return len(made)


async def update(database: connect.Database, vault_id: UUID, memory_id: UUID, changes: Changes) -> Memory:
    """Changes fields of a memory and keeps what they were.

    Raises NotFound for a memory or parent that does not exist, InvalidRequest for a loop of parents,
    Conflict where another memory holds the new text in the new context.
    """
    async with durable.transaction(database) as connection:
        await _lock_vault(connection, vault_id)
        old = await _lock(connection, vault_id, memory_id)
        before = {name: getattr(old, name) for name, value in changes.items() if getattr(old, name) != _plain(value)}
        if not before:
            return old
        new = replace(old, **{name: _plain(changes[name]) for name in before})  # type: ignore[literal-required]
        packed = await large_text.pack_aside(new.content)
        await _check_text_is_free(connection, new, packed)
        if new.parent_memory_id is not None and "parent_memory_id" in before:
            await _check_parent(connection, vault_id, new.parent_memory_id, memory_id)
        await _record(connection, vault_id, memory_id, "update", before)
        await connection.execute(
            SQL["update"],
            *(vault_id, memory_id, *_text_columns(packed), new.context, new.importance, new.expires_at),
            *(dict(new.metadata), list(new.tags), new.parent_memory_id, "content" in before),
            sketches.sketch(packed.content),
        )
        return await _get(connection, vault_id, memory_id)


async def pin(database: connect.Database, vault_id: UUID, memory_id: UUID, is_pinned: bool) -> Memory:
    """Keeps a memory in its tier, or lets it go on ageing. Raises NotFound."""
    async with durable.transaction(database) as connection:
        old = await _lock(connection, vault_id, memory_id)
        if old.is_pinned != is_pinned:
            await _record(connection, vault_id, memory_id, "pin", {"is_pinned": old.is_pinned})
            await connection.execute(SQL["pin"], vault_id, memory_id, is_pinned)
        return await _get(connection, vault_id, memory_id)


async def supersede(database: connect.Database, vault_id: UUID, memory_id: UUID, by: UUID | None) -> Memory:
    """Says that another memory stands in for this one, which searches then leave out; None takes that back.

    Raises NotFound for either, InvalidRequest where they would stand in for each other.
    """
    async with durable.transaction(database) as connection:
        await _lock_vault(connection, vault_id)
        await _lock(connection, vault_id, memory_id)
        if by is not None:
            await _lock(connection, vault_id, by)
        await _supersede(connection, vault_id, memory_id, by)
        return await _get(connection, vault_id, memory_id)


async def forget(database: connect.Database, vault_id: UUID, memory_id: UUID) -> Memory:
    """Hides a memory; maintenance removes it once the undo window has passed. What it stood in for is valid
    again.

    Raises NotFound.
    """
    async with durable.transaction(database) as connection:
        await _lock_vault(connection, vault_id)
        await _lock(connection, vault_id, memory_id)
        await _forget(connection, vault_id, memory_id)
        return await _get(connection, vault_id, memory_id)


async def restore(database: connect.Database, vault_id: UUID, memory_id: UUID) -> Memory:
    """Undoes `forget`, the memories that it stood in for included. Raises NotFound, Conflict when the
    window has passed.
    """
    async with durable.transaction(database) as connection:
        await _lock_vault(connection, vault_id)
        old = await _lock(connection, vault_id, memory_id)
        if old.forgotten_at is None:
            return old
        if not await connection.fetchval(SQL["is_undoable"], vault_id, memory_id):
            raise errors.Conflict(f"Memory {memory_id} was forgotten too long ago to be restored.")
        await _record(connection, vault_id, memory_id, "restore", {"forgotten_at": old.forgotten_at})
        await connection.execute(SQL["unforget"], vault_id, memory_id)
        for row in await connection.fetch(SQL["last_superseded_by"], vault_id, memory_id):
            await _supersede(connection, vault_id, row["id"], memory_id)
        return await _get(connection, vault_id, memory_id)


async def undo_window(database: connect.Database) -> dt.timedelta:
    """How long a forgotten memory can be had back."""
    window = await database.fetchval(SQL["undo_window"])
    assert isinstance(window, dt.timedelta)
    return window


async def history(database: connect.Database, vault_id: UUID, memory_id: UUID, limit: int = 100) -> list[Event]:
    """What a memory was before, newest first; empty for one that was never changed. Raises NotFound."""
    rows = await database.fetch(SQL["history"], vault_id, memory_id, limit)
    if not rows:
        await get(database, vault_id, memory_id)
    return [Event(**dict(row.items())) for row in rows]


async def merge(database: connect.Database, vault_id: UUID, sources: Sequence[UUID], new: NewMemory) -> Memory:
    """Adds a memory that stands in for several, which are kept and superseded; it is about all that they
    are about.

    Where the vault has that text in that context already, that memory takes the part, even when it is one
    of the sources. Raises NotFound for a source, Conflict for one that is forgotten or superseded.
    """
    async with durable.transaction(database) as connection:
        await _lock_vault(connection, vault_id)
        for source in sources:
            old = await _lock(connection, vault_id, source)
            if old.forgotten_at is not None or old.superseded_by is not None:
                raise errors.Conflict(f"Memory {source} is {'forgotten' if old.forgotten_at else 'superseded'} and cannot be merged.")
        merged, _ = await _insert(connection, vault_id, new)
        await connection.execute(SQL["set_sources"], vault_id, merged, list(sources))
        for source in sources:
            if source != merged:
                await _supersede(connection, vault_id, source, merged)
        await connection.execute(SQL["copy_anchors"], vault_id, merged, list(sources))
        return await _get(connection, vault_id, merged)


async def revert_merge(database: connect.Database, vault_id: UUID, merged: UUID) -> list[UUID]:
    """Undoes `merge`: its sources are valid again, and what was added for them is forgotten. Returns the
    sources.

    Raises NotFound, or Conflict for a memory that was not made by a merge.
    """
    async with durable.transaction(database) as connection:
        await _lock_vault(connection, vault_id)
        old = await _lock(connection, vault_id, merged)
        if not old.consolidated_from:
            raise errors.Conflict(f"Memory {merged} was not made by a merge.")
        if merged in old.consolidated_from:
            await _revive_superseded(connection, vault_id, merged)
            await connection.execute(SQL["set_sources"], vault_id, merged, None)
        else:
            await _forget(connection, vault_id, merged)
        return list(old.consolidated_from)


async def _insert(connection: connect.Connection, vault_id: UUID, new: NewMemory) -> tuple[UUID, str]:
    """The id that holds the text from here on, and how it came to that: 'added', 'existing' or 'revived'."""
    packed = await large_text.pack_aside(new.content)
    digest = packed.hash or large_text.content_hash(new.content)
    while True:
        existing = await connection.fetchrow(SQL["by_hash"], vault_id, digest, new.context)
        if existing is not None:
            break
        if new.id is not None and await connection.fetch(SQL["existing"], vault_id, [new.id]):
            raise errors.Conflict(f"The vault has a memory {new.id} with another text.")
        if new.parent_memory_id is not None:
            await _check_parent(connection, vault_id, new.parent_memory_id, new.id)
        # Empty where another connection has stored the same text since: then it is found the next time round.
        memory_id = await connection.fetchval(
            SQL["insert"],
            *(
                vault_id,
                new.id,
                *_text_columns(packed),
                new.context,
                new.importance,
                new.tier,
                new.created_at,
                new.expires_at,
            ),
            *(dict(new.metadata), list(new.tags), new.parent_memory_id, new.is_pinned, sketches.sketch(packed.content)),
        )
        if memory_id is not None:
            return memory_id, "added"
    if not (existing["is_forgotten"] or existing["is_expired"]):
        return existing["id"], "existing"
    old = await _lock(connection, vault_id, existing["id"])
    await _record(
        connection,
        vault_id,
        old.id,
        "revive",
        {"forgotten_at": old.forgotten_at, "expires_at": old.expires_at},
    )
    await connection.execute(SQL["revive"], vault_id, old.id, new.expires_at)
    return old.id, "revived"


async def _supersede(connection: connect.Connection, vault_id: UUID, memory_id: UUID, by: UUID | None) -> None:
    old = await _get(connection, vault_id, memory_id)
    if old.superseded_by == by:
        return
    if by is not None and await connection.fetchval(SQL["has_successor"], vault_id, by, memory_id):
        raise errors.InvalidRequest(f"Memory {by} is itself superseded by {memory_id}.", "by")
    operation = "revive" if by is None else "supersede"
    await _record(connection, vault_id, memory_id, operation, {"superseded_by": old.superseded_by})
    await connection.execute(SQL["supersede"], vault_id, memory_id, by)


async def _forget(connection: connect.Connection, vault_id: UUID, memory_id: UUID) -> None:
    old = await _get(connection, vault_id, memory_id)
    if old.forgotten_at is not None:
        return
    await _record(connection, vault_id, memory_id, "forget", {"forgotten_at": None})
    await connection.execute(SQL["forget"], vault_id, memory_id)
    await _revive_superseded(connection, vault_id, memory_id)


async def _revive_superseded(connection: connect.Connection, vault_id: UUID, memory_id: UUID) -> None:
    for row in await connection.fetch(SQL["superseded_by"], vault_id, memory_id):
        await _supersede(connection, vault_id, row["id"], None)


async def _record(connection: connect.Connection, vault_id: UUID, memory_id: UUID, operation: str, before: Mapping[str, Any]) -> None:
    values = {name: _json(value) for name, value in before.items()}
    await connection.execute(SQL["record_history"], vault_id, memory_id, operation, values)


async def _get(connection: connect.Connection, vault_id: UUID, memory_id: UUID) -> Memory:
    row = await connection.fetchrow(SQL["get"], vault_id, [memory_id])
    if row is None:
        raise _missing(memory_id)
    return Memory.from_row(row)


async def _lock(connection: connect.Connection, vault_id: UUID, memory_id: UUID) -> Memory:
    await connection.execute(SQL["lock"], vault_id, memory_id)
    return await _get(connection, vault_id, memory_id)


async def _lock_vault(connection: connect.Connection, vault_id: UUID) -> None:
    _check_archived(vault_id, await connection.fetchval(SQL["lock_vault"], vault_id))


async def _check_vault(connection: connect.Connection, vault_id: UUID) -> None:
    _check_archived(vault_id, await connection.fetchval(SQL["vault_of_write"], vault_id))


def _check_archived(vault_id: UUID, is_archived: bool | None) -> None:
    if is_archived is None:
        raise errors.NotFound(f"There is no vault {vault_id}.")
    if is_archived:
        raise errors.Conflict("The vault is archived: unarchive it before you change its memories.")


async def _check_text_is_free(connection: connect.Connection, new: Memory, packed: large_text.Packed) -> None:
    digest = packed.hash or large_text.content_hash(new.content)
    other = await connection.fetchrow(SQL["by_hash"], new.vault_id, digest, new.context)
    if other is not None and other["id"] != new.id:
        raise errors.Conflict(f"Memory {other['id']} of this vault has that text in the context {new.context} already.")


async def _check_parent(connection: connect.Connection, vault_id: UUID, parent: UUID, child: UUID | None) -> None:
    if not await connection.fetch(SQL["existing"], vault_id, [parent]):
        raise errors.InvalidRequest(f"parent: the vault has no memory {parent}.", "parent")
    if child is not None and await connection.fetchval(SQL["has_ancestor"], vault_id, parent, child):
        raise errors.InvalidRequest(f"parent: memory {parent} is {child} itself or one of its descendants.", "parent")


def _missing(memory_id: UUID) -> errors.NotFound:
    return errors.NotFound(f"The vault has no memory {memory_id}.")


def _text_columns(
    packed: large_text.Packed,
) -> tuple[str, bytes | None, float | None, str | None, str | None]:
    return packed.content, packed.compressed, packed.ratio, packed.hash, packed.further_words


def _array(values: Collection[str] | None) -> list[str] | None:
    return None if values is None else list(values)


def _plain(value: Any) -> Any:
    """As the row holds it: tags are a tuple, metadata a dict."""
    if isinstance(value, Mapping):
        return dict(value)
    return tuple(value) if isinstance(value, list) else value


def _json(value: Any) -> Any:
    """A field's value in the history: times in ISO 8601, ids as text, tags as a list."""
    match value:
        case dt.datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case tuple():
            return list(value)
    return value
