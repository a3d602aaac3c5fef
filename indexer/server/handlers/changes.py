"""Which symbols differ between the indexed files and a git revision.

git is asked for names and contents only (`ls-tree`, `cat-file`); the comparison is done here, because git's
own diff of a work tree would run the filters that the repository configures.
"""

from __future__ import annotations

import asyncio
import difflib
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer import errors, languages, model
from indexer.server.handlers.envelope import counted
from indexer.server.handlers.state import State
from indexer.store import graph
from indexer.watch import git, names

#: Files that are compared line by line; further ones count as changed from the first line to the last.
_MOST_FILES: Final = 500
#: Lines between the first and the last change that are compared one by one: the cost grows with their square.
_MOST_LINES: Final = 3_000

#: First and last line of the present file, from 1; the last is one less than the first where lines are gone.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Touched:
    """The symbols whose text differs, and what was left out."""

    symbols: tuple[model.Symbol, ...]
    note: str


@dataclass(frozen=True, slots=True)
class _Difference:
    """The changed lines by file, files that only the revision has, and how many were not compared in detail."""

    spans: dict[str, list[Span]]
    gone: tuple[str, ...]
    n_whole: int


async def since(state: State, revision: str) -> Touched:
    """The symbols that differ from the revision; raises InvalidRequest where git has no such revision."""
    difference = await asyncio.to_thread(_difference, state.project.root, revision, tuple(state.line.files))
    found: list[model.Symbol] = []
    for path, spans in difference.spans.items():
        outline = await graph.outline(state.database, state.project.id, model.file_id(state.project.id, path))
        found += _symbols_in(outline, spans)
    return Touched(tuple(found), _note(difference, revision, len(found)))


def _note(difference: _Difference, revision: str, n_symbols: int) -> str:
    n_files = len(difference.spans)
    said = f"Different from {revision}: {counted(n_symbols, 'symbol')} in {counted(n_files, 'file')}."
    if not n_files and not difference.gone:
        said = f"No indexed file differs from {revision}."
    if difference.gone:
        shown = ", ".join(difference.gone[:3])
        said += f" What used what {counted(len(difference.gone), 'deleted file')} defined is not listed: {shown}."
    if difference.n_whole:
        said += f" {counted(difference.n_whole, 'file')} counted as wholly changed."
    return said


def _symbols_in(outline: Sequence[model.Symbol], spans: Iterable[Span]) -> list[model.Symbol]:
    """The innermost symbols around each changed line, in source order."""
    touched = {symbol.id for line in _lines(spans) if (symbol := _innermost(outline, line)) is not None}
    return [symbol for symbol in outline if symbol.id in touched]


def _lines(spans: Iterable[Span]) -> Iterator[int]:
    for first, last in spans:
        # Where lines are gone, what stands before them is what they were part of.
        yield from range(first, last + 1) if last >= first else (max(first - 1, 1),)


def _innermost(outline: Sequence[model.Symbol], line: int) -> model.Symbol | None:
    around = [symbol for symbol in outline if symbol.start_line <= line <= _last_line(symbol)]
    return min(around, key=lambda symbol: (symbol.end_line - symbol.start_line, -symbol.start_line), default=None)


def _last_line(symbol: model.Symbol) -> int:
    return symbol.end_line if symbol.end_column else max(symbol.end_line - 1, symbol.start_line)


# -- in a thread -------------------------------------------------------------------------------------------------------


def _difference(root: str, revision: str, known: tuple[str, ...]) -> _Difference:
    try:
        commit = git.run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        blobs = dict(_blobs(git.run(root, "ls-tree", "-r", "-z", commit.decode().strip())))
    except git.Refused as problem:
        raise errors.InvalidRequest(f"git knows no revision {revision} here: {problem}.", "diff") from problem
    spans: dict[str, list[Span]] = {}
    n_whole = 0
    for path in sorted(known):
        content = _read(os.path.join(root, names.path_to_os(path)))
        if content is None:
            continue
        blob = blobs.pop(path, None)
        if blob is not None and _id_of(content, len(blob)) == blob:
            continue
        is_whole = blob is None or len(spans) >= _MOST_FILES
        n_whole += is_whole and blob is not None
        former = b"" if is_whole or blob is None else git.run(root, "cat-file", "blob", blob)
        if changed := list(_changed(path, former, content)):
            spans[path] = changed
    gone = (path for path in blobs if languages.language_of_path(path) is not None)
    return _Difference(spans, tuple(path for path in sorted(gone) if not _is_there(root, path)), n_whole)


def _blobs(listing: bytes) -> Iterator[tuple[str, str]]:
    """Path and blob id of each file of a tree, links and submodules left out."""
    for entry in listing.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        if head.startswith(b"100"):
            yield names.path_from_bytes(path), head.split()[2].decode()


def _id_of(content: bytes, length: int) -> str:
    """git's id of a content; SHA-256 in repositories whose ids are that long."""
    digest = hashlib.sha256 if length == 64 else hashlib.sha1
    return digest(b"blob %d\0" % len(content) + content).hexdigest()


def _read(path: str) -> bytes | None:
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            return file.read()
    except OSError:
        return None


def _is_there(root: str, path: str) -> bool:
    return os.path.lexists(os.path.join(root, names.path_to_os(path)))


def _changed(path: str, former: bytes, present: bytes) -> Iterator[Span]:
    """The spans that differ, without those that hold nothing but blank lines and comments."""
    before, after = former.splitlines(), present.splitlines()
    language = languages.language_of_path(path)
    comment = str(languages.load(language).rules.get("comment", "")) if language else ""
    mark = comment.encode() or None
    for (b_first, b_last), (first, last) in _differing(before, after):
        texts = [line.strip() for line in (*before[b_first:b_last], *after[first:last])]
        if any(text and not (mark and text.startswith(mark)) for text in texts):
            yield first + 1, last


def _differing(before: list[bytes], after: list[bytes]) -> Iterator[tuple[Span, Span]]:
    """Ranges of lines (from 0, the end exclusive) that differ, in both."""
    start, most = 0, min(len(before), len(after))
    while start < most and before[start] == after[start]:
        start += 1
    end = 0
    while end < most - start and before[-1 - end] == after[-1 - end]:
        end += 1
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if len(old) > _MOST_LINES or len(new) > _MOST_LINES:
        yield (start, start + len(old)), (start, start + len(new))
        return
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield (start + i, start + j), (start + k, start + m)
