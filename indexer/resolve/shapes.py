"""What is known of the parts of a value from the type that it is declared with: elements of a list, the second of two results.

Only declared types count here; values without one have no known parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.extract.facts import Define, Op
from indexer.resolve.tree import File, key_in

if TYPE_CHECKING:
    from indexer.resolve.infer import Resolver

#: A file and the number of an expression in it.
Typed = tuple[File, int]
#: Types of types of types … are followed this far.
_MAX_DEPTH = 12


def type_of(resolver: Resolver, file: File, expression: int, depth: int = 0) -> Typed | None:
    """The expression that says what type a value has, and the file that it stands in; None where nothing is declared."""
    if expression < 0 or depth > _MAX_DEPTH:
        return None
    op, a, b = file.expressions[3 * expression : 3 * expression + 3]
    match op:
        case Op.unpack:
            return _part(type_of(resolver, file, a, depth + 1), b)
        case Op.element:
            return _element(type_of(resolver, file, a, depth + 1))
        case Op.index:
            return _element(type_of(resolver, file, a, depth + 1))
        case Op.instance:
            return file, a
        case Op.awaited:
            return type_of(resolver, file, a, depth + 1)
        case Op.call:
            return _result(resolver, file, a)
        case Op.variable if file.variables[a].symbol < 0:
            return _declared(resolver, file, a, depth)
        case Op.variable | Op.member | Op.global_ | Op.implicit:
            return _of_symbol(resolver, file, expression, depth)
        case _:
            return None


def _declared(resolver: Resolver, file: File, number: int, depth: int) -> Typed | None:
    definitions = file.variables[number].definitions
    for i in range(0, len(definitions), 2):
        if definitions[i] == Define.type and definitions[i + 1] >= 0:
            return file, definitions[i + 1]
    for i in range(0, len(definitions), 2):
        if definitions[i] == Define.value and (found := type_of(resolver, file, definitions[i + 1], depth + 1)) is not None:
            return found
    return None


def _of_symbol(resolver: Resolver, file: File, expression: int, depth: int) -> Typed | None:
    for value in resolver.denote(file, expression):
        if value.tag != "symbol":
            continue
        other = resolver.tree.file(value.path)
        symbol = other.symbols[value.symbol]
        name = other.strings[symbol.name]
        outer = other.symbols[symbol.container].qualified if symbol.container >= 0 else ""
        resolver.tree.reads.add(key_in(other, f"{outer}.{name}" if outer else name))
        number = other.namespace(symbol.container).get(name) if symbol.container >= 0 else None
        if number is not None and (found := _declared(resolver, other, number, depth)) is not None:
            return found
    return None


def _result(resolver: Resolver, file: File, function: int) -> Typed | None:
    for value in resolver.evaluate(file, function):
        if value.tag == "function":
            other = resolver.tree.file(value.path)
            symbol = other.symbols[value.symbol]
            resolver.tree.reads.add(key_in(other, symbol.qualified + "()"))
            if symbol.returns >= 0:
                return other, symbol.returns
    return None


def _part(typed: Typed | None, place: int) -> Typed | None:
    """The type of the part at a place; the first of what is no tuple is itself ("value, ok" forms)."""
    if typed is None:
        return None
    file, expression = typed
    op, a, _ = file.expressions[3 * expression : 3 * expression + 3]
    if op != Op.tuple:
        return typed if place == 0 else None
    items = file.facts.lists[a]
    return (file, items[place]) if place < len(items) and items[place] >= 0 else None


def _element(typed: Typed | None) -> Typed | None:
    """The type of what iterating or indexing gives: the last of a container's parts."""
    if typed is None:
        return None
    file, expression = typed
    op, _, b = file.expressions[3 * expression : 3 * expression + 3]
    if op == Op.index and b >= 0:
        return file, b
    return None
