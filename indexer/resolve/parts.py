"""What containers hold and iterables give: elements of a list, values of a mapping, the second of two results.

A **container** is a value whose parts are known: from what is written where it is made (`[f, g]`), from what it is given later
(`d[k] = f`), or from the type that it is declared with (`list[A]`). Its value names the expression that says so; the container itself
belongs to the language, so its members are outside of the tree. Where several parts may be meant, none of them is a fact.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from indexer import languages
from indexer.extract.facts import Op
from indexer.model import Evidence
from indexer.resolve.tree import File, key_in
from indexer.resolve.values import CONTAINERS, EXTERNAL, OUTSIDE, Value, Values, distinct

if TYPE_CHECKING:
    from indexer.resolve.infer import Resolver

#: What the language calls, by what for: the first of these that an instance has.
_IMPLIED: Final = {
    "iterate": (("__iter__",), ("__aiter__",), ("__getitem__",)),
    "enter": (("__enter__", "__exit__"), ("__aenter__", "__aexit__")),
}
#: Parts of parts of parts … are followed this far.
_MAX_DEPTH: Final = 12


class Names:
    """What language.toml says of containers, as sets."""

    def __init__(self, language: str) -> None:
        said = languages.load(language).section("containers")
        for word in self.__annotations__:
            setattr(self, word, frozenset(said.get(word, ())))
        #: Whether what is no tuple is its own first part ("value, ok").
        self.alone = bool(said.get("alone", False))

    keyed: frozenset[str]
    first: frozenset[str]
    tuples: frozenset[str]
    values: frozenset[str]
    pairs: frozenset[str]
    picking: frozenset[str]
    copying: frozenset[str]
    same: frozenset[str]
    element: frozenset[str]
    numbered: frozenset[str]
    zipped: frozenset[str]
    functions: frozenset[str]
    casting: frozenset[str]
    each: frozenset[str]
    awaiting: frozenset[str]
    classing: frozenset[str]
    making: frozenset[str]


names_of = functools.cache(Names)


# -- expressions -----------------------------------------------------------------------------------------------------------


def element(resolver: Resolver, file: File, iterable: int) -> Values:
    """What iterating over an expression gives."""
    call = _known_call(resolver, file, iterable)
    if call is not None:
        word, owner, arguments = call
        names = names_of(file.language)
        if owner >= 0 and word in names.values:
            return marked(_any_part(resolver, resolver.evaluate(file, owner)))
        if owner < 0 and word in names.same and arguments:
            return element(resolver, file, arguments[0])
    return elements(resolver, resolver.evaluate(file, iterable))


def unpacked(resolver: Resolver, file: File, whole: int, place: int) -> Values:
    """The part of an expression at a place, from the end where it is negative."""
    op, iterable, _ = file.expressions[3 * whole : 3 * whole + 3]
    if op == Op.element and (call := _known_call(resolver, file, iterable)) is not None:
        word, owner, arguments = call
        names = names_of(file.language)
        if owner >= 0 and word in names.pairs:
            values = resolver.evaluate(file, owner)
            return marked(_any_part(resolver, values)) if place == 1 else elements(resolver, values)
        if owner < 0 and word in names.numbered and arguments:
            return element(resolver, file, arguments[0]) if place == 1 else (EXTERNAL,)
        if owner < 0 and word in names.zipped and 0 <= place < len(arguments):
            return element(resolver, file, arguments[place])
    return at(resolver, resolver.evaluate(file, whole), place)


def called(resolver: Resolver, file: File, expression: int) -> Values | None:
    """What a call of a known function or method of containers gives; None for other calls."""
    call = _known_call(resolver, file, expression)
    if call is None:
        return None
    word, owner, arguments = call
    names = names_of(file.language)
    if word in names.casting and len(arguments) == 2 and (told := resolver.instances(file, arguments[0])):
        return told
    if owner >= 0 and word in names.making and arguments:
        return resolver.called(tuple(v for v in resolver.evaluate(file, arguments[0]) if v.tag == "class")) or None
    if owner < 0:
        if word in names.classing and len(arguments) == 1:
            return classes_of(resolver.evaluate(file, arguments[0]))
        if word in names.same and arguments:
            return tuple(v for v in resolver.evaluate(file, arguments[0]) if v.tag in CONTAINERS) or None
        return elements(resolver, resolver.evaluate(file, arguments[0])) or None if word in names.element and arguments else None
    if word not in names.picking and word not in names.copying:
        return None
    values = tuple(v for v in resolver.evaluate(file, owner) if v.tag in CONTAINERS)
    if not values or word in names.copying:
        return values or None
    return by_key(resolver, values, resolver.evaluate(file, arguments[0]) if arguments else ())


def classes_of(values: Values) -> Values:
    """The classes that values are instances of."""
    return distinct(v._replace(tag="class") if v.tag == "instance" else EXTERNAL for v in values)


def called_type(resolver: Resolver, value: Value) -> Values:
    """What calling a value gives by the function type that it is declared with; empty for other values."""
    if value.tag != "typed":
        return ()
    file = resolver.tree.file(value.path)
    op, a, b = file.expressions[3 * value.symbol : 3 * value.symbol + 3]
    if op == Op.signature:
        return resolver.instances(file, b)
    if op != Op.index or _head(file, a) not in names_of(file.language).functions:
        return ()
    return resolver.instances(file, _last(file, b))


def _known_call(resolver: Resolver, file: File, expression: int) -> tuple[str, int, list[int]] | None:
    """The word by which something of the language is called, the expression of its owner or -1, and the unnamed arguments."""
    if expression < 0:
        return None
    op, function, number = file.expressions[3 * expression : 3 * expression + 3]
    if op != Op.call or function < 0:
        return None
    op, a, b = file.expressions[3 * function : 3 * function + 3]
    flat = file.facts.lists[number] if number >= 0 else ()
    arguments = [flat[i + 1] for i in range(0, len(flat), 2) if flat[i] < 0]
    if op == Op.member:
        return file.strings[b], a, arguments
    if op == Op.variable and (symbol := file.variables[a].symbol) >= 0 and file.symbols[symbol].kind == "import":
        is_outside = resolver.evaluate(file, function) == (EXTERNAL,)
        return (file.strings[file.variables[a].name], -1, arguments) if is_outside else None
    return (file.strings[a], -1, arguments) if op == Op.global_ else None


# -- values ----------------------------------------------------------------------------------------------------------------


def elements(resolver: Resolver, values: Values) -> Values:
    """What iterating over any of the values gives."""
    found: list[Value] = []
    for value in values:
        if value.tag in CONTAINERS:
            found.extend(_elements_of(resolver, value))
        elif value.tag == "generator":
            found.extend(resolver.frame(("yielded", value.path, value.symbol), _yielded, resolver, value))
        elif value.tag == "instance":
            found.extend(resolver.frame(("iterated", value.path, value.symbol), _iterated, resolver, value))
        elif value.tag in OUTSIDE:
            found.append(EXTERNAL)
    return distinct(found)


def _yielded(resolver: Resolver, generator: Value) -> Values:
    """What a generator yields."""
    file = resolver.tree.file(generator.path)
    symbol = file.symbols[generator.symbol]
    resolver.tree.reads.add(key_in(file, symbol.qualified + "()"))
    return distinct(v for e in symbol.yielded for v in resolver.evaluate(file, e))


def _iterated(resolver: Resolver, value: Value) -> Values:
    """What an instance of a class of the tree gives by its own methods."""
    for name in ("__iter__", "__aiter__"):
        made = resolver.called(resolver.values_of(resolver.member(value, name)))
        if any(v.tag == "instance" for v in made):
            following = "__next__" if name == "__iter__" else "__anext__"
            return resolver.called(tuple(
                f for v in made if v.tag == "instance" for f in resolver.values_of(resolver.member(v, following))
            ))  # fmt: skip
        if made and made[0].tag not in OUTSIDE:
            return elements(resolver, made)
    return resolver.called(resolver.values_of(resolver.member(value, "__getitem__")))


def implied(resolver: Resolver, values: Values, word: str) -> Values:
    """The methods that the language calls on any of the values: `word` says what for."""
    found: list[Value] = []
    for value in values:
        if value.tag == "instance":
            found.extend(v._replace(how=value.how) for v in _implied_by(resolver, value, word))
    return marked(distinct(v for v in found if v.tag == "function"))


def _implied_by(resolver: Resolver, value: Value, word: str) -> Iterator[Value]:
    for names in _IMPLIED[word]:
        methods = [v for name in names for v in resolver.values_of(resolver.member(value, name))]
        yield from methods
        if methods and word == "iterate":
            following = "__anext__" if "__aiter__" in names else "__next__"
            for made in resolver.called(tuple(methods), owners=(value,)):
                if made.tag == "instance":
                    yield from resolver.values_of(resolver.member(made, following))
        if methods:
            return


def by_key(resolver: Resolver, values: Values, keys: Values) -> Values:
    """The parts of any of the values under a key; a key that is not known may be any."""
    constants = [key for key in keys if key.tag == "constant"]
    if len(constants) == 1 == len(keys):
        # What was written last under a key is what it holds.
        for value in reversed(values):
            if value.tag in CONTAINERS and (found := _under(resolver, value, constants[0])):
                return found
    return marked(_any_part(resolver, values))


def at(resolver: Resolver, values: Values, place: int) -> Values:
    """The parts of any of the values at a place, from the end where it is negative."""
    found: list[Value] = []
    for value in values:
        if value.tag not in CONTAINERS:
            if place == 0 and value.tag not in OUTSIDE and names_of(resolver.tree.file(value.path).language).alone:
                found.append(value)
            continue
        file = resolver.tree.file(value.path)
        parts = _parts(resolver, value)
        if parts is not None:
            if -len(parts) <= place < len(parts):
                found.extend(_content(resolver, value, parts[place]))
        elif file.expressions[3 * value.symbol] in (Op.index, Op.rest):
            found.extend(_elements_of(resolver, value))
    return distinct(found)


def entered(resolver: Resolver, values: Values) -> Values:
    """What a `with` statement gets of any of the values."""
    found: list[Value] = []
    for value in values:
        if value.tag == "generator":
            found.extend(elements(resolver, (value,)))
        elif value.tag in CONTAINERS:
            found.extend(_elements_of(resolver, value))
        elif value.tag == "instance":
            methods = [*resolver.member(value, "__enter__"), *resolver.member(value, "__aenter__")]
            results = resolver.called(resolver.values_of(tuple(m for m in methods if m.tag == "symbol")), owners=(value,))
            found.extend(results or (value,))
        elif value.tag in OUTSIDE:
            found.append(EXTERNAL)
    return distinct(found)


def _parts(resolver: Resolver, value: Value, depth: int = 0) -> list[int] | None:
    """The expressions of a container's parts in order; None where it has no order or not only one of each."""
    file = resolver.tree.file(value.path)
    op, a, b = file.expressions[3 * value.symbol : 3 * value.symbol + 3]
    if op == Op.tuple:
        return list(file.facts.lists[a])
    if op == Op.rest and depth < _MAX_DEPTH:
        for whole in _held(resolver, file, a):
            if whole.tag == value.tag and whole.path == value.path and (parts := _parts(resolver, whole, depth + 1)) is not None:
                return parts[b:]
        return None
    if op == Op.index and b >= 0 and _head(file, a) in names_of(file.language).tuples:
        inner, items, _ = file.expressions[3 * b : 3 * b + 3]
        return list(file.facts.lists[items]) if inner == Op.tuple and len(file.facts.lists[items]) > 1 else [b]
    return None


def _content(resolver: Resolver, value: Value, expression: int) -> Values:
    """The values of a part: by its type where the container is declared, else as it is written."""
    file = resolver.tree.file(value.path)
    return resolver.instances(file, expression) if value.tag == "typed" else _held(resolver, file, expression)


def _held(resolver: Resolver, file: File, expression: int) -> Values:
    """The values of what a container holds, which may come from the container itself."""
    found: Values = resolver.frame(("held", file.path, expression), resolver.evaluate, file, expression)
    return found


def _under(resolver: Resolver, value: Value, key: Value) -> Values:
    """The part of a container under a constant key; empty where it may be there or not."""
    file = resolver.tree.file(value.path)
    op, a, b = file.expressions[3 * value.symbol : 3 * value.symbol + 3]
    if op == Op.mapping:
        flat = file.facts.lists[a]
        for i in range(len(flat) - 2, -1, -2):
            if _is_key(resolver, file, flat[i], key):
                return _content(resolver, value, flat[i + 1])
        return ()
    if op == Op.item:
        return _held(resolver, file, b) if _is_key(resolver, file, a, key) else ()
    kind, _, text = key.path.partition(":")
    if kind == "int" and text.isdigit() and (parts := _parts(resolver, value)) is not None:
        return _content(resolver, value, parts[int(text)]) if int(text) < len(parts) else ()
    return ()


def _is_key(resolver: Resolver, file: File, expression: int, key: Value) -> bool:
    return any(found[:2] == key[:2] for found in _held(resolver, file, expression))


def _elements_of(resolver: Resolver, value: Value) -> Values:
    """What iterating over a container gives: the keys of a mapping, else any part."""
    file = resolver.tree.file(value.path)
    op, a, b = file.expressions[3 * value.symbol : 3 * value.symbol + 3]
    if op == Op.mapping:
        return distinct(v for e in file.facts.lists[a][::2] for v in _held(resolver, file, e))
    if op == Op.index:
        head, names = _head(file, a), names_of(file.language)
        if head in names.keyed or head in names.first:
            return resolver.instances(file, _first(file, b))
    return marked(_any_part(resolver, (value,)))


def _any_part(resolver: Resolver, values: Values) -> Values:
    """Any part of any of the values."""
    found: list[Value] = []
    for value in values:
        if value.tag == "instance":
            found.extend(resolver.called(resolver.values_of(resolver.member(value, "__getitem__"))))
        if value.tag in OUTSIDE:
            found.append(EXTERNAL)
        if value.tag not in CONTAINERS:
            continue
        file = resolver.tree.file(value.path)
        op, a, b = file.expressions[3 * value.symbol : 3 * value.symbol + 3]
        if op == Op.item:
            found.extend(_held(resolver, file, b))
        elif op == Op.mapping:
            found.extend(v for e in file.facts.lists[a][1::2] for v in _held(resolver, file, e))
        elif (parts := _parts(resolver, value)) is not None:
            found.extend(v for part in parts for v in _content(resolver, value, part))
        elif op == Op.index:
            found.extend(resolver.instances(file, _last(file, b)))
        elif op == Op.array:
            found.extend(resolver.instances(file, a))
    return distinct(found)


def is_array(resolver: Resolver, value: Value) -> bool:
    """Whether a value is of a type that is declared as an array."""
    return value.tag == "typed" and resolver.tree.file(value.path).expressions[3 * value.symbol] == Op.array


def marked(values: Values) -> Values:
    """Several values of which one may be meant: none of them is a fact. Types say what all parts are, so theirs are."""
    known = [v for v in values if v.tag not in ("external", "named", "constant")]
    if len(known) < 2 or any(v.how == Evidence.type for v in known):
        return values
    return tuple(v._replace(how=Evidence.override) if v.how != Evidence.override else v for v in values)


def _first(file: File, keys: int) -> int:
    return places(file, keys)[0]


def _last(file: File, keys: int) -> int:
    return places(file, keys)[-1]


def places(file: File, keys: int) -> tuple[int, ...]:
    op, a, _ = file.expressions[3 * keys : 3 * keys + 3] if keys >= 0 else (-1, -1, -1)
    return file.facts.lists[a] if op == Op.tuple else (keys,)


def _head(file: File, expression: int) -> str:
    """The last name of a generic type."""
    if expression < 0:
        return ""
    op, a, b = file.expressions[3 * expression : 3 * expression + 3]
    if op == Op.member:
        return file.strings[b]
    if op == Op.global_:
        return file.strings[a]
    return file.strings[file.variables[a].name] if op == Op.variable else ""
