"""What the daemon answers: one short function a method, by the noun that the method is named after.

`state`      what all of them share
`envelope`   the envelope of list answers: from which state of the index, why empty or cut, waiting for saves
`paths`      paths of requests, confined to the project; why a file has nothing to show
`meaning`    which symbols a person means
`place`      what stands at a place
`items`      what the store found, as items of answers
`relations`  relationships with their sites, over one step or several
`changes`    which symbols a diff touches
`filters`    kinds, languages and globs of requests, checked
`remembered` memories, vaults and states as items
`targets`    what code a memory is about, as a request says it
`mentions`   memories about the code in an answer
`symbols`, `graph`, `search`, `index`, `status`, `memories`, `tying`, `vaults`, `states`, `maintenance`   the handlers
"""

from __future__ import annotations

from collections.abc import Mapping

from indexer.server.handlers import graph, index, maintenance, memories, search, states, status, symbols, tying, vaults
from indexer.server.handlers.state import State
from indexer.server.listen import Handler

__all__ = ["State", "handlers"]


def handlers(state: State) -> Mapping[str, Handler]:
    """Every handler of this package, by its method's name."""
    found: dict[str, Handler] = {}
    for part in (symbols, graph, search, index, status, memories, tying, vaults, states, maintenance):
        found |= part.handlers(state)
    return found
