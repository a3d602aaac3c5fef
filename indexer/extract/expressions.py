"""Numbers what a file's expressions mean: triples that speak of its variables, symbols, imports and strings.

Only what a site or a namespace needs is numbered, so locals that nothing depends on cost nothing.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from typing import Final, cast

from indexer.extract.captures import Node, Range, Written
from indexer.extract.facts import Define, Op
from indexer.extract.flow import arguments_of
from indexer.extract.naming import Names, count_mark
from indexer.extract.narrowing import Narrowing
from indexer.extract.scopes import Nesting, Spec, Variable

#: An expression that nests deeper than this is unknown; keeps recursion bounded on machine-made code.
MAX_DEPTH: Final = 60

#: What is written of a string or number that may be a key; longer ones are not told apart.
_CONSTANT = re.compile(rb"[bBuU]?([\"'])([^\"'\\\n]{0,40})\1|(\d{1,10})")
#: Containers with more parts than this are not looked into.
MAX_PARTS: Final = 64
_MAX_CONSTANT: Final = 43
_OPS: Final = {
    "rest": Op.rest, "element": Op.element, "unpack": Op.unpack, "enter": Op.enter, "instance": Op.instance, "member": Op.member,
    "wanted": Op.wanted, "parameter": Op.parameter,
}  # fmt: skip
#: Definitions whose payload is an expression.
TYPED: Final = frozenset({Define.value, Define.type, Define.default, Define.argument})


class Expressions:
    """The expressions of a file by number, and the variables and lists that they speak of; each is numbered when it is asked for."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.definitions = names.definitions
        self.bindings = names.bindings
        self.captures = names.captures
        self.source = names.source
        self.numbers: dict[Range, int] = {}
        self.variables: list[Variable] = []
        self.triples = array("i")
        self.unique: dict[tuple[int, int, int], int] = {}
        self.lists: list[tuple[int, ...]] = []
        self.list_numbers: dict[tuple[int, ...], int] = {}
        self.narrowing = Narrowing(names)
        section = self.definitions.language.section
        scopes = section("scopes")
        self.has_implicit = bool(scopes.get("implicit", False))
        self.has_spaces = bool(scopes.get("nested_packages", False))
        #: The node type of names that call what they name, if it is no local.
        self.bare_calls = scopes.get("bare_calls", "")
        self.field_mark = names.field_mark
        self.super_name = section("receiver").get("call_super", "").encode()
        #: What the name of a type that decorates may end with, though it is not written.
        self.decorator_suffix = str(section("decorators").get("suffix", ""))
        ordered = sorted(self.captures.anonymous, key=lambda place: (place[0], -place[1]))
        self._anonymous = Nesting(ordered) if ordered else None
        self.decorators = {node.byte_range for said in self.captures.said.values() for word, node in said if word == "decorator"}

    def of(self, place: Range, depth: int = 0) -> int:
        """The number of the expression at a byte range, or -1 for what has no meaning here."""
        number = self.numbers.get(place)
        if number is None:
            number = self._number(place, depth) if depth < MAX_DEPTH else -1
            self.numbers[place] = number
        return number

    def narrowed(self, place: Range, depth: int = 0) -> int:
        """The number of the expression at a byte range, with what tests say of its value there."""
        number = self.of(place, depth)
        told = self.narrowing.told_at(place) if number >= 0 else None
        if told is None:
            return number
        tested, bound = told
        type = self.of(tested, depth + 1) if tested is not None else -1
        if bound is not None and type >= 0:
            return self.add(Op.narrowed, -1, type)
        if bound is not None:
            value = self.value(bound) if depth < MAX_DEPTH else -1
            return value if value >= 0 else self.add(Op.unknown, -1, -1)
        return self.add(Op.narrowed, number, type) if type >= 0 else number

    def _number(self, place: Range, depth: int) -> int:
        captures = self.captures
        if (name := self.names.written.get(place)) is not None:
            is_type = 0 if place[0] in captures.types else -1
            if isinstance(name, bytes):
                if self._is_implicit(place) and (owner := self._owner(place[0])) >= 0:
                    return self.add(Op.implicit, owner, self.definitions.string(self._name_at(place, name)))
                space = self.names.space_at(place[0]) if self.has_spaces else -1
                return self.add(Op.global_, self.definitions.string(self._name_at(place, name)), space)
            if (last := self.names.redefined.get(place)) is not None:
                return self.add(Op.symbol, last, 0)
            return self.add(Op.variable, self.variable(name), is_type)
        if (member := captures.members.get(place)) is not None:
            name_text = self._name_at(place, self.definitions.text(member[1]), member[1])
            return self.add(Op.member, self.narrowed(member[0], depth + 1), self.definitions.string(name_text))
        if (required := self.bindings.requires.get(place)) is not None:
            return self.add(Op.imported, required, -2)
        if (made := captures.made.get(place)) is not None:
            inner = self.of(made, depth + 1)
            return self.add(Op.instance, inner, -1) if inner >= 0 else -1
        if place in captures.selves:
            return self._self_expression(place[0])
        if (function := captures.calls.get(place)) is not None and function != place:
            if self.super_name and self.names.written.get(function) == self.super_name:
                named = next((value for _, value in arguments_of(node, self.source)), None) if (
                    node := captures.arguments.get(place)
                ) is not None else None
                base = self.of(named, depth + 1) if named is not None else -1
                return self.add(Op.super_, self.definitions.class_around(self.definitions.symbol_at(place[0])), base)
            given = self.given(function, depth) if function in captures.given else self._arguments(place, depth)
            return self.add(Op.call, self.of(function, depth + 1), given)
        if (same := captures.aliases.get(place)) is not None and same != place:
            return self.of(same, depth + 1)
        if place in captures.self_types:
            return self._self_type(place[0])
        if place in captures.supers:
            number = self.names.class_of_self(place[0])
            return self.add(Op.super_, number, -1) if number not in self.definitions.receivers and number not in self.names.hosts else -1
        if (index := captures.indexes.get(place)) is not None:
            keys = [self.of(key, depth + 1) for key in index[1]]
            key = -1 if not keys else keys[0] if len(keys) == 1 else self._tuple(keys)
            return self.add(Op.index, self.narrowed(index[0], depth + 1) if index[0] else -1, key)
        if (signature := captures.signatures.get(place)) is not None:
            returns = self.of(signature[1], depth + 1) if signature[1] is not None else -1
            return self.add(Op.signature, self._list(self.types_in(signature[0], depth + 1)), returns)
        if (array := captures.arrays.get(place)) is not None:
            return self.add(Op.array, self.of(array, depth + 1), -1)
        if (word := captures.words.get(place)) is not None:
            return self.add(Op.literal, self.definitions.string(self.definitions.text(word).decode("utf-8", "replace")), -1)
        if (operands := captures.arithmetic.get(place)) is not None:
            return self.add(Op.arithmetic, *(self.of(operand, depth + 1) for operand in operands))
        if (container := captures.container_types.get(place)) is not None:
            number = self._container(place, depth)
            return number if number >= 0 else self.add(Op.literal, self.definitions.string(container), -1)
        if (literal := captures.literals.get(place)) is not None:
            return self.add(Op.literal, self.definitions.string(literal), self._constant(place))
        if (union := captures.unions.get(place)) is not None:
            return self.add(Op.union, self.of(union[0], depth + 1), self.of(union[1], depth + 1))
        if (awaited := captures.awaited.get(place)) is not None:
            return self.add(Op.awaited, self.of(awaited, depth + 1), -1)
        if (items := captures.tuples.get(place)) is not None:
            parts = [self.of(item, depth + 1) for item in items]
            return parts[0] if len(parts) == 1 else self._tuple(parts)
        if (body := captures.lambdas.get(place)) is not None and (body != place or self.names.methods_apart):
            result = self.of(body, depth + 1) if body != place else -1
            return self.add(Op.lambda_, self.definitions.symbol_at(place[0]), result)
        return -1

    def _self_expression(self, place: int) -> int:
        number = self.names.class_of_self(place)
        if number < 0:
            return -1
        receiver = self.definitions.receivers.get(number) or self.names.hosts.get(number)
        if receiver is not None:
            if place < receiver[1]:
                # The type's own name, and what stands in front of it, is no member of the type.
                return -1
            inner = self.of(receiver)
            return self.add(Op.instance, inner, -1) if inner >= 0 else -1
        return self.add(Op.self_, number, -1)

    def types_in(self, parameters: Node, depth: int = 0) -> list[int]:
        """The declared types of listed parameters, -1 for those without one."""
        found: list[int] = []
        for node in parameters.named_children[:MAX_PARTS]:
            if node.is_extra or ((pattern := node.child_by_field_name("pattern")) is not None and pattern.type == "this"):
                continue
            type_ = node.child_by_field_name("type")
            found.append(self.of(type_.byte_range, depth) if type_ is not None else -1)
        return found

    def _owner(self, place: int) -> int:
        """The instances that a name without a receiver may be a member of: those without a name around it, innermost first, then the
        enclosing one."""
        number = self._anonymous.at(place) if self._anonymous is not None else -1
        if self._anonymous is None or number < 0:
            return self._self_expression(place)
        bodies: list[Range] = []
        own = self.names.class_of_self(place)
        start = self.definitions.texts[own].start_byte if own > 0 else -1
        while number >= 0 and self._anonymous.intervals[number][0] > start:
            bodies.append(self._anonymous.intervals[number])
            number = self._anonymous.parents[number]
        found = self._self_expression(bodies[-1][0] if bodies else place)
        for body in reversed(bodies):
            inner = self.of(self.captures.anonymous[body])
            instance = self.add(Op.instance, inner, -1) if inner >= 0 else -1
            found = instance if found < 0 else found if instance < 0 else self.add(Op.union, instance, found)
        return found

    def _self_type(self, place: int) -> int:
        number = self.names.class_of_self(place)
        if number < 0:
            return -1
        receiver = self.definitions.receivers.get(number) or self.names.hosts.get(number)
        return self.of(receiver) if receiver is not None else self.add(Op.symbol, number, -1)

    def _is_implicit(self, place: Range) -> bool:
        """Whether an unbound name may be a member of the enclosing instance."""
        if not self.has_implicit or not self.bare_calls or place[0] in self.captures.member_names:
            return self.has_implicit
        node = self.captures.references.get(place[0])
        return isinstance(node, Node) and node.type == self.bare_calls

    def _name_at(self, place: Range, name: bytes, member: Node | Written | None = None) -> str:
        """A name as what it is looked up by: types and methods apart from fields, methods by the number of arguments if it is known."""
        text = name.decode("utf-8", "replace")
        if place in self.captures.fields:
            return self.field_mark + text
        if not self.names.methods_apart:
            return text
        if (place[0] if member is None else member.start_byte) in self.captures.types:
            return f"{text}\t{self.decorator_suffix}" if self.decorator_suffix and place in self.decorators else f"{text}\t"
        return text if place not in self.captures.callables else text + count_mark(self.captures.callables[place])

    def _tuple(self, items: list[int]) -> int:
        return self.add(Op.tuple, self._list(items), -1) if any(item >= 0 for item in items) else -1

    def _list(self, items: list[int]) -> int:
        found = tuple(items)
        number = self.list_numbers.get(found)
        if number is None:
            number = self.list_numbers[found] = len(self.lists)
            self.lists.append(found)
        return number

    def _constant(self, place: Range) -> int:
        """What is written of a short string or number, as a string."""
        if place[1] - place[0] > _MAX_CONSTANT or (found := _CONSTANT.fullmatch(self.source, *place)) is None:
            return -1
        return self.definitions.string((found[2] if found[1] else found[3]).decode("utf-8", "replace"))

    def _arguments(self, place: Range, depth: int) -> int:
        """The arguments of a call as one list; -1 where nothing is known of them."""
        node = self.captures.arguments.get(place)
        return -1 if node is None or node.child_count > MAX_PARTS else self._listed(arguments_of(node, self.source), depth)

    def given(self, function: Range, depth: int = 0) -> int:
        """The arguments that tell overloads of what is called apart, as one list; -1 where nothing is known of them."""
        nodes, further = self.captures.given.get(function, ((), ()))
        if sum(node.child_count for node in nodes) > MAX_PARTS:
            return -1
        written = [argument for node in nodes for argument in arguments_of(node, self.source)]
        return self._listed([*written, *((None, node.byte_range) for node in further)], depth)

    def _listed(self, arguments: Iterable[tuple[bytes | None, Range]], depth: int) -> int:
        flat: list[int] = []
        for name, value in arguments:
            flat.append(-1 if name is None else self.definitions.string(name.decode("utf-8", "replace")))
            flat.append(self.narrowed(value, depth + 1))
        return self._list(flat) if any(number >= 0 for number in flat[1::2]) else -1

    def _container(self, place: Range, depth: int) -> int:
        """The expression of a container literal with what it holds; -1 where that says nothing."""
        if (body := self.captures.generated.get(place)) is not None:
            value = self.of(body, depth + 1)
            return self.add(Op.item, -1, value) if value >= 0 else -1
        node = self.captures.sequences.get(place) or self.captures.mappings.get(place)
        if node is None or node.child_count > 2 * MAX_PARTS:
            return -1
        parts = [part for part in node.named_children if not part.is_extra]
        if place not in self.captures.mappings:
            return self._telling(Op.tuple, [self.of(part.byte_range, depth + 1) for part in parts], 1)
        flat: list[int] = []
        for part in parts:
            for field in ("key", "value"):
                child = part.child_by_field_name(field)
                flat.append(self.of(child.byte_range, depth + 1) if child is not None else -1)
        return self._telling(Op.mapping, flat, 2)

    def _telling(self, op: Op, items: list[int], step: int) -> int:
        """A container, if it is empty or one of its values is more than a literal."""
        ops = self.triples
        is_telling = not items or any(number >= 0 and ops[3 * number] != Op.literal for number in items[step - 1 :: step])
        return self.add(op, self._list(items), -1) if is_telling else -1

    def add(self, op: Op, a: int, b: int) -> int:
        triple = (op, a, b)
        number = self.unique.get(triple)
        if number is None:
            number = self.unique[triple] = len(self.triples) // 3
            self.triples.extend(triple)
        return number

    def value(self, spec: Spec | None) -> int:
        if spec is None:
            return -1
        match spec:
            case "symbol", number:
                return self.add(Op.symbol, number, -1)
            case "item", key, given:
                value = self.value(given)
                return self.add(Op.item, self.of(key) if key is not None else -1, value) if value >= 0 else -1
            case "unpack", whole, int(place) if (items := self.captures.tuples.get(whole)) is not None:
                return self.of(items[place]) if -len(items) <= place < len(items) else -1
            case operation, of, *rest if operation in _OPS:
                inner = self.value(cast(Spec, of))
                last = rest[0] if rest else -1
                if isinstance(last, bytes):
                    last = self.definitions.string(last.decode("utf-8", "replace"))
                return self.add(_OPS[operation], inner, last) if inner >= 0 else -1
            case _:
                return self.narrowed(cast(Range, spec))

    def variable(self, variable: Variable) -> int:
        if variable.index < 0:
            variable.index = len(self.variables)
            self.variables.append(variable)
        return variable.index
