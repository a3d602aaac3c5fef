"""The methods that the socket can answer for itself: who listens, what it understands, and its end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import Any

import indexer
from indexer.protocol import PROTOCOL_VERSION, messages, methods
from indexer.server.connection import Context, Handler


def handlers(project: str, stop: asyncio.Event) -> Mapping[str, Handler]:
    """Handlers of `system.hello`, `system.methods` and `system.shutdown`, which sets `stop`."""

    async def hello(params: methods.system.Hello, context: Context) -> messages.Hello:
        return messages.Hello(PROTOCOL_VERSION, indexer.__version__, os.getpid(), project)

    async def list_methods(params: methods.system.Methods, context: Context) -> dict[str, Any]:
        return {"items": [_described(method) for _, method in sorted(methods.METHODS.items())]}

    async def shutdown(params: methods.system.Shutdown, context: Context) -> dict[str, Any]:
        stop.set()
        return {"pid": os.getpid()}

    return {"system.hello": hello, "system.methods": list_methods, "system.shutdown": shutdown}


def _described(method: methods.Method) -> dict[str, Any]:
    return {"name": method.name, "summary": method.summary, "params": method.schema()}
