"""Keeps a project resolved while its files change: resolves what changed, and what that can have touched.

A file's reads say what its resolution depended on; `provides` says what differs between two versions of a file. Where the two
meet, the file is resolved again. Reads are complete (whatever was looked at on the way counts), so one round is enough.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from indexer.resolve import files, imported
from indexer.resolve.infer import Resolver
from indexer.resolve.provides import provides
from indexer.resolve.tree import Tree, path_key, project_key

K = TypeVar("K")

#: With fewer changed keys than this, searching each file's reads for each key beats comparing sets.
_FEW = 24


class Project:
    """The tree of a project, its resolver, and what each file's resolution read."""

    def __init__(self, identify: imported.Identify = lambda path: ()) -> None:
        # Chains of definitions are followed by recursion, as far as they go.
        sys.setrecursionlimit(1_000_000)
        self.tree = Tree()
        self.resolver = Resolver(self.tree)
        self._identify = identify
        #: What compilers' indexes say of files, where something was imported.
        self._imported: dict[str, bytes] = {}
        self._ids_before: dict[str, frozenset[bytes]] = {}
        self._reads: dict[str, bytes] = {}
        #: Every key that was ever read: most changes touch none of them.
        self._ever_read: set[int] = set()
        self._before: dict[str, dict[int, int] | None] = {}
        self._renamed: set[str] = set()
        self._roots_before: dict[str, tuple[str, ...]] | None = None

    def load(self, path: str, facts: bytes, reads: bytes, told: bytes = b"") -> None:
        """Takes in a file that is resolved already; `told` is what a compiler's index says of it."""
        self.tree.put(path, facts)
        self._reads[path] = reads
        self._ever_read.update(array("I", reads))
        self._take(path, told)

    def put(self, path: str, facts: bytes, told: bytes = b"", *, is_renamed: bool = False) -> None:
        """Adds or replaces a file; `is_renamed` where its symbols get other ids although its facts may be the same.

        What `identify` says of the file must not change before this returns.
        """
        self._note(path)
        self.tree.put(path, facts)
        self._take(path, told)
        if is_renamed:
            self._renamed.add(path)

    def remove(self, path: str) -> None:
        """Takes a file out."""
        self._note(path)
        self.tree.remove(path)
        self._reads.pop(path, None)
        self._imported.pop(path, None)

    def _take(self, path: str, told: bytes) -> None:
        if told:
            self._imported[path] = told
        else:
            self._imported.pop(path, None)

    def _qualified(self, target: files.Target) -> str:
        return self.tree.file(target.path).symbols[target.symbol].qualified

    def _ids(self, path: str) -> frozenset[bytes]:
        return frozenset(self._identify(path)) if path in self.tree else frozenset()

    def _note(self, path: str) -> None:
        """Keeps what the tree said before the first change since the last resolution."""
        if not self._reads:
            # Nothing was resolved yet, so nothing can be touched.
            self._before.setdefault(path, None)
            return
        if self._roots_before is None:
            self._roots_before = self.tree.roots()
        if path not in self._before:
            if self._imported:
                self._ids_before[path] = self._ids(path)
            self._before[path] = provides(self.tree.file(path)) if path in self.tree else None

    def resolve(self) -> Iterator[files.Resolved]:
        """Resolves all that the changes since the last time can have touched; files in order of path."""
        affected = self._affected()
        self._before.clear()
        self._ids_before.clear()
        self._renamed.clear()
        self._roots_before = None
        self.resolver.forget()
        for path in affected:
            resolved = files.resolve_file(self.resolver, path)
            if path in self._imported:
                language = self.tree.file(path).language
                resolved = imported.laid_over(resolved, language, self._imported[path], self._identify, self._qualified)
            self._reads[path] = array("I", sorted(resolved.reads)).tobytes()
            self._ever_read.update(resolved.reads)
            yield resolved

    def reads_of(self, path: str) -> bytes:
        """The keys that a file's resolution read: sorted uint32, in this machine's byte order."""
        return self._reads[path]

    def _affected(self) -> list[str]:
        changed = {path for path in self._before if path in self.tree}
        keys = self._changed_keys() & self._ever_read if self._reads else set()
        if not keys:
            return sorted(changed)
        others = (path for path in self._reads if path not in changed)
        return sorted(changed.union(_reading(keys, others, self._reads)))

    def _changed_keys(self) -> set[int]:
        keys = {imported.id_key(id) for path, ids in self._ids_before.items() for id in ids ^ self._ids(path)}
        is_other_tree = False
        for path, before in self._before.items():
            after = provides(self.tree.file(path)) if path in self.tree else None
            keys.update(_different(before or {}, after or {}))
            if path in self._renamed:
                keys.update((path_key(path), *(after or {})))
            if (before is None) != (after is None):
                is_other_tree = True
                keys.update((path_key(path), path_key("//" + path.rpartition("/")[2])))
                slash = path.rfind("/")
                while slash > 0:
                    keys.add(path_key(path[: slash + 1]))
                    slash = path.rfind("/", 0, slash)
        if is_other_tree and self._roots_before is not None:
            keys.update(project_key("@" + name) for name in _different(self._roots_before, self.tree.roots()))
        return keys


def _different(before: Mapping[K, object], after: Mapping[K, object]) -> Iterator[K]:
    yield from (key for key, value in before.items() if after.get(key) != value)
    yield from (key for key in after if key not in before)


def _reading(keys: set[int], paths: Iterable[str], reads: dict[str, bytes]) -> Iterator[str]:
    """The files whose reads hold one of the keys (or bytes that look like it)."""
    if len(keys) < _FEW:
        needles = [array("I", [key]).tobytes() for key in keys]
        for path in paths:
            haystack = reads[path]
            if any(needle in haystack for needle in needles):
                yield path
        return
    for path in paths:
        if not keys.isdisjoint(array("I", reads[path])):
            yield path
