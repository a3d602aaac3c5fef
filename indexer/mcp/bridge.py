"""The connection of the tools to the project's daemon."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from indexer import config, errors
from indexer.client import asynchronous
from indexer.protocol import messages

#: Told how far the daemon is: seconds since the call, and a phrase.
Report = Callable[[float, str], None]


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
        return self.bridge.root()


class Bridge:
    """Asks the daemon of one project; starts it when first needed, and again when it is gone."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._daemon: asynchronous.AsyncClient | None = None
        self._connecting = asyncio.Lock()

    def root(self) -> str:
        """The project that is meant; UsageError when it is none. Found at each call: the folder may come later."""
        return config.project_root(self._folder, os.environ)

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
                root = self.root()
                config.load(root)
                config.register(root, os.environ)
                self._daemon = await asynchronous.ensure(root)
            return self._daemon
