"""Large texts: what of them stands in a row as it is, what compressed, and by which words they are found.

A text beyond COMPRESS_FROM bytes is stored as its beginning, in plain, and as a whole, compressed. Full
text sees only the beginning, so the words that occur behind it are kept beside it, each once. Pure
functions.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

#: UTF-8 bytes from which a text is compressed when it is written; below it PostgreSQL's own compression
#: does well.
COMPRESS_FROM: Final = 64 * 1024
#: The same for memories that have moved to the last tier.
COMPRESS_LONGTERM_FROM: Final = 8 * 1024
#: Characters of a compressed text that stay readable in the row, and searchable as substrings.
BEGINNING: Final = 4 * 1024
#: Characters that full text takes from `content` (as in memory_search_vector).
INDEXED: Final = 50_000
#: Bytes of `further_words` that a tsvector is sure to hold.
MAX_WORDS_BYTES: Final = 300_000
#: What saves less than this share is left as it is.
WORTHWHILE: Final = 0.1

_WORD: Final = re.compile(r"\w{2,60}")
_BOUNDARY: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_+")


@dataclass(frozen=True, slots=True)
class Packed:
    """The columns that hold a text. `ratio` is compressed to plain size; None where nothing is compressed."""

    content: str
    compressed: bytes | None = None
    ratio: float | None = None
    hash: str | None = None
    further_words: str | None = None


def content_hash(content: str) -> str:
    """SHA-256 of the UTF-8 bytes, in hexadecimal, as the database computes it."""
    return hashlib.sha256(content.encode()).hexdigest()


def pack(content: str, compress_from: int = COMPRESS_FROM) -> Packed:
    """How to store a text; one that does not compress stays whole."""
    if len(content) < compress_from // 4:  # no text of so few characters has that many bytes
        return Packed(content)
    plain = content.encode()
    if len(plain) >= compress_from:
        compressed = zlib.compress(plain, 6)
        ratio = len(compressed) / len(plain)
        if ratio <= 1 - WORTHWHILE:
            digest = hashlib.sha256(plain).hexdigest()
            return Packed(content[:BEGINNING], compressed, ratio, digest, _words(content, BEGINNING))
    return Packed(content, further_words=_words(content, INDEXED))


async def pack_aside(content: str) -> Packed:
    """The same beside the event loop where it takes long."""
    return pack(content) if len(content) < COMPRESS_FROM else await asyncio.to_thread(pack, content)


def unpack(content: str, compressed: bytes | None) -> str:
    """The whole text of a row."""
    return content if compressed is None else zlib.decompress(compressed).decode()


def _words(content: str, start: int) -> str | None:
    """Each word after `start` that does not occur before it, once, in order and numbers last, up to MAX_WORDS_BYTES;
    None where there are none.

    Parts of identifiers count as words of their own.
    """
    seen = set(_parts(content[:start]))
    found: list[str] = []
    room = MAX_WORDS_BYTES
    # A word that `start` cuts in two is taken whole. Numbers come last: a log has more of them than there is room.
    for word in sorted(_parts(content[max(start - 60, 0) :]), key=str.isdigit):
        if word in seen:
            continue
        room -= len(word.encode()) + 1
        if room < 0:
            break
        seen.add(word)
        found.append(word)
    return " ".join(found) or None


def _parts(text: str) -> Iterator[str]:
    """The words of a text in order, mostly without repetitions; an identifier is preceded by its parts."""
    for word in dict.fromkeys(_WORD.findall(text)):
        parts = [part for part in _BOUNDARY.split(word) if part]
        if len(parts) > 1:
            yield from (part.lower() for part in parts)
        yield word.replace("_", "").lower()
