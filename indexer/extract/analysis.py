"""From the tables of one file's matches to its facts: what names mean, which sites there are and what their expressions are.

The order matters: definitions and bindings come first (`definitions`); only then does a name have a meaning, and only then can
members of `self` be told, sites be listed and values be numbered. Only what a site or a namespace needs is numbered, so locals
that nothing depends on cost nothing.
"""

from __future__ import annotations

import re
from array import array
from typing import Final, cast

from indexer import model
from indexer.extract import quoted
from indexer.extract.bindings import Bindings
from indexer.extract.captures import Captures, Node, Range, Written, merged
from indexer.extract.definitions import Definitions, variable_place
from indexer.extract.facts import Define, Facts, Flag, Op, encode_texts
from indexer.extract.facts import Variable as VariableFact
from indexer.extract.flow import arguments_of, bind_flow
from indexer.extract.scopes import Nesting, Scope, Spec, Variable
from indexer.extract.symbols import CLASS_KINDS, FUNCTION_KINDS
from indexer.languages import Language

#: An expression that nests deeper than this is unknown; keeps recursion bounded on machine-made code.
MAX_DEPTH: Final = 60

#: What is written of a string or number that may be a key; longer ones are not told apart.
_CONSTANT = re.compile(rb"[bBuU]?([\"'])([^\"'\\\n]{0,40})\1|(\d{1,10})")
#: Containers with more parts than this are not looked into.
MAX_PARTS: Final = 64
_MAX_CONSTANT: Final = 43
_OPS: Final = {
    "rest": Op.rest, "element": Op.element, "unpack": Op.unpack, "enter": Op.enter, "instance": Op.instance, "member": Op.member,
}  # fmt: skip
_TYPED: Final = frozenset({Define.value, Define.type, Define.default, Define.argument})
_VALUE_KINDS: Final = frozenset({"field", "property", "accessor", "enum_member", "constant", "variable"})


def analyse(source: bytes, root: Node, captures: Captures, language: Language) -> Facts:
    """The facts of a file from its matches; `source` are the bytes that were parsed."""
    definitions = Definitions(source, root, captures, language)
    definitions.define()
    bindings = Bindings(definitions)
    analysis = _Analysis(definitions, bindings)
    for place, node in captures.quoted:
        quoted.read(captures, place, node, source)
    bindings.bind()
    analysis.resolve_names()
    analysis.bind_members()
    bind_flow(definitions, analysis.names, bindings.parameters, bindings.items)
    analysis.list_sites()
    analysis.list_indirect()
    return analysis.facts()


class _Analysis:
    """Names, expressions and sites; each step stands on those before it."""

    def __init__(self, definitions: Definitions, bindings: Bindings) -> None:
        self.definitions = definitions
        self.bindings = bindings
        self.captures = definitions.captures
        self.source = definitions.source
        self.names: dict[Range, Variable | bytes] = {}
        #: Sites but for imports: start, expression's range, name's node.
        self.found: list[tuple[int, Range, Node | Written]] = []
        self.called_locals: list[tuple[int, Range, Node | Written]] = []
        self.numbers: dict[Range, int] = {}
        self.variables: list[Variable] = []
        self.expressions = array("i")
        self.unique: dict[tuple[int, int, int], int] = {}
        self.sites = array("i")
        self.lists: list[tuple[int, ...]] = []
        self.list_numbers: dict[tuple[int, ...], int] = {}
        self.indirect = array("i")
        scopes = definitions.language.section("scopes")
        self.is_ordered = bool(scopes.get("ordered", False))
        self.has_implicit = bool(scopes.get("implicit", False))
        self.methods_apart = bool(scopes.get("method_space", False))
        self.has_spaces = bool(scopes.get("nested_packages", False))
        #: The node type of names that call what they name, if it is no local.
        self.bare_calls = scopes.get("bare_calls", "")
        #: The node type of names that are local wherever they stand.
        self.always_local = scopes.get("always_local", "")
        self.field_mark = str(definitions.language.section("names").get("field_mark", ""))
        #: Whether a type gets members by assignments anywhere.
        self.assigns_members = bool(definitions.language.section("receiver").get("assigned", False))
        self.super_name = definitions.language.section("receiver").get("call_super", "").encode()
        #: How many statements may make up the package that the file declares.
        self.n_packages = None if scopes.get("packages_nest") else 1
        receiver = definitions.language.section("receiver")
        self.self_word = str(receiver.get("self_word", "")).encode()
        self.super_word = str(receiver.get("super_word", "")).encode()
        #: Functions whose `this` is what they are called on, though they are no members of it.
        self.hosts = definitions.hosts if scopes.get("extensions") == "receiver" else {}
        self.undeclared = frozenset(word.encode() for word in definitions.language.section("names").get("undeclared", ()))
        #: What the name of a type that decorates may end with, though it is not written.
        self.decorator_suffix = str(definitions.language.section("decorators").get("suffix", ""))
        self.decorators = {node.byte_range for said in self.captures.said.values() for word, node in said if word == "decorator"}

    # -- names ---------------------------------------------------------------------------------------------------------

    def resolve_names(self) -> None:
        """Looks each reference up in the scopes of the file; what is not local is a site."""
        captures, source, names, found = self.captures, self.source, self.names, self.found
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
            # A local is no site, but one that is called may stand for a function, which resolution decides.
            if variable.symbol >= 0:
                found.append((start, place, node))
            elif place in called:
                self.called_locals.append((start, place, node))

    def bind_members(self) -> None:
        """Makes what is assigned to members of the enclosing instance or class a member of that class."""
        definitions, members = self.definitions, self.captures.members
        class_scopes = {scope.symbol: scope for scope in definitions.scopes if scope.is_class}
        for target, define, spec, binding in self.bindings.members:
            if target in members:
                owner, name = members[target]
                number = self._instance_of(owner)
            else:
                name, number = binding.node, self._class_of_self(target[0])
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
            number = self._class_of_self(owner[0])
            if number in self.hosts:
                return None
            return self._type_of_method(number) if number in self.definitions.receivers else number
        variable = self.names.get(owner)
        if not isinstance(variable, Variable):
            return None
        wanted = (Define.self_, Define.cls, Define.symbol) if self.assigns_members else (Define.self_, Define.cls)
        return next((p for d, p in variable.definitions if d in wanted and isinstance(p, int)), None)

    def _type_of_method(self, number: int) -> int | None:
        """The type of the file that a method is written apart from, or None."""
        symbols = self.definitions.symbols
        container = symbols[number].container
        return container if symbols[container].kind in CLASS_KINDS and not symbols[number].flags & Flag.outside else None

    def _class_of_self(self, place: int) -> int:
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

    def _space_at(self, place: int) -> int:
        """The innermost namespace or type around a byte, or -1."""
        symbols = self.definitions.symbols
        number = self.definitions.symbol_at(place)
        while number > 0 and symbols[number].kind not in CLASS_KINDS and symbols[number].kind not in ("namespace", "package"):
            number = symbols[number].container
        return number if number > 0 else -1

    def _self_expression(self, place: int) -> int:
        number = self._class_of_self(place)
        if number < 0:
            return -1
        receiver = self.definitions.receivers.get(number) or self.hosts.get(number)
        if receiver is not None:
            if place < receiver[1]:
                # The type's own name, and what stands in front of it, is no member of the type.
                return -1
            inner = self.expression(receiver)
            return self._add(Op.instance, inner, -1) if inner >= 0 else -1
        return self._add(Op.self_, number, -1)

    def _self_type(self, place: int) -> int:
        number = self._class_of_self(place)
        if number < 0:
            return -1
        receiver = self.definitions.receivers.get(number) or self.hosts.get(number)
        return self.expression(receiver) if receiver is not None else self._add(Op.symbol, number, -1)

    # -- expressions ---------------------------------------------------------------------------------------------------

    def expression(self, place: Range, depth: int = 0) -> int:
        """The number of the expression at a byte range, or -1 for what has no meaning here."""
        number = self.numbers.get(place)
        if number is None:
            number = self._number(place, depth) if depth < MAX_DEPTH else -1
            self.numbers[place] = number
        return number

    def _number(self, place: Range, depth: int) -> int:
        captures = self.captures
        if (name := self.names.get(place)) is not None:
            is_type = 0 if place[0] in captures.types else -1
            if isinstance(name, bytes):
                if self._is_implicit(place) and (owner := self._self_expression(place[0])) >= 0:
                    return self._add(Op.implicit, owner, self.definitions.string(self._name_at(place, name)))
                space = self._space_at(place[0]) if self.has_spaces else -1
                return self._add(Op.global_, self.definitions.string(self._name_at(place, name)), space)
            return self._add(Op.variable, self._variable(name), is_type)
        if (member := captures.members.get(place)) is not None:
            name_text = self._name_at(place, self.definitions.text(member[1]), member[1])
            return self._add(Op.member, self.expression(member[0], depth + 1), self.definitions.string(name_text))
        if (required := self.bindings.requires.get(place)) is not None:
            return self._add(Op.imported, required, -2)
        if (made := captures.made.get(place)) is not None:
            inner = self.expression(made, depth + 1)
            return self._add(Op.instance, inner, -1) if inner >= 0 else -1
        if place in captures.selves:
            return self._self_expression(place[0])
        if (function := captures.calls.get(place)) is not None and function != place:
            if self.super_name and self.names.get(function) == self.super_name:
                named = next((value for _, value in arguments_of(node, self.source)), None) if (
                    node := captures.arguments.get(place)
                ) is not None else None
                base = self.expression(named, depth + 1) if named is not None else -1
                return self._add(Op.super_, self.definitions.class_around(self.definitions.symbol_at(place[0])), base)
            return self._add(Op.call, self.expression(function, depth + 1), self._arguments(place, depth))
        if (same := captures.aliases.get(place)) is not None and same != place:
            return self.expression(same, depth + 1)
        if place in captures.self_types:
            return self._self_type(place[0])
        if place in captures.supers:
            number = self._class_of_self(place[0])
            return self._add(Op.super_, number, -1) if number not in self.definitions.receivers and number not in self.hosts else -1
        if (index := captures.indexes.get(place)) is not None:
            keys = [self.expression(key, depth + 1) for key in index[1]]
            key = -1 if not keys else keys[0] if len(keys) == 1 else self._tuple(keys)
            return self._add(Op.index, self.expression(index[0], depth + 1) if index[0] else -1, key)
        if (container := captures.container_types.get(place)) is not None:
            number = self._container(place, depth)
            return number if number >= 0 else self._add(Op.literal, self.definitions.string(container), -1)
        if (literal := captures.literals.get(place)) is not None:
            return self._add(Op.literal, self.definitions.string(literal), self._constant(place))
        if (union := captures.unions.get(place)) is not None:
            return self._add(Op.union, self.expression(union[0], depth + 1), self.expression(union[1], depth + 1))
        if (awaited := captures.awaited.get(place)) is not None:
            return self._add(Op.awaited, self.expression(awaited, depth + 1), -1)
        if (items := captures.tuples.get(place)) is not None:
            parts = [self.expression(item, depth + 1) for item in items]
            return parts[0] if len(parts) == 1 else self._tuple(parts)
        if (body := captures.lambdas.get(place)) is not None and body != place:
            return self._add(Op.lambda_, self.definitions.symbol_at(place[0]), self.expression(body, depth + 1))
        return -1

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
        if not self.methods_apart:
            return text
        if (place[0] if member is None else member.start_byte) in self.captures.types:
            return f"{text}\t{self.decorator_suffix}" if self.decorator_suffix and place in self.decorators else f"{text}\t"
        return text if place not in self.captures.callables else text + _mark(self.captures.callables[place])

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
        marked = scope.lookup(variable.name + _mark(self.captures.callables[place]).encode())
        return variable if marked is None or marked.container != variable.container else marked

    def _tuple(self, items: list[int]) -> int:
        return self._add(Op.tuple, self._list(items), -1) if any(item >= 0 for item in items) else -1

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
        if node is None or node.child_count > MAX_PARTS:
            return -1
        flat: list[int] = []
        for name, value in arguments_of(node, self.source):
            flat.append(-1 if name is None else self.definitions.string(name.decode("utf-8", "replace")))
            flat.append(self.expression(value, depth + 1))
        return self._list(flat) if any(number >= 0 for number in flat[1::2]) else -1

    def _container(self, place: Range, depth: int) -> int:
        """The expression of a container literal with what it holds; -1 where that says nothing."""
        if (body := self.captures.generated.get(place)) is not None:
            value = self.expression(body, depth + 1)
            return self._add(Op.item, -1, value) if value >= 0 else -1
        node = self.captures.sequences.get(place) or self.captures.mappings.get(place)
        if node is None or node.child_count > 2 * MAX_PARTS:
            return -1
        parts = [part for part in node.named_children if not part.is_extra]
        if place not in self.captures.mappings:
            return self._telling(Op.tuple, [self.expression(part.byte_range, depth + 1) for part in parts], 1)
        flat: list[int] = []
        for part in parts:
            for field in ("key", "value"):
                child = part.child_by_field_name(field)
                flat.append(self.expression(child.byte_range, depth + 1) if child is not None else -1)
        return self._telling(Op.mapping, flat, 2)

    def _telling(self, op: Op, items: list[int], step: int) -> int:
        """A container, if it is empty or one of its values is more than a literal."""
        ops = self.expressions
        is_telling = not items or any(number >= 0 and ops[3 * number] != Op.literal for number in items[step - 1 :: step])
        return self._add(op, self._list(items), -1) if is_telling else -1

    def _add(self, op: Op, a: int, b: int) -> int:
        triple = (op, a, b)
        number = self.unique.get(triple)
        if number is None:
            number = self.unique[triple] = len(self.expressions) // 3
            self.expressions.extend(triple)
        return number

    def _value(self, spec: Spec | None) -> int:
        if spec is None:
            return -1
        match spec:
            case "symbol", number:
                return self._add(Op.symbol, number, -1)
            case "item", key, given:
                value = self._value(given)
                return self._add(Op.item, self.expression(key) if key is not None else -1, value) if value >= 0 else -1
            case "unpack", whole, int(place) if (items := self.captures.tuples.get(whole)) is not None:
                return self.expression(items[place]) if -len(items) <= place < len(items) else -1
            case operation, of, *rest if operation in _OPS:
                inner = self._value(cast(Spec, of))
                last = rest[0] if rest else -1
                if isinstance(last, bytes):
                    last = self.definitions.string(last.decode("utf-8", "replace"))
                return self._add(_OPS[operation], inner, last) if inner >= 0 else -1
            case _:
                return self.expression(cast(Range, spec))

    def _variable(self, variable: Variable) -> int:
        if variable.index < 0:
            variable.index = len(self.variables)
            self.variables.append(variable)
        return variable.index

    # -- sites ---------------------------------------------------------------------------------------------------------

    def list_sites(self) -> None:
        """Lists all written names that are not local, with what they do and what they mean, in order of place."""
        roles = self._roles()
        uses = merged(self.captures.uses)
        next_use, n_uses = 0, len(uses)
        definitions, defining = self.definitions, self.definitions.defining
        symbol_at, string, add = definitions.symbol_at, definitions.string, self.sites.extend
        found = self.found if not self.captures.member_names else [site for site in self.found if site[0] not in defining]
        found += [item for item in self.called_locals if _has_values(self.names[item[1]])]  # type: ignore[arg-type]
        found += [
            (start, place, node)
            for place, (_, node) in self.captures.members.items()
            if (start := node.start_byte) not in defining
        ]
        found += [(node.start_byte, place, node) for place, node in self.captures.paths.items()]
        found.sort(key=_by_place)
        references, source, types = model.Role.references, self.source, self.captures.types
        for start, place, node in found:
            role = roles.get(place, references)
            if role == references and self.bare_calls and isinstance(node, Node) and node.type == self.bare_calls:
                role = model.Role.calls
            while next_use < n_uses and uses[next_use][1] <= start:
                next_use += 1
            if role == references and start in types:
                role = model.Role.uses
            if role == references and next_use < n_uses and uses[next_use][0] <= start:
                role = model.Role.uses
            row, column = node.start_point
            name = string(source[start : node.end_byte].decode("utf-8", "replace"))
            add((row + 1, column, name, role, symbol_at(start), self.expression(place)))
        for site in definitions.import_sites:
            row, column = site.place.start_point
            name = string(definitions.text(site.place).decode("utf-8", "replace"))
            number = self._add(Op.imported, site.number, site.part)
            add((row + 1, column, name, model.Role.imports, symbol_at(site.place.start_byte), number))

    def _indexed(self, place: Range) -> Range | None:
        """The generic type or container of which an expression names a part: calling the part calls it, as far as names go."""
        index = self.captures.indexes.get(place)
        return index[0] if index is not None else None

    def _roles(self) -> dict[Range, model.Role]:
        calls, aliases = self.captures.calls, self.captures.aliases
        roles = dict.fromkeys(calls.values(), model.Role.calls)
        for place in calls.values():
            while (same := aliases.get(place) or self._indexed(place)) is not None and same != place:
                roles[same] = model.Role.calls
                place = same
        for said in self.captures.said.values():
            for word, node in said:
                place = node.byte_range
                if word == "decorator":
                    roles[calls.get(place, place)] = model.Role.decorates
                elif word in ("extends", "implements", "mixes") and place not in calls:
                    while (same := aliases.get(place)) is not None and same != place:
                        place = same
                    index = self.captures.indexes.get(place)
                    role = model.Role.extends if word == "extends" else model.Role.implements
                    roles[index[0] if index and index[0] else place] = role
        return roles

    def list_indirect(self) -> None:
        """Lists the calls of what no name stands for: results of calls, and parts of containers."""
        calls, indexes, members = self.captures.calls, self.captures.indexes, self.captures.members
        for function in sorted(set(calls.values())):
            if function not in calls and function not in indexes:
                continue
            place: Range | None = function
            while place is not None and (inner := calls[place] if place in calls else self._indexed(place)) is not None:
                if inner == place:
                    break
                place = inner
            if place is None or (name := members[place][1] if place in members else self.captures.references.get(place[0])) is None:
                continue
            if (number := self.expression(function)) >= 0:
                row, column = name.start_point
                self.indirect.extend((row + 1, column, self.definitions.symbol_at(name.start_byte), number))

    # -- the whole -----------------------------------------------------------------------------------------------------

    def facts(self) -> Facts:
        """Everything that was found, numbered and encoded."""
        definitions = self.definitions
        self._describe_symbols()
        self._describe_parameters()
        if definitions.rules.exported == "marked":
            self._mark_exported()
        self._number_namespaces()
        variables = self._describe_variables()
        return Facts(
            language=definitions.language.name,
            problem=None,
            flags=(),
            n_lines=definitions.lines.n_lines,
            symbols=definitions.symbols,
            texts=encode_texts(definitions.texts),
            variables=variables,
            imports=definitions.imports,
            exports=definitions.exports,
            expressions=self.expressions.tobytes(),
            sites=self.sites.tobytes(),
            indirect=self.indirect.tobytes(),
            lists=self.lists,
            package=self._package(),
            strings=list(definitions.strings),
        )

    def _package(self) -> str | None:
        """The package that the file declares, '' where its language has them and it does not say."""
        if "prefix" not in self.definitions.language.section("names"):
            return None
        texts = [self.definitions.text(node).decode("utf-8", "replace") for node in self.captures.packages[: self.n_packages]]
        return self.definitions.language.separator.join("".join(text.split()) for text in texts)

    def _mark_unusual(self) -> None:
        """What stands under a condition that does not hold on the usual system gives way to other definitions."""
        ranges = Nesting(sorted(self.captures.unusual, key=lambda r: (r[0], -r[1])))
        for symbol, text in zip(self.definitions.symbols, self.definitions.texts, strict=True):
            if symbol.container >= 0 and ranges.at(text.start_byte) >= 0:
                symbol.flags |= Flag.conditional

    def _describe_symbols(self) -> None:
        definitions = self.definitions
        if self.captures.unusual:
            self._mark_unusual()
        for number, definition in definitions.definition_of.items():
            symbol = definitions.symbols[number]
            said = definitions.said_of(definition)
            places: dict[str, list[int]] = {}
            for word, node in said:
                if word in ("extends", "implements", "mixes", "decorator", "metaclass", "returns"):
                    places.setdefault(word, []).append(self.expression(node.byte_range))
            symbol.extends = (*places.get("mixes", ()), *places.get("extends", ()))
            symbol.implements = tuple(places.get("implements", ()))
            symbol.decorators = tuple(places.get("decorator", ()))
            symbol.metaclass = places.get("metaclass", [-1])[0]
            symbol.returns = places.get("returns", [-1])[0]
            if (host := definitions.hosts.get(number)) is not None:
                symbol.host = self.expression(host)
        self._describe_extensions()
        for word, place in self.captures.results:
            number = definitions.symbol_at(place[0])
            if self._is_in_lambda(place[0], number):
                continue
            if definitions.symbols[number].kind in FUNCTION_KINDS:
                self._add_result(number, word, self.expression(place))
        if definitions.exports is not None:
            exported = set(definitions.exports)
            for symbol in definitions.symbols[1:]:
                if symbol.container == 0:
                    is_listed = symbol.qualified in exported
                    symbol.flags = (symbol.flags | Flag.exported) if is_listed else symbol.flags & ~int(Flag.exported)

    def _describe_extensions(self) -> None:
        """What members written apart from a type of the file are written for counts as the type's own."""
        definitions = self.definitions
        for extension in self.captures.extensions:
            number = definitions.extended.get(extension.range)
            bases = (node for word, node in self.captures.said.get(extension.range, ()) if word == "implements")
            if number is not None:
                symbol = definitions.symbols[number]
                symbol.implements = (*symbol.implements, *(self.expression(node.byte_range) for node in bases))

    def _describe_parameters(self) -> None:
        """Lists the parameters of functions that may give one of them back, so that its calls can say which."""
        definitions = self.definitions
        for owner, parameters in self.bindings.parameters.items():
            number = definitions.symbol_of.get(owner, -1)
            own = {p.variable.index for p in parameters if p.variable.index >= 0 and not p.is_receiver}
            if number < 0 or not own:
                continue
            symbol = definitions.symbols[number]
            results = [self.expressions[3 * e : 3 * e + 2] for e in symbol.returned]
            if any(op == Op.variable and variable in own for op, variable in results):
                symbol.parameters = tuple(self._variable(p.variable) for p in parameters if not p.is_receiver)

    def _is_in_lambda(self, place: int, number: int) -> bool:
        """Whether a function without a name stands between the byte and the definition around it."""
        scope: Scope | None = self.definitions.scope_at(place)
        while scope is not None and scope.is_block:
            scope = scope.parent
        return scope is not None and scope.symbol == number and scope.is_lambda

    def _mark_exported(self) -> None:
        """Members are exported with what they are members of."""
        texts, facts = self.definitions.texts, self.definitions.symbols
        for number, symbol in enumerate(facts):
            outer = symbol.container
            if outer > 0 and facts[outer].kind in CLASS_KINDS and texts[number].visibility == "public":
                symbol.flags |= facts[outer].flags & Flag.exported

    def _add_result(self, number: int, word: str, expression: int) -> None:
        symbol = self.definitions.symbols[number]
        if word == "yield":
            symbol.yielded = (*symbol.yielded, expression)
        elif expression >= 0 and expression not in symbol.returned:
            symbol.returned = (*symbol.returned, expression)

    def _number_namespaces(self) -> None:
        definitions = self.definitions
        spaces: list[Scope] = [definitions.module_scope, *(scope for scope in definitions.scopes if scope.is_class)]
        for scope in spaces:
            members = definitions.symbols[scope.symbol].members
            for variable in sorted(scope.variables.values(), key=variable_place):
                members[definitions.string(variable.name.decode("utf-8", "replace"))] = self._variable(variable)

    def _describe_variables(self) -> list[VariableFact]:
        described: list[VariableFact] = []
        string = self.definitions.string
        # Describing a variable may number further ones; the list grows under the loop.
        for variable in self.variables:
            flat: list[int] = []
            for define, payload in variable.definitions:
                flat.append(define)
                flat.append(self._value(payload) if define in _TYPED else payload)  # type: ignore[arg-type]
            name = string(variable.name.decode("utf-8", "replace"))
            described.append(VariableFact(name, variable.symbol, variable.container, flat))
        return described


def _mark(count: int | None) -> str:
    return "()" if count is None else f"(){count}"


def _has_values(variable: Variable) -> bool:
    return any(define in _TYPED for define, _ in variable.definitions)


def _by_place(item: tuple[int, Range, object]) -> int:
    return item[0]
