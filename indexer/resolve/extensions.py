"""Functions that are called on values as if they were members of their types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.extract.facts import Flag
from indexer.model import Evidence
from indexer.resolve import classes, names, overloads, packages, shared_names
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
        elif any(is_instance(resolver, other, v, _hosts(resolver, other, symbol.host)) for v in values):
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


def is_instance(resolver: Resolver, file: File, value: Value, hosts: Values) -> bool:
    """Whether a value may be an instance of a type that a function is written for; of a type parameter everything is."""
    root = packages.rules_of(file.language).root
    if not hosts or any(host.tag == "named" and host.path == root for host in hosts):
        return value.tag == "instance" or value.tag in FOREIGN
    if value.tag in FOREIGN:
        return any(host.tag in FOREIGN and _may_be(resolver, file, value, host) for host in hosts)
    if value.tag != "instance":
        return False
    bases = {(base.path, base.symbol) for base in classes.mro(resolver, value.path, value.symbol)}
    return any((host.path, host.symbol) in bases for host in hosts)


def _hosts(resolver: Resolver, file: File, host: int) -> Values:
    """The instances that an extension can be called on; a type of the language itself has no expression."""
    return resolver.instances(file, host) if host >= 0 else (EXTERNAL,)


def _may_be(resolver: Resolver, file: File, value: Value, host: Value) -> bool:
    """Whether a value of a type from outside may be of another such type."""
    given, wanted = (overloads.types_of(resolver, (each,)) for each in (value, host))
    return not given or not wanted or overloads.fit(resolver, file, given[0], wanted[0]) != overloads.Fit.never
