"""`python -m tests.bench [TREE]`: what indexing a tree costs, see `bench_index`. `python -m tests.bench NAME …` runs another one:
index, answers, clients, store, memories, database, live, search, anchors or embed; each says what it takes with --help.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent

name = sys.argv[1] if len(sys.argv) > 1 else ""
if (HERE / f"bench_{name}.py").is_file():
    sys.path.insert(0, str(HERE))
    sys.argv[:2] = [f"bench_{name}"]
    runpy.run_module(f"{__package__}.bench_{name}", run_name="__main__")
else:
    from .bench_index import main

    main()
