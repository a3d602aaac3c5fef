"""Random histories with kills: how often does the live index differ from a fresh one? It should be never."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from killing import victim


def main() -> None:
    """Runs sequences of operations and compares after every so many; ends with an error if anything differed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=200)
    parser.add_argument("--operations", type=int, default=2000)
    parser.add_argument("--compare", type=int, default=50, metavar="N", help="compare after every N operations")
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    options = parser.parse_args()
    n_differences = n_compared = n_killed = n_operations = 0
    for seed in range(options.first, options.first + options.sequences):
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder, victim(Path(folder), seed) as here:
            for number in range(1, options.operations + 1):
                n_killed += here.live()
                n_operations += 1
                if number % options.compare == 0:
                    n_compared += 1
                    missing, spurious = here.differences()
                    if missing or spurious:
                        n_differences += 1
                        print(f"seed {seed}, operation {number}: missing {missing[:5]}, spurious {spurious[:5]}", here.done[-60:])
        print(f"seed {seed}: {time.monotonic() - started:.0f} s", flush=True)
    print(
        f"{options.sequences} sequences, {n_operations} operations, {n_killed} kills, {n_compared} comparisons, "
        f"{n_differences} differences"
    )
    sys.exit(bool(n_differences))


if __name__ == "__main__":
    main()
