"""Makes the vectors that are missing, in the background: memories first, then symbols, the most important first.

A text is embedded once: the vectors of symbols are kept by the hash of their text, and memories belong to whichever daemon of the
database gets at them first. Filling works a share of the time and waits while the index is being built, so that answers and saves
come before it.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from indexer import embed, errors
from indexer.embed import texts
from indexer.memory import follow, vectors
from indexer.store import connect, embeddings, searching

logger = logging.getLogger(__name__)

#: Texts of one step: less than a second of work.
_BATCH: Final = 32
#: The share of the time that is worked.
_SHARE: Final = 0.7
#: Seconds after the start in which nothing is made: what is asked first comes first.
_FIRST_LOOK: Final = 3.0
#: Seconds between two looks for what is missing, when nobody says that there is something.
_LOOK: Final = 60.0
_RETRY: Final = 5.0
_MAX_RETRY: Final = 300.0


@dataclass(slots=True)
class Progress:
    """How far filling is; `problem` says why it stands still."""

    n_memories_pending: int = 0
    n_made: int = 0
    problem: str | None = None


class Fill:
    """The loop that fills in vectors of one model; `run` it."""

    def __init__(
        self,
        database: connect.Database,
        project: uuid.UUID,
        embedder: embed.Embedder,
        model: embeddings.Model,
        symbols: follow.Symbols,
        is_busy: Callable[[], bool],
    ) -> None:
        self.progress = Progress()
        self._database = database
        self._project = project
        self._embedder = embedder
        self._model = model
        self._symbols = symbols
        self._is_busy = is_busy
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    async def run(self) -> None:
        """Works until it is cancelled."""
        pause = _RETRY
        await asyncio.sleep(_FIRST_LOOK)
        while True:
            self._wake.clear()
            try:
                await self._memories()
                await self._all_symbols()
                self.progress.problem, pause = None, _RETRY
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), _LOOK)
            except Exception as exc:
                # Search must outlive whatever one text does to the embedder.
                self.progress.problem = str(exc) or type(exc).__name__
                is_known = isinstance(exc, errors.IndexerError)
                facts = {"reason": self.progress.problem, "again_in_s": pause}
                logger.warning("vectors are not made", extra=facts, exc_info=None if is_known else exc)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _MAX_RETRY)

    async def _memories(self) -> None:
        """Fills in memories of every vault, unless another daemon is at it."""
        self.progress.n_memories_pending = await embeddings.count_pending(self._database)
        if not self.progress.n_memories_pending:
            return
        async with searching.filling_memories(self._database) as is_ours:
            while is_ours and (pending := await embeddings.pending(self._database, _BATCH)):
                await self._check_model()
                await self._some_memories(pending)
        self.progress.n_memories_pending = await embeddings.count_pending(self._database)

    async def _check_model(self) -> None:
        """Raises Conflict once the database was changed over to another model: what is made here would be dropped for ever."""
        current = await embeddings.current(self._database)
        if current.id != self._model.id:
            raise errors.Conflict(
                f"The database was changed over to {current.model} ({current.kind}): restart this daemon (indexer down) with an "
                "embedder of that kind and model."
            )

    async def _some_memories(self, pending: Sequence[embeddings.Pending]) -> None:
        started = time.monotonic()
        made = await self._embedder.embed([_memory_text(memory) for memory in pending])
        filled = [
            embeddings.Vector(memory.vault_id, memory.id, memory.content_hash, vector)
            for memory, vector in zip(pending, made, strict=True)
        ]
        await embeddings.fill(self._database, self._model, filled)
        self.progress.n_made += len(made)
        self.progress.n_memories_pending = max(self.progress.n_memories_pending - len(made), 0)
        await self._rest(started)

    async def _all_symbols(self) -> None:
        while self._symbols.vectors is not None and (wanted := self._symbols.vectors.most_wanted(_BATCH)):
            if self._is_busy():
                await asyncio.sleep(1.0)
                continue
            if not await self._some_symbols(wanted):
                return
            # What somebody has just decided is asked for sooner than what has always been there.
            if self._wake.is_set():
                self._wake.clear()
                await self._memories()

    async def _some_symbols(self, wanted: Sequence[uuid.UUID]) -> bool:
        """Whether any of the symbols got its vector; else their files are changing."""
        started = time.monotonic()
        found = await searching.texts(self._database, self._project, wanted)
        known = vectors.decoded(await searching.known_vectors(self._database, self._model.id, [text.key for text in found]))
        missing = {text.key: text for text in found if text.key not in known}
        fresh = dict(zip(missing, await self._made(list(missing.values())), strict=True))
        if fresh:
            await searching.keep_vectors(self._database, self._model.id, {key: vector.tolist() for key, vector in fresh.items()})
        by_key = {**known, **fresh}
        here = self._symbols.vectors
        if here is not None:
            here.fill({text.id: by_key[text.key] for text in found if text.key in by_key})
        self.progress.n_made += len(fresh)
        if fresh:
            await self._rest(started)
        return bool(found)

    async def _made(self, symbols: Sequence[searching.EmbeddedText]) -> list[vectors.Vector]:
        """The vectors of symbols, each made from its code and from its name."""
        names = [texts.name_text(symbol.qualified_name) for symbol in symbols]
        made = await self._embedder.embed([*map(_symbol_text, symbols), *names])
        return [vectors.of_symbol(*each) for each in zip(made[: len(names)], made[len(names) :], strict=True)]

    async def _rest(self, started: float) -> None:
        await asyncio.sleep((time.monotonic() - started) * (1 / _SHARE - 1))


def _memory_text(memory: embeddings.Pending) -> str:
    author = memory.metadata.get("author")
    return texts.memory_text(
        memory.content,
        memory.context,
        tags=memory.tags,
        author=author if isinstance(author, str) else None,
        created_at=memory.created_at,
    )


def _symbol_text(text: searching.EmbeddedText) -> str:
    return texts.symbol_text(text.qualified_name, text.path, text.definition, text.documentation)
