"""A project that a real daemon serves, for tests of what it answers."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import projects

from indexer import client


class Served:
    """A project's folder, a connection to its daemon, and the environment that the daemon was started in."""

    def __init__(self, root: Path, daemon: client.Client, environ: Mapping[str, str]) -> None:
        self.root = root
        self.daemon = daemon
        self.environ = environ

    def ask(self, method: str, **params: Any) -> Any:
        """The answer to one request."""
        return self.daemon.call(method, params)

    def settle(self) -> None:
        """Wait until nothing is left to be read, late echoes of saves included."""
        while not (synced := self.ask("index.sync"))["complete"] or synced["pending"]:
            pass

    def place(self, where: str) -> dict[str, Any]:
        """Path, line (from 1) and column (from 0) of the '|' in 'path: text before|text after', a line of that file."""
        path, _, text = where.partition(": ")
        before, _, after = text.partition("|")
        for number, line in enumerate((self.root / path).read_text().splitlines(), 1):
            found = line.find(before + after)
            if found >= 0:
                return {"path": path, "line": number, "column": len(line[: found + len(before)].encode())}
        raise AssertionError(f"{path} has no line with {before + after!r}")


@contextlib.contextmanager
def served(dsn: str, files: Mapping[str, str], prepare: Any = None) -> Iterator[Served]:
    """A daemon on a fresh folder with these files, with its index in the database at `dsn`; both are gone afterwards.

    `prepare` is called with the root before the daemon starts.
    """
    # A socket's path has no room for pytest's folders.
    base = Path(tempfile.mkdtemp(prefix="served-", dir="/tmp")).resolve()
    root = projects.write(base / "project", dict(files))
    sizes = {"INDEXER_DATABASE_POOL_MIN": "1", "INDEXER_DATABASE_POOL_MAX": "5", "INDEXER_INDEX_WORKERS": "1"}
    environ = {**os.environ, **sizes, "INDEXER_DSN": dsn, "XDG_RUNTIME_DIR": str(base)}
    try:
        if prepare is not None:
            prepare(root)
        with client.ensure(root, environ) as daemon:
            project = Served(root, daemon, environ)
            project.settle()
            yield project
    finally:
        client.stop(root, environ)
        shutil.rmtree(base)
