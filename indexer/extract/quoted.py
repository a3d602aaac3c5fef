"""Types that are written in quotes: `"list[a.B] | None"` becomes references, members, parts and unions like any other type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, cast

from indexer.extract.captures import Captures, Node, Range, Written

_TOKEN: Final = re.compile(rb"\s*(?:([^\W\d]\w*)|([\[\].,|]))")
_STRING: Final = "string"
_CONTENT: Final = "string_content"
_GENERIC: Final = frozenset({"subscript", "generic_type"})
_MADE_OF_PARTS: Final = frozenset({"binary_operator", "list", "tuple", "parenthesized_expression"})
#: Types that nest deeper than this are read up to there.
_MAX_DEPTH: Final = 20


def read(captures: Captures, source: bytes, plain: frozenset[bytes]) -> None:
    """Adds the names of quoted types, and what those types are made of; what is in quotes in one of the `plain` types is text."""
    found: list[Node] = []
    texts: list[Range] = []
    for node in captures.quoted:
        found.extend(_strings(node, source, plain, texts))
    for node in found:
        start, end = node.byte_range
        content = next((child for child in node.named_children if child.type == _CONTENT), None)
        if content is not None and not any(text[0] <= start and end <= text[1] for text in texts):
            _read_one(captures, (start, end), content, source)


def _strings(whole: Node, source: bytes, plain: frozenset[bytes], texts: list[Range]) -> Iterator[Node]:
    """The strings that stand for types in a type that is written like an expression; `texts` are what holds none."""
    pending = [whole]
    while pending:
        node = pending.pop()
        if node.type == _STRING:
            yield node
            continue
        if node.type in _GENERIC and (head := node.child(0)) is not None:
            if source[head.start_byte : head.end_byte].rpartition(b".")[2] in plain:
                texts.append(node.byte_range)
                continue
            # What is a type of its own is captured as such.
            pending.extend(node.children_by_field_name("subscript"))
        elif node.type in _MADE_OF_PARTS:
            pending.extend(node.named_children)


def _read_one(captures: Captures, quoted: Range, node: Node, source: bytes) -> None:
    reader = _Reader(captures, node, source)
    whole = reader.union(0)
    if whole is not None:
        captures.aliases[quoted] = whole
    while not reader.is_at_end:
        reader.skip()
        reader.union(0)
    captures.uses.append(quoted)


class _Reader:
    """A place in the text of one type."""

    def __init__(self, captures: Captures, node: Node, source: bytes) -> None:
        self.captures = captures
        self.base = node.start_byte
        self.row, self.column = node.start_point
        self.text = source[node.start_byte : node.end_byte]
        self.at = 0

    @property
    def is_at_end(self) -> bool:
        return self.at >= len(self.text)

    def skip(self) -> None:
        """Passes what is no part of a type."""
        found = _TOKEN.match(self.text, self.at)
        self.at = found.end() if found is not None and not found[1] else self.at + (found is None)

    def union(self, depth: int) -> Range | None:
        """Types with `|` between them."""
        whole = self._generic(depth)
        while whole is not None and self._takes(b"|"):
            other = self._generic(depth)
            if other is None:
                break
            both = (whole[0], other[1])
            self.captures.unions[both] = (whole, other)
            whole = both
        return whole

    def _generic(self, depth: int) -> Range | None:
        head = self._dotted()
        if head is None or depth > _MAX_DEPTH or not self._takes(b"["):
            return head
        keys: list[Range] = []
        while (key := self.union(depth + 1)) is not None:
            keys.append(key)
            if not self._takes(b","):
                break
        self._takes(b"]")
        whole = (head[0], self.base + self.at)
        self.captures.indexes[whole] = (head, keys)
        return whole

    def _dotted(self) -> Range | None:
        whole: Range | None = None
        while (name := self._name()) is not None:
            if whole is None:
                whole = (name.start_byte, name.end_byte)
                self.captures.references[name.start_byte] = cast(Node, name)
            else:
                outer, whole = whole, (whole[0], name.end_byte)
                self.captures.members[whole] = (outer, cast(Node, name))
            if not self._takes(b"."):
                break
        return whole

    def _name(self) -> Written | None:
        found = _TOKEN.match(self.text, self.at)
        if found is None or not found[1]:
            return None
        self.at = found.end()
        start, end = found.span(1)
        return Written(self.base + start, self.base + end, (self.row, self.column + start))

    def _takes(self, mark: bytes) -> bool:
        found = _TOKEN.match(self.text, self.at)
        if found is None or found[2] != mark:
            return False
        self.at = found.end()
        return True
