"""Sketches of texts: a few hashes, of which nearly equal texts have some in common, so that an index can find candidates."""

from __future__ import annotations

import itertools
import re
import zlib
from typing import Final

#: Hashes in a sketch: the smallest ones. Two texts that have half of all pairs in common share one in 99 of 100 cases.
SIZE: Final = 8
#: Characters that are looked at.
LIMIT: Final = 100_000

_WORD: Final = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The words of a text, in one letter case."""
    return [word.casefold() for word in _WORD.findall(text)]


def pairs(text: str) -> frozenset[str]:
    """The pairs of words that stand together in a text; the word itself where there is only one."""
    found = words(text[:LIMIT])
    return frozenset(map(" ".join, itertools.pairwise(found))) or frozenset(found)


def sketch(text: str) -> list[int]:
    """At most SIZE signed 32-bit hashes, in order; empty for a text without words."""
    return sketch_of(pairs(text))


def sketch_of(text_pairs: frozenset[str]) -> list[int]:
    """The same of pairs that are known already."""
    return sorted(zlib.crc32(pair.encode("utf-8", "replace")) - 2**31 for pair in text_pairs)[:SIZE]
