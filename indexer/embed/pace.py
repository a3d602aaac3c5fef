"""Spending within limits: so many requests and tokens a minute, so many tokens a day. Nothing here waits or
sends."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from indexer import errors

Clock = Callable[[], float]

_DAY_S: Final = 86_400.0


class Pace:
    """Spreads requests evenly, so that neither limit is passed in any minute. None is no limit."""

    def __init__(self, requests_per_minute: int | None, tokens_per_minute: int | None, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._s_per_request = 60.0 / requests_per_minute if requests_per_minute else 0.0
        self._s_per_token = 60.0 / tokens_per_minute if tokens_per_minute else 0.0
        self._next_request = self._next_token = 0.0

    def book(self, tokens: int) -> float:
        """Count a request of so many tokens; the seconds to wait before it may be sent."""
        now = self._clock()
        start = max(now, self._next_request, self._next_token)
        self._next_request = max(now, self._next_request) + self._s_per_request
        self._next_token = max(now, self._next_token) + self._s_per_token * tokens
        return start - now


class Budget:
    """Tokens that may be spent in each 24 hours, counted from the first; None is no limit."""

    def __init__(self, tokens_per_day: int | None, clock: Clock = time.monotonic) -> None:
        self._limit = tokens_per_day
        self._clock = clock
        self._since: float | None = None
        self._spent = 0

    def reserve(self, tokens: int) -> None:
        """Set tokens aside. Raises Busy when fewer are left."""
        if self._limit is None:
            return
        now = self._clock()
        if self._since is None or now - self._since >= _DAY_S:
            self._since, self._spent = now, 0
        if self._spent + tokens > self._limit:
            hours = (self._since + _DAY_S - now) / 3600
            raise errors.Busy(
                f"the embedder's budget of {self._limit:,} tokens a day is spent ({self._spent:,} so far);"
                f" it begins anew in {hours:.1f} h"
            )
        self._spent += tokens

    def settle(self, reserved: int, spent: int) -> None:
        """Replace what was set aside by what it came to."""
        self._spent = max(0, self._spent - reserved + spent)
