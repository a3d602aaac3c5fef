"""Files for other systems than the usual one, which define the same names again: by what their first lines demand.

`[variants]` of language.toml gives the pattern of the line that demands, and the words that hold on the usual system.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.languages import Language

#: A demand stands in front of the code.
HEAD_BYTES: Final = 4096

_TOKEN = re.compile(r"\|\||&&|[!()]|[\w.]+")


def is_usual(text: bytes, language: Language) -> bool:
    """Whether a file is part of the program on the usual system; true where it demands nothing."""
    said = language.section("variants")
    if not said:
        return True
    found = re.search(said["demand"], text[:HEAD_BYTES].decode("utf-8", "replace"))
    if found is None:
        return True
    tokens = _TOKEN.findall(found[1])
    holds = re.compile(said["holds"])
    value, _ = _either(tokens, 0, holds)
    return value


def _either(tokens: list[str], place: int, holds: re.Pattern[str]) -> tuple[bool, int]:
    value, place = _both(tokens, place, holds)
    while place < len(tokens) and tokens[place] == "||":
        other, place = _both(tokens, place + 1, holds)
        value = value or other
    return value, place


def _both(tokens: list[str], place: int, holds: re.Pattern[str]) -> tuple[bool, int]:
    value, place = _one(tokens, place, holds)
    while place < len(tokens) and tokens[place] == "&&":
        other, place = _one(tokens, place + 1, holds)
        value = value and other
    return value, place


def _one(tokens: list[str], place: int, holds: re.Pattern[str]) -> tuple[bool, int]:
    if place >= len(tokens):
        return True, place
    if tokens[place] == "!":
        value, place = _one(tokens, place + 1, holds)
        return not value, place
    if tokens[place] == "(":
        value, place = _either(tokens, place + 1, holds)
        return value, place + 1
    return holds.fullmatch(tokens[place]) is not None, place + 1
