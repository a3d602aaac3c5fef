"""`python -m tests.bench [TREE]`: what indexing a tree costs, see `bench_index`. Other benches are run by their names."""

from __future__ import annotations

from .bench_index import main

main()
