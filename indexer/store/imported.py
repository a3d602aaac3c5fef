"""What imported SCIP indexes say of a project's files: see `schema/memory/010_imported_scip.sql`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from indexer import model
from indexer.store import connect, queries

SQL = queries.beside(__file__)

#: Rows of one statement: each may hold a megabyte.
_BATCH: Final = 100


class Document(NamedTuple):
    """What is said of a file whose content has this hash; `targets` is opaque here, empty ones say nothing."""

    path: str
    content_hash: bytes
    targets: bytes


class Known(NamedTuple):
    """That something is said of a file, and whether the index has taken note of it."""

    path: str
    content_hash: bytes
    is_applied: bool


async def put(database: connect.Database, project: UUID, documents: Sequence[Document]) -> None:
    """Takes in documents, in the place of earlier ones of the same files."""
    async with database.transaction() as connection:
        for i in range(0, len(documents), _BATCH):
            part = documents[i : i + _BATCH]
            ids = [model.file_id(project, each.path) for each in part]
            await connection.execute(SQL["put"], project, ids, *map(list, zip(*part, strict=True)))


async def take_back(database: connect.Database, project: UUID) -> None:
    """Takes all imports of a project back."""
    await database.execute(SQL["take_back"], project)


async def forget(database: connect.Database, project: UUID) -> None:
    """Removes all imports of a project that is no more."""
    await database.execute(SQL["forget"], project)


async def documents(database: connect.Database, project: UUID) -> list[Known]:
    """Every file that something was imported for."""
    return [Known(*row) for row in await database.fetch(SQL["documents"], project)]


async def targets(database: connect.Database, project: UUID, paths: Iterable[str]) -> dict[str, bytes]:
    """What is said of some files."""
    ids = [model.file_id(project, path) for path in paths]
    return {row["path"]: row["targets"] for row in await database.fetch(SQL["targets"], project, ids)}


async def applied(database: connect.Database, project: UUID, paths: Collection[str]) -> None:
    """Notes that the index holds what is said of these files."""
    await database.execute(SQL["applied"], project, [model.file_id(project, path) for path in paths])
    await database.execute(SQL["drop_empty"], project)
