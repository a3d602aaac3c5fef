"""What an expression may be at run time, or what a name denotes: the values that `infer` and `parts` speak of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from indexer.model import Evidence

#: More alternatives than this say nothing; the first ones are kept.
MAX_VALUES: Final = 8
#: As many functions of one name are looked at where a call chooses among them.
MAX_OVERLOADS: Final = 64


class Value(NamedTuple):
    """Something that an expression may be at run time, or what a name denotes.

    `tag`: 'module' (path), 'folder' (path), 'class', 'instance', 'function', 'generator', 'super' (path and symbol of the class or
    function), 'symbol' (any symbol, as denoted), 'package' (the path is its family and full name), 'external', 'lambda' (path and
    expression), 'constant' (the path is its type and what is written), 'named' (an instance of a type that is not of the tree; the
    path is its name), and the containers: 'literal', 'given' (part by part) and
    'typed' (path, and the expression that says what it holds). `how` is the evidence for it.
    """

    tag: str
    path: str
    symbol: int
    how: Evidence


Values = tuple[Value, ...]
EXTERNAL: Final = Value("external", "", -1, Evidence.external)
CONTAINERS: Final = frozenset({"literal", "given", "typed"})
#: Of what is not in the tree, that of which nothing more is known than a name.
OUTSIDE: Final = frozenset({"external", "named"})
#: What belongs to the language and not to the tree, so that its members are outside.
FOREIGN: Final = frozenset({"external", "named", "constant", "literal", "typed", "generator", "lambda"})


def distinct(values: Iterable[Value]) -> Values:
    """The first of each value, whatever its evidence, as many as are kept."""
    found: dict[tuple[str, str, int], Value] = {}
    for value in values:
        found.setdefault(value[:3], value)
    return tuple(found.values())[:MAX_VALUES]
