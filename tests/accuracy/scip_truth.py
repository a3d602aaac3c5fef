"""Truth that a compiler-backed indexer wrote: what each called name means, by its SCIP index.

Calls of parameters and local variables are left out, since locals are no symbols; a nested function or
class is one though the indexer may call it local. Sites that the indexer says nothing about are left out
too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.accuracy.facts import Place, Position, TrueSite
from tests.accuracy.scip import Index, sort_of


def call_sites(
    calls: Iterable[tuple[Position, str, str]], index: Index, nested: frozenset[Place]
) -> Iterator[TrueSite]:
    """The decided ones among `calls` (position, name, form); `nested`: definitions inside functions."""
    for position, name, written in calls:
        used = index.used_at(position)
        if used is None:
            continue
        targets, sort = index.targets(used), sort_of(used.symbol)
        if targets is None or sort == "parameter" or (sort == "local" and not targets <= nested):
            continue
        leads_to = "outside" if not targets else "function" if sort == "local" else sort
        yield TrueSite(position, name, targets, f"{written}:{leads_to}")
