"""The promise that everything stands on: whatever happens to the tree, once idle the live index equals a fresh one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import database
import pytest
from changing_tree import ChangingTree
from projects import Running, fresh_export, running, write

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
    tree = ChangingTree(root, seed)
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


async def _check(here: Running, root: Path, other_dsn: str, steps: list[str]) -> None:
    live = (await here.export()).decode().splitlines()
    fresh = (await fresh_export(root, other_dsn)).decode().splitlines()
    if live != fresh:
        missing = sorted(set(fresh) - set(live))[:5]
        spurious = sorted(set(live) - set(fresh))[:5]
        pytest.fail(f"after {steps}:\nmissing {missing}\nspurious {spurious}")
