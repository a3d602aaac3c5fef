"""What a function without a name is given, by the type that is expected where it stands.

`subscribe((value) => value.done())`: the type of `value` is in the declaration of `subscribe`, or in a type that this names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from indexer.extract.facts import Define, Flag, Op
from indexer.extract.symbols import CLASS_KINDS, FUNCTION_KINDS
from indexer.resolve import parts
from indexer.resolve.tree import File, key_in
from indexer.resolve.values import CONTAINERS, Value, Values

if TYPE_CHECKING:
    from indexer.resolve.infer import Resolver


class Signature(NamedTuple):
    """The type of a function: the file that says it, and its parameters' types there."""

    file: File
    takes: tuple[int, ...]


#: Types that name each other are followed this far, and as many signatures are looked at.
_MAX_DEPTH: Final = 8
_MAX_SIGNATURES: Final = 16


def given(resolver: Resolver, file: File, type_: int, place: int) -> Values:
    """What a function of a type gets at a place."""
    found: Values = resolver.frame(("given", file.path, type_, place), _given, resolver, file, type_, place)
    return found


def _given(resolver: Resolver, file: File, type_: int, place: int) -> Values:
    op, function, at = file.expressions[3 * type_ : 3 * type_ + 3]
    if op == Op.wanted and at == 0 and place == 0 and (items := _items(resolver, file, function)):
        return items
    for signature in _first(_of_type(resolver, file, type_, 0)):
        if place < len(signature.takes) and (found := resolver.instances(signature.file, signature.takes[place])):
            return found
    return ()


def results(resolver: Resolver, value: Value) -> Values:
    """What calling an instance gives, by the first signature of its type that says so."""
    file = resolver.tree.file(value.path)
    resolver.tree.reads.add(key_in(file, file.symbols[value.symbol].qualified + "<()"))
    for signature in file.symbols[value.symbol].callable:
        _, _, returns = file.expressions[3 * signature : 3 * signature + 3]
        if returns >= 0 and (found := resolver.instances(file, returns)):
            return found
    return ()


def _items(resolver: Resolver, file: File, function: int) -> Values:
    """What a method of a container gives to the function that it calls for each of its parts, or one of a promise to what follows."""
    op, owner, name = file.expressions[3 * function : 3 * function + 3] if function >= 0 else (-1, -1, -1)
    if op != Op.member:
        return ()
    names = parts.names_of(file.language)
    if file.strings[name] in names.awaiting:
        # A promise is taken for what it comes to.
        return tuple(v for v in resolver.evaluate(file, owner) if v.tag == "instance" and not resolver.member(v, file.strings[name]))
    if file.strings[name] not in names.each:
        return ()
    values = tuple(v for v in resolver.evaluate(file, owner) if v.tag in CONTAINERS)
    return parts.elements(resolver, values)


def _first(signatures: Iterator[Signature]) -> Iterator[Signature]:
    for _, signature in zip(range(_MAX_SIGNATURES), signatures, strict=False):
        yield signature


def _of_type(resolver: Resolver, file: File, type_: int, depth: int) -> Iterator[Signature]:
    """The signatures of the functions that a type stands for."""
    if type_ < 0 or depth > _MAX_DEPTH:
        return
    op, a, b = file.expressions[3 * type_ : 3 * type_ + 3]
    if op == Op.signature:
        yield Signature(file, file.facts.lists[a])
    elif op == Op.union:
        yield from _of_type(resolver, file, a, depth + 1)
        yield from _of_type(resolver, file, b, depth + 1)
    elif op == Op.index:
        yield from _of_type(resolver, file, a, depth + 1)
    elif op == Op.wanted:
        for signature in _of_function(resolver, file, a, depth + 1):
            if b < len(signature.takes):
                yield from _of_type(resolver, signature.file, signature.takes[b], depth + 1)
    elif op in (Op.variable, Op.member, Op.global_, Op.implicit):
        for value in resolver.denote(file, type_):
            if value.tag == "symbol":
                yield from _of_named(resolver, value, depth + 1)


def _of_named(resolver: Resolver, value: Value, depth: int) -> Iterator[Signature]:
    """The signatures of a type with a name: what it stands for, or as what its instances can be called."""
    file = resolver.tree.file(value.path)
    symbol = file.symbols[value.symbol]
    resolver.tree.reads.update((key_in(file, symbol.qualified + "<()"), key_in(file, symbol.qualified)))
    for signature in symbol.callable:
        yield from _of_type(resolver, file, signature, depth)
    if symbol.kind not in CLASS_KINDS:
        for define, payload in _definitions(file, value.symbol):
            if define in (Define.type, Define.value):
                yield from _of_type(resolver, file, payload, depth)


def _of_function(resolver: Resolver, file: File, function: int, depth: int) -> Iterator[Signature]:
    """The signatures of what an expression names that is called: of all forms of a function, of a class's constructor, or of the type of
    a variable."""
    if function < 0 or depth > _MAX_DEPTH:
        return
    op, a, _ = file.expressions[3 * function : 3 * function + 3]
    if op == Op.variable and file.variables[a].symbol < 0:
        definitions = file.variables[a].definitions
        for define, payload in zip(definitions[::2], definitions[1::2], strict=True):
            if define == Define.type:
                yield from _of_type(resolver, file, payload, depth)
        return
    for value in resolver.denote(file, function):
        if value.tag == "symbol":
            yield from _of_called(resolver, value, depth)


def _of_called(resolver: Resolver, value: Value, depth: int) -> Iterator[Signature]:
    file = resolver.tree.file(value.path)
    symbol = file.symbols[value.symbol]
    if symbol.kind in FUNCTION_KINDS:
        resolver.tree.reads.update((key_in(file, symbol.qualified + "()"), key_in(file, symbol.qualified)))
        forms = [n for define, n in _definitions(file, value.symbol) if define == Define.symbol] or [value.symbol]
        # The forms that are only declared say more than the one that has the body.
        for number in sorted(forms, key=lambda n: not file.symbols[n].flags & Flag.overload):
            if file.symbols[number].kind in FUNCTION_KINDS:
                yield Signature(file, file.symbols[number].takes)
    elif symbol.kind in CLASS_KINDS:
        made = resolver.member(Value("class", value.path, value.symbol, value.how), "constructor")
        for constructor in made:
            if constructor.tag == "symbol" and (constructor.path, constructor.symbol) != (value.path, value.symbol):
                yield from _of_called(resolver, constructor, depth + 1)
    else:
        yield from _of_named(resolver, value, depth)


def _definitions(file: File, symbol: int) -> list[tuple[int, int]]:
    """The definitions of a symbol's name in its namespace."""
    fact = file.symbols[symbol]
    number = file.namespace(fact.container).get(file.strings[fact.name]) if fact.container >= 0 else None
    definitions = file.variables[number].definitions if number is not None else []
    return list(zip(definitions[::2], definitions[1::2], strict=True))
