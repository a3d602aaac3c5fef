"""Classes: their bases in the order of look-up, and what their namespaces hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.extract.facts import Flag, Op
from indexer.model import Evidence
from indexer.resolve import modules, packages, shared_names
from indexer.resolve.tree import File, key_in
from indexer.resolve.values import EXTERNAL, Value, Values

if TYPE_CHECKING:
    from indexer.resolve.infer import Resolver


#: Members of every object: what is not found in the tree is the language's own.
OBJECT_MEMBERS: Final = frozenset(
    "__init__ __new__ __class__ __dict__ __doc__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __hash__ __repr__ __str__ __setattr__ "
    "__getattribute__ __delattr__ __dir__ __format__ __reduce__ __reduce_ex__ __sizeof__ __subclasshook__ __init_subclass__ "
    "__module__ __name__ __qualname__ __bases__ __mro__ mro __subclasses__".split()
)


def mro(resolver: Resolver, path: str, symbol: int) -> Values:
    """The class and its bases in the order of look-up (C3; depth first where the bases are inconsistent).

    'class' values; 'external' once where a base lies outside of the tree or is unknown."""
    found: Values = resolver.frame(("mro", path, symbol), _linearise, resolver, path, symbol)
    return found


def _linearise(resolver: Resolver, path: str, symbol: int) -> Values:
    own = Value("class", path, symbol, Evidence.scope)
    direct = bases(resolver, path, symbol)
    sequences = [list(mro(resolver, b.path, b.symbol)) if b.tag == "class" else [EXTERNAL] for b in direct]
    sequences.append(list(direct))
    merged = _merge([[_plain(v) for v in sequence] for sequence in sequences])
    return (own, *(v for v in merged if v != own))


def bases(resolver: Resolver, path: str, symbol: int) -> Values:
    """The direct base classes in written order, 'external' for those that are not known to be in the tree."""
    file = resolver.tree.file(path)
    rules = packages.rules_of(file.language)
    if not rules.reopens:
        return _bases_of(resolver, _parts(resolver, file, symbol))
    package = packages.package_of(path, file.facts) or ""
    full = packages.join(package, packages.dotted(file.symbols[symbol].qualified))
    found: Values = resolver.frame(("bases", rules.family, full), _bases_of_all, resolver, rules.family, full)
    return found


def _bases_of_all(resolver: Resolver, family: str, full: str) -> Values:
    return _bases_of(resolver, [(resolver.tree.file(path), number) for path, number in shared_names.types_named(resolver, family, full)])


def _bases_of(resolver: Resolver, parts: list[tuple[File, int]]) -> Values:
    found: list[Value] = []
    for file, number in parts:
        fact = file.symbols[number]
        resolver.tree.reads.add(key_in(file, fact.qualified + "<"))
        for expression in (*fact.extends, *fact.implements):
            values = [v for v in resolver.evaluate(file, _generic(file, expression)) if v.tag == "class"]
            found.append(_plain(values[0]) if values else EXTERNAL)
    if parts and not any(file.symbols[number].extends for file, number in parts) and (root := _unsaid(resolver, *parts[0])):
        found.insert(0, root)
    return tuple(dict.fromkeys(found))


def _unsaid(resolver: Resolver, file: File, number: int) -> Value | None:
    """The base of a type that names none, where the tree holds it."""
    full = packages.rules_of(file.language).bases.get(file.symbols[number].kind)
    if full is None:
        return None
    found = shared_names.full_name(resolver, file, full)
    is_other = found and found[0].tag == "symbol" and (found[0].path, found[0].symbol) != (file.path, number)
    return _plain(found[0]._replace(tag="class")) if is_other else None


def _parts(resolver: Resolver, file: File, symbol: int) -> list[tuple[File, int]]:
    """A type with its other parts, where types may be written in several."""
    own = (file, symbol)
    rules = packages.rules_of(file.language)
    if not rules.marks_parts or not file.symbols[symbol].flags & Flag.partial:
        return [own]
    package = packages.package_of(file.path, file.facts) or ""
    full = packages.join(package, packages.dotted(file.symbols[symbol].qualified))
    entries = resolver.tree.named(rules.family, full)
    found = [(resolver.tree.file(path), number) for path in sorted(entries) for number in entries[path]]
    return [own, *(part for part in found if part != own and part[0].symbols[part[1]].flags & Flag.partial)]


def _generic(file: File, expression: int) -> int:
    while expression >= 0 and file.expressions[3 * expression] == Op.index:
        expression = file.expressions[3 * expression + 1]
    return expression


def search(resolver: Resolver, path: str, symbol: int, name: str, skip_own: bool) -> Values:
    """What a name denotes in a class or its bases, or in its bases alone."""
    outside = False
    for i, base in enumerate(mro(resolver, path, symbol)):
        if base.tag == "external":
            outside = True
            continue
        if i == 0 and skip_own:
            continue
        found = _own_member(resolver, base.path, base.symbol, name)
        if found:
            return modules.seen_as(found, Evidence.self_ if i == 0 else Evidence.inheritance)
    return (EXTERNAL,) if outside or name in OBJECT_MEMBERS or _is_of_every_object(resolver, path, name) else ()


def _is_of_every_object(resolver: Resolver, path: str, name: str) -> bool:
    return packages.plain(name) in packages.rules_of(resolver.tree.file(path).language).object_members


def _own_member(resolver: Resolver, path: str, symbol: int, name: str) -> Values:
    file = resolver.tree.file(path)
    resolver.tree.reads.add(key_in(file, f"{file.symbols[symbol].qualified}.{name}"))
    number = file.namespace(symbol).get(name)
    if number is None or file.variables[number].symbol < 0:
        rules = packages.rules_of(file.language)
        is_whole = rules.marks_parts and not file.symbols[symbol].flags & Flag.partial
        return _apart(resolver, file, symbol, name) if rules.package and not is_whole else ()
    return modules.picked(resolver, file, number)


def _apart(resolver: Resolver, file: File, symbol: int, name: str) -> Values:
    """A member that is written apart from its type, in any file of the package."""
    package = packages.package_of(file.path, file.facts) or ""
    inner = packages.dotted(file.symbols[symbol].qualified)
    found = shared_names.full_name(resolver, file, packages.join(packages.join(package, inner), name))
    return found if found and found[0].tag == "symbol" else ()


def _plain(value: Value) -> Value:
    return value if value.how == Evidence.scope or value.tag == "external" else value._replace(how=Evidence.scope)


def _merge(sequences: list[list[Value]]) -> list[Value]:
    """The C3 merge (https://www.python.org/download/releases/2.3/mro/), taking the first candidate where it gets stuck."""
    merged: list[Value] = []
    pending = [sequence for sequence in sequences if sequence]
    while pending:
        tails = {v for sequence in pending for v in sequence[1:]}
        head = next((s[0] for s in pending if s[0] not in tails), pending[0][0])
        if head not in merged:
            merged.append(head)
        pending = [rest for s in pending if (rest := [v for v in s if v != head])]
    return merged
