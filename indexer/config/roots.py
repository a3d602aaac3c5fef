"""Which folder is the project, and where the user's own files lie: the rules that every command shares.

Light on purpose, even without pathlib (10 ms): every command of the command line comes through here.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from indexer import errors, sockets

#: The config that may lie at the root of an indexed tree.
TREE_FILE: Final = ".indexer.toml"
_MARKS: Final = (TREE_FILE, ".git")
_REGISTRY: Final = "projects"


def project_root(given: str | None, environ: Mapping[str, str], start: str | None = None) -> str:
    """The canonical root of the project that is meant.

    `given` is what the user named: it is the root. Else it is the nearest ancestor of `start` (the current
    folder) that is registered, has a config or `.git`, else `start` itself. UsageError when it is no folder,
    or when only that last rule would choose a home folder or the file system's root.
    """
    if given is not None:
        return _folder(os.path.expanduser(given))
    here = _folder(start or _current())
    if (marked := marked_root(here, environ)) is not None:
        return marked
    if here in ("/", os.path.realpath(os.path.expanduser("~"))):
        raise errors.UsageError(
            f"No project is here, and {here} as a whole is rarely meant. "
            "Go to a project's folder, or name it: --project FOLDER"
        )
    return here


def marked_root(folder: str, environ: Mapping[str, str]) -> str | None:
    """The nearest of a canonical folder and those above it that is registered, has a config or `.git`."""
    known = set(registered(environ))
    for each in _ancestors(folder):
        if each in known or any(os.path.lexists(os.path.join(each, mark)) for mark in _MARKS):
            return each
    return None


def home(environ: Mapping[str, str]) -> str:
    """The data folder: INDEXER_HOME, else `indexer` in the user's XDG data folder; always absolute."""
    if chosen := environ.get("INDEXER_HOME"):
        return os.path.abspath(os.path.expanduser(chosen))
    return os.path.join(_xdg_folder(environ, "XDG_DATA_HOME", "~/.local/share"), "indexer")


def user_file(environ: Mapping[str, str]) -> str:
    """Where the user's config lies or would lie: INDEXER_CONFIG, else under the XDG config folder."""
    if chosen := environ.get("INDEXER_CONFIG"):
        return os.path.abspath(os.path.expanduser(chosen))
    return os.path.join(_xdg_folder(environ, "XDG_CONFIG_HOME", "~/.config"), "indexer", "config.toml")


def log_file(root: str, environ: Mapping[str, str]) -> str:
    """Where the daemon of a project (its canonical root) writes its log."""
    return os.path.join(home(environ), "logs", f"{sockets.project_key(root)}.log")


def registered(environ: Mapping[str, str]) -> list[str]:
    """Every project that was ever served here, in the order of its first time."""
    try:
        with open(os.path.join(home(environ), _REGISTRY), "rb") as file:
            data = file.read()
    except OSError:
        return []
    # A name may hold a newline, so a NUL ends each.
    return [os.fsdecode(name) for name in data.split(b"\0") if name]


def register(root: str, environ: Mapping[str, str]) -> None:
    """Remember a project; Unavailable when the data folder cannot be written."""
    _rewrite(environ, lambda known: known if root in known else [*known, root])


def unregister(root: str, environ: Mapping[str, str]) -> None:
    """Forget a project that is gone or has moved."""
    _rewrite(environ, lambda known: [each for each in known if each != root])


def _rewrite(environ: Mapping[str, str], change: Callable[[list[str]], list[str]]) -> None:
    folder = home(environ)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with _locked(folder):
            known = registered(environ)
            if (changed := change(known)) != known:
                _replace(os.path.join(folder, _REGISTRY), b"".join(os.fsencode(root) + b"\0" for root in changed))
    except OSError as problem:
        raise errors.Unavailable(
            f"The data folder {folder} cannot be written: {problem.strerror}. "
            "Set INDEXER_HOME to a folder of your own."
        ) from problem


@contextlib.contextmanager
def _locked(folder: str) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(path: str, data: bytes) -> None:
    draft = f"{path}.draft"
    with open(draft, "wb") as file:
        file.write(data)
    os.replace(draft, path)


def _ancestors(folder: str) -> Iterator[str]:
    """The folder and all above it."""
    yield folder
    while (above := os.path.dirname(folder)) != folder:
        yield (folder := above)


def _folder(name: str) -> str:
    """The canonical folder of that name; UsageError when it is none that can be read."""
    path = os.path.realpath(name)
    if not os.path.exists(path):
        raise errors.UsageError(f"There is no folder {name}.")
    if not os.path.isdir(path):
        raise errors.UsageError(f"{name} is a file; name the project's folder.")
    if not os.access(path, os.R_OK | os.X_OK):
        raise errors.UsageError(f"You may not read the folder {name}.")
    return path


def _current() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:
        raise errors.UsageError("The current folder is gone; change to one that exists.") from None


def _xdg_folder(environ: Mapping[str, str], name: str, default: str) -> str:
    # The XDG specification has relative paths ignored.
    given = environ.get(name, "")
    return given if os.path.isabs(given) else os.path.expanduser(default)
