"""An upgrade under a daemon that runs is noticed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from indexer.server import program


async def test_files_that_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner/a.py").write_text("a = 1\n")
    loaded = program.stamp(tmp_path)
    waiting = asyncio.create_task(program.wait_until_replaced(loaded, tmp_path, 0.01))
    # What Python compiles says nothing.
    (tmp_path / "inner/__pycache__").mkdir()
    (tmp_path / "inner/__pycache__/a.pyc").write_bytes(b"")
    assert program.stamp(tmp_path) == loaded
    assert not waiting.done()
    (tmp_path / "inner/b.py").write_text("b = 1\n")
    await asyncio.wait_for(waiting, 60)


async def test_a_program_that_is_gone_is_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a = 1\n")
    loaded = program.stamp(tmp_path)
    waiting = asyncio.create_task(program.wait_until_replaced(loaded, tmp_path, 0.01))
    (tmp_path / "a.py").unlink()
    done, _ = await asyncio.wait({waiting}, timeout=0.2)
    assert not done
    (tmp_path / "a.py").write_text("a = 22\n")
    await asyncio.wait_for(waiting, 60)
