"""Whatever the bytes are, extraction answers: nothing raises, ranges nest, names stand where the facts say."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import extract, languages
from indexer.extract import facts as f

FIXTURES = Path(__file__).with_name("languages")
SOURCES = {
    language: [
        path.read_bytes()
        for path in sorted(FIXTURES.rglob("*"))
        if path.is_file() and languages.detect(path.name, path.read_bytes()) == language
    ]
    for language in languages.names()
}
RELAXED = settings(
    max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
ALL = pytest.mark.parametrize("language", languages.names())


@st.composite
def mutated(draw: st.DrawFn, sources: list[bytes]) -> bytes:
    """A source with pieces cut out, doubled, or replaced by noise."""
    source = bytearray(draw(st.sampled_from(sources)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(source)))
        end = min(len(source), start + draw(st.integers(0, 60)))
        match draw(st.sampled_from(["cut", "double", "noise"])):
            case "cut":
                del source[start:end]
            case "double":
                source[start:start] = source[start:end]
            case _:
                source[start:end] = draw(st.binary(max_size=20))
    return bytes(source)


def check(data: bytes, language: str) -> None:
    text, _ = extract.as_utf8(data)
    if text is None:
        return
    facts = extract.extract(text, language)
    lines = text.split(b"\n")
    texts = f.decode_texts(facts)
    assert len(texts) == len(facts.symbols)
    for symbol, place in zip(facts.symbols[1:], texts[1:], strict=True):
        name = facts.strings[symbol.name].encode()
        written = lines[symbol.line - 1][symbol.column :]
        if b"\xef\xbf\xbd" not in name and b"\n" not in name:
            assert written.startswith(name) or name.startswith(b"(")
        assert place.start_byte <= place.end_byte <= len(text)
        assert -1 < symbol.container < len(facts.symbols)
        outer = texts[symbol.container]
        is_inside = outer.start_byte <= place.start_byte and place.end_byte <= outer.end_byte
        assert is_inside or symbol.flags & f.Flag.outside or facts.symbols[symbol.container].kind != "module"
    for line, column, name_number, *_ in zip(*[iter(f.integers(facts.sites))] * f.SITE_WIDTH, strict=True):
        site = facts.strings[name_number].encode()
        if b"\xef\xbf\xbd" not in site and b"\n" not in site:
            assert lines[line - 1][column:].startswith(site)


@ALL
@RELAXED
@given(data=st.binary(max_size=400))
def test_bytes(language: str, data: bytes) -> None:
    check(data, language)


@ALL
@RELAXED
@given(data=st.data())
def test_mutated_sources(language: str, data: st.DataObject) -> None:
    check(data.draw(mutated(SOURCES[language])), language)


@ALL
def test_deep_nesting(language: str) -> None:
    for opening in (b"(", b"[", b"{", b"<", b"if x {", b"a.", b"f("):
        check(opening * 3000, language)


@ALL
def test_sources_as_they_are(language: str) -> None:
    for source in SOURCES[language]:
        check(source, language)
        check(source.replace(b"\n", b"\r\n"), language)


@pytest.mark.parametrize(
    "source",
    [
        b"extension A { class A { func f() { self.g() } } }",
        b"extension A { func f() { class A { var x = self } } }",
        b"extension A { class B { func f() { self.g() } } }\nextension B { class A { func f() { self.g() } } }",
    ],
)
def test_a_type_that_is_written_in_an_extension_of_itself(source: bytes) -> None:
    check(source, "swift")
