"""Functions that are called on values as if they were members of their types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.extract.facts import Flag
from indexer.model import Evidence
from indexer.resolve import classes, names, packages, shared_names
from indexer.resolve.tree import File, key_in
from indexer.resolve.values import EXTERNAL, FOREIGN, MAX_VALUES, Value, Values

if TYPE_CHECKING:
    from indexer.resolve.infer import Resolver


def callable_on(resolver: Resolver, file: File, values: Values, name: str) -> Values:
    """The functions that can be called on a value as if they were its members; only possible where the value is unknown."""
    found: list[Value] = []
    for candidate in _visible_extensions(resolver, file, name):
        other = resolver.tree.file(candidate.path)
        symbol = other.symbols[candidate.symbol]
        if not symbol.flags & Flag.extension:
            continue
        resolver.tree.reads.add(key_in(other, symbol.qualified + "()"))
        if not values:
            found.append(candidate._replace(how=Evidence.override))
        # A type of the language itself has no expression.
        elif any(is_instance(resolver, v, resolver.instances(other, symbol.host) if symbol.host >= 0 else (EXTERNAL,)) for v in values):
            is_typed = any(v.tag == "instance" and v.how == Evidence.type for v in values)
            how = Evidence.type if is_typed else Evidence.inferred
            found.append(candidate if candidate.how == Evidence.override else candidate._replace(how=how))
    if len(found) == 1 and values and found[0].how == Evidence.override:
        found[0] = found[0]._replace(how=Evidence.inferred)
    return tuple(found[:MAX_VALUES])


def _visible_extensions(resolver: Resolver, file: File, name: str) -> Values:
    if packages.rules_of(file.language).extensions != "first":
        number = file.namespace(0).get(packages.plain(name))
        own = names.bound(resolver, file, number) if number is not None else ()
        return tuple(v for v in own or names.global_name(resolver, file, name) if v.tag == "symbol")
    plain, _, count = name.partition("()")
    # The value is the first argument.
    marked = packages.EXTENSION + plain + (f"(){int(count) + 1}" if count else "()")
    found: list[Value] = []
    for space in shared_names.seen_packages(resolver, file):
        named = shared_names.full_name(resolver, file, packages.join(space, marked))
        found.extend(v for v in named if v.tag == "symbol" and v not in found)
    return tuple(found)


def is_instance(resolver: Resolver, value: Value, hosts: Values) -> bool:
    """Whether a value may be an instance of a type that a function is written for; of a type parameter everything is."""
    if not hosts:
        return value.tag == "instance" or value.tag in FOREIGN
    if value.tag in FOREIGN:
        return any(host.tag in FOREIGN for host in hosts)
    if value.tag != "instance":
        return False
    bases = {(base.path, base.symbol) for base in classes.mro(resolver, value.path, value.symbol)}
    return any((host.path, host.symbol) in bases for host in hosts)
