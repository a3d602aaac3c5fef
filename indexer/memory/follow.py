"""Keeps what is searched equal to what is stored: symbols follow the commits of the index, memories the notifications of the vault.

Each follower is one loop that nobody waits for, except who asks to see a certain state. What fails is tried again; an index that
is broken, or of another state than can be caught up with, is made anew from the database, which is the one source of truth.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from indexer import errors, model
from indexer.memory import lexical, words
from indexer.memory.vectors import Vectors
from indexer.store import connect, searching

logger = logging.getLogger(__name__)

T = TypeVar("T")

#: Documents that are written at a time: some 100 ms of work.
_BATCH: Final = 2000
#: Files that are read again at a time.
_FILES: Final = 200
#: Files whose change is cheaper to take in by making everything anew.
_MANY_FILES: Final = 5000
#: Vaults of others whose memories are kept ready for search, the last asked for.
_OTHER_VAULTS: Final = 3
#: Seconds between attempts after a failure.
_RETRY: Final = 1.0
#: Seconds after a commit that further ones are waited for, unless somebody asks, and the longest that they are waited for: writing
#: the index for each of a burst of saves costs more than the saves.
_SETTLE: Final = 0.5
_MAX_SETTLE: Final = 5.0
_MAX_RETRY: Final = 30.0


class Follower:
    """The loop that both followers share: woken, it catches up, until it is cancelled."""

    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self._moved = asyncio.Condition()
        #: Why it cannot catch up at the moment.
        self.problem: str | None = None
        self.is_building = False
        #: Called whenever it has caught up, or failed to.
        self.on_caught_up: Callable[[], None] = lambda: None

    async def run(self) -> None:
        """Works until it is cancelled."""
        pause = _RETRY
        self._wake.set()
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._catch_up()
                self.problem, pause = None, _RETRY
            except Exception as exc:
                # Search must outlive whatever one state of the index does to it.
                self.problem = str(exc) or type(exc).__name__
                is_known = isinstance(exc, (errors.IndexerError, lexical.Broken, OSError))
                facts = {"reason": self.problem, "again_in_s": pause}
                logger.warning("search does not follow", extra=facts, exc_info=None if is_known else exc)
                self._forget()
                await asyncio.sleep(pause)
                pause = min(2 * pause, _MAX_RETRY)
                self._wake.set()
            await self._announce()

    async def _announce(self) -> None:
        """Tells those who wait how far it is."""
        async with self._moved:
            self._moved.notify_all()
        self.on_caught_up()

    def broken(self) -> None:
        """Has the index made anew."""
        self._forget()
        self._wake.set()

    async def _until(self, timeout: float) -> bool:
        """Waits until `_is_there`; whether that came about in time."""
        if self._is_there():
            return True
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout), self._moved:
                await self._moved.wait_for(self._is_there)
        return self._is_there()

    async def _catch_up(self) -> None:
        raise NotImplementedError

    def _is_there(self) -> bool:
        raise NotImplementedError

    def _forget(self) -> None:
        raise NotImplementedError


class Symbols(Follower):
    """Follows a project's commits."""

    def __init__(self, database: connect.Database, project: model.Project, index: lexical.Lexical) -> None:
        super().__init__()
        self.index = index
        #: None where nothing makes vectors.
        self.vectors: Vectors | None = None
        self.embedder = 0
        self.are_vectors_loaded = False
        self._database = database
        self._project = project
        self._wanted = project.generation
        self._held = _generation(index.stamp)
        self._changed: set[str] = set()
        #: Set when somebody waits for what was noted.
        self._asked = asyncio.Event()

    def use(self, embedder: int, dimensions: int) -> None:
        """Compares vectors of this model from here on."""
        self.vectors, self.embedder, self.are_vectors_loaded = Vectors(dimensions), embedder, False
        self._wake.set()

    def note(self, generation: model.Generation, paths: Iterable[str]) -> None:
        """A commit changed these files."""
        self._wanted = generation
        self._changed.update(paths)
        self._wake.set()

    async def wait_for(self, timeout: float) -> bool:
        """Waits until everything that was noted can be found by words."""
        if not self._is_there():
            self._asked.set()
        return await self._until(timeout)

    def _is_there(self) -> bool:
        return self._held == self._wanted and not self._changed

    def _forget(self) -> None:
        self._held = None
        self.are_vectors_loaded = False

    async def _catch_up(self) -> None:
        if self._changed:
            await self._settle()
        changed, wanted = self._changed, self._wanted
        self._changed = set()
        held = self._held
        if held is None or held.epoch != wanted.epoch or self._is_cheaper_anew(changed) or (held != wanted and not changed):
            await self._rebuild()
            self.are_vectors_loaded = False
        elif changed:
            self._held = None
            await self._take_in(sorted(changed), wanted)
        if self.vectors is not None and not self.are_vectors_loaded:
            await self._announce()
            await self._load_vectors(self.vectors)

    async def _settle(self) -> None:
        """Waits until no commit has come for a while, or somebody asks."""
        deadline = time.monotonic() + _MAX_SETTLE
        seen = None
        while seen != self._wanted and not self._asked.is_set() and time.monotonic() < deadline:
            seen = self._wanted
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), _SETTLE)
        self._asked.clear()

    def _is_cheaper_anew(self, changed: Collection[str]) -> bool:
        return len(changed) > _MANY_FILES or (bool(changed) and not self.index.n_documents)

    async def _rebuild(self) -> None:
        self.is_building = True
        started = time.monotonic()
        try:
            await asyncio.to_thread(self.index.clear)
            async with searching.snapshot(self._database, self._project.id) as snapshot:
                batch: list[searching.SymbolText] = []
                async for symbol in snapshot.symbols():
                    batch.append(symbol)
                    if len(batch) == _BATCH:
                        await asyncio.to_thread(self.index.write, {}, _documents(batch), None)
                        batch = []
                stamp = _stamp(snapshot.generation)
                await asyncio.to_thread(self.index.write, {}, _documents(batch), stamp)
                self._held = snapshot.generation
        finally:
            self.is_building = False
        held, wanted = self._held, self._wanted
        if (held.epoch, held.number) >= (wanted.epoch, wanted.number):
            # A commit was in the snapshot before it was noted, or the database has recovered.
            self._wanted = held
        else:
            self._wake.set()
        facts = {"n_symbols": self.index.n_documents, "seconds": round(time.monotonic() - started, 2)}
        logger.info("symbols can be found by words", extra=facts)

    async def _take_in(self, paths: Sequence[str], generation: model.Generation) -> None:
        for start in range(0, len(paths), _FILES):
            part = paths[start : start + _FILES]
            files = [model.file_id(self._project.id, path) for path in part]
            found = await searching.symbols_of_files(self._database, self._project.id, files)
            stamp = _stamp(generation) if start + _FILES >= len(paths) else None
            await asyncio.to_thread(self.index.write, {"file": part}, _documents(found), stamp)
            if self.vectors is not None and self.are_vectors_loaded:
                embedded = await searching.vectors_of_files(self._database, self._project.id, self.embedder, files)
                self.vectors.remove(part)
                self.vectors.add(embedded)
        self._held = generation

    async def _load_vectors(self, vectors: Vectors) -> None:
        loaded = Vectors(vectors.dimensions)
        async with searching.snapshot(self._database, self._project.id) as snapshot:
            batch: list[searching.SymbolVector] = []
            async for symbol in snapshot.vectors(self.embedder):
                batch.append(symbol)
                if len(batch) == _BATCH:
                    await asyncio.to_thread(loaded.add, batch)
                    batch = []
            await asyncio.to_thread(loaded.add, batch)
        if self.vectors is vectors:
            self.vectors, self.are_vectors_loaded = loaded, True


class Memories(Follower):
    """Follows the changes of a vault, whoever makes them."""

    def __init__(self, database: connect.Database, vault: uuid.UUID, index: lexical.Lexical) -> None:
        super().__init__()
        self.index = index
        self.vault = vault
        self._database = database
        self._held = _revision(index.stamp, vault)
        self._wanted = model.Generation(0, 0)
        self._changed: set[uuid.UUID] = set()
        #: Revisions whose ids are in `_changed`.
        self._heard: set[int] = set()

    def hear(self, payload: str) -> None:
        """Takes a notification of the channel 'memories'."""
        try:
            told = json.loads(payload)
            if uuid.UUID(told["vault"]) != self.vault:
                return
            if told["memories"] is not None:
                self._changed.update(map(uuid.UUID, told["memories"]))
                self._heard.add(int(told["revision"]))
        except (ValueError, KeyError, TypeError):
            logger.warning("a notification of memories is not understood", extra={"payload": payload[:200]})
        self._wake.set()

    async def wait_for(self, timeout: float) -> bool:
        """Waits until every memory that is stored can be found by words."""
        self._wanted = await searching.revision(self._database, self.vault)
        if not self._is_there():
            self._wake.set()
        return await self._until(timeout)

    def _is_there(self) -> bool:
        held, wanted = self._held, self._wanted
        return held is not None and held.epoch == wanted.epoch and held.number >= wanted.number

    def _forget(self) -> None:
        self._held = None

    async def _catch_up(self) -> None:
        wanted = self._wanted = await searching.revision(self._database, self.vault)
        held, changed, heard = self._held, self._changed, self._heard
        if held == wanted:
            return
        self._changed, self._heard = set(), set()
        if held is None or held.epoch != wanted.epoch or not heard.issuperset(range(held.number + 1, wanted.number + 1)):
            await self._rebuild()
            return
        self._held = None
        found = await searching.memories(self._database, self.vault, list(changed))
        removed = {"id": [str(each) for each in changed]}
        await asyncio.to_thread(self.index.write, removed, _memory_documents(found), [str(self.vault), *_stamp(wanted)])
        self._held = wanted

    async def _rebuild(self) -> None:
        self.is_building = True
        try:
            await asyncio.to_thread(self.index.clear)
            async with searching.every_memory(self._database, self.vault) as (revision, found):
                batch: list[searching.MemoryText] = []
                async for memory in found:
                    batch.append(memory)
                    if len(batch) == _BATCH:
                        await asyncio.to_thread(self.index.write, {}, _memory_documents(batch), None)
                        batch = []
                stamp = [str(self.vault), *_stamp(revision)]
                await asyncio.to_thread(self.index.write, {}, _memory_documents(batch), stamp)
            self._held = self._wanted = revision
        finally:
            self.is_building = False
        logger.info("memories can be found by words", extra={"n_memories": self.index.n_documents})


class Others:
    """The memories of other vaults, followed from the first question about them for as long as they are among the last asked for."""

    def __init__(self, database: connect.Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        # Nobody followed what an earlier run has left.
        shutil.rmtree(folder, ignore_errors=True)
        self._followed: OrderedDict[uuid.UUID, tuple[Memories, asyncio.Task[None]]] = OrderedDict()

    @property
    def followers(self) -> list[Memories]:
        """Those that are followed."""
        return [follower for follower, _ in self._followed.values()]

    def close(self) -> None:
        """Follows nothing any more."""
        for _, task in self._followed.values():
            task.cancel()
        self._followed.clear()

    def of(self, vault: uuid.UUID) -> Memories:
        """The follower of a vault."""
        if vault not in self._followed:
            index = lexical.Lexical(self._folder / vault.hex, words.MEMORIES)
            follower = Memories(self._database, vault, index)
            self._followed[vault] = follower, asyncio.create_task(follower.run(), name="memories of another vault by words")
        self._followed.move_to_end(vault)
        while len(self._followed) > _OTHER_VAULTS:
            _, (old, task) = self._followed.popitem(last=False)
            task.cancel()
            shutil.rmtree(old.index.folder, ignore_errors=True)
        return self._followed[vault][0]


def _documents(symbols: Iterable[searching.SymbolText]) -> Iterator[dict[str, lexical.Value]]:
    return _gently(dict(words.symbol_document(symbol)) for symbol in symbols)


def _memory_documents(memories: Iterable[searching.MemoryText]) -> Iterator[dict[str, lexical.Value]]:
    return _gently(dict(words.memory_document(memory)) for memory in memories if not memory.is_hidden)


def _gently(items: Iterator[T]) -> Iterator[T]:
    """Lets the thread that answers run in between: splitting words holds the interpreter's lock."""
    for number, item in enumerate(items):
        if number % 16 == 0:
            time.sleep(0)
        yield item


def _stamp(generation: model.Generation) -> list[int]:
    return [generation.epoch, generation.number]


def _generation(stamp: object) -> model.Generation | None:
    match stamp:
        case [int(epoch), int(number)]:
            return model.Generation(epoch, number)
    return None


def _revision(stamp: object, vault: uuid.UUID) -> model.Generation | None:
    match stamp:
        case [str(name), int(epoch), int(revision)] if name == str(vault):
            return model.Generation(epoch, revision)
    return None
