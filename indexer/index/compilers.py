"""Takes a compiler's SCIP index in: for the files of the project that are as it saw them.

What is taken in stands in the store beside the index, and the pipeline lays it over what it resolves the next time that it
compares the tree (see `resolve.imported`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

from indexer import errors, model
from indexer.index import reading
from indexer.index.formats import scip_reading
from indexer.store import code, imported, whole


@dataclass(frozen=True, slots=True)
class Report:
    """What an index said: names with a target in how many files; files that we do not index, and those that have changed since."""

    targets: int
    files: int
    unknown: list[str]
    stale: list[str]


async def scip(store: code.Store, project: model.Project, file: Path, max_file_bytes: int) -> Report:
    """Takes an index in. UsageError where it cannot be read, InvalidRequest where it is none."""
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise errors.UsageError(f"{file} cannot be read: {problem.strerror}.") from problem
    hashes = {row.path: row.content_hash for row in await store.signatures(project) if row.language is not None}
    async with whole.snapshot(store.database, project.id) as index:
        symbols = scip_reading.standing([symbol async for symbol in index.symbols()])

    def source_of(path: str) -> scip_reading.Source | None:
        content = reading.read(project.root, path, max_file_bytes) if path in hashes else None
        # A file that was saved a moment ago is for the next import.
        return scip_reading.Source(content.data, content.hash) if content and content.hash == hashes[path] else None

    found = scip_reading.read(data, project.root, source_of, symbols)
    documents = [
        imported.Document(path, hashes[path], scip_reading.packed(told)) for path, told in found.told.items() if told.rows
    ]
    await imported.put(store.database, project.id, documents)
    return Report(found.n_targets, len(documents), sorted(found.unknown), sorted(found.stale))


async def follow(store: code.Store, before: uuid.UUID, after: uuid.UUID) -> int:
    """Carries what was taken in over to the id that a project has in another folder; for how many files.

    Its targets are ids, which the index of the former folder explains: it must still be there. What was taken in for the
    new folder itself stays.
    """
    present = {each.path for each in await imported.documents(store.database, after)}
    moving = [each for each in await imported.documents(store.database, before) if each.path not in present]
    if not moving:
        return 0
    ids: dict[bytes, bytes] = {}
    async with whole.snapshot(store.database, before) as index:
        async for each in index.described():
            ids[each.id.bytes] = model.symbol_id(after, each.path, each.qualified_name, each.kind, each.ordinal).bytes
    targets = await imported.targets(store.database, before, [each.path for each in moving])
    documents = [
        imported.Document(each.path, each.content_hash, scip_reading.renamed(targets[each.path], ids)) for each in moving
    ]
    await imported.put(store.database, after, [document for document in documents if document.targets])
    return len(documents)
