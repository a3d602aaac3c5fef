"""Resolves one file: what each of its sites means, and the relationships that follow.

The outcome is a value (`Resolved`) in terms of paths and symbol numbers; ids and rows are the store's business.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from indexer.extract import paths
from indexer.extract.facts import SITE_WIDTH, Op
from indexer.extract.symbols import CLASS_KINDS, FUNCTION_KINDS
from indexer.model import Evidence, Role
from indexer.resolve import shared_names
from indexer.resolve.calibration import confidence
from indexer.resolve.infer import Resolver
from indexer.resolve.tree import File
from indexer.resolve.values import Value, Values


class Target(NamedTuple):
    """A symbol of some file."""

    path: str
    symbol: int


class Site(NamedTuple):
    """A written name and what it means; a plain tuple in all but name, because there are hundreds of thousands."""

    line: int
    column: int
    name: str
    role: int
    source: int
    target: Target | None
    evidence: int


class Possible(NamedTuple):
    """A further symbol that a site may mean."""

    line: int
    column: int
    source: int
    target: Target
    role: int
    evidence: int


@dataclass(slots=True)
class Relationship:
    """All sites of one (source, target, type) in a file: flat lines and columns, in source order."""

    source: int
    target: Target
    type: str
    evidence: int
    sites: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Resolved:
    """What resolution says of one file. `reads` are the keys that it depends on."""

    path: str
    sites: list[Site]
    possible: list[Possible]
    relationships: list[Relationship]
    reads: set[int]


_VARIABLE_KINDS: Final = frozenset({"variable", "constant", "property", "field"})
ROLE_NAMES: Final = tuple(role.name for role in Role)


def resolve_file(resolver: Resolver, path: str) -> Resolved:
    """What the sites of a file mean; depends on nothing but the facts in the tree.

    What programs or others wrote (see `paths`) is there to be found and linked to, and its own sites are left out."""
    tree = resolver.tree
    resolver.begin()
    file = tree.file(path)
    if not paths.SYMBOLS_ONLY.isdisjoint((*file.facts.flags, *paths.flags_of(path))):
        return Resolved(path, [], [], [], tree.reads)
    sites, possible = _sites(resolver, file)
    related = relationships(sites, file.language) + _overrides(resolver, file)
    return Resolved(path, sites, possible, related, tree.reads)


def _sites(resolver: Resolver, file: File) -> tuple[list[Site], list[Possible]]:
    values = array("i")
    values.frombytes(file.facts.sites)
    strings, expressions, variables = file.strings, file.expressions, file.variables
    known: dict[int, tuple[Values, Target | None, int]] = {}
    found: list[Site] = []
    possible: list[Possible] = []
    add = found.append
    iterator = iter(values)
    for line, column, name, role, source, expression in zip(*[iterator] * SITE_WIDTH, strict=True):
        outcome = known.get(expression)
        if outcome is None:
            meaning = resolver.denote(file, expression)
            outcome = known[expression] = (meaning, *_fact(resolver, meaning))
        meaning, target, evidence = outcome
        if target is None and evidence == Evidence.unresolved:
            if meaning:
                pass  # All of it is possible.
            elif (function := _function(file, expression)) >= 0 and expressions[3 * function] == Op.variable:
                if variables[expressions[3 * function + 1]].symbol < 0:
                    meaning = _called_local(resolver, file, function)
                    if not meaning:
                        continue
                    target, evidence = _fact(resolver, meaning)
            elif role == Role.calls and (guess := resolver.tree.sole_definition(strings[name])) is not None:
                possible.append(Possible(line, column, source, Target(*guess), role, Evidence.unique_name))
        # A bare tuple, whose making takes a third of the time; see `Site` for the fields.
        add((line, column, strings[name], role, source, target, evidence))  # type: ignore[arg-type]
        if role <= Role.calls and target is not None and target.symbol and _is_variable(resolver, target):
            possible.extend(_reached(resolver, line, column, source, resolver.evaluate(file, _function(file, expression))))
        further = meaning if target is None else meaning[1:]
        if further:
            possible.extend(
                Possible(line, column, source, Target(value.path, value.symbol), role, value.how)
                for value in further
                if value.tag == "symbol"
            )
    possible.extend(_indirect(resolver, file))
    return found, possible


def _function(file: File, expression: int) -> int:
    """What is called, where a site's expression says with what."""
    is_call = expression >= 0 and file.expressions[3 * expression] == Op.call
    return file.expressions[3 * expression + 1] if is_call else expression


def _indirect(resolver: Resolver, file: File) -> Iterator[Possible]:
    """What is called where no name stands for it."""
    values = array("i")
    values.frombytes(file.facts.indirect)
    iterator = iter(values)
    for line, column, source, expression in zip(*[iterator] * 4, strict=True):
        yield from _reached(resolver, line, column, source, resolver.evaluate(file, expression))


def _reached(resolver: Resolver, line: int, column: int, source: int, values: Values) -> Iterator[Possible]:
    """The functions and classes that a called value may be."""
    for value in _callables(resolver, values):
        how = Evidence.override if value.how == Evidence.override else Evidence.inferred
        yield Possible(line, column, source, Target(value.path, value.symbol), Role.calls, how)


def _callables(resolver: Resolver, values: Values) -> Iterator[Value]:
    """The functions and classes among values, and what calling an instance calls."""
    for value in values:
        if value.tag in ("function", "class"):
            yield value
        elif value.tag == "instance":
            yield from (v._replace(how=value.how) for v in resolver.member(value, "__call__") if v.tag == "symbol")


def _is_variable(resolver: Resolver, target: Target) -> bool:
    return resolver.tree.file(target.path).symbols[target.symbol].kind in _VARIABLE_KINDS


def _fact(resolver: Resolver, meaning: Values) -> tuple[Target | None, int]:
    if not meaning:
        return None, Evidence.unresolved
    first = meaning[0]
    if first.how == Evidence.override:
        # One of several (overloads that only the types of the arguments would tell, parts of a container): all are possible.
        return None, Evidence.unresolved
    if first.tag == "symbol":
        return Target(first.path, first.symbol), first.how
    if first.tag == "module":
        return Target(first.path, 0), first.how
    if first.tag == "package":
        path = shared_names.package_file(resolver, first)
        return (Target(path, 0), first.how) if path is not None else (None, Evidence.unresolved)
    return None, Evidence.external


def _called_local(resolver: Resolver, file: File, expression: int) -> Values:
    """A called local is a site if it is a function or class of the tree, or an instance that can be called; one of several is no fact."""
    values = list(_callables(resolver, resolver.evaluate(file, expression)))
    if not values or (len(values) == 1 and values[0].how == Evidence.self_):
        return ()
    how = Evidence.inferred if len(values) == 1 else Evidence.override
    return tuple(Value("symbol", v.path, v.symbol, how) for v in values)


def relationships(sites: list[Site], language: str) -> list[Relationship]:
    """What sites with a target come to, by source, target and role; the surest site's evidence counts."""
    by_key: dict[tuple[int, Target, int], Relationship] = {}
    for line, column, _, role, source, target, evidence in sites:
        if target is None:
            continue
        key = (source, target, role)
        known = by_key.get(key)
        if known is None:
            by_key[key] = Relationship(source, target, ROLE_NAMES[role], evidence, [line, column])
            continue
        if evidence != known.evidence and confidence(language, evidence) > confidence(language, known.evidence):
            known.evidence = evidence
        known.sites += (line, column)
    return list(by_key.values())


def _overrides(resolver: Resolver, file: File) -> list[Relationship]:
    found: dict[tuple[int, Target], Relationship] = {}
    for number, symbol in enumerate(file.symbols):
        if symbol.kind not in CLASS_KINDS or not (symbol.extends or symbol.implements):
            continue
        for name, variable in file.namespace(number).items():
            own = file.variables[variable].symbol
            if own < 0 or file.symbols[own].kind not in FUNCTION_KINDS:
                continue
            base = resolver.member(Value("super", file.path, number, Evidence.inheritance), name)
            if base and base[0].tag == "symbol" and base[0].how != Evidence.override:
                target = Target(base[0].path, base[0].symbol)
                found.setdefault((own, target), Relationship(own, target, "overrides", Evidence.inheritance))
    return list(found.values())
