"""What a watcher says: a closed set of events, and its status.

An event is a hint where to look, never a fact about what is there: by the time that it is read, the disk
may have moved on. So the reader looks at the disk for each of them, and equal hints can be merged. Every
event arrives after the change that it speaks of. Paths are relative to the root with '/' between the parts
(see `names`); '' is the root itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Changed:
    """A file was written, made, linked, moved here or changed in its attributes."""

    path: str


@dataclass(frozen=True, slots=True)
class Removed:
    """A file was deleted or moved away."""

    path: str


@dataclass(frozen=True, slots=True)
class FolderAppeared:
    """Everything known beneath the folder must be compared with the disk; it is already watched.

    Said of folders that were made, moved here, or in which something came or went that could not be seen singly
    (polling). '' is the whole tree.
    """

    path: str


@dataclass(frozen=True, slots=True)
class FolderGone:
    """The folder was deleted or moved away with all that was in it."""

    path: str


@dataclass(frozen=True, slots=True)
class Rescan:
    """Events were lost: everything must be compared with the disk."""

    reason: str


@dataclass(frozen=True, slots=True)
class RootGone:
    """The root was deleted, moved away or replaced; nothing is watched until `RootBack`."""


@dataclass(frozen=True, slots=True)
class RootBack:
    """A root is there again and watched: everything must be compared with the disk."""


@dataclass(frozen=True, slots=True)
class IgnoreChanged:
    """Other files than before are ignored: list the tree again."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """All that was saved before `Watcher.cookie` returned `number`, or a lower number, has been said."""

    number: int


Event: TypeAlias = Changed | Removed | FolderAppeared | FolderGone | Rescan | RootGone | RootBack | IgnoreChanged | Cookie

Mode: TypeAlias = Literal["starting", "inotify", "observer", "polling", "mixed"]


@dataclass(frozen=True, slots=True)
class Status:
    """How the tree is watched; `mixed` is inotify with some folders polled.

    `limit` is a sentence with the setting to change when a limit of the system was reached. `problems` are
    sentences about folders that cannot be read and ignore rules that cannot be followed.
    """

    mode: Mode
    n_watches: int
    n_polled: int
    is_root_present: bool
    n_overflows: int = 0
    limit: str | None = None
    problems: tuple[str, ...] = ()
