"""What a file says that others may have read: a digest for each read key, so that two versions can be compared.

Positions are left out: an edit that only moves code or changes comments provides the same. A key whose digest differs between two
versions, or that only one of them has, has changed; whoever read it is resolved again. Everything that `infer` looks up in a file
other than by these keys must be part of the digest of a key that it read on the way.
"""

from __future__ import annotations

from typing import Any, Final
from zlib import crc32

from indexer.extract.facts import Define, Op
from indexer.extract.symbols import CLASS_KINDS, FUNCTION_KINDS
from indexer.resolve import packages
from indexer.resolve.tree import GUESSABLE, File, full_key, name_key, package_key, project_key, settings_key

_EXPRESSIONS: Final = frozenset({Define.value, Define.type, Define.default, Define.argument})
#: Operations whose a is an expression; the others carry numbers of other tables.
_UNARY: Final = frozenset({Op.element, Op.enter, Op.instance, Op.awaited, Op.array})


def provides(file: File) -> dict[int, int]:
    """Read key → digest of what the file answers to it."""
    describe = _Describer(file)
    path = file.path
    found: dict[int, int] = {
        name_key(path, "*"): _digest(file.exports),
        name_key(path, "*imports"): _digest([file.imports[i].module for i in file.wildcards]),
    }
    for number, symbol in enumerate(file.symbols):
        prefix = f"{symbol.qualified}." if number else ""
        for name, variable in file.namespace(number).items():
            found[name_key(path, prefix + name)] = _digest(describe.variable(variable, {}))
        if symbol.kind in CLASS_KINDS:
            bases = [describe.expression(e, {}) for e in (*symbol.extends, *symbol.implements, symbol.metaclass)]
            found[name_key(path, symbol.qualified + "<")] = _digest((bases, describe.symbol(number)))
        elif symbol.kind in FUNCTION_KINDS:
            key = name_key(path, symbol.qualified + "()")
            # Definitions of one name share the key.
            found[key] = found.get(key, 0) ^ _digest((describe.results(number), number in found))
    for name, described in describe.guessable().items():
        found[project_key(name)] = _digest((path, described))
    _add_shared(found, file, describe)
    return found


def _add_shared(found: dict[int, int], file: File, describe: _Describer) -> None:
    """What the file says of the packages and full names that it shares, and of the project's settings."""
    path, facts = file.path, file.facts
    family = packages.rules_of(file.language).family
    for package in packages.packages(path, facts):
        found[package_key(family, package)] = _digest(path)
    by_name: dict[str, list[Any]] = {}
    for full, number in packages.shared(path, facts):
        by_name.setdefault(full, []).append(describe.symbol(number))
    for full, described in by_name.items():
        found[full_key(family, full)] = _digest((path, facts.is_usual, described))
    if facts.settings:
        found[name_key(path, "=settings")] = _digest(facts.settings)
        if "name" in facts.settings:
            found[settings_key(str(facts.settings["name"]))] = _digest(path)


class _Describer:
    """Facts as nested tuples without positions or numbers of tables."""

    def __init__(self, file: File) -> None:
        self.file = file
        seen: dict[tuple[str, str], int] = {}
        self.ordinals: list[int] = []
        for symbol in file.symbols:
            key = (symbol.qualified, symbol.kind)
            self.ordinals.append(seen.get(key, 0))
            seen[key] = self.ordinals[-1] + 1

    def symbol(self, number: int) -> Any:
        symbol = self.file.symbols[number]
        return symbol.qualified, symbol.kind, symbol.flags, self.ordinals[number]

    def results(self, number: int) -> Any:
        symbol = self.file.symbols[number]
        seen: dict[int, int] = {}
        return (
            self.symbol(number),
            self.expression(symbol.returns, seen),
            self.expression(symbol.host, seen),
            [self.expression(e, seen) for e in symbol.takes],
            [self.expression(e, seen) for e in symbol.returned],
            [self.expression(e, seen) for e in symbol.yielded],
            [self.file.strings[self.file.variables[v].name] for v in symbol.parameters],
            [self.expression(e, seen) for e in symbol.decorators],
        )

    def variable(self, number: int, seen: dict[int, int]) -> Any:
        known = seen.get(number)
        if known is not None:
            # Where it stands among those described so far: written out wherever they occur, variables that are made of each other
            # would double with each step.
            return "…", known
        seen[number] = len(seen)
        variable = self.file.variables[number]
        definitions = variable.definitions
        described: list[Any] = [self.symbol(variable.symbol) if variable.symbol >= 0 else None]
        for i in range(0, len(definitions), 2):
            define, payload = definitions[i], definitions[i + 1]
            if define in _EXPRESSIONS:
                described.append((define, self.expression(payload, seen)))
            elif define == Define.import_:
                fact = self.file.imports[payload]
                described.append((define, fact.module, fact.name, fact.whole))
            elif define in (Define.rest, Define.parameter):
                described.append(define)
            else:
                described.append((define, self.symbol(payload) if payload >= 0 else None))
        return described

    def expression(self, number: int, seen: dict[int, int]) -> Any:
        if number < 0:
            return None
        file = self.file
        op, a, b = file.expressions[3 * number : 3 * number + 3]
        if op == Op.variable:
            variable = file.variables[a]
            if variable.symbol >= 0 and variable.container >= 0:
                # A namespace's name has a key of its own, which evaluating it reads.
                return op, file.symbols[variable.container].qualified, file.strings[variable.name], b
            return op, self.variable(a, seen), b
        if op == Op.literal:
            return op, file.strings[a], file.strings[b] if b >= 0 else None
        if op == Op.call:
            return op, self.expression(a, seen), self.arguments(b, seen)
        if op == Op.global_:
            return op, file.strings[a], file.symbols[b].qualified if b >= 0 else None
        if op == Op.implicit:
            return op, self.expression(a, seen), file.strings[b]
        if op in (Op.tuple, Op.mapping):
            return op, [self.expression(item, seen) for item in file.facts.lists[a]]
        if op == Op.member:
            return op, self.expression(a, seen), file.strings[b]
        if op in (Op.index, Op.union, Op.item, Op.narrowed, Op.arithmetic):
            return op, self.expression(a, seen), self.expression(b, seen)
        if op in _UNARY:
            return op, self.expression(a, seen)
        if op in (Op.unpack, Op.rest):
            return op, self.expression(a, seen), b
        if op == Op.imported:
            fact = file.imports[a]
            return op, fact.module, fact.name, fact.whole, b
        if op == Op.super_:
            return op, self.symbol(a) if a >= 0 else None, self.expression(b, seen)
        if op == Op.lambda_:
            return op, self.expression(b, seen)
        return op, self.symbol(a) if a >= 0 else None

    def arguments(self, number: int, seen: dict[int, int]) -> Any:
        if number < 0:
            return None
        flat, strings = self.file.facts.lists[number], self.file.strings
        return [
            (strings[flat[i]] if flat[i] >= 0 else None, self.expression(flat[i + 1], seen)) for i in range(0, len(flat), 2)
        ]

    def guessable(self) -> dict[str, Any]:
        found: dict[str, list[Any]] = {}
        for number, symbol in enumerate(self.file.symbols):
            if symbol.kind in GUESSABLE:
                found.setdefault(self.file.strings[symbol.name], []).append(self.symbol(number))
        return found


def _digest(described: Any) -> int:
    return crc32(repr(described).encode("utf-8", "surrogatepass"))
