"""Where tests say more of a value than its name does: after `isinstance(x, C)` x is an instance of C.

A test counts from where it is known to hold (the body of an `if`, what follows `and`, what follows a test that leaves where it fails)
to the end of that part, or to where the name is bound again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from indexer.extract.captures import Node, Range, Test
from indexer.extract.naming import Names
from indexer.extract.scopes import Variable

Key = Variable | bytes
#: From where to where a test holds, the type, and whether the name is bound to an instance of it there.
Told = tuple[int, int, Range, bool]
_NEGATIONS = ("not_operator",)
_LEAVING = ("return_statement", "raise_statement", "continue_statement", "break_statement")
_ALTERNATIVES = ("conditional_expression",)
_STATEMENTS = ("if_statement", "elif_clause", "while_statement")


class Narrowing:
    """What tests say of the values of a file, by the place of what is written."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._told: dict[Key, list[Told]] = {}
        #: Names that are bound where their type is told.
        self._bound = {test.subject.byte_range for test in names.captures.tests if test.is_bound}
        for test in names.captures.tests:
            if (key := self._key(test.subject.byte_range)) is not None:
                for start, end in _holding(test):
                    self._told.setdefault(key, []).append((start, end, test.type, test.is_bound))
        if self._told:
            self._end_at_bindings()

    def type_at(self, place: Range) -> tuple[Range, bool] | None:
        """The written type of which the expression at a place is known to be an instance, and whether that is all that it is."""
        if not self._told or (key := self._key(place)) is None:
            return None
        told = [each for each in self._told.get(key, ()) if each[0] <= place[0] < each[1]]
        return max(told)[2:] if told else None

    def _key(self, place: Range) -> Key | None:
        written = self._names.written.get(place)
        if isinstance(written, Variable):
            return written
        if place in self._bound:
            return self._names.definitions.scope_at(place[0]).lookup(self._names.source[slice(*place)])
        return self._names.source[slice(*place)] if place in self._names.captures.members else None

    def _end_at_bindings(self) -> None:
        """Ends what is told of a name with the line on which it is bound again."""
        bound: dict[Key, list[int]] = {}
        for place, written in self._names.written.items():
            if isinstance(written, Variable) and written in self._told and self._names.is_bound_at(place[0]):
                bound.setdefault(written, []).append(place[0])
        for place, *_ in self._names.bindings.members:
            bound.setdefault(self._names.source[slice(*place)], []).append(place[0])
        for key, starts in bound.items():
            starts.sort()
            told = self._told.get(key, [])
            for i, (start, end, type, is_bound) in enumerate(told):
                after = bisect_right(starts, start)
                if after < len(starts) and starts[after] < end:
                    line_end = self._names.source.find(b"\n", starts[after])
                    told[i] = (start, min(end, line_end if line_end >= 0 else end), type, is_bound)


def _holding(test: Test) -> Iterator[Range]:
    """The ranges in which a test is known to hold."""
    if test.within is not None:
        yield test.within
        return
    node, holds = test.node, True
    while (parent := node.parent) is not None:
        if parent.type in _NEGATIONS:
            holds = not holds
        elif parent.type == "boolean_operator":
            operator = parent.child_by_field_name("operator")
            if operator is None or (operator.type == "and") is not holds:
                return
            right = parent.child_by_field_name("right")
            if right is not None and right != node:
                yield right.byte_range
        elif parent.type != "parenthesized_expression":
            yield from _held_by(parent, node, holds)
            return
        node = parent


def _held_by(parent: Node, test: Node, holds: bool) -> Iterator[Range]:
    """Where the outcome of the whole test that a statement or expression makes is known."""
    if parent.type in _STATEMENTS and parent.child_by_field_name("condition") == test:
        body = parent.child_by_field_name("consequence") or parent.child_by_field_name("body")
        if body is None:
            return
        if holds:
            yield body.byte_range
            return
        alternative = parent.child_by_field_name("alternative")
        if alternative is not None:
            yield alternative.byte_range
        if parent.type == "if_statement" and body.named_children and body.named_children[-1].type in _LEAVING:
            yield from _rest_after(parent)
    elif parent.type in _ALTERNATIVES and len(parent.named_children) == 3 and parent.named_children[1] == test:
        yield parent.named_children[0 if holds else 2].byte_range
    elif parent.type == "assert_statement" and holds and parent.named_children[0] == test:
        yield from _rest_after(parent)
    elif parent.type == "if_clause" and holds and parent.parent is not None:
        yield parent.parent.byte_range


def _rest_after(statement: Node) -> Iterator[Range]:
    """What follows a statement in its block."""
    if statement.parent is not None:
        yield statement.end_byte, statement.parent.end_byte
