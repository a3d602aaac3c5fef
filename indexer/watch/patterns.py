"""Ignore rules without git: `.gitignore` files as pathspec reads them, in a folder that is no repository.

Also stands in where git refuses a repository (another owner). pathspec agrees with git on ordinary files
and differs on some contrived ones, so git itself is asked wherever it answers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Final

import pathspec

from indexer.watch import names

IGNORE_FILE: Final = ".gitignore"
#: A longer ignore file is cut here.
_MAX_BYTES: Final = 1 << 20
#: Folders remembered; past it everything is read again.
_MAX_FOLDERS: Final = 100_000


def compile_lines(lines: Iterable[str]) -> pathspec.GitIgnoreSpec:
    """The rules of an ignore file; a line that is no pattern is skipped, as git does."""
    patterns: list[str] = []
    for line in lines:
        try:
            pathspec.GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        patterns.append(line)
    return pathspec.GitIgnoreSpec.from_lines(patterns)


class FolderRules:
    """The `.gitignore` files of one folder's tree, read when first needed and kept until `forget`."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._specs: dict[str, pathspec.GitIgnoreSpec | None] = {}
        self._ignored_folders: dict[str, bool] = {}

    def check(self, paths: Sequence[str]) -> list[bool]:
        """Whether each path, relative to the folder, is ignored; folders end in '/'."""
        if len(self._ignored_folders) > _MAX_FOLDERS:
            self.forget()
        return [self._is_ignored(path) for path in paths]

    def forget(self) -> None:
        """An ignore file has changed: read all of them again."""
        self._specs.clear()
        self._ignored_folders.clear()

    def _is_ignored(self, path: str) -> bool:
        if not path.endswith("/"):
            return self._is_within_ignored(path) or self._decide(path)
        known = self._ignored_folders.get(path)
        if known is None:
            known = self._is_within_ignored(path[:-1]) or self._decide(path)
            self._ignored_folders[path] = known
        return known

    def _is_within_ignored(self, path: str) -> bool:
        """What lies in an ignored folder is ignored, whatever the rules inside say."""
        container = path.rpartition("/")[0]
        return container != "" and self._is_ignored(container + "/")

    def _decide(self, path: str) -> bool:
        """The nearest ignore file that says something decides."""
        container = path.rstrip("/").rpartition("/")[0]
        while True:
            spec = self._spec(container)
            if spec is not None:
                said = spec.check_file(path[len(container) + 1 :] if container else path).include
                if said is not None:
                    return said
            if not container:
                return False
            container = container.rpartition("/")[0]

    def _spec(self, container: str) -> pathspec.GitIgnoreSpec | None:
        if container not in self._specs:
            self._specs[container] = self._read(container)
        return self._specs[container]

    def _read(self, container: str) -> pathspec.GitIgnoreSpec | None:
        file = os.path.join(self._folder, names.path_to_os(container), IGNORE_FILE)
        lines = _read_lines(file)
        if not container:
            # Weaker than the folder's own, so they come first.
            lines = _read_lines(os.path.join(self._folder, ".git", "info", "exclude")) + lines
        return compile_lines(lines) if lines else None


def _read_lines(file: str) -> list[str]:
    """Its lines; none when it is missing, unreadable or, as with git, a symbolic link."""
    try:
        fd = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return []
    try:
        with os.fdopen(fd, "rb") as stream:
            content = stream.read(_MAX_BYTES)
    except OSError:
        # A folder by that name.
        return []
    return [line.rstrip("\r") for line in names.path_from_bytes(content).split("\n")]
