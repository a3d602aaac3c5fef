"""The envelope of every list answer, and the items in it."""

from __future__ import annotations

from typing import Any

import msgspec


class Coverage(msgspec.Struct, frozen=True):
    """How many sites of the project mean a symbol of it, something outside of it, or are not understood."""

    resolved: int = 0
    external: int = 0
    unresolved: int = 0


class IndexState(msgspec.Struct, frozen=True):
    """What an answer was taken from: the index after `generation` commits, `pending` files not yet read."""

    generation: int = 0
    pending: int = 0
    coverage: Coverage = Coverage()


class Answer(msgspec.Struct):
    """A list answer. `total` counts items before limit and offset; `note` says why it is empty or cut.

    `sites_total` is there only where items have sites.
    """

    items: list[Any]
    total: int
    omitted: int
    note: str | None
    index: IndexState
    sites_total: int | msgspec.UnsetType = msgspec.UNSET
