"""The promise that everything stands on: whatever happens to the tree, once idle the live index equals a fresh one."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import database
import pytest
from changing_tree import ChangingTree
from projects import Running, fresh_export, running, write

from indexer.index import pipeline

pytest_plugins = ["database"]

SEQUENCES = 3
STEPS = 30


@pytest.fixture
def other_dsn(server: str, template: str) -> Iterator[str]:
    """A second database, for the fresh index."""
    yield from database.fresh(server, template)


@pytest.mark.parametrize("seed", range(SEQUENCES))
async def test_after_random_changes(seed: int, tmp_path: Path, dsn: str, other_dsn: str) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    if seed % 2:
        subprocess.run(["git", "init", "-q", str(root)], check=True)  # noqa: ASYNC221 (nothing else runs yet)
    tree = ChangingTree(root, seed, ("python", "ecmascript", "csharp")[seed])
    async with running(root, dsn) as here:
        steps: list[str] = []
        for number in range(STEPS):
            steps.append(tree.step())
            if number % 5 == 4:
                await _check(here, root, other_dsn, steps)


async def test_after_a_restart(tmp_path: Path, dsn: str, other_dsn: str) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    tree = ChangingTree(root, 99)
    for _ in range(4):
        async with running(root, dsn) as here:
            tree.step()
            await here.export()
        # What happens while nobody looks is found at the next start.
        steps = [tree.step() for _ in range(5)]
        async with running(root, dsn) as here:
            await _check(here, root, other_dsn, steps)


async def test_a_comment_touches_no_relationship(tmp_path: Path, dsn: str) -> None:
    root = write(tmp_path / "tree", {"a.py": "from b import f\n\ndef g():\n    f()\n", "b.py": "def f():\n    pass\n"})
    async with running(root, dsn) as here:
        before = await here.export()
        (root / "b.py").write_text("# Said aside.\ndef f():\n    pass\n")
        outcome: list[int] = []
        here.live.on_change = lambda done: outcome.append(done.n_resolved)
        after = await here.export()
    assert outcome == [1]
    keep = [line for line in before.splitlines() if b'"relationship"' in line]
    assert keep == [line for line in after.splitlines() if b'"relationship"' in line]
    assert keep


async def test_beyond_the_limit_of_files(tmp_path: Path, dsn: str, other_dsn: str) -> None:
    root = write(tmp_path / "tree", {f"m{number}.py": f"def f{number}():\n    pass\n" for number in range(5)})
    # What cannot be source does not count.
    write(root, {f"a{number}.dat": "" for number in range(20)})
    async with running(root, dsn, 8) as here:
        for files in ({"m5.py": "f5 = 1\n"}, {f"k/a{number}.py": f"def k{number}():\n    pass\n" for number in range(6)}, {}):
            write(root, files)
            if not files:
                (root / "k/a1.py").unlink()
                (root / "m0.py").unlink()
            assert await here.export() == await fresh_export(root, other_dsn, 8)
            assert here.live.is_cut == (len(list(root.rglob("*.py"))) > 8)


async def test_a_storm_of_saves_loses_none(tmp_path: Path, dsn: str, other_dsn: str) -> None:
    root = write(tmp_path / "tree", {f"m{number}.py": "" for number in range(100)})
    async with running(root, dsn) as here:
        await asyncio.to_thread(_storm, root, 5_000)
        assert await here.export() == await fresh_export(root, other_dsn)
        assert here.live.n_pending == 0


def _storm(root: Path, n_saves: int) -> None:
    """Saves as editors do: written aside, then put in place."""
    for number in range(n_saves):
        aside = f"{root}/.m{number % 100}.tmp"
        with open(aside, "wb", buffering=0) as file:
            file.write(b"def saved_%d():\n    pass\n" % number)
        os.replace(aside, f"{root}/m{number % 100}.py")


async def test_another_worktree_takes_the_facts_that_are_known(tmp_path: Path, dsn: str) -> None:
    files = {f"pkg/m{number}.py": f"from pkg import m0\n\ndef f{number}():\n    m0.f0()\n" for number in range(12)}
    first, second = write(tmp_path / "first", files), write(tmp_path / "second", files)
    async with running(first, dsn) as here:
        one = await here.export()
    async with running(second, dsn) as here:
        two = await here.export()
        assert here.line.n_parsed == 0
        (second / "pkg/m3.py").write_text("def g():\n    pass\n")
        await here.export()
        assert here.line.n_parsed == 1
    assert one.count(b'"target_path"') == two.count(b'"target_path"') > 12


async def test_what_others_wrote_is_read_for_its_symbols_or_not_at_all(tmp_path: Path, dsn: str) -> None:
    code = "def f():\n    g()\n\ndef g():\n    pass\n"
    others = {"made.py": "# @generated\n" + code, "a_pb2.py": code, "vendor/b.py": code}
    root = write(tmp_path / "tree", {"own.py": code, **others})
    for skips in (False, True, False):
        async with running(root, dsn, settings=pipeline.Settings(workers=1, skips_generated=skips)) as here:
            lines = [json.loads(line) for line in (await here.export()).splitlines()]
        symbols = {line["path"] for line in lines if line["record"] == "symbol"}
        sites = {line["path"] for line in lines if line["record"] == "reference"}
        assert (symbols, sites) == (({"own.py"} if skips else {"own.py", *others}), {"own.py"})


async def _check(here: Running, root: Path, other_dsn: str, steps: list[str]) -> None:
    live = (await here.export()).decode().splitlines()
    fresh = (await fresh_export(root, other_dsn)).decode().splitlines()
    if live != fresh:
        missing = sorted(set(fresh) - set(live))[:5]
        spurious = sorted(set(live) - set(fresh))[:5]
        pytest.fail(f"after {steps}:\nmissing {missing}\nspurious {spurious}")


async def test_facts_that_a_crash_has_lost_are_made_anew_before_they_are_needed(tmp_path: Path, dsn: str, other_dsn: str) -> None:
    files = {f"m{number}.py": f"from m0 import f0\n\ndef f{number}():\n    f0()\n" for number in range(60)}
    root = write(tmp_path / "tree", files)
    async with running(root, dsn) as here:
        # They are cached after the answer, and before the next one.
        await here.export()
        await here.export()
        # What is not logged is empty after a crash.
        await here.store.database.execute("TRUNCATE facts_cache")
    async with running(root, dsn) as here:
        resolved: list[int] = []
        here.live.on_change = lambda done: resolved.append(done.n_resolved)
        while await here.export() and here.line.lacks_facts:
            pass
        (root / "m0.py").write_text(files["m0.py"] + "\ndef more():\n    pass\n")
        assert await here.export() == await fresh_export(root, other_dsn)
        assert resolved == [1]
