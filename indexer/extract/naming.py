"""What names mean as far as one file can tell: looks each up in the scopes, and makes members of what instances are assigned."""

from __future__ import annotations

from typing import Final

from indexer.extract.bindings import Bindings
from indexer.extract.captures import Node, Range, Written
from indexer.extract.definitions import Definitions
from indexer.extract.facts import Define, Flag
from indexer.extract.scopes import Scope, Variable
from indexer.extract.symbols import CLASS_KINDS, FUNCTION_KINDS

_VALUE_KINDS: Final = frozenset({"field", "property", "accessor", "enum_member", "constant", "variable"})

#: Definitions that do not simply take the place of those before.
_UNLIKE: Final = Flag.conditional | Flag.overload | Flag.setter


class Names:
    """What the names of a file mean once `resolve` has been called: a variable, or the name itself where no scope binds it."""

    def __init__(self, definitions: Definitions, bindings: Bindings) -> None:
        self.definitions = definitions
        self.captures = definitions.captures
        self.source = definitions.source
        self.bindings = bindings
        self.written: dict[Range, Variable | bytes] = {}
        #: Sites but for imports: start, expression's range, name's node.
        self.found: list[tuple[int, Range, Node | Written]] = []
        self.called_locals: list[tuple[int, Range, Node | Written]] = []
        section = definitions.language.section
        scopes, receiver = section("scopes"), section("receiver")
        self.is_ordered = bool(scopes.get("ordered", False))
        self.methods_apart = bool(scopes.get("method_space", False))
        #: The node type of names that are local wherever they stand.
        self.always_local = scopes.get("always_local", "")
        #: Whether a type gets members by assignments anywhere.
        self.assigns_members = bool(receiver.get("assigned", False))
        self.self_word = str(receiver.get("self_word", "")).encode()
        self.super_word = str(receiver.get("super_word", "")).encode()
        #: Functions whose `this` is what they are called on, though they are no members of it.
        self.hosts = definitions.hosts if scopes.get("extensions") == "receiver" else {}
        self.undeclared = frozenset(word.encode() for word in section("names").get("undeclared", ()))
        #: Whether a name that is defined again means what was defined last before the place.
        self.redefines = bool(scopes.get("redefines", False))
        #: The symbols that names mean where it is not all that is said of their variable.
        self.redefined: dict[Range, int] = {}
        self.field_mark = str(section("names").get("field_mark", ""))

    def resolve(self) -> None:
        """Looks each reference up in the scopes of the file; what is not local is a site."""
        captures, source, names, found = self.captures, self.source, self.written, self.found
        member_names, inferred, methods_apart = captures.member_names, self.definitions.inferred, self.methods_apart
        skipped = {node.start_byte for _, node in captures.members.values()} | captures.ignored
        skipped.update(start for start, _ in captures.selves)
        undeclared, self_word, super_word = self.undeclared, self.self_word, self.super_word
        called = set(captures.calls.values())
        scope_at, defining, is_ordered = self.definitions.scope_at, self.definitions.defining, self.is_ordered
        for start in sorted(captures.references):
            if start in skipped:
                continue
            node = captures.references[start]
            end = node.end_byte
            name = source[start:end]
            if inferred and name in inferred and start in captures.types:
                continue
            place = (start, end)
            if name in (self_word, super_word):
                (captures.selves if name == self_word else captures.supers).add(place)
                continue
            if start in member_names:
                names[place] = name
                found.append((start, place, node))
                continue
            scope = scope_at(start)
            variable = scope.lookup_at(name, start) if is_ordered and start not in defining else scope.lookup(name)
            if methods_apart and variable is not None and start not in defining:
                variable = self._apart(scope, variable, place)
            if variable is None and self.always_local and node.type == self.always_local:
                continue
            if variable is None:
                if undeclared and name in undeclared:
                    continue
                names[place] = name
                if start not in defining:
                    found.append((start, place, node))
                continue
            names[place] = variable
            if start in defining:
                continue
            if self.redefines and len(variable.definitions) > 1 and (number := self._defined_last(scope, variable, start)) >= 0:
                self.redefined[place] = number
            # A local is no site, but one that is called may stand for a function, which resolution decides.
            if variable.symbol >= 0:
                found.append((start, place, node))
            elif place in called:
                self.called_locals.append((start, place, node))

    def is_bound_at(self, place: int) -> bool:
        """Whether the name that begins at a byte is given a value there."""
        return place in self.definitions.defining

    def _defined_last(self, scope: Scope, variable: Variable, place: int) -> int:
        """The symbol that was defined last before a byte, where others of the name follow in the same scope; else -1."""
        definitions = self.definitions
        numbers = [p for define, p in variable.definitions if define == Define.symbol and isinstance(p, int)]
        if len(numbers) < 2 or scope.variables.get(variable.name) is not variable:
            return -1
        if any(definitions.symbols[n].flags & _UNLIKE or n not in definitions.definition_of for n in numbers):
            return -1
        before = [n for n in numbers if definitions.definition_of[n].range[1] <= place]
        return before[-1] if before and before[-1] != numbers[-1] else -1

    def _apart(self, scope: Scope, variable: Variable, place: Range) -> Variable | None:
        """What a bound name means where fields, methods and types of one name are three things; None for a member, or nothing."""
        symbols = self.definitions.symbols
        kind = symbols[variable.symbol].kind if variable.symbol >= 0 else ""
        if place[0] in self.captures.types:
            return None if kind in _VALUE_KINDS else variable
        if kind == "import" and place in self.captures.callables:
            # Resolution knows which function of the name it is, or that a member hides it.
            return None
        if kind not in FUNCTION_KINDS or place not in self.captures.callables:
            return variable
        marked = scope.lookup(variable.name + count_mark(self.captures.callables[place]).encode())
        return variable if marked is None or marked.container != variable.container else marked

    def bind_members(self) -> None:
        """Makes what is assigned to members of the enclosing instance or class a member of that class."""
        definitions, members = self.definitions, self.captures.members
        class_scopes = {scope.symbol: scope for scope in definitions.scopes if scope.is_class}
        for target, define, spec, binding in self.bindings.members:
            if target in members:
                owner, name = members[target]
                number = self._instance_of(owner)
            else:
                name, number = binding.node, self.class_of_self(target[0])
            if number is None or (scope := class_scopes.get(number)) is None:
                continue
            mark = self.field_mark if target in self.captures.fields else ""
            field = scope.bind(mark.encode() + definitions.text(name))
            field.definitions.append((define, spec) if spec is not None else (Define.value, None))
            if field.symbol < 0 and binding.statement is not None:
                definitions.defining.add(name.start_byte)
                container = definitions.container(number)
                field.symbol = self.bindings.add_variable(name, container, binding.statement, "")

    def _instance_of(self, owner: Range) -> int | None:
        """The class whose enclosing instance an expression is, or None."""
        if owner in self.captures.selves:
            number = self.class_of_self(owner[0])
            if number in self.hosts:
                return None
            return self._type_of_method(number) if number in self.definitions.receivers else number
        variable = self.written.get(owner)
        if not isinstance(variable, Variable):
            return None
        wanted = (Define.self_, Define.cls, Define.symbol) if self.assigns_members else (Define.self_, Define.cls)
        return next((p for d, p in variable.definitions if d in wanted and isinstance(p, int)), None)

    def _type_of_method(self, number: int) -> int | None:
        """The type of the file that a method is written apart from, or None."""
        symbols = self.definitions.symbols
        container = symbols[number].container
        return container if symbols[container].kind in CLASS_KINDS and not symbols[number].flags & Flag.outside else None

    def class_of_self(self, place: int) -> int:
        """The symbol whose instance a method at the byte works on: a class, or what holds an object's methods; or the method that
        is written apart from its type (see `receivers`); -1 outside of all."""
        definitions = self.definitions
        symbols = definitions.symbols
        number = definitions.symbol_at(place)
        while number > 0:
            receiver = definitions.receivers.get(number)
            is_class = symbols[number].kind in CLASS_KINDS and not self._is_in_head(number, place)
            if is_class or (receiver is not None and not receiver[0] <= place < receiver[1]):
                return number
            # The type itself is written outside of what works on its instances.
            if (host := self.hosts.get(number)) is not None and not host[0] <= place < host[1]:
                return number
            outer = symbols[number].container
            if symbols[number].kind in ("method", "accessor", "constructor") and symbols[outer].kind in FUNCTION_KINDS:
                return -1
            if symbols[number].kind in ("constant", "variable"):
                return number
            number = outer
        return -1

    def _is_in_head(self, number: int, place: int) -> bool:
        """Whether a byte stands in front of a type's body, where its members have no meaning yet."""
        definition = self.definitions.definition_of.get(number)
        return definition is not None and definition.body is not None and place < definition.body.start_byte

    def space_at(self, place: int) -> int:
        """The innermost namespace or type around a byte, or -1."""
        symbols = self.definitions.symbols
        number = self.definitions.symbol_at(place)
        while number > 0 and symbols[number].kind not in CLASS_KINDS and symbols[number].kind not in ("namespace", "package"):
            number = symbols[number].container
        return number if number > 0 else -1


def count_mark(count: int | None) -> str:
    """What a method's name ends with where methods are looked up by the number of their arguments; None where it is not known."""
    return "()" if count is None else f"(){count}"
