"""Error codes of the wire, and the exceptions that they stand for.

The codes from -32700 to -32600 are JSON-RPC's; those from -32000 down are ours. The table is read both
ways: the server turns an exception into the code of its nearest listed class, a client turns a code back.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from indexer import errors

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INVALID_PARAMS: Final = -32602
INTERNAL_ERROR: Final = -32603
CANCELLED: Final = -32800

_CODE_OF: Final[dict[type[errors.IndexerError], int]] = {
    errors.InvalidRequest: INVALID_PARAMS,
    errors.IndexerError: -32000,
    errors.NotFound: -32001,
    errors.Ambiguous: -32002,
    errors.Conflict: -32003,
    errors.Unavailable: -32004,
    errors.DaemonUnavailable: -32005,
    errors.DatabaseUnavailable: -32006,
    errors.Busy: -32007,
    errors.UsageError: -32008,
    errors.ConfigError: -32009,
}
_CLASS_OF: Final = {code: kind for kind, code in _CODE_OF.items()}
_PROTOCOL_CODES: Final = (PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS)


class Details(msgspec.Struct, omit_defaults=True):
    """What a program can use of a failure; absent where it does not apply."""

    field: str | None = None
    candidates: list[Any] = []
    hint: str | None = None


class Failure(msgspec.Struct, omit_defaults=True):
    """The `error` of an answer; `message` is a sentence that says what to do where something can be done."""

    code: int
    message: str
    data: Details | None = None


def failure_of(error: errors.IndexerError) -> Failure:
    """The failure that tells a client of this exception."""
    code = next(_CODE_OF[kind] for kind in type(error).__mro__ if kind in _CODE_OF)
    match error:
        case errors.InvalidRequest(field=str() as field):
            return Failure(code, str(error), Details(field=field))
        case errors.Ambiguous(candidates=candidates):
            return Failure(code, str(error), Details(candidates=list(candidates)))
        case _:
            return Failure(code, str(error))


def error_of(failure: Failure) -> errors.IndexerError:
    """The exception that a client raises for this failure; an unknown code is a plain IndexerError."""
    details = failure.data or Details()
    message = failure.message if details.hint is None else f"{failure.message} {details.hint}"
    if failure.code in _PROTOCOL_CODES:
        return errors.InvalidRequest(message, details.field)
    kind = _CLASS_OF.get(failure.code, errors.IndexerError)
    if kind is errors.Ambiguous:
        return errors.Ambiguous(message, details.candidates)
    return kind(message)
