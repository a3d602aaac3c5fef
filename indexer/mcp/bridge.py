"""The connections of the tools to the daemons of the projects that are asked about."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer import config, errors
from indexer.client import asynchronous
from indexer.protocol import messages

#: Told how far the daemon is: seconds since the call, and a phrase.
Report = Callable[[float, str], None]
#: Gives the folders that the client works in.
Roots = Callable[[], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Call:
    """What a tool asks through. Every question waits for the saves made before it, with progress."""

    bridge: Bridge
    report: Report

    async def ask(self, method: str, **params: Any) -> Any:
        """The answer to a question about the index, which may be asked twice."""
        return await self.bridge.ask(method, {"sync": True, **params}, self.report)

    async def tell(self, method: str, **params: Any) -> Any:
        """The answer to a request that changes something; one that may have been heard is not repeated."""
        return await self.bridge.tell(method, params, self.report)

    @property
    def root(self) -> str:
        """The project's folder."""
        return self.bridge.root


class Bridges:
    """The daemons of all projects that were asked about; `folder` is the one that is meant where none is named."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._by_root: dict[str, Bridge] = {}

    async def to(self, project: str | None, roots: Roots) -> Bridge:
        """The daemon of the project that is meant; UsageError when it is none. Found at each call: the folder may come later."""
        root = await self._own(roots) if project is None else _named(project)
        return self._by_root.setdefault(root, Bridge(root))

    async def _own(self, roots: Roots) -> str:
        """The project named at the start, else the one around the current folder, else the first that the client works in."""
        if self._folder is None and config.marked_root(os.path.realpath(os.curdir), os.environ) is None:
            around = [config.marked_root(os.path.realpath(folder), os.environ) for folder in await roots()]
            if found := next(filter(None, around), None):
                return found
        return config.project_root(self._folder, os.environ)

    async def close(self) -> None:
        """Hang up; the daemons live on."""
        for bridge in self._by_root.values():
            await bridge.close()


def _named(project: str) -> str:
    """The project by a folder in it, or by its own folder's name. Only what is one already: a model may name anything."""
    known = config.registered(os.environ)
    if os.path.isabs(project):
        found = [root for root in [config.marked_root(os.path.realpath(project), os.environ)] if root is not None]
    else:
        found = [root for root in known if os.path.basename(root) == project]
    if len(found) != 1:
        wrong = "is the name of several projects" if found else "is no project"
        there = ", ".join(found or known) or "none yet"
        raise errors.UsageError(f"{project} {wrong}. Give the folder of one; known are: {there}.")
    return found[0]


class Bridge:
    """Asks the daemon of one project; starts it when first needed, and again when it is gone."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._daemon: asynchronous.AsyncClient | None = None
        self._connecting = asyncio.Lock()

    async def ask(self, method: str, params: Mapping[str, Any], report: Report) -> Any:
        """The daemon's answer; asked once more where the daemon ended in between."""
        try:
            return await self.tell(method, params, report)
        except errors.DaemonUnavailable:
            return await self.tell(method, params, report)

    async def tell(self, method: str, params: Mapping[str, Any], report: Report) -> Any:
        """The daemon's answer. Raises as `AsyncClient.call` does."""
        began = time.monotonic()

        def on_progress(progress: messages.Progress) -> None:
            of_all = "" if progress.total is None else f" of {progress.total:,}"
            report(time.monotonic() - began, f"{progress.stage}: {progress.done:,}{of_all}")

        daemon = await self._connected()
        return await daemon.call(method, params, on_progress=on_progress)

    async def close(self) -> None:
        """Hang up; the daemon lives on."""
        if self._daemon is not None:
            await self._daemon.close()

    async def _connected(self) -> asynchronous.AsyncClient:
        async with self._connecting:
            if self._daemon is None or not self._daemon.is_open:
                config.load(self.root)
                config.register(self.root, os.environ)
                self._daemon = await asynchronous.ensure(self.root)
            return self._daemon
