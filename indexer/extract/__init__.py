"""Extraction: the facts of one source file, from its bytes alone. Never raises, never does input or output.

Runs in worker processes only: parsing holds the interpreter's lock for as long as it lasts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from indexer import languages
from indexer.extract import analysis, captures, embedded, origin, preprocessor, settings, variants
from indexer.extract.facts import Facts, Flag, SymbolFact, SymbolText, encode_texts
from indexer.extract.symbols import Lines

#: Part of every cached fact's key: raise it whenever the same bytes may give other facts.
VERSION: Final = "19"

_MARKS: Final = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def as_utf8(source: bytes) -> tuple[bytes | None, str | None]:
    """A file's text as UTF-8, and what is to be said of it; None where it is no text."""
    for mark, encoding in _MARKS:
        if source.startswith(mark):
            try:
                return source.decode(encoding).encode(), None
            except UnicodeDecodeError:
                return None, f"not valid {encoding}"
    if b"\0" in source:
        return None, "binary: holds NUL bytes"
    try:
        source.decode()
    except UnicodeDecodeError:
        return source.decode("latin-1").encode(), "not UTF-8: read as latin-1"
    return source, None


def extract(text: bytes, language: str) -> Facts:
    """The facts of a UTF-8 text; what cannot be analysed gives a module symbol and a `problem` in a sentence."""
    said = languages.load(language).rules.get("embedded")
    return _extract(text, language) if said is None else _extract_embedded(text, language, said)


def _extract_embedded(text: bytes, language: str, said: Mapping[str, Any]) -> Facts:
    """The facts of code in a file of another language, with the symbols of what is around it."""
    code = embedded.code_of(text, said)
    facts = _extract(code.text, code.language)
    embedded.placed(facts, code, text)
    own = [_extract(text, language)] if languages.query(language)[1] else []
    for others in (*own, *(_extract(each.text, each.language) for each in embedded.further(text, said))):
        embedded.add_symbols(facts, others)
        facts.problem = facts.problem or others.problem
    facts.flags = origin.flags_of(text, language)
    return facts


def _extract(text: bytes, language: str) -> Facts:
    try:
        parsed, unusual = preprocessor.masked(text, languages.load(language))
        tree = languages.parser(language).parse(parsed)
        if tree.root_node.has_error and (again := preprocessor.separated(parsed, languages.load(language))) is not None:
            other = languages.parser(language).parse(again)
            tree = other if _n_wrong(other.root_node) < _n_wrong(tree.root_node) else tree
        found = captures.collect(tree.root_node, language)
        found.unusual = unusual
        facts = analysis.analyse(text, tree.root_node, found, languages.load(language))
        facts.flags = origin.flags_of(text, language)
        facts.settings = settings.read(text, languages.load(language))
        facts.is_usual = variants.is_usual(text, languages.load(language))
    except (RecursionError, MemoryError, ValueError) as exc:
        return module_only(text, language, f"not analysed: {type(exc).__name__}: {exc}")
    if tree.root_node.has_error:
        facts.problem = "syntax errors: facts are partial"
    elif found.is_truncated:
        facts.problem = "too many overlapping matches: facts are partial"
    return facts


def _n_wrong(node: captures.Node) -> int:
    """How many bytes stand in what the grammar makes nothing of."""
    if node.type == "ERROR":
        return node.end_byte - node.start_byte
    return sum(_n_wrong(child) for child in node.children if child.has_error) + node.is_missing


def module_only(text: bytes, language: str, problem: str | None) -> Facts:
    """The facts of a file that is known by its name alone."""
    lines = Lines(text)
    row = SymbolText(1, 0, len(lines.starts), 0, 0, 0, None, None, "public")
    module = SymbolFact(0, "module", -1, 1, 0, int(Flag.exported), "", {})
    return Facts(language, problem, (), lines.n_lines, strings=[""], symbols=[module], texts=encode_texts([row]))
