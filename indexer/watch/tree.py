"""The followed folders of a tree: each has a watch of the kernel, or is compared with its last listing.

This module knows no threads and no kind of watch: it is handed a `Notifier` (none: every folder is
compared) and is called by one thread at a time. What holds after each call: every folder that is not
ignored and was there when the call began is watched or listed, or its making is an event still to come.

Comparing misses what comes and goes between two looks, and whoever lists the tree meanwhile may have seen it. So a
compared folder whose own time of change has moved, or is too young to tell, is said to be compared as a whole.

A watch belongs to a folder on the disk, not to a path. When a folder is moved, both its old and its new
place may be in the tree for a while and share one watch; the one that was added last owns it, and only the
owner removes it.
"""

from __future__ import annotations

import errno
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from indexer.watch import events, names
from indexer.watch.ignore import RULE_FILES, Ignore

logger = logging.getLogger(__name__)

#: Some 250 bytes each. A tree with more folders has a build's output in it; the periodic check still sees
#: all of it.
_MAX_FOLDERS: Final = 500_000
#: Some 300 bytes each, and only of compared folders.
_MAX_FILES: Final = 300_000
_MAX_PROBLEMS: Final = 20
#: File systems keep times in steps of up to two seconds: two changes within a step look like one.
_COARSEST_CLOCK_NS: Final = 2_000_000_000
_GONE: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})

_Files = dict[str, tuple[int, int, int, int]]


class Notifier(Protocol):
    """What gives watches: the same number for the same folder, whatever path it is reached by."""

    def add(self, path: bytes) -> int:
        """Raises OSError; ENOSPC says that there are no more watches to have."""

    def remove(self, watch: int) -> None: ...


@dataclass(slots=True, eq=False)
class Folder:
    """A followed folder; `path` is relative to the root, `files` its last listing where it is compared."""

    path: str
    parent: Folder | None
    children: dict[str, Folder] = field(default_factory=dict)
    watch: int | None = None
    files: _Files | None = None
    #: The folder's own times at its last listing; None where they may not move with the next change.
    stamp: tuple[int, int] | None = None
    is_readable: bool = True
    #: Whether it holds a file that changes the rules for all beneath it.
    has_rules: bool = False


class Tree:
    """The followed folders of one root; empty until `follow` is called."""

    def __init__(self, root: str, ignore: Ignore, notifier: Notifier | None, max_watches: int) -> None:
        self._root = root
        self._ignore = ignore
        self._notifier = notifier
        self._max_watches = max_watches
        self._top: Folder | None = None
        self._owners: dict[int, Folder] = {}
        #: Compared folders, in the order in which they came.
        self._polled: dict[Folder, None] = {}
        self._n_folders = 0
        self._n_files = 0
        self._unreadable: dict[str, None] = {}
        self._is_cut = False

    @property
    def n_watches(self) -> int:
        return len(self._owners)

    @property
    def n_polled(self) -> int:
        return len(self._polled)

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences for people about folders that are not followed."""
        found = [f"{path or '.'} cannot be read" for path in list(self._unreadable)[:_MAX_PROBLEMS]]
        if len(self._unreadable) > _MAX_PROBLEMS:
            found.append(f"{len(self._unreadable) - _MAX_PROBLEMS} more folders cannot be read")
        if self._is_cut:
            found.append(
                f"more than {_MAX_FOLDERS} folders, or {_MAX_FILES} files in folders without a watch: "
                "the others are only looked at periodically"
            )
        return tuple(found)

    def follow(self) -> None:
        """Follow the tree as it is on the disk: what is followed already stays, what has gone is dropped."""
        self._is_cut = False
        if self._top is None:
            self._top = Folder("", None)
            self._n_folders = 1
        self._follow(self._top)

    def clear(self) -> None:
        """Drop all."""
        if self._top is not None:
            self._drop(self._top)

    def owner(self, watch: int) -> Folder | None:
        """The folder that a watch speaks of."""
        return self._owners.get(watch)

    def lost(self, watch: int) -> Folder | None:
        """The watch has ended by itself; returns the folder that it belonged to."""
        folder = self._owners.pop(watch, None)
        if folder is not None and folder.watch == watch:
            folder.watch = None
        return folder

    def appeared(self, folder: Folder, name: str) -> events.Event | None:
        """A folder `name` was made in, or moved into, `folder`. None: it is ignored."""
        path = _join(folder.path, name)
        if self._ignore.is_ignored(path, True):
            return None
        child = folder.children.get(name) or self._new(folder, name)
        if child is not None:
            self._follow(child)
        return events.FolderAppeared(path)

    def gone(self, folder: Folder, name: str) -> events.Event | None:
        """A folder `name` was deleted in, or moved out of, `folder`. None: it was ignored."""
        path = _join(folder.path, name)
        child = folder.children.get(name)
        if child is not None:
            self._drop(child)
        elif self._ignore.is_ignored(path, True):
            return None
        return events.FolderGone(path)

    def attributes_changed(self, folder: Folder, name: str) -> events.Event | None:
        """Permissions or times of the folder `name` changed. None: it can be read as before."""
        child = folder.children.get(name)
        if child is None:
            return None
        is_readable = os.access(self._os_path(child.path), os.R_OK | os.X_OK)
        if is_readable == child.is_readable:
            return None
        self._follow(child)
        return events.FolderAppeared(child.path)

    def compare(self) -> Iterator[events.Event]:
        """Look at the folders that have no watch; yields what has changed in them since the last look."""
        if self._notifier is not None and self._polled:
            yield from self._try_watching_again()
        for folder in list(self._polled):
            if folder in self._polled:
                yield from self._compare(folder)

    def _follow(self, top: Folder) -> None:
        level = [top]
        while level:
            found: list[tuple[Folder, list[str]]] = []
            for folder in level:
                if self._add_watch(folder):
                    found.append((folder, self._read(folder)))
                else:
                    self._drop(folder)
            level = []
            # One question for all of a level: asking git costs more than all the rest.
            for folder, kept in self._unignored(found):
                for name in folder.children.keys() - kept:
                    self._drop(folder.children[name])
                for name in kept:
                    child = folder.children.get(name) or self._new(folder, name)
                    if child is not None:
                        level.append(child)

    def _unignored(self, found: list[tuple[Folder, list[str]]]) -> Iterator[tuple[Folder, list[str]]]:
        """The folders in each folder that are not ignored."""
        paths = [_join(folder.path, name) for folder, inner in found for name in inner]
        answers = iter(self._ignore.are_ignored(paths, True))
        for folder, inner in found:
            yield folder, [name for name in inner if not next(answers)]

    def _new(self, parent: Folder, name: str) -> Folder | None:
        if self._n_folders >= _MAX_FOLDERS:
            self._is_cut = True
            return None
        self._n_folders += 1
        child = parent.children[name] = Folder(_join(parent.path, name), parent)
        return child

    def _drop(self, top: Folder) -> None:
        if top.parent is None:
            self._top = None
        else:
            top.parent.children.pop(top.path.rpartition("/")[2], None)
        todo = [top]
        while todo:
            folder = todo.pop()
            todo += folder.children.values()
            folder.children = {}
            self._n_folders -= 1
            self._polled.pop(folder, None)
            self._remember(folder, None)
            self._unreadable.pop(folder.path, None)
            if folder.has_rules:
                self._ignore.forget(folder.path)
            self._remove_watch(folder)

    def _remove_watch(self, folder: Folder) -> None:
        watch, folder.watch = folder.watch, None
        if watch is not None and self._owners.get(watch) is folder:
            del self._owners[watch]
            assert self._notifier is not None
            self._notifier.remove(watch)

    def _add_watch(self, folder: Folder) -> bool:
        """Watch the folder, or mark it for comparing; False where it has gone. Idempotent."""
        if self._notifier is None or (folder.watch is None and self.n_watches >= self._max_watches):
            self._polled[folder] = None
            return True
        try:
            watch = self._notifier.add(os.fsencode(self._os_path(folder.path)))
        except OSError as exc:
            if exc.errno in _GONE:
                return False
            self._remove_watch(folder)
            if exc.errno == errno.ENOSPC:
                self._polled[folder] = None
            return True
        if folder.watch != watch:
            # Another folder stands at this path than before.
            self._remove_watch(folder)
        folder.watch = watch
        self._remember(folder, None)
        self._polled.pop(folder, None)
        self._owners[watch] = folder
        return True

    def _read(self, folder: Folder) -> list[str]:
        """Names of the folders in it, ignored ones too; takes the listing of its files where it is compared."""
        files: _Files | None = {} if folder in self._polled else None
        # Read before the entries: a change in between must show the next time.
        folder.stamp = None if files is None else _stamp(self._os_path(folder.path))
        try:
            found = self._list(folder, files)
        except OSError as exc:
            self._set_readable(folder, exc.errno in _GONE)
            found = []
        else:
            self._set_readable(folder, True)
        self._remember(folder, files)
        return found

    def _remember(self, folder: Folder, files: _Files | None) -> None:
        self._n_files -= len(folder.files or ())
        if files and self._n_files + len(files) > _MAX_FILES:
            self._is_cut = True
            files = {}
        self._n_files += len(files or ())
        folder.files = files

    def _list(self, folder: Folder, files: _Files | None) -> list[str]:
        folders: list[str] = []
        rule_files: _Files = {}
        has_rules = False
        with os.scandir(self._os_path(folder.path)) as found:
            for item in found:
                has_rules |= item.name in RULE_FILES
                if item.name == ".git":
                    # Its coming and going changes the rules, its content does not.
                    rule_files[".git"] = (0, 0, 0, 0)
                elif item.is_dir(follow_symlinks=False):
                    folders.append(names.path_from_os(item.name))
                elif files is not None:
                    _note(item, files)
        if has_rules != folder.has_rules:
            folder.has_rules = has_rules
            self._ignore.forget(folder.path)
        if files is not None:
            rule_files |= {name: files[name] for name in RULE_FILES if name in files}
            answers = self._ignore.are_ignored([_join(folder.path, name) for name in files], False)
            for name in [name for name, is_ignored in zip(files, answers, strict=True) if is_ignored]:
                del files[name]
            files |= rule_files
        return folders

    def _set_readable(self, folder: Folder, is_readable: bool) -> None:
        folder.is_readable = is_readable
        if is_readable:
            self._unreadable.pop(folder.path, None)
        else:
            self._unreadable[folder.path] = None

    def _compare(self, folder: Folder) -> Iterator[events.Event]:
        before, stamp = folder.files or {}, folder.stamp
        if not os.path.lexists(self._os_path(folder.path)) and folder.parent is not None:
            # The folder above is compared too, unless it is watched: then an event has said it.
            self._drop(folder)
            yield events.FolderGone(folder.path)
            return
        [(_, folders)] = self._unignored([(folder, self._read(folder))])
        after = folder.files or {}
        if stamp is None or folder.stamp != stamp:
            yield events.FolderAppeared(folder.path)
        for name in before.keys() - after.keys():
            yield events.Removed(_join(folder.path, name))
        for name, signature in after.items():
            if before.get(name) != signature:
                yield events.Changed(_join(folder.path, name))
        for name in folder.children.keys() - folders:
            self._drop(folder.children[name])
            yield events.FolderGone(_join(folder.path, name))
        for name in [name for name in folders if name not in folder.children]:
            appeared = self.appeared(folder, name)
            if appeared is not None:
                yield appeared

    def _try_watching_again(self) -> Iterator[events.Event]:
        """Watches may be free again. A folder that gets one is compared once more, behind the watch."""
        for folder in list(self._polled):
            if folder not in self._polled:
                continue
            before = folder.files or {}
            if not self._add_watch(folder):
                self._drop(folder)
                yield events.FolderGone(folder.path)
                continue
            if folder in self._polled:
                break
            self._remember(folder, before)
            self._polled[folder] = None
            yield from self._compare(folder)
            self._polled.pop(folder, None)
            self._remember(folder, None)

    def _os_path(self, path: str) -> str:
        return f"{self._root}/{names.path_to_os(path)}" if path else self._root


def _stamp(folder: str) -> tuple[int, int] | None:
    try:
        found = os.stat(folder, follow_symlinks=False)
    except OSError:
        return None
    is_young = abs(time.time_ns() - found.st_mtime_ns) < _COARSEST_CLOCK_NS
    return None if is_young else (found.st_mtime_ns, found.st_ctime_ns)


def _note(item: os.DirEntry[str], files: _Files) -> None:
    try:
        if item.is_file(follow_symlinks=False):
            found = item.stat(follow_symlinks=False)
            files[names.path_from_os(item.name)] = (
                found.st_size,
                found.st_mtime_ns,
                found.st_ctime_ns,
                found.st_ino,
            )
    except OSError:
        # Gone while the folder was read.
        return


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
