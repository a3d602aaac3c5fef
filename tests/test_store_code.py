"""Writing a project's index: loads, commits, and what stays the same."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from code_rows import PROJECT, Call, Definition, File, contents, file_id, file_row, load, replaced, resolved, symbol_id, symbols
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import errors, model
from indexer.store import code, connect, rows

pytest_plugins = ["database"]

TREE = {
    "app/a.py": File(
        (Definition("a", kind="module"), Definition("run", 3), Definition("stop", 9)),
        (Call("run", ("app/b.py", "help"), sites=(4, 8, 5, 8)), Call("run", ("app/a.py", "stop"))),
        blobs=rows.FileBlobs(b"sites", b"imports", b"provides", b"reads"),
    ),
    "app/b.py": File((Definition("b", kind="module"), Definition("help", 2)), flags=("test",), problem="partial"),
}


async def count(store: code.Store, table: str) -> int:
    number = await store.database.fetchval(f"SELECT count(*) FROM {table}")
    assert isinstance(number, int)
    return number


async def test_a_load_is_seen_at_once_and_whole(store: code.Store) -> None:
    project = await store.project("/the/project", "project", PROJECT)
    async with store.bulk(project) as under_way:
        await under_way.symbols(b"".join(symbols(path, file) for path, file in TREE.items()))
        await under_way.finish_symbols()
        assert await count(store, "code_symbols") == 0
        for path, file in TREE.items():
            await under_way.relationships(replaced(path, file).relationships)
            await under_way.files(file_row(path, file))
    assert under_way.generation == await store.generation(PROJECT)
    assert under_way.generation is not None
    assert under_way.generation.number == 1
    assert [await count(store, table) for table in ("files", "code_symbols", "symbol_relationships")] == [2, 5, 2]


async def test_a_load_replaces_the_former_one(store: code.Store) -> None:
    await load(store, TREE)
    project = await load(store, {"new.py": File((Definition("only"),))})
    assert [file.path for file in await store.signatures(project)] == ["new.py"]
    assert await count(store, "code_symbols") == 1
    assert (await store.generation(PROJECT)).number == 2


async def test_a_load_that_fails_changes_nothing(store: code.Store) -> None:
    project = await load(store, TREE)
    before = await contents(store)

    async def load_and_fail(chunk: bytes, error: Exception) -> None:
        async with store.bulk(project) as under_way:
            await under_way.symbols(chunk)
            await under_way.finish_symbols()
            raise error

    with pytest.raises(ZeroDivisionError):
        await load_and_fail(symbols("x.py", File((Definition("x"),))), ZeroDivisionError())
    with pytest.raises(errors.IndexerError):
        await store.load(project, [b"not rows"], [], [])
    assert await contents(store) == before
    assert (await store.generation(PROJECT)).number == 1


async def test_a_load_that_is_cut_off_says_so_and_changes_nothing(store: code.Store) -> None:
    project = await load(store, TREE)
    before = await contents(store)

    async def load_cut_off() -> None:
        async with store.bulk(project) as under_way:
            await under_way.symbols(symbols("x.py", File((Definition("x"),))))
            await store.database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND state = 'idle in transaction' AND pid <> pg_backend_pid()"
            )

    with pytest.raises(errors.DatabaseUnavailable):
        await load_cut_off()
    assert await contents(store) == before
    await load(store, TREE)
    assert await contents(store) == before


async def test_two_loads_of_a_project_do_not_mix(store: code.Store) -> None:
    project = await store.project("/the/project", "project", PROJECT)
    async with store.bulk(project):
        with pytest.raises(errors.Conflict, match="Another load"):
            async with store.bulk(project):
                pass


async def test_what_a_killed_load_left_is_dropped_by_the_next(store: code.Store) -> None:
    await store.database.execute("SELECT make_partition('code_symbols', $1, 'killed')", PROJECT)
    await load(store, TREE)
    left = "SELECT count(*) FROM pg_class WHERE relname LIKE 'code\\_symbols\\_%\\_killed'"
    assert await store.database.fetchval(left) == 0


async def test_a_load_of_an_unknown_project_is_refused(store: code.Store) -> None:
    ghost = model.Project(uuid.uuid4(), "/ghost", "ghost", model.Generation(0, 0))
    with pytest.raises(errors.Conflict, match="not in the database"):
        await store.load(ghost, [], [], [])
    with pytest.raises(errors.Conflict, match="removed"):
        await store.commit(ghost, removed=[uuid.uuid4()])


async def test_a_commit_gives_what_a_load_gives(store: code.Store) -> None:
    project = await store.project("/the/project", "project", PROJECT)
    done = await store.commit(project, replaced=[replaced(path, file) for path, file in TREE.items()])
    committed = await contents(store)
    await load(store, TREE)
    assert committed == await contents(store)
    assert done.generation.number == 1


async def test_a_commit_touches_only_what_changed(store: code.Store) -> None:
    project = await load(store, TREE)
    versions = "SELECT id, xmin::text || ctid::text AS version, created_at FROM code_symbols ORDER BY id"
    before = {row["id"]: row for row in await store.database.fetch(versions)}
    edited = File((*TREE["app/a.py"].definitions[:2], Definition("stop", 12)), TREE["app/a.py"].calls)
    await store.commit(project, replaced=[replaced("app/a.py", edited)])
    after = {row["id"]: row for row in await store.database.fetch(versions)}
    changed = {id for id in before if before[id]["version"] != after[id]["version"]}
    assert changed == {symbol_id("app/a.py", "stop")}
    assert {id: row["created_at"] for id, row in before.items()} == {id: row["created_at"] for id, row in after.items()}


async def test_resolving_again_changes_relationships_and_counts_alone(store: code.Store) -> None:
    project = await load(store, TREE)
    call = Call("run", ("app/b.py", "help"), confidence=0.5, evidence=model.Evidence.unique_name)
    await store.commit(project, resolved=[resolved("app/a.py", File((), (call,), blobs=rows.FileBlobs(sites=b"other")))])
    found = await store.database.fetch("SELECT target_id, confidence, evidence FROM symbol_relationships")
    assert [tuple(row) for row in found] == [(symbol_id("app/b.py", "help"), 0.5, model.Evidence.unique_name)]
    assert await count(store, "code_symbols") == 5
    blobs = await store.file_blobs(project, None, ["sites", "reads"])
    assert blobs[file_id("app/a.py")] == rows.FileBlobs(sites=b"other", reads=b"reads")


async def test_a_removed_file_takes_its_rows_along_and_leaves_others(store: code.Store) -> None:
    project = await load(store, TREE)
    await store.commit(project, removed=[file_id("app/a.py")])
    assert [file.path for file in await store.signatures(project)] == ["app/b.py"]
    assert await count(store, "code_symbols") == 2
    assert await count(store, "symbol_relationships") == 0


async def test_signatures_and_packed_columns_come_back_as_they_went(store: code.Store) -> None:
    project = await load(store, TREE)
    (first, second) = await store.signatures(project)
    assert first.signature == model.Signature(100, 10**18 + 1, 10**18 + 2, 2**64 - 5)
    assert (second.path, second.flags, second.problem) == ("app/b.py", ("test",), "partial")
    assert (first.content_hash, first.extractor_version, first.n_lines) == (b"app/a.py", "7", 40)
    blobs = await store.file_blobs(project, [first.id, uuid.uuid4()], ["provides"])
    assert blobs == {first.id: rows.FileBlobs(provides=b"provides")}
    touched = model.Signature(5, 6, 7, 2**64 - 1)
    await store.touch(project, {first.id: touched})
    assert (await store.signatures(project))[0].signature == touched


async def test_paths_and_names_have_no_limit(store: code.Store) -> None:
    path = "/".join(["ä" * 200] * 10) + ".py"
    name = uuid.uuid4().hex * 400
    project = await load(store, {path: File((Definition(name),)), "b.py": File((Definition(name + "2"),))})
    assert [file.path for file in await store.signatures(project)] == ["b.py", path]
    await store.commit(project, replaced=[replaced(path, File((Definition(name, 5),)))])
    assert await store.database.fetchval("SELECT line_number FROM code_symbols WHERE name = $1", name) == 5


async def test_projects_do_not_mix(store: code.Store) -> None:
    await load(store, TREE)
    other = await store.project("/other", "other", uuid.uuid4())
    await store.commit(other, removed=[file_id("app/a.py")])
    assert await count(store, "files") == 2
    assert [project.root for project in await store.projects()] == ["/other", "/the/project"]
    await store.drop_project(PROJECT)
    assert [project.root for project in await store.projects()] == ["/other"]
    assert await count(store, "code_symbols") == 0
    with pytest.raises(errors.NotFound):
        await store.generation(PROJECT)


async def test_queries_go_on_while_a_load_takes_its_place(store: code.Store, dsn: str) -> None:
    await load(store, TREE)
    is_over = asyncio.Event()

    async def look() -> set[int]:
        seen = set()
        while not is_over.is_set():
            seen.add(await count(store, "code_symbols"))
        return seen

    looking = [asyncio.create_task(look()) for _ in range(3)]
    for _ in range(5):
        await load(store, TREE)
    is_over.set()
    assert set().union(*await asyncio.gather(*looking)) == {5}


async def test_reference_counts_follow_by_maintenance(store: code.Store) -> None:
    project = await load(store, TREE)
    assert await store.count_references(project) == 2
    assert await store.count_references(project) == 0
    found = await store.database.fetch("SELECT name, reference_count FROM code_symbols WHERE reference_count > 0 ORDER BY 1")
    assert [tuple(row) for row in found] == [("help", 2), ("stop", 1)]


async def test_the_cache_of_facts_is_shared_and_bounded(store: code.Store) -> None:
    await store.facts_put("python", "1", {b"old": b"o" * 100})
    await store.database.execute("UPDATE facts_cache SET last_used = now() - INTERVAL '1 day'")
    await store.facts_put("python", "1", {b"new": b"n" * 100, b"old": b"x"})
    assert await store.facts_get("python", "1", [b"old", b"new", b"none"]) == {b"old": b"o" * 100, b"new": b"n" * 100}
    assert await store.facts_get("python", "2", [b"old"]) == {}
    # Both were just used, so both are young; the one that is aged goes.
    await store.database.execute("UPDATE facts_cache SET last_used = now() - INTERVAL '1 day' WHERE content_hash = $1", b"new")
    assert await store.facts_evict(150) == 1
    assert await store.facts_get("python", "1", [b"old", b"new"]) == {b"old": b"o" * 100}
    assert await store.facts_evict(150) == 0


NAMES = ("p", "q", "r")
PATHS = ("a.py", "b.py", "c.py")


def files() -> st.SearchStrategy[File]:
    calls = st.builds(
        Call,
        st.sampled_from(NAMES),
        st.tuples(st.sampled_from(PATHS), st.sampled_from(NAMES)),
        st.sampled_from(("calls", "uses")),
        st.sampled_from((0.5, 1.0)),
        st.sampled_from(((1, 0), (2, 3, 4, 5))),
    )
    return st.builds(
        File,
        st.lists(st.integers(1, 3), max_size=3).map(
            lambda lines: tuple(Definition(name, line) for name, line in zip(NAMES, lines, strict=False))
        ),
        st.lists(calls, max_size=4, unique_by=lambda call: (call.source, call.target, call.type)).map(tuple),
    )


def own_calls(file: File) -> File:
    """The file without calls from symbols that it does not define."""
    names = {definition.name for definition in file.definitions}
    return File(file.definitions, tuple(call for call in file.calls if call.source in names))


CHANGES = st.lists(st.dictionaries(st.sampled_from(PATHS), st.none() | files(), min_size=1), min_size=1, max_size=5)


@pytest.fixture
def running(dsn: str) -> Iterator[tuple[asyncio.Runner, code.Store]]:
    """A store and the loop that it lives in, for tests that are not asynchronous themselves."""
    with asyncio.Runner() as runner:
        store = runner.run(code.open_store(dsn, connect.EMBEDDED, "tests"))
        yield runner, store
        runner.run(store.close())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_any_commits_give_what_a_load_of_the_result_gives(
    running: tuple[asyncio.Runner, code.Store], changes: list[dict[str, File | None]]
) -> None:
    async def check(store: code.Store) -> None:
        tree: dict[str, File] = {}
        project = await load(store, tree)
        for change in changes:
            removed = [path for path, file in change.items() if file is None and path in tree]
            written = {path: own_calls(file) for path, file in change.items() if file is not None}
            for path in removed:
                del tree[path]
            tree |= written
            await store.commit(
                project,
                replaced=[replaced(path, file) for path, file in written.items()],
                removed=[file_id(path) for path in removed],
            )
        committed: Any = await contents(store)
        await load(store, tree)
        assert committed == await contents(store)

    runner, store = running
    runner.run(check(store))
