"""What code a memory is about, as a request says it: a symbol, a file, or lines of one."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Final

from indexer import errors
from indexer.memory import anchors
from indexer.server.handlers import meaning, paths
from indexer.server.handlers.envelope import Basis
from indexer.server.handlers.state import State
from indexer.store.anchors import Target
from indexer.watch import names

_LINES: Final = re.compile(r"(?P<path>.+):(?P<first>\d{1,9})-(?P<last>\d{1,9})", re.DOTALL)


async def targets_of(state: State, basis: Basis, about: Sequence[str]) -> list[Target]:
    """The code that each of the texts means. Raises InvalidRequest or NotFound naming the one that means none."""
    return [await target_of(state, basis, text) for text in about]


async def target_of(state: State, basis: Basis, text: str) -> Target:
    """The code that FILE:LINE-LINE, FILE or SYMBOL means; what is both a file and a name is the file."""
    code = state.anchoring.code
    if lines := _LINES.fullmatch(text):
        inside = paths.known(state, lines["path"], "about")
        return await anchors.to_lines(code, inside, int(lines["first"]), int(lines["last"]))
    if (path := file_of(state, text)) is not None:
        return await anchors.to_file(code, path)
    try:
        found = await meaning.symbols_of(state, basis, text, "about")
    except errors.Ambiguous:
        raise
    except errors.NotFound as exc:
        raise errors.InvalidRequest(f"about: {exc}", "about") from exc
    if found[0].kind == "module":
        return await anchors.to_file(code, found[0].path)
    return await anchors.to_symbol(code, found[0].id)


def file_of(state: State, text: str) -> str | None:
    """The path of the project's file that a text names, if it names one."""
    if text in state.line.files:
        return text
    try:
        path = paths.known(state, text, "about")
    except errors.InvalidRequest:
        return None
    return path if path and os.path.isfile(os.path.join(state.project.root, names.path_to_os(path))) else None
