"""The text that stands for a symbol or a memory when it is embedded.

A model reads only the beginning of a text (128 tokens, of the local one), so what tells most comes first.
Measured on 1,500 functions of a large Python project, each sought by its docstring's first sentence with the
docstring removed (MRR@10): the code alone .628; after the whole qualified name and path .648; after the last
two parts of each .659. More of them is the same words for everything in a folder, at the cost of code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

#: Of a definition or a memory; no embedder reads as much.
MAX_CHARS: Final = 8000

#: strftime's would follow the locale, and equal memories are to have equal texts.
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_SEPARATORS: Final = re.compile(r"[.:#\\/]+")
_BETWEEN_WORDS: Final = re.compile(r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
#: An underscore, a capital inside, a dot or another mark between letters: more than one word.
_COMPOUND: Final = re.compile(r"\w(?:_|[.:#\\/]+)\w|[a-z0-9][A-Z]")
_EXTENSION: Final = re.compile(r"\.[^./]*$")


def symbol_text(qualified_name: str, path: str, code: str | None, documentation: str | None = None) -> str:
    """A symbol's own and its container's name, the end of its path, and its definition.

    `documentation` goes before the code when it is not part of it (a comment above, in most languages).
    """
    names = name_text(qualified_name)
    place = " ".join(map(split_identifier, _EXTENSION.sub("", path).split("/")[-2:]))
    parts = [f"{names} {place}"]
    if documentation and not _contains(code, documentation):
        parts.append(documentation)
    if code:
        parts.append(code)
    return "\n".join(parts)[:MAX_CHARS]


def name_text(qualified_name: str) -> str:
    """The words of a symbol's own and its container's name."""
    return " ".join(map(split_identifier, _SEPARATORS.split(qualified_name)[-2:]))[:MAX_CHARS]


def memory_text(
    content: str,
    context: str,
    *,
    tags: Iterable[str] = (),
    author: str | None = None,
    created_at: datetime | None = None,
) -> str:
    """A memory's content after a line that says what it is, whose, of which day, and about what.

    Questions name people and times: with that line, dialogue memories were found for .65 of the questions
    instead of .53.
    """
    day = f"{created_at.day} {_MONTHS[created_at.month - 1]} {created_at.year}" if created_at else None
    facts = [split_identifier(context), author, day, ", ".join(map(split_identifier, tags))]
    return ("; ".join(filter(None, facts)) + f"\n{content}")[:MAX_CHARS]


def query_text(text: str) -> str:
    """A question as it is embedded: names in it are split as they are in what is sought."""
    return " ".join(split_identifier(word) if _COMPOUND.search(word) else word for word in text.split())


def split_identifier(name: str) -> str:
    """The words of a name in lower case, split at case, underscores and other marks: `HTTPServer_v2` → `http
    server v2`."""
    return _BETWEEN_WORDS.sub(" ", name).strip().lower()


def _contains(code: str | None, documentation: str) -> bool:
    """Whether the code has the documentation's first line; the rest may be indented otherwise there."""
    return code is not None and documentation.strip().partition("\n")[0] in code
