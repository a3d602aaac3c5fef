"""Documentation that stands as comments in front of a definition, read from the text itself.

What counts is a comment that ends on the line above, without a blank line between: a block, or a run of line comments. Lines of
attributes and annotations in between are skipped. Which comments are documentation is the language's to say.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Final

from indexer.languages import Language

#: A comment longer than this is cut; bytes.
MAX_COMMENT: Final = 20_000

_STARS = re.compile(r"(?m)^[ \t]*\*(?:[ \t]|$)")
_OPENING = re.compile(r"^/\*[*!]*<?|^--\[=*\[|^=begin")
_CLOSING = re.compile(r"\**\*/$|\]=*\]$|^=end$")


_NAMED = re.compile(r'<(?:param|typeparam|exception) (?:name|cref)="(?:\w:)?([^"<>]*)"\s*>')
_ELEMENT = re.compile(r'</?\w+(?:(?:\s[^<>]*)?\s(cref|name|langword)="(?:\w:)?([^"<>]*)")?[^<>]*>')


@dataclass(frozen=True, slots=True)
class Style:
    """What opens line and block comments that document, and lines that may stand in between; prefixes, longest first."""

    lines: tuple[bytes, ...]
    blocks: tuple[bytes, ...]
    skipped: tuple[bytes, ...]
    #: What opens lines at the beginning of a file that document its module, or b''.
    inner: bytes
    #: Whether the text is marked up like XML, with words in attributes.
    is_xml: bool

    @staticmethod
    def of(language: Language) -> Style | None:
        """The language's style (`[documentation]`), or None where comments are no documentation."""
        said = language.section("documentation")
        if not said:
            return None
        lines, blocks, skipped = (
            tuple(sorted((word.encode() for word in said.get(key, ())), key=len, reverse=True))
            for key in ("lines", "blocks", "skip")
        )
        return Style(lines, blocks, skipped, said.get("inner", "").encode(), said.get("markup") == "xml")


def before(source: bytes, place: int, style: Style) -> str | None:
    """The documentation in front of the byte at `place`, cleaned; None where there is none."""
    found = _before(source, place, style)
    return _without_markup(found) if found is not None and style.is_xml else found


def _without_markup(text: str) -> str | None:
    """The words of a text, those in attributes of empty elements and names of parameters too."""
    lines = html.unescape(_ELEMENT.sub(r"\2", _NAMED.sub(r"\1: ", text))).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip()) or None


def _before(source: bytes, place: int, style: Style) -> str | None:
    end = source.rfind(b"\n", 0, place)
    if end < 0 or source[end + 1 : place].strip():
        return None
    while end >= 0:
        start = source.rfind(b"\n", 0, end) + 1
        line = source[start:end].strip()
        if line.endswith(b"*/"):
            return _block(source, end, style)
        if _opens(line, style.lines):
            return _run(source, end, style)
        if not (style.skipped and line.startswith(style.skipped)):
            return None
        end = start - 1
    return None


def inside(source: bytes, style: Style) -> str | None:
    """The documentation that a file begins with, where it speaks of the whole; None where there is none."""
    found: list[str] = []
    place = 0
    while style.inner and place < min(len(source), MAX_COMMENT):
        end = source.find(b"\n", place) + 1 or len(source)
        line = source[place:end].strip()
        if line.startswith(style.inner):
            found.append(line[len(style.inner) :].decode("utf-8", "replace").removeprefix(" "))
        elif found or (line and not line.startswith((b"//", b"/*", b"*", b"#!", *style.skipped))):
            break
        place = end
    return "\n".join(found).strip() or None


def _opens(line: bytes, prefixes: tuple[bytes, ...]) -> bytes | None:
    return next((prefix for prefix in prefixes if line.startswith(prefix)), None)


def _block(source: bytes, end: int, style: Style) -> str | None:
    start = source.rfind(b"/*", max(0, end - MAX_COMMENT), end)
    if start < 0 or not _opens(source[start : start + 8], style.blocks):
        return None
    if source[source.rfind(b"\n", 0, start) + 1 : start].strip():
        return None
    return clean_block(source[start:end].decode("utf-8", "replace").strip())


def clean_block(text: str) -> str | None:
    """A block comment without its marks and the stars before its lines."""
    inner = _CLOSING.sub("", _OPENING.sub("", text.strip()))
    lines = [line.strip() for line in _STARS.sub("", inner).splitlines()]
    return "\n".join(lines).strip() or None


def _run(source: bytes, end: int, style: Style) -> str | None:
    found: list[str] = []
    size = 0
    while end >= 0 and size < MAX_COMMENT:
        start = source.rfind(b"\n", 0, end) + 1
        line = source[start:end].strip()
        prefix = _opens(line, style.lines)
        if prefix is None:
            break
        if not (style.skipped and line.startswith(style.skipped)):
            found.append(line[len(prefix) :].decode("utf-8", "replace").removeprefix(" ").rstrip())
        size += len(line)
        end = start - 1
    return "\n".join(reversed(found)).strip() or None
