"""The index of a project in PostgreSQL: projects, loads, commits, signatures, packed columns, the cache of facts.

Every change of a project's rows is one transaction that counts its generation up. What the rows mean, and
that they fit together, is the caller's business; reading them is `graph`'s.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import asyncpg

from indexer import errors, model
from indexer.store import connect, guard, loading, queries, rows

SQL = queries.beside(__file__)

Blob: TypeAlias = Literal["sites", "imports", "provides", "reads"]
#: The bytes of facts that are kept by default.
CACHE_LIMIT: Final = 512 << 20
#: The longest statement of a commit, in seconds, as in its SQL.
COMMIT_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file that was read: its row (`rows.file`), its symbols and the relationships that start in it, as chunks."""

    id: uuid.UUID
    row: bytes
    symbols: bytes
    relationships: bytes


@dataclass(frozen=True, slots=True)
class Resolved:
    """A file that was only resolved again: its relationships as a chunk; None leaves a packed column as it is."""

    id: uuid.UUID
    relationships: bytes
    counts: rows.FileCounts
    sites: bytes | None = None
    reads: bytes | None = None


@dataclass(frozen=True, slots=True)
class Committed:
    """Where the project stands after a commit, and by how much its sites of each outcome have become more."""

    generation: model.Generation
    more: model.Coverage


class Store:
    """A project database that is open, with its schema held in place; made by `open_store`."""

    def __init__(self, database: connect.Database, held: guard.Guard) -> None:
        #: For the modules that read: `graph` and those of memories.
        self.database = database
        self.guard = held
        self._has_tables: set[uuid.UUID] = set()

    async def close(self) -> None:
        """Closes every connection."""
        await self.guard.close()
        await self.database.close()

    async def project(self, root: str, name: str, id: uuid.UUID) -> model.Project:
        """Gets or makes the project of that id; a known one takes the root and name that are given."""
        async with self.database.transaction() as connection:
            row = await connection.fetchrow(SQL["project"], id, rows.clean(root), rows.clean(name))
        assert row is not None
        return _project(row)

    async def projects(self) -> list[model.Project]:
        """All projects of this database, by root."""
        return [_project(row) for row in await self.database.fetch(SQL["projects"])]

    async def generation(self, project: uuid.UUID) -> model.Generation:
        """Where the project's index stands; raises NotFound."""
        row = await self.database.fetchrow(SQL["generation"], project)
        if row is None:
            raise errors.NotFound(f"No project {project} in this database.")
        return model.Generation(row["epoch"], row["generation"])

    async def drop_project(self, project: uuid.UUID) -> None:
        """Removes a project and everything that was derived from it; none by that id is fine."""
        self._has_tables.discard(project)
        async with self.database.long_transaction() as connection:
            await connection.execute(SQL["drop_project"], project)

    def bulk(self, project: model.Project) -> AbstractAsyncContextManager[loading.Bulk]:
        """A load of the whole project: `async with store.bulk(project) as load`, see `loading.Bulk` and `loading.load`."""
        return loading.load(self.database, project.id)

    async def load(
        self, project: model.Project, symbols: Iterable[bytes], relationships: Iterable[bytes], files: Iterable[bytes]
    ) -> model.Generation:
        """Replaces everything of a project by these chunks."""
        async with self.bulk(project) as under_way:
            for chunk in symbols:
                await under_way.symbols(chunk)
            await under_way.finish_symbols()
            for chunk in relationships:
                await under_way.relationships(chunk)
            for chunk in files:
                await under_way.files(chunk)
        assert under_way.generation is not None
        return under_way.generation

    async def commit(
        self,
        project: model.Project,
        *,
        replaced: Sequence[Replaced] = (),
        resolved: Sequence[Resolved] = (),
        removed: Sequence[uuid.UUID] = (),
        after: model.Generation | None = None,
    ) -> Committed:
        """Writes a change in one transaction. No file may be in two of the three sequences, or twice in one.

        Rows that are equal to those before are not touched, and a symbol that stays keeps its created_at.
        `after` is the generation that the change was computed from. Raises Unavailable when the index is not
        there any more (a server that crashed lost commits, or the last commit of a daemon that was killed
        arrived late), Conflict when the project was removed.
        """
        await self._ensure_tables(project.id)
        async with self.database.transaction(SQL["begin_commit"]) as connection:
            await _stage(connection, "files", rows.FILE_COLUMNS, [f.row for f in replaced])
            await _stage(connection, "symbols", rows.SYMBOL_COLUMNS, [f.symbols for f in replaced])
            chunks = [*(f.relationships for f in replaced), *(f.relationships for f in resolved)]
            await _stage(connection, "relationships", rows.RELATIONSHIP_COLUMNS, chunks)
            row = await connection.fetchrow(
                SQL["apply_change"], project.id, *((after.epoch, after.number) if after is not None else (None, None)),
                [file.id for file in replaced], list(removed), *_columns(resolved), timeout=COMMIT_S,
            )  # fmt: skip
            if row is None:
                raise errors.Conflict(f"Project {project.root} was removed from the database.")
            if not row["is_current"]:
                raise errors.Unavailable(
                    f"The index of {project.root} is not the one that this change was computed from."
                )
        more = model.Coverage(row["more_resolved"], row["more_external"], row["more_unresolved"])
        return Committed(model.Generation(row["epoch"], row["generation"]), more)

    async def touch(self, project: model.Project, seen: Mapping[uuid.UUID, model.Signature]) -> None:
        """Records new signatures of files whose content is the same; no commit is counted."""
        ids = list(seen)
        signatures = list(seen.values())
        async with self.database.transaction() as connection:
            await connection.execute(
                SQL["touch_files"], project.id, ids, [s.size for s in signatures], [s.mtime_ns for s in signatures],
                [s.ctime_ns for s in signatures], [rows.signed(s.inode) for s in signatures],
            )  # fmt: skip

    async def signatures(self, project: model.Project) -> list[model.FileRow]:
        """Every file of the project as it was last read, by path."""
        return [_file(row) for row in await self.database.fetch(SQL["signatures"], project.id)]

    async def file_blobs(
        self, project: model.Project, ids: Sequence[uuid.UUID] | None, columns: Sequence[Blob]
    ) -> dict[uuid.UUID, rows.FileBlobs]:
        """The packed columns that are asked for, of these files or (None) of all; other columns come as None."""
        if ids is None:
            found = await self.database.fetch(SQL["all_file_blobs"], project.id, list(columns))
        else:
            found = await self.database.fetch(SQL["file_blobs"], project.id, list(ids), list(columns))
        return {row["id"]: rows.FileBlobs(*row[1:]) for row in found}

    async def count_references(self, project: model.Project, limit: int = 2000) -> int:
        """Corrects reference_count of up to `limit` symbols; how many were wrong. For maintenance, not for each commit."""
        tag = await self.database.execute(SQL["count_references"], project.id, limit)
        return int(tag.rpartition(" ")[2])

    async def facts_get(self, language: str, extractor_version: str, hashes: Sequence[bytes]) -> dict[bytes, bytes]:
        """The cached facts of these contents; what is not there is left out."""
        key = (list(hashes), language, extractor_version)
        found = await self.database.fetch(SQL["facts_get"], *key)
        if found:
            await self.database.execute(SQL["facts_touch"], *key)
        return {row["content_hash"]: row["facts"] for row in found}

    async def facts_put(self, language: str, extractor_version: str, facts: Mapping[bytes, bytes]) -> None:
        """Keeps facts by content hash; contents that are there already stay as they are."""
        # Like a question, since it does no harm when it is repeated: a transaction would be three round trips.
        await self.database.fetch(SQL["facts_put"], list(facts), language, extractor_version, list(facts.values()))

    async def has_facts(self) -> bool:
        """Whether the cache holds anything: a server that crashed begins with an empty one."""
        return bool(await self.database.fetchval(SQL["has_facts"]))

    async def facts_missing(self, project: model.Project, extractor_version: str, after: str, limit: int) -> list[str]:
        """The project's first files behind a path whose facts are not in the cache, by path."""
        return [row["path"] for row in await self.database.fetch(SQL["facts_missing"], project.id, extractor_version, after, limit)]

    async def facts_evict(self, limit: int = CACHE_LIMIT) -> int:
        """Removes the facts that were not used for longest until the rest fits in `limit` bytes; how many went."""
        if await self.database.fetchval(SQL["facts_size"]) <= limit:
            return 0
        tag = await self.database.execute(SQL["facts_evict"], limit)
        return int(tag.rpartition(" ")[2])

    async def _ensure_tables(self, project: uuid.UUID) -> None:
        if project not in self._has_tables:
            async with self.database.long_transaction() as connection:
                await connection.execute(SQL["ensure_partitions"], project)
            self._has_tables.add(project)


async def open_store(
    dsn: str, settings: connect.PoolSettings, program: str, revive: connect.Revive | None = None
) -> Store:
    """Opens a database, brings its schema up to date and holds it; raises what `connect.connect` and `guard.hold` raise."""
    database = await connect.connect(dsn, settings, program, revive)
    try:
        return Store(database, await guard.hold(database))
    except BaseException:
        await database.close()
        raise


async def _stage(connection: connect.Connection, table: str, columns: Sequence[str], chunks: list[bytes]) -> None:
    chunks = [chunk for chunk in chunks if chunk]
    if chunks:
        await connection.copy_to_table(
            f"staged_{table}", source=loading.framed(chunks), columns=columns, format="binary", timeout=COMMIT_S
        )


def _columns(resolved: Sequence[Resolved]) -> list[list[Any]]:
    fields: Sequence[Callable[[Resolved], Any]] = (
        lambda file: file.id,
        lambda file: file.sites,
        lambda file: file.reads,
        lambda file: file.counts.resolved,
        lambda file: file.counts.external,
        lambda file: file.counts.unresolved,
    )
    return [[field(file) for file in resolved] for field in fields]


def _project(row: asyncpg.Record) -> model.Project:
    return model.Project(row["id"], row["root"], row["name"], model.Generation(row["epoch"], row["generation"]))


def _file(row: asyncpg.Record) -> model.FileRow:
    (id, path, language, size, mtime_ns, ctime_ns, inode, content_hash, version, problem, flags, n_lines) = row
    signature = model.Signature(size, mtime_ns, ctime_ns, rows.unsigned(inode))
    return model.FileRow(
        id, path, language, signature, content_hash, version, problem, tuple(flags), n_lines
    )
