"""Bringing a database to the schema, and keeping others from changing it under those who use it."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from pathlib import Path

import asyncpg
import pytest

from indexer import errors
from indexer.store import code, connect, guard, maintenance, queries, schema

pytest_plugins = ["database"]

BLOCKS = list(queries.every())
#: The tables that a project's rows are in.
PARTITIONED = ("code_symbols", "files", "symbol_relationships")


@pytest.mark.parametrize(("file", "name", "statement"), BLOCKS, ids=[f"{file}:{name}" for file, name, _ in BLOCKS])
async def test_every_query_is_valid(shared_dsn: str, file: str, name: str, statement: str) -> None:
    connection = await asyncpg.connect(shared_dsn)
    try:
        await connection.execute("SELECT prepare_staging()")
        # What opens a transaction does more in the same round trip.
        await connection.prepare(statement.removeprefix("BEGIN;\n"))
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("SELECT 1\n-- name: a\nSELECT 1\n", "before the first"),
        ("-- name: a\nSELECT 1\n-- name: a\nSELECT 2\n", "twice"),
        ("-- name: a\n-- nothing\n-- name: b\nSELECT 2\n", "empty"),
    ],
)
def test_a_file_of_queries_keeps_to_its_form(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "bad.sql").write_text(text)
    with pytest.raises(ValueError, match=complaint):
        queries.blocks(tmp_path / "bad.sql")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A copy of the schema's folder, to be changed."""
    return Path(shutil.copytree(schema.folder(), tmp_path / "schema"))


def edit(base: Path, text: str) -> None:
    """Appends to the derived tables."""
    path = base / "code.sql"
    path.write_text(path.read_text() + text)


def add_migration(base: Path, text: str) -> str:
    number = len(schema.migrations(base)) + 1
    name = f"{number:03}_more"
    (base / "memory" / f"{name}.sql").write_text(text)
    return name


async def hold(database: connect.Database, base: Path, wait_s: float = 0.2) -> None:
    async with database.session() as session:
        await schema.hold(session, base, wait_s)


async def test_those_who_start_together_take_turns(empty_dsn: str) -> None:
    stores = await asyncio.gather(*(code.open_store(empty_dsn, connect.EMBEDDED, f"daemon {n}") for n in range(5)))
    rows = await stores[0].database.fetch("SELECT migration_name, status, phase, errors FROM migration_status ORDER BY 1")
    assert [row["migration_name"] for row in rows] == [f"schema/{script.name}" for script in schema.migrations()]
    assert {(row["status"], row["phase"], str(row["errors"])) for row in rows} == {("completed", "done", "[]")}
    for store in stores:
        await store.close()


async def test_a_changed_schema_names_the_daemons_in_its_way(store: code.Store, base: Path) -> None:
    edit(base, "CREATE TABLE more (id INTEGER);")
    with pytest.raises(errors.Conflict, match=r"in use by: tests .*indexer down"):
        await hold(store.database, base)
    assert await store.database.fetchval("SELECT to_regclass('more')") is None


async def test_derived_tables_are_made_again_and_memories_stay(database: connect.Database, base: Path) -> None:
    await database.execute("INSERT INTO projects (id, root, name) VALUES (gen_random_uuid(), '/a', 'a')")
    await database.execute("INSERT INTO vaults (name, path) VALUES ('kept', '/a')")
    epoch = await database.fetchval("SELECT current_epoch()")
    edit(base, "CREATE TABLE more (id SERIAL); CREATE VIEW over AS SELECT id FROM more; CREATE FUNCTION f() RETURNS INT RETURN 1;")
    await hold(database, base)
    await database.execute("INSERT INTO more DEFAULT VALUES")
    assert await database.fetchval("SELECT count(*) FROM projects") == 0
    assert await database.fetchval("SELECT count(*) FROM vaults WHERE name = 'kept'") == 1
    # Numbers of generations come again, so the epoch must not.
    assert await database.fetchval("SELECT current_epoch()") > epoch
    await hold(database, schema.folder())
    assert await database.fetchval("SELECT to_regclass('more')") is None
    assert await database.fetchval("SELECT to_regclass('over')") is None


async def test_vectors_of_symbols_outlive_the_derived_tables(database: connect.Database, base: Path) -> None:
    key = uuid.uuid4()
    await database.execute("INSERT INTO symbol_embeddings (model, key, embedding) VALUES (1, $1, '[1,2]')", key)
    edit(base, "-- another text")
    await hold(database, base)
    await maintenance.run(database, force=True)
    assert await database.fetchval("SELECT key FROM symbol_embeddings") == key


#: What a database consists of, whoever made it: columns, constraints, indexes, functions, views and their comments.
CATALOGUE = """
SELECT 'column', format('%s.%s', c.oid::regclass, a.attname),
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attstorage, a.attcompression, a.attgenerated, a.attidentity,
                 pg_get_expr(d.adbin, d.adrelid))
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint', format('%s.%s', conrelid::regclass, conname),
       concat_ws(' ', pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint'))
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', indexrelid::regclass::text, concat_ws(' ', pg_get_indexdef(indexrelid), obj_description(indexrelid, 'pg_class'))
FROM pg_index JOIN pg_class AS c ON c.oid = indexrelid AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'function', oid::regprocedure::text, pg_get_functiondef(oid)
FROM pg_proc AS p WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'view', oid::regclass::text, pg_get_viewdef(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
UNION ALL
SELECT 'trigger', format('%s.%s', tgrelid::regclass, tgname), pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'what goes', statement, '' FROM code_schema, unnest(objects) AS statement
ORDER BY 1, 2
"""


async def test_an_earlier_schema_comes_to_the_same_as_an_empty_database(
    database: connect.Database, empty_dsn: str, base: Path
) -> None:
    wanted = [tuple(row) for row in await database.fetch(CATALOGUE)]
    assert len(wanted) > 300
    later = {path: path.read_text() for path in sorted((base / "memory").glob("*.sql"))[3:]}
    for path in later:
        path.unlink()
    # What stands among the derived tables in one release may stand elsewhere in the next.
    edit(base, "CREATE TABLE symbol_embeddings (model SMALLINT NOT NULL, key UUID NOT NULL, embedding halfvec STORAGE EXTERNAL NOT NULL, "
        "PRIMARY KEY (model, key));")  # fmt: skip
    old = await connect.connect(empty_dsn, connect.EMBEDDED, "tests")
    await hold(old, base)
    await old.execute("INSERT INTO symbol_embeddings (model, key, embedding) VALUES (1, gen_random_uuid(), '[1,2]')")
    for path, text in later.items():
        path.write_text(text)
        await hold(old, base)
    await hold(old, schema.folder())
    assert [tuple(row) for row in await old.fetch(CATALOGUE)] == wanted
    assert await old.fetchval("SELECT count(*) FROM symbol_embeddings") == 1
    await old.close()


async def test_what_others_built_on_derived_tables_is_not_dropped(database: connect.Database, base: Path) -> None:
    await database.execute("CREATE VIEW mine AS SELECT name FROM projects")
    edit(base, "-- another text")
    with pytest.raises(errors.Conflict, match="mine"):
        await hold(database, base)
    assert await database.fetch("SELECT name FROM mine") == []


async def test_a_newer_schema_is_left_alone(database: connect.Database, base: Path) -> None:
    add_migration(base, "CREATE TABLE later (id INTEGER)")
    await hold(database, base)
    with pytest.raises(errors.Conflict, match="newer than this program"):
        await hold(database, schema.folder())
    text = (base / "code.sql").read_text()
    version, _ = schema.code(base)
    (base / "code.sql").write_text(text.replace(f"-- version {version}\n", f"-- version {version + 1}\n", 1))
    await hold(database, base)
    (base / "code.sql").write_text(text)
    with pytest.raises(errors.Conflict, match="update the program"):
        await hold(database, base)


async def test_a_failing_migration_changes_nothing_and_is_recorded(database: connect.Database, base: Path) -> None:
    name = add_migration(base, "CREATE TABLE later (id INTEGER); SELECT 1 / 0;")
    for _ in range(2):
        with pytest.raises(errors.IndexerError, match=r"could not be applied, nothing was changed: .*division by zero"):
            await hold(database, base)
    row = await database.fetchrow("SELECT status, phase, errors FROM migration_status WHERE migration_name = $1", f"schema/{name}")
    assert row is not None
    assert (row["status"], row["phase"], len(row["errors"])) == ("failed", "apply", 2)
    assert await database.fetchval("SELECT to_regclass('later')") is None
    (base / "memory" / f"{name}.sql").write_text("CREATE TABLE later (id INTEGER);")
    await hold(database, base)
    assert await database.fetchval("SELECT status FROM migration_status WHERE migration_name = $1", f"schema/{name}") == "completed"


async def test_an_applied_migration_is_never_edited(database: connect.Database, base: Path) -> None:
    first = sorted((base / "memory").glob("*.sql"))[0]
    first.write_text(first.read_text() + "\n")
    with pytest.raises(errors.Conflict, match="never edited"):
        await hold(database, base)


def test_migrations_are_numbered_without_a_gap(base: Path) -> None:
    (base / "memory" / "900_late.sql").write_text("SELECT 1")
    with pytest.raises(ValueError, match="should have the number"):
        schema.migrations(base)


async def test_keys_allow_distribution_by_project(shared_dsn: str) -> None:
    connection = await asyncpg.connect(shared_dsn)
    rows = await connection.fetch(
        """SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
           FROM pg_index AS i WHERE i.indisunique AND i.indrelid = ANY($1::text[]::regclass[])""",
        list(PARTITIONED),
    )
    assert len(rows) == 4
    assert [row["name"] for row in rows if "project_id" not in row["definition"]] == []
    foreign = await connection.fetchval(
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND (conrelid = ANY($1::text[]::regclass[]) "
        "OR confrelid = ANY($1::text[]::regclass[]))",
        list(PARTITIONED),
    )
    assert foreign == 0
    await connection.close()


async def test_every_column_of_the_source_schema_is_there(shared_dsn: str) -> None:
    wanted = {
        "code_symbols": """id name qualified_name type file_path line_number column_number end_line end_column signature
            documentation language visibility definition context_before context_after is_exported is_async is_generator
            is_abstract is_static project_id vault_id metadata created_at last_analyzed reference_count last_referenced""",
        "symbol_relationships": "id source_id target_id relationship_type confidence context metadata created_at",
        "migration_status": """id migration_name phase started_at completed_at total_records processed_records failed_records
            errors status""",
    }
    connection = await asyncpg.connect(shared_dsn)
    for table, columns in wanted.items():
        found = await connection.fetch("SELECT column_name FROM information_schema.columns WHERE table_name = $1", table)
        assert set(columns.split()) <= {row["column_name"] for row in found}
    await connection.close()


async def test_every_constraint_and_index_says_what_it_serves(shared_dsn: str) -> None:
    connection = await asyncpg.connect(shared_dsn)
    silent = await connection.fetch(
        """WITH ours AS (
               SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
           )
           SELECT c.conname AS name FROM pg_constraint AS c JOIN ours ON ours.oid = c.conrelid
           WHERE c.contype <> 'n' AND obj_description(c.oid, 'pg_constraint') IS NULL
           UNION ALL
           SELECT i.indexrelid::regclass::text FROM pg_index AS i JOIN ours ON ours.oid = i.indrelid
           WHERE obj_description(i.indexrelid, 'pg_class') IS NULL
             AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)"""
    )
    assert [row["name"] for row in silent] == []
    await connection.close()


async def test_a_partition_has_the_indexes_of_its_parent(store: code.Store) -> None:
    project = await store.project("/a", "a", uuid.uuid4())
    await store.load(project, [], [], [])
    unmatched = await store.database.fetch(
        """SELECT p.indexrelid::regclass::text FROM pg_index AS p
           WHERE p.indrelid = ANY($1::text[]::regclass[])
             AND (SELECT count(*) FROM pg_inherits AS h WHERE h.inhparent = p.indexrelid) <> 1""",
        list(PARTITIONED),
    )
    assert unmatched == []
    doubled = await store.database.fetch(
        """SELECT i.indexrelid::regclass::text FROM pg_index AS i JOIN pg_inherits AS t ON t.inhrelid = i.indrelid
           WHERE t.inhparent = ANY($1::text[]::regclass[])
             AND NOT EXISTS (SELECT FROM pg_inherits AS h WHERE h.inhrelid = i.indexrelid)""",
        list(PARTITIONED),
    )
    assert doubled == []


async def test_a_daemon_learns_that_the_schema_was_changed_while_it_was_cut_off(store: code.Store) -> None:
    told: asyncio.Queue[errors.IndexerError | None] = asyncio.Queue()
    store.guard.on_recovery(told.put)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND objid = $1"
    await store.database.execute(cut, schema.SCHEMA_LOCK)
    assert await asyncio.wait_for(told.get(), 30) is None
    await store.database.execute("UPDATE code_schema SET checksum = 'of another program'")
    await store.database.execute(cut, schema.SCHEMA_LOCK)
    assert isinstance(await asyncio.wait_for(told.get(), 30), errors.Conflict)
    assert await store.database.fetchval("SELECT checksum FROM code_schema") == "of another program"


async def test_notifications_are_heard(database: connect.Database) -> None:
    held = await guard.hold(database)
    heard: asyncio.Queue[str] = asyncio.Queue()
    await held.listen("news", heard.put_nowait)
    await database.execute("SELECT pg_notify('news', 'first')")
    assert await asyncio.wait_for(heard.get(), 10) == "first"
    await held.close()
