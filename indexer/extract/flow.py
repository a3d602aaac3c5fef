"""The fourth step of an analysis: values that reach a name other than by assigning to it.

What calls in the file give for a function's parameters, and what containers are given after they are made. Only what the file itself
shows counts, and only for the first few of each, so facts stay those of one file, and small.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

from indexer.extract.bindings import Parameters
from indexer.extract.captures import Node, Range
from indexer.extract.definitions import Definitions
from indexer.extract.facts import Define
from indexer.extract.scopes import Scope, Spec, Variable
from indexer.extract.symbols import CLASS_KINDS, FUNCTION_KINDS

#: Values that one parameter or container gets by calls and item assignments.
MAX_GIVEN: Final = 8
#: Aliases of functions are followed this far.
_MAX_ALIASES: Final = 3
Names = dict[Range, Variable | bytes]


def bind_flow(definitions: Definitions, names: Names, parameters: Parameters, items: list[tuple[Range, Spec]]) -> None:
    """Adds to variables what reaches them by calls (`Define.argument`) and by their items (`Define.value`)."""
    flow = _Flow(definitions, names, parameters)
    for target, spec in items:
        flow.bind_item(target, spec)
    for place, function in sorted(definitions.captures.calls.items()):
        flow.bind_call(place, function)
    flow.bind_decorated()


def arguments_of(node: Node, source: bytes) -> Iterator[tuple[bytes | None, Range]]:
    """The arguments of a call up to the first that stands for several: their names, if any, and values."""
    if node.type == "generator_expression":
        yield None, node.byte_range
        return
    for child in node.named_children:
        if child.is_extra:
            continue
        if child.type.endswith(("splat", "spread_element", "spread_argument")):
            return
        name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
        if value is None and name is not None and child.type == "argument":
            value = child.named_children[-1]
        if name is not None and value is not None:
            yield source[name.start_byte : name.end_byte], value.byte_range
        else:
            yield None, child.byte_range


class _Flow:
    """Looks up what is called and what is given an item, by the names of one file."""

    def __init__(self, definitions: Definitions, names: Names, parameters: Parameters) -> None:
        self.definitions = definitions
        self.captures = definitions.captures
        self.names = names
        self.parameters = parameters
        self.class_scopes: dict[int, Scope] = {scope.symbol: scope for scope in definitions.scopes if scope.is_class}
        said = definitions.language.section("containers")
        self.adding = frozenset(str(name).encode() for name in said.get("adding", ()))
        self.merging = frozenset(str(name).encode() for name in said.get("merging", ()))
        self._n_given: dict[int, int] = {}

    # -- what containers are given -------------------------------------------------------------------------------------

    def bind_item(self, target: Range, spec: Spec) -> None:
        """`d[k] = v`: d also holds v; `d[j][k] = v` the same, one deeper."""
        indexes = self.captures.indexes
        place: Range | None = target
        while place is not None and (index := indexes.get(place)) is not None and index[0] != place:
            place = index[0]
            spec = ("item", index[1][0] if len(index[1]) == 1 else None, spec)
        if place is not None and (variable := self._held(place)) is not None:
            self._give(variable, Define.value, spec)

    def _held(self, place: Range) -> Variable | None:
        """The variable that an expression names, if it is one of this file."""
        found = self.names.get(place)
        if isinstance(found, Variable):
            return found
        member = self.captures.members.get(place)
        scope = self._class_of(member[0]) if member is not None else None
        return scope.variables.get(self.definitions.text(member[1])) if member is not None and scope is not None else None

    def _give(self, variable: Variable, define: Define, spec: Spec) -> None:
        n_given = self._n_given.get(id(variable), 0)
        if n_given < MAX_GIVEN and (define, spec) not in variable.definitions:
            variable.definitions.append((define, spec))
            self._n_given[id(variable)] = n_given + 1

    # -- what parameters are given -------------------------------------------------------------------------------------

    def bind_call(self, place: Range, function: Range) -> None:
        """A call's arguments are values of the parameters of what is called."""
        node = self.captures.arguments.get(place)
        if node is None:
            return
        member = self.captures.members.get(function)
        if member is not None:
            word = self.definitions.text(member[1])
            if word in self.adding or word in self.merging:
                self._bind_added(member[0], word in self.adding, node)
                return
        owner = self._owner(function)
        if owner is None or owner not in self.parameters:
            return
        free = [p for p in self.parameters[owner] if not p.is_receiver]
        by_name = {p.variable.name: p.variable for p in free if not p.is_rest}
        for i, (name, value) in enumerate(arguments_of(node, self.definitions.source)):
            if name is not None:
                variable = by_name.get(name)
            elif i < len(free) and not free[i].is_rest:
                variable = free[i].variable
            else:
                continue
            if variable is not None and self._is_telling(value):
                self._give_argument(variable, value)

    def _bind_added(self, owner: Range, is_item: bool, node: Node) -> None:
        variable = self._held(owner)
        if variable is None or not any(
            define == Define.value and payload in self.captures.container_types for define, payload in variable.definitions
        ):
            return
        for name, value in arguments_of(node, self.definitions.source):
            if name is None and self._is_telling(value):
                self._give(variable, Define.value, ("item", None, value) if is_item else value)

    def bind_decorated(self) -> None:
        """What is decorated is the argument of its decorator."""
        for number, definition in self.definitions.definition_of.items():
            for word, node in self.definitions.said_of(definition):
                owner = self._owner(node.byte_range) if word == "decorator" else None
                free = [p for p in self.parameters.get(owner, ()) if not p.is_receiver] if owner is not None else []
                if free and not free[0].is_rest:
                    self._give_argument(free[0].variable, ("symbol", number))

    def _give_argument(self, variable: Variable, spec: Spec) -> None:
        if not any(define == Define.type for define, _ in variable.definitions):
            self._give(variable, Define.argument, spec)

    def _is_telling(self, value: Range) -> bool:
        """Whether an argument may be something that is followed: no literal, no arithmetic."""
        captures = self.captures
        return any(
            value in table
            for table in (self.names, captures.members, captures.calls, captures.container_types, captures.lambdas, captures.indexes)
        )

    def _owner(self, function: Range) -> Range | None:
        """The range of the definition or nameless function whose parameters a call of an expression fills."""
        found = self.names.get(function)
        if isinstance(found, Variable):
            return self._owner_of(found, 0)
        member = self.captures.members.get(function)
        if member is None:
            return None
        scope = self._class_of(member[0])
        variable = scope.variables.get(self.definitions.text(member[1])) if scope is not None else None
        return self._owner_of(variable, 0) if variable is not None else None

    def _owner_of(self, variable: Variable, depth: int) -> Range | None:
        symbols = self.definitions.symbols
        for define, payload in reversed(variable.definitions):
            if define == Define.symbol and isinstance(payload, int):
                if symbols[payload].kind in CLASS_KINDS:
                    return self._constructor(payload, depth)
                definition = self.definitions.definition_of.get(payload)
                return definition.range if definition is not None and symbols[payload].kind in FUNCTION_KINDS else None
            if define != Define.value:
                continue
            value = cast(Range, payload)
            if value in self.captures.lambdas:
                return value
            if depth < _MAX_ALIASES and isinstance(same := self.names.get(value), Variable):
                return self._owner_of(same, depth + 1)
        return None

    def _constructor(self, number: int, depth: int) -> Range | None:
        scope = self.class_scopes.get(number)
        for name in self.definitions.rules.constructors:
            variable = scope.variables.get(name.encode()) if scope is not None else None
            if variable is not None and depth <= _MAX_ALIASES:
                return self._owner_of(variable, depth + 1)
        return None

    def _class_of(self, owner: Range) -> Scope | None:
        """The scope of the class that an expression is an instance of, as far as the file shows without following more than a name."""
        variable = self.names.get(owner)
        if not isinstance(variable, Variable):
            return None
        for define, payload in variable.definitions:
            if define in (Define.self_, Define.cls) and isinstance(payload, int):
                return self.class_scopes.get(payload)
            function = self.captures.calls.get(cast(Range, payload)) if define == Define.value else None
            made = self.names.get(function) if function is not None else None
            if isinstance(made, Variable):
                return next((self.class_scopes.get(p) for d, p in made.definitions if d == Define.symbol and isinstance(p, int)), None)
        return None
