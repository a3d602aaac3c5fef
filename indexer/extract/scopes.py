"""Lexical scopes: which written name is bound where, as far as one file can tell.

A name that is bound anywhere in a scope belongs to that scope from its beginning (Python, JavaScript's `var`); languages that
declare before use lose little by it. What is bound nowhere in the file is global: a builtin or a wildcard import's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from indexer.extract.captures import Range
from indexer.extract.facts import Define

#: What a variable's definition is made of before expressions have numbers: a byte range, or an operation over another.
Spec = Range | tuple[str, "Spec"] | tuple[str, "Spec", int]


class Variable:
    """A name bound in a scope, with its definitions as (Define, payload); payloads of values are specs."""

    __slots__ = ("container", "definitions", "index", "name", "symbol")

    def __init__(self, name: bytes, container: int) -> None:
        self.name = name
        self.container = container
        self.symbol = -1
        self.index = -1
        self.definitions: list[tuple[Define, object]] = []


class Scope:
    """Names bound between two places. `symbol` is the definition whose body it is, or that of the scope around it."""

    __slots__ = ("cache", "column", "is_class", "is_function", "outer", "parent", "symbol", "variables")

    def __init__(self, parent: Scope | None, symbol: int, *, is_class: bool, is_function: bool, column: int) -> None:
        self.parent = parent
        self.symbol = symbol
        self.is_class = is_class
        self.is_function = is_function
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

    def lookup(self, name: bytes, class_visible: bool) -> Variable | None:
        """What the name means here, or None where no scope of the file binds it."""
        try:
            return self.cache[name]
        except KeyError:
            pass
        found = self._search(name, class_visible)
        self.cache[name] = found
        return found

    def _search(self, name: bytes, class_visible: bool) -> Variable | None:
        scope: Scope | None = self.outer.get(name, self)
        is_own = True
        while scope is not None:
            if (class_visible or is_own or not scope.is_class) and name in scope.variables:
                return scope.variables[name]
            scope = scope.parent
            is_own = False
        return None


class Nesting:
    """Properly nested intervals, flattened so that the innermost one at a place is found by bisection."""

    __slots__ = ("bounds", "innermost", "parents")

    def __init__(self, intervals: Sequence[Range]) -> None:
        """`intervals` are sorted by start, outer before inner; number i of the answers is intervals[i], -1 outside of all."""
        self.parents = [-1] * len(intervals)
        self.bounds: list[int] = [0]
        self.innermost: list[int] = [-1]
        stack: list[int] = []
        for i, (start, end) in enumerate(intervals):
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
