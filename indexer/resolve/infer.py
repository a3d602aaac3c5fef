"""What an expression means: which symbols a name denotes and which values it may have.

Two questions, asked of each other until both are answered:

- `denote(file, expression)`: the symbols, modules or outside things that a written name stands for (`names`, `members`, `modules`);
- `evaluate(file, expression)`: the values that it may have: modules, classes, instances, functions, containers (`parts`).

Both are pure functions of the facts. That is what makes a live index equal to a fresh one, so nothing here may depend on what was
asked before; `frames` keeps the answers.
"""

from __future__ import annotations

from typing import Final

from indexer.extract.facts import Define, Flag, Op
from indexer.extract.symbols import CLASS_KINDS, FUNCTION_KINDS, TYPE_KINDS
from indexer.model import Evidence
from indexer.resolve import extensions, members, modules, names, overloads, packages, parts, signatures
from indexer.resolve.frames import Frames
from indexer.resolve.tree import File, key_in
from indexer.resolve.values import EXTERNAL, FOREIGN, OUTSIDE, Value, Values, distinct

#: Expressions that name what is called.
_NAMES: Final = frozenset({Op.variable, Op.member, Op.global_, Op.implicit})
_CALLABLE_KINDS: Final = CLASS_KINDS | FUNCTION_KINDS
#: Wrappers in annotations that stand for their argument.
TRANSPARENT: Final = frozenset({"Optional", "Union", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly"})


class Resolver(Frames):
    """The questions and their memory. One tree, one thread; `forget` after each change of the tree."""

    #: What `.name` of a value denotes: a method like the others, which stands apart for its size.
    member = members.member

    # -- what a name denotes -------------------------------------------------------------------------------------------

    def denote(self, file: File, expression: int) -> Values:
        """The symbols ('symbol'), modules or outside things that an expression names; empty where unknown."""
        if expression < 0:
            return ()
        op, a, b = file.expressions[3 * expression : 3 * expression + 3]
        if op == Op.variable:
            found = names.bound(self, file, a)
            return found if b < 0 else names.as_types(self, found)
        if op == Op.member:
            return members.of_expression(self, file, a, file.strings[b])
        if op == Op.global_:
            return names.global_name(self, file, file.strings[a], b)
        if op == Op.imported:
            found = modules.imported(self, file, a, part=b)
            return (found[0]._replace(how=Evidence.import_),) if b == -1 and _is_several(found) else found
        if op == Op.implicit:
            return names.implicit(self, file, a, file.strings[b])
        if op == Op.call:
            return overloads.chosen(self, file, self.denote(file, a), b)
        if op == Op.symbol and b == 0:
            return (Value("symbol", file.path, a, Evidence.scope),)
        return ()

    # -- values --------------------------------------------------------------------------------------------------------

    def evaluate(self, file: File, expression: int) -> Values:
        """The values that an expression may have; empty where unknown."""
        if expression < 0:
            return ()
        op, a, b = file.expressions[3 * expression : 3 * expression + 3]
        if op == Op.variable:
            if file.variables[a].symbol < 0:
                return self._variable_values(file.path, a)
            return self.values_of(self.denote(file, expression))
        if op == Op.member:
            if file.strings[b] == "__class__":
                return parts.classes_of(self.evaluate(file, a))
            word = packages.rules_of(file.language).array_members.get(file.strings[b])
            if word is not None and any(parts.is_array(self, value) for value in self.evaluate(file, a)):
                return overloads.of_word(self, file, word)
            return self.values_of(members.of_expression(self, file, a, file.strings[b]))
        if op == Op.global_:
            return self.values_of(names.global_name(self, file, file.strings[a], b))
        if op == Op.call:
            if packages.rules_of(file.language).calls_by_name:
                return self.evaluate(file, a)
            # Each link of a chain of calls asks twice for the one before it.
            found: Values = self.frame(("call", file.path, expression), self._call, file, expression)
            return found
        if op == Op.super_:
            if b >= 0 and (named := [v for v in self.evaluate(file, b) if v.tag == "class"]):
                return tuple(v._replace(tag="super", how=Evidence.inheritance) for v in named)
            return (Value("super", file.path, a, Evidence.inheritance),) if a >= 0 else ()
        if op == Op.literal:
            if packages.rules_of(file.language).overloads:
                return overloads.of_word(self, file, file.strings[a])
            return (Value("constant", f"{file.strings[a]}:{file.strings[b]}", -1, Evidence.external) if b >= 0 else EXTERNAL,)
        if op in (Op.tuple, Op.mapping, Op.item, Op.rest):
            return (Value("given" if op == Op.item else "literal", file.path, expression, Evidence.inferred),)
        if op == Op.lambda_:
            return (Value("lambda", file.path, expression, Evidence.inferred),)
        if op == Op.symbol:
            return self.values_of((Value("symbol", file.path, a, Evidence.scope if b == 0 else Evidence.self_),))
        if op == Op.union:
            return distinct((*self.evaluate(file, a), *self.evaluate(file, b)))
        if op == Op.index:
            return self._indexed(file, a, b)
        if op == Op.instance:
            return self.instances(file, a)
        if op == Op.awaited:
            return self.evaluate(file, a)
        if op == Op.enter:
            return parts.entered(self, self.evaluate(file, a))
        if op == Op.imported:
            return self.values_of(modules.imported(self, file, a, part=b))
        if op == Op.self_:
            return (Value("instance", file.path, a, Evidence.self_),)
        if op == Op.implicit:
            return self.values_of(names.implicit(self, file, a, file.strings[b]))
        if op == Op.narrowed:
            return self._narrowed(file, a, b)
        if op == Op.implied:
            return parts.implied(self, self.evaluate(file, a), file.strings[b])
        if op == Op.element:
            return parts.element(self, file, a)
        if op == Op.unpack:
            return parts.unpacked(self, file, a, b)
        if op == Op.parameter:
            return signatures.given(self, file, a, b)
        if op == Op.array:
            return (Value("typed", file.path, expression, Evidence.type),)
        if op == Op.arithmetic:
            return overloads.arithmetic(self, file, a, b)
        return ()

    def _narrowed(self, file: File, expression: int, tested: int) -> Values:
        """Those values of an expression that may be an instance of one of the types; else an instance of those."""
        values = self.evaluate(file, expression)
        told = distinct(v for type in parts.places(file, tested) for v in self.instances(file, type))
        if not told:
            return values
        return tuple(v for v in values if v.tag in ("class", "function") or extensions.is_instance(self, file, v, told)) or told

    def _indexed(self, file: File, owner: int, key: int) -> Values:
        """What is under a key; a class or function with its types filled in is itself."""
        if owner < 0:
            return (EXTERNAL,)
        values = self.evaluate(file, owner)
        if any(v.tag in ("class", "function") for v in values):
            return tuple(v for v in values if v.tag in ("class", "function", "external"))
        return parts.by_key(self, values, self.evaluate(file, key))

    def _call(self, file: File, expression: int) -> Values:
        known = parts.called(self, file, expression)
        if known is not None:
            return known
        function, arguments = file.expressions[3 * expression + 1 : 3 * expression + 3]
        if arguments >= 0 and packages.rules_of(file.language).overloads and file.expressions[3 * function] in _NAMES:
            functions = self.values_of(self.denote(file, expression)) or self.evaluate(file, function)
        else:
            functions = self.evaluate(file, function)
        return self.called(functions, file, arguments, self._owners(file, function))

    def _owners(self, file: File, function: int) -> Values:
        """The instances whose method an expression is."""
        if function < 0 or file.expressions[3 * function] != Op.member:
            return ()
        return tuple(v for v in self.evaluate(file, file.expressions[3 * function + 1]) if v.tag in ("instance", "class"))

    def called(self, functions: Values, file: File | None = None, arguments: int = -1, owners: Values = ()) -> Values:
        """What calling any of the values gives; `arguments` is the list of what they are given in `file`, `owners` are the instances
        or classes whose methods they are."""
        found: list[Value] = []
        for value in functions:
            if value.tag == "class":
                how = Evidence.self_ if value.how == Evidence.self_ else Evidence.inferred
                # Calling an object makes an instance of the class beside it.
                found.append(Value("instance", value.path, names.type_beside(self, value).symbol, how))
            elif value.tag == "function":
                if owners and self._gives_itself(value):
                    found.extend(owner if owner.how == Evidence.self_ else owner._replace(tag="instance") for owner in owners)
                else:
                    found.extend(self._handed_back(value, file, arguments) or self.results(value.path, value.symbol))
            elif value.tag == "lambda":
                other = self.tree.file(value.path)
                found.extend(self.evaluate(other, other.expressions[3 * value.symbol + 2]))
            elif value.tag == "instance":
                found.extend(signatures.results(self, value) or self.called(self.values_of(self.member(value, "__call__"))))
            elif value.tag in FOREIGN:
                found.extend(parts.called_type(self, value) or (EXTERNAL,))
        return distinct(found)

    def _gives_itself(self, function: Value) -> bool:
        """Whether a method is declared to give an instance of the class that it is called on: `Self`, or a type variable where it gives
        its receiver back."""
        file = self.tree.file(function.path)
        fact = file.symbols[function.symbol]
        self.tree.reads.add(key_in(file, fact.qualified + "()"))
        if fact.returns < 0 or fact.container < 0 or file.symbols[fact.container].kind not in CLASS_KINDS:
            return False
        if names.last(file, fact.returns) == "Self":
            return True
        if not any(_is_receiver(file, expression) for expression in fact.returned):
            return False
        return all(v.tag in OUTSIDE for v in self.instances(file, fact.returns))

    def _handed_back(self, function: Value, file: File | None, arguments: int) -> Values:
        """The arguments of a call that the function gives back."""
        other = self.tree.file(function.path)
        fact = other.symbols[function.symbol]
        if not fact.parameters or file is None or arguments < 0 or fact.returns >= 0:
            return ()
        self.tree.reads.add(key_in(other, fact.qualified + "()"))
        returned = {other.expressions[3 * e + 1] for e in fact.returned if other.expressions[3 * e] == Op.variable}
        flat = file.facts.lists[arguments]
        found: list[Value] = []
        for i in range(0, len(flat), 2):
            name = file.strings[flat[i]] if flat[i] >= 0 else None
            number = _parameter(other, fact.parameters, i // 2, name)
            if number in returned:
                found.extend(self.evaluate(file, flat[i + 1]))
        return distinct(v._replace(how=Evidence.inferred) for v in found)

    def results(self, path: str, symbol: int) -> Values:
        """What a function gives when called (awaited, where it is asynchronous)."""
        found: Values = self.frame(("results", path, symbol), self._results, path, symbol)
        return found

    def _results(self, path: str, symbol: int) -> Values:
        file = self.tree.file(path)
        fact = file.symbols[symbol]
        self.tree.reads.add(key_in(file, fact.qualified + "()"))
        if self._gives_itself(Value("function", path, symbol, Evidence.scope)):
            return (Value("instance", path, fact.container, Evidence.type),)
        if fact.returns >= 0:
            return self.instances(file, fact.returns)
        if fact.yielded or fact.flags & Flag.generator:
            return (Value("generator", path, symbol, Evidence.inferred),)
        found: list[Value] = []
        for expression in fact.returned:
            found.extend(v._replace(how=Evidence.inferred) for v in self.evaluate(file, expression) if v.tag != "super")
        return distinct(found)

    def values_of(self, denoted: Values) -> Values:
        """The values of what names denote."""
        found: list[Value] = []
        for item in denoted:
            if item.tag != "symbol":
                found.append(item)
                continue
            file = self.tree.file(item.path)
            kind = file.symbols[item.symbol].kind
            if kind in CLASS_KINDS:
                found.append(item._replace(tag="class"))
            elif kind == "accessor":
                found.extend(self.results(item.path, item.symbol))
            elif kind in FUNCTION_KINDS:
                if packages.rules_of(file.language).calls_by_name:
                    found.extend(self.results(item.path, item.symbol))
                else:
                    found.append(item._replace(tag="function"))
            elif kind in TYPE_KINDS:
                found.extend(self._symbol_values(file, item.symbol) or (item._replace(tag="class"),))
            elif kind == "enum_member":
                found.append(Value("instance", item.path, file.symbols[item.symbol].container, item.how))
            elif kind == "namespace":
                found.append(self._as_package(file, item))
            else:
                found.extend(self._symbol_values(file, item.symbol))
                if file.symbols[item.symbol].members:
                    found.append(item._replace(tag="instance"))
        return distinct(found)

    def _as_package(self, file: File, item: Value) -> Value:
        """A namespace: one with others of its name where the language has packages, else like a class with its members."""
        package = packages.package_of(file.path, file.facts)
        if package is None or packages.rules_of(file.language).shares == "apart":
            return item._replace(tag="class")
        full = packages.join(package, packages.dotted(file.symbols[item.symbol].qualified))
        return Value("package", f"{packages.rules_of(file.language).family}:{full}", 0, item.how)

    def _symbol_values(self, file: File, symbol: int) -> Values:
        fact = file.symbols[symbol]
        owner = fact.container
        number = file.namespace(owner).get(file.strings[fact.name]) if owner >= 0 else None
        return self._variable_values(file.path, number) if number is not None else ()

    def _variable_values(self, path: str, number: int) -> Values:
        found: Values = self.frame(("values", path, number), self._all_values, path, number)
        return found

    def _all_values(self, path: str, number: int) -> Values:
        """The values of a variable by all its definitions; a declared type decides alone."""
        file = self.tree.file(path)
        if file.variables[number].symbol >= 0:
            self.tree.reads.add(key_in(file, names.variable_name(file, number)))
        definitions = file.variables[number].definitions
        pairs = [(definitions[i], definitions[i + 1]) for i in range(0, len(definitions), 2)]
        declared = [payload for define, payload in pairs if define == Define.type]
        if declared:
            found = self.instances(file, declared[0])
            if found:
                return found
        values: list[Value] = []
        given: list[Value] = []
        for define, payload in pairs:
            if define == Define.argument:
                given.extend(v if v.how == Evidence.override else _inferred(v) for v in self.evaluate(file, payload))
            elif define == Define.self_:
                values.append(Value("instance", path, payload, Evidence.self_))
            elif define == Define.cls:
                values.append(Value("class", path, payload, Evidence.self_))
            elif define == Define.symbol:
                if file.symbols[payload].kind not in _CALLABLE_KINDS:
                    continue
                values.extend(self.values_of((Value("symbol", path, payload, Evidence.scope),)))
            elif define == Define.import_:
                values.extend(self.values_of(modules.imported(self, file, payload, part=-2)))
            elif define in (Define.value, Define.default):
                values.extend(self.evaluate(file, payload))
        return distinct((*parts.marked(distinct(given)), *values)) if given else distinct(values)

    def instances(self, file: File, annotation: int) -> Values:
        """The instances that a type annotation stands for."""
        if annotation < 0:
            return ()
        op, a, b = file.expressions[3 * annotation : 3 * annotation + 3]
        if op == Op.union:
            return distinct((*self.instances(file, a), *self.instances(file, b)))
        if op in (Op.tuple, Op.array, Op.signature):
            return (Value("typed", file.path, annotation, Evidence.type),)
        if op == Op.index:
            return self._generic_instances(file, annotation, a, b)
        root = packages.rules_of(file.language).root
        if root and op == Op.variable and file.variables[a].symbol < 0 and not file.variables[a].definitions:
            # A type parameter of which nothing is said.
            return overloads.of_word(self, file, root)
        found: list[Value] = []
        for value in self.evaluate(file, annotation):
            if value.tag == "class":
                found.append(Value("instance", value.path, value.symbol, Evidence.type))
            elif value.tag in OUTSIDE:
                found.append(_outside(file, annotation, value))
        return distinct(found)

    def _generic_instances(self, file: File, annotation: int, generic: int, types: int) -> Values:
        name = names.last(file, generic)
        if name == "Union":
            return distinct(v for e in parts.places(file, types) for v in self.instances(file, e))
        if name in TRANSPARENT or name in packages.rules_of(file.language).transparent:
            return self.instances(file, parts.places(file, types)[0])
        if name in ("type", "Type"):
            return tuple(v._replace(tag="class") for v in self.instances(file, types) if v.tag == "instance")
        known = tuple(v for v in self.instances(file, generic) if v.tag not in OUTSIDE)
        return known or (Value("typed", file.path, annotation, Evidence.type),)


def _parameter(file: File, parameters: tuple[int, ...], place: int, name: str | None) -> int:
    """The variable of the parameter that an argument fills, by name or by place; -1 where it is one of several further ones."""
    if name is not None:
        return next((p for p in parameters if file.strings[file.variables[p].name] == name), -1)
    for number in parameters[: place + 1]:
        if Define.rest in file.variables[number].definitions[::2]:
            return -1
    return parameters[place] if place < len(parameters) else -1


def _outside(file: File, annotation: int, value: Value) -> Value:
    """An instance of a type that is not of the tree: by its name where calls choose by types."""
    if value.tag == "named" or not packages.rules_of(file.language).overloads:
        return value
    name = names.last(file, annotation)
    return Value("named", name, -1, Evidence.external) if name else value


def _is_several(values: Values) -> bool:
    """Whether a name means one of several overloads."""
    return bool(values) and values[0].how == Evidence.override


def _is_receiver(file: File, expression: int) -> bool:
    """Whether an expression is the instance that a method works on."""
    op, a, _ = file.expressions[3 * expression : 3 * expression + 3]
    return op == Op.self_ or (op == Op.variable and Define.self_ in file.variables[a].definitions[::2])


def _inferred(value: Value) -> Value:
    return value if value.tag in OUTSIDE else value._replace(how=Evidence.inferred)
