"""Requests, answers and notifications as bytes, and the limits on them.

Whatever bytes arrive, decoding returns a value: a request, or the rejection to answer it with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from indexer.protocol import failures

#: Grows when an older client or daemon could misunderstand a newer one.
PROTOCOL_VERSION: Final = 1

#: The longest line that a daemon accepts: the longest memory fits, with what JSON adds to it.
MAX_REQUEST_BYTES: Final = 24 * 1024 * 1024
#: The longest line that a daemon sends; a larger answer becomes an error that asks for a limit.
MAX_RESPONSE_BYTES: Final = 64 * 1024 * 1024

#: An id as JSON-RPC allows it; fractions are refused.
Id = int | str | None


class Request(msgspec.Struct):
    """A request, or a notification when `id` is UNSET; `params` are left as they came."""

    method: str
    id: Id | msgspec.UnsetType = msgspec.UNSET
    params: msgspec.Raw = msgspec.Raw(b"{}")
    jsonrpc: Literal["2.0"] = "2.0"


class Rejection(msgspec.Struct):
    """Why a line is no request, and the id to answer with (None when it could not be read)."""

    id: Id
    failure: failures.Failure


class Response(msgspec.Struct, omit_defaults=True):
    """What a client reads: an answer (`id`; `result` or `error`) or a notification (`method`, `params`)."""

    id: Id = None
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: failures.Failure | None = None
    method: str | None = None
    params: msgspec.Raw = msgspec.Raw(b"{}")


class Progress(msgspec.Struct):
    """Params of `$/progress`: how far the request `id` has come; `total` is None while it is unknown."""

    id: Id
    done: int
    total: int | None
    stage: str


class Cancel(msgspec.Struct):
    """Params of `$/cancel`: the request to give up."""

    id: int | str


class Hello(msgspec.Struct):
    """The answer to `system.hello`: who listens."""

    protocol: int
    version: str
    pid: int
    project: str


class _IdOnly(msgspec.Struct):
    id: Id = None


class _Result(msgspec.Struct):
    id: Id
    result: Any
    jsonrpc: str = "2.0"


class _Error(msgspec.Struct):
    id: Id
    error: failures.Failure
    jsonrpc: str = "2.0"


class _Request(msgspec.Struct):
    id: Id
    method: str
    params: Any
    jsonrpc: str = "2.0"


class _Notification(msgspec.Struct):
    method: str
    params: Any
    jsonrpc: str = "2.0"


#: What msgspec raises for bytes that are not what was asked for: bad JSON, a wrong type, bad UTF-8, too deep.
MALFORMED: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

_requests: Final = msgspec.json.Decoder(Request)
_ids: Final = msgspec.json.Decoder(_IdOnly)
_responses: Final = msgspec.json.Decoder(Response)
_cancels: Final = msgspec.json.Decoder(Cancel)
_encoder: Final = msgspec.json.Encoder()


def decode_request(line: bytes) -> Request | Rejection:
    """Read one line that a client sent."""
    try:
        return _requests.decode(line)
    except msgspec.ValidationError as problem:
        return _invalid(line, str(problem))
    except MALFORMED as problem:
        message = f"The line is not JSON: {_sentence(problem)}."
        return Rejection(None, failures.Failure(failures.PARSE_ERROR, message))


def _invalid(line: bytes, problem: str) -> Rejection:
    try:
        known = _ids.decode(line).id
    except MALFORMED:
        known = None
    if line.lstrip()[:1] == b"[":
        problem = "batches are not accepted; send one request a line"
    message = f"The line is not a JSON-RPC 2.0 request: {problem}."
    return Rejection(known, failures.Failure(failures.INVALID_REQUEST, message))


def _sentence(problem: BaseException) -> str:
    if isinstance(problem, RecursionError):
        return "it is nested too deeply"
    return str(problem) or type(problem).__name__


def decode_cancel(params: msgspec.Raw) -> Id:
    """The id that a `$/cancel` names; None when it names none."""
    try:
        return _cancels.decode(params).id
    except MALFORMED:
        return None


def decode_response(line: bytes) -> Response:
    """Read one line that a daemon sent; raises one of MALFORMED."""
    return _responses.decode(line)


def encode_result(request_id: Id, result: Any) -> bytes:
    """The answer to a request, with its newline; TypeError or ValueError when `result` is no JSON."""
    return _line(_Result(request_id, result))


def encode_failure(request_id: Id, failure: failures.Failure) -> bytes:
    """The answer that says why there is none, with its newline."""
    return _line(_Error(request_id, failure))


def encode_request(request_id: Id, method: str, params: Mapping[str, Any] | msgspec.Struct) -> bytes:
    """A request, with its newline."""
    return _line(_Request(request_id, method, params))


def encode_notification(method: str, params: Any) -> bytes:
    """A notification of either side, with its newline."""
    return _line(_Notification(method, params))


def _line(message: msgspec.Struct) -> bytes:
    buffer = bytearray()
    _encoder.encode_into(message, buffer)
    buffer += b"\n"
    return bytes(buffer)
