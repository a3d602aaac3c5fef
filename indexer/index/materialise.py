"""From facts, which know no path, to the rows of a project: ids, qualified names, texts cut from the source."""

from __future__ import annotations

from collections.abc import Iterator

from indexer import languages, model
from indexer.extract import modules
from indexer.extract.facts import Facts, Flag, decode_texts
from indexer.extract.symbols import Lines
from indexer.store import rows

#: Lines of context that are kept before and after a definition.
CONTEXT_LINES = 3
#: Bits of Flag that are columns; the rest is for resolution.
_COLUMN_FLAGS = 31
#: What marks a symbol that another file may define.
_DECLARATION = {"declaration": True}


def symbol_keys(path: str, module: str, facts: Facts) -> Iterator[tuple[str, int, str]]:
    """The qualified name, ordinal and id key of each symbol, in order.

    Names begin with the module's, or with the package that the file declares."""
    separator = languages.load(facts.language).separator
    prefix = modules.prefix_of(module, facts)
    seen: dict[tuple[str, str], int] = {}
    for symbol in facts.symbols:
        inner = symbol.qualified
        qualified = f"{prefix}{separator}{inner}" if inner and prefix else inner or module
        ordinal = seen.get((qualified, symbol.kind), 0)
        seen[qualified, symbol.kind] = ordinal + 1
        yield qualified, ordinal, model.symbol_key(path, qualified, symbol.kind, ordinal)


def symbol_rows(
    project: bytes, file: bytes, path: str, module: str, facts: Facts, text: bytes, language: str
) -> tuple[bytes, tuple[str, ...]]:
    """The encoded rows of a file's symbols, and their names, each once; `text` is what the facts were made of."""
    lines = Lines(text)
    keys = list(symbol_keys(path, module, facts))
    ids = [model.uuid5_bytes(project, key) for _, _, key in keys]
    strings = facts.strings
    names: dict[str, None] = {}
    made: list[rows.SymbolRow] = []
    declares = languages.load(facts.language).section("imports").get("declares", False)
    for number, (symbol, at) in enumerate(zip(facts.symbols, decode_texts(facts), strict=True)):
        qualified, ordinal, _ = keys[number]
        name = strings[symbol.name]
        definition = before = after = None
        if number == 0:
            name = name or qualified.rpartition("/")[2].rpartition(languages.load(facts.language).separator)[2]
        elif symbol.kind != "import":
            definition = text[at.start_byte : at.end_byte]
            before = _lines_between(text, lines, at.start_line - 1 - CONTEXT_LINES, at.start_line - 1)
            after = _lines_between(text, lines, at.end_line, at.end_line + CONTEXT_LINES)
        names[name] = None
        made.append((
            ids[number], ids[symbol.container] if symbol.container >= 0 else None, name, qualified, symbol.kind,
            symbol.line, symbol.column, at.start_line, at.start_column, at.end_line, at.end_column, ordinal,
            symbol.flags & _COLUMN_FLAGS, at.signature, at.documentation, at.visibility, definition, before, after,
            _DECLARATION if declares and symbol.flags & Flag.overload else None,
        ))  # fmt: skip
    return rows.symbols(project, file, path, language, made), tuple(map(rows.clean, names))


def _lines_between(text: bytes, lines: Lines, start: int, end: int) -> bytes | None:
    starts = lines.starts
    start, end = max(start, 0), min(end, len(starts))
    if start >= end:
        return None
    stop = starts[end] if end < len(starts) else len(text)
    return text[starts[start] : stop]
