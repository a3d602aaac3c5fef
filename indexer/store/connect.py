"""Connections to PostgreSQL: a pool that survives a restart of the server, and the checks before first use.

Reads are repeated when the connection broke under them. A transaction is begun again as long as nothing was
sent in it; what breaks later is reported, because only the caller knows whether it may have been committed.
Everything that asyncpg raises leaves here as one of this program's errors (`faults`).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from indexer import errors
from indexer.store import faults, queries

logger = logging.getLogger(__name__)

SQL = queries.beside(__file__)

# asyncpg's classes are generic in its type stubs only, so the strings are never evaluated.
#: A connection of its own.
Session: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
#: A connection lent by the pool.
Pooled: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"
Connection: TypeAlias = "Session | Pooled"
#: Starts a server that is gone, and returns its DSN.
Revive: TypeAlias = "Callable[[], Awaitable[str]]"
T = TypeVar("T")

MINIMUM_VERSION: Final = 160000
#: Extension → its lowest version and where it comes from. Iterative scans of filtered vectors need pgvector
#: 0.8.
EXTENSIONS: Final = {
    "vector": (
        (0, 8),
        "install pgvector 0.8 or later (Debian: postgresql-NN-pgvector; image: pgvector/pgvector:pg16)",
    ),
    "pg_trgm": (
        (1, 6),
        "install PostgreSQL's contrib modules (Debian: in postgresql-NN; RPM: postgresql-contrib)",
    ),
    "btree_gin": (
        (1, 3),
        "install PostgreSQL's contrib modules (Debian: in postgresql-NN; RPM: postgresql-contrib)",
    ),
}
#: Two programs creating an extension at once collide on its catalogue row; this advisory lock makes them take
#: turns.
EXTENSION_LOCK: Final = 0x1DE7E5


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """Sizes of the pool, and its times in seconds."""

    min_size: int
    max_size: int
    #: An unused connection is closed after this long.
    idle_s: float = 30.0
    #: The longest wait for a connection, new or returned.
    connect_s: float = 2.0
    #: The longest statement; long transactions lift it.
    statement_s: float = 30.0
    #: How long a restarting server is waited for, once it has been reached.
    patience_s: float = 15.0


#: A database that is served to many.
SERVED: Final = PoolSettings(5, 20)
#: The embedded database, which several daemons of one user share. A connection there costs only memory, and a fresh one
#: plans each query anew, so it is kept from one question of an editor to the next.
EMBEDDED: Final = PoolSettings(1, 5, idle_s=300.0)


class Database:
    """A pool of connections to one database; made by `connect`, closed by its owner."""

    def __init__(
        self,
        dsn: str,
        settings: PoolSettings,
        program: str,
        pool: asyncpg.Pool[asyncpg.Record],
        revive: Revive | None = None,
    ) -> None:
        self.dsn = dsn
        self._revive = revive
        self.settings = settings
        self.program = program
        self._pool = pool

    async def fetch(self, sql: str, *args: object) -> list[asyncpg.Record]:
        """All rows of a query that changes nothing; repeated when the connection breaks."""
        return await self._repeated(lambda connection: connection.fetch(sql, *args))

    async def fetchrow(self, sql: str, *args: object) -> asyncpg.Record | None:
        """The first row, or None; otherwise like `fetch`."""
        return await self._repeated(lambda connection: connection.fetchrow(sql, *args))

    async def fetchval(self, sql: str, *args: object) -> Any:
        """The first column of the first row, or None; otherwise like `fetch`."""
        return await self._repeated(lambda connection: connection.fetchval(sql, *args))

    async def execute(self, sql: str, *args: object) -> str:
        """Runs one statement in a transaction of its own and returns its tag; never repeated once sent."""
        async with self.transaction() as connection:
            return await connection.execute(sql, *args)

    async def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Runs one statement for each row, all in one transaction."""
        async with self.transaction() as connection:
            await connection.executemany(sql, rows)

    @asynccontextmanager
    async def transaction(self, begin: str = SQL["begin"]) -> AsyncIterator[Connection]:
        """A transaction on a connection of the pool: committed when the block ends, rolled back when it raises.

        `begin` opens it, and may do more in the same round trip.
        """
        connection = await self._patiently(lambda: self._begun(begin))
        is_over = False
        try:
            with faults.translated():
                yield connection
                await connection.execute(SQL["commit"])
                is_over = True
        finally:
            if not is_over:
                with contextlib.suppress(*faults.RAISED):
                    await connection.execute(SQL["rollback"])
            await self._release(connection)

    @asynccontextmanager
    async def long_transaction(self) -> AsyncIterator[Connection]:
        """A transaction on a connection of its own, whose statements may take any time: DDL, loads, maintenance."""
        async with self.session() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """A connection of its own beside the pool, without a limit of time: locks, loads, listening."""
        with faults.translated():
            connection = await _connect(self.dsn, self.settings, self.program, statement_s=0.0)
        try:
            with faults.translated():
                yield connection
        finally:
            with contextlib.suppress(*faults.RAISED):
                await connection.close(timeout=self.settings.connect_s)

    async def revive(self) -> None:
        """Has a server that is gone started again, where that is in our hands. Raises DatabaseUnavailable with the reason."""
        if self._revive is None:
            return
        dsn = await self._revive()
        if dsn != self.dsn:
            self.dsn = dsn
            self._pool.set_connect_args(dsn, **_options(self.settings, self.program, self.settings.statement_s))

    async def close(self) -> None:
        """Closes the pool; waits a moment for statements that still run, then drops them."""
        try:
            await asyncio.wait_for(self._pool.close(), self.settings.connect_s)
        except (TimeoutError, *faults.RAISED):
            self._pool.terminate()

    async def _begun(self, begin: str) -> Pooled:
        connection = await self._acquire()
        try:
            with _dropped_if_broken(connection):
                await connection.execute(begin)
        except BaseException:
            # What came after BEGIN may have failed.
            with contextlib.suppress(*faults.RAISED):
                await connection.execute(SQL["rollback"])
            await self._release(connection)
            raise
        return connection

    async def _repeated(self, run: Callable[[Pooled], Awaitable[T]]) -> T:
        async def once() -> T:
            connection = await self._acquire()
            try:
                with _dropped_if_broken(connection):
                    return await run(connection)
            finally:
                await self._release(connection)

        return await self._patiently(once)

    async def _patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Repeats an attempt that failed for a broken connection, with growing pauses, until patience ends."""
        clock = asyncio.get_running_loop().time
        end = clock() + self.settings.patience_s
        for pause in pauses():
            try:
                return await attempt()
            except faults.RAISED as exc:
                if not faults.is_passing(exc) or clock() >= end:
                    raise faults.translate(exc) from exc
                logger.warning("database connection lost", extra={"reason": str(exc), "pause": pause})
            await asyncio.sleep(pause)
        raise AssertionError("pauses() never ends")

    async def _acquire(self) -> Pooled:
        try:
            return await self._pool.acquire(timeout=self.settings.connect_s)
        except TimeoutError as exc:
            if self._pool.get_size() >= self.settings.max_size and not self._pool.get_idle_size():
                raise errors.Busy(
                    f"All {self.settings.max_size} connections of the pool are in use; raise database.pool_max or try again."
                ) from exc
            raise

    async def _release(self, connection: Pooled) -> None:
        with contextlib.suppress(*faults.RAISED):
            await self._pool.release(connection)


async def connect(
    dsn: str, settings: PoolSettings = SERVED, program: str = "indexer", revive: Revive | None = None
) -> Database:
    """Opens a pool on a database that has passed the start-up check.

    `program` is what other people see in pg_stat_activity, and what a refused change of schema names. `revive` starts a server
    that is gone again, and returns its DSN. Raises
    DatabaseUnavailable with the fix when the server does not answer within `connect_s`, refuses the login, is
    older than 16, or lacks an extension or a right; UsageError when the DSN is malformed.
    """
    name = program.encode("ascii", "replace").decode()[:63]
    with faults.translated():
        try:
            connection = await _connect(dsn, settings, name, settings.statement_s)
        except (ValueError, asyncpg.ClientConfigurationError) as exc:
            raise errors.ConfigError(f"database.dsn (INDEXER_DSN) is malformed: {exc}") from exc
        try:
            await check(connection)
        finally:
            await connection.close(timeout=settings.connect_s)
        pool = await _pool(dsn, settings, name)
    return Database(dsn, settings, name, pool, revive)


async def check(connection: Connection) -> None:
    """Raises DatabaseUnavailable, with the exact fix, for a server or database that cannot carry the schema.

    Missing extensions are created where the login may do that.
    """
    row = await connection.fetchrow(SQL["server_facts"])
    assert row is not None
    if row["version"] < MINIMUM_VERSION:
        raise errors.DatabaseUnavailable(
            f"PostgreSQL {row['version_text']} is too old: version 16 or later is needed. Upgrade the server, or leave "
            "database.dsn empty to use the embedded one."
        )
    if row["encoding"] != "UTF8":
        raise errors.DatabaseUnavailable(
            f"Database {row['database']} has the encoding {row['encoding']}; UTF8 is needed: "
            f"createdb --encoding=UTF8 --template=template0 NAME, and name that in database.dsn."
        )
    if row["is_standby"]:
        raise errors.DatabaseUnavailable(
            "This server is a read-only standby. Name the primary in database.dsn."
        )
    if not row["may_create"]:
        schema = row["schema"] or "public"
        raise errors.DatabaseUnavailable(
            f"Role {row['role']} may not create tables in schema {schema}. As the schema's owner run: "
            f'GRANT USAGE, CREATE ON SCHEMA "{schema}" TO "{row["role"]}";'
        )
    await _check_extensions(connection, row["database"])


async def _check_extensions(connection: Connection, database: str) -> None:
    for name, available, installed in await connection.fetch(SQL["extensions"], list(EXTENSIONS)):
        lowest, source = EXTENSIONS[name]
        if installed is None and available is None:
            raise errors.DatabaseUnavailable(
                f"The server lacks the extension {name}: {source}, then start again."
            )
        if installed is None:
            await _create_extension(connection, name, database)
        elif _version(installed) < lowest:
            wanted = ".".join(map(str, lowest))
            raise errors.DatabaseUnavailable(
                f"Extension {name} {installed} in database {database} is too old ({wanted} is needed): {source}, then as a "
                f"superuser run there: ALTER EXTENSION {name} UPDATE;"
            )


async def _create_extension(connection: Connection, name: str, database: str) -> None:
    try:
        async with connection.transaction():
            await connection.execute(SQL["lock_extensions"], EXTENSION_LOCK)
            await connection.execute(SQL[f"create_{name}"])
    except asyncpg.InsufficientPrivilegeError as exc:
        raise errors.DatabaseUnavailable(
            f"Extension {name} is missing in database {database}, and this login may not create it. As a superuser run there: "
            f"CREATE EXTENSION {name};"
        ) from exc


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


async def _pool(dsn: str, settings: PoolSettings, program: str) -> asyncpg.Pool[asyncpg.Record]:
    async def keep(connection: object) -> None:
        """Sessions hold no state between uses (SET LOCAL only), so the round trip of a reset is saved."""

    return await asyncpg.create_pool(
        dsn,
        min_size=settings.min_size,
        max_size=settings.max_size,
        max_inactive_connection_lifetime=settings.idle_s,
        init=_prepare_session,
        reset=keep,
        **_options(settings, program, settings.statement_s),
    )


async def _connect(dsn: str, settings: PoolSettings, program: str, statement_s: float) -> Session:
    connection: Session = await asyncpg.connect(dsn, **_options(settings, program, statement_s))
    await _prepare_session(connection)
    return connection


def _options(settings: PoolSettings, program: str, statement_s: float) -> dict[str, Any]:
    return {
        "timeout": settings.connect_s,
        # A little above the server's own limit, for the case that the server hangs and cannot keep it.
        "command_timeout": statement_s + 5.0 if statement_s else None,
        "server_settings": {
            "application_name": program,
            "statement_timeout": str(int(statement_s * 1000)),
            # Queries here take milliseconds; compiling them costs more than it saves.
            "jit": "off",
            # Starting a parallel worker takes longer than most queries here.
            "max_parallel_workers_per_gather": "0",
            # The look-ups here have one good plan whatever they look for, but the planner, which knows little of partitioned
            # tables, takes it for dear and plans anew each time: two thirds of the cost of a look-up. What does depend on
            # its values sets force_custom_plan for its transaction.
            "plan_cache_mode": "force_generic_plan",
            "client_min_messages": "warning",
        },
    }


async def _prepare_session(connection: Session) -> None:
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)


@contextlib.contextmanager
def _dropped_if_broken(connection: Pooled) -> Iterator[None]:
    """Ends a connection whose state is in doubt, so that the pool lends it to nobody else."""
    try:
        yield
    except faults.RAISED as exc:
        if faults.is_passing(exc):
            connection.terminate()
        raise


def pauses() -> Iterable[float]:
    """Seconds to wait between attempts: 0.05 doubling to 1, with jitter so that many daemons do not return at once."""
    for attempt in itertools.count():
        yield min(1.0, 0.05 * 2 ** min(attempt, 5)) * random.uniform(0.7, 1.3)
