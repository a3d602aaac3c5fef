"""Characters as they stand in the files of a project: a text or a regular expression (RE2), which takes linear time whatever it is.

Files are read from the disk, so an answer is of this moment; which symbol is around a line is as the index has it.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import re2

from indexer import errors
from indexer.memory import code
from indexer.watch import secrets

#: Matches that are looked for before counting stops.
MAX_MATCHES: Final = 20_000
#: Bytes of a compiled expression: a larger one is refused.
_MAX_EXPRESSION: Final = 8 << 20
#: Characters of a line that are shown: a minified file has lines of a megabyte.
MAX_LINE: Final = 400
_BATCH: Final = 100
#: A ^ or $ is of a line, as in grep.
_MULTILINE: Final = "(?m)"


@dataclass(frozen=True, slots=True)
class Match:
    """A match: the line (from 1), where it starts and ends (bytes from 0; the end may lie in a later line and is cut to this one),
    and the line's text, cut around the match.
    """

    path: str
    line: int
    column: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Matches:
    """Matches by path and line; `is_cut` where there were more than MAX_MATCHES."""

    items: tuple[Match, ...]
    is_cut: bool


def compiled(pattern: str, is_regex: bool, ignore_case: bool) -> Any:
    """The expression that finds a pattern in bytes. Raises InvalidRequest for one that RE2 does not take."""
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignore_case
    options.max_mem = _MAX_EXPRESSION
    options.literal = not is_regex
    try:
        return re2.compile((_MULTILINE + pattern if is_regex else pattern).encode(), options)
    except (re2.error, UnicodeEncodeError) as problem:
        raise errors.InvalidRequest(f"pattern is no regular expression that RE2 takes: {_reason(problem)}.", "pattern") from None


async def search(root: str, paths: Sequence[str], expression: Any) -> Matches:
    """Every match in these files below a root, one a line, in the order of the paths."""
    found: list[Match] = []
    for start in range(0, len(paths), _BATCH):
        part = paths[start : start + _BATCH]
        found += await asyncio.to_thread(_in_files, root, part, expression, MAX_MATCHES + 1 - len(found))
        if len(found) > MAX_MATCHES:
            return Matches(tuple(found[:MAX_MATCHES]), True)
    return Matches(tuple(found), False)


def _in_files(root: str, paths: Sequence[str], expression: Any, limit: int) -> list[Match]:
    found: list[Match] = []
    for path, data in code.files_of(root, paths):
        text = data.decode("utf-8", "replace").replace("\0", "").encode() if b"\0" in data else data
        # Most files have no match, and need not be looked at for secrets.
        if expression.search(text) is None or secrets.has_secret_shape(data):
            continue
        found += itertools.islice(_in_file(path, text, expression), limit - len(found))
        if len(found) == limit:
            break
    return found


def _in_file(path: str, data: bytes, expression: Any) -> Iterator[Match]:
    line, counted, place = 1, 0, 0
    # From line to line: to see each match within a line would take as long as the line is.
    while place <= len(data) and (match := expression.search(data, place)) is not None:
        start, end = match.span()
        if start == len(data) > 0:
            return
        line += data.count(b"\n", counted, start)
        counted = start
        first = data.rfind(b"\n", 0, start) + 1
        behind = data.find(b"\n", start)
        behind = len(data) if behind < 0 else behind
        yield Match(path, line, start - first, min(end, behind) - first, _shown(data[first:behind], start - first))
        place = max(behind + 1, end)


def _shown(line: bytes, column: int) -> str:
    text = line.rstrip(b"\r").decode("utf-8", "replace")
    if len(text) <= MAX_LINE:
        return text
    begin = max(min(column, len(text)) - MAX_LINE // 4, 0)
    return f"{'…' if begin else ''}{text[begin : begin + MAX_LINE]}{'…' if begin + MAX_LINE < len(text) else ''}"


def _reason(problem: BaseException) -> str:
    said = problem.args[0] if problem.args else problem
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return text.replace(_MULTILINE, "", 1)
