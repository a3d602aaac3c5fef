"""Translation of what asyncpg and PostgreSQL raise into this program's errors, with the fix in the sentence.

A retry can help where `is_passing` says so: the server restarts, the connection broke, a lock was lost.
Whoever repeats a statement must know that it does no harm twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import asyncpg
from asyncpg import exceptions as pg

from indexer import errors

#: What asyncpg lets through besides its own: sockets, name look-ups, time-outs, text that is not UTF-8.
RAISED: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    pg.InternalClientError,
    OSError,
    asyncio.TimeoutError,
    UnicodeError,
)

_PASSING: Final = (
    pg.PostgresConnectionError,
    pg.CannotConnectNowError,
    pg.AdminShutdownError,
    pg.CrashShutdownError,
    pg.TooManyConnectionsError,
    pg.DeadlockDetectedError,
    # A connection that the server ends while a query is being sent confuses the client's protocol.
    pg.InternalClientError,
    ConnectionError,
    FileNotFoundError,
)
_CLOSED: Final = (
    "connection is closed",
    "connection was closed",
    "released back to the pool",
    "pool is closing",
)


def is_passing(exc: BaseException) -> bool:
    """Whether the server, the connection or others' locks are at fault, so that trying again later can succeed."""
    if isinstance(exc, pg.InterfaceError):
        return any(words in str(exc) for words in _CLOSED)
    return isinstance(exc, _PASSING) or (
        isinstance(exc, asyncio.TimeoutError) and not isinstance(exc, pg.PostgresError)
    )


@contextmanager
def translated() -> Iterator[None]:
    """Raises the errors of a block of database calls as this program's own."""
    try:
        yield
    except RAISED as exc:
        raise translate(exc) from exc


def translate(exc: BaseException) -> errors.IndexerError:
    """The error that stands for a library's; a statement that is wrong in itself comes out as a plain IndexerError."""
    for kinds, make in _RULES:
        if isinstance(exc, kinds):
            return make(_sentence(exc))
    if is_passing(exc):
        return _unreachable(_sentence(exc))
    return errors.IndexerError(f"PostgreSQL: {_sentence(exc)}")


def _sentence(exc: BaseException) -> str:
    text = str(exc).strip() or type(exc).__name__
    detail = getattr(exc, "detail", None)
    return f"{text} ({detail})" if detail else text


def _unreachable(text: str) -> errors.IndexerError:
    return errors.DatabaseUnavailable(
        f"PostgreSQL does not answer: {text}. Check that it runs and that database.dsn (INDEXER_DSN) names its host and port."
    )


def _refused(text: str) -> errors.IndexerError:
    return errors.DatabaseUnavailable(
        f"PostgreSQL refuses the login: {text}. Check user and password in database.dsn (INDEXER_DSN) and the server's "
        "pg_hba.conf."
    )


def _no_database(text: str) -> errors.IndexerError:
    return errors.DatabaseUnavailable(
        f"{text}. Create it (createdb NAME) or name an existing one in database.dsn (INDEXER_DSN)."
    )


def _no_right(text: str) -> errors.IndexerError:
    return errors.DatabaseUnavailable(
        f"A right is missing in PostgreSQL: {text}. Let the owner of the database grant it, or use the owner in database.dsn."
    )


def _full(text: str) -> errors.IndexerError:
    return errors.DatabaseUnavailable(
        f"PostgreSQL ran out of room: {text}. Free disk space or memory; work resumes by itself."
    )


def _read_only(text: str) -> errors.IndexerError:
    return errors.DatabaseUnavailable(
        f"PostgreSQL is read-only here: {text}. Name the primary server in database.dsn."
    )


def _busy(text: str) -> errors.IndexerError:
    return errors.Busy(f"PostgreSQL is too busy: {text}. Try again.")


def _too_many(text: str) -> errors.IndexerError:
    return errors.Busy(f"PostgreSQL has no free connection: {text}. Stop a daemon, or raise max_connections.")


def _no_schema(text: str) -> errors.IndexerError:
    return errors.DatabaseUnavailable(
        f"The database lacks a part of the schema: {text}. Run `indexer migrate`."
    )


def _bad_value(text: str) -> errors.IndexerError:
    return errors.InvalidRequest(f"PostgreSQL cannot take that value: {text}.")


def _conflict(text: str) -> errors.IndexerError:
    return errors.Conflict(f"PostgreSQL refuses the change: {text}.")


# The first rule that fits wins, so narrow classes stand before their parents.
_RULES: Final = (
    ((pg.InvalidCatalogNameError,), _no_database),
    (
        (pg.InvalidAuthorizationSpecificationError, pg.InvalidPasswordError, pg.ClientConfigurationError),
        _refused,
    ),
    ((pg.InsufficientPrivilegeError,), _no_right),
    ((pg.ReadOnlySQLTransactionError,), _read_only),
    ((pg.TooManyConnectionsError,), _too_many),
    ((pg.InsufficientResourcesError,), _full),
    ((pg.QueryCanceledError, pg.LockNotAvailableError, pg.TransactionRollbackError), _busy),
    ((pg.UndefinedTableError, pg.UndefinedColumnError, pg.UndefinedFunctionError), _no_schema),
    ((pg.IntegrityConstraintViolationError, pg.DependentObjectsStillExistError), _conflict),
    ((pg.DataError, UnicodeError), _bad_value),
    (
        (pg.PostgresConnectionError, pg.CannotConnectNowError, pg.AdminShutdownError, pg.CrashShutdownError),
        _unreachable,
    ),
    ((pg.InternalClientError, OSError, asyncio.TimeoutError), _unreachable),
)
