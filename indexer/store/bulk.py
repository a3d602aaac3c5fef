"""Many memories at once, by COPY, without vectors: the background fills those in.

Texts that the vault has already, and repetitions among the new ones, are left out. Each chunk is a transaction of its own, so
an interrupted load keeps what it has reported, and loading the same again adds only the rest.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import json
import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from indexer import errors
from indexer.store import connect, durable, large_text, memories, queries

SQL = queries.beside(__file__)

#: Memories in a transaction.
CHUNK: Final = 2000
#: Memories after which the lists of pending index entries are cleaned beside the load, which takes a third of the work.
CLEAN_AFTER: Final = 8000
#: Connections that load side by side; most of the work is PostgreSQL's, one process a connection.
CONNECTIONS: Final = min(4, os.cpu_count() or 1)

_COLUMNS: Final = (
    *("vault_id", "id", "content", "compressed_content", "compression_ratio", "compressed_hash", "further_words", "context"),
    *("importance", "tier", "created_at", "expires_at", "metadata", "tags", "parent_memory_id", "is_pinned"),
)
_NULL: Final = "\\N"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many memories were added, and how many texts were there already (or twice among the new ones)."""

    n_added: int
    n_existing: int


async def add(
    database: connect.Database,
    vault_id: UUID,
    new: Iterable[memories.NewMemory],
    progress: Callable[[Loaded], None] | None = None,
) -> Loaded:
    """Adds memories; parents must be in the vault already or stand earlier in the same chunk of CHUNK.

    A text that is there, but forgotten, stays forgotten. `progress` is told the totals after each chunk has reached the
    disk. Raises NotFound for the vault, Conflict for an archived one and for ids that stand for other texts; what was
    loaded before stays.
    """
    chunks = _chunks(new)
    totals = Loaded(0, 0)
    n_cleaned = 0
    cleaning: asyncio.Task[None] | None = None

    async def work() -> None:
        nonlocal totals, n_cleaned, cleaning
        async with database.session() as session:
            await _check_vault(session, vault_id)
            for chunk in chunks:
                n_added = await _load(session, vault_id, chunk)
                totals = Loaded(totals.n_added + n_added, totals.n_existing + len(chunk) - n_added)
                if totals.n_added - n_cleaned >= CLEAN_AFTER and (cleaning is None or cleaning.done()):
                    n_cleaned, cleaning = totals.n_added, asyncio.create_task(_clean(database))
                if progress is not None:
                    progress(totals)

    workers = [asyncio.create_task(work()) for _ in range(CONNECTIONS)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, *filter(None, [cleaning]), return_exceptions=True)
    if totals.n_added >= CHUNK:
        await database.execute(SQL["count_in"], vault_id, totals.n_added)
        await _clean(database)
    return totals


async def _clean(database: connect.Database) -> None:
    async with database.session() as session:
        await session.execute(SQL["widen_memory"])
        await session.execute(SQL["clean_pending_lists"])


async def _check_vault(session: connect.Session, vault_id: UUID) -> None:
    is_archived = await session.fetchval(SQL["is_archived"], vault_id)
    if is_archived is None:
        raise errors.NotFound(f"There is no vault {vault_id}.")
    if is_archived:
        raise errors.Conflict("The vault is archived: unarchive it before you load memories into it.")


async def _load(session: connect.Session, vault_id: UUID, chunk: list[memories.NewMemory]) -> int:
    """How many of a chunk were added; the rest was there."""
    texts: dict[tuple[str, str], tuple[memories.NewMemory, large_text.Packed]] = {}
    for new in chunk:
        packed = large_text.pack(new.content)
        texts.setdefault((packed.hash or large_text.content_hash(new.content), new.context), (new, packed))
    while True:
        hashes = [digest for digest, _ in texts]
        for row in await session.fetch(SQL["existing"], vault_id, hashes):
            texts.pop((row["content_hash"], row["context"]), None)
        if not texts:
            return 0
        try:
            await _copy(session, "".join(_line(vault_id, new, packed) for new, packed in texts.values()).encode())
            return len(texts)
        except asyncpg.UniqueViolationError as exc:
            # Another connection has stored one of the texts since: look again. An id that is taken stays taken.
            if exc.constraint_name != "idx_memories_content_hash":
                raise errors.Conflict(f"The vault has a memory of that id with another text: {exc.detail}") from exc
        except asyncpg.ForeignKeyViolationError as exc:
            raise errors.InvalidRequest(f"parent: not in the vault yet: {exc.detail}", "parent") from exc


async def _copy(session: connect.Session, lines: bytes) -> None:
    async def source() -> AsyncIterator[bytes]:
        yield lines

    async with session.transaction():
        await session.execute(durable.SQL["synchronous"])
        # Trigrams go to the pending lists of their indexes first; small lists would be emptied many times in a chunk.
        await session.execute(SQL["widen_pending_lists"])
        await session.copy_to_table("memories", source=source(), columns=_COLUMNS, format="text")


def _line(vault_id: UUID, new: memories.NewMemory, packed: large_text.Packed) -> str:
    """A row in COPY's text format, with NULL for what is None."""
    rare = (packed.compressed and f"\\\\x{packed.compressed.hex()}", packed.ratio, packed.hash, _escaped(packed.further_words))
    compressed, ratio, digest, words = (_NULL if value is None else value for value in rare)
    return (
        f"{vault_id}\t{new.id or uuid.uuid4()}\t{_escaped(packed.content)}\t{compressed}\t{ratio}\t{digest}\t{words}\t"
        f"{new.context}\t{new.importance}\t{new.tier}\t{new.created_at or _now()}\t{new.expires_at or _NULL}\t"
        f"{_escaped(json.dumps(dict(new.metadata))) if new.metadata else '{}'}\t{_array(new.tags) if new.tags else '{}'}\t"
        f"{new.parent_memory_id or _NULL}\t{new.is_pinned}\n"
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _escaped(value: str | None) -> str | None:
    """What separates or escapes in COPY's text format must itself be escaped; replacing is quicker than translating."""
    return value and value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def _array(values: Sequence[str]) -> str:
    """PostgreSQL's array literal, each element quoted, escaped for COPY."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return _escaped("{" + ",".join(f'"{value}"' for value in quoted) + "}") or "{}"


def _chunks(new: Iterable[memories.NewMemory]) -> Iterator[list[memories.NewMemory]]:
    iterator = iter(new)
    while chunk := list(itertools.islice(iterator, CHUNK)):
        yield chunk
