"""Which definitions a call through a base type may reach instead of the one that it names.

They follow from the relationships 'overrides' and the site alone, so nothing is stored for them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Final

from indexer.index import sites
from indexer.model import Evidence, Role

#: Overriding definitions of one that are told; the nearest come first.
MAX_OVERRIDING: Final = 8
#: The evidence of calls whose receiver may be of a derived type. One that is inferred from where it was made is what it is.
_OPEN: Final = frozenset({Evidence.type, Evidence.self_, Evidence.inheritance})


class Overriding:
    """The overriding definitions of a project, by the one that they override: pairs (overriding, overridden) in order of place."""

    def __init__(self, pairs: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> None:
        self._direct: dict[bytes, list[bytes]] = {}
        for overriding, overridden in pairs:
            self._direct.setdefault(overridden.bytes, []).append(overriding.bytes)
        self._all: dict[bytes, tuple[bytes, ...]] = {}

    def possible(self, site: sites.Site) -> Iterator[sites.Possible]:
        """What a site may call besides its target. A definition that calls what it overrides calls just that."""
        if site.target is None or site.role != Role.calls or site.evidence not in _OPEN:
            return
        found = self._of(site.target)
        if site.source in found:
            return
        for target in found[:MAX_OVERRIDING]:
            yield sites.Possible(site.line, site.column, site.source, target, site.role, Evidence.override)

    def _of(self, overridden: bytes) -> tuple[bytes, ...]:
        """All that override a definition, directly or by others, nearest first."""
        known = self._all.get(overridden)
        if known is None:
            found = dict.fromkeys(self._direct.get(overridden, ()))
            pending = list(found)
            while pending:
                following = [each for one in pending for each in self._direct.get(one, ()) if each not in found]
                found.update(dict.fromkeys(following))
                pending = list(dict.fromkeys(following))
            known = self._all[overridden] = tuple(found)
        return known
