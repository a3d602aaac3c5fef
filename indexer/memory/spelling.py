"""The names of a project, in memory: which ways of looking for one can find any, and what somebody meant who made a typing error.

To look for a name that is nowhere, in every way, would take the database longer than anything else that is asked for often.

For names that are spelt alike, case and separators do not count. A name that is near by the number of edits shares most of its
pairs of letters, so each name is kept as a set of bits, one a pair (by its hash); the few whose sets differ least are compared
letter by letter.

A name that is gone is kept until there are many of them: who asks looks the names up, and finds nothing for it.
"""

from __future__ import annotations

import asyncio
import bisect
import uuid
import zlib
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from indexer.store import connect, graph, rows, searching

#: 64-bit words of a name's set.
_WORDS: Final = 2
#: Names whose sets are nearest that are compared letter by letter.
_COMPARED: Final = 64
#: Letters of the longest name that is compared: nobody types longer ones.
_LONGEST: Final = 100
_MOST_EDITS: Final = 3
#: Names of commits after which all are read again.
_MANY_COMMITTED: Final = 50_000
#: Names that are sorted in together; a few find their places sooner one by one.
_MANY_NAMES: Final = 200
#: Pairs of letters that an edit takes away and brings in, at most: swapped neighbours touch three.
_PAIRS_AN_EDIT: Final = 6


class Names:
    """The names of a project's symbols. Those of commits are noted at once, and taken in when somebody asks."""

    def __init__(self, database: connect.Database, project: uuid.UUID) -> None:
        self._database = database
        self._project = project
        self._is_read = False
        self._committed: set[str] = set()
        self._lock = asyncio.Lock()
        self._table = _Table(())

    def note(self, names: Iterable[str] | None) -> None:
        """A commit has brought symbols of these names; None where all may be others."""
        if names is not None:
            self._committed.update(names)
        if names is None or len(self._committed) > _MANY_COMMITTED:
            self.forget()

    def forget(self) -> None:
        """Nothing that was read counts any more."""
        self._is_read = False
        self._committed.clear()

    async def useful(self, text: str, stages: Sequence[graph.Stage]) -> list[graph.Stage]:
        """Those of the ways to match a name that can find something."""
        await self._read()
        text = rows.clean(text).strip()
        return [stage for stage in stages if self._table.can_find(stage, text)]

    async def alike(self, text: str, limit: int = 20) -> list[str]:
        """Names that are spelt like `text`, the most alike first: one edit of a short name, up to three of a long one."""
        await self._read()
        return self._table.alike(rows.clean(text), limit)

    async def _read(self) -> None:
        async with self._lock:
            if not self._is_read or self._table.is_stale:
                # A commit may come in between: what it brings is taken in below, what makes this worthless is not forgotten.
                self._is_read = True
                try:
                    names = await searching.names(self._database, self._project)
                    self._table = await asyncio.to_thread(_Table, names)
                except BaseException:
                    self._is_read = False
                    raise
            committed, self._committed = self._committed, set()
            self._table.add(committed)


class _Table:
    """Names by what they are without case and separators; `_others` are those that have nothing but separators."""

    def __init__(self, names: Iterable[str]) -> None:
        self._known: set[str] = set()
        self._names: dict[str, list[str]] = {}
        self._others: set[str] = set()
        self._words: set[str] = set()
        self._folded: list[str] = []
        self._ordered: list[str] = []
        self._bits = np.zeros((0, _WORDS), np.uint64)
        self._lengths = np.zeros(0, np.int16)
        self.add(names)
        self._n_at_first = len(self._folded)

    @property
    def is_stale(self) -> bool:
        """Whether so many names have come that as many may be gone."""
        return len(self._folded) > 2 * self._n_at_first + 1000

    def add(self, names: Iterable[str]) -> None:
        """Takes in names; those that it has already change nothing."""
        fresh = []
        # Nearly all that a commit brings was there before, and splitting names costs more than all the rest.
        new = sorted({name for name in names if name not in self._known})
        self._known.update(new)
        for name in new:
            folded = rows.folded(name)
            if not folded:
                self._others.add(name)
                continue
            known = self._names.setdefault(folded, [])
            if not known:
                fresh.append(folded)
            known.append(name)
            self._words.update(rows.words(name).split())
        if len(fresh) > _MANY_NAMES:
            self._ordered = sorted((*self._ordered, *fresh))
        else:
            for folded in fresh:
                bisect.insort(self._ordered, folded)
        short = [folded for folded in fresh if len(folded) <= _LONGEST]
        if short:
            self._folded += short
            self._bits = np.concatenate([self._bits, np.array([_pairs(folded) for folded in short], np.uint64)])
            self._lengths = np.concatenate([self._lengths, np.array([len(folded) for folded in short], np.int16)])

    def can_find(self, stage: graph.Stage, text: str) -> bool:
        """Whether looking for a name in this way can find any."""
        folded = rows.folded(text)
        match stage:
            case "exact":
                return any(tail in self._others or tail in self._names.get(rows.folded(tail), ()) for tail in graph.tails(text))
            case "style":
                return folded in self._names
            case "prefix":
                at = bisect.bisect_left(self._ordered, folded)
                return bool(folded) and at < len(self._ordered) and self._ordered[at].startswith(folded)
            case "words":
                # The database splits other scripts in its own way.
                return not text.isascii() or self._words.issuperset(rows.words(text).split())
            case "fuzzy":
                return True

    def alike(self, text: str, limit: int) -> list[str]:
        folded = rows.folded(text)
        if not folded or len(folded) > _LONGEST or not self._folded:
            return []
        most = edits_for(len(folded))
        of_length = np.flatnonzero(np.abs(self._lengths - len(folded)) <= most)
        differing = np.bitwise_count(self._bits[of_length] ^ np.array(_pairs(folded), np.uint64)).sum(axis=1, dtype=np.uint16)
        close = np.flatnonzero(differing <= most * _PAIRS_AN_EDIT)
        close = close[np.argsort(differing[close], kind="stable")[:_COMPARED]]
        found = []
        for at in map(int, close):
            other = self._folded[of_length[at]]
            if (edits := distance(folded, other)) <= most:
                found.append((edits, int(differing[at]), other))
        return [name for _, _, other in sorted(found) for name in self._names[other]][:limit]


def edits_for(length: int) -> int:
    """How many edits a name of so many letters may be away."""
    return min(_MOST_EDITS, 1 + length // 6)


def distance(one: str, other: str) -> int:
    """The edits between two texts: letters left out, put in, replaced, or changed with their neighbours, no place edited twice.

    Bit by bit over a column at a time (Hyyrö 2003, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances").
    """
    if not one or not other:
        return len(one) + len(other)
    places: dict[str, int] = {}
    for at, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << at
    all_ones, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    up, down, diagonal, before, edits = all_ones, 0, all_ones, 0, len(one)
    for letter in other:
        match = places.get(letter, 0)
        swapped = ((~diagonal & match) << 1) & before
        diagonal = ((((match & up) + up) ^ up) | match | down | swapped) & all_ones
        right, left = down | (~(diagonal | up) & all_ones), diagonal & up
        edits += bool(right & last) - bool(left & last)
        right, left = (right << 1 | 1) & all_ones, (left << 1) & all_ones
        up, down, before = left | (~(diagonal | right) & all_ones), diagonal & right, match
    return edits


def _pairs(folded: str) -> Sequence[int]:
    """The pairs of neighbouring letters, ends included, as bits."""
    bits = 0
    framed = f" {folded} "
    for at in range(len(framed) - 1):
        bits |= 1 << (zlib.crc32(framed[at : at + 2].encode()) % (64 * _WORDS))
    return [bits >> (64 * number) & 0xFFFF_FFFF_FFFF_FFFF for number in range(_WORDS)]
