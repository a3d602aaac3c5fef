"""What a file says that others may have read: a digest for each read key, so that two versions can be compared.

Positions are left out: an edit that only moves code or changes comments provides the same. A key whose digest differs between two
versions, or that only one of them has, has changed; whoever read it is resolved again. Everything that `infer` looks up in a file
other than by these keys must be part of the digest of a key that it read on the way.
"""

from __future__ import annotations

from typing import Any, Final
from zlib import crc32

from indexer.extract.facts import EVERYWHERE, Define, Op
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
    said = _Said(file)
    said.add(name_key(path, "*"), file.exports)
    said.add(name_key(path, "*imports"), [describe.imported(i) for i in file.wildcards])
    has_parts = packages.rules_of(file.language).reopens
    for number, symbol in enumerate(file.symbols):
        prefix = f"{symbol.qualified}." if number else ""
        for name, variable in file.namespace(number).items():
            said.add(name_key(path, prefix + name), (describe.places[number], describe.variable(variable, {})))
        if symbol.callable:
            said.add(name_key(path, symbol.qualified + "<()"), [describe.expression(e, {}) for e in symbol.callable])
        if symbol.kind in CLASS_KINDS:
            bases = [describe.expression(e, {}) for e in (*symbol.extends, *symbol.implements, symbol.metaclass)]
            said.add(name_key(path, symbol.qualified + "<"), (bases, describe.symbol(number)))
            if has_parts:
                said.add(name_key(path, symbol.qualified + "<size"), (bool(symbol.extends), len(symbol.members)))
        elif symbol.kind in FUNCTION_KINDS:
            said.add(name_key(path, symbol.qualified + "()"), describe.results(number))
    for name, described in describe.guessable().items():
        said.add(project_key(name), (path, described))
    _add_shared(said, file, describe)
    return said.digests


class _Said:
    """The digests. Definitions of one name share a key, so what is said under a key adds up.

    Names mean something else in another language or package, so these are part of all that is said."""

    def __init__(self, file: File) -> None:
        self.digests: dict[int, int] = {}
        self._seed = crc32(repr((file.language, file.facts.package)).encode("utf-8", "surrogatepass"))

    def add(self, key: int, described: object) -> None:
        self.digests[key] = crc32(repr(described).encode("utf-8", "surrogatepass"), self.digests.get(key, self._seed))


def _add_shared(said: _Said, file: File, describe: _Describer) -> None:
    """What the file says of the packages and full names that it shares, and of the project's settings."""
    path, facts = file.path, file.facts
    family = packages.rules_of(file.language).family
    for package in packages.packages(path, facts):
        said.add(package_key(family, package), path)
    if everywhere := [describe.imported(i) for i in file.wildcards if file.imports[i].bound == EVERYWHERE]:
        said.add(full_key(family, EVERYWHERE), (path, everywhere))
    for full, number in packages.shared(path, facts):
        said.add(full_key(family, full), (path, facts.is_usual, describe.symbol(number)))
    if facts.settings:
        said.add(name_key(path, "=settings"), facts.settings)
        if "name" in facts.settings:
            said.add(settings_key(str(facts.settings["name"])), path)


class _Describer:
    """Facts as nested tuples without positions or numbers of tables."""

    def __init__(self, file: File) -> None:
        self.file = file
        seen: dict[tuple[str, str], int] = {}
        kinds: list[str] = []
        for symbol in file.symbols:
            key = (symbol.qualified, symbol.kind)
            ordinal = seen.get(key, 0)
            seen[key] = ordinal + 1
            kinds.append(f"{symbol.kind}{ordinal or ''}")
        #: Kind and ordinal of each symbol and of those around it, which may be written after it.
        self.places: list[str] = []
        for number, place in enumerate(kinds):
            while (number := file.symbols[number].container) > 0:
                place = f"{kinds[number]}/{place}"
            self.places.append(place)

    def symbol(self, number: int) -> Any:
        symbol = self.file.symbols[number]
        return symbol.qualified, self.places[number], symbol.flags

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
            [self.parameter(v) for v in symbol.parameters],
            [self.expression(e, seen) for e in symbol.decorators],
        )

    def parameter(self, number: int) -> Any:
        variable = self.file.variables[number]
        return self.file.strings[variable.name], Define.rest in variable.definitions[::2]

    def imported(self, number: int) -> Any:
        fact = self.file.imports[number]
        return fact.module, fact.name, fact.whole

    def variable(self, number: int, seen: dict[int, int]) -> Any:
        known = seen.get(number)
        if known is not None:
            # Where it stands among those described so far: written out wherever they occur, variables that are made of each other
            # would double with each step.
            return "…", known
        seen[number] = len(seen)
        variable = self.file.variables[number]
        definitions = variable.definitions
        # A local's name tells which of the parameters is given back.
        described: list[Any] = [self.whole(variable.symbol) if variable.symbol >= 0 else self.file.strings[variable.name]]
        for i in range(0, len(definitions), 2):
            define, payload = definitions[i], definitions[i + 1]
            if define in _EXPRESSIONS:
                described.append((define, self.expression(payload, seen)))
            elif define == Define.import_:
                described.append((define, self.imported(payload)))
            elif define in (Define.rest, Define.parameter):
                described.append(define)
            else:
                described.append((define, self.symbol(payload) if payload >= 0 else None))
        return described

    def whole(self, number: int) -> Any:
        """A symbol, and whether something other than a type has members."""
        symbol = self.file.symbols[number]
        return self.symbol(number), bool(symbol.members) and symbol.kind not in CLASS_KINDS

    def expression(self, number: int, seen: dict[int, int]) -> Any:
        if number < 0:
            return None
        file = self.file
        op, a, b = file.expressions[3 * number : 3 * number + 3]
        if op == Op.variable:
            variable = file.variables[a]
            if variable.symbol >= 0 and variable.container >= 0:
                # A namespace's name has a key of its own, which evaluating it reads.
                return op, self.symbol(variable.container), file.strings[variable.name], b
            return op, self.variable(a, seen), b
        if op == Op.signature:
            return op, [self.expression(item, seen) for item in file.facts.lists[a]], self.expression(b, seen)
        if op == Op.literal:
            return op, file.strings[a], file.strings[b] if b >= 0 else None
        if op == Op.call:
            return op, self.expression(a, seen), self.arguments(b, seen)
        if op == Op.global_:
            return op, file.strings[a], self.symbol(b) if b >= 0 else None
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
        if op == Op.implied:
            return op, self.expression(a, seen), file.strings[b]
        if op in (Op.unpack, Op.rest, Op.wanted, Op.parameter):
            return op, self.expression(a, seen), b
        if op == Op.imported:
            return op, self.imported(a), b
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
