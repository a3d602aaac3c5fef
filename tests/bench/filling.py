"""A project's vault with made-up memories, and vectors for them and for the project's symbols, in well under a minute.

To embed 100,000 texts takes as many hundredths of a second. So a few are embedded in earnest, and each of the others gets the vector
of one of these with as much noise again, of unit length: like those of real texts they lie in heaps, none is another's double. The
indexes of memories are dropped meanwhile, whatever cannot be there twice excepted, and made anew, which is many times as quick.
"""

from __future__ import annotations

import itertools
import struct
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import asyncpg
import numpy as np
import numpy.typing as npt

from indexer import embed
from indexer.embed import texts
from indexer.memory import vectors as of_symbols
from indexer.store import bulk, connect, embeddings, searching, vaults

from . import bench_memories

#: Texts of each kind that are embedded in earnest.
REAL = 500
Vectors = npt.NDArray[np.float32]


async def fill(dsn: str, project: uuid.UUID, name: str, root: str, n_memories: int, with_vectors: bool) -> None:
    """Memories in the project's vault, up to a number; with vectors, of them and of all symbols that can have one."""
    there = await connect.connect(dsn, connect.EMBEDDED, "bench")
    connection = await _plain(dsn)
    vault = (await vaults.of_project(there, name, root)).id
    known: int = await there.fetchval("SELECT count(*) FROM memories WHERE vault_id = $1", vault)
    dropped = await _drop_indexes(connection) if known < n_memories else []
    await bulk.add(there, vault, itertools.islice(bench_memories.made_up(1), known, n_memories))
    if with_vectors:
        embedder = embed.embedder(embed.Settings())
        try:
            await _of_memories(there, connection, embedder)
            await _of_symbols(there, connection, project, embedder)
        finally:
            await embedder.close()
    for definition in dropped:
        await connection.execute(definition)
    await connection.execute("VACUUM ANALYZE memories")
    await connection.close()
    await there.close()


async def _plain(dsn: str) -> Any:
    """A connection that copies vectors as bytes and makes indexes with room."""
    connection = await asyncpg.connect(dsn)
    await connection.set_type_codec("halfvec", schema="public", format="binary", encoder=bytes, decoder=bytes)
    await connection.execute("SET maintenance_work_mem = '512MB'; SET statement_timeout = 0")
    return connection


async def _drop_indexes(connection: Any) -> list[str]:
    """Drops the indexes of memories; the statements that make them again."""
    rows = await connection.fetch(
        "SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition "
        "FROM pg_index AS i WHERE i.indrelid = 'memories'::regclass AND NOT i.indisunique"
    )
    for row in rows:
        await connection.execute(f"DROP INDEX {row['name']}")
    return [row["definition"] for row in rows]


async def _of_memories(there: connect.Database, connection: Any, embedder: embed.Embedder) -> None:
    lacking = await connection.fetch("SELECT vault_id, id FROM memories WHERE embedding IS NULL")
    if not lacking:
        return
    current = await embeddings.current(there)
    some = await embeddings.pending(there, REAL)
    real = await _embedded(embedder, [texts.memory_text(each.content, each.context, created_at=each.created_at) for each in some])
    vectors = dict(zip(((each.vault_id, each.id) for each in some), real, strict=True))
    rows = [(*row, vectors.get(tuple(row))) for row in lacking]
    await connection.execute("CREATE TEMPORARY TABLE made (vault_id UUID, id UUID, embedding halfvec)")
    await connection.copy_records_to_table("made", records=list(_filled(rows, real)))
    await connection.execute(
        "UPDATE memories AS m SET embedding = v.embedding, embedding_model = $1 FROM made AS v "
        "WHERE m.vault_id = v.vault_id AND m.id = v.id",
        current.id,
    )
    await connection.execute("DROP TABLE made")


async def _of_symbols(there: connect.Database, connection: Any, project: uuid.UUID, embedder: embed.Embedder) -> None:
    current = await embeddings.current(there)
    async with searching.snapshot(there, project) as snapshot:
        lacking = {each.key: each.id async for each in snapshot.vectors(current.id) if each.embedding is None}
    if not lacking:
        return
    some = await searching.texts(there, project, list(lacking.values())[:: max(len(lacking) // REAL, 1)])
    written = [texts.symbol_text(each.qualified_name, each.path, each.definition, each.documentation) for each in some]
    names = [texts.name_text(each.qualified_name) for each in some]
    made = zip(await _embedded(embedder, written), await _embedded(embedder, names), strict=True)
    real = np.array([of_symbols.of_symbol(code, name) for code, name in made])
    vectors = dict(zip((each.key for each in some), real, strict=True))
    rows = [(current.id, key, vectors.get(key)) for key in lacking]
    await connection.copy_records_to_table("symbol_embeddings", records=list(_filled(rows, real)))


async def _embedded(embedder: embed.Embedder, written: Sequence[str]) -> Vectors:
    return np.array(await embedder.embed(written), np.float32)


def _filled(rows: Sequence[tuple[Any, ...]], real: Vectors) -> Iterator[tuple[Any, ...]]:
    """The rows with their last value, a vector or None, in halfvec's binary form."""
    source = np.random.default_rng(1)
    header = struct.pack(">HH", real.shape[1], 0)
    for start in range(0, len(rows), 10_000):
        part = rows[start : start + 10_000]
        noise = source.standard_normal((len(part), real.shape[1])).astype(np.float32)
        near = real[source.integers(len(real), size=len(part))] + noise / np.linalg.norm(noise, axis=1, keepdims=True)
        near /= np.linalg.norm(near, axis=1, keepdims=True)
        for row, other in zip(part, near, strict=True):
            vector = other if row[-1] is None else row[-1]
            yield (*row[:-1], header + vector.astype(">f2").tobytes())
