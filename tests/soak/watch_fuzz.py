"""Random deeds on a tree, by hand and for as long as wanted: `python -m tests.soak.watch_fuzz --help`.

After each burst the picture of a reader of the watcher must equal the disk. A difference ends the run with exit code 1
and leaves the tree where it is said.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from watching import Mirror, Vandal, git

WAYS: dict[str, dict[str, Any]] = {"inotify": {}, "polling": {"is_polling": True}, "mixed": {"max_watches": 8}}


def run(seed: int, n_deeds: int, burst: int, way: str, has_repository: bool, folder: Path) -> int:
    """One sequence; returns the number of comparisons. Raises AssertionError with the differences."""
    root, outside = folder / "root", folder / "outside"
    root.mkdir()
    outside.mkdir()
    if has_repository:
        git(root, "init", "-q")
    vandal = Vandal(root, outside, seed, has_repository=has_repository)
    n_checks = n_deeds // burst
    with Mirror(root, **WAYS[way]) as mirror:
        for _ in range(n_checks):
            for _ in range(burst):
                vandal.act()
            mirror.check()
    return n_checks


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--deeds", type=int, default=2_000)
    parser.add_argument("--burst", type=int, default=40, help="deeds between two comparisons")
    options = parser.parse_args()
    for seed in range(options.first, options.first + options.seeds):
        for way in WAYS:
            for has_repository in (False, True):
                folder = Path(tempfile.mkdtemp(prefix="watch-fuzz-"))
                began = time.monotonic()
                try:
                    n_checks = run(seed, options.deeds, options.burst, way, has_repository, folder)
                except AssertionError as exc:
                    print(f"seed {seed} {way} repository={has_repository}: differs, see {folder}\n{exc}")
                    return 1
                shutil.rmtree(folder)
                took = time.monotonic() - began
                print(f"seed {seed} {way:8} repository={has_repository}: {n_checks} comparisons equal, {took:.1f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
