"""A project that is kept resolved while its files change says the same as one that is resolved afresh, in languages of each kind."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from indexer import extract, languages
from indexer.extract import facts as f
from indexer.resolve.changes import Project
from indexer.resolve.files import Resolved, Target

FIXTURES = Path(__file__).with_name("languages")
ROUNDS = 12


def encoded(path: str, source: bytes) -> bytes:
    language = languages.detect(path, source)
    assert language is not None
    return f.encode(extract.extract(source, language))


def named(project: Project, target: Target | None) -> tuple[str, str, str, int] | None:
    """A target as its id names it: by path, qualified name, kind and ordinal."""
    if target is None:
        return None
    symbols = project.tree.file(target.path).symbols
    found = symbols[target.symbol]
    equal = [s for s in symbols[: target.symbol] if (s.qualified, s.kind) == (found.qualified, found.kind)]
    return target.path, found.qualified, found.kind, len(equal)


def said(project: Project, resolved: Resolved) -> object:
    sites = [(s[0], s[1], s[2], s[3], named(project, s[5]), s[6]) for s in resolved.sites]
    possible = [(p.line, p.column, named(project, p.target), p.evidence) for p in resolved.possible]
    relationships = [(named(project, r.target), r.type, r.evidence, tuple(r.sites)) for r in resolved.relationships]
    return sites, possible, relationships


def changed(source: bytes, chance: random.Random) -> bytes:
    lines = source.split(b"\n")
    place = chance.randrange(len(lines))
    if chance.random() < 0.6:
        del lines[place : place + chance.randint(1, 4)]
    else:
        other = chance.randrange(len(lines))
        lines[place:place] = lines[other : other + 2]
    return b"\n".join(lines)


@pytest.mark.parametrize("case", ["rust/workspace", "c/program", "cpp/project", "swift/package", "go/packages"])
def test_live_equals_fresh(case: str) -> None:
    chance = random.Random(case)
    files = {path.relative_to(FIXTURES / case).as_posix(): path.read_bytes() for path in sorted((FIXTURES / case).rglob("*.*"))}
    current = dict(files)
    live = Project()
    for path, source in files.items():
        live.put(path, encoded(path, source))
    answers = {resolved.path: said(live, resolved) for resolved in live.resolve()}
    for _ in range(ROUNDS):
        path = chance.choice(sorted(files))
        if path in current and len(current) > 1 and chance.random() < 0.2:
            del current[path], answers[path]
            live.remove(path)
        else:
            current[path] = changed(current[path], chance) if path in current else files[path]
            live.put(path, encoded(path, current[path]))
        answers |= {resolved.path: said(live, resolved) for resolved in live.resolve()}
        fresh = Project()
        for other, source in current.items():
            fresh.put(other, encoded(other, source))
        assert {resolved.path: said(fresh, resolved) for resolved in fresh.resolve()} == answers
