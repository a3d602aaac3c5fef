"""Annotated sources: what extraction and resolution must say of a small tree, written in comments under the names.

A comment line with carets speaks of the names above the carets, in the last line before it that is no such comment; `<-` speaks of
the column where the comment begins. What follows a caret is one of

    definition.KIND QUALIFIED [WORD…] [key=value…]   a symbol; WORD is exported, async, static, … or not-exported and so on;
                                                     keys: visibility, doc (first line, words joined by '_'), signature (the same)
    ROLE QUALIFIED|PATH:LINE|external|unresolved [evidence]   a site and what it means
    possible QUALIFIED [evidence]                             what a site may mean besides
    impossible QUALIFIED                                      what it does not
    nothing                                          neither symbol nor site

`QUALIFIED` names a symbol of the tree; where several have that name, any of them will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer import extract, languages, model
from indexer.extract import facts as f
from indexer.extract import modules
from indexer.index import materialise
from indexer.resolve.changes import Project

_COMMENT = re.compile(r"^\s*(?://|#|--|;|%|\"|/\*|<!--)?.*?(\^|<-)\s")
_ASSERTION = re.compile(
    r"(?P<mark>\^+|<-)\s+(?P<what>definition\.\w+|nothing|decorates|calls|extends|implements|imports|uses|references|"
    r"possible|impossible)"
    r"(?P<rest>(?:[ \t]+[^\s^*]\S*)*)"
)
FLAGS = {"exported": 1, "async": 2, "generator": 4, "abstract": 8, "static": 16}


@dataclass(frozen=True)
class Symbol:
    """A symbol as the store would get it."""

    path: str
    line: int
    column: int
    kind: str
    name: str
    qualified: str
    flags: int
    visibility: str | None
    signature: str | None
    documentation: str | None
    start: int
    end: int
    container: int


@dataclass(frozen=True)
class Site:
    """A site as the store would get it; `target` is a path and a line."""

    path: str
    line: int
    column: int
    name: str
    role: str
    target: Symbol | None
    evidence: str


@dataclass
class Tree:
    """All that is said of a folder's files."""

    sources: dict[str, bytes] = field(default_factory=dict)
    facts: dict[str, f.Facts] = field(default_factory=dict)
    symbols: dict[tuple[str, int, int], list[Symbol]] = field(default_factory=dict)
    sites: dict[tuple[str, int, int], list[Site]] = field(default_factory=dict)
    #: Further targets: their qualified names and evidence.
    possible: dict[tuple[str, int, int], list[tuple[str, str]]] = field(default_factory=dict)

    def all_symbols(self) -> Iterator[Symbol]:
        """The symbols in order of path and place."""
        for key in sorted(self.symbols):
            yield from self.symbols[key]


def read(folder: Path) -> Tree:
    """Extracts and resolves the files below a folder."""
    tree = Tree()
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for file in files:
        path = file.relative_to(folder).as_posix()
        language = languages.detect(path, file.read_bytes())
        text, _ = extract.as_utf8(file.read_bytes())
        if language is None or text is None:
            continue
        tree.sources[path] = text
        tree.facts[path] = extract.extract(text, language)
    _resolve(tree)
    return tree


def _resolve(tree: Tree) -> None:
    project = Project()
    numbered: dict[str, list[Symbol]] = {}
    for path, facts in tree.facts.items():
        anchor = modules.anchor_of(path, tree.sources.__contains__, lambda p: tree.sources[p].decode())
        module = modules.module_name(path, languages.language_of_path(path) or facts.language, anchor)
        names = materialise.symbol_keys(path, module, facts)
        numbered[path] = [
            Symbol(
                path, symbol.line, symbol.column, symbol.kind, facts.strings[symbol.name], qualified, symbol.flags,
                text.visibility, text.signature, text.documentation, text.start_byte, text.end_byte, symbol.container,
            )
            for (qualified, _, _), symbol, text in zip(names, facts.symbols, f.decode_texts(facts), strict=True)
        ]  # fmt: skip
        for symbol in numbered[path]:
            tree.symbols.setdefault((path, symbol.line, symbol.column), []).append(symbol)
        project.put(path, f.encode(facts))
    for resolved in project.resolve():
        for line, column, name, role, _, target, evidence in resolved.sites:
            site = Site(
                resolved.path, line, column, name, model.Role(role).name,
                numbered[target.path][target.symbol] if target is not None else None, model.Evidence(evidence).label,
            )  # fmt: skip
            tree.sites.setdefault((resolved.path, line, column), []).append(site)


        for further in resolved.possible:
            known = tree.possible.setdefault((resolved.path, further.line, further.column), [])
            target = numbered[further.target.path][further.target.symbol]
            known.append((target.qualified, model.Evidence(further.evidence).label))


@dataclass(frozen=True)
class Assertion:
    """What a comment says of a place."""

    path: str
    line: int
    column: int
    what: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column + 1} {self.what} {' '.join(self.words)}"


def assertions(path: str, source: bytes) -> list[Assertion]:
    """The assertions of one source."""
    found: list[Assertion] = []
    spoken_of = 0
    for number, line in enumerate(source.decode("utf-8", "replace").split("\n"), 1):
        matches = list(_ASSERTION.finditer(line)) if _COMMENT.match(line) else []
        if not matches:
            spoken_of = number
            continue
        for match in matches:
            place = match.start() if match["mark"] != "<-" else len(line) - len(line.lstrip())
            # What ends a comment, or a string of JSON that holds one.
            words = tuple(re.sub(r"(?:\*/|-->|\\n\",?)$", "", match["rest"]).split())
            found.append(Assertion(path, spoken_of, len(line[:place].encode()), match["what"], words))
    return found


def problems(tree: Tree) -> list[str]:
    """What the tree's sources assert and the tree does not fulfil."""
    found: list[str] = []
    for path, source in tree.sources.items():
        for assertion in assertions(path, source):
            if problem := _judge(tree, assertion):
                found.append(f"{assertion}: {problem}")
    return found


def _judge(tree: Tree, said: Assertion) -> str | None:
    place = (said.path, said.line, said.column)
    symbols, sites = tree.symbols.get(place, []), tree.sites.get(place, [])
    if said.what == "nothing":
        return f"found {symbols or sites}" if symbols or sites else None
    if said.what.startswith("definition."):
        return _judge_symbol(said, [s for s in symbols if s.kind == said.what[11:]], symbols)
    if said.what in ("possible", "impossible"):
        return _judge_possible(said, tree.possible.get(place, []))
    if len(sites) != 1:
        return f"{len(sites)} sites here" + (f", and {symbols[0]}" if symbols else "")
    return _judge_site(said, sites[0])


def _judge_possible(said: Assertion, possible: list[tuple[str, str]]) -> str | None:
    expected, *evidence = said.words
    found = [how for qualified, how in possible if qualified == expected]
    if said.what == "impossible":
        return f"is possible by {found}" if found else None
    return None if found and (not evidence or evidence[0] in found) else f"possible are {possible}"


def _judge_symbol(said: Assertion, symbols: list[Symbol], others: list[Symbol]) -> str | None:
    qualified, *words = said.words
    symbol = next((s for s in symbols if s.qualified == qualified), None)
    if symbol is None:
        return f"found {[(s.kind, s.qualified) for s in others]}"
    for word in words:
        key, _, value = word.partition("=")
        if value and _shown(symbol, key) != value:
            return f"{key} is {_shown(symbol, key)}"
        if not value and bool(symbol.flags & FLAGS[key.removeprefix("not-")]) == key.startswith("not-"):
            return f"is {'' if key.startswith('not-') else 'not '}{key.removeprefix('not-')}"
    return None


def _shown(symbol: Symbol, key: str) -> str:
    text = {"visibility": symbol.visibility, "doc": symbol.documentation, "signature": symbol.signature}[key]
    return "_".join((text or "none").splitlines()[0].split())


def _judge_site(said: Assertion, site: Site) -> str | None:
    if site.role != said.what:
        return f"role is {site.role}"
    answered = (site.evidence if site.evidence == "external" else "unresolved") if site.target is None else site.target.qualified
    expected, *evidence = said.words
    where = f"{site.target.path}:{site.target.line}" if site.target is not None else ""
    if expected not in (answered, where):
        return f"is {answered} {where} ({site.evidence})"
    if evidence and site.evidence != evidence[0]:
        return f"evidence is {site.evidence}"
    return None
