"""The embedding worker: a process that loads the model and embeds what comes down its standard input.

Run as `python -m indexer.embed.worker THREADS [WEIGHTS]` by `process`. It ends with its input, so that it
never outlives the daemon, however that ends. Queries have a thread of their own at normal priority; the
others run at low priority, which on Linux is a property of a thread. Where it is the whole process's, the
worker stays at normal priority: queries come first.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from pathlib import Path
from typing import BinaryIO, Final

from indexer import errors
from indexer.embed import minilm, wire

#: Background work yields to everything else on the machine.
_NICE: Final = 10


def main() -> None:
    """Serve until standard input ends."""
    threads, weights = int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None
    answers = _Answers(_private_stdout())
    try:
        model = minilm.MiniLM(weights)
    except (errors.Unavailable, ValueError) as exc:
        answers.send(wire.Failed(None, str(exc)))
        return
    urgent: queue.SimpleQueue[wire.Embed] = queue.SimpleQueue()
    other: queue.SimpleQueue[wire.Embed] = queue.SimpleQueue()
    _start(model, urgent, answers, nice=0)
    for _ in range(threads):
        _start(model, other, answers, nice=_NICE)
    answers.send(wire.Ready(threads))
    while (request := _read(sys.stdin.buffer)) is not None:
        (urgent if request.urgent else other).put(request)
    # The other threads may be in the middle of a text that nobody waits for.
    os._exit(0)


def _private_stdout() -> BinaryIO:
    """The pipe for answers; what anything else prints goes to standard error instead."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return answers


class _Answers:
    """Writes whole messages from several threads."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    def send(self, answer: wire.Answer) -> None:
        rest = memoryview(wire.frame(answer))
        with self._lock:
            while rest:
                rest = rest[self._pipe.write(rest) :]


def _start(model: minilm.MiniLM, requests: queue.SimpleQueue[wire.Embed], answers: _Answers, *, nice: int) -> None:
    def serve() -> None:
        if nice and sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
        while True:
            answers.send(_answer(model, requests.get()))

    threading.Thread(target=serve, daemon=True).start()


def _answer(model: minilm.MiniLM, request: wire.Embed) -> wire.Answer:
    try:
        return wire.Vectors(request.number, [model.embed(text) for text in request.texts])
    except Exception as exc:  # whatever a text does to the model, the worker goes on with the next one
        return wire.Failed(request.number, f"{type(exc).__name__}: {exc}")


def _read(pipe: BinaryIO) -> wire.Embed | None:
    header = pipe.read(wire.LENGTH.size)
    if len(header) < wire.LENGTH.size:
        return None
    (length,) = wire.LENGTH.unpack(header)
    body = pipe.read(length)
    return wire.request_of(body) if len(body) == length else None


if __name__ == "__main__":
    main()
