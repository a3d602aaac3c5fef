"""Long runs that no test can afford: `python -m tests.soak daemons|live|resolved|stored|watch …`; see each one's --help."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

RUNS = {"daemons": "daemons.py", "live": "live_equals_fresh.py", "resolved": "resolved.py", "stored": "stored.py", "watch": "watch_fuzz.py"}


def main() -> None:
    """Runs one of them with the rest of the arguments; all of them, with their defaults, where none is named."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    chosen = [sys.argv[1]] if len(sys.argv) > 1 else list(RUNS)
    if unknown := set(chosen) - RUNS.keys():
        raise SystemExit(f"unknown run {', '.join(unknown)}: one of {', '.join(RUNS)}")
    for name in chosen:
        sys.argv[:2] = [RUNS[name]]
        runpy.run_path(str(Path(__file__).parent / RUNS[name]), run_name="__main__")


if __name__ == "__main__":
    main()
