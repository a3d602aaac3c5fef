"""How anchors look at the code: the present index, and the files on disk."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Protocol, TypeAlias
from uuid import UUID

from indexer import errors
from indexer.store import anchored_code, connect
from indexer.watch import names, secrets

Definition: TypeAlias = anchored_code.Definition

#: Bytes of a file that an anchor looks at.
MAX_FILE_BYTES: Final = 4 << 20


class Code(Protocol):
    """What anchors ask about the code. Definitions are neither imports nor modules."""

    async def symbols_by_qualified_name(self, qualified_names: Collection[str]) -> Sequence[Definition]:
        """The definitions of these names, in any file."""

    async def symbols_by_name(self, names: Collection[str]) -> Sequence[Definition]:
        """The definitions whose last segment is one of these."""

    async def symbols_at_path(self, paths: Collection[str]) -> Sequence[Definition]:
        """The definitions in these files."""

    async def symbols_by_size(self, kind: str, sizes: Collection[int]) -> Sequence[Definition]:
        """The definitions of a kind whose text has one of these numbers of UTF-8 bytes; may be slow."""

    async def symbol(self, symbol_id: UUID) -> Definition | None:
        """One definition."""

    async def paths_near(self, paths: Collection[str]) -> Sequence[str]:
        """The files that have the name of one of these, or lie in the same folder."""

    async def file_texts(self, paths: Collection[str]) -> Mapping[str, str]:
        """The texts of those files that are there and hold no secrets."""


@dataclass(frozen=True, slots=True)
class Project:
    """The code of an indexed project, with its files under `root`."""

    database: connect.Database
    id: UUID
    root: str

    async def symbols_by_qualified_name(self, qualified_names: Collection[str]) -> Sequence[Definition]:
        """See Code."""
        return await anchored_code.by_qualified_names(self.database, self.id, qualified_names)

    async def symbols_by_name(self, names: Collection[str]) -> Sequence[Definition]:
        """See Code."""
        return await anchored_code.by_names(self.database, self.id, names)

    async def symbols_at_path(self, paths: Collection[str]) -> Sequence[Definition]:
        """See Code."""
        return await anchored_code.at_paths(self.database, self.id, paths)

    async def symbols_by_size(self, kind: str, sizes: Collection[int]) -> Sequence[Definition]:
        """See Code."""
        return await anchored_code.of_sizes(self.database, self.id, kind, sizes)

    async def symbol(self, symbol_id: UUID) -> Definition | None:
        """See Code."""
        return await anchored_code.by_id(self.database, self.id, symbol_id)

    async def paths_near(self, paths: Collection[str]) -> Sequence[str]:
        """See Code."""
        return await anchored_code.paths_near(self.database, self.id, paths)

    async def file_texts(self, paths: Collection[str]) -> Mapping[str, str]:
        """See Code."""
        return await asyncio.to_thread(_read_all, self.root, sorted(paths))


def check_path(path: str) -> str:
    """A path relative to the project's root in its plain form. Raises InvalidRequest for one that leads out of it."""
    plain = PurePosixPath(path)
    if not path or plain.is_absolute() or ".." in plain.parts or "\0" in path or str(plain) == ".":
        raise errors.InvalidRequest(f"about: {path!r} is not a path inside the project.", "about")
    return str(plain)


def files_of(root: str, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The bytes of those of the paths that are regular files inside the root, each up to MAX_FILE_BYTES.

    What lies behind a symbolic link is left out, and the files are not looked at: they may hold secrets. A folder stays open for the
    paths in it that follow, so sorted ones are quickest.
    """
    opened: list[tuple[bytes, int]] = []
    try:
        opened.append((b"", os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)))
        for path in paths:
            data = _read(opened, path)
            if data is not None:
                yield path, data
    except OSError:
        return
    finally:
        for _, folder in opened:
            os.close(folder)


def _read_all(root: str, paths: Sequence[str]) -> dict[str, str]:
    return {
        path: data.decode("utf-8", "replace").replace("\0", "")
        for path, data in files_of(root, paths)
        if not secrets.has_secret_shape(data)
    }


def _read(opened: list[tuple[bytes, int]], path: str) -> bytes | None:
    """The bytes of a file; `opened` are the folders from the root on that are open, and are then those around the file."""
    *folders, last = names.path_to_bytes(path).split(b"/")
    if b".." in folders or b"\0" in last:
        return None
    try:
        folder = _folder(opened, folders)
        file = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except (OSError, ValueError):
        return None
    try:
        found = os.fstat(file)
        return _read_up_to(file, min(found.st_size, MAX_FILE_BYTES)) if stat.S_ISREG(found.st_mode) else None
    except OSError:
        return None
    finally:
        os.close(file)


def _folder(opened: list[tuple[bytes, int]], folders: Sequence[bytes]) -> int:
    """The folder of these names below the root, opened without following links. Raises OSError."""
    n_common = 1
    while n_common < len(opened) and n_common <= len(folders) and opened[n_common][0] == folders[n_common - 1]:
        n_common += 1
    while len(opened) > n_common:
        os.close(opened.pop()[1])
    for name in folders[n_common - 1 :]:
        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=opened[-1][1])
        opened.append((name, inner))
    return opened[-1][1]


def _read_up_to(file: int, size: int) -> bytes:
    """So many bytes, or up to the end: a file may have grown or shrunk since its size was asked for."""
    first = os.read(file, size)
    if len(first) == size or not first:
        return first
    parts = [first]
    size -= len(first)
    while size > 0 and (part := os.read(file, size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
