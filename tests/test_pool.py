"""The worker processes: whatever becomes of one of them, every file is read or given back with the reason."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from indexer.index import frames, pool, worker

PROJECT = "0" * 32
AMPLE = pool.Limits(60.0, 1 << 30)


@asynccontextmanager
async def workers(root: Path, limits: pool.Limits = AMPLE, size: int = 1) -> AsyncIterator[pool.Pool]:
    made = pool.Pool(size, worker.Settings(str(root), PROJECT, 1 << 24), limits)
    try:
        yield made
    finally:
        await made.close()


def write(root: Path, n_files: int, n_functions: int = 3) -> list[str]:
    names = [f"m{number:03}.py" for number in range(n_files)]
    for name in names:
        (root / name).write_text("".join(f"def {name[:-3]}_{k}():\n    return {k}\n\n" for k in range(n_functions)))
    return names


async def extracted(
    here: pool.Pool, tasks: list[frames.Extract], meanwhile: Callable[[], None] = lambda: None
) -> dict[str, frames.Extracted | pool.Unextracted]:
    """What becomes of each file; `meanwhile` is done as the first result arrives."""
    found: dict[str, frames.Extracted | pool.Unextracted] = {}
    async with asyncio.timeout(120):
        async for result in here.extract(tasks):
            if not found:
                meanwhile()
            found[result.path] = result
    return found


def refused(found: dict[str, frames.Extracted | pool.Unextracted]) -> dict[str, str]:
    return {path: result.reason for path, result in found.items() if isinstance(result, pool.Unextracted)}


async def test_large_facts_go_in_while_large_rows_come_out(tmp_path: Path) -> None:
    names = write(tmp_path, 6, 4000)
    async with workers(tmp_path) as here:
        first = await extracted(here, [frames.Extract(name, needs_rows=True) for name in names])
        known = [frames.Extract(name, "", result.hash, result.facts, needs_rows=True) for name, result in first.items()]
        assert min(len(task.facts) for task in known) > 1 << 16
        again = await extracted(here, known)
    assert refused(first) == refused(again) == {}
    assert {name: result.rows for name, result in again.items()} == {name: result.rows for name, result in first.items()}


@pytest.mark.parametrize("size", [1, 2])
async def test_a_killed_worker_costs_no_file(tmp_path: Path, size: int) -> None:
    names = write(tmp_path, 40)
    async with workers(tmp_path, size=size) as here:
        for _ in range(3):
            found = await extracted(
                here, [frames.Extract(name, needs_rows=True) for name in names], lambda: os.kill(here.pids()[0], signal.SIGKILL)
            )
            assert set(found) == set(names)
            assert refused(found) == {}


async def test_a_worker_that_does_nothing_is_replaced(tmp_path: Path) -> None:
    names = write(tmp_path, 10)
    async with workers(tmp_path, pool.Limits(0.5, 1 << 30)) as here:
        await extracted(here, [frames.Extract(names[0], needs_rows=True)])
        (pid,) = here.pids()
        found = await extracted(
            here, [frames.Extract(name, needs_rows=True) for name in names], lambda: os.kill(pid, signal.SIGSTOP)
        )
        assert set(found) == set(names)
        assert refused(found) == {}
        assert here.n_ended == 1
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_a_file_that_takes_too_long_is_given_back_and_the_others_are_read(tmp_path: Path) -> None:
    names = write(tmp_path, 6)
    (tmp_path / names[2]).write_text("".join(f"def f{k}(a, b):\n    return f{k}(a, b)\n" for k in range(30_000)))
    async with workers(tmp_path, pool.Limits(0.5, 1 << 30)) as here:
        found = await extracted(here, [frames.Extract(name, needs_rows=True) for name in names])
        assert here.n_ended == 2, "it is tried once more"
    assert refused(found) == {names[2]: "parsing took longer than 0.5 s"}


async def test_a_worker_that_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    names = write(tmp_path, 3)
    (tmp_path / names[1]).write_text("".join(f"def f{k}(a, b):\n    return f{k}(a, b)\n" for k in range(30_000)))
    async with workers(tmp_path, pool.Limits(60.0, 100 << 20)) as here:
        found = await extracted(here, [frames.Extract(name, needs_rows=True) for name in names])
    assert refused(found) == {names[1]: "parsing took more than 100 MB"}


async def test_a_worker_of_another_version_reads_nothing(tmp_path: Path) -> None:
    [name] = write(tmp_path, 1)
    made = pool.Pool(1, worker.Settings(str(tmp_path), PROJECT, 1 << 24, version="of the daemon"), AMPLE)
    try:
        found = await extracted(made, [frames.Extract(name)])
    finally:
        await made.close()
    assert found == {name: frames.Extracted(name, "outdated")}
