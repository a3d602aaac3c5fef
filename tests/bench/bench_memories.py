"""What storing and finding memories costs: `python tests/bench/bench_memories.py [--memories N] [--json FILE]`.

Made-up memories of about 350 bytes, prose with identifiers in it, word frequencies as in a language (Zipf), without vectors.
They are loaded into an empty vault of an empty database, then N of them, then more into the vault that holds N; beside it the
same go by COPY into the source schema as written, with a stand-in for uuid-ossp. Then single calls are timed at N memories, and
requests to a daemon.
CPU is that of this process and of PostgreSQL: on a busy machine compare that, not the rates.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from indexer import client
from indexer.database import temporary
from indexer.memory import checks, memories
from indexer.memory.memories import Draft
from indexer.store import bulk, connect, guard, vaults
from indexer.store import memories as store
from indexer.store.memories import Filters, NewMemory

SYLLABLES = ["".join(each) for each in itertools.product("bcdfghklmnprstvwy", "aeiou", ["", "n", "r", "s", "l", "m", "t"])]
STEMS = "get set is user query model field form view admin test name value request list create update delete cache".split()
AUTHORS = [f"author{number}" for number in range(50)]

SOURCE_SCHEMA = """
CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE FUNCTION uuid_generate_v4() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
CREATE TABLE memories (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(), content TEXT NOT NULL,
    content_hash VARCHAR(64) GENERATED ALWAYS AS (encode(sha256(content::bytea), 'hex')) STORED,
    context VARCHAR(50) NOT NULL, importance FLOAT NOT NULL CHECK (importance >= 0 AND importance <= 1),
    created_at TIMESTAMPTZ DEFAULT NOW(), accessed_at TIMESTAMPTZ DEFAULT NOW(), modified_at TIMESTAMPTZ DEFAULT NOW(),
    expires_at TIMESTAMPTZ, access_count INTEGER DEFAULT 0, last_recall_score FLOAT, tier VARCHAR(20) DEFAULT 'working',
    tier_migrated_at TIMESTAMPTZ, vault_id UUID, metadata JSONB DEFAULT '{}', embedding vector(1536),
    compressed_content BYTEA, compression_ratio FLOAT, parent_memory_id UUID REFERENCES memories(id) ON DELETE SET NULL,
    consolidated_from UUID[]
);
CREATE INDEX idx_memories_context ON memories(context);
CREATE INDEX idx_memories_tier ON memories(tier);
CREATE INDEX idx_memories_created ON memories(created_at DESC);
CREATE INDEX idx_memories_importance ON memories(importance DESC);
CREATE INDEX idx_memories_vault ON memories(vault_id);
CREATE INDEX idx_memories_accessed ON memories(accessed_at DESC);
CREATE INDEX idx_memories_metadata ON memories USING GIN (metadata);
CREATE INDEX idx_memories_content_hash ON memories(content_hash);
CREATE INDEX idx_memories_embedding ON memories USING ivfflat (embedding vector_cosine_ops) WITH (lists = 100);
ALTER TABLE memories ADD COLUMN search_vector tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', coalesce(content, '')), 'A') ||
    setweight(to_tsvector('english', coalesce(metadata->>'description', '')), 'B')) STORED;
CREATE INDEX idx_memories_search ON memories USING GIN (search_vector);
CREATE INDEX idx_memories_content_trgm ON memories USING GIN (content gin_trgm_ops);
"""


@dataclass
class Results:
    """What is measured, by name, in the order of measuring."""

    values: dict[str, object] = field(default_factory=dict)

    def note(self, name: str, **values: float) -> None:
        """Prints a line and keeps it."""
        self.values[name] = values
        print(f"{name:44}" + "  ".join(f"{key} {value:,g}" for key, value in values.items()), flush=True)


def texts(seed: int) -> Iterator[str]:
    """Texts of about 350 bytes, without end."""
    source = random.Random(seed)
    vocabulary = ["".join(source.choices(SYLLABLES, k=source.randint(1, 4))) for _ in range(20_000)]
    weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(vocabulary))))
    while True:
        words = source.choices(vocabulary, cum_weights=weights, k=48)
        for _ in range(4):
            one, other = source.choices(STEMS, k=2)
            words[source.randrange(48)] = source.choice([f"{one}_{other}", f"{one}{other.title()}", f"{one}.{other}"])
        yield f"{source.getrandbits(40):x}: " + " ".join(words).capitalize() + "."


def made_up(seed: int) -> Iterator[NewMemory]:
    """Memories of all contexts."""
    source = random.Random(seed)
    for text in texts(seed):
        yield NewMemory(
            text,
            source.choice(checks.CONTEXTS),
            round(source.random(), 3),
            metadata={"author": source.choice(AUTHORS), "ticket": source.randrange(5000)},
            tags=source.sample(STEMS, 2),
        )


def cpu_of(pids: Sequence[int]) -> float:
    """CPU-seconds that processes and their children have used so far; of one that has ended its parent knows."""
    ticks = 0
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def family(postmaster: int) -> list[int]:
    """This process, the server and its processes."""
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [os.getpid(), postmaster, *map(int, children)]


@contextmanager
def timed(results: Results, name: str, n_rows: int, postmaster: int) -> Iterator[None]:
    """Rate and CPU of a load. Processes that end during it go into the server's account, so nothing is lost."""
    cpu, start = cpu_of(family(postmaster)), time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    used = cpu_of(family(postmaster)) - cpu
    results.note(name, rows_per_s=round(n_rows / seconds), cpu_us_per_row=round(1e6 * used / n_rows))


async def latencies(results: Results, name: str, calls: Sequence[Callable[[], Awaitable[object]]], postmaster: int) -> None:
    """The milliseconds of calls, one after the other, behind some that do not count; and the CPU of one."""
    taken = []
    cpu = cpu_of(family(postmaster))
    for number, call in enumerate(calls):
        start = time.perf_counter()
        await call()
        if number >= len(calls) // 10:
            taken.append(1000 * (time.perf_counter() - start))
    cpu = cpu_of(family(postmaster)) - cpu
    cuts = statistics.quantiles(taken, n=100)
    results.note(name, p50_ms=round(cuts[49], 2), p95_ms=round(cuts[94], 2), cpu_ms=round(1000 * cpu / len(calls), 2))


async def measure(dsn: str, n_memories: int, results: Results) -> None:
    """Everything, in a database without a schema."""
    database = await connect.connect(dsn, connect.EMBEDDED, "bench")
    held = await guard.hold(database)
    postmaster = await database.fetchval("SELECT pg_read_file('postmaster.pid')")
    server = int(postmaster.split()[0])
    fresh = made_up(1)
    vault = (await vaults.register(database, "bench", "/bench")).id
    few = min(20_000, n_memories)
    batch = list(itertools.islice(fresh, few))
    with timed(results, f"load {few:,} into an empty vault", few, server):
        await bulk.add(database, vault, batch)
    await bulk.add(database, vault, itertools.islice(fresh, n_memories - few))
    batch = list(itertools.islice(fresh, few))
    with timed(results, f"load {few:,} into one of {n_memories:,}", few, server):
        await bulk.add(database, vault, batch)
    with timed(results, f"load the same {few:,} again", few, server):
        await bulk.add(database, vault, batch)
    await database.execute("ANALYZE memories")
    async with database.session() as session:
        await session.execute("VACUUM memories")
    await single_calls(database, vault, batch, results, server)
    await asyncio.to_thread(requests, dsn, batch, results, server)
    size = await database.fetchval("SELECT pg_total_relation_size('memories')")
    results.note("memories on disk", bytes_per_memory=round(size / (n_memories + few)))
    await held.close()
    await database.close()


async def single_calls(
    database: connect.Database, vault: uuid.UUID, known: Sequence[NewMemory], results: Results, postmaster: int
) -> None:
    """What a person or agent waits for."""
    source = random.Random(2)
    ids = [memory.id for memory in (await store.listed(database, vault, limit=500)).memories]

    async def repeat(name: str, call: Callable[[], Awaitable[object]], n_calls: int = 300) -> None:
        await latencies(results, name, [call] * n_calls, postmaster)

    def filtered(**filters: object) -> Callable[[], Awaitable[object]]:
        return lambda: store.listed(database, vault, Filters(**{k: v() if callable(v) else v for k, v in filters.items()}))  # type: ignore[arg-type]

    await repeat("get by id", lambda: store.get(database, vault, source.choice(ids)))
    await repeat("exact: the whole text", lambda: store.by_text(database, vault, source.choice(known).content))
    await repeat("exact: a part of the text", lambda: store.find_text(database, vault, part_of(source, known)))
    await repeat("newest of the vault", filtered())
    await repeat("newest of a context", filtered(contexts=lambda: [source.choice(checks.CONTEXTS)]))
    await repeat("metadata, one of 5,000", filtered(metadata=lambda: {"ticket": source.randrange(5000)}))
    await repeat("metadata, one of 50", filtered(metadata=lambda: {"author": source.choice(AUTHORS)}))
    await repeat("tags", filtered(tags=lambda: source.sample(STEMS, 2)))
    await repeat("importance from 0.9", filtered(min_importance=0.9))
    query = "SELECT id FROM search_memories_hybrid($1, NULL, in_vault => $2)"
    await repeat("search in SQL, three words", lambda: database.fetch(query, words_of(source, known), vault), 100)
    fresh = texts(3)
    await repeat("add", lambda: store.add(database, vault, NewMemory(next(fresh), "general")))
    await repeat("remember, with near-duplicates", lambda: memories.remember(database, vault, Draft(next(fresh))), 100)
    await repeat("update", lambda: memories.update(database, vault, source.choice(ids), {"importance": source.random()}))


def requests(dsn: str, known: Sequence[NewMemory], results: Results, postmaster: int) -> None:
    """The same through a daemon's socket, and recalls by words; CPU is that of the daemon as well."""
    source = random.Random(4)
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as base:
        root = Path(base).resolve() / "project"
        root.mkdir()
        environ = {**os.environ, "INDEXER_DSN": dsn, "INDEXER_EMBEDDER_KIND": "none", "XDG_RUNTIME_DIR": str(root.parent)}
        try:
            with client.ensure(root, environ) as daemon:
                ids = [item["id"] for item in daemon.call("memory.list", {"vault": "bench", "limit": 500})["items"]]
                # Makes the index of the vault's words.
                daemon.call("memory.recall", {"query": "first", "vaults": ["bench"], "sync": True}, timeout=None)

                served_by = daemon.call("system.status")["pid"]

                def repeat(method: str, title: str, params: Callable[[], dict[str, object]], n_calls: int = 300) -> None:
                    taken = []
                    cpu = cpu_of([*family(postmaster), served_by])
                    for _ in range(n_calls + n_calls // 10):
                        values = {**params(), **({"vaults": ["bench"]} if method == "recall" else {"vault": "bench"})}
                        start = time.perf_counter()
                        daemon.call(f"memory.{method}", values)
                        taken.append(1000 * (time.perf_counter() - start))
                    cpu = cpu_of([*family(postmaster), served_by]) - cpu
                    cuts = statistics.quantiles(taken[n_calls // 10 :], n=100)
                    values = {"p50_ms": cuts[49], "p95_ms": cuts[94], "cpu_ms": 1000 * cpu / len(taken)}
                    results.note(f"socket: {title}", **{key: round(value, 2) for key, value in values.items()})

                repeat("get", "get by id", lambda: {"id": source.choice(ids)})
                repeat("find", "exact: the whole text", lambda: {"text": source.choice(known).content, "whole": True})
                repeat("find", "exact: a part of the text", lambda: {"text": part_of(source, known)})
                repeat("list", "newest of the vault", lambda: {"limit": 20})
                repeat("list", "newest of a context", lambda: {"contexts": [source.choice(checks.CONTEXTS)], "limit": 20})
                repeat("list", "metadata, one of 5,000", lambda: {"metadata": {"ticket": source.randrange(5000)}})
                repeat("list", "tags", lambda: {"tags": source.sample(STEMS, 2), "limit": 20})
                repeat("recall", "recall, three words", lambda: {"query": words_of(source, known)})
        finally:
            client.stop(root, environ)


def part_of(source: random.Random, known: Sequence[NewMemory]) -> str:
    """Some words of a memory as they stand."""
    words = source.choice(known).content.split()
    start = source.randrange(len(words) - 4)
    return " ".join(words[start : start + 4])


def words_of(source: random.Random, known: Sequence[NewMemory]) -> str:
    """Words of a memory, in no order."""
    return " ".join(source.sample(source.choice(known).content.split(), 3))


async def measure_source(dsn: str, n_rows: int, results: Results) -> None:
    """The same rows into the source schema."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(SOURCE_SCHEMA)
    server = int((await connection.fetchval("SELECT pg_read_file('postmaster.pid')")).split()[0])
    vault = uuid.uuid4()
    rows = [(vault, each.content, each.context, each.importance) for each in itertools.islice(made_up(1), n_rows)]
    with timed(results, f"source schema: COPY {n_rows:,}, empty", n_rows, server):
        await connection.copy_records_to_table("memories", records=rows, columns=["vault_id", "content", "context", "importance"])
    await connection.close()


async def main() -> None:
    """Runs it on a server of its own, or in an empty database that is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--memories", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = Results()
    with tempfile.TemporaryDirectory() as folder, temporary.server(Path(folder) / "home") as lease:
        connection = await asyncpg.connect(lease.dsn)
        await connection.execute("CREATE DATABASE source TEMPLATE template0")
        await connection.close()
        head, _, query = lease.dsn.partition("?")
        await measure_source(f"{head.rpartition('/')[0]}/source?{query}", 10_000, results)
        await measure(lease.dsn, options.memories, results)
    if options.json:
        options.json.write_text(json.dumps(results.values, indent=1))


if __name__ == "__main__":
    asyncio.run(main())
