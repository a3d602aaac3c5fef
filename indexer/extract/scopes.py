"""Lexical scopes: which written name is bound where, as far as one file can tell.

A name that is bound anywhere in a scope belongs to that scope from its beginning (Python, JavaScript), except where locals are
declared before use. What is bound nowhere in the file is global: a builtin, a wildcard import's, or of another file of the package.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from indexer.extract.captures import Range
from indexer.extract.facts import Define

#: What a variable's definition is made of before expressions have numbers: a byte range, or an operation over another: its name, what
#: it works on (a spec, a symbol's number, or the range of an item's key and the spec of its value) and a place or name.
Spec = Range | tuple[str, *tuple[Any, ...]]


class Variable:
    """A name bound in a scope, with its definitions as (Define, payload); payloads of values are specs."""

    __slots__ = ("container", "definitions", "index", "name", "since", "symbol")

    def __init__(self, name: bytes, container: int) -> None:
        self.name = name
        self.container = container
        self.symbol = -1
        self.index = -1
        #: The byte from which it can be seen, in languages that declare before use.
        self.since = 0
        self.definitions: list[tuple[Define, object]] = []


class Scope:
    """Names bound between two places. `symbol` is the definition whose body it is, or that of the scope around it.

    A class's names are its members; where they are hidden, functions in it do not see them, nor does its body where it is closed. What
    is walled sees no locals around it. A
    block belongs to the function around it. An extension holds members of a type that is written elsewhere."""

    __slots__ = (
        "cache", "column", "is_block", "is_class", "is_closed", "is_extension", "is_function", "is_hidden", "is_lambda",
        "is_walled",        "is_walled", "outer", "parent", "symbol", "variables",
    )  # fmt: skip

    def __init__(self, parent: Scope | None, symbol: int, *, is_class: bool, is_function: bool, column: int) -> None:
        self.parent = parent
        self.symbol = symbol
        self.is_class = is_class
        self.is_function = is_function
        self.is_block = False
        self.is_extension = False
        self.is_hidden = False
        self.is_closed = False
        self.is_lambda = False
        self.is_walled = False
        self.column = column
        self.variables: dict[bytes, Variable] = {}
        self.outer: dict[bytes, Scope] = {}
        self.cache: dict[bytes, Variable | None] = {}

    def bind(self, name: bytes) -> Variable:
        """The variable of that name, made when it is not there."""
        scope = self.outer.get(name, self)
        variable = scope.variables.get(name)
        if variable is None:
            container = -1 if scope.is_function else scope.symbol
            variable = scope.variables[name] = Variable(name, container)
        return variable

    def lookup(self, name: bytes) -> Variable | None:
        """What the name means here, or None where no scope of the file binds it."""
        try:
            return self.cache[name]
        except KeyError:
            pass
        found = self._search(name, None)
        self.cache[name] = found
        return found

    def lookup_at(self, name: bytes, place: int) -> Variable | None:
        """What the name means at a byte, where locals are declared before they are used."""
        return self._search(name, place)

    def _search(self, name: bytes, place: int | None) -> Variable | None:
        scope: Scope | None = self.outer.get(name, self)
        is_own = True
        is_walled = False
        while scope is not None:
            variable = scope.variables.get(name)
            # A class's type parameters are no members, and always seen.
            if (
                variable is not None
                and (not scope.is_hidden or (is_own and not scope.is_closed) or variable.container < 0)
                and (place is None or not scope.is_function or variable.since <= place)
                and (not is_walled or variable.symbol >= 0)
            ):
                return variable
            is_walled = is_walled or scope.is_walled
            scope = scope.parent
            is_own = False
        return None


class Nesting:
    """Properly nested intervals, flattened so that the innermost one at a place is found by bisection."""

    __slots__ = ("bounds", "innermost", "intervals", "parents")

    def __init__(self, intervals: Sequence[Range]) -> None:
        """`intervals` are sorted by start, outer before inner; number i of the answers is intervals[i], -1 outside of all."""
        self.intervals = intervals
        self.parents = [-1] * len(intervals)
        self.bounds: list[int] = [0]
        self.innermost: list[int] = [-1]
        stack: list[int] = []
        for i, (start, _) in enumerate(intervals):
            while stack and intervals[stack[-1]][1] <= start:
                self._close(intervals[stack.pop()][1], stack)
            self.parents[i] = stack[-1] if stack else -1
            self._mark(start, i)
            stack.append(i)
        while stack:
            self._close(intervals[stack.pop()][1], stack)

    def _close(self, end: int, stack: list[int]) -> None:
        self._mark(end, stack[-1] if stack else -1)

    def _mark(self, place: int, number: int) -> None:
        if place <= self.bounds[-1]:
            self.innermost[-1] = number
        else:
            self.bounds.append(place)
            self.innermost.append(number)

    def at(self, place: int) -> int:
        """The innermost interval that holds the byte, or -1."""
        return self.innermost[bisect_right(self.bounds, place) - 1]
