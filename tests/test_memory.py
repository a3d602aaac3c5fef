"""A memory's life through the memory layer and its store, on a real database."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import errors
from indexer.memory import checks, consolidation, memories, tiers, uses
from indexer.memory.memories import Draft
from indexer.store import accesses, bulk, connect, embeddings, maintenance, vaults
from indexer.store import memories as store
from indexer.store.memories import Filters, NewMemory

pytest_plugins = ["database"]


@pytest_asyncio.fixture
async def shared(shared_dsn: str) -> AsyncIterator[connect.Database]:
    """A database that tests share; each has vaults of its own in it."""
    opened = await connect.connect(shared_dsn, connect.EMBEDDED, "tests")
    yield opened
    await opened.close()


DECISION = "We retry uploads three times because the storage service drops connections under load."


async def new_vault(database: connect.Database, name: str = "v") -> uuid.UUID:
    name = f"{name}-{uuid.uuid4()}"
    return (await vaults.register(database, name, f"/{name}")).id


async def remember(database: connect.Database, vault: uuid.UUID, content: str, **fields: Any) -> store.Memory:
    return (await memories.remember(database, vault, Draft(content, **fields))).memory


async def contents(database: connect.Database, vault: uuid.UUID, **filters: Any) -> list[str]:
    page = await store.listed(database, vault, Filters(**filters))
    assert page.total == len(page.memories)
    return [memory.content for memory in page.memories]


# -- remembering -------------------------------------------------------------------------------------------------------------

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=300).filter(str.strip)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15).filter(lambda n: n == 0 or abs(n) > 1e-15) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text, st.dictionaries(text, json_values, max_size=4), st.lists(text.map(str.strip).filter(bool), max_size=4, unique=True))
async def test_what_is_remembered_comes_back_as_it_was(shared_dsn: str, content: str, metadata: dict[str, Any], tags: list[str]) -> None:
    tags = [tag[:100].strip() for tag in tags]
    shared = await connect.connect(shared_dsn, connect.PoolSettings(1, 1), "tests")
    vault = await new_vault(shared, uuid.uuid4().hex)
    kept = await remember(shared, vault, content, metadata=metadata, tags=tags)
    again = await store.get(shared, vault, kept.id)
    await shared.close()
    assert (again.content, again.metadata, list(again.tags)) == (content, metadata, list(dict.fromkeys(tags)))


async def test_the_same_text_is_stored_once_for_each_context(shared: connect.Database) -> None:
    vault, other = await new_vault(shared), await new_vault(shared, "other")
    first = await memories.remember(shared, vault, Draft(DECISION, "code_decision", importance=0.9))
    second = await memories.remember(shared, vault, Draft(DECISION, "code_decision", importance=0.1))
    elsewhere = await memories.remember(shared, vault, Draft(DECISION, "general"))
    foreign = await memories.remember(shared, other, Draft(DECISION, "code_decision"))
    assert [first.outcome, second.outcome, elsewhere.outcome, foreign.outcome] == ["added", "existing", "added", "added"]
    assert second.memory == first.memory
    assert len({first.memory.id, elsewhere.memory.id, foreign.memory.id}) == 3
    assert [memory.context for memory in await store.by_text(shared, vault, DECISION)] == ["code_decision", "general"]


async def test_many_who_remember_the_same_at_once_get_one_memory(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    got = await asyncio.gather(*(memories.remember(shared, vault, Draft(f"fact {n % 3}")) for n in range(30)))
    assert len({each.memory.id for each in got}) == 3
    assert [each.outcome for each in got].count("added") == 3


async def test_a_near_duplicate_is_kept_and_said(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    first = await remember(shared, vault, DECISION)
    second = await memories.remember(shared, vault, Draft(DECISION.replace("three", "five")))
    assert (second.outcome, [near.memory.id for near in second.near]) == ("added", [first.id])
    assert second.near[0].similarity > 0.8
    assert (await memories.remember(shared, vault, Draft("Tabs, not spaces."))).near == ()


async def test_a_near_duplicate_of_what_came_in_bulk_is_said_after_maintenance(database: connect.Database) -> None:
    vault = await new_vault(database)
    await bulk.add(database, vault, [NewMemory(DECISION, "general")])
    report = await maintenance.run(database)
    assert report is not None
    assert report.n_sketched == 1
    near = (await memories.remember(database, vault, Draft(DECISION.replace("three", "five")))).near
    assert [each.memory.content for each in near] == [DECISION]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content", ""),
        ("content", " \n"),
        ("content", "a\0b"),
        ("content", "a\ud800b"),
        ("content", 7),
        ("content", None),
        ("content", "x" * (50 << 20)),
        ("context", "code_smell"),
        ("context", None),
        ("context", ["general"]),
        ("importance", 1.01),
        ("importance", -0.1),
        ("importance", float("nan")),
        ("importance", "high"),
        ("importance", True),
        ("expires_at", "2001-01-01T00:00:00Z"),
        ("expires_at", "tomorrow"),
        ("expires_at", 5),
        ("metadata", ["a"]),
        ("metadata", "a"),
        ("metadata", {"a": float("inf")}),
        ("metadata", {"a": "\0"}),
        ("metadata", {"a": object()}),
        ("metadata", {"a": 10**30}),
        ("metadata", {"a": "x" * 300_000}),
        ("tags", "retry"),
        ("tags", [""]),
        ("tags", ["x" * 101]),
        ("tags", [str(n) for n in range(65)]),
        ("tags", [1]),
    ],
)
async def test_what_cannot_be_is_refused_by_name_and_nothing_changes(shared: connect.Database, field: str, value: object) -> None:
    vault = await new_vault(shared)
    fields: dict[str, Any] = {"content": "kept", field: value}
    with pytest.raises(errors.InvalidRequest) as refused:
        await memories.remember(shared, vault, Draft(**fields))
    assert refused.value.field == field
    assert field in str(refused.value)
    assert len(str(refused.value)) < 500
    kept = await remember(shared, vault, "kept")
    with pytest.raises(errors.InvalidRequest) as refused:
        await memories.update(shared, vault, kept.id, {field: value})
    assert refused.value.field == field
    assert await store.get(shared, vault, kept.id) == kept


async def test_metadata_that_is_nested_without_end_is_refused(shared: connect.Database) -> None:
    deep: dict[str, Any] = {}
    for _ in range(10_000):
        deep = {"a": deep}
    with pytest.raises(errors.InvalidRequest, match="metadata is nested deeper"):
        checks.metadata(deep)


async def test_a_vault_that_is_not_there_or_archived_takes_nothing(shared: connect.Database) -> None:
    with pytest.raises(errors.NotFound):
        await remember(shared, uuid.uuid4(), "lost")
    vault = await new_vault(shared)
    kept = await remember(shared, vault, "kept")
    await vaults.archive(shared, vault)
    for change in (
        remember(shared, vault, "late"),
        memories.update(shared, vault, kept.id, {"importance": 1.0}),
        store.forget(shared, vault, kept.id),
        bulk.add(shared, vault, [NewMemory("late", "general")]),
    ):
        with pytest.raises(errors.Conflict, match="archived"):
            await change
    assert await contents(shared, vault) == ["kept"]


async def test_an_id_of_another_vault_is_not_found(shared: connect.Database) -> None:
    vault, other = await new_vault(shared), await new_vault(shared, "other")
    foreign = (await remember(shared, other, "foreign")).id
    mine = (await remember(shared, vault, "mine")).id
    for attempt in (
        store.get(shared, vault, foreign),
        store.pin(shared, vault, foreign, True),
        store.forget(shared, vault, foreign),
        store.restore(shared, vault, foreign),
        store.supersede(shared, vault, mine, foreign),
        store.history(shared, vault, foreign),
        memories.update(shared, vault, foreign, {"importance": 1.0}),
        consolidation.merge(shared, vault, [mine, foreign], "both"),
    ):
        with pytest.raises(errors.NotFound):
            await attempt
    with pytest.raises(errors.InvalidRequest, match="parent"):
        await remember(shared, vault, "child", parent_memory_id=foreign)
    assert (await store.get(shared, other, foreign)).access_count == 0


# -- large texts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [60_000, 70_000, 3 << 20])
async def test_a_large_text_comes_back_whole_and_is_found_by_what_stands_at_its_end(shared: connect.Database, size: int) -> None:
    vault = await new_vault(shared)
    large = "The quick brown fox, naïvely. " * (size // 30) + "At last a zebraCrossing over needle_street."
    kept = await remember(shared, vault, large)
    assert (await store.get(shared, vault, kept.id)).content == large
    assert (kept.compression_ratio is not None) == (size >= 65_536)
    rows = await shared.fetch("SELECT id FROM search_memories_hybrid('zebra crossing', NULL, in_vault => $1)", vault)
    assert [row["id"] for row in rows] == [kept.id]
    assert [memory.id for memory in await store.find_text(shared, vault, "zebraCrossing over needle_street")] == [kept.id]
    assert await store.find_text(shared, vault, "needle_street over") == []
    assert (await memories.remember(shared, vault, Draft(large))).outcome == "existing"


@pytest.mark.parametrize("alphabet", ["ab ", "日本語 ", "a-b_c.D/e ", "0123456789abcdef"])
async def test_text_search_takes_any_large_text(shared: connect.Database, alphabet: str) -> None:
    import random

    vault = await new_vault(shared)
    noise = "".join(random.Random(7).choices(alphabet, k=600_000))
    kept = await remember(shared, vault, noise)
    assert (await store.get(shared, vault, kept.id)).content == noise


# -- changing ----------------------------------------------------------------------------------------------------------------


async def test_an_update_keeps_what_was(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    kept = await remember(shared, vault, "one", tags=["a"], metadata={"n": 1})
    changed = await memories.update(shared, vault, kept.id, {"content": "two", "tags": ["b"], "metadata": {"n": 1}})
    assert (changed.content, changed.tags, changed.metadata) == ("two", ("b",), {"n": 1})
    assert changed.modified_at > kept.modified_at
    [event] = await store.history(shared, vault, kept.id)
    assert (event.version, event.operation, event.before) == (1, "update", {"content": "one", "tags": ["a"]})
    assert await memories.update(shared, vault, kept.id, {"content": "two"}) == changed
    assert len(await store.history(shared, vault, kept.id)) == 1
    assert [use.operation for use in await accesses.of_memory(shared, vault, kept.id)] == ["update", "update"]


async def test_an_update_cannot_make_two_of_one_text_or_a_loop_of_parents(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    one, two, three = [await remember(shared, vault, each) for each in ("one", "two", "three")]
    with pytest.raises(errors.Conflict, match=str(one.id)):
        await memories.update(shared, vault, two.id, {"content": "one"})
    with pytest.raises(errors.InvalidRequest, match="colour cannot be changed"):
        await memories.update(shared, vault, two.id, {"colour": "red"})
    await memories.update(shared, vault, two.id, {"parent_memory_id": one.id})
    await memories.update(shared, vault, three.id, {"parent_memory_id": two.id})
    for parent in (one.id, two.id, three.id):
        with pytest.raises(errors.InvalidRequest) as refused:
            await memories.update(shared, vault, one.id, {"parent_memory_id": parent})
        assert refused.value.field == "parent"
    assert await contents(shared, vault, parent_memory_id=two.id) == ["three"]


async def test_superseding_hides_and_cannot_go_in_circles(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    old, new, newer = [await remember(shared, vault, each) for each in ("old", "new", "newer")]
    await memories.supersede(shared, vault, old.id, new.id)
    await memories.supersede(shared, vault, new.id, newer.id)
    assert await contents(shared, vault) == ["newer"]
    assert await contents(shared, vault, with_superseded=True) == ["newer", "new", "old"]
    for one, by in ((newer, old), (old, old)):
        with pytest.raises(errors.InvalidRequest) as refused:
            await memories.supersede(shared, vault, one.id, by.id)
        assert refused.value.field == "by"
    await memories.supersede(shared, vault, new.id, None)
    assert await contents(shared, vault) == ["newer", "new"]


async def test_what_is_forgotten_can_be_had_back_with_what_it_stood_for(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    old, new = await remember(shared, vault, "old"), await remember(shared, vault, "new")
    await memories.supersede(shared, vault, old.id, new.id)
    await store.forget(shared, vault, new.id)
    assert await contents(shared, vault) == ["old"]
    assert await contents(shared, vault, forgotten=True) == ["new"]
    await store.restore(shared, vault, new.id)
    assert await contents(shared, vault) == ["new"]
    again = await memories.remember(shared, vault, Draft("new"))
    assert (again.outcome, again.memory.id) == ("existing", new.id)
    await store.forget(shared, vault, new.id)
    back = await memories.remember(shared, vault, Draft("new"))
    assert (back.outcome, back.memory.id, back.memory.forgotten_at) == ("revived", new.id, None)


async def test_nothing_comes_back_after_the_time_for_undoing(database: connect.Database) -> None:
    vault = await new_vault(database)
    gone = await remember(database, vault, "gone")
    await store.forget(database, vault, gone.id)
    await database.execute("UPDATE memories SET forgotten_at = now() - memory_undo_window() - INTERVAL '1 s'")
    with pytest.raises(errors.Conflict, match="too long ago"):
        await store.restore(database, vault, gone.id)
    report = await maintenance.run(database, force=True)
    assert report is not None
    assert report.n_removed == 1
    with pytest.raises(errors.NotFound):
        await store.get(database, vault, gone.id)


# -- listing -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["pinned", "retry", "plain"]),
        ({"contexts": ["code_decision", "code_error"]}, ["retry"]),
        ({"tags": ["net", "io"]}, ["retry"]),
        ({"tags": ["net"]}, ["pinned", "retry"]),
        ({"metadata": {"by": "ann"}}, ["retry"]),
        ({"metadata": {"by": {"a": 1}}}, []),
        ({"min_importance": 0.9}, ["retry"]),
        ({"is_pinned": True}, ["pinned"]),
        ({"tiers": ["session"]}, []),
        ({"created_until": dt.datetime(2001, 1, 1, tzinfo=dt.UTC)}, []),
        ({"created_from": dt.datetime(2001, 1, 1, tzinfo=dt.UTC)}, ["pinned", "retry", "plain"]),
        ({"with_expired": True}, ["expired", "pinned", "retry", "plain"]),
    ],
)
async def test_a_list_has_what_passes_the_filters(shared: connect.Database, filters: Mapping[str, Any], expected: list[str]) -> None:
    vault, other = await new_vault(shared), await new_vault(shared, "other")
    await remember(shared, other, "foreign")
    await remember(shared, vault, "plain")
    await remember(shared, vault, "retry", context="code_decision", tags=["io", "net"], metadata={"by": "ann", "n": 1}, importance=0.9)
    await remember(shared, vault, "pinned", tags=["net"], is_pinned=True)
    expired = await remember(shared, vault, "expired")
    await shared.execute("UPDATE memories SET expires_at = now() - INTERVAL '1 s' WHERE id = $1", expired.id)
    assert await contents(shared, vault, **filters) == expected


async def test_pages_meet_without_gap_or_repetition(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    # All of one transaction have one time of creation.
    moment = dt.datetime.now(dt.UTC)
    await bulk.add(shared, vault, [NewMemory(f"m{n}", "general", created_at=moment) for n in range(25)])
    pages = [await store.listed(shared, vault, limit=10, offset=offset) for offset in (0, 10, 20, 30)]
    assert [len(page.memories) for page in pages] == [10, 10, 5, 0]
    assert {page.total for page in pages} == {25}
    seen = [memory.id for page in pages for memory in page.memories]
    assert seen == [memory.id for memory in (await store.listed(shared, vault, limit=0)).memories]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("100%", ["100% sure"]), ("a_b", ["a_b c"]), ("\\d+", ["\\d+"]), ("SURE", ["100% sure"]), ("zz", []), ("c", ["a_b c"])],
)
async def test_text_is_found_as_it_stands(shared: connect.Database, wanted: str, expected: list[str]) -> None:
    vault = await new_vault(shared)
    for each in ("100% sure", "a_b c", "axb", "\\d+"):
        await remember(shared, vault, each)
    assert [memory.content for memory in await store.find_text(shared, vault, wanted)] == expected


async def test_a_long_text_is_found_as_it_stands(shared: connect.Database) -> None:
    import random

    vault = await new_vault(shared)
    source = random.Random(3)
    words = ["".join(source.choices("abcdefghij", k=6)) for _ in range(20_000)]
    middling = await remember(shared, vault, " ".join(words[:1000]))
    await remember(shared, vault, " ".join([*words[:500], "otherwise", *words[501:1000]]))
    large = await remember(shared, vault, " ".join(words[5000:]))
    for part, expected in ((words[:900], [middling.id]), (words[1:900][::-1], []), (words[5000:19_000], [large.id])):
        assert [memory.id for memory in await store.find_text(shared, vault, " ".join(part).title())] == expected


# -- loading many ------------------------------------------------------------------------------------------------------------


async def test_a_load_adds_what_is_not_there_and_can_be_repeated(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    awkward = ["tab\tnew\nline\rreturn", "back\\slash \\N \\.", 'quote"d {a,b}', "naïve 𝄞", "x" * 70_000]
    new = [NewMemory(each, "general", metadata={"k": each[:50]}, tags=[each[:20]]) for each in awkward]
    new += [NewMemory(f"fact {n}", "code_pattern", importance=n / 5000) for n in range(5000)]
    told: list[bulk.Loaded] = []
    assert await bulk.add(shared, vault, [*new, *new[:7]], told.append) == bulk.Loaded(5005, 7)
    assert told[-1] == bulk.Loaded(5005, 7)
    assert await bulk.add(shared, vault, new) == bulk.Loaded(0, 5005)
    for each in new[:6]:
        [kept] = await store.by_text(shared, vault, each.content)
        assert (kept.content, kept.metadata, list(kept.tags)) == (each.content, each.metadata, list(each.tags))
    page = await store.listed(shared, vault, Filters(contexts=["code_pattern"]), limit=3)
    assert (len(page.memories), page.total, page.is_total_exact) == (3, store.MAX_TOTAL, False)


async def test_loads_at_once_do_not_disturb_each_other(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    new = [NewMemory(f"fact {n}", "general") for n in range(2500)]
    loads = await asyncio.gather(*(bulk.add(shared, vault, new) for _ in range(2)))
    assert sum(load.n_added for load in loads) == 2500
    assert (await store.listed(shared, vault, limit=0)).total == 2500


# -- echoes ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "is_echo"),
    [
        (DECISION, True),
        (DECISION.upper().replace(" ", "  "), True),
        ("because the storage service drops connections", True),
        (f"Recalled memories:\n- {DECISION}", True),
        (f"1. {DECISION}\n2. Tabs are for indentation and spaces for alignment.", True),
        (DECISION.replace("three", "five"), False),
        (f"{DECISION} Since March this holds for downloads as well, except for thumbnails.", False),
        ("storage service", False),
        ("Something else that nobody has recalled today.", False),
    ],
)
def test_an_echo_is_nothing_but_what_was_recalled(content: str, is_echo: bool) -> None:
    recalled = [(uuid.uuid4(), DECISION), (uuid.uuid4(), "Tabs are for indentation and spaces for alignment.")]
    assert bool(memories.echo_of(content, recalled)) == is_echo


async def test_recalled_text_that_comes_back_is_not_stored(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    kept = await remember(shared, vault, DECISION)
    session = uuid.uuid4()
    now = dt.datetime.now(dt.UTC)
    await accesses.record(shared, [accesses.Access(vault, kept.id, "recall", now, session_id=session)])
    echo = Draft(f"As noted before: {DECISION}", "session_summary")
    said = await memories.remember(shared, vault, echo, session_id=session)
    assert (said.outcome, said.echoed, said.memory.id) == ("echo", (kept.id,), kept.id)
    assert await contents(shared, vault) == [DECISION]
    assert (await memories.remember(shared, vault, echo, session_id=uuid.uuid4())).outcome == "added"


# -- use, tiers, embeddings --------------------------------------------------------------------------------------------------


async def test_use_is_counted_in_batches_and_outlives_a_missing_memory(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    kept = await remember(shared, vault, "kept")
    log = uses.UseLog(shared)
    now = dt.datetime.now(dt.UTC)
    log.note([accesses.Access(vault, kept.id, "recall", now, "q", score=0.25, rank=1, duration_ms=3, user_context={"a": 1})])
    log.note([accesses.Access(vault, uuid.uuid4(), "recall", now)])
    log.note([accesses.Access(vault, kept.id, "recall", now + dt.timedelta(seconds=1), score=0.75)])
    assert log.n_waiting == 3
    await log.flush()
    used = await store.get(shared, vault, kept.id)
    assert (used.access_count, used.last_recall_score, used.modified_at) == (2, 0.75, kept.modified_at)
    [_, first] = await accesses.of_memory(shared, vault, kept.id)
    assert (first.query_text, first.score, first.rank, first.user_context) == ("q", 0.25, 1, {"a": 1})


async def test_uses_wait_while_the_database_is_away(dsn: str) -> None:
    database = await connect.connect(dsn, connect.PoolSettings(1, 1, patience_s=0.1), "tests")
    await database.close()
    log = uses.UseLog(database)
    now = dt.datetime.now(dt.UTC)
    log.note([accesses.Access(uuid.uuid4(), uuid.uuid4(), "recall", now) for _ in range(uses.MAX_WAITING + 700)])
    with pytest.raises(errors.IndexerError):
        await log.flush()
    assert log.n_waiting == uses.MAX_WAITING


async def test_a_move_to_another_tier_is_logged_and_loses_nothing(database: connect.Database) -> None:
    vault = await new_vault(database)
    text = "all of it " * 3000
    kept = await remember(database, vault, text)
    young = await remember(database, vault, "young")
    await database.execute("UPDATE memories SET created_at = now() - INTERVAL '15 days' WHERE id = $1", kept.id)
    assert tiers.next_move(young) == ("session", young.created_at + tiers.WORKING)
    report = await maintenance.run(database)
    assert report is not None
    assert (report.n_moved, report.n_compressed) == (1, 1)
    assert await maintenance.run(database) is None
    moved = await store.get(database, vault, kept.id)
    assert (moved.tier, moved.content, moved.content_hash) == ("longterm", text, kept.content_hash)
    assert moved.compression_ratio is not None
    assert (moved.modified_at, moved.tier_migrated_at is not None) == (kept.modified_at, True)
    log = await accesses.of_memory(database, vault, kept.id)
    assert [use.operation for use in log] == ["compress", "migrate"]
    assert log[1].user_context == {"from": "working", "to": "longterm"}
    assert (await memories.remember(database, vault, Draft(text))).outcome == "existing"


async def test_one_program_at_a_time_does_maintenance(database: connect.Database) -> None:
    reports = await asyncio.gather(*(maintenance.run(database, force=True) for _ in range(4)))
    assert sum(report is not None for report in reports) >= 1
    last = await maintenance.last_run(database)
    assert last is not None
    assert last[1] in reports


async def test_vectors_are_filled_in_and_follow_text_and_model(database: connect.Database) -> None:
    vault = await new_vault(database)
    minor = await remember(database, vault, "minor", importance=0.1)
    major = await remember(database, vault, "major", importance=0.9)
    model = await embeddings.check(database, "local", "all-MiniLM-L6-v2-int8", 384)
    waiting = await embeddings.pending(database)
    assert [each.id for each in waiting] == [major.id, minor.id]
    await memories.update(database, vault, minor.id, {"content": "changed meanwhile"})
    vectors = [embeddings.Vector(each.vault_id, each.id, each.content_hash, [0.5] * 384) for each in waiting]
    await embeddings.fill(database, model, vectors)
    assert [each.content for each in await embeddings.pending(database)] == ["changed meanwhile"]
    with pytest.raises(errors.Conflict, match=r"Set embedder\.kind"):
        await embeddings.check(database, "openai", "text-embedding-3-small", 1536)
    newer = await embeddings.use(database, "openai", "text-embedding-3-small", 1536)
    assert await embeddings.count_pending(database, vault) == 2
    await embeddings.fill(database, model, vectors)
    await embeddings.fill(database, newer, vectors)
    assert await embeddings.count_pending(database) == 2


# -- consolidation -----------------------------------------------------------------------------------------------------------


async def test_merging_loses_nothing_and_can_be_undone(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    one = await remember(shared, vault, DECISION, tags=["net"], importance=0.4)
    two = await remember(shared, vault, DECISION.replace("three", "five"), tags=["s3"], importance=0.7)
    await remember(shared, vault, "Tabs are for indentation and spaces for alignment.")
    proposal = await consolidation.propose(shared, vault)
    assert [[memory.id for memory in group.memories] for group in proposal.groups] == [[two.id, one.id]]
    assert (proposal.n_compared, proposal.is_complete) == (3, True)
    merged = await consolidation.merge(shared, vault, [one.id, two.id], "Uploads are retried.")
    assert (merged.consolidated_from, merged.importance, merged.tags) == ((one.id, two.id), 0.7, ("net", "s3"))
    assert set(await contents(shared, vault)) == {
        "Uploads are retried.",
        "Tabs are for indentation and spaces for alignment.",
    }
    assert (await store.get(shared, vault, one.id)).superseded_by == merged.id
    with pytest.raises(errors.Conflict, match="superseded"):
        await consolidation.merge(shared, vault, [one.id, two.id], "again")
    assert [memory.id for memory in await consolidation.revert(shared, vault, merged.id)] == [one.id, two.id]
    assert len(await contents(shared, vault)) == 3
    with pytest.raises(errors.Conflict, match="not made by a merge"):
        await consolidation.revert(shared, vault, one.id)


async def test_one_of_the_sources_may_stand_in_for_the_others(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    one, two = await remember(shared, vault, "one"), await remember(shared, vault, "two")
    merged = await consolidation.merge(shared, vault, [one.id, two.id], "one")
    assert merged.id == one.id
    assert await contents(shared, vault) == ["one"]
    await consolidation.revert(shared, vault, one.id)
    assert await contents(shared, vault) == ["two", "one"]


async def test_memories_of_several_contexts_need_one_named(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    one = await remember(shared, vault, "one", context="code_error")
    two = await remember(shared, vault, "two")
    with pytest.raises(errors.InvalidRequest, match="context"):
        await consolidation.merge(shared, vault, [one.id, two.id], "both")
    with pytest.raises(errors.InvalidRequest, match="two memories"):
        await consolidation.merge(shared, vault, [one.id, one.id], "both")
    assert (await consolidation.merge(shared, vault, [one.id, two.id], "both", "code_error")).context == "code_error"
