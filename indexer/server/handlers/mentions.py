"""Memories about the code in an answer.

Most files have none, and which ones have is known without asking: an answer without any pays nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, Protocol

import msgspec

from indexer.protocol import answers
from indexer.server.handlers.state import State
from indexer.store import anchors
from indexer.store.anchors import Mention

#: Memories that an answer mentions, and the characters that it shows of each.
MOST: Final = 10
_SHOWN: Final = 300
#: Seconds that an answer waits for memories to be compared with the code that it shows.
_PATIENCE: Final = 0.5


class Standing(Protocol):
    """What is asked of a symbol; model.Symbol and answers.Symbol have it."""

    @property
    def path(self) -> str:
        """Its file."""

    @property
    def qualified_name(self) -> str:
        """What memories are tied to."""

    @property
    def kind(self) -> str:
        """A module stands for its file."""

    @property
    def line(self) -> int:
        """The line of its name."""

    @property
    def end_line(self) -> int:
        """The last line of its definition."""


async def about(state: State, symbols: Iterable[Standing], *, file: str | None = None) -> Mapping[str, Any]:
    """The fields `memories` and `memories_total` of an answer about these symbols, and a whole file where it is named; none where
    there are no memories.
    """
    shown = list(symbols)
    paths = state.anchoring.among({*(symbol.path for symbol in shown), *(() if file is None else (file,))})
    if not paths:
        return {}
    if state.live.first_done.is_set() and state.anchoring.problem is None:
        await state.anchoring.wait_for(_PATIENCE)
    known = [symbol for symbol in shown if symbol.path in paths]
    found = await anchors.mentions(state.database, state.vault.id, paths, {symbol.qualified_name for symbol in known}, _SHOWN)
    files = {symbol.path for symbol in known if symbol.kind == "module"} | {file}
    names = {(symbol.path, symbol.qualified_name) for symbol in known}
    told: dict[uuid.UUID, answers.Mention] = {}
    for mention in found:
        if mention.memory_id not in told and _is_about(mention, known, names, files):
            told[mention.memory_id] = _item(mention)
    return {"memories": list(told.values())[:MOST], "memories_total": len(told)} if told else {}


def _is_about(
    mention: Mention, symbols: Iterable[Standing], qualified: Collection[tuple[str, str]], files: Collection[str | None]
) -> bool:
    if mention.qualified_name is not None:
        return (mention.path, mention.qualified_name) in qualified
    if mention.path in files:
        return True
    first, last = mention.start_line, mention.end_line
    if first is None or last is None:
        return False
    return any(symbol.path == mention.path and symbol.line <= last and first <= symbol.end_line for symbol in symbols)


def _item(mention: Mention) -> answers.Mention:
    first, last = mention.start_line, mention.end_line
    return answers.Mention(
        *(mention.memory_id, mention.content, mention.context, mention.importance, mention.qualified_name, mention.path, mention.state),
        lines=msgspec.UNSET if first is None or last is None else (first, last),
    )
