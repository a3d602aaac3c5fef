"""A connection that a daemon keeps for as long as it runs: it holds the schema in place and listens for others.

It holds SCHEMA_LOCK shared, so that nobody changes the schema under a running daemon. When the server
restarts, or is gone and has to be started (`connect.Database.revive`), it connects again with growing
pauses, checks that the schema is still this program's, listens again, and then tells its callers, who must
look for what they missed: notifications are lost with the connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from indexer import errors
from indexer.store import connect, faults, schema

logger = logging.getLogger(__name__)

#: A silent connection is tried this often, in seconds, to find a server that vanished without a word.
HEARTBEAT_S: Final = 60.0

Recovered = Callable[[errors.IndexerError | None], Awaitable[None]]
Heard = Callable[[str], None]


class Guard:
    """Made by `hold`; `close` releases the schema."""

    def __init__(self, database: connect.Database) -> None:
        self._database = database
        self._is_lost = asyncio.Event()
        self._is_ready = asyncio.get_running_loop().create_future()
        self._listeners: dict[str, list[Heard]] = {}
        self._session: connect.Session | None = None
        self._recovered: list[Recovered] = []
        #: Why there is no connection; None while there is one.
        self.problem: str | None = None
        self._task = asyncio.create_task(self._keep(), name="schema guard")

    @property
    def is_connected(self) -> bool:
        """Whether the connection stands at this moment."""
        return self._session is not None and not self._session.is_closed()

    def on_recovery(self, callback: Recovered) -> None:
        """Has `callback` awaited after each reconnection, with None, or with the Conflict that forbids to go on."""
        self._recovered.append(callback)

    async def listen(self, channel: str, callback: Heard) -> None:
        """Calls `callback` with the payload of each NOTIFY on `channel` from now on, across reconnections."""
        callbacks = self._listeners.setdefault(channel, [])
        callbacks.append(callback)
        if len(callbacks) == 1 and self._session is not None:
            with contextlib.suppress(*faults.RAISED):
                await self._session.add_listener(channel, self._hear)

    async def close(self) -> None:
        """Lets the schema go and ends the connection."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError, errors.IndexerError):
            await self._task

    async def ready(self) -> None:
        """Returns when the schema is held for the first time; raises what forbids it."""
        await asyncio.shield(self._is_ready)

    async def _keep(self) -> None:
        for pause in connect.pauses():
            try:
                await self._hold_once()
            except errors.Conflict as exc:
                if not self._is_ready.done():
                    self._is_ready.set_exception(exc)
                    return
                logger.error("the schema was changed by another program", extra={"reason": str(exc)})
                await self._tell(exc)
                return
            except errors.IndexerError as exc:
                if not self._is_ready.done():
                    self._is_ready.set_exception(exc)
                    return
                self.problem = str(exc)
                logger.warning("database connection lost", extra={"reason": self.problem, "pause": pause})
            await self._revive()
            await asyncio.sleep(pause)

    async def _revive(self) -> None:
        try:
            await self._database.revive()
        except (errors.IndexerError, OSError) as exc:
            self.problem = str(exc)
            logger.warning("the database does not come back", extra={"reason": self.problem})

    async def _hold_once(self) -> None:
        """Connects, holds the schema, and returns when the connection is lost."""
        self._is_lost.clear()
        async with self._database.session() as session:
            session.add_termination_listener(lambda _: self._is_lost.set())
            await (schema.hold_again if self._is_ready.done() else schema.hold)(session)
            for channel in self._listeners:
                await session.add_listener(channel, self._hear)
            self._session, self.problem = session, None
            try:
                if self._is_ready.done():
                    await self._tell(None)
                else:
                    self._is_ready.set_result(None)
                await self._watch(session)
            finally:
                self._session, self.problem = None, "The connection to PostgreSQL is lost."

    async def _watch(self, session: connect.Session) -> None:
        while not self._is_lost.is_set():
            try:
                await asyncio.wait_for(self._is_lost.wait(), HEARTBEAT_S)
            except TimeoutError:
                await session.fetchval("SELECT 1", timeout=HEARTBEAT_S)

    async def _tell(self, fault: errors.IndexerError | None) -> None:
        for callback in self._recovered:
            await callback(fault)

    def _hear(self, connection: object, pid: int, channel: str, payload: object) -> None:
        for callback in self._listeners.get(channel, ()):
            callback(str(payload))


async def hold(database: connect.Database) -> Guard:
    """Brings the schema up to date where needed and holds it; raises what `schema.hold` raises."""
    guard = Guard(database)
    try:
        await guard.ready()
    except BaseException:
        await guard.close()
        raise
    return guard
