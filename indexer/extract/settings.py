"""What a project's settings files say that imports depend on: package.json, tsconfig.json, go.mod and their like.

A language's `[settings]` names the keys to keep; of files without them nothing is kept. Formats: 'json' (comments and trailing
commas are allowed, as in tsconfig.json) and 'pattern', a regular expression whose named groups are the keys.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from indexer.languages import Language

#: Larger files are data.
MAX_BYTES: Final = 1 << 18

_TOKENS = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/|,(?=\s*(?:(?://[^\n]*|/\*.*?\*/)\s*)*[}\]])', re.DOTALL)


def read(text: bytes, language: Language) -> dict[str, Any]:
    """The kept settings of a file; empty where it is none or cannot be read."""
    said = language.section("settings")
    if not said or len(text) > MAX_BYTES:
        return {}
    if said["format"] == "pattern":
        found = re.search(said["pattern"], text.decode("utf-8", "replace"))
        return {key: value for key, value in found.groupdict().items() if value is not None} if found else {}
    try:
        whole = json.loads(_TOKENS.sub(lambda token: token[1] or "", text.decode("utf-8", "replace")))
    except (ValueError, RecursionError):
        return {}
    return _kept(whole, said["keep"])


def _kept(whole: Any, keys: list[str]) -> dict[str, Any]:
    """The values at dotted keys, nested as they were."""
    kept: dict[str, Any] = {}
    for key in keys:
        value, parts = whole, key.split(".")
        for part in parts:
            value = value.get(part) if isinstance(value, dict) else None
        if value is None:
            continue
        place = kept
        for part in parts[:-1]:
            place = place.setdefault(part, {})
        place[parts[-1]] = value
    return kept
