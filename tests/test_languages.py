"""What each language's rules say of annotated sources, and that every rule is spoken of (see `annotated` for the notation)."""

from __future__ import annotations

import functools
from pathlib import Path

import annotated
import pytest

from indexer import languages
from indexer.extract import captures

FIXTURES = Path(__file__).with_name("languages")
CASES = sorted(path for folder in FIXTURES.iterdir() for path in folder.iterdir() if path.is_dir())


def case_name(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_annotations(case: Path) -> None:
    tree = annotated.read(case)
    assert tree.sources, "no source in the case"
    assert any(annotated.assertions(path, source) for path, source in tree.sources.items()), "nothing is asserted"
    assert not annotated.problems(tree)


@functools.cache
def _reached(language: str) -> tuple[frozenset[tuple[int, str]], frozenset[tuple[int, str]]]:
    """The patterns of a language, as line and text, and those of them that its fixtures reach.

    Inherited rules come first, so that a pattern has the same line in all the languages that share it."""
    _, patterns = languages.query(language)
    lines = languages.query_text(language).split("\n")
    reached: set[int] = set()
    for source in _sources(language):
        reached |= captures.patterns_of(languages.parser(language).parse(source).root_node, language)
    everything = [(pattern.line, lines[pattern.line - 1]) for pattern in patterns]
    return frozenset(everything), frozenset(everything[i] for i in reached)


@pytest.mark.parametrize("language", languages.names())
def test_every_pattern_is_reached(language: str) -> None:
    missed = _reached(language)[0].difference(*(_reached(other)[1] for other in languages.names()))
    assert not sorted(missed)


def _sources(language: str) -> list[bytes]:
    """The fixtures' sources in a language, and of those that inherit its rules where the grammars are alike."""
    found = []
    for path in sorted(FIXTURES.rglob("*")):
        if path.is_file() and languages.detect(path.name, path.read_bytes()) == language:
            found.append(path.read_bytes())
    return found


@pytest.mark.parametrize("language", languages.names())
def test_every_language_has_fixtures(language: str) -> None:
    assert _sources(language)


def test_an_unknown_capture_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "language.toml").write_text('name = "odd"\ngrammar = "json"\nextensions = [".odd"]\n')
    (folder / "tags.scm").write_text("(document) @surprise\n")
    with pytest.raises(languages.RulesError, match=r"odd/tags\.scm:1"):
        languages.check(folder)
    (folder / "tags.scm").write_text('(document (object (pair key: (_) @name)) @definition.surprise)\n')
    with pytest.raises(languages.RulesError, match="unknown kind"):
        languages.check(folder)
    (folder / "tags.scm").write_text("(pair key: (_) @name\n")
    with pytest.raises(languages.RulesError):
        languages.check(folder)
