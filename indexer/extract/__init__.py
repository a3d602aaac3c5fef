"""Extraction: the facts of one source file, from its bytes alone. Never raises, never does input or output.

Runs in worker processes only: parsing holds the interpreter's lock for as long as it lasts.
"""

from __future__ import annotations

from typing import Final

from indexer import languages
from indexer.extract import analysis, captures
from indexer.extract.facts import Facts, Flag, SymbolFact, SymbolText, encode_texts

#: Part of every cached fact's key: raise it whenever the same bytes may give other facts.
VERSION: Final = "1"
#: Deeper trees than this are cut: tree-sitter itself recurses on them.
MAX_NESTING: Final = 1000


def extract(source: bytes, language: str) -> Facts:
    """The facts of a file in that language; what cannot be read gives a module symbol and a `problem` in a sentence."""
    text, problem = _as_utf8(source)
    if text is None:
        return _module_only(language, problem, source)
    try:
        tree = languages.parser(language).parse(text)
        found = captures.collect(tree.root_node, language)
        facts = analysis.analyse(text, tree.root_node, found, languages.load(language))
    except (RecursionError, MemoryError, ValueError) as exc:
        return _module_only(language, f"not analysed: {type(exc).__name__}: {exc}", source)
    if tree.root_node.has_error:
        problem = problem or "syntax errors: facts are partial"
    if found.is_truncated:
        problem = problem or "too many overlapping matches: facts are partial"
    facts.problem = problem
    return facts


def _as_utf8(source: bytes) -> tuple[bytes | None, str | None]:
    """The text as UTF-8 bytes, and what is to be said of it; None where it is no text."""
    for mark, encoding in ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
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


def _module_only(language: str, problem: str | None, source: bytes) -> Facts:
    lines = source.count(b"\n") + 1
    text = SymbolText(1, 0, lines, 0, 0, 0, None, None, "public")
    module = SymbolFact(0, "module", -1, 1, 0, int(Flag.exported), "", {})
    return Facts(language, problem, (), lines, strings=[""], symbols=[module], texts=encode_texts([text]))
