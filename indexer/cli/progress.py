"""How far long work has come: one line that is written over on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final

from indexer.protocol import Progress

#: Seconds before the first word: most answers are there sooner.
_PATIENCE: Final = 0.3
_TERMINAL_PAUSE: Final = 0.1
_PLAIN_PAUSE: Final = 5.0
#: Seconds of a stage before its speed says something about its end.
_WARM_UP: Final = 1.0

Show = Callable[[Progress], None]


@contextlib.contextmanager
def shown() -> Iterator[Show]:
    """A function that shows progress on standard error; the line is gone at the end."""
    line = _Line()
    try:
        yield line.show
    finally:
        line.clear()


class _Line:
    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._stage = ""
        self._stage_began = time.monotonic()
        self._next = self._stage_began + _PATIENCE
        self._is_shown = False
        self._last: tuple[str, int] | None = None

    def show(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.stage != self._stage:
            self._stage, self._stage_began = progress.stage, now
        # A log gets no line that says the same as the one before.
        if now < self._next or (not self._is_terminal and self._last == (progress.stage, progress.done)):
            return
        self._last = progress.stage, progress.done
        text = told(progress, now - self._stage_began)
        sys.stderr.write(f"\r\x1b[K{text}" if self._is_terminal else f"{text}\n")
        sys.stderr.flush()
        self._is_shown = True
        self._next = now + (_TERMINAL_PAUSE if self._is_terminal else _PLAIN_PAUSE)

    def clear(self) -> None:
        if self._is_shown and self._is_terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def told(progress: Progress, seconds: float) -> str:
    """The progress of a stage that began `seconds` ago, with its rate and the time left once that is clear."""
    stage = progress.stage.capitalize()
    if progress.total is None:
        return f"{stage} …" if not progress.done else f"{stage}: {progress.done:,}"
    counted = f"{stage}: {progress.done:,} of {progress.total:,}"
    if seconds < _WARM_UP or not progress.done:
        return counted
    rate = progress.done / seconds
    left = max(progress.total - progress.done, 0) / rate
    return f"{counted}, {rate:,.{0 if rate >= 10 else 1}f} a second, {duration(left)} left"


def duration(seconds: float) -> str:
    """A time for a person: 4 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
