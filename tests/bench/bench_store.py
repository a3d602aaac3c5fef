"""What storing and reading a project's index costs: `python tests/bench/bench_store.py [--symbols N] [--json FILE]`.

A made-up project in the proportions of Django (57,000 symbols with texts of about 700 bytes, 300,000 relationships,
2,800 files) is packed, loaded, changed file by file and asked, on a server of its own. Beside it the same symbols go by
COPY into the source schema as written, with a stand-in for uuid-ossp. CPU is that of this process and of PostgreSQL.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import processes

from indexer import model
from indexer.database import temporary
from indexer.store import code, connect, graph, rows

PROJECT = uuid.uuid5(uuid.NAMESPACE_URL, "bench")
LINE = "        value = self.get_queryset(request).filter(name__in=names)  # as above\n"
WORDS = "get set is user query model field form view admin test name value request list create update delete path cache".split()

SOURCE_SCHEMA = """
CREATE FUNCTION uuid_generate_v4() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
CREATE TABLE code_symbols (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    name VARCHAR(255) NOT NULL, qualified_name TEXT, type VARCHAR(50) NOT NULL CHECK (type IN (
        'function', 'class', 'interface', 'method', 'property', 'variable', 'constant', 'enum', 'type', 'namespace',
        'import', 'export', 'module', 'package')),
    file_path TEXT NOT NULL, line_number INTEGER, column_number INTEGER, end_line INTEGER, end_column INTEGER,
    signature TEXT, documentation TEXT, language VARCHAR(50) NOT NULL,
    visibility VARCHAR(20) CHECK (visibility IN ('public', 'private', 'protected', 'internal')),
    definition TEXT, context_before TEXT, context_after TEXT,
    is_exported BOOLEAN DEFAULT false, is_async BOOLEAN DEFAULT false, is_generator BOOLEAN DEFAULT false,
    is_abstract BOOLEAN DEFAULT false, is_static BOOLEAN DEFAULT false,
    project_id UUID, vault_id UUID, metadata JSONB DEFAULT '{}',
    created_at TIMESTAMP WITH TIME ZONE DEFAULT NOW(), last_analyzed TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
    reference_count INTEGER DEFAULT 0, last_referenced TIMESTAMP WITH TIME ZONE
);
CREATE INDEX idx_symbols_name ON code_symbols(name);
CREATE INDEX idx_symbols_type ON code_symbols(type);
CREATE INDEX idx_symbols_file ON code_symbols(file_path);
CREATE INDEX idx_symbols_project ON code_symbols(project_id);
CREATE INDEX idx_symbols_language ON code_symbols(language);
CREATE INDEX idx_symbols_name_type ON code_symbols(name, type);
CREATE INDEX idx_symbols_lookup ON code_symbols(project_id, type, name);
CREATE INDEX idx_symbols_search ON code_symbols USING GIN (to_tsvector('english', name || ' ' || coalesce(documentation, '')));
CREATE TABLE symbol_relationships (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    source_id UUID NOT NULL REFERENCES code_symbols(id) ON DELETE CASCADE,
    target_id UUID NOT NULL REFERENCES code_symbols(id) ON DELETE CASCADE,
    relationship_type VARCHAR(50) NOT NULL, confidence FLOAT DEFAULT 1.0, context TEXT, metadata JSONB DEFAULT '{}',
    created_at TIMESTAMP WITH TIME ZONE DEFAULT NOW(), UNIQUE(source_id, target_id, relationship_type)
);
CREATE INDEX idx_rel_source ON symbol_relationships(source_id);
CREATE INDEX idx_rel_target ON symbol_relationships(target_id);
CREATE INDEX idx_rel_type ON symbol_relationships(relationship_type);
CREATE INDEX idx_rel_source_type ON symbol_relationships(source_id, relationship_type);
"""


@dataclass(frozen=True)
class Source:
    """One file of the made-up project."""

    row: model.FileRow
    symbols: list[rows.SymbolRow]
    relationships: list[rows.RelationshipRow]

    @property
    def replaced(self) -> code.Replaced:
        file = self.row.id.bytes
        return code.Replaced(
            self.row.id,
            rows.file(PROJECT.bytes, self.row, rows.FileCounts(len(self.symbols)), rows.FileBlobs(b"s" * 1500, reads=b"r" * 300)),
            rows.symbols(PROJECT.bytes, file, self.row.path, "python", self.symbols),
            rows.relationships(PROJECT.bytes, file, self.relationships),
        )


def made_up(n_symbols: int) -> list[Source]:
    """Files of about 20 symbols; a few symbols are related to by very many, most by few and near ones."""
    random.seed(1)
    ids = [uuid.uuid5(PROJECT, str(number)).bytes for number in range(n_symbols)]
    sources = []
    for number in range(0, n_symbols, 20):
        path = f"package{number // 400}/module_{number // 20}.py"
        own = ids[number : number + 20]
        row = model.FileRow(
            uuid.uuid5(PROJECT, path), path, "python", model.Signature(9000, 1, 2, 3), uuid.uuid4().bytes, "1", n_lines=240
        )
        sources.append(Source(row, [_symbol(path, id, at) for at, id in enumerate(own)], _relationships(own, ids, number)))
    return sources


def _symbol(path: str, id: bytes, at: int) -> rows.SymbolRow:
    name = "_".join(random.choices(WORDS, k=3)) if at % 4 else "".join(word.title() for word in random.choices(WORDS, k=2))
    line = 1 + 12 * at
    text = LINE * random.randint(2, 16)
    documentation = "Return what was asked for, or raise an error that says why not." if at % 3 == 0 else None
    return (
        id, None, name, f"{path[:-3].replace('/', '.')}.{name}", ("class", "method", "function", "variable")[at % 4],
        line, 4, line, 0, line + 10, 0, 0, 1, f"def {name}(self, request)", documentation, "public", text, LINE * 3, LINE * 3, None,
    )  # fmt: skip


def _relationships(own: Sequence[bytes], ids: Sequence[bytes], number: int) -> list[rows.RelationshipRow]:
    made = {}
    for source in own:
        for _ in range(int(random.expovariate(1 / 5.8))):
            near = random.random() < 0.7
            at = (number + random.randint(-200, 200)) % len(ids) if near else int(len(ids) * random.random() ** 6)
            kind = random.choice(("calls", "calls", "references", "imports", "uses"))
            sites = [place for line in range(random.choice((1, 1, 1, 2, 4))) for place in (number + line, 8)]
            made[source, ids[at], kind] = (source, ids[at], kind, 0.97, 2, sites)
    return list(made.values())


class Bench:
    """Prints each figure and keeps it."""

    def __init__(self) -> None:
        self.figures: dict[str, float] = {}

    def say(self, name: str, value: float, unit: str) -> None:
        self.figures[f"{name} ({unit})"] = round(value, 3)
        print(f"{name:44s} {value:12,.2f} {unit}", flush=True)

    async def latency(self, name: str, n: int, ask: Callable[[], Awaitable[object]]) -> None:
        """Median and 95th percentile of `n` calls, after some that let PostgreSQL settle on plans."""
        for _ in range(10):
            await ask()
        times = []
        for _ in range(n):
            start = time.perf_counter()
            await ask()
            times.append(1000 * (time.perf_counter() - start))
        times.sort()
        self.say(f"{name} p50", times[n // 2], "ms")
        self.say(f"{name} p95", times[int(n * 0.95)], "ms")


def pack(bench: Bench, sources: Sequence[Source]) -> tuple[list[bytes], list[bytes], list[bytes]]:
    n_symbols = sum(len(source.symbols) for source in sources)
    n_relationships = sum(len(source.relationships) for source in sources)
    bench.say("symbols", n_symbols, "rows")
    bench.say("relationships", n_relationships, "rows")
    start = time.process_time()
    symbols = [rows.symbols(PROJECT.bytes, s.row.id.bytes, s.row.path, "python", s.symbols) for s in sources]
    middle = time.process_time()
    relationships = [rows.relationships(PROJECT.bytes, s.row.id.bytes, s.relationships) for s in sources]
    bench.say("pack a symbol", 1e6 * (middle - start) / n_symbols, "µs")
    bench.say("pack a relationship", 1e6 * (time.process_time() - middle) / n_relationships, "µs")
    bench.say("symbols packed", sum(map(len, symbols)) / 1e6, "MB")
    return symbols, relationships, [source.replaced.row for source in sources]


async def load(bench: Bench, store: code.Store, project: model.Project, chunks: tuple[list[bytes], ...], n: int) -> None:
    symbols, relationships, files = chunks
    for name, kept in (("symbols alone", []), ("symbols and relationships", relationships)):
        start, cpu, own = time.perf_counter(), processes.total_cpu(), time.process_time()
        await store.load(project, symbols, kept, files)
        wall = time.perf_counter() - start
        bench.say(f"load {name}", n / wall, "symbols/s")
        bench.say(f"load {name}, PostgreSQL", processes.total_cpu() - cpu, "CPU-s")
        bench.say(f"load {name}, client", time.process_time() - own, "CPU-s")


async def change(bench: Bench, store: code.Store, project: model.Project, sources: Sequence[Source]) -> None:
    def shifted(source: Source) -> code.Replaced:
        moved = [(*row[:5], row[5] + 1, row[6], row[7] + 1, row[8], row[9] + 1, *row[10:]) for row in source.symbols]
        return Source(source.row, moved, source.relationships).replaced  # type: ignore[arg-type]

    await bench.latency(
        "commit a file, all lines moved", 200, lambda: store.commit(project, replaced=[shifted(random.choice(sources))])
    )
    await bench.latency(
        "commit a file, nothing moved", 200, lambda: store.commit(project, replaced=[random.choice(sources).replaced])
    )
    many = [shifted(source) for source in sources[:300]]
    start = time.perf_counter()
    await store.commit(project, replaced=many)
    bench.say("commit 300 files at once", 1000 * (time.perf_counter() - start), "ms")
    start = time.perf_counter()
    n = len(await store.signatures(project))
    bench.say(f"signatures of {n:,} files", 1000 * (time.perf_counter() - start), "ms")


async def ask(bench: Bench, store: code.Store, sources: Sequence[Source]) -> None:
    database = store.database
    symbols = [(source, row) for source in sources for row in source.symbols]

    def name() -> str:
        return random.choice(symbols)[1][2]

    def id() -> uuid.UUID:
        return uuid.UUID(bytes=random.choice(symbols)[1][0])

    def file() -> uuid.UUID:
        return random.choice(sources).row.id

    queries: dict[str, Callable[[], Awaitable[object]]] = {
        "find, exact": lambda: graph.find(database, PROJECT, name()),
        "find, another case style": lambda: graph.find(database, PROJECT, name().swapcase()),
        "find, prefix": lambda: graph.find(database, PROJECT, name()[:7]),
        "find, words": lambda: graph.find(database, PROJECT, " ".join(random.sample(WORDS, 2))),
        "symbol by qualified name": lambda: graph.named(database, PROJECT, random.choice(symbols)[1][3]),
        "outline": lambda: graph.outline(database, PROJECT, file()),
        "at": lambda: graph.at(database, PROJECT, file(), random.randint(1, 240)),
        "callers": lambda: graph.incoming(database, PROJECT, [id()], ["calls"]),
        "references": lambda: graph.incoming(database, PROJECT, [id()]),
        "callees": lambda: graph.outgoing(database, PROJECT, [id()]),
        "impact, depth 3": lambda: graph.impact(database, PROJECT, [id()], depth=3),
        "path": lambda: graph.path(database, PROJECT, id(), id(), most_steps=6),
    }
    for label, query in queries.items():
        await bench.latency(label, 200, query)
    await bench.latency("find, typing error", 20, lambda: graph.find(database, PROJECT, f"{name()[:3]}zq{name()[4:]}"))


async def source_schema(bench: Bench, dsn: str, sources: Sequence[Source]) -> None:
    """The same symbols and relationships by COPY into the tables of the source document."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE DATABASE source_schema")
    await connection.close()
    connection = await asyncpg.connect(dsn.replace("/postgres?", "/source_schema?"))
    await connection.execute(SOURCE_SCHEMA)
    records = [
        (
            uuid.UUID(bytes=r[0]), r[2], r[3], model.TYPE_OF_KIND[r[4]], s.row.path, r[5], r[6], r[9], r[10], r[13], r[14],
            "python", r[15], r[16], r[17], r[18], PROJECT,
        )
        for s in sources for r in s.symbols
    ]  # fmt: skip
    columns = """id name qualified_name type file_path line_number column_number end_line end_column signature documentation
        language visibility definition context_before context_after project_id""".split()
    start = time.perf_counter()
    await connection.copy_records_to_table("code_symbols", records=records, columns=columns)
    bench.say("source schema as written", len(records) / (time.perf_counter() - start), "symbols/s")
    related = [(uuid.UUID(bytes=r[0]), uuid.UUID(bytes=r[1]), r[2], r[3]) for s in sources for r in s.relationships]
    start = time.perf_counter()
    await connection.copy_records_to_table(
        "symbol_relationships", records=related, columns=["source_id", "target_id", "relationship_type", "confidence"]
    )
    bench.say("source schema as written", len(related) / (time.perf_counter() - start), "relationships/s")
    await connection.close()


async def run(bench: Bench, dsn: str, n_symbols: int) -> None:
    sources = made_up(n_symbols)
    chunks = pack(bench, sources)
    store = await code.open_store(dsn, connect.EMBEDDED, "bench")
    project = await store.project("/bench", "bench", PROJECT)
    await load(bench, store, project, chunks, n_symbols)
    size = await store.database.fetchval("SELECT pg_database_size(current_database())")
    bench.say("database", size / 1e6, "MB")
    await ask(bench, store, sources)
    await change(bench, store, project, sources)
    await store.close()
    await source_schema(bench, dsn.replace("/indexer?", "/postgres?"), sources)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--symbols", type=int, default=57_000)
    arguments.add_argument("--json", type=Path)
    options = arguments.parse_args()
    bench = Bench()
    processes.adopt_descendants()
    with tempfile.TemporaryDirectory() as folder, temporary.server(Path(folder) / "home") as lease:
        asyncio.run(run(bench, lease.dsn, options.symbols))
    if options.json:
        options.json.write_text(json.dumps(bench.figures, indent=2))


if __name__ == "__main__":
    main()
