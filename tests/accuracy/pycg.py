"""Call graphs of small programs: the PyCG micro-benchmark (https://github.com/vitsalis/PyCG).

Each case is a folder with a program and the edges that a sound and complete analysis finds in
`callgraph.json`. Edges with an end outside the case, and those into a lambda, which is no symbol here, are
left out; what a lambda calls counts for whatever it is written in. A call of a class leads to the
`__init__` that Python would run, if the case defines one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import python_truth
from .compare import share
from .facts import Export, Place, files_of
from .python_tree import Definition, Module, Scope, Tree

Edge = tuple[str, str]

_LAMBDA = re.compile(r"\.<lambda\d+>")


@dataclass(frozen=True)
class Case:
    """One program: the edges that are expected, and those that the index knows as facts and as possible."""

    name: str
    expected: frozenset[Edge]
    facts: frozenset[Edge]
    possible: frozenset[Edge]
    n_into_lambdas: int


@dataclass(frozen=True)
class Score:
    """Counts of edges over all cases."""

    right: int
    wrong: int
    missing: int

    @property
    def precision(self) -> float:
        """The share of expected edges among those that are known."""
        return share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of known edges among those that are expected."""
        return share(self.right, self.right + self.missing)


def score(cases: Iterable[Case], with_possible: bool) -> Score:
    """Count the edges, with or without those that are only possible."""
    right = wrong = missing = 0
    for case in cases:
        known = case.facts | case.possible if with_possible else case.facts
        right += len(known & case.expected)
        wrong += len(known - case.expected)
        missing += len(case.expected - known)
    return Score(right, wrong, missing)


def cases(root: Path, export_of: Callable[[Path], Export]) -> Iterator[Case]:
    """Judge every case below `root`, each indexed as a project of its own."""
    for graph in sorted(root.rglob("callgraph.json")):
        yield judge(graph.parent, graph.parent.relative_to(root).as_posix(), export_of(graph.parent))


def judge(folder: Path, name: str, export: Export) -> Case:
    """Judge one case by its export."""
    names = _Names(Tree(folder, files_of(folder, [".py"])))
    expected, n_into_lambdas = _expected(json.loads((folder / "callgraph.json").read_text()), names.known)
    facts, possible = _answered(export, names)
    return Case(name, expected, facts, possible, n_into_lambdas)


def _expected(graph: dict[str, list[str]], known: frozenset[str]) -> tuple[frozenset[Edge], int]:
    """The internal edges, and how many lead into a lambda. `known` are the names of the case's own definitions."""
    edges, n_into_lambdas = set(), 0
    for source, targets in graph.items():
        for target in targets:
            n_into_lambdas += _LAMBDA.search(target) is not None
            if target in known:
                edges.add((_LAMBDA.sub("", source), target))
    return frozenset(edges), n_into_lambdas


class _Names:
    """The benchmark's names of what stands at a place: the path inside the case, dotted, then the nesting."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._names: dict[Place, str] = {}
        self._classes: dict[Place, Scope] = {}
        for symbol in python_truth.symbols(tree):
            self._names[Place(*symbol.position[:2])] = symbol.qualified_name or ""
        for module in tree.modules.values():
            for scope in module.scopes.values():
                if scope.sort == "class":
                    self._classes[Place(module.path, scope.node.lineno)] = scope  # type: ignore[attr-defined]

    @property
    def known(self) -> frozenset[str]:
        """The names of all functions and classes of the case."""
        return frozenset(self._names.values())

    def source(self, symbol_id: str | None, export: Export) -> str | None:
        """The name of the function, class or module that a site lies in; None for one that nobody knows."""
        while symbol_id is not None:
            symbol = export.symbols[symbol_id]
            if symbol.type == "module":
                return _dotted(self._tree.modules[symbol.position.path])
            place = Place(*symbol.position[:2])
            if symbol.type != "variable" and place in self._names:
                return self._names[place]
            symbol_id = symbol.container
        return None

    def called(self, place: Place) -> str | None:
        """The name of what a call of the definition at `place` runs; None if no function of the case."""
        body = self._classes.get(place)
        if body is None:
            return self._names.get(place)
        initialiser = self._tree.member(body, "__init__")
        return self._names.get(initialiser.place) if isinstance(initialiser, Definition) else None


def _dotted(module: Module) -> str:
    return module.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _answered(export: Export, names: _Names) -> tuple[frozenset[Edge], frozenset[Edge]]:
    facts, possible = set(), set()
    for reference in export.references.values():
        if reference.role not in ("calls", "decorates") or reference.source is None:
            continue
        # What is decorated is the source of a decorator; who calls it is the scope around.
        around = export.symbols[reference.source].container if reference.role == "decorates" else reference.source
        source = names.source(around, export)
        if source is None:
            continue
        if reference.place is not None and (called := names.called(reference.place)):
            facts.add((source, called))
        for further in export.possible.get(reference.position, []):
            if called := names.called(further.place):
                possible.add((source, called))
    return frozenset(facts), frozenset(possible)
