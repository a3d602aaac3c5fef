"""The memory tables as people see them over SQL: names, rules, comments, and what the functions answer."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.memory import tiers
from indexer.store import connect

pytest_plugins = ["database"]

MEMORY_TABLES = ("memories", "memory_anchors", "memory_history", "state_captures", "access_patterns", "vaults", "embedders")
#: Column names of the source schema.
SOURCE_COLUMNS = {
    "memories": "id content content_hash context importance created_at accessed_at modified_at expires_at access_count "
    "last_recall_score tier tier_migrated_at vault_id metadata embedding compressed_content compression_ratio parent_memory_id "
    "consolidated_from search_vector",
    "vaults": "id name path type is_active is_archived created_at last_accessed last_modified archived_at settings metadata "
    "memory_count symbol_count total_size_bytes",
    "state_captures": "id vault_id name description working_context memory_state compressed_data compression_type "
    "uncompressed_size compressed_size tags auto_captured importance created_at expires_at restore_count last_restored",
    "access_patterns": "id memory_id accessed_at operation query_text query_embedding similarity_score result_rank duration_ms "
    "session_id user_context",
    "migration_status": "id migration_name phase started_at completed_at total_records processed_records failed_records errors status",
    "migration_candidates": "id content context importance tier vault_id target_tier",
}
SOURCE_INDEXES = (
    "idx_memories_context idx_memories_tier idx_memories_created idx_memories_importance idx_memories_vault "
    "idx_memories_accessed idx_memories_metadata idx_memories_content_hash idx_memories_embedding idx_memories_search "
    "idx_memories_content_trgm idx_vaults_active idx_states_vault idx_states_created idx_states_tags idx_access_memory "
    "idx_access_time idx_access_operation idx_access_memory_time"
)


@dataclass(frozen=True)
class Aged:
    """A memory as far as the rule of tiers looks at it."""

    tier: str
    importance: float
    created_at: dt.datetime
    accessed_at: dt.datetime
    access_count: int
    is_pinned: bool


async def new_vault(database: connect.Database, name: str = "v", is_active: bool = True) -> uuid.UUID:
    return await database.fetchval(
        "INSERT INTO vaults (name, path, is_active) VALUES ($1::text, '/' || $1::text, $2) RETURNING id", name, is_active
    )


async def remember(database: connect.Database, content: str, **columns: Any) -> uuid.UUID:
    row = {"content": content, "context": "general", "importance": 0.5, **columns}
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    return await database.fetchval(f"INSERT INTO memories ({', '.join(row)}) VALUES ({places}) RETURNING id", *row.values())


async def found(database: connect.Database, query: str, **filters: Any) -> list[str]:
    """The contents that the hybrid search returns without a vector."""
    named = "".join(f", {name} => ${number}" for number, name in enumerate(filters, start=2))
    rows = await database.fetch(f"SELECT content, score FROM search_memories_hybrid($1::text, NULL{named})", query, *filters.values())
    assert all(0 < row["score"] <= 1 for row in rows)
    return [row["content"] for row in rows]


# -- what there is -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", SOURCE_COLUMNS)
async def test_columns_of_the_source_are_there(shared_dsn: str, table: str) -> None:
    connection = await asyncpg.connect(shared_dsn)
    rows = await connection.fetch("SELECT column_name FROM information_schema.columns WHERE table_name = $1", table)
    await connection.close()
    assert set(SOURCE_COLUMNS[table].split()) <= {row["column_name"] for row in rows}


async def test_indexes_of_the_source_are_there(shared_dsn: str) -> None:
    connection = await asyncpg.connect(shared_dsn)
    rows = await connection.fetch("SELECT indexname FROM pg_indexes")
    await connection.close()
    assert set(SOURCE_INDEXES.split()) <= {row["indexname"] for row in rows}


async def test_keys_begin_with_what_the_tables_are_distributed_by(shared_dsn: str) -> None:
    """Unique and primary keys of a distributed table hold its column, and so do foreign keys between such tables."""
    connection = await asyncpg.connect(shared_dsn)
    rows = await connection.fetch(
        """
        SELECT i.indexrelid::regclass::text AS key FROM pg_index AS i
        WHERE i.indisunique AND i.indrelid = ANY ($1::regclass[])
          AND NOT EXISTS (
              SELECT 1 FROM pg_attribute AS a
              WHERE a.attrelid = i.indrelid AND a.attname = 'vault_id' AND a.attnum = ANY (i.indkey)
          )
        UNION ALL
        SELECT c.conname FROM pg_constraint AS c
        WHERE c.contype = 'f' AND c.conrelid = ANY ($1::regclass[]) AND c.confrelid <> ALL ('{vaults,embedders}'::regclass[])
          AND NOT EXISTS (
              SELECT 1 FROM pg_attribute AS a
              WHERE a.attrelid = c.conrelid AND a.attname = 'vault_id' AND a.attnum = ANY (c.conkey)
          )
        """,
        [table for table in MEMORY_TABLES if table not in ("vaults", "embedders")],
    )
    await connection.close()
    assert [row["key"] for row in rows] == []


async def test_no_foreign_key_leads_to_a_derived_table(shared_dsn: str) -> None:
    connection = await asyncpg.connect(shared_dsn)
    rows = await connection.fetch(
        "SELECT DISTINCT confrelid::regclass::text AS target FROM pg_constraint WHERE contype = 'f' AND conparentid = 0"
    )
    await connection.close()
    assert {row["target"] for row in rows} <= {"memories", "vaults", "embedders"}


# -- memories ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["C:\\Users\\x", "\\d+", "\\x41", "A", "naïve café ✓ 𝄞", "'; DROP TABLE memories; --"])
async def test_any_text_has_the_hash_of_its_bytes(database: connect.Database, content: str) -> None:
    await new_vault(database)
    await remember(database, content)
    row = await database.fetchrow("SELECT content, content_hash = encode(sha256($1), 'hex') AS is_right FROM memories", content.encode())
    assert row is not None
    assert (row["content"], row["is_right"]) == (content, True)


async def test_a_memory_without_a_vault_goes_to_the_active_one(database: connect.Database) -> None:
    vault = await new_vault(database)
    await remember(database, "kept")
    assert await database.fetchval("SELECT vault_id FROM memories") == vault
    await database.execute("UPDATE vaults SET is_active = false")
    with pytest.raises(Exception, match="no vault is active"):
        await remember(database, "homeless")


async def test_times_of_change_are_kept(database: connect.Database) -> None:
    await new_vault(database)
    then = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    memory = await remember(database, "one", modified_at=then)

    async def changed(assignment: str) -> tuple[bool, bool]:
        await database.execute("UPDATE memories SET modified_at = '2020-01-01Z'")
        await database.execute(f"UPDATE memories SET {assignment} WHERE id = $1", memory)
        row = await database.fetchrow("SELECT modified_at > '2020-01-02' AS m, tier_migrated_at IS NOT NULL AS t FROM memories")
        assert row is not None
        return row["m"], row["t"]

    assert await changed("access_count = 7, accessed_at = now()") == (False, False)
    assert await changed("content = content, tags = tags") == (False, False)
    assert await changed("metadata = '{\"a\": 1}'") == (True, False)
    assert await changed("tier = 'session'") == (False, True)


async def test_those_who_listen_learn_of_changes_in_order(database: connect.Database) -> None:
    vault = await new_vault(database)
    heard: list[str] = []
    async with database.session() as session:
        await session.add_listener("memories", lambda *args: heard.append(args[3]))
        first = await remember(database, "one")
        await database.execute("UPDATE memories SET access_count = 1")
        await database.execute("UPDATE memories SET is_pinned = true")
        await database.execute(
            "INSERT INTO memories (content, context, importance) SELECT 'm' || n, 'general', 0.5 FROM generate_series(1, 150) AS n"
        )
        assert await session.fetchval("SELECT revision FROM vaults") == 3
    told = [json.loads(each) for each in heard]
    assert [(each["vault"], each["revision"], each["memories"]) for each in told] == [
        (str(vault), 1, [str(first)]),
        (str(vault), 2, [str(first)]),
        (str(vault), 3, None),
    ]


async def test_vectors_of_another_model_are_refused_or_left_out(database: connect.Database) -> None:
    await new_vault(database)
    await remember(database, "one")
    with pytest.raises(Exception, match="memories_embedding_check"):
        await database.execute("UPDATE memories SET embedding = '[1,2]'::halfvec")
    vector = str([0.1] * 384)
    await database.execute(f"UPDATE memories SET embedding = '{vector}'::halfvec, embedding_model = 1")
    near = "SELECT content FROM search_memories_hybrid('', $1::text::vector)"
    assert len(await database.fetch(near, vector)) == 1
    await database.execute("SELECT use_embedder('openai', 'text-embedding-3-small', 1536)")
    assert await database.fetch(near, str([0.1] * 1536)) == []
    with pytest.raises(Exception, match="has 384 dimensions, those of text-embedding-3-small have 1536"):
        await database.fetch(near, vector)
    await database.execute("SELECT use_embedder('local', 'all-MiniLM-L6-v2-int8', 384)")
    assert len(await database.fetch(near, vector)) == 1


# -- search ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("100%", ["growth of 100% a_b", "growth of 100 apples"]),
        ("a_b", ["growth of 100% a_b"]),
        ("C:\\Users", ["see C:\\Users\\x", "call getUserName or HTTPServer first"]),
        ("user name", ["call getUserName or HTTPServer first", "see C:\\Users\\x"]),
        ("http server", ["call getUserName or HTTPServer first"]),
        ("getusername", ["call getUserName or HTTPServer first"]),
        ("urls", ["look at django/urls/base.py"]),
        ("described", ["growth of 100 apples"]),
        ("zzz", []),
        ("", []),
        ("   ", []),
        ("%", []),
        ("%%%", []),
        ("___", []),
        ("the of and", []),
        ("' | & ! <-> :* \\ \"", []),
    ],
)
async def test_search_finds_what_matches_and_nothing_else(database: connect.Database, query: str, expected: list[str]) -> None:
    await new_vault(database)
    for content in (
        "growth of 100% a_b",
        "see C:\\Users\\x",
        "call getUserName or HTTPServer first",
        "look at django/urls/base.py",
    ):
        await remember(database, content)
    await remember(database, "growth of 100 apples", metadata={"description": "described elsewhere"})
    assert await found(database, query) == expected


async def test_search_leaves_out_what_is_hidden_and_filtered(database: connect.Database) -> None:
    vault = await new_vault(database)
    other = await new_vault(database, "other", is_active=False)
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    past = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    await remember(database, "retry one", context="code_decision", tags=["net"], metadata={"author": "ann"}, importance=0.9)
    successor = await remember(database, "retry two", expires_at=soon, tier="session")
    await remember(database, "retry three", expires_at=past)
    await remember(database, "retry four", forgotten_at=past)
    await remember(database, "retry five", superseded_by=successor)
    await remember(database, "retry six", vault_id=other)
    assert set(await found(database, "retry")) == {"retry one", "retry two", "retry six"}
    assert set(await found(database, "retry", in_vault=vault)) == {"retry one", "retry two"}
    assert await found(database, "retry", in_contexts=["code_decision"]) == ["retry one"]
    assert await found(database, "retry", in_tiers=["session"]) == ["retry two"]
    assert await found(database, "retry", with_tags=["net"]) == ["retry one"]
    assert await found(database, "retry", with_metadata={"author": "ann"}) == ["retry one"]
    assert await found(database, "retry", min_importance=0.8) == ["retry one"]
    assert await found(database, "retry", created_from=soon) == []


async def test_frequent_words_count_where_rare_ones_are_not_enough(database: connect.Database) -> None:
    vault = await new_vault(database)
    narrow = await new_vault(database, "narrow", is_active=False)
    await database.execute(
        """
        INSERT INTO memories (vault_id, content, context, importance)
        SELECT CASE WHEN n % 100 = 0 THEN $1::uuid ELSE $2::uuid END, 'a lamp and a table, ' || n, 'general', 0.5
        FROM generate_series(1, 1000) AS n
        """,
        narrow, vault,
    )  # fmt: skip
    for number in range(15):
        await remember(database, f"the aardvark's lamp {number}", vault_id=vault)
    await database.execute("ANALYZE memories")
    gates = await database.fetchrow("SELECT memory_gate('lamp aardvark')::text AS rare, memory_gate('lamp table')::text AS frequent")
    assert (gates["rare"], "&" in gates["frequent"], await database.fetchval("SELECT memory_gate('of the')")) == ("'aardvark'", True, None)
    assert all("aardvark" in content for content in await found(database, "lamp aardvark", limit_count=10))
    assert len(await found(database, "lamp aardvark", limit_count=50)) == 50
    assert len(await found(database, "lamp aardvark", in_vault=narrow)) == 10
    assert len(await found(database, "zebra lamp unicorn")) == 20


async def test_of_very_many_matches_the_newest_are_ranked(database: connect.Database) -> None:
    vault = await new_vault(database)
    await database.execute(
        "INSERT INTO memories (vault_id, content, context, importance, created_at) "
        "SELECT $1, CASE WHEN n IN (1, 2200) THEN 'lamp lamp lamp ' ELSE 'lamp ' END || n, 'general', 0.5, "
        "now() - make_interval(hours => n) FROM generate_series(1, 2200) AS n",
        vault,
    )
    ranked = await found(database, "lamp")
    assert (len(ranked), ranked[0]) == (20, "lamp lamp lamp 1")
    assert "lamp lamp lamp 2200" not in ranked
    assert (await found(database, "lamp 2200"))[0] == "lamp lamp lamp 2200"


async def test_an_exact_hit_stands_before_what_is_merely_near(database: connect.Database) -> None:
    await new_vault(database)
    exact = await remember(database, "never call flush inside a transaction")
    await remember(database, "something else entirely")
    towards, away = [1.0] + [0.0] * 383, [0.5, 0.9] + [0.0] * 382
    await database.execute(
        "UPDATE memories SET embedding_model = 1, "
        "embedding = CASE WHEN id = $1 THEN $2::text ELSE $3::text END::halfvec",
        exact, str(away), str(towards),
    )  # fmt: skip
    hybrid = "SELECT id FROM search_memories_hybrid('call flush inside', $1::text::vector)"
    rows = await database.fetch(hybrid, str(towards))
    assert rows[0]["id"] == exact
    assert len(rows) == 2


@pytest.mark.parametrize("counted", [0, 20_000])
async def test_a_narrow_filter_still_finds_all_that_is_near(database: connect.Database, counted: int) -> None:
    """Also where the vault is taken for a large one, whose memories the vector index gives up looking for."""
    vault = await new_vault(database)
    await new_vault(database, "crowd", is_active=False)
    await database.execute(
        """
        INSERT INTO memories (vault_id, content, context, importance, embedding, embedding_model)
        SELECT CASE WHEN n % 100 = 0 THEN $1::uuid ELSE (SELECT id FROM vaults WHERE name = 'crowd') END, 'm' || n, 'general', 0.5,
               (SELECT array_agg(sin(n * k)) FROM generate_series(1, 384) AS k)::real[]::halfvec, 1
        FROM generate_series(1, 2000) AS n
        """,
        vault,
    )
    await database.execute("UPDATE vaults SET memory_count = $1", counted)
    vector = str([1.0] * 384)
    async with database.session() as session:
        await session.execute("SET hnsw.max_scan_tuples = 100")
        rows = await session.fetch(
            "SELECT id FROM search_memories_hybrid('', $1::text::vector, limit_count => 20, in_vault => $2)", vector, vault
        )
        await session.execute("RESET hnsw.max_scan_tuples")
    truth = await database.fetch(
        "SELECT id FROM memories WHERE vault_id = $2 AND embedding <=> $1::text::halfvec < 1 "
        "ORDER BY embedding <=> $1::text::halfvec LIMIT 20",
        vector, vault,
    )  # fmt: skip
    assert [row["id"] for row in rows] == [row["id"] for row in truth]


# -- tiers and maintenance ---------------------------------------------------------------------------------------------------

NOW = dt.datetime(2030, 6, 1, tzinfo=dt.UTC)
ages = st.integers(0, 60 * 24).map(lambda hours: NOW - dt.timedelta(hours=hours))
aged = st.builds(Aged, st.sampled_from(["working", "session", "longterm"]), st.floats(0, 1), ages, ages, st.integers(0, 6), st.booleans())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(aged, min_size=20, max_size=20))
async def test_program_and_database_have_the_same_rule_of_tiers(shared_dsn: str, memories: list[Aged]) -> None:
    connection = await asyncpg.connect(shared_dsn)
    for each in memories:
        said = await connection.fetchval(
            "SELECT target_tier($1, $2, $3, $4, $5, $6, $7)",
            *(each.tier, each.importance, each.created_at, each.accessed_at, each.access_count, each.is_pinned, NOW),
        )
        assert said == tiers.target_tier(each, NOW)
    await connection.close()


async def test_candidates_for_a_move_skip_a_tier_and_are_held_back(database: connect.Database) -> None:
    await new_vault(database)

    async def aged_by(days: float, content: str, **columns: Any) -> None:
        await remember(database, content, created_at=dt.datetime.now(dt.UTC) - dt.timedelta(days=days), **columns)

    just_now = dt.datetime.now(dt.UTC)
    await aged_by(1, "young")
    await aged_by(3, "due")
    await aged_by(15, "skips")
    await aged_by(15, "session", tier="session")
    await aged_by(3, "important", importance=0.9)
    await aged_by(3, "in use", access_count=5, accessed_at=just_now)
    await aged_by(3, "pinned", is_pinned=True)
    await aged_by(3, "expired", expires_at=just_now - dt.timedelta(hours=1))
    rows = await database.fetch("SELECT content, target_tier FROM migration_candidates")
    assert {row["content"]: row["target_tier"] for row in rows} == {
        "due": "session",
        "skips": "longterm",
        "session": "longterm",
    }


async def test_maintenance_over_sql_serves_every_vault(database: connect.Database) -> None:
    one, other = await new_vault(database), await new_vault(database, "other", is_active=False)
    kept = await remember(database, "kept")
    await remember(database, "ÄÖ", vault_id=other)
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=100)
    await remember(database, "expired", expires_at=long_ago)
    await remember(database, "forgotten", forgotten_at=long_ago)
    await remember(database, "just forgotten", forgotten_at=dt.datetime.now(dt.UTC))
    for moment in (long_ago, dt.datetime.now(dt.UTC), dt.datetime.now(dt.UTC) + dt.timedelta(days=400)):
        await database.execute("INSERT INTO access_patterns (memory_id, operation, accessed_at) VALUES ($1, 'recall', $2)", kept, moment)
    before = await database.fetchval("SELECT max(last_modified) FROM vaults")
    await database.execute("SELECT perform_maintenance()")
    rows = await database.fetch("SELECT id, memory_count, total_size_bytes FROM vaults")
    assert {row["id"]: (row["memory_count"], row["total_size_bytes"]) for row in rows} == {one: (1, 4), other: (1, 4)}
    assert await database.fetchval("SELECT count(*) FROM memories") == 3
    assert await database.fetchval("SELECT count(*) FROM access_patterns") == 2
    assert await database.fetchval("SELECT max(last_modified) FROM vaults") >= before


async def test_accesses_lie_in_the_partition_of_their_month(database: connect.Database) -> None:
    await new_vault(database)
    memory = await remember(database, "kept")
    log = "INSERT INTO access_patterns (memory_id, operation, accessed_at) VALUES ($1, 'recall', $2)"
    await database.execute(log, memory, dt.datetime(2031, 1, 31, 23, 59, tzinfo=dt.UTC))
    where = "SELECT tableoid::regclass::text AS part, accessed_at FROM access_patterns ORDER BY accessed_at"
    assert [row["part"] for row in await database.fetch(where)] == ["access_patterns_default"]
    await database.execute("SELECT make_access_partitions('2031-01-15Z', 1)")
    await database.execute(log, memory, dt.datetime(2031, 2, 1, tzinfo=dt.UTC))
    assert [row["part"] for row in await database.fetch(where)] == ["access_patterns_2031_01", "access_patterns_2031_02"]
    assert await database.fetchval("SELECT drop_access_partitions('2031-02-01Z')") >= 1
    assert [row["part"] for row in await database.fetch(where)] == ["access_patterns_2031_02"]
