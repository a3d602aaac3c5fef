"""Where more is known of a value than all that its name may stand for.

A test counts from where it is known to hold (the body of an `if`, what follows `and`, what follows a test that leaves where it fails)
to the end of that part: after `isinstance(x, C)` x is an instance of C. A name that is bound several times means what it was bound to
last: in the body of its `for`, `with` or `except`, or in what follows an assignment in its block. Both end where the name is bound
again, or, if that is in a loop, where the loop begins.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from indexer.extract.captures import Node, Range, Test
from indexer.extract.naming import Names
from indexer.extract.scopes import Spec, Variable

Key = Variable | bytes
#: From where to where it holds, and the type that is tested or the value that is bound.
Told = tuple[int, int, Range | None, Spec | None]
_NEGATIONS = ("not_operator",)
_LEAVING = ("return_statement", "raise_statement", "continue_statement", "break_statement")
_ALTERNATIVES = ("conditional_expression",)
_STATEMENTS = ("if_statement", "elif_clause", "while_statement")
_LOOPS = ("for_statement", "while_statement")
_BLOCKS = ("block", "module")


class Narrowing:
    """What is known of the values of a file, by the place of what is written."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._told: dict[Key, list[Told]] = {}
        for test in names.captures.tests:
            key = self._bound_at(test.subject) if test.bound is not None else self._key(test.subject.byte_range)
            if key is not None:
                for start, end in _holding(test):
                    self._told.setdefault(key, []).append((start, end, test.type, test.bound))
        if names.redefines:
            self._tell_assigned()
        if self._told:
            self._end_at_bindings()

    def told_at(self, place: Range) -> tuple[Range | None, Spec | None] | None:
        """What is known of the expression at a place: the type that it is an instance of, or the value that was bound last."""
        if not self._told or (key := self._key(place)) is None or (all_told := self._told.get(key)) is None:
            return None
        told = [each for each in all_told if each[0] <= place[0] < each[1] and (each[3] is None or self._is_own(key, place))]
        return max(told, key=_start)[2:] if told else None

    def _is_own(self, key: Key, place: Range) -> bool:
        """Whether a place is in the very scope of a variable: functions inside run later."""
        return isinstance(key, Variable) and self._names.definitions.scope_at(place[0]).variables.get(key.name) is key

    def _key(self, place: Range) -> Key | None:
        written = self._names.written.get(place)
        if isinstance(written, Variable):
            return written
        return self._names.source[slice(*place)] if place in self._names.captures.members else None

    def _bound_at(self, node: Node) -> Variable | None:
        """The local that a name is bound to, if it is bound more than once."""
        name = self._names.source[node.start_byte : node.end_byte]
        variable = self._names.definitions.scope_at(node.start_byte).lookup(name)
        return variable if variable is not None and variable.symbol < 0 and len(variable.definitions) > 1 else None

    def _tell_assigned(self) -> None:
        for binding in self._names.captures.bindings:
            if binding.how != "value" or binding.what is None or binding.type is not None or binding.node.type != "identifier":
                continue
            if (variable := self._bound_at(binding.node)) is None:
                continue
            statement = binding.node.parent
            while statement is not None and statement.parent is not None and statement.parent.type not in _BLOCKS:
                statement = statement.parent if statement.type in ("assignment", "expression_statement") else None
            if statement is not None:
                for start, end in _rest_after(statement):
                    self._told.setdefault(variable, []).append((start, end, None, binding.what))

    def _end_at_bindings(self) -> None:
        """Ends what is known of a name with the line on which it is bound again."""
        bound: dict[Key, dict[int, Node | None]] = {}
        for binding in self._names.captures.bindings:
            if binding.node.type == "identifier" and (variable := self._bound_at(binding.node)) in self._told:
                assert variable is not None
                bound.setdefault(variable, {})[binding.node.start_byte] = binding.node
        for place, written in self._names.written.items():
            if isinstance(written, Variable) and written in self._told and self._names.is_bound_at(place[0]):
                bound.setdefault(written, {}).setdefault(place[0])
        for place, *_ in self._names.bindings.members:
            bound.setdefault(self._names.source[slice(*place)], {}).setdefault(place[0])
        for key, nodes in bound.items():
            starts = sorted(nodes)
            told = self._told.get(key, [])
            for i, (start, end, type, value) in enumerate(told):
                after = bisect_right(starts, start)
                if after < len(starts) and starts[after] < end:
                    told[i] = (start, min(end, self._last_before(start, starts[after], nodes[starts[after]])), type, value)

    def _last_before(self, start: int, place: int, node: Node | None) -> int:
        """Where what is known from `start` ends because of a binding at a place."""
        while node is not None:
            if node.type in _LOOPS and start < node.start_byte:
                place = node.start_byte
            node = node.parent
        line_end = self._names.source.find(b"\n", place)
        return line_end if line_end >= 0 else len(self._names.source)


def _start(told: Told) -> int:
    return told[0]


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
