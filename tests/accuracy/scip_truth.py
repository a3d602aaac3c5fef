"""Truth that a compiler-backed indexer wrote: what each called name means, by its SCIP index.

Calls of parameters and local variables are left out, since locals are no symbols; a nested function or
class is one though the indexer may call it local. Sites that the indexer says nothing about are left out
too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .facts import Place, Position, TrueSite
from .scip import Index, name_of, sort_of


def call_sites(
    calls: Iterable[tuple[Position, str, str]],
    index: Index,
    nested: frozenset[tuple[Place, str]],
    repeated: frozenset[Place],
    proved: Mapping[Position, frozenset[Place]],
    overloads: Mapping[Place, frozenset[Place]],
) -> Iterator[TrueSite]:
    """The decided ones among `calls` (position, name, form).

    `nested` are the places and names of definitions, `repeated` those whose qualified name is defined more than once:
    of these the indexer knows one, and the construct says so. Of a function with `overloads` it names the first form, and a reader
    looks for the implementation: any form is right. Where the indexer leads to a stub
    (`.pyi`), the implementation that `proved` knows for that position is as right, and the construct says so.
    """
    for position, name, written in calls:
        used = index.used_at(position)
        if used is None:
            continue
        if written != "name" and name_of(used.symbol) not in (name, None):
            continue  # Only a name can be an alias: the indexer has taken the attribute for something else.
        targets, sort = index.targets(used), sort_of(used.symbol)
        is_variable = sort == "local" and not all((place, name) in nested for place in targets or ())
        if targets is None or sort == "parameter" or is_variable:
            continue
        construct = f"{written}:{'outside' if not targets else 'function' if sort == 'local' else sort}"
        if targets & repeated:
            construct = f"{construct} of several"
        for place in tuple(targets):
            targets |= overloads.get(place, frozenset())
        if any(place.path.endswith(".pyi") for place in targets):
            targets, construct = targets | proved.get(position, frozenset()), f"{construct} in a stub"
        yield TrueSite(position, name, targets, construct)
