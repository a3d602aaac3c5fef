"""Changes sent to those who asked for them, at their own pace and within a bound.

A subscriber that falls more than BACKLOG messages behind loses its subscription: what it has not been sent
is discarded, and one last message tells it so. It never slows the daemon or the other subscribers.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from indexer.protocol import messages

#: Messages that a subscriber may be behind.
BACKLOG: Final = 256


class Subscription:
    """The messages that one subscriber has yet to be sent; ends after the one that tells of its end."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()

    def put(self, line: bytes) -> bool:
        """Queue a message; False when the subscriber is too far behind."""
        if self._queue.qsize() >= BACKLOG:
            return False
        self._queue.put_nowait(line)
        return True

    def end(self, line: bytes) -> None:
        """Discard what waits, and leave `line` as the last message."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(line)
        self._queue.put_nowait(None)

    async def next(self) -> bytes | None:
        """The next message; None at the end."""
        return await self._queue.get()


class Hub:
    """The subscribers of one stream of notifications, all named `<name>.…` on the wire."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._subscriptions: set[Subscription] = set()

    def open(self) -> Subscription:
        """A subscription to everything that is published from this moment on."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        return subscription

    def close(self, subscription: Subscription) -> None:
        """The subscriber is gone."""
        self._subscriptions.discard(subscription)

    @property
    def n_subscribers(self) -> int:
        """How many are subscribed; publishing to none costs nothing."""
        return len(self._subscriptions)

    def publish(self, event: str, params: Any) -> None:
        """Send `<name>.<event>` to every subscriber. To be called in the event loop's thread."""
        if not self._subscriptions:
            return
        line = messages.encode_notification(f"{self.name}.{event}", params)
        for subscription in [s for s in self._subscriptions if not s.put(line)]:
            self._subscriptions.discard(subscription)
            subscription.end(self._farewell())

    def _farewell(self) -> bytes:
        reason = f"More than {BACKLOG} messages were waiting to be read. Subscribe again: {self.name}.subscribe"
        return messages.encode_notification(f"{self.name}.dropped", {"reason": reason})
