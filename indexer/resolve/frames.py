"""The memory of resolution's questions, which may ask each other in cycles.

Answers are memorised per question (a **frame**) with the reads that they took. A question that is asked while it is being answered
gets an empty answer; whatever such a cycle touched is remembered only if it cannot depend on where the cycle was entered: a frame
that only met itself, or that lies outside of the cycle. So answers do not depend on what was asked before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from indexer.resolve.tree import Tree

#: Memorised answers; beyond it they are all forgotten (they can be had again).
MAX_MEMORY: Final = 150_000
_NEVER: Final = 1 << 60


class Frames:
    """Answers by key. One tree, one thread; `forget` after each change of the tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._memory: dict[Any, tuple[Any, tuple[int, ...]]] = {}
        self._provisional: dict[Any, tuple[Any, set[int], int]] = {}
        self._active: dict[Any, int] = {}
        self._low = _NEVER
        self._shared: set[int] = set()
        self._reread: set[Any] = set()

    def begin(self) -> None:
        """Starts a file: what is read from here on is its own."""
        self.tree.reads = set()
        self._reread.clear()

    def forget(self) -> None:
        """Drops all memorised answers."""
        self._memory.clear()

    def frame(self, key: Any, answer: Callable[..., Any], *arguments: Any, empty: Any = ()) -> Any:
        """The memorised answer to `key`, which `answer(*arguments)` gives.

        Frames nest; `_low` is the lowest frame that a cycle below reached back to. An answer that reached back beyond its own
        frame depends on where the cycle was entered: it is kept only until the frame that it reached back to is done. So is the
        answer of that frame itself if others took part in the cycle, while those outside of the cycle are unaffected.
        """
        tree = self.tree
        known = self._memory.get(key)
        if known is not None:
            if self._active:
                tree.reads.update(known[1])
            elif key not in self._reread:
                # Outside of all frames the reads are the file's own, and taking them once is enough.
                self._reread.add(key)
                tree.reads.update(known[1])
            return known[0]
        provisional = self._provisional.get(key)
        if provisional is not None:
            tree.reads |= provisional[1]
            self._low = min(self._low, provisional[2])
            return provisional[0]
        active = self._active.get(key)
        if active is not None:
            self._low = min(self._low, active)
            return empty
        depth = len(self._active)
        self._active[key] = depth
        outer_reads, outer_low = tree.reads, self._low
        tree.reads, self._low = set(), _NEVER
        try:
            result = answer(*arguments)
        finally:
            del self._active[key]
            own_reads, own_low = tree.reads, self._low
            outer_reads |= own_reads
            tree.reads = outer_reads
            self._low = outer_low
        if own_low < depth:
            self._provisional[key] = (result, own_reads, own_low)
            self._shared.add(own_low)
            self._low = min(outer_low, own_low)
            return result
        if own_low == depth and self._provisional:
            self._provisional = {k: v for k, v in self._provisional.items() if v[2] < depth}
        if depth not in self._shared:
            if len(self._memory) > MAX_MEMORY:
                self._memory.clear()
            self._memory[key] = (result, tuple(own_reads))
        self._shared.discard(depth)
        return result
