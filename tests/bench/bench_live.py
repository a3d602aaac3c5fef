"""How soon a save is seen: `python -m tests.bench.bench_live TREE`. The tree is copied; nothing is written into it.

Saves a new function into files that are drawn at random, one at a time, and asks for it with a synced `symbols.find` over the
socket; then the same in the files that define the most used base classes. Beside it the round trip of a question that needs no sync.

Last, whether synced answers are ever stale: each save replaces what the one before has put into the file, and is followed by several
questions, of which none may miss the new name or still find the former one.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
import time
from pathlib import Path

from indexer import client
from indexer.database import temporary

_READS_A_SAVE = 4


def main() -> None:
    """Measures and prints milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--saves", type=int, default=1000)
    parser.add_argument("--reads", type=int, default=10_000, help="synced reads after saves that must not be stale")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "tree"
        shutil.copytree(options.tree, root)
        environment = {**os.environ, "INDEXER_HOME": f"{folder}/home", "INDEXER_EMBEDDER_KIND": "none"}
        with temporary.server(Path(folder) / "home"), client.ensure(root, environment) as daemon:
            try:
                daemon.call("index.sync", {"timeout": 600}, timeout=700)
                _print("question", _questions(daemon, 200))
                files = sorted(root.rglob("*.py"))
                drawn = random.Random(1).choices(files, k=options.saves)
                _print("save, any file", [_save(daemon, path, number) for number, path in enumerate(drawn)])
                hubs = [root / path for path in ("django/db/models/base.py", "django/test/testcases.py", "django/db/models/query.py")]
                hubs = [path for path in hubs if path.exists()] * 5
                _print("save, hub file", [_save(daemon, path, 10_000 + number) for number, path in enumerate(hubs)])
                n_stale = _count_stale(daemon, files, options.reads)
                print(f"{'synced reads':>16}: n {options.reads}, stale {n_stale}", flush=True)
            finally:
                client.stop(root, environment)


def _save(daemon: client.Client, path: Path, number: int) -> float:
    name = f"saved_by_the_bench_{number}"
    with path.open("a") as file:
        file.write(f"\n\ndef {name}():\n    return {number}\n")
    started = time.perf_counter()
    answer = daemon.call("symbols.find", {"name": name, "sync": True})
    elapsed = time.perf_counter() - started
    # A file with a syntax error or NUL bytes may hide what is appended to it.
    if answer["total"] != 1 and not answer["index"]["pending"] == 0:
        raise SystemExit(f"stale: {path} does not show {name}")
    return elapsed * 1000


def _count_stale(daemon: client.Client, files: list[Path], n_reads: int) -> int:
    """How many of so many synced reads did not show exactly what was saved last; the files are as before at the end."""
    n_stale, draw = 0, random.Random(2)
    path, before, former = files[0], files[0].read_bytes(), "nothing_was_saved"
    for number in range(n_reads):
        name = f"read_by_the_bench_{number // _READS_A_SAVE}"
        if number % _READS_A_SAVE == 0:
            path.write_bytes(before)
            path = draw.choice(files)
            before = path.read_bytes()
            path.write_bytes(b"def %s():\n    return %d\n\n\n" % (name.encode(), number) + before)
            former = f"read_by_the_bench_{number // _READS_A_SAVE - 1}"
        is_former = number % 2 == 1
        answer = daemon.call("symbols.find", {"name": former if is_former else name, "kind": "function", "sync": True})
        names = {item["name"] for item in answer["items"]}
        n_stale += former in names if is_former else name not in names
    path.write_bytes(before)
    return n_stale


def _questions(daemon: client.Client, n: int) -> list[float]:
    times = []
    for _ in range(n):
        started = time.perf_counter()
        daemon.call("symbols.find", {"name": "reverse"})
        times.append((time.perf_counter() - started) * 1000)
    return times


def _print(what: str, times: list[float]) -> None:
    ordered = sorted(times)
    if ordered:
        p50, p99 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
        print(f"{what:>16}: n {len(ordered)}, p50 {p50:.1f} ms, p99 {p99:.1f} ms, worst {ordered[-1]:.1f} ms", flush=True)


if __name__ == "__main__":
    main()
