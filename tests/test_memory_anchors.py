"""Anchors: what is said of code that stays, changes, moves and goes.

The code is Python source given as {path: text}; what the index would hold of it is made with the standard library's own parser.
"""

from __future__ import annotations

import ast
import datetime as dt
import textwrap
import uuid
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from indexer import errors
from indexer.memory import anchors, likeness, memories
from indexer.memory.code import Definition, Project
from indexer.memory.memories import Draft
from indexer.store import anchors as store
from indexer.store import connect, vaults
from indexer.store import memories as memory_store
from indexer.store.anchors import Anchor

pytest_plugins = ["database"]

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


@pytest_asyncio.fixture
async def shared(shared_dsn: str) -> AsyncIterator[connect.Database]:
    """A database that tests share; each has vaults of its own in it."""
    opened = await connect.connect(shared_dsn, connect.EMBEDDED, "tests")
    yield opened
    await opened.close()


@dataclass(frozen=True)
class Tree:
    """Code as an index and a disk would show it."""

    files: Mapping[str, str]
    definitions: Sequence[Definition] = field(init=False)

    def __post_init__(self) -> None:
        found = [each for path, text in self.files.items() for each in definitions_of(path, textwrap.dedent(text))]
        object.__setattr__(self, "definitions", found)

    async def symbols_by_qualified_name(self, qualified_names: Collection[str]) -> Sequence[Definition]:
        return [each for each in self.definitions if each.qualified_name in qualified_names]

    async def symbols_by_name(self, names: Collection[str]) -> Sequence[Definition]:
        return [each for each in self.definitions if each.name in names]

    async def symbols_at_path(self, paths: Collection[str]) -> Sequence[Definition]:
        return [each for each in self.definitions if each.path in paths]

    async def symbols_by_size(self, kind: str, sizes: Collection[int]) -> Sequence[Definition]:
        return [each for each in self.definitions if each.kind == kind and len(each.text.encode()) in sizes]

    async def symbol(self, symbol_id: uuid.UUID) -> Definition | None:
        return next((each for each in self.definitions if each.id == symbol_id), None)

    async def paths_near(self, paths: Collection[str]) -> Sequence[str]:
        names, folders = ({path.rpartition("/")[part] for path in paths} for part in (2, 0))
        return [path for path in self.files if path.rpartition("/")[2] in names or path.rpartition("/")[0] in folders]

    async def file_texts(self, paths: Collection[str]) -> Mapping[str, str]:
        return {path: textwrap.dedent(self.files[path]) for path in paths if path in self.files}

    def id_of(self, qualified_name: str) -> uuid.UUID:
        return next(each.id for each in self.definitions if each.qualified_name == qualified_name)


def definitions_of(path: str, text: str) -> list[Definition]:
    if not path.endswith(".py"):
        return []
    found: list[Definition] = []
    lines = text.splitlines(keepends=True)

    def visit(node: ast.AST, prefix: str, in_class: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            name = f"{prefix}.{child.name}"
            kind = "class" if isinstance(child, ast.ClassDef) else "method" if in_class else "function"
            assert child.end_lineno is not None
            body = "".join(lines[child.lineno - 1 : child.end_lineno])[child.col_offset :].rstrip("\n")
            key = uuid.uuid5(uuid.NAMESPACE_URL, f"{path} {name} {kind} {len(found)}")
            found.append(Definition(key, path, child.name, name, kind, child.lineno, child.end_lineno, body))
            visit(child, name, isinstance(child, ast.ClassDef))

    visit(ast.parse(text), path.removesuffix(".py").replace("/", "."), False)
    return found


RETRY = '''
def retry(request, times=3):
    """Sends a request again while the server is busy."""
    for attempt in range(times):
        answer = request.send()
        if answer.status != 503:
            return answer
        wait(2 ** attempt)
    raise Busy(request)
'''
OTHER = '''
def describe(thing):
    """Says what a thing is, for a person."""
    parts = [thing.name, thing.kind]
    if thing.size:
        parts.append(f"{thing.size} bytes")
    return ", ".join(parts)
'''
STUB = """
def retry(request, times=3):
    warn("moved")
    return net.retry(request, times)
"""


async def tied(database: connect.Database, tree: Tree, *symbols: str) -> tuple[uuid.UUID, list[Anchor]]:
    """A vault with a memory that is tied to symbols of a tree."""
    vault = (await vaults.register(database, uuid.uuid4().hex, uuid.uuid4().hex)).id
    targets = [await anchors.to_symbol(tree, tree.id_of(symbol)) for symbol in symbols]
    said = await memories.remember(database, vault, Draft("Never retry a POST.", "code_decision"), targets)
    return vault, list(said.anchors)


async def check(database: connect.Database, before: Tree, after: Tree, symbol: str) -> tuple[str, str, str | None]:
    """The state of an anchor to `symbol` after a change, and where it is."""
    vault, [anchor] = await tied(database, before, symbol)
    await anchors.refresh(database, vault, after)
    seen = await store.get(database, vault, anchor.id)
    return seen.state, seen.place.path, seen.place.qualified_name


# -- symbols -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param({"a.py": OTHER + RETRY}, ("fresh", "a.py", "a.retry"), id="what stands before it changes"),
        pytest.param({"a.py": RETRY.replace("    ", "  ")}, ("fresh", "a.py", "a.retry"), id="indented by other steps"),
        pytest.param({"a.py": RETRY.replace("\n    for", "\n\n    for  ")}, ("fresh", "a.py", "a.retry"), id="blank lines"),
        pytest.param({"a.py": RETRY.replace("503", "504")}, ("drifted", "a.py", "a.retry"), id="one number"),
        pytest.param({"a.py": RETRY.replace("busy", "idle")}, ("drifted", "a.py", "a.retry"), id="a comment"),
        pytest.param(
            {"a.py": RETRY.replace("        wait", "            wait").replace("    raise", "raise").replace("raise B", "    raise B")},
            ("drifted", "a.py", "a.retry"),
            id="a line goes into a block",
        ),
        pytest.param({"a.py": "def retry(x):\n    return x.y.z\n"}, ("drifted", "a.py", "a.retry"), id="all of it"),
        pytest.param({"b/net.py": RETRY}, ("moved", "b/net.py", "b.net.retry"), id="to another file"),
        pytest.param(
            {"b.py": RETRY.replace("503", "504").replace("wait", "sleep")},
            ("moved", "b.py", "b.retry"),
            id="to another file, edited",
        ),
        pytest.param({"a.py": RETRY.replace("retry", "again")}, ("moved", "a.py", "a.again"), id="renamed"),
        pytest.param({"z.py": RETRY.replace("retry", "send_again")}, ("moved", "z.py", "z.send_again"), id="renamed elsewhere"),
        pytest.param({"a.py": "class Net:\n" + textwrap.indent(RETRY, "    ")}, ("moved", "a.py", "a.Net.retry"), id="into a class"),
        pytest.param({"a.py": STUB, "net.py": RETRY}, ("moved", "net.py", "net.retry"), id="a stub stays behind"),
        pytest.param({"a.py": RETRY.replace("503", "504"), "copy.py": RETRY}, ("drifted", "a.py", "a.retry"), id="copied, edited"),
        pytest.param({"a.py": OTHER}, ("orphaned", "a.py", "a.retry"), id="removed"),
        pytest.param({}, ("orphaned", "a.py", "a.retry"), id="with its file"),
        pytest.param({"a.py": "class retry:\n    pass\n"}, ("orphaned", "a.py", "a.retry"), id="a class of its name"),
        pytest.param(
            {"b.py": "def retry(self):\n    return self.button.click_again(self.form)\n"},
            ("orphaned", "a.py", "a.retry"),
            id="another function of its name",
        ),
        pytest.param({"b.py": RETRY, "c.py": RETRY}, ("orphaned", "a.py", "a.retry"), id="two that are equally likely"),
    ],
)
async def test_what_is_said_of_a_symbol(shared: connect.Database, after: dict[str, str], expected: tuple[str, str, str]) -> None:
    assert await check(shared, Tree({"a.py": RETRY}), Tree(after), "a.retry") == expected


async def test_of_two_copies_the_nearer_one_is_meant(shared: connect.Database) -> None:
    after = Tree({"lib/b.py": RETRY, "c/d.py": RETRY})
    assert await check(shared, Tree({"lib/a.py": RETRY}), after, "lib.a.retry") == ("moved", "lib/b.py", "lib.b.retry")


async def test_a_neighbour_that_was_always_there_is_not_the_renamed_one(shared: connect.Database) -> None:
    get = "def get_{0}(self, default):\n    value = self.settings.get('{0}', default)\n    return convert_{0}(value)\n"
    both = get.format("width") + get.format("height")
    after = Tree({"a.py": get.format("height")})
    assert (await check(shared, Tree({"a.py": both}), after, "a.get_width"))[0] == "orphaned"


async def test_a_branch_switch_and_back_leaves_no_trace(shared: connect.Database) -> None:
    here, there = Tree({"a.py": RETRY}), Tree({"b.py": RETRY.replace("503", "504")})
    vault, [anchor] = await tied(shared, here, "a.retry")
    await anchors.refresh(shared, vault, there, ["a.py", "b.py"])
    away = await store.get(shared, vault, anchor.id)
    assert (away.state, away.place.path, away.confirmed_path) == ("moved", "b.py", "a.py")
    assert "504" in anchors.differences(away)
    assert anchors.sentence(away) == "a.retry in a.py is b.retry in b.py today. Its text has changed."
    await anchors.refresh(shared, vault, Tree({}), ["b.py"])
    assert (await store.get(shared, vault, anchor.id)).state == "orphaned"
    await anchors.refresh(shared, vault, here, ["a.py"])
    back = await store.get(shared, vault, anchor.id)
    assert (back.state, back.place, back.text_hash, back.seen_text) == ("fresh", anchor.place, anchor.text_hash, None)
    moves = [event.before["path"] for event in await memory_store.history(shared, vault, anchor.memory_id)]
    assert moves == ["b.py", "a.py"]


async def test_small_steps_are_followed_a_long_way(shared: connect.Database) -> None:
    vault, [anchor] = await tied(shared, Tree({"a.py": RETRY}), "a.retry")
    text = RETRY
    for old, new in (
        ("request", "message"),
        ("answer", "reply"),
        ("attempt", "turn"),
        ("wait(2 **", "pause(4 *"),
        ("Busy", "Gone"),
    ):
        text = text.replace(old, new)
        await anchors.refresh(shared, vault, Tree({"a.py": text}), ["a.py"])
        assert (await store.get(shared, vault, anchor.id)).state == "drifted"
    await anchors.refresh(shared, vault, Tree({"b.py": text}), ["a.py", "b.py"])
    assert (await store.get(shared, vault, anchor.id)).place.path == "b.py"


async def test_a_person_settles_what_drifted_moved_or_went(shared: connect.Database) -> None:
    before, after = Tree({"a.py": RETRY + OTHER}), Tree({"b.py": RETRY.replace("503", "504")})
    vault, [describe, retry] = await tied(shared, before, "a.retry", "a.describe")
    await anchors.refresh(shared, vault, after)
    listed, total = await store.listed(shared, vault, ["moved", "orphaned"])
    assert (total, {each.state for each in listed}) == (2, {"moved", "orphaned"})
    confirmed = await anchors.confirm(shared, vault, after, retry.id)
    assert (confirmed.state, confirmed.place.path, confirmed.confirmed_path, "504" in confirmed.text) == (
        "fresh",
        "b.py",
        None,
        True,
    )
    with pytest.raises(errors.Conflict, match="nowhere to be found"):
        await anchors.confirm(shared, vault, after, describe.id)
    target = await anchors.to_symbol(after, after.id_of("b.retry"))
    assert (await anchors.reanchor(shared, vault, describe.id, target)).state == "fresh"
    assert await anchors.refresh(shared, vault, after) == []


async def test_memories_are_found_by_the_code_that_they_are_about(shared: connect.Database) -> None:
    vault, [anchor] = await tied(shared, Tree({"a.py": RETRY}), "a.retry")
    assert [each.id for each in await store.at_paths(shared, vault, ["a.py"])] == [anchor.id]
    assert [each.id for each in await store.by_names(shared, vault, ["a.retry", "x"])] == [anchor.id]
    assert list(await store.of_memories(shared, vault, [anchor.memory_id])) == [anchor.memory_id]
    again = await memories.remember(
        shared,
        vault,
        Draft("Never retry a POST.", "code_decision"),
        [await anchors.to_symbol(Tree({"a.py": RETRY}), anchor.symbol_id)],
    )
    assert [each.id for each in again.anchors] == [anchor.id]
    await memory_store.forget(shared, vault, anchor.memory_id)
    assert await store.at_paths(shared, vault, ["a.py"]) == []


# -- lines and files ---------------------------------------------------------------------------------------------------------

LINES = "".join(f"line {n} of the guide\n" for n in range(1, 41))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"g.md": LINES}, ("fresh", "g.md", 10, 14)),
        ({"g.md": "new\n" * 7 + LINES}, ("fresh", "g.md", 17, 21)),
        ({"g.md": LINES.replace("line 12 of", "row 12 of")}, ("drifted", "g.md", 10, 14)),
        ({"g.md": "new\n" * 7 + LINES.replace("line 12 of", "row 12 of")}, ("drifted", "g.md", 17, 21)),
        ({"docs/g.md": LINES}, ("moved", "docs/g.md", 10, 14)),
        ({"guide.md": LINES}, ("moved", "guide.md", 10, 14)),
        ({"g.md": "something else\n" * 40}, ("orphaned", "g.md", 10, 14)),
        ({}, ("orphaned", "g.md", 10, 14)),
    ],
)
async def test_what_is_said_of_lines(shared: connect.Database, after: dict[str, str], expected: tuple[str, str, int, int]) -> None:
    vault = (await vaults.register(shared, uuid.uuid4().hex, uuid.uuid4().hex)).id
    target = await anchors.to_lines(Tree({"g.md": LINES}), "g.md", 10, 14)
    said = await memories.remember(shared, vault, Draft("See there."), [target])
    await anchors.refresh(shared, vault, Tree(after))
    seen = await store.get(shared, vault, said.anchors[0].id)
    assert (seen.state, seen.place.path, seen.place.start_line, seen.place.end_line) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"g.md": LINES}, ("fresh", "g.md")),
        ({"g.md": LINES + "more\n"}, ("drifted", "g.md")),
        ({"docs/g.md": LINES + "more\n"}, ("moved", "docs/g.md")),
        ({"guide.md": LINES + "more\n"}, ("moved", "guide.md")),
        ({"guide.md": LINES[: len(LINES) // 2] + "more\n" * 20}, ("orphaned", "g.md")),
        ({"docs/g.md": "another guide\n"}, ("orphaned", "g.md")),
    ],
)
async def test_what_is_said_of_a_file(shared: connect.Database, after: dict[str, str], expected: tuple[str, str]) -> None:
    vault = (await vaults.register(shared, uuid.uuid4().hex, uuid.uuid4().hex)).id
    said = await memories.remember(shared, vault, Draft("See there."), [await anchors.to_file(Tree({"g.md": LINES}), "g.md")])
    await anchors.refresh(shared, vault, Tree(after))
    seen = await store.get(shared, vault, said.anchors[0].id)
    assert (seen.state, seen.place.path) == expected


@pytest.mark.parametrize("path", ["../a", "/etc/passwd", "", ".", "a/../../b", "a\0b", "missing.py", ".env", "keys/id_rsa"])
async def test_a_file_outside_missing_or_secret_is_refused(path: str) -> None:
    with pytest.raises(errors.InvalidRequest) as refused:
        await anchors.to_file(Tree({".env": "A=1", "keys/id_rsa": "x"}), path)
    assert refused.value.field == "about"


@pytest.mark.parametrize(("start", "end"), [(0, 1), (2, 1), (40, 41), (-1, 3)])
async def test_lines_that_the_file_has_not_are_refused(start: int, end: int) -> None:
    with pytest.raises(errors.InvalidRequest, match="1 to 40"):
        await anchors.to_lines(Tree({"g.md": LINES}), "g.md", start, end)


# -- the program's own view of the code --------------------------------------------------------------------------------------


async def test_an_indexed_project_answers_what_anchors_ask(shared: connect.Database, tmp_path: Path) -> None:
    root = tmp_path
    (root / "sub").mkdir()
    (root / "sub" / "a.py").write_text("x = 1\n")
    (root / "link.py").symlink_to("/etc/passwd")
    (root / "key.py").write_text("-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEowIBAAKCAQEA" * 4 + "\n-----END RSA PRIVATE KEY-----\n")
    project = uuid.uuid4()
    ids = [uuid.uuid4() for _ in range(3)]
    async with shared.transaction() as connection:
        await connection.execute("SELECT ensure_partitions($1)", project)
        for number, (kind, text) in enumerate([("function", "def f(): pass"), ("import", None), ("method", "def f(self): ...")]):
            await connection.execute(
                "INSERT INTO code_symbols (project_id, id, file_id, name, qualified_name, words, type, kind, file_path, "
                "line_number, column_number, start_line, start_column, end_line, end_column, language, definition) "
                "VALUES ($1, $2, $2, 'f', 'a.f', 'f', CASE $3::text WHEN 'method' THEN 'method' WHEN 'import' THEN 'import' "
                "ELSE 'function' END, $3::text, $4, 1, 0, 1, 0, 1, 0, 'python', $5)",
                project, ids[number], kind, f"{number}.py", text,
            )  # fmt: skip
    code = Project(shared, project, str(root))
    assert [each.id for each in await code.symbols_by_qualified_name(["a.f"])] == [ids[0], ids[2]]
    assert [each.id for each in await code.symbols_by_name(["f"])] == [ids[0], ids[2]]
    assert [each.text for each in await code.symbols_at_path(["2.py"])] == ["def f(self): ..."]
    assert [each.id for each in await code.symbols_by_size("function", [13])] == [ids[0]]
    assert await code.symbol(ids[1]) is None
    assert await code.paths_near(["a/b.py"]) == []
    assert await code.file_texts(["sub/a.py", "link.py", "key.py", "no.py", "../x", "sub"]) == {"sub/a.py": "x = 1\n"}


# -- texts -------------------------------------------------------------------------------------------------------------------

source_lines = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["a", "b = 1", "if c:", "# d", ""])), min_size=1, max_size=12)


def laid_out(lines: Sequence[tuple[int, str]], step: int, base: int, tab: bool = False) -> str:
    indent = "\t" if tab else " " * step
    return "\n".join([lines[0][1], *(" " * base + indent * depth + text for depth, text in lines[1:])])


@given(source_lines, st.integers(1, 8), st.integers(0, 9), st.integers(0, 4))
def test_layout_does_not_count_and_text_does(lines: list[tuple[int, str]], step: int, base: int, n_blank: int) -> None:
    plain = laid_out(lines, 4, 0)
    other = laid_out(lines, step, base).replace("\n", "\n" * (n_blank + 1)) + " \t\n" * n_blank
    assert likeness.code_hash(plain) == likeness.code_hash(other)
    assert likeness.code_hash(plain) == likeness.code_hash(laid_out(lines, 8, 0, tab=True))
    assert likeness.code_hash(plain) != likeness.code_hash(plain + "\nz")


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    a, b = (likeness.code_pairs(likeness.code_tokens(each)) for each in (one, other))
    assert likeness.code_likeness(a, b) == likeness.code_likeness(b, a)
    assert 0 <= likeness.code_likeness(a, b) <= 1
    assert likeness.code_likeness(a, a) == 1
    assert likeness.text_likeness(one, one) in (0.0, 1.0)


functions = st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), min_size=1, max_size=4, unique=True)
bodies = st.lists(st.sampled_from(["x = f(1)", "y = g(x)", "if x:\n        h(y)", "return x + y", "log('done')"]), min_size=1, max_size=5)


@given(names=functions, body=st.data())
async def test_fresh_is_said_of_nothing_but_the_same_text_at_the_same_place(names: list[str], body: st.DataObject) -> None:
    """Whatever happens to a file, an anchor is fresh exactly if its function is there, unchanged."""
    trees = []
    for _ in range(2):
        kept = body.draw(st.lists(st.sampled_from(names), min_size=0, max_size=4, unique=True)) if trees else names
        texts = {name: "\n    ".join([f"def {name}(x, y):", *body.draw(bodies)]) for name in kept}
        path = body.draw(st.sampled_from(["a.py", "b.py"])) if trees else "a.py"
        trees.append((Tree({path: "\n\n".join(texts.values()) + "\n"}), texts, path))
    (before, old, _), (after, new, path) = trees
    for name in names:
        target = await anchors.to_symbol(before, before.id_of(f"a.{name}"))
        now = NOW
        anchor = Anchor(
            *(uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), target.place, target.text_hash, target.text, None, None, None, None),
            *(None, "fresh", now, now, now),
        )
        [sighting] = await anchors.look(after, [anchor])
        is_unchanged = path == "a.py" and new.get(name) == old[name]
        assert (sighting.state == "fresh") == is_unchanged
        if path == "a.py" and name in new and not is_unchanged:
            assert sighting.state in ("drifted", "moved")
