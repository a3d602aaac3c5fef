"""A compiler's index is laid over ours, and drops out again where files change: live is always equal to fresh."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from database import fresh
from projects import Running, fresh_export, running, write
from shells import Shell

from indexer import errors
from indexer import protobuf as pb
from indexer.index import compilers
from indexer.store import code, connect, imported

pytest_plugins = ["database", "shells"]

FILES = {
    "a.py": "def f():\n    pass\n\n\nclass C:\n    def __init__(self):\n        pass\n",
    "b.py": "def g(x, make):\n    é = x.f(); x.f()\n    make.C()\n    x.outside()\n    x.unknown()\n",
}
PREFIX = "scip-python python project 1 "
F, C, INIT = (f"{PREFIX}a/{name}" for name in ("f().", "C#", "C#__init__()."))
OTHER = "scip-python python elsewhere 2 x/outside()."


def occurrence(row: int, start: int, end: int, symbol: str, *, is_definition: bool = False) -> bytes:
    return pb.numbers(1, (row, start, end)) + pb.text(2, symbol) + pb.number(3, is_definition)


def document(path: str, *occurrences: bytes, encoding: int = 0) -> bytes:
    return pb.data(2, pb.text(1, path) + b"".join(pb.data(2, each) for each in occurrences) + pb.number(6, encoding))


def index(root: Path | str) -> bytes:
    """What a compiler would say of FILES; columns count UTF-16 units."""
    metadata = pb.data(1, pb.text(3, f"file://{root}"))
    defined = [
        occurrence(0, 4, 5, F, is_definition=True),
        occurrence(4, 6, 7, C, is_definition=True),
        occurrence(5, 8, 16, INIT, is_definition=True),
    ]
    used = [
        occurrence(1, 10, 11, F),
        occurrence(1, 17, 18, F),
        # A call of a class is one of its constructor to some compilers.
        occurrence(2, 9, 10, INIT),
        occurrence(3, 6, 13, OTHER),
        occurrence(4, 6, 13, f"{PREFIX}a/unknown()."),
        occurrence(0, 6, 7, "local 3"),
    ]
    return metadata + document("a.py", *defined) + document("b.py", *used) + document("c.py", occurrence(0, 0, 1, F))


@pytest.fixture
def scip(tmp_path: Path) -> Path:
    """An index of a tree at `tmp_path / "tree"`."""
    path = tmp_path / "index.scip"
    path.write_bytes(index(tmp_path / "tree"))
    return path


@pytest_asyncio.fixture
async def live(tmp_path: Path, dsn: str) -> AsyncIterator[Running]:
    async with running(write(tmp_path / "tree", FILES), dsn) as found:
        await found.export()
        yield found


@pytest.fixture
def other_dsn(server: str, template: str) -> Iterator[str]:
    """A second database, for the fresh index."""
    yield from fresh(server, template)


async def take_in(live: Running, scip: Path) -> compilers.Report:
    report = await compilers.scip(live.store, live.line.project, scip, 1 << 20)
    live.live.rescan("imported")
    return report


def meanings(export: bytes, path: str = "b.py") -> dict[tuple[int, str], Any]:
    """Target and evidence by line and name, of the sites that mean something."""
    records = [json.loads(line) for line in export.splitlines()]
    references = [each for each in records if each["record"] == "reference" and each["path"] == path]
    found = [((r["line"], r["name"]), (r["target_path"], r["target_line"], r["evidence"])) for r in references]
    return {place: meant for place, meant in found if meant[2] != "unresolved"}


SAID = {
    (2, "f"): ("a.py", 1, "scip"),
    (3, "C"): ("a.py", 5, "scip"),
    (4, "outside"): (None, None, "external"),
}


async def test_what_a_compiler_says_is_the_fact(live: Running, scip: Path) -> None:
    assert not meanings(await live.export())
    report = await take_in(live, scip)
    assert (report.targets, report.files, report.unknown, report.stale) == (4, 1, ["c.py"], [])
    export = await live.export()
    assert meanings(export) == SAID
    calls = [json.loads(line) for line in export.splitlines() if b'"record":"relationship"' in line]
    assert [(each["relationship_type"], each["confidence"], each["sites"]) for each in calls] == [("calls", 0.99, 2), ("calls", 0.99, 1)]
    # What was a guess by the name alone is none any more.
    assert b'"record":"possible"' not in export


async def test_live_is_fresh_whatever_changes(live: Running, scip: Path, tmp_path: Path, other_dsn: str) -> None:
    await take_in(live, scip)
    root = tmp_path / "tree"
    without_f = {**SAID}
    del without_f[2, "f"]
    for step, expected in [
        ({"a.py": "# Moved.\n\n" + FILES["a.py"]}, {**SAID, (2, "f"): ("a.py", 3, "scip"), (3, "C"): ("a.py", 7, "scip")}),
        ({"a.py": FILES["a.py"].replace("def f", "def other")}, without_f),
        ({"a.py": FILES["a.py"]}, SAID),
        ({"b.py": "# Changed.\n" + FILES["b.py"]}, {}),
        ({"b.py": FILES["b.py"]}, SAID),
        ({"d.py": FILES["a.py"]}, SAID),
    ]:
        write(root, step)
        export = await live.export()
        assert meanings(export) == expected, step
        await _copy_imports(live, other_dsn)
        assert export == await fresh_export(root, other_dsn), step
    (root / "a.py").unlink()
    assert meanings(await live.export()) == {(4, "outside"): (None, None, "external")}


async def _copy_imports(live: Running, dsn: str) -> None:
    project = live.line.project.id
    known = await imported.documents(live.store.database, project)
    targets = await imported.targets(live.store.database, project, [each.path for each in known])
    other = await code.open_store(dsn, connect.EMBEDDED, "tests")
    try:
        documents = [imported.Document(each.path, each.content_hash, targets[each.path]) for each in known]
        await imported.put(other.database, project, documents)
    finally:
        await other.close()


async def test_an_import_that_was_not_seen_to_is_made_up_for(tmp_path: Path, dsn: str, scip: Path) -> None:
    root = write(tmp_path / "tree", FILES)
    async with running(root, dsn) as first:
        await first.export()
        await compilers.scip(first.store, first.line.project, scip, 1 << 20)
    async with running(root, dsn) as second:
        assert meanings(await second.export()) == SAID
        await imported.take_back(second.store.database, second.line.project.id)
    async with running(root, dsn) as third:
        assert not meanings(await third.export())
        assert not await imported.documents(third.store.database, third.line.project.id)


async def test_an_index_of_other_contents_is_left_out(live: Running, tmp_path: Path) -> None:
    path = tmp_path / "stale.scip"
    shifted = [occurrence(row, 3, 4, F, is_definition=not row) for row in range(4)]
    path.write_bytes(pb.data(1, b"") + document("a.py", *shifted) + document("../b.py", occurrence(0, 0, 1, F)))
    report = await take_in(live, path)
    assert (report.targets, report.stale, report.unknown) == (0, ["a.py"], ["../b.py"])


@pytest.mark.parametrize("data", [b"", b"rubbish", b"\x0a\xff\xff\xff\xff\x7f", b"\x12\x03abc"])
async def test_what_is_no_index_is_refused(live: Running, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.scip"
    path.write_bytes(data)
    with pytest.raises(errors.InvalidRequest):
        await take_in(live, path)
    with pytest.raises(errors.UsageError):
        await take_in(live, tmp_path / "missing.scip")


def test_an_import_follows_a_moved_project(shell: Shell, tmp_path: Path) -> None:
    old, new = shell.base / "before", shell.base / "after"
    path = tmp_path / "index.scip"
    path.write_bytes(index(write(old, FILES)))
    shell("up", old)
    shell("import", "scip", path, "--project", old)
    old.rename(new)
    try:
        assert "what a compiler said of 1 files" in shell("move", old, new)[0]
        (caller,) = shell.json("callers", "a.f", "--project", new, "--sync")["items"]
        assert (caller["symbol"]["qualified_name"], caller["evidence"]) == ("b.g", "scip")
    finally:
        shell("down", new)
        shutil.rmtree(new)


def test_the_command_takes_in_and_back(shell: Shell, tmp_path: Path) -> None:
    write(shell.root, FILES)
    path = tmp_path / "index.scip"
    path.write_bytes(index(shell.root))
    try:
        out, remarks = shell("import", "scip", path)
        assert out == "4 names of 1 files mean what the index says.\n"
        assert "1 of its files are not in our index: c.py" in remarks
        (caller,) = shell.json("callers", "a.f")["items"]
        assert (caller["symbol"]["qualified_name"], caller["evidence"]) == ("b.g", "scip")
        shell("import", "scip", "--remove")
        shell("callers", "a.f", code=1)
        shell("import", "scip", code=2)
    finally:
        for name in FILES:
            (shell.root / name).unlink()
