"""Which of several symbols of a name counts: kinds of symbols, and the order among them."""

from __future__ import annotations

from typing import Final

from indexer.extract.facts import Define, Flag, SymbolFact
from indexer.extract.symbols import FUNCTION_KINDS, TYPE_KINDS
from indexer.model import Evidence
from indexer.resolve import packages
from indexer.resolve.tree import File, Tree
from indexer.resolve.values import Value, Values

#: What is only declared, or defined for other systems.
LESS: Final = Flag.overload | Flag.conditional
#: What a name means as a value is none of these, if there is another.
_ONLY_TYPES: Final = frozenset({"interface", "type", "typedef", "trait", "protocol", "namespace"})
TYPES_AND_SPACES: Final = TYPE_KINDS | {"namespace", "package", "import"}


def best(symbols: list[SymbolFact], candidates: list[int]) -> int:
    """The definition that counts among several of a name: no setter or overload if there is another, else the last one that
    is not bound under a condition, else the first."""
    if len(candidates) == 1:
        return candidates[0]
    secondary = Flag.setter | Flag.overload
    main = [c for c in candidates if not symbols[c].flags & secondary] or candidates
    main = [c for c in main if symbols[c].kind not in _ONLY_TYPES] or main
    # An object beside a class of the name is what the name means as a value.
    main = [c for c in main if symbols[c].kind == "object"] or main
    certain = [c for c in main if not symbols[c].flags & Flag.conditional]
    return certain[-1] if certain else main[0]


def overloads(symbols: list[SymbolFact], candidates: list[int]) -> list[int]:
    """The functions that a name may mean where a call chooses among them; empty where it names something else."""
    if any(symbols[c].kind not in FUNCTION_KINDS for c in candidates):
        return []
    return [c for c in candidates if not symbols[c].flags & (Flag.setter | Flag.overload)]


def among(file: File, variable: int, numbers: tuple[int, ...]) -> list[int]:
    """Those of the symbols that a bound name may be."""
    definitions = file.variables[variable].definitions
    return [definitions[i + 1] for i in range(0, len(definitions), 2) if definitions[i] == Define.symbol and definitions[i + 1] in numbers]


def without_objects(file: File, candidates: list[int]) -> list[int]:
    """The symbols without the objects that accompany a class of their name."""
    return [c for c in candidates if file.symbols[c].kind != "object"] or candidates


def chosen(file: File, candidates: list[int]) -> list[Value]:
    """The symbol that counts among several of a name in a file, or all of them where only a call chooses."""
    if len(candidates) > 1 and packages.rules_of(file.language).overloads and len(several := overloads(file.symbols, candidates)) > 1:
        return [Value("symbol", file.path, number, Evidence.override) for number in several]
    return [Value("symbol", file.path, best(file.symbols, candidates), Evidence.import_)] if candidates else []


def by_nearness(
    tree: Tree, entries: dict[str, tuple[int, ...]], path: str, seen: frozenset[str] = frozenset()
) -> list[tuple[str, tuple[int, ...]]]:
    """Files that share a name, the likeliest first: those that define and do not only declare, those that are seen (included), then
    the nearest by path."""
    if len(entries) == 1:
        return list(entries.items())
    own = path.split("/")

    def rank(entry: tuple[str, tuple[int, ...]]) -> tuple[bool, bool, bool, bool, int, str]:
        other, numbers = entry
        file = tree.file(other)
        symbols = file.symbols
        variant = packages.is_unlikely(path, other, file.facts)
        is_declared = all(symbols[n].flags & LESS for n in numbers)
        parts = other.split("/")
        shared = next((i for i, (a, b) in enumerate(zip(own, parts, strict=False)) if a != b), min(len(own), len(parts)))
        return is_declared, variant, other != path, other not in seen, len(parts) - 2 * shared, other

    return sorted(entries.items(), key=rank)


def only_types(tree: Tree, values: Values) -> Values:
    """The values without the symbols that are neither types nor hold any."""
    return tuple(v for v in values if v.tag != "symbol" or tree.file(v.path).symbols[v.symbol].kind in TYPES_AND_SPACES)


def stands_in(symbol: SymbolFact) -> bool:
    """Whether a macro only stands in, on other systems, for what the usual one has itself."""
    return bool(symbol.flags & Flag.conditional) and symbol.kind in ("macro", "constant")
