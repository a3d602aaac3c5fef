"""Vaults and states: kept apart, carried elsewhere whole, returned to."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from indexer import errors
from indexer.memory import memories, states, vaults
from indexer.memory.memories import Draft
from indexer.store import accesses, anchors, connect
from indexer.store import memories as memory_store
from indexer.store import states as state_store
from indexer.store import vaults as store
from indexer.store.memories import Filters
from indexer.store.portable import Loaded

pytest_plugins = ["database"]


@pytest_asyncio.fixture
async def shared(shared_dsn: str) -> AsyncIterator[connect.Database]:
    """A database that tests share; each has vaults of its own in it."""
    opened = await connect.connect(shared_dsn, connect.EMBEDDED, "tests")
    yield opened
    await opened.close()


async def new_vault(database: connect.Database) -> uuid.UUID:
    name = uuid.uuid4().hex
    return (await vaults.register(database, name, f"/{name}")).id


async def exported(database: connect.Database, vault: uuid.UUID) -> list[str]:
    return [line async for line in vaults.export_lines(database, vault)]


# -- vaults ------------------------------------------------------------------------------------------------------------------


async def test_one_vault_is_active_whatever_the_order_of_switching(database: connect.Database) -> None:
    made = [await vaults.register(database, f"v{n}", f"/v{n}") for n in range(5)]
    assert await store.active(database) is None
    for each in (*made, *reversed(made), made[2], made[2]):
        assert (await store.activate(database, each.id)).is_active
        assert [vault.name for vault in await store.listed(database) if vault.is_active] == [each.name]
    await asyncio.gather(*(store.activate(database, each.id) for each in made * 3))
    assert len([vault for vault in await store.listed(database) if vault.is_active]) == 1
    with pytest.raises(errors.NotFound):
        await store.activate(database, uuid.uuid4())
    assert await store.active(database) is not None
    await store.deactivate(database)
    assert await store.active(database) is None


async def test_an_archived_vault_is_not_active_and_can_be_had_back(database: connect.Database) -> None:
    vault = await vaults.register(database, "v", "/v", "team")
    await store.activate(database, vault.id)
    archived = await store.archive(database, vault.id)
    assert (archived.is_active, archived.is_archived, archived.archived_at is not None) == (False, True, True)
    with pytest.raises(errors.Conflict, match="archived"):
        await store.activate(database, vault.id)
    assert await store.listed(database) == []
    assert [each.id for each in await store.listed(database, with_archived=True)] == [vault.id]
    assert not (await store.unarchive(database, vault.id)).is_archived


async def test_projects_in_folders_of_one_name_have_vaults_of_their_own(database: connect.Database) -> None:
    got = await asyncio.gather(*(vaults.of_project(database, f"/srv/{n % 3}/web/") for n in range(12)))
    assert len({vault.id for vault in got}) == 3
    assert {vault.name for vault in got} == {"web", "web-2", "web-3"}
    again = await vaults.of_project(database, "/srv/1/web/")
    assert again.id == got[1].id


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", (" ", "/v")),
        ("name", ("x" * 256, "/v")),
        ("name", ("a\nb", "/v")),
        ("path", ("v", None)),
        ("type", ("v", "/v", "public")),
        ("settings", ("v", "/v", "project", ["a"])),
        ("settings.recall_weight", ("v", "/v", "project", {"recall_weight": 7})),
    ],
)
async def test_a_vault_that_cannot_be_is_refused(shared: connect.Database, field: str, values: tuple[object, ...]) -> None:
    with pytest.raises(errors.InvalidRequest) as refused:
        await vaults.register(shared, *values[:3], settings=values[3] if len(values) > 3 else None)
    assert refused.value.field == field


async def test_names_and_paths_are_taken_once(database: connect.Database) -> None:
    vault = await vaults.register(database, "v", "/v")
    other = await vaults.register(database, "w", "/w")
    for name, path in (("v", "/x"), ("x", "/v")):
        with pytest.raises(errors.Conflict):
            await vaults.register(database, name, path)
        with pytest.raises(errors.Conflict):
            await store.relocate(database, other.id, name, path)
    moved = await store.relocate(database, vault.id, "new", "/elsewhere/v")
    assert (await store.get(database, "new")).id == moved.id


async def test_settings_are_set_key_by_key(database: connect.Database) -> None:
    vault = await vaults.register(database, "v", "/v", settings={"recall_weight": 0.5, "colour": "red"})
    assert vaults.weight(vault) == 0.5
    changed = await vaults.configure(database, vault.id, {"colour": None, "n": [1]}, {"owner": "ann"})
    assert (changed.settings, changed.metadata) == ({"recall_weight": 0.5, "n": [1]}, {"owner": "ann"})


async def test_statistics_tell_what_a_vault_holds(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    await memories.remember(shared, vault, Draft("one", "code_error", is_pinned=True))
    two = (await memories.remember(shared, vault, Draft("two"))).memory
    three = (await memories.remember(shared, vault, Draft("three"))).memory
    await memories.supersede(shared, vault, two.id, three.id)
    four = (await memories.remember(shared, vault, Draft("four"))).memory
    await memory_store.forget(shared, vault, four.id)
    said = await store.statistics(shared, vault)
    assert (said.n_memories, said.n_superseded, said.n_forgotten, said.n_pinned, said.n_bytes) == (2, 1, 1, 1, 8)
    assert (said.by_context, said.by_tier) == ({"code_error": 1, "general": 1}, {"working": 2})
    with pytest.raises(errors.NotFound):
        await store.statistics(shared, uuid.uuid4())


# -- carrying elsewhere ------------------------------------------------------------------------------------------------------


async def furnished(database: connect.Database) -> uuid.UUID:
    """A vault with something of everything."""
    vault = await new_vault(database)
    await vaults.configure(database, vault, {"a": 1})
    first = (
        await memories.remember(database, vault, Draft('x\\y\t\n"z" naïve 𝄞', "code_decision", 0.9, metadata={"n": [1.5]}, tags=["a"]))
    ).memory
    large = (await memories.remember(database, vault, Draft("large " * 20_000, parent_memory_id=first.id))).memory
    await memories.update(database, vault, first.id, {"content": "changed", "tags": ["b", "c"]})
    await memories.supersede(database, vault, first.id, large.id)
    gone = (await memories.remember(database, vault, Draft("gone", expires_at="2999-01-01T00:00:00Z"))).memory
    await memory_store.forget(database, vault, gone.id)
    place = anchors.Place("a.py", "a.f", "function")
    [anchor] = await anchors.add(database, vault, first.id, [anchors.Target(place, b"h" * 32, "def f(): ...", uuid.uuid4())])
    moved = anchors.Sighting(
        anchor.id, anchor.confirmed_at, "moved", anchors.Place("b.py", "b.f", "function"), "a.py", "a.f", b"i" * 32, "x"
    )
    await anchors.note(database, vault, [moved])
    await states.capture(database, vault, name="small", working_context={"files": ["a"]}, memory_ids=[first.id], tags=["t"])
    await states.capture(database, vault, name="big", working_context={"notes": ["n" * 100] * 100})
    await state_store.restore(database, vault, "big")
    await accesses.record(database, [accesses.Access(vault, first.id, "recall", first.created_at, score=0.5)])
    return vault


async def test_an_export_imported_elsewhere_is_exported_the_same(shared: connect.Database) -> None:
    vault = await furnished(shared)
    lines = await exported(shared, vault)
    assert [json.loads(line)["record"] for line in lines].count("memory") == 3
    target = await new_vault(shared)
    assert await vaults.import_lines(shared, target, lines) == Loaded(3, 2, 0)
    copy = await exported(shared, target)
    assert copy[1:] == lines[1:]
    assert await vaults.import_lines(shared, target, lines) == Loaded(0, 0, 5)
    assert await exported(shared, target) == copy
    assert vaults.header(lines[0])["settings"] == {"a": 1}


async def test_an_import_keeps_what_is_there_and_leads_references_to_it(shared: connect.Database) -> None:
    vault = await furnished(shared)
    lines = await exported(shared, vault)
    target = await new_vault(shared)
    there = (await memories.remember(shared, target, Draft("changed", "code_decision", importance=0.1))).memory
    assert await vaults.import_lines(shared, target, lines) == Loaded(2, 2, 1)
    [child] = (await memory_store.listed(shared, target, Filters(parent_memory_id=there.id))).memories
    assert child.content.startswith("large")
    kept = await memory_store.get(shared, target, there.id)
    assert (kept.importance, kept.superseded_by) == (0.1, None)
    assert [each.place.path for each in await anchors.at_paths(shared, target, ["b.py"])] == ["b.py"]


def a_memory(lines: list[str], **fields: Any) -> str:
    """A memory's line with other fields."""
    found = next(line for line in map(json.loads, lines) if line["record"] == "memory")
    return json.dumps({**found, **fields})


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        pytest.param(lambda lines: ["{", *lines[1:]], 1, id="a head that is no JSON"),
        pytest.param(lambda lines: lines[1:], 1, id="no head"),
        pytest.param(lambda lines: [*lines, "[]"], -1, id="no object"),
        pytest.param(lambda lines: [*lines, "x"], -1, id="no JSON"),
        pytest.param(lambda lines: [*lines, '{"record": "other"}'], -1, id="an unknown record"),
        pytest.param(lambda lines: [*lines, a_memory(lines, impotence=1)], -1, id="an unknown field"),
        pytest.param(lambda lines: [*lines, a_memory(lines, context="code_smell")], -1, id="an unknown context"),
        pytest.param(lambda lines: [*lines, a_memory(lines, created_at="yesterday")], -1, id="no time"),
        pytest.param(lambda lines: [*lines, a_memory(lines, tier="hot")], -1, id="an unknown tier"),
        pytest.param(lambda lines: [*lines, a_memory(lines, id="1")], -1, id="no id"),
        pytest.param(lambda lines: [*lines, a_memory(lines, content="a\0b")], -1, id="NUL"),
        pytest.param(lambda lines: [*lines, a_memory(lines, content=None)], -1, id="no content"),
    ],
)
async def test_a_broken_export_is_refused_by_line_and_nothing_changes(shared: connect.Database, spoil: Any, line: int) -> None:
    lines = spoil(await exported(shared, await furnished(shared)))
    target = await new_vault(shared)
    number = len(lines) if line == -1 else line
    with pytest.raises(errors.InvalidRequest, match=f"line {number} of the export"):
        await vaults.import_lines(shared, target, lines)
    assert (await store.statistics(shared, target)).n_memories == 0


# -- states ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 10_000])
async def test_a_state_comes_back_whole(shared: connect.Database, size: int) -> None:
    vault = await new_vault(shared)
    known = (await memories.remember(shared, vault, Draft("known then"))).memory
    context = {"files": [{"path": "a.py", "line": n} for n in range(size)], "notes": ["naïve 𝄞"], "n": 1.5, "none": None}
    kept = await states.capture(shared, vault, name="s", working_context=context, memory_ids=[known.id], tags=["t", "t"])
    await memories.update(shared, vault, known.id, {"content": "known today"})
    back = await states.restore(shared, vault, kept.id)
    assert (back.working_context, back.tags, back.restore_count) == (context, ("t",), 1)
    assert back.memory_state is not None
    assert back.memory_state["memories"][0]["content"] == "known then"
    assert (back.compressed_size is not None) == (size > 1)
    listed, total = await state_store.listed(shared, vault, tags=["t"])
    assert (total, listed[0].id, listed[0].restore_count) == (1, kept.id, 1)
    again = await states.capture(shared, vault, name="s", working_context={"files": []})
    assert (await states.restore(shared, vault, "s")).id == again.id


async def test_states_belong_to_a_vault_and_end(shared: connect.Database) -> None:
    vault, other = [await new_vault(shared) for _ in range(2)]
    kept = await states.capture(shared, vault, name="s", working_context={})
    automatic = await states.capture_automatically(shared, vault, "before switch to main", {"branch": "x"})
    assert (automatic.auto_captured, automatic.expires_at is not None) == (True, True)
    for key in (kept.id, "s"):
        with pytest.raises(errors.NotFound):
            await states.restore(shared, other, key)
    await shared.execute("UPDATE state_captures SET expires_at = now() - INTERVAL '1 s' WHERE auto_captured")
    with pytest.raises(errors.NotFound):
        await states.restore(shared, vault, automatic.id)
    await state_store.remove(shared, vault, kept.id)
    assert await state_store.listed(shared, vault) == ([], 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("working_context", None),
        ("working_context", ["a"]),
        ("working_context", {"a": float("nan")}),
        ("working_context", {"a": "x" * (9 << 20)}),
        ("importance", 2),
        ("expires_at", "2001-01-01"),
        ("description", 5),
        ("tags", "t"),
    ],
)
async def test_a_state_that_cannot_be_is_refused(shared: connect.Database, field: str, value: object) -> None:
    vault = await new_vault(shared)
    fields: dict[str, Any] = {"name": "s", "working_context": {}, field: value}
    with pytest.raises(errors.InvalidRequest) as refused:
        await states.capture(shared, vault, **fields)
    assert refused.value.field == field
    with pytest.raises(errors.NotFound):
        await states.capture(shared, vault, name="s", working_context={}, memory_ids=[uuid.uuid4()])
    assert await state_store.listed(shared, vault) == ([], 0)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        ({"a": 1}, {"a": 1.0}, [("a", "changed")]),
        ({"a": 1, "b": 2}, {"b": 3, "c": 4}, [("a", "removed"), ("b", "changed"), ("c", "added")]),
        ({"f": ["x", "y"]}, {"f": ["y", "z"]}, [("f[0]", "removed"), ("f[1]", "added")]),
        ({"f": ["x", "y"]}, {"f": ["y", "x"]}, [("f", "changed")]),
        ({"f": [{"p": "a", "l": 1}, 2]}, {"f": [{"p": "a", "l": 5}, 2]}, [("f[0].l", "changed")]),
        ({"f": {"g": None}}, {"f": {"g": []}}, [("f.g", "changed")]),
    ],
)
def test_states_differ_by_content(before: Any, after: Any, expected: list[tuple[str, str]]) -> None:
    assert [(each.path, each.kind) for each in states.differences(before, after)] == expected


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(json_values, json_values)
def test_only_equal_values_have_no_differences(before: Any, after: Any) -> None:
    assert states.differences(before, before) == []
    assert bool(states.differences(before, after)) == (json.dumps(before, sort_keys=True) != json.dumps(after, sort_keys=True))


async def test_two_states_are_compared_by_id_or_name(shared: connect.Database) -> None:
    vault = await new_vault(shared)
    one = await states.capture(shared, vault, name="one", working_context={"files": ["a"] * 3000})
    await states.capture(shared, vault, name="two", working_context={"files": ["a"] * 3000, "task": "t"})
    [found] = await states.compare(shared, vault, one.id, "two")
    assert (found.path, found.kind, found.after) == ("working_context.task", "added", "t")
    with pytest.raises(errors.NotFound):
        await states.compare(shared, vault, "one", "three")
