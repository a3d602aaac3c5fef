"""Languages in files of another: scripts and styles of pages and components, the code cells of notebooks.

`[embedded]` of language.toml names the language that a file's code is in, and where it stands: between `open` (a pattern) and
`close` (a text that ends it, in any case), or in the `cells` of a notebook. Symbols of further languages in the file come from
`[[embedded.symbols]]` and from the folder's own rules. What is found stands where it stands in the file.
"""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import tree_sitter

from indexer import languages
from indexer.extract import facts as f
from indexer.extract.symbols import Lines

_VISIBLE: Final = re.compile(rb"[^\r\n]")
#: Lines of a cell that speak to the notebook and not to the language.
_MAGIC: Final = re.compile(rb"(?m)^[ \t]*[%!]")
#: What a cell begins with that is not in the notebook's language.
_OTHER: Final = re.compile(rb"\s*%%(?!(?:time|timeit|capture|prun)\b)")
#: Languages that notebooks know by other names.
_SPOKEN: Final = {"ipython": "python", "python3": "python", "c++": "cpp", "c#": "csharp", ".net (c#)": "csharp"}


@dataclass(frozen=True, slots=True)
class Code:
    """The code of a file as a text of its own; `places` are the file's bytes that its bytes stand for, None where they are the same."""

    language: str
    text: bytes
    places: array[int] | None = None


def code_of(text: bytes, said: Mapping[str, Any]) -> Code:
    """The code that a file holds, by its language's `[embedded]`."""
    if "cells" in said:
        return _cells(text, str(said["language"]))
    return Code(str(said["language"]), _only(text, said))


def further(text: bytes, said: Mapping[str, Any]) -> Iterator[Code]:
    """What a file holds in further languages, of which only symbols are told."""
    for each in said.get("symbols", ()):
        masked = _only(text, each)
        if masked.strip():
            yield Code(str(each["language"]), masked)


def _only(text: bytes, said: Mapping[str, Any]) -> bytes:
    """The text with all blanked that does not stand between an opening and its close, so that places stay what they are."""
    opening, close = re.compile(str(said["open"]).encode()), str(said["close"]).encode()
    lower = text.lower()
    pieces, done = [], 0
    while (found := opening.search(text, done)) is not None:
        end = lower.find(close, found.end())
        end = len(text) if end < 0 else end
        pieces += [_VISIBLE.sub(b" ", text[done : found.end()]), text[found.end() : end]]
        done = end
    return b"".join((*pieces, _VISIBLE.sub(b" ", text[done:])))


# -- notebooks: JSON whose code cells hold their lines as strings ---------------------------------------------------------------


def _cells(text: bytes, usual: str) -> Code:
    places = array("q")
    code = bytearray()
    notebook = _first(languages.parser("json").parse(text).root_node)
    language = _language_of(notebook, usual)
    for cell in _code_cells(notebook) if language is not None else ():
        source = _value(cell, b"source") or _value(cell, b"input")
        if source is None:
            continue
        start = len(code)
        for line in _items(source) if source.type == "array" else [source]:
            _add_string(line, text, code, places)
        if _OTHER.match(code, start):
            del code[start:], places[start:]
        if code and not code.endswith(b"\n"):
            code += b"\n"
            places.append(source.end_byte - 1)
    places.append(len(text))
    return Code(language or usual, _MAGIC.sub(lambda magic: b"#" * len(magic[0]), bytes(code)), places)


def _language_of(notebook: tree_sitter.Node | None, usual: str) -> str | None:
    """The language that a notebook says its code is in; `usual` where it does not say, None for one that is not read."""
    metadata = _value(notebook, b"metadata")
    for place, key in ((b"language_info", b"name"), (b"kernelspec", b"language")):
        said = _value(_value(metadata, place), key)
        if said is not None and said.text is not None:
            name = said.text.decode("utf-8", "replace").strip('"').lower()
            name = _SPOKEN.get(name, name)
            return name if name in languages.names() else None
    return usual


def _code_cells(notebook: tree_sitter.Node | None) -> Iterator[tree_sitter.Node]:
    """The cells with code; old notebooks have them on sheets."""
    sheets = [notebook, *_items(_value(notebook, b"worksheets"))]
    for cell in (cell for sheet in sheets for cell in _items(_value(sheet, b"cells"))):
        kind = _value(cell, b"cell_type")
        if kind is not None and kind.text == b'"code"':
            yield cell


def _add_string(node: tree_sitter.Node, text: bytes, code: bytearray, places: array[int]) -> None:
    """Appends what a JSON string says, with the place of each byte."""
    if node.type != "string":
        return
    for piece in node.named_children:
        for part in piece.named_children or [piece]:
            start, written = part.start_byte, text[part.start_byte : part.end_byte]
            if part.type != "escape_sequence":
                code += written
                places.extend(range(start, start + len(written)))
                continue
            said = _unescaped(written)
            code += said
            places.extend([start] * len(said))


def _unescaped(written: bytes) -> bytes:
    try:
        return str(json.loads(b'"' + written + b'"')).encode("utf-8", "replace")
    except ValueError:
        return b"?"


def _first(node: tree_sitter.Node) -> tree_sitter.Node | None:
    return next((child for child in node.named_children if child.type == "object"), None)


def _items(node: tree_sitter.Node | None) -> list[tree_sitter.Node]:
    return [] if node is None else node.named_children


def _value(node: tree_sitter.Node | None, key: bytes) -> tree_sitter.Node | None:
    """What a JSON object has under a key."""
    for pair in _items(node):
        name = pair.child_by_field_name("key")
        if name is not None and name.text == b'"' + key + b'"':
            return pair.child_by_field_name("value")
    return None


# -- facts of the whole --------------------------------------------------------------------------------------------------


def placed(facts: f.Facts, code: Code, text: bytes) -> None:
    """Moves facts from where they are in the code to where that is in the file."""
    if code.places is None:
        return
    move = _Move(code.text, code.places, text)
    for symbol in facts.symbols[1:]:
        symbol.line, symbol.column = move.point(symbol.line, symbol.column)
    texts = f.decode_texts(facts)
    for row in texts:
        row.start_byte, row.end_byte = move.place(row.start_byte), move.end(row.end_byte)
        (row.start_line, row.start_column), (row.end_line, row.end_column) = move.shown(row.start_byte), move.shown(row.end_byte)
    texts[0] = f.SymbolText(1, 0, *move.shown(len(text)), 0, len(text), None, texts[0].documentation, "public")
    facts.texts = f.encode_texts(texts)
    sites = f.integers(facts.sites)
    for i in range(0, len(sites), f.SITE_WIDTH):
        sites[i], sites[i + 1] = move.point(sites[i], sites[i + 1])
    facts.sites = sites.tobytes()
    facts.n_lines = move.lines.n_lines


class _Move:
    """From lines, columns and bytes of a code to those of the file that it stands in."""

    def __init__(self, code: bytes, places: array[int], text: bytes) -> None:
        self._starts = Lines(code).starts
        self._places = places
        self.lines = Lines(text)

    def place(self, byte: int) -> int:
        return self._places[min(byte, len(self._places) - 1)]

    def end(self, byte: int) -> int:
        return self.place(byte - 1) + 1 if byte else 0

    def point(self, line: int, column: int) -> tuple[int, int]:
        return self.shown(self.place(self._starts[line - 1] + column))

    def shown(self, byte: int) -> tuple[int, int]:
        row = bisect_right(self.lines.starts, byte) - 1
        return row + 1, byte - self.lines.starts[row]


def add_symbols(facts: f.Facts, others: f.Facts) -> None:
    """Adds another language's symbols of the same file; only that they are there is kept of them."""
    first, strings = len(facts.symbols), {text: number for number, text in enumerate(facts.strings)}
    texts = f.decode_texts(facts)
    for symbol, row in zip(others.symbols[1:], f.decode_texts(others)[1:], strict=True):
        name = strings.setdefault(others.strings[symbol.name], len(strings))
        container = symbol.container and symbol.container + first - 1
        facts.symbols.append(
            f.SymbolFact(name, symbol.kind, container, symbol.line, symbol.column, symbol.flags, symbol.qualified, {})
        )
        texts.append(row)
    facts.strings = list(strings)
    facts.texts = f.encode_texts(texts)
