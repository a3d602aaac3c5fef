"""Memories from a persistent folder of ChromaDB.

Each record with a document becomes a memory of the same text. Its id is UUIDv5 of the vault and the record's id, with the collection's
name before it where several collections have that id, and the folder's where another memory has it. Its metadata are kept as they are,
with the origin under "chroma"; where they say so in the words of this program, they also give context, importance, tags and the time. A
vector is kept only where the model that made it is the database's; all others are made anew in the background.

Nothing is ever stored twice: a record that is there is known by its id, one whose text is there is merged with that memory. So an
import that was killed goes on by being started again.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from indexer import errors
from indexer.memory import checks, chroma
from indexer.store import bulk, connect, embeddings, imports
from indexer.store.memories import NewMemory
from indexer.store.vaults import Vault

#: Records that are stored at a time.
CHUNK: Final = 1000
#: Problems that the record of an import keeps.
MAX_PROBLEMS: Final = 100
_TIMES: Final = ("created_at", "timestamp", "created", "date")

T = TypeVar("T")

#: Told how far an import is: done, total, phase.
OnProgress = Callable[[int, int, str], None]


@dataclass(slots=True)
class Report:
    """What an import did. `n_merged` had the text of another memory, `n_known` were imported before, `n_failed` could not be."""

    n_total: int = 0
    n_added: int = 0
    n_merged: int = 0
    n_known: int = 0
    n_failed: int = 0
    n_vectors: int = 0
    problems: list[dict[str, Any]] = dataclasses.field(default_factory=list)

    @property
    def n_done(self) -> int:
        """Records that were looked at."""
        return self.n_added + self.n_merged + self.n_known + self.n_failed

    def fail(self, collection: str, record: str, reason: str) -> None:
        """Takes down a record that cannot be a memory."""
        self.n_failed += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append({"collection": collection, "id": record[:200], "error": reason})


async def chroma_folder(
    database: connect.Database, vault: Vault, path: str, model: str | None = None, on_progress: OnProgress = lambda *_: None
) -> Report:
    """Imports a folder, or goes on with it. `model` is what made its vectors, for a folder that does not say so.

    Raises InvalidRequest naming `path` for a folder that cannot be read, Conflict for an archived vault.
    """
    # Reading blocks: an import has its process to itself.
    with chroma.Folder(path) as folder:
        source = str(folder.path.resolve())
        name = name_of(vault, source)
        collections = folder.collections()
        if vault.is_archived:
            raise errors.Conflict("The vault is archived: unarchive it before you import into it.")
        report = Report(n_total=sum(1 for collection in collections for _ in folder.items(collection)))
        await imports.begin(database, name, "memories", report.n_total, source)
        try:
            repeated = folder.repeated_ids()
            for collection in collections:
                await _memories(database, vault, folder, collection, repeated, report, on_progress)
            for collection in collections:
                await _vectors(database, vault, folder, collection, repeated, model or collection.model, report)
        except errors.IndexerError as exc:
            await imports.end(database, name, "failed", [{"error": str(exc)}])
            raise
        await imports.end(database, name, "completed")
    return report


async def roll_back(database: connect.Database, vault: Vault, path: str) -> tuple[int, int]:
    """Takes an import back: removes what it added and nobody has changed since; how many that were, and how many stay.

    Raises NotFound for a folder that was never imported into this vault.
    """
    source = str(Path(path).resolve())
    name = name_of(vault, source)
    if await imports.get(database, name) is None:
        raise errors.NotFound(f"{source} was not imported into {vault.name}.")
    removed = await imports.remove(database, vault.id, {"chroma": {"source": source}})
    await imports.end(database, name, "rolled_back")
    return removed


def name_of(vault: Vault, source: str) -> str:
    """The name of an import in `migration_status`."""
    return f"chroma/{vault.id}/{uuid.uuid5(uuid.NAMESPACE_URL, source)}"


async def _ids(
    database: connect.Database, vault: Vault, source: str, collection: chroma.Collection, records: Sequence[str], repeated: set[str]
) -> dict[str, tuple[uuid.UUID, bool]]:
    """The ids of the memories that records are, or are to be, and whether they are."""
    plain = {record: uuid.uuid5(vault.id, f"{collection.name}/{record}" if record in repeated else record) for record in records}
    apart = {record: uuid.uuid5(vault.id, f"{source}/{collection.name}/{record}") for record in records}
    there = await imports.sources(database, vault.id, [*plain.values(), *apart.values()])
    found = {}
    for record in records:
        is_taken = there.get(plain[record], source) != source
        id = apart[record] if is_taken or apart[record] in there else plain[record]
        found[record] = id, id in there
    return found


async def _memories(
    database: connect.Database,
    vault: Vault,
    folder: chroma.Folder,
    collection: chroma.Collection,
    repeated: set[str],
    report: Report,
    on_progress: OnProgress,
) -> None:
    source = str(folder.path.resolve())
    name = name_of(vault, source)
    for chunk in _chunks(folder.items(collection)):
        ids = await _ids(database, vault, source, collection, [item.id for item in chunk], repeated)
        new = []
        for item in chunk:
            id, is_known = ids[item.id]
            if is_known:
                report.n_known += 1
                continue
            try:
                new.append(_memory(item, id, {"source": source, "collection": collection.name, "id": item.id}))
            except errors.InvalidRequest as exc:
                report.fail(collection.name, item.id, str(exc))
        loaded = await bulk.add(database, vault.id, new)
        report.n_added += loaded.n_added
        report.n_merged += loaded.n_existing
        await imports.advance(database, name, "memories", report.n_done, report.n_failed, report.problems)
        on_progress(report.n_done, report.n_total, "memories")


async def _vectors(
    database: connect.Database,
    vault: Vault,
    folder: chroma.Folder,
    collection: chroma.Collection,
    repeated: set[str],
    model: str | None,
    report: Report,
) -> None:
    """Keeps the vectors of a collection whose model is the database's."""
    current = await embeddings.current(database)
    if model != current.model or collection.dimension != current.dimensions:
        return
    found = dict(folder.vectors(collection))
    records = iter(found)
    source = str(folder.path.resolve())
    while some := list(islice(records, CHUNK)):
        ids = {record: id for record, (id, _) in (await _ids(database, vault, source, collection, some, repeated)).items()}
        hashes = await imports.hashes(database, vault.id, list(ids.values()))
        rows = [embeddings.Vector(vault.id, ids[each], hashes[ids[each]], found[each]) for each in some if ids[each] in hashes]
        await embeddings.fill(database, current, rows)
        report.n_vectors += len(rows)


def _memory(item: chroma.Item, id: uuid.UUID, origin: Mapping[str, str]) -> NewMemory:
    """Raises InvalidRequest for what cannot be a memory."""
    if item.document is None:
        raise errors.InvalidRequest("It has no document.", "content")
    metadata = checks.metadata({**item.metadata, "chroma": dict(origin)})
    return NewMemory(
        content=checks.content(item.document),
        context=_valid(checks.context, item.metadata.get("context"), "general"),
        importance=_valid(checks.importance, item.metadata.get("importance"), 0.5),
        id=id,
        created_at=_created(item),
        metadata=metadata,
        tags=_tags(item.metadata.get("tags")),
    )


def _valid(check: Callable[[object], T], value: object, default: T) -> T:
    """A value if it is one of ours, else the default: another program's word for it stays in the metadata."""
    try:
        return default if value is None else check(value)
    except errors.InvalidRequest:
        return default


def _tags(value: object) -> list[str]:
    """A list, or words between commas, since ChromaDB's metadata had no lists for long."""
    parts = value.split(",") if isinstance(value, str) else value
    try:
        return checks.tags([each.strip() if isinstance(each, str) else each for each in parts] if isinstance(parts, list) else None)
    except errors.InvalidRequest:
        return []


def _created(item: chroma.Item) -> dt.datetime:
    """When the metadata say that it was made, in ISO 8601 or seconds or milliseconds since 1970; else when it was added."""
    now = dt.datetime.now(dt.UTC)
    for name in _TIMES:
        value = item.metadata.get(name)
        try:
            if isinstance(value, str):
                found = checks.moment(value, name)
            elif isinstance(value, int | float) and not isinstance(value, bool):
                found = dt.datetime.fromtimestamp(value / 1000 if value > 1e11 else value, dt.UTC)
            else:
                continue
        except (errors.InvalidRequest, ValueError, OverflowError, OSError):
            continue
        if found <= now:
            return found
    return min(item.created_at, now)


def _chunks(items: Iterator[chroma.Item]) -> Iterator[Sequence[chroma.Item]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk
