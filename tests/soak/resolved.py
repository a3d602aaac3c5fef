"""Random changes to small projects of every language, in memory: is what is kept resolved equal to what is resolved afresh?

A difference is made as small as possible and shown.
"""

from __future__ import annotations

import argparse
import sys
import time

import changing_sources
from histories import WORLDS, Files, Kept, World, differences, differs, fresh, shrunk


def main() -> None:
    """Runs histories in each world; ends with an error if anything differed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", default=",".join([*WORLDS, *(f"+{name}" for name in changing_sources.GROUPS)]))
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--changes", type=int, default=100)
    parser.add_argument("--stop", type=int, default=3, help="differences of a world after which it is left")
    options = parser.parse_args()
    n_changes = n_differences = 0
    for world in options.worlds.split(","):
        started, found, n_resolved, n_here = time.process_time(), 0, 0, 0
        for seed in range(options.first, options.first + options.seeds):
            if found >= options.stop:
                break
            tree, kept = World(world, seed), Kept()
            kept.change(tree.files)
            for number in range(options.changes):
                before = dict(tree.files)
                deeds = [tree.step() for _ in range(tree.random.choice((1, 1, 1, 2, 3)))]
                kept.change(tree.files)
                n_here += 1
                if differences(kept.answers, fresh(tree.files)):
                    found += 1
                    print(f"\n{world}, seed {seed}, change {number}: {deeds}")
                    _show(before, dict(tree.files))
                    break
            n_resolved += kept.n_resolved
        n_changes += n_here
        n_differences += found
        print(f"{world}: {n_here} changes, {found} differences, {time.process_time() - started:.0f} s of CPU", flush=True)
    print(f"{n_changes} changes, {n_differences} differences")
    sys.exit(bool(n_differences))


def _show(before: Files, after: Files) -> None:
    if not differs(before, after):
        print("not from the step before alone")
        return
    before, after = shrunk(before, after)
    for path in sorted(before.keys() | after.keys()):
        one, other = before.get(path), after.get(path)
        for name, source in ((path, one),) if one == other else ((path + " before", one), (path + " after", other)):
            print(f"--- {name}\n{'(none)' if source is None else source.decode(errors='replace')}")
    for line in differs(before, after)[:6]:
        print("!", line)


if __name__ == "__main__":
    main()
