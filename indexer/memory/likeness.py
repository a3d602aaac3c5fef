"""How alike two texts are: normal forms, hashes, shares of common words. Pure functions.

Two normal forms, for two questions. Of code: is it the same text, apart from how it is laid out? Of prose: are these the
same words?
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from indexer.store import sketches

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_TAB: Final = 8


def normal_code(text: str) -> str:
    """Code with its whitespace normalised; comments stay in.

    Blank lines and space at the ends go, runs of space become one, and indentation becomes its depth, counted from the
    least indented line behind the first. So a text that is indented further, or by other steps, is the same; one whose
    line moves in or out of a block, which can change its meaning, is not.
    """
    lines = [line for line in text.splitlines() if not line.isspace() and line]
    if not lines:
        return ""
    rest = [(_indentation(line), " ".join(line.split())) for line in lines[1:]]
    depths = [min((width for width, _ in rest), default=0)]
    normal = [" ".join(lines[0].split())]
    for width, line in rest:
        while width < depths[-1]:
            depths.pop()
        if width > depths[-1]:
            depths.append(width)
        normal.append(f"{len(depths) - 1} {line}")
    return "\n".join(normal)


def code_hash(text: str) -> bytes:
    """SHA-256 of the normal form."""
    return hashlib.sha256(normal_code(text).encode("utf-8", "replace")).digest()


def code_tokens(text: str, own_name: str | None = None) -> list[str]:
    """Words and signs of code; `own_name`, the name of what it defines, is left blank, so that a renamed copy has the same."""
    return ["" if token == own_name else token for token in _TOKEN.findall(text)]


def code_pairs(tokens: Sequence[str]) -> Counter[tuple[str, str]]:
    """The neighbouring tokens of a text with their numbers, its beginning and end marked."""
    return Counter(itertools.pairwise(["", *tokens, ""]))


def code_likeness(one: Counter[tuple[str, str]], other: Counter[tuple[str, str]]) -> float:
    """The share of neighbouring tokens that two texts have in common, from 0 to 1 (Dice's coefficient)."""
    return 2 * (one & other).total() / (one.total() + other.total())


def text_likeness(one: str, other: str) -> float:
    """The share of three-letter pieces of words that two texts have in common, from 0 to 1 (as PostgreSQL's similarity)."""
    return resemblance(_pieces(one), _pieces(other))


def resemblance(one: Collection[object], other: Collection[object]) -> float:
    """The share that two sets have in common, from 0 to 1 (Jaccard)."""
    common = len(set(one) & set(other))
    return common / (len(one) + len(other) - common) if one or other else 0.0


def _pieces(text: str) -> set[str]:
    padded = (f"  {word} " for word in sketches.words(text))
    return {word[start : start + 3] for word in padded for start in range(len(word) - 2)}


def _indentation(line: str) -> int:
    width = 0
    for letter in line:
        if letter == "\t":
            width += _TAB - width % _TAB
        elif letter == " ":
            width += 1
        else:
            break
    return width
