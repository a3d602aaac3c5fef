"""Reading a project's index: what is found, in which order, and how much there is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence

import pytest
import pytest_asyncio
from code_rows import PROJECT, Call, Definition, File, file_id, load, symbol_id
from database import fresh

from indexer import model
from indexer.store import code, connect, graph, rows

pytest_plugins = ["database"]

TREE = {
    "pkg/users.py": File((
        Definition("users", kind="module", qualified="pkg.users", end=100),
        Definition("User", 10, "class", end=50, qualified="pkg.users.User"),
        Definition("get_name", 20, "method", end=30, qualified="pkg.users.User.get_name"),
        Definition("get_user", 60, end=70, definition="def get_user():\n    User()\n    return User\n"),
    ), (
        Call("get_user", ("pkg/users.py", "User"), sites=(61, 4, 62, 11)),
        Call("get_user", ("pkg/users.py", "get_name"), sites=(61, 12), confidence=0.9),
    )),
    "pkg/views.py": File((
        Definition("views", kind="module", qualified="pkg.views"),
        Definition("getUser", 5),
        Definition("User", 2, "import", qualified="pkg.views.User"),
        Definition("show", 9),
    ), (
        Call("show", ("pkg/users.py", "get_user"), sites=(10, 4)),
        Call("getUser", ("pkg/views.py", "show"), sites=(6, 4), confidence=0.5),
    )),
    "tests/test_users.py": File((
        Definition("test_users", kind="module", qualified="tests.test_users"),
        Definition("get_user", 3, qualified="tests.test_users.get_user"),
        Definition("test_get_user_name", 7),
    ), (
        Call("test_get_user_name", ("pkg/users.py", "get_user"), sites=(8, 4), confidence=1.0),
        Call("test_get_user_name", ("pkg/users.py", "User"), "uses", sites=(8, 0)),
    ), flags=("test",)),
    "go/users.go": File((Definition("GetUsers", 4, qualified="go/users.GetUsers", language="go"),)),
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded_dsn(server: str, template: str) -> Iterator[str]:
    """A database with TREE in it, for all tests that only read."""

    async def fill(dsn: str) -> None:
        store = await code.open_store(dsn, connect.EMBEDDED, "tests")
        await load(store, TREE)
        await store.close()

    for dsn in fresh(server, template):
        asyncio.run(fill(dsn))
        yield dsn


@pytest_asyncio.fixture
async def loaded(loaded_dsn: str) -> AsyncIterator[connect.Database]:
    opened = await connect.connect(loaded_dsn, connect.EMBEDDED, "tests")
    yield opened
    await opened.close()


def names(symbols: Sequence[model.Symbol]) -> list[str]:
    return [symbol.qualified_name for symbol in symbols]


@pytest.mark.parametrize(
    ("text", "stage", "expected"),
    [
        ("User", "exact", ["pkg.users.User", "pkg.views.User"]),
        ("get_user", "exact", ["pkg.users.get_user", "tests.test_users.get_user"]),
        ("users.User", "exact", ["pkg.users.User"]),
        ("pkg.users.User", "exact", ["pkg.users.User"]),
        ("wsers.User.zzzzzzzz", None, []),
        ("GET_USER", "style", ["pkg.users.get_user", "pkg.views.getUser", "tests.test_users.get_user"]),
        ("GetName", "style", ["pkg.users.User.get_name"]),
        ("getuse", "prefix", ["pkg.views.getUser", "pkg.users.get_user", "go/users.GetUsers", "tests.test_users.get_user"]),
        ("name user", "words", ["tests.test_users.test_get_user_name"]),
        ("get_nmae", None, []),
        ("", None, []),
        ("  ", None, []),
        ("'); DROP TABLE files; --", None, []),
        ("%", None, []),
        ("\0\ud800", None, []),
        ("x" * 100_000, None, []),
    ],
    ids=lambda value: str(value)[:30].encode("ascii", "replace").decode() if isinstance(value, str) else None,
)
async def test_find_goes_from_sure_to_loose(loaded: connect.Database, text: str, stage: str | None, expected: list[str]) -> None:
    found = await graph.find(loaded, PROJECT, text)
    assert (found.stage, sorted(names(found.symbols)), found.total) == (stage, sorted(expected), len(expected))


async def test_names_that_are_spelt_alike_are_found_in_their_order(loaded: connect.Database) -> None:
    found = await graph.spelt(loaded, PROJECT, ["getUser", "nowhere", "get_name"])
    assert (found.stage, names(found.symbols)) == ("fuzzy", ["pkg.views.getUser", "pkg.users.User.get_name"])
    assert await graph.spelt(loaded, PROJECT, ["nowhere"]) == graph.Found(None, (), 0)


async def test_find_ranks_imports_and_tests_last(loaded: connect.Database) -> None:
    found = await graph.find(loaded, PROJECT, "User")
    assert names(found.symbols) == ["pkg.users.User", "pkg.views.User"]
    found = await graph.find(loaded, PROJECT, "get_user")
    assert names(found.symbols) == ["pkg.users.get_user", "tests.test_users.get_user"]


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (graph.Filter(kinds=("class",)), ["pkg.users.User"]),
        (graph.Filter(kinds=("import",)), ["pkg.views.User"]),
        (graph.Filter(path="pkg/*"), ["pkg.users.User", "pkg.views.User"]),
        (graph.Filter(path="views.py"), ["pkg.views.User"]),
        (graph.Filter(path="pkg/"), ["pkg.users.User", "pkg.views.User"]),
        (graph.Filter(languages=("go",)), ["go/users.GetUsers"]),
        (graph.Filter(languages=("cobol",)), []),
    ],
)
async def test_find_keeps_to_its_filter(loaded: connect.Database, only: graph.Filter, expected: list[str]) -> None:
    found = await graph.find(loaded, PROJECT, "GetUsers" if only.languages else "User", only=only)
    assert names(found.symbols) == expected


async def test_find_counts_all_and_gives_a_page(loaded: connect.Database) -> None:
    for page, n in ((graph.Page(1), 1), (graph.Page(10, 1), 1), (graph.Page(10, 5), 0), (graph.Page(0), 0)):
        found = await graph.find(loaded, PROJECT, "get_user", page=page)
        assert (len(found.symbols), found.total, found.stage) == (n, 2, "exact")


@pytest.mark.parametrize(
    ("glob", "yes", "no"),
    [
        ("*.py", "a/b.py", "a/b.pyc"),
        ("a/*.py", "a/b.py", "a/b/c.py"),
        ("a/**/*.py", "a/b/c/d.py", "b/a/c.py"),
        ("a/**/*.py", "a/d.py", "ab/d.py"),
        ("/a", "a", "b/a"),
        ("a/**", "a/b/c", "a"),
        ("a/", "b/a/c", "b/c/a"),
        ("a+b[1].py", "x/a+b[1].py", "aab1.py"),
        ("?.py", "x/a.py", "ab.py"),
    ],
)
def test_globs(glob: str, yes: str, no: str) -> None:
    pattern = re.compile(graph.path_pattern(glob))
    assert pattern.match(yes)
    assert not pattern.match(no)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pkg.users.User", ["pkg.users.User"]),
        ("User", ["pkg.users.User"]),
        ("views.User", ["pkg.views.User"]),
        ("User.get_name", ["pkg.users.User.get_name"]),
        ("pkg.users.get_user", ["pkg.users.get_user"]),
        ("get_user", ["pkg.users.get_user", "tests.test_users.get_user"]),
        ("GetUsers", ["go/users.GetUsers"]),
        ("users.GetUsers", ["go/users.GetUsers"]),
        ("nothing", []),
        (".", []),
        ("", []),
    ],
)
async def test_a_symbol_by_name_or_end_of_it(loaded: connect.Database, text: str, expected: list[str]) -> None:
    assert names(await graph.named(loaded, PROJECT, text)) == expected


async def test_a_symbol_comes_with_what_it_was_given(store: code.Store) -> None:
    every_flag = (1 << len(rows.FLAGS)) - 1
    given = Definition("f", 3, "constructor", 9, 7, "m.f", "says", "def f(): ...", flags=every_flag)
    await load(store, {"m.py": File((given,))})
    (symbol,) = await graph.symbols(store.database, PROJECT, [symbol_id("m.py", "f"), symbol_id("m.py", "g")])
    assert symbol == model.Symbol(
        symbol_id("m.py", "f"), file_id("m.py"), "m.py", "f", "m.f", "constructor", "python", 3, 7, 3, 0, 9, 80,
        None, 0, "def f()", "says", "public", None, None, None, True, True, True, True, True,
    )  # fmt: skip
    assert symbol.type == "method"
    texts = await graph.texts(store.database, PROJECT, symbol.id)
    assert texts == graph.Texts("def f(): ...", None, None, {})
    assert await graph.texts(store.database, PROJECT, symbol_id("m.py", "g")) is None


async def test_an_outline_is_in_source_order(loaded: connect.Database) -> None:
    outline = await graph.outline(loaded, PROJECT, file_id("pkg/users.py"))
    assert [symbol.name for symbol in outline] == ["users", "User", "get_name", "get_user"]
    assert await graph.outline(loaded, PROJECT, file_id("none.py")) == []


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        (20, None, ["get_name", "User", "users"]),
        (40, None, ["User", "users"]),
        (20, 6, ["get_name", "User", "users"]),
        (10, 5, ["User", "users"]),
        (99, 3, ["users"]),
        (1000, None, []),
    ],
)
async def test_what_stands_at_a_place(loaded: connect.Database, line: int, column: int | None, expected: list[str]) -> None:
    found = await graph.at(loaded, PROJECT, file_id("pkg/users.py"), line, column)
    assert [symbol.name for symbol in found] == expected


async def test_callers_come_surest_first_with_their_sites(loaded: connect.Database) -> None:
    found = await graph.incoming(loaded, PROJECT, [symbol_id("pkg/users.py", "get_user")], ["calls"])
    assert [(r.symbol.name, r.path, r.sites) for r in found.items] == [
        ("show", "pkg/views.py", ((10, 4),)),
        ("test_get_user_name", "tests/test_users.py", ((8, 4),)),
    ]
    assert (found.total, found.sites_total, found.items[1].flags) == (2, 2, ("test",))
    assert found.items[0].evidence is model.Evidence.import_


async def test_references_are_of_every_type_or_of_those_asked_for(loaded: connect.Database) -> None:
    target = [symbol_id("pkg/users.py", "User")]
    found = await graph.incoming(loaded, PROJECT, target)
    ways = {(r.symbol.name, r.relationship_type) for r in found.items}
    assert ways == {("get_user", "calls"), ("test_get_user_name", "uses")}
    assert (found.total, found.sites_total) == (2, 3)
    assert (await graph.incoming(loaded, PROJECT, target, ["overrides"])).total == 0
    page = await graph.incoming(loaded, PROJECT, target, page=graph.Page(5, 5))
    assert (page.items, page.total, page.sites_total) == ((), 2, 3)
    several = [*target, symbol_id("pkg/users.py", "get_name")]
    assert (await graph.incoming(loaded, PROJECT, several)).total == 3


async def test_callees_come_in_source_order(loaded: connect.Database) -> None:
    source = [symbol_id("pkg/users.py", "get_user")]
    found = await graph.outgoing(loaded, PROJECT, source)
    assert [(r.symbol.name, r.sites) for r in found.items] == [("User", ((61, 4), (62, 11))), ("get_name", ((61, 12),))]
    sure = await graph.outgoing(loaded, PROJECT, source, least_confidence=0.95)
    assert [r.symbol.name for r in sure.items] == ["User"]


async def test_impact_is_nearest_first_with_the_best_way(loaded: connect.Database) -> None:
    found = await graph.impact(loaded, PROJECT, [symbol_id("pkg/users.py", "get_name")])
    way = [(r.symbol.name, r.distance, r.confidence, r.flags) for r in found.items]
    assert way == [
        ("get_user", 1, 0.9, ()),
        *sorted([("show", 2, 0.9, ()), ("test_get_user_name", 2, 0.9, ("test",))], key=lambda row: symbol_id(
            "pkg/views.py" if row[0] == "show" else "tests/test_users.py", row[0]).bytes),
        ("getUser", 3, 0.45, ()),
    ]  # fmt: skip
    assert (found.total, found.is_cut) == (4, False)
    assert found.items[-1].next_id == symbol_id("pkg/views.py", "show")
    near = await graph.impact(loaded, PROJECT, [symbol_id("pkg/users.py", "get_name")], depth=1)
    assert [r.symbol.name for r in near.items] == ["get_user"]


async def test_impact_stops_at_its_limit_and_says_so(store: code.Store) -> None:
    n = 30
    chain = {
        "c.py": File(
            tuple(Definition(f"f{i}", i + 1) for i in range(n)),
            tuple(Call(f"f{(i + 1) % n}", ("c.py", f"f{i}")) for i in range(n)),
        )
    }
    await load(store, chain)
    found = await graph.impact(store.database, PROJECT, [symbol_id("c.py", "f0")], depth=100, limit=10)
    assert (found.total, found.is_cut) == (10, True)
    found = await graph.impact(store.database, PROJECT, [symbol_id("c.py", "f0")], depth=100)
    assert (found.total, found.is_cut) == (n - 1, False)


async def test_a_shortest_path_is_found_from_both_ends(loaded: connect.Database) -> None:
    ends = symbol_id("pkg/views.py", "getUser"), symbol_id("pkg/users.py", "get_name")
    steps = await graph.path(loaded, PROJECT, *ends)
    assert steps is not None
    assert [(step.source.name, step.target.name, step.sites) for step in steps] == [
        ("getUser", "show", ((6, 4),)),
        ("show", "get_user", ((10, 4),)),
        ("get_user", "get_name", ((61, 12),)),
    ]
    assert await graph.path(loaded, PROJECT, *reversed(ends)) is None
    assert await graph.path(loaded, PROJECT, *ends, most_steps=2) is None
    assert await graph.path(loaded, PROJECT, *ends, ["overrides"]) is None
    assert await graph.path(loaded, PROJECT, ends[0], ends[0]) == ()


async def test_sql_users_see_both_directions_and_the_line(loaded: connect.Database) -> None:
    found = await loaded.fetch(
        "SELECT s.name AS source, r.relationship_type AS type, t.name AS target, r.context FROM v_relationships AS r "
        "JOIN code_symbols AS s ON s.id = r.source_id JOIN code_symbols AS t ON t.id = r.target_id "
        "WHERE t.name = 'get_user' AND r.context IS NOT NULL ORDER BY r.relationship_type, 1"
    )
    assert [tuple(row) for row in found] == [
        ("User", "called_by", "get_user", "User()"),
        ("get_name", "called_by", "get_user", "User()"),
    ]
