"""Listing a tree: every regular file that is not ignored, with its signature.

Symbolic links are never followed, neither to files nor to folders. The order is that of the paths' bytes,
so that where a limit cuts the listing, it cuts at the same file each time. In a repository git lists (`git
ls-files`, some 1 µs a file); elsewhere, and where the config un-ignores files, folders are read one by one.
"""

from __future__ import annotations

import heapq
import logging
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from indexer import model
from indexer.watch import git, names
from indexer.watch.ignore import Ignore, standard_excludes

logger = logging.getLogger(__name__)

_GIT_CANNOT_READ: Final = re.compile(r"could not open directory '(.*)/?': ")
#: Sentences about unreadable folders are for people: more of them say nothing more.
_MAX_UNREADABLE: Final = 1_000


#: Says of a path whether it is to be listed.
Wanted: TypeAlias = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it was seen; `path` is relative to the root (see `names`)."""

    path: str
    signature: model.Signature


class Walk(Iterator[Entry]):
    """A listing under way; what could not be listed is known when it has ended."""

    def __init__(self, root: str, ignore: Ignore, limit: int, under: str, is_wanted: Wanted) -> None:
        self._is_wanted = is_wanted
        self._root = root
        self._ignore = ignore
        self._limit = limit
        self._real_folders: dict[str, bool] = {"": True}
        self._rules_starts: dict[str, str] = {}
        self._entries = self._limited(under)
        #: Folders that could not be read, relative to the root; at most 1,000.
        self.unreadable: list[str] = []
        #: Whether there are more wanted files than `limit`.
        self.is_cut = False

    def __next__(self) -> Entry:
        return next(self._entries)

    def close(self) -> None:
        """End early."""
        self._entries.close()  # type: ignore[attr-defined]

    def _limited(self, under: str) -> Iterator[Entry]:
        wanted = (entry for entry in self._beneath(under) if self._is_wanted(entry.path))
        for n_before, entry in enumerate(wanted):
            if n_before >= self._limit:
                self.is_cut = True
                return
            yield entry

    def _beneath(self, under: str) -> Iterator[Entry]:
        if not self._is_real_folder(under):
            yield from self._file(under)
        elif not under or not self._ignore.is_ignored(under, True):
            yield from self._folder(under)

    def _file(self, path: str) -> Iterator[Entry]:
        if self._is_real_folder(path.rpartition("/")[0]) and not self._ignore.is_ignored(path, False):
            signature = _regular(self._os_path(path))
            if signature is not None:
                yield Entry(path, signature)

    def _folder(self, folder: str) -> Iterator[Entry]:
        start = self._ignore.rules_start(folder)
        if self._ignore.has_includes or not self._ignore.is_listed_by_git(start):
            yield from self._read_folders(folder)
            return
        last = ""
        try:
            for entry in self._ask_git(start, folder):
                last = entry.path
                yield entry
        except git.Refused as exc:
            logger.info("git cannot list", extra={"folder": start, "complaint": str(exc)})
            # Both ways list in the same order: go on behind the last file.
            yield from (entry for entry in self._read_folders(folder) if _order(entry.path) > _order(last))

    def _ask_git(self, start: str, under: str) -> Iterator[Entry]:
        """What the repository that begins at `start` tracks and what it would add, beneath `under`."""
        prefix = start + "/" if start else ""
        inner = None
        for listed in self._list_by_git(start, under):
            path = prefix + names.path_from_bytes(listed)
            container = path.rpartition("/")[0]
            if inner is not None and _is_in(path, inner):
                continue
            if (inner := self._inner_repository(container, start)) is not None:
                yield from self._nested(inner)
            elif path.endswith("/"):
                # git takes it for a repository of its own, and then does not open it as one.
                yield from self._read_folders(container)
            elif not self._ignore.is_excluded(path) and self._is_real_folder(container):
                yield from self._listed(path)

    def _inner_repository(self, container: str, start: str) -> str | None:
        """The outermost repository within that of `start` that a folder belongs to: its rules count in it.

        git does not look into such folders, unless it tracks files there.
        """
        found = None
        while len(inner := self._rules_start(container)) > len(start):
            found, container = inner, inner.rpartition("/")[0]
        return found

    def _rules_start(self, folder: str) -> str:
        known = self._rules_starts.get(folder)
        if known is None:
            known = self._rules_starts[folder] = self._ignore.rules_start(folder)
        return known

    def _listed(self, path: str) -> Iterator[Entry]:
        try:
            found = os.lstat(self._os_path(path))
        except OSError:
            # Tracked, and deleted from the disk.
            return
        if stat.S_ISREG(found.st_mode):
            yield Entry(path, _signature(found))
        elif stat.S_ISDIR(found.st_mode) and self._ignore.rules_start(path) == path:
            # A submodule.
            yield from self._nested(path)

    def _nested(self, folder: str) -> Iterator[Entry]:
        if self._is_real_folder(folder) and not self._ignore.is_ignored(folder, True):
            yield from self._folder(folder)

    def _list_by_git(self, repository: str, under: str) -> Iterator[bytes]:
        folder = self._os_path(repository)
        inside = names.path_to_bytes(under[len(repository) :].lstrip("/"))
        complaints: list[str] = []
        tracked = git.list_names(folder, "-c", under=inside, complaints=complaints)
        others = git.list_names(folder, "-o", *standard_excludes(), under=inside, complaints=complaints)
        last = None
        self._ignore.note_listing(repository)
        try:
            for name in heapq.merge(others, tracked):
                # A file in a merge conflict is listed once for each side.
                if name != last:
                    yield name
                last = name
        finally:
            others.close()  # type: ignore[attr-defined]
            tracked.close()  # type: ignore[attr-defined]
            self._ignore.note_listing(repository)
        for complaint in complaints:
            if match := _GIT_CANNOT_READ.search(complaint):
                self._report_unreadable(f"{repository}/{match[1]}".strip("/"))

    def _read_folders(self, top: str) -> Iterator[Entry]:
        """By reading each folder. (A stack of iterators would keep a folder open for each level.)"""
        todo: list[Entry | str] = [top]
        while todo:
            item = todo.pop()
            if isinstance(item, Entry):
                yield item
            else:
                todo += reversed(self._read_folder(item))

    def _read_folder(self, folder: str) -> list[Entry | str]:
        """Its files as entries and its folders as paths, in order, without the ignored ones."""
        files: dict[str, os.stat_result] = {}
        folders: list[str] = []
        start = folder + "/" if folder else ""
        try:
            with os.scandir(self._os_path(folder)) as found:
                for item in found:
                    path = start + names.path_from_os(item.name)
                    if item.is_dir(follow_symlinks=False):
                        folders.append(path)
                    elif item.is_file(follow_symlinks=False) and (known := _stat_of(item)) is not None:
                        files[path] = known
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError:
            self._report_unreadable(folder)
            return []
        kept: list[tuple[bytes, Entry | str]] = [
            (_order(path), Entry(path, _signature(files[path])))
            for path, is_out in zip(files, self._ignore.are_ignored(list(files), False), strict=True)
            if not is_out
        ]
        kept += [
            (_order(path + "/"), path)
            for path, is_out in zip(folders, self._ignore.are_ignored(folders, True), strict=True)
            if not is_out
        ]
        kept.sort(key=lambda pair: pair[0])
        return [item for _, item in kept]

    def _is_real_folder(self, folder: str) -> bool:
        """Whether it is a folder and no part of the way to it is a symbolic link."""
        known = self._real_folders.get(folder)
        if known is None:
            known = self._is_real_folder(folder.rpartition("/")[0]) and is_folder(self._os_path(folder))
            self._real_folders[folder] = known
        return known

    def _report_unreadable(self, folder: str) -> None:
        if len(self.unreadable) < _MAX_UNREADABLE:
            self.unreadable.append(folder or ".")

    def _os_path(self, path: str) -> str:
        return f"{self._root}/{names.path_to_os(path)}" if path else self._root


def walk(root: str, ignore: Ignore, limit: int, under: str = "", is_wanted: Wanted = lambda path: True) -> Walk:
    """List the regular files beneath `root`, or of them those that are or lie in `under`; at most `limit` of those that are wanted.

    Never raises for what is on the disk: a root that is missing has no files. Read `is_cut` and
    `unreadable` at the end.
    """
    return Walk(root, ignore, limit, under, is_wanted)


def signature_of(root: str, path: str) -> model.Signature | None:
    """The signature of the regular file at `path` beneath `root`.

    None where there is nothing, something else, or a symbolic link on the way: what lies behind one is not
    of this tree. Says nothing about ignoring.
    """
    parts = names.path_to_os(path).split("/")
    if any(part in {"", ".", ".."} for part in parts):
        return None
    folder = root
    for part in parts[:-1]:
        folder = f"{folder}/{part}"
        if not is_folder(folder):
            return None
    return _regular(f"{folder}/{parts[-1]}")


def is_folder(path: str) -> bool:
    """Whether it is a folder, and no symbolic link to one."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def _regular(file: str) -> model.Signature | None:
    try:
        found = os.lstat(file)
    except (OSError, ValueError):
        return None
    return _signature(found) if stat.S_ISREG(found.st_mode) else None


def _signature(found: os.stat_result) -> model.Signature:
    return model.Signature(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _stat_of(item: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return item.stat(follow_symlinks=False)
    except OSError:
        return None


def _is_in(path: str, folder: str) -> bool:
    return path.startswith(folder + "/")


def _order(path: str) -> bytes:
    return names.path_to_bytes(path)
