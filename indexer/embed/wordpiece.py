"""BERT's tokenizer (English, uncased): text to the ids of its vocabulary.

Two steps. Basic tokens: control characters go, letters are lowered and lose their accents, and each
punctuation mark or CJK ideograph stands alone. Then each basic token is cut greedily into the longest pieces
that the vocabulary has, pieces after the first marked by '##'; a token that cannot be cut is '[UNK]' as a
whole. Devlin et al., "BERT", 2018, section 4.1, and the reference tokenizer released with it.

Text is never taken for a special token: "[SEP]" in a text is three ordinary tokens.
"""

from __future__ import annotations

import functools
import string
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

VOCABULARY: Final = Path(__file__).parent / "vocabulary" / "vocab.txt"

#: Characters of a text that are looked at. 128 tokens of prose are some 600 characters, of code 400; what
#: lies beyond this is cut before any work is done on it.
MAX_CHARS: Final = 4096

#: The reference gives up on longer tokens.
_MAX_TOKEN_CHARS: Final = 100

#: Bounds the table below, which a text of every Unicode character would otherwise fill with 150,000 strings.
_MAX_KNOWN_CHARS: Final = 8192

#: Control, format, surrogate and private characters. Unassigned ones stay, as in the reference.
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co"})

_ASCII_PUNCTUATION: Final = frozenset(string.punctuation)

_CJK: Final = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)

Encode = Callable[[str], list[int]]


def encoder(vocabulary: Sequence[str], max_tokens: int) -> Encode:
    """The function from a text to at most `max_tokens` ids, '[CLS]' first and '[SEP]' last. Safe to call from
    several threads."""
    ids = {token: number for number, token in enumerate(vocabulary)}
    longest = max(map(len, vocabulary))
    characters = _Characters()
    unknown = (ids["[UNK]"],)

    # Code repeats its words.
    @functools.lru_cache(maxsize=8192)
    def pieces(token: str) -> tuple[int, ...]:
        if len(token) > _MAX_TOKEN_CHARS:
            return unknown
        found: list[int] = []
        start, mark = 0, ""
        while start < len(token):
            for end in range(min(len(token), start + longest), start, -1):
                number = ids.get(mark + token[start:end])
                if number is not None:
                    break
            else:
                return unknown
            found.append(number)
            start, mark = end, "##"
        return tuple(found)

    def encode(text: str) -> list[int]:
        encoded = [ids["[CLS]"]]
        for token in text[:MAX_CHARS].translate(characters).split():
            encoded.extend(pieces(token))
            if len(encoded) >= max_tokens:
                break
        del encoded[max_tokens - 1 :]
        encoded.append(ids["[SEP]"])
        return encoded

    return encode


def read_vocabulary(path: Path = VOCABULARY) -> list[str]:
    """The tokens, a line each; a token's id is its place in the list."""
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


class _Characters(dict[int, str]):
    """What each character becomes, by code point, filled as characters are met; a table for str.translate."""

    def __missing__(self, code: int) -> str:
        replaced = _replaced(chr(code))
        if len(self) < _MAX_KNOWN_CHARS:
            self[code] = replaced
        return replaced


def _replaced(char: str) -> str:
    if char in "\t\n\r":
        return " "
    if char == "\ufffd" or unicodedata.category(char) in _DROPPED:
        return ""
    if char.isspace():
        return " "
    bare = "".join(part for part in unicodedata.normalize("NFD", char) if unicodedata.category(part) != "Mn")
    lowered = "".join(f" {part} " if _is_punctuation(part) else part for part in bare.lower())
    return f" {lowered} " if _is_ideograph(char) else lowered


def _is_punctuation(char: str) -> bool:
    """ASCII's symbols count too, although Unicode does not call '$' or '+' punctuation."""
    return char in _ASCII_PUNCTUATION or unicodedata.category(char).startswith("P")


def _is_ideograph(char: str) -> bool:
    code = ord(char)
    return any(first <= code <= last for first, last in _CJK)
