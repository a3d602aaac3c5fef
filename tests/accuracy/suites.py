"""What is measured: each suite takes source trees, their truth and the program's exports of them."""

from __future__ import annotations

import gc
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import compare, facts, languages, projects, pycg, python_truth, scip, scip_truth
from .facts import Export, Place, Position, TrueSymbol
from .python_tree import Tree
from .truth import Truth


@dataclass(frozen=True)
class Settings:
    """Where things are; a path that is None leaves its suite out, or has it fetch a release."""

    cache: Path
    django: Path | None = None
    pycg: Path | None = None
    trees: tuple[Path, ...] = ()
    typescript: tuple[Path, ...] = ()
    #: Further trees, each with the language whose parser judges it.
    judged: tuple[tuple[str, Path], ...] = ()
    #: Names of the table of languages; all of them where none is named.
    languages: tuple[str, ...] = ()
    #: Reads an export; replaced to judge one that was made before.
    export_of: Callable[[Path], Export] = facts.export_of


@dataclass(frozen=True)
class Measurement:
    """One tree judged by one truth; a part that the truth says nothing about is None."""

    suite: str
    project: str
    language: str
    n_files: int
    sites: compare.SiteReport | None = None
    symbols: compare.SymbolReport | None = None
    cases: tuple[pycg.Case, ...] = ()
    #: Files that the truth maker reads and the export does not have, and files that truth could not read.
    unseen: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()


def python_ast(root: Path, project: str, export: Export) -> Measurement:
    """Symbols and provable call sites of a Python tree, by Python's own parser."""
    tree = _python_tree(root)
    paths = tree.modules.keys()
    return Measurement(
        "ast",
        project,
        "python",
        len(paths),
        compare.compare_sites(python_truth.call_sites(tree), export),
        compare.compare_symbols(python_truth.symbols(tree), export, paths),
        unseen=tuple(sorted(paths - export.languages.keys())),
        unjudged=tuple(tree.unparsed),
    )


def django(settings: Settings) -> Iterator[Measurement]:
    """Django, by `ast`."""
    root = settings.django or projects.source_tree(projects.DJANGO, settings.cache)
    yield python_ast(root, "django", settings.export_of(root))


def trees(settings: Settings) -> Iterator[Measurement]:
    """Any Python trees that the caller names, by `ast`."""
    for root in settings.trees:
        yield python_ast(root, root.name, settings.export_of(root))


def scip_python(settings: Settings) -> Iterator[Measurement]:
    """requests, flask and attrs, by scip-python (which is pyright) and by `ast`."""
    for release in projects.SCIP_PROJECTS:
        root = projects.flat_tree(release, settings.cache)
        index = scip.read_index(projects.scip_python(release, settings.cache), root)
        export = settings.export_of(root)
        tree = _python_tree(root)
        proved = {site.position: site.targets for site in python_truth.call_sites(tree)}
        nested, repeated = _definitions(list(python_truth.symbols(tree)))
        truth = scip_truth.call_sites(_python_calls(tree), index, nested, repeated, proved, python_truth.overloads(tree))
        report = compare.compare_sites(truth, export)
        yield Measurement("scip", release.name, "python", len(index.paths), report)
        yield python_ast(root, release.name, export)


def scip_typescript(settings: Settings) -> Iterator[Measurement]:
    """TypeScript trees that the caller names: calls by scip-typescript, symbols by the compiler's parser."""
    for given in settings.typescript:
        root = projects.typescript_tree(given, settings.cache)
        index = scip.read_index(projects.scip_typescript(root, settings.cache), root)
        export = settings.export_of(root)
        made = languages.typescript(root, settings.cache)
        nested, repeated = _definitions(made.symbols)
        truth = scip_truth.call_sites(made.calls, index, nested, repeated, {}, {})
        report = compare.compare_sites(truth, export)
        yield Measurement("scip", root.name, "typescript", len(index.paths), report)
        yield _parsed(root.name, "typescript", made, export)


def parsed_languages(settings: Settings) -> Iterator[Measurement]:
    """A real project for each language, judged by the language's own parser or compiler."""
    for language in languages.LANGUAGES:
        if settings.languages and language.name not in settings.languages:
            continue
        if language.lacking:
            print(f"{language.name} is left out: no {', '.join(language.lacking)} here", file=sys.stderr)
            continue
        root = language.tree(settings.cache)
        made = language.truth(root, settings.cache)
        yield _parsed(language.project, language.name, made, settings.export_of(root))


def judged_trees(settings: Settings) -> Iterator[Measurement]:
    """Any trees that the caller names, judged by their language's own parser or compiler."""
    for name, root in settings.judged:
        made = languages.TRUTHS[name](root, settings.cache)
        yield _parsed(root.name, name, made, settings.export_of(root))


def _parsed(project: str, language: str, made: Truth, export: Export) -> Measurement:
    return Measurement(
        "parser",
        project,
        language,
        len(made.paths),
        compare.compare_sites(made.sites, export),
        symbols=compare.compare_symbols(made.symbols, export, made.paths, made.unknown),
        unseen=tuple(sorted(set(made.paths) - export.languages.keys())),
        unjudged=made.unjudged,
    )


def pycg_cases(settings: Settings) -> Iterator[Measurement]:
    """The PyCG micro-benchmark, where the caller has it."""
    if settings.pycg is not None:
        cases = tuple(pycg.cases(settings.pycg, settings.export_of))
        yield Measurement("pycg", "micro-benchmark", "python", len(cases), cases=cases)


SUITES: dict[str, Callable[[Settings], Iterator[Measurement]]] = {
    "django": django,
    "scip-python": scip_python,
    "pycg": pycg_cases,
    "scip-typescript": scip_typescript,
    "languages": parsed_languages,
    "trees": trees,
    "judged": judged_trees,
}


def _python_tree(root: Path) -> Tree:
    """Parse a tree, without looking for garbage in syntax trees: it trebles the time of a large one."""
    gc.disable()
    try:
        return Tree(root, facts.files_of(root, [".py"]))
    finally:
        gc.enable()


def _python_calls(tree: Tree) -> Iterator[tuple[Position, str, str]]:
    for module in tree.modules.values():
        for call, _ in module.calls:
            found = python_truth.call_position(call, module)
            if found is not None:
                yield *found, python_truth.how_written(call)


def _definitions(
    symbols: Sequence[TrueSymbol],
) -> tuple[frozenset[tuple[Place, str]], frozenset[Place]]:
    """The places and names of all symbols, and the places of those whose qualified name another in the file has."""
    named = {(Place(*symbol.position[:2]), symbol.name) for symbol in symbols}
    places: dict[tuple[str, str], set[Place]] = defaultdict(set)
    for symbol in symbols:
        place = Place(*symbol.position[:2])
        places[place.path, symbol.qualified_name or str(place)].add(place)
    several = (found for found in places.values() if len(found) > 1)
    return frozenset(named), frozenset().union(*several)
