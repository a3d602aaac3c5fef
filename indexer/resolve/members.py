"""What `.name` of a value denotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.model import Evidence
from indexer.resolve import choice, classes, extensions, imports, modules, names, overloads, packages, shared_names
from indexer.resolve.tree import File, key_in
from indexer.resolve.values import EXTERNAL, FOREIGN, MAX_OVERLOADS, MAX_VALUES, Value, Values, distinct

if TYPE_CHECKING:
    from indexer.resolve.infer import Resolver


def of_expression(resolver: Resolver, file: File, owner: int, name: str) -> Values:
    found: list[Value] = []
    values = resolver.evaluate(file, owner)
    if packages.rules_of(file.language).parameterless and any(v.tag == "function" for v in values):
        values = distinct(r for v in values for r in (resolver.results(v.path, v.symbol) if v.tag == "function" else (v,)))
    for value in values:
        for member in resolver.member(value, name):
            if member not in found:
                found.append(member)
    # Of the types of a declared union, the one that has the member is meant.
    if found and found[0] == EXTERNAL and any(member.how == Evidence.type for member in found):
        found.sort(key=lambda member: member == EXTERNAL)
    known = [v for v in found if v.tag == "symbol"] if "()" in name and packages.rules_of(file.language).extensions else found
    if not known or ("()" in name and not any(overloads.takes_as_many(resolver, v, name) for v in known)):
        return extensions.callable_on(resolver, file, values, name) or tuple(found)
    return tuple(found[: MAX_OVERLOADS if "()" in name else MAX_VALUES])


def member(resolver: Resolver, value: Value, name: str) -> Values:
    """What `.name` of a value denotes."""
    if value.tag == "function":
        found: Values = resolver.frame(("decorated", value.path, value.symbol, name), _decorated_member, resolver, value, name)
        return found
    if value.tag in FOREIGN:
        return (EXTERNAL,)
    if value.tag == "module":
        found = modules.module_member(resolver, value.path, name)
        if not found:
            below = imports.child(resolver.tree, imports.Module(value.path), name)
            found = (modules.as_value(below),) if below is not None else ()
        return modules.seen_as(found, Evidence.module)
    if value.tag == "package":
        family, _, package = value.path.partition(":")
        return shared_names.in_package(resolver, family, packages.join(package, name))
    if value.tag == "folder":
        below = imports.child(resolver.tree, imports.Folder(value.path), name)
        return (modules.as_value(below),) if below is not None else ()
    if value.tag in ("class", "instance") and (made := packages.rules_of(resolver.tree.file(value.path).language).makers.get(name)):
        return _maker(resolver, value, name, made)
    if value.tag in ("class", "instance", "super"):
        if "()" in name:
            return _method(resolver, value, name)
        if name.endswith("\t"):
            found = choice.only_types(resolver.tree, _class_member(resolver, value, packages.plain(name)))
            return tuple(names.type_beside(resolver, v) if v.tag == "symbol" else v for v in found)
        found = _class_member(resolver, value, name)
        if not found and packages.rules_of(resolver.tree.file(value.path).language).method_values:
            found = _class_member(resolver, value, f"{name}()")
        return found
    return ()


def _maker(resolver: Resolver, value: Value, name: str, made: str) -> Values:
    """What makes an instance: the type's own function of that name, else what runs on what was made."""
    for candidate in (name, made):
        found = _class_member(resolver, value, candidate)
        if found and found[0].tag == "symbol":
            return found
    return (EXTERNAL,)


def _method(resolver: Resolver, value: Value, name: str) -> Values:
    """A method by the number of its arguments, else by its name, else a field of that name (which holds a function)."""
    plain = packages.plain(name)
    outside: Values = ()
    for candidate in dict.fromkeys((name, f"{plain}()", plain)):
        found = _class_member(resolver, value, candidate)
        if found and found[0].tag == "symbol":
            return found
        outside = outside or found
    return outside


def _decorated_member(resolver: Resolver, function: Value, name: str) -> Values:
    """A member of the instance that the outermost decorator makes of a function."""
    file = resolver.tree.file(function.path)
    fact = file.symbols[function.symbol]
    resolver.tree.reads.add(key_in(file, fact.qualified + "()"))
    if not fact.decorators:
        return ()
    made = resolver.called(resolver.evaluate(file, fact.decorators[0]))
    return distinct(found for value in made if value.tag == "instance" for found in resolver.member(value, name))


def _class_member(resolver: Resolver, value: Value, name: str) -> Values:
    skip_own = value.tag == "super"
    found: Values = resolver.frame(
        ("member", value.path, value.symbol, name, skip_own),
        classes.search, resolver, value.path, value.symbol, name, skip_own,
    )
    if skip_own or value.how == Evidence.self_:
        return found
    how = value.how if value.how in (Evidence.type, Evidence.inferred, Evidence.override) else Evidence.module
    return modules.seen_as(found, how)
