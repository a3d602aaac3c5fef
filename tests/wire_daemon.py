"""A daemon with nothing behind its socket, for tests of the wire: `python wire_daemon.py RUNTIME_DIR ROOT`.

It declares a few methods of its own, and is otherwise the real thing: claim, socket, signals, end.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from typing import Any

import msgspec

import indexer
from indexer import errors, sockets
from indexer.protocol.registry import Params, method
from indexer.server import ownership, system
from indexer.server.listen import Context, Handler, Hub, Limits, listening


@method("test.echo")
class Echo(Params, frozen=True):
    """Answers what it is given."""

    value: Any = None


@method("test.wait")
class Wait(Params, frozen=True):
    """Waits until it is released by name, or cancelled; counts both."""

    name: str = ""


@method("test.release", is_urgent=True)
class Release(Params, frozen=True):
    """Releases whoever waits by that name, even before it waits."""

    name: str = ""


@method("test.counts", is_urgent=True)
class Counts(Params, frozen=True):
    """How many waits were started, finished and cancelled, and what was notified."""


@method("test.fail")
class Fail(Params, frozen=True):
    """Raises: an exception of ours by class name, or one that nobody foresaw."""

    kind: str


@method("test.large")
class Large(Params, frozen=True):
    """Answers that many bytes."""

    size: int


@method("test.count")
class Count(Params, frozen=True):
    """Tells of its progress from 1 to `to`."""

    to: int


@method("test.publish", is_urgent=True)
class Publish(Params, frozen=True):
    """Publishes that many changes at once, each with so many bytes."""

    n: int
    size: int = 0


@method("test.odd")
class Odd(Params, frozen=True):
    """Answers what JSON cannot say."""


class _State(msgspec.Struct):
    started: int = 0
    finished: int = 0
    cancelled: int = 0
    notified: list[str] = []
    subscribers: int = 0


def _handlers(stop: asyncio.Event, root: str) -> dict[str, Handler]:
    state = _State()
    gates: dict[str, asyncio.Event] = {}
    hub = Hub("index")

    async def echo(params: Echo, context: Context) -> Any:
        return params.value

    async def wait(params: Wait, context: Context) -> str:
        state.started += 1
        try:
            await gates.setdefault(params.name, asyncio.Event()).wait()
        except asyncio.CancelledError:
            state.cancelled += 1
            raise
        state.finished += 1
        return params.name

    async def release(params: Release, context: Context) -> None:
        gates.setdefault(params.name, asyncio.Event()).set()

    async def counts(params: Counts, context: Context) -> _State:
        state.subscribers = hub.n_subscribers
        return state

    async def fail(params: Fail, context: Context) -> None:
        if params.kind == "InvalidRequest":
            raise errors.InvalidRequest("The colour is wrong.", "colour")
        if params.kind == "Ambiguous":
            raise errors.Ambiguous("Two go by that name.", [{"name": "a"}, {"name": "b"}])
        if hasattr(errors, params.kind):
            raise getattr(errors, params.kind)(f"It is {params.kind}.")
        if params.kind == "Cancelled":
            raise asyncio.CancelledError
        raise ZeroDivisionError("nobody foresaw this")

    async def large(params: Large, context: Context) -> str:
        return "x" * params.size

    async def count(params: Count, context: Context) -> int:
        for done in range(1, params.to + 1):
            context.progress(done, params.to, "counting")
            await asyncio.sleep(0)
        return params.to

    async def publish(params: Publish, context: Context) -> None:
        for n in range(params.n):
            hub.publish("changed", {"n": n, "filling": "x" * params.size})

    async def odd(params: Odd, context: Context) -> object:
        return object()

    async def subscribe(params: Any, context: Context) -> None:
        context.subscribe(hub)

    async def notify(params: Any, context: Context) -> None:
        if params.wait:
            await gates.setdefault("notify", asyncio.Event()).wait()
        state.notified.extend(params.paths)

    return {
        **system.handlers(root, stop),
        "test.echo": echo,
        "test.wait": wait,
        "test.release": release,
        "test.counts": counts,
        "test.fail": fail,
        "test.large": large,
        "test.count": count,
        "test.publish": publish,
        "test.odd": odd,
        "index.subscribe": subscribe,
        "index.notify": notify,
    }


async def _serve(owned: ownership.Claim, root: str, limits: Limits) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with listening(owned, _handlers(stop, root), limits):
        await stop.wait()


def main() -> int:
    """Serve until told to stop; 3 when another daemon does already."""
    folder, root = sys.argv[1:3]
    indexer.__version__ = os.environ.get("WIRE_VERSION", indexer.__version__)
    limits = msgspec.convert({**_defaults(), **msgspec.json.decode(os.environ.get("WIRE_LIMITS", "{}"))}, Limits)
    logging.basicConfig()
    try:
        with ownership.claim(folder, sockets.project_key(sockets.canonical_root(root))) as owned:
            asyncio.run(_serve(owned, root, limits))
    except errors.Conflict as problem:
        print(problem, file=sys.stderr)
        return 3
    return 0


def _defaults() -> dict[str, Any]:
    defaults: dict[str, Any] = msgspec.to_builtins(Limits())
    return defaults


if __name__ == "__main__":
    sys.exit(main())
