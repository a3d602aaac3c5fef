"""The pipeline: from hints about what changed to a committed generation of the index.

One batch at a time: look at the disk, extract in workers, resolve what the change can have touched, store all of it in one
transaction. The disk decides what there is, the store what is known; what lies between (workers, resolver, the table of known
files) is dropped and made again whenever in doubt. A batch that fails stays pending and is tried again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from indexer import errors, extract, heap, languages, model
from indexer.extract import modules
from indexer.index import frames, pool, reading, resolving, worker
from indexer.index.resolver import Resolver
from indexer.store import code, imported, loading, rows, summary
from indexer.watch import names, secrets

logger = logging.getLogger(__name__)

#: A batch of more files than this, and of more than half of the project, is loaded beside the live data instead.
BULK_FILES: Final = 2000
#: Facts are looked up for at least and at most so many files of a batch.
MIN_CACHED: Final = 8
MAX_CACHED: Final = 5000
#: Files of which lost facts are made anew at a time.
RECALLED_FILES: Final = 50
#: Bytes of facts that a load holds before they go into the cache.
MAX_HELD: Final = 8 << 20
#: Seconds until a file that no worker could finish is tried again, doubled each time.
RETRY_SECONDS: Final = 5.0
MAX_RETRY_SECONDS: Final = 600.0
#: An anchor that no file has.
_OTHER_ANCHOR: Final = "\0"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the pipeline must know of the configuration."""

    max_file_bytes: int = 1 << 20
    workers: int = 2
    worker_bytes: int = 1 << 30
    file_seconds: float = 20.0
    cache_bytes: int = 512 << 20
    #: Whether files that programs or others wrote are left out.
    skips_generated: bool = False


class Known(NamedTuple):
    """What the store knows of a file; a tuple because there may be a hundred thousand."""

    signature: model.Signature
    hash: bytes
    language: str | None
    version: str


@dataclass(slots=True)
class Progress:
    """How far a batch has come; `stage` is 'listing', 'extracting', 'resolving', 'storing' or 'idle'."""

    stage: str = "idle"
    done: int = 0
    total: int = 0
    started: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class Failure:
    """A file that no worker could finish."""

    reason: str
    tries: int
    again_at: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch did."""

    generation: model.Generation
    n_extracted: int = 0
    n_resolved: int = 0
    n_removed: int = 0
    changed: tuple[str, ...] = ()
    #: The names of the symbols in the changed files; None where all of the project may be others.
    names: frozenset[str] | None = frozenset()


def is_candidate(path: str) -> bool:
    """Whether a file may be source (by its name, or because only its first line can tell) or must be listed as secret."""
    if languages.language_of_path(path) is not None:
        return True
    return "." not in path.rpartition("/")[2] or secrets.is_secret_name(path)


class Pipeline:
    """A project's batches. `load` first; then `index` for paths whose files may have changed. Not re-entrant."""

    def __init__(self, store: code.Store, project: model.Project, settings: Settings) -> None:
        self.store = store
        self.project = project
        self.settings = settings
        #: What a file was read with; another one may give something else.
        self.version = f"{extract.VERSION}-skip" if settings.skips_generated else extract.VERSION
        self.files: dict[str, Known] = {}
        #: Files that were looked at and are no source, with their signature then.
        self.others: dict[str, model.Signature] = {}
        self.failures: dict[str, Failure] = {}
        #: Content that a compiler's index was imported for, by path; and the files that have not taken note of it.
        self.imported: dict[str, bytes] = {}
        self.unapplied: frozenset[str] = frozenset()
        self.generation = project.generation
        #: What the sites of all files come to, at that generation.
        self.coverage = model.Coverage()
        self.progress = Progress()
        #: Files that were parsed since the start, not taken from the cache of facts.
        self.n_parsed = 0
        self._is_new = True
        #: Facts of the last commit, by language and content, that are to go into the cache; and the bytes put into it since its size
        #: was looked at.
        self._unkept: dict[str, dict[bytes, bytes]] = {}
        self._n_kept = 0
        #: Whether the cache of facts was lost with the server's memory, and the last path whose facts were made anew.
        self.lacks_facts = False
        self._recalled = ""
        #: Which marker files there are, as far as the batch has asked; files that a batch must store anew.
        self._anchors: dict[str, bool] = {}
        self._moved: frozenset[str] = frozenset()
        self.resolver = Resolver(resolving.Settings(project.root, project.id.hex))
        self.pool = self._new_pool()

    def _new_pool(self) -> pool.Pool:
        settings = self.settings
        return pool.Pool(
            settings.workers,
            worker.Settings(self.project.root, self.project.id.hex, settings.max_file_bytes, settings.skips_generated),
            pool.Limits(settings.file_seconds, settings.worker_bytes),
        )

    async def load(self) -> None:
        """Reads what the store knows; to be called again when it may have lost commits."""
        await self.resolver.drop()
        epoch = self.generation.epoch
        # The generation first: should a commit come in between, the next one of ours finds out and loads again.
        self.project = await self.store.project(self.project.root, self.project.name, self.project.id)
        self.generation = self.project.generation
        self.coverage = await summary.coverage(self.store.database, self.project.id)
        known = await self.store.signatures(self.project)
        self.files = {row.path: Known(row.signature, row.content_hash, row.language, row.extractor_version) for row in known}
        self._is_new = not self.files
        self.lacks_facts = bool(self.files) and (self.generation.epoch != epoch or not await self.store.has_facts())
        self._recalled = ""
        await self.note_imports()

    async def note_imports(self) -> None:
        """Reads for which files compilers' indexes were imported; those that are news are `suspects` from here on."""
        known = await imported.documents(self.store.database, self.project.id)
        self.imported = {each.path: each.content_hash for each in known}
        self.unapplied = frozenset(each.path for each in known if not each.is_applied)

    async def _told_of(self, contents: Mapping[str, bytes]) -> dict[str, bytes]:
        """What compilers' indexes say of files, by path, where that was said of the content that they have."""
        wanted = [path for path, content in contents.items() if self.imported.get(path) == content]
        return await imported.targets(self.store.database, self.project.id, wanted) if wanted else {}

    async def _note_applied(self, paths: Iterable[str]) -> None:
        if done := self.unapplied.intersection(paths):
            await imported.applied(self.store.database, self.project.id, done)
            self.unapplied -= done

    async def is_stored(self) -> bool:
        """Whether the database still holds what was committed last."""
        try:
            return await self.store.generation(self.project.id) == self.generation
        except errors.NotFound:
            return False

    async def rest(self) -> None:
        """Ends the processes that hold memory for the sake of speed; they come back with the next change."""
        await self.pool.rest()
        await self.resolver.drop()
        heap.give_back()

    async def close(self) -> None:
        """Ends all processes."""
        await self.pool.close()
        await self.resolver.drop()

    # -- what there is to do -------------------------------------------------------------------------------------------

    def suspects(self, seen: Iterable[tuple[str, model.Signature]]) -> tuple[list[str], list[str]]:
        """Of a full listing of candidates: the paths whose content may differ from what is known, and the known ones that are gone."""
        changed, present = [], set()
        for path, signature in seen:
            present.add(path)
            known = self.files.get(path)
            is_current = known is not None and known.signature == signature and known.version == self.version
            if is_current and path not in self.unapplied:
                continue
            if known is None and self.others.get(path) == signature:
                continue
            changed.append(path)
        gone = [path for path in self.files if path not in present]
        self.others = {path: signature for path, signature in self.others.items() if path in present}
        return changed, gone

    def due_again(self) -> list[str]:
        """Failed files whose time has come."""
        return [path for path, failure in self.failures.items() if failure.again_at <= time.monotonic()]

    # -- a batch -------------------------------------------------------------------------------------------------------

    async def index(self, paths: Sequence[str], gone: Sequence[str] = ()) -> Outcome:
        """Brings the index up to date with the files at `paths`, which may or may not exist, and without those `gone`."""
        await self.remember()
        removed = [path for path in gone if path in self.files]
        self._anchors.clear()
        paths, self._moved = self._with_moved(paths, removed)
        self._moved |= self.unapplied.intersection(paths)
        try:
            if self._is_new or (len(paths) > BULK_FILES and 2 * len(paths) > len(self.files)):
                outcome = await self._load_all(paths, set(removed))
            else:
                outcome = await self._replace(paths, removed)
            await self._note_applied(paths)
            return outcome
        except BaseException:
            # What the resolver was told may not have been stored.
            await self.resolver.drop()
            raise
        finally:
            self.progress = Progress()

    def _with_moved(self, paths: Sequence[str], gone: Sequence[str]) -> tuple[Sequence[str], frozenset[str]]:
        """Adds the files whose module's name changes because a marker file came or went; those alone as well."""
        folders = []
        for path in (*paths, *gone):
            folder, _, name = path.rpartition("/")
            if name in modules.MARKERS and ((path in self.files) != self._exists(path) or name in modules.READ):
                folders.append(folder + "/" if folder else "")
        if not folders:
            return paths, frozenset()
        moved = frozenset(path for path in self.files if path.startswith(tuple(folders)))
        return sorted({*paths, *moved.difference(gone)}), moved

    def _exists(self, path: str) -> bool:
        """Whether a marker file is there, by the disk; looked up once a batch."""
        found = self._anchors.get(path)
        if found is None:
            full = f"{self.project.root}/{names.path_to_os(path)}"
            found = self._anchors[path] = os.path.isfile(full) and not os.path.islink(full)
        return found

    def _anchor(self, path: str) -> str:
        return modules.anchor_of(path, self._exists, self._read)

    def _read(self, path: str) -> str:
        """The text of a marker file; '' where it cannot be had."""
        content = reading.read(self.project.root, path, self.settings.max_file_bytes)
        return content.data.decode("utf-8", "replace") if content is not None else ""

    def _stage(self, stage: str, total: int) -> None:
        self.progress = Progress(stage, 0, total)

    async def _extracted(self, paths: Sequence[str], needs_rows: bool) -> AsyncIterator[frames.Extracted]:
        """Extracts files and takes note of those that are not to be stored."""
        self._stage("extracting", len(paths))
        facts = await self._cached_facts(paths)
        tasks = [self._task(path, facts, needs_rows) for path in paths]
        async for result in self.pool.extract(tasks):
            self.progress.done += 1
            if isinstance(result, pool.Unextracted):
                self._note_failure(result)
                continue
            if result.status == "outdated":
                raise errors.Unavailable("indexer was updated while this daemon ran: restart it (indexer down)")
            self.failures.pop(result.path, None)
            self.n_parsed += result.is_parsed
            self.others.pop(result.path, None)
            if result.status == "none":
                self.others[result.path] = model.Signature(result.size, result.mtime_ns, result.ctime_ns, result.inode)
            yield result

    def _task(self, path: str, facts: dict[str, tuple[bytes, bytes]], needs_rows: bool) -> frames.Extract:
        known = self.files.get(path)
        if path in facts:
            return frames.Extract(path, self._anchor(path), *facts[path], needs_rows=True)
        is_current = known is not None and known.version == self.version
        content = known.hash if known is not None and is_current else b""
        return frames.Extract(path, self._anchor(path), content, needs_rows=needs_rows or path in self._moved)

    async def _cached_facts(self, paths: Sequence[str]) -> dict[str, tuple[bytes, bytes]]:
        """Content hash and facts of files whose content was extracted before: on another branch, in another worktree.

        Not asked for a few files, where it costs more than parsing them, nor beyond what fits in memory at a time.
        """
        if len(paths) < MIN_CACHED:
            return {}
        self._stage("looking up", len(paths))
        hashes = await asyncio.to_thread(self._hashes, paths[:MAX_CACHED])
        found: dict[str, tuple[bytes, bytes]] = {}
        for language, by_path in hashes.items():
            for batch in _batches(list(by_path), 500):
                facts = await self.store.facts_get(language, extract.VERSION, [by_path[path] for path in batch])
                found |= {path: (by_path[path], facts[by_path[path]]) for path in batch if by_path[path] in facts}
        self._stage("extracting", len(paths))
        return found

    def _hashes(self, paths: Sequence[str]) -> dict[str, dict[str, bytes]]:
        """In a thread: the content hashes of files whose name tells their language, by language and path."""
        found: dict[str, dict[str, bytes]] = {}
        for path in paths:
            language = languages.language_of_path(path)
            if language is None or secrets.is_secret_name(path):
                continue
            content = reading.read(self.project.root, path, self.settings.max_file_bytes)
            if content is not None and content.hash:
                found.setdefault(language, {})[path] = content.hash
        return found

    def _note_failure(self, result: pool.Unextracted) -> None:
        tries = self.failures[result.path].tries + 1 if result.path in self.failures else 1
        pause = min(RETRY_SECONDS * 2 ** (tries - 1), MAX_RETRY_SECONDS)
        self.failures[result.path] = Failure(result.reason, tries, time.monotonic() + pause)

    # -- a new project -------------------------------------------------------------------------------------------------

    async def _load_all(self, paths: Sequence[str], gone: set[str]) -> Outcome:
        """Loads the whole project beside the live data, then puts it in its place."""
        wanted = set(paths)
        everything = [*paths, *(path for path in self.files if path not in wanted and path not in gone)]
        done: dict[str, frames.Extracted] = {}
        await self.resolver.start()
        async with self.store.bulk(self.project) as load:
            facts: dict[str, dict[bytes, bytes]] = {}
            n_bytes = 0
            async for result in self._extracted(everything, needs_rows=True):
                if result.status not in ("read", "secret"):
                    continue
                await load.symbols(result.rows)
                if result.status == "read":
                    told = (await self._told_of({result.path: result.hash})).get(result.path, b"")
                    await self.resolver.send([frames.Put(result.path, self._anchor(result.path), result.facts, told=told)])
                    facts.setdefault(result.language, {})[result.hash] = result.facts
                    n_bytes += len(result.facts)
                if n_bytes > MAX_HELD:
                    self._unkept, facts, n_bytes = facts, {}, 0
                    await self.remember()
                result.rows = result.facts = b""
                done[result.path] = result
            self._stage("resolving", len(done))
            await load.finish_symbols()
            await self._load_resolved(load, done)
            self._stage("storing", 1)
        assert load.generation is not None
        self.generation = load.generation
        self._unkept = facts
        self.files = {path: self._known(result) for path, result in done.items()}
        self._is_new = not self.files
        return Outcome(self.generation, len(done), len(done), len(gone), tuple(done), None)

    async def _load_resolved(self, load: loading.Bulk, done: dict[str, frames.Extracted]) -> None:
        self.coverage = model.Coverage()
        async for resolved in self.resolver.resolve():
            self.progress.done += 1
            self.coverage += model.Coverage(resolved.n_resolved, resolved.n_external, resolved.n_unresolved)
            await load.relationships(resolved.rows)
            await load.files(self._file_row(done[resolved.path], resolved))
        for result in done.values():
            if result.status == "secret":
                await load.files(self._file_row(result, None))

    # -- a change ------------------------------------------------------------------------------------------------------

    async def _replace(self, paths: Sequence[str], gone: list[str]) -> Outcome:
        """Replaces files one by one, in one transaction."""
        read: dict[str, frames.Extracted] = {}
        removed = list(gone)
        touched: dict[str, Known] = {}
        async for result in self._extracted(paths, needs_rows=False):
            if result.status in ("read", "secret"):
                read[result.path] = result
            elif result.status == "same":
                touched[result.path] = self.files[result.path]._replace(signature=self._known(result).signature)
            elif result.path in self.files:
                removed.append(result.path)
        if touched:
            await self.store.touch(self.project, {self._id(path): known.signature for path, known in touched.items()})
            self.files |= touched
        if not read and not removed:
            return Outcome(self.generation)
        return await self._commit(read, removed)

    async def _commit(self, read: dict[str, frames.Extracted], removed: list[str]) -> Outcome:
        if not self.resolver.is_ready:
            await self._fill_resolver()
        told = await self._told_of({path: result.hash for path, result in read.items()})
        await self.resolver.send(self._messages(read, removed, told))
        self._stage("resolving", len(read))
        resolved = {item.path: item async for item in self.resolver.resolve()}
        self._stage("storing", 1)
        replaced = [
            code.Replaced(
                self._id(path), self._file_row(result, resolved.get(path)), result.rows,
                resolved[path].rows if path in resolved else b"",
            )
            for path, result in read.items()
        ]  # fmt: skip
        others = [
            code.Resolved(self._id(path), item.rows, _counts(0, item), item.sites, item.reads)
            for path, item in resolved.items()
            if path not in read
        ]
        committed = await self.store.commit(
            self.project,
            replaced=replaced,
            resolved=others,
            removed=[self._id(path) for path in removed],
            after=self.generation,
        )
        self.generation = committed.generation
        self.coverage += committed.more
        for result in read.values():
            if result.status == "read":
                self._unkept.setdefault(result.language, {})[result.hash] = result.facts
        for path in removed:
            self.files.pop(path, None)
        self.files |= {path: self._known(result) for path, result in read.items()}
        names = frozenset(name for result in read.values() for name in result.symbol_names)
        return Outcome(self.generation, len(read), len(resolved), len(removed), (*read, *removed), names)

    def _messages(
        self, read: dict[str, frames.Extracted], removed: Sequence[str], told: Mapping[str, bytes]
    ) -> Iterator[frames.Put | frames.Remove]:
        for path in removed:
            yield frames.Remove(path)
        for path, result in read.items():
            if result.status == "read":
                yield frames.Put(path, self._anchor(path), result.facts, told=told.get(path, b""))
            elif path in self.files:
                yield frames.Remove(path)

    async def _fill_resolver(self) -> None:
        """Gives a new resolver all that the store knows; facts that were evicted are made again."""
        await self.resolver.start()
        sources = {path: known for path, known in self.files.items() if known.language is not None}
        self._stage("loading", len(sources))
        missing: list[str] = []
        for batch in _batches(list(sources), 500):
            missing += await self._send_known(batch, sources)
            self.progress.done += len(batch)
        if not missing:
            return
        left: list[str] = []
        for batch in _batches(missing, 500):
            await self._extract_again(batch)
            left += await self._send_known(batch, sources)
        if not left:
            return
        # Their content has changed in between, so nobody knows what they said before and whom the change can have touched:
        # everything is resolved again.
        logger.info("facts that are gone: resolving all files again", extra={"n_files": len(left)})
        await self.resolver.start()
        for batch in _batches([path for path in sources if path not in set(left)], 500):
            await self._send_known(batch, sources, is_resolved=False)

    async def _send_known(self, batch: list[str], sources: dict[str, Known], *, is_resolved: bool = True) -> list[str]:
        """Hands stored facts, and reads where files need not be resolved again, over; the paths whose facts are not there."""
        blobs = await self.store.file_blobs(self.project, [self._id(path) for path in batch], ["reads"])
        told = await self._told_of({path: sources[path].hash for path in batch})
        by_language: dict[str, dict[str, bytes]] = {}
        for path in batch:
            by_language.setdefault(sources[path].language or "", {})[path] = sources[path].hash
        missing: list[str] = []
        for language, hashes in by_language.items():
            facts = await self.store.facts_get(language, extract.VERSION, list(hashes.values()))
            for path, content in hashes.items():
                if content not in facts:
                    missing.append(path)
                    continue
                blob = blobs.get(self._id(path))
                reads = ((blob.reads if blob is not None else None) or frames.NO_READS) if is_resolved else b""
                # What a file that is about to move was named by is not known any more, only that it was something else.
                anchor = _OTHER_ANCHOR if path in self._moved else self._anchor(path)
                await self.resolver.send([frames.Put(path, anchor, facts[content], reads, told.get(path, b""))])
        return missing

    async def recall(self) -> None:
        """Makes the facts of some files anew that a server that crashed has lost; `lacks_facts` says whether there may be more.

        Without them the next change would wait until all files are parsed, and until all are resolved as well if nobody knew any more
        what the changed one said before.
        """
        missing = await self.store.facts_missing(self.project, extract.VERSION, self._recalled, RECALLED_FILES)
        self.lacks_facts = len(missing) == RECALLED_FILES and self._n_kept < self.settings.cache_bytes // 2
        if missing:
            await self._extract_again(missing)
            self._recalled = missing[-1]

    async def _extract_again(self, missing: Sequence[str]) -> None:
        """Makes facts anew that the cache no longer holds."""
        facts: dict[str, dict[bytes, bytes]] = {}
        async for result in self.pool.extract(frames.Extract(path, self._anchor(path), needs_rows=True) for path in missing):
            if isinstance(result, frames.Extracted) and result.status == "read":
                facts.setdefault(result.language, {})[result.hash] = result.facts
        await self._keep_facts(facts)

    async def remember(self) -> None:
        """Caches the facts of the last commit for another time, within the cache's bound.

        Nothing that is committed depends on it, so it is for after the answer; the next batch begins with it.
        """
        facts, self._unkept = self._unkept, {}
        try:
            await self._keep_facts(facts)
            if self._n_kept * 8 > self.settings.cache_bytes:
                self._n_kept = 0
                await self.store.facts_evict(self.settings.cache_bytes)
        except errors.IndexerError as exc:
            logger.warning("facts are not cached", extra={"reason": str(exc)})

    async def _keep_facts(self, facts: dict[str, dict[bytes, bytes]]) -> None:
        for language, by_hash in facts.items():
            hashes = list(by_hash)
            for i in range(0, len(hashes), 500):
                portion = {content: by_hash[content] for content in hashes[i : i + 500]}
                self._n_kept += sum(map(len, portion.values()))
                await self.store.facts_put(language, extract.VERSION, portion)

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _file_row(self, result: frames.Extracted, resolved: frames.Resolved | None) -> bytes:
        row = model.FileRow(
            self._id(result.path),
            result.path,
            result.language or None,
            model.Signature(result.size, result.mtime_ns, result.ctime_ns, result.inode),
            result.hash,
            self.version,
            result.problem,
            result.flags,
            result.n_lines,
        )
        if resolved is None:
            return rows.file(self.project.id.bytes, row, rows.FileCounts(result.n_symbols), rows.FileBlobs())
        blobs = rows.FileBlobs(sites=resolved.sites, reads=resolved.reads)
        return rows.file(self.project.id.bytes, row, _counts(result.n_symbols, resolved), blobs)

    def _known(self, result: frames.Extracted) -> Known:
        signature = model.Signature(result.size, result.mtime_ns, result.ctime_ns, result.inode)
        return Known(signature, result.hash, result.language or None, self.version)

    def _id(self, path: str) -> uuid.UUID:
        return model.file_id(self.project.id, path)


def _counts(n_symbols: int, resolved: frames.Resolved) -> rows.FileCounts:
    return rows.FileCounts(n_symbols, resolved.n_resolved, resolved.n_external, resolved.n_unresolved)


def _batches(items: list[str], size: int) -> Iterator[list[str]]:
    return (items[i : i + size] for i in range(0, len(items), size))
