"""What a value must be, said in the words of the one who sent it: each function returns the value in its plain form or raises
InvalidRequest naming the field."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from indexer import errors

CONTEXTS: Final = (
    *("general", "user_preference", "task_critical", "obsidian_note"),
    *("code_symbol", "code_pattern", "code_decision", "code_snippet", "code_error"),
    *("system_event", "session_summary", "state_capture"),
)
TIERS: Final = ("working", "session", "longterm")
ANCHOR_STATES: Final = ("fresh", "drifted", "moved", "orphaned")
VAULT_TYPES: Final = ("project", "personal", "team")

#: UTF-8 bytes of a memory's text. A memory is something to remember, not a dump; files belong into the project.
MAX_CONTENT_BYTES: Final = 16 << 20
#: The same for metadata and settings, as JSON.
MAX_METADATA_BYTES: Final = 256 << 10
#: The same for a state, whole.
MAX_STATE_BYTES: Final = 8 << 20
#: Nesting of JSON.
MAX_DEPTH: Final = 64
#: Beyond it, readers of JSON do not agree on what a number is.
MAX_INTEGER: Final = 2**64
MAX_TAGS: Final = 64
MAX_TAG_LENGTH: Final = 100
MAX_NAME_LENGTH: Final = 255

_KINDS: Final[dict[type, str]] = {
    type(None): "nothing",
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "a truth value",
    int: "a number",
    float: "a number",
}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def content(value: object) -> str:
    """The text of a memory: any characters but NUL, something else than blank."""
    found = text(value, "content", MAX_CONTENT_BYTES)
    if not found.strip():
        raise _wrong("content", "is empty")
    return found


def context(value: object) -> str:
    """One of CONTEXTS."""
    return _one_of(value, "context", CONTEXTS)


def tier(value: object) -> str:
    """One of TIERS."""
    return _one_of(value, "tier", TIERS)


def anchor_state(value: object) -> str:
    """One of ANCHOR_STATES."""
    return _one_of(value, "states", ANCHOR_STATES)


def vault_type(value: object) -> str:
    """One of VAULT_TYPES."""
    return _one_of(value, "type", VAULT_TYPES)


def importance(value: object, field: str = "importance") -> float:
    """A number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise _wrong(field, f"must be a number from 0 to 1, not {_shown(value)}")
    return float(value)


def expiry(value: object, now: dt.datetime) -> dt.datetime | None:
    """A time in the future (a datetime with a zone, or ISO 8601), or None."""
    if value is None:
        return None
    found = moment(value, "expires_at")
    if found <= now:
        raise _wrong("expires_at", f"lies in the past: {found.isoformat()}")
    return found


def moment(value: object, field: str) -> dt.datetime:
    """A time: a datetime, or ISO 8601; without a zone it is UTC."""
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError as exc:
            raise _wrong(field, f"is no time in ISO 8601, such as 2030-01-31T12:00:00Z: {_shown(value)}") from exc
    if not isinstance(value, dt.datetime):
        raise _wrong(field, f"must be a time, not {_shown(value)}")
    return value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)


def metadata(value: object, field: str = "metadata", limit: int = MAX_METADATA_BYTES) -> dict[str, Any]:
    """A JSON object: text without NUL, finite numbers, MAX_DEPTH levels."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _wrong(field, f"must be an object, not {_kind(value)}")
    plain = _json(value, field, 0)
    assert isinstance(plain, dict)
    size = len(json.dumps(plain, ensure_ascii=False).encode())
    if size > limit:
        raise _wrong(field, f"has {size:,} bytes as JSON; the limit is {limit:,}")
    return plain


def tags(value: object) -> list[str]:
    """Tags without repetitions, in order, each trimmed: up to MAX_TAGS of up to MAX_TAG_LENGTH characters."""
    if value is None:
        return []
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise _wrong("tags", f"must be a list of texts, not {_kind(value)}")
    found = list(dict.fromkeys(text(each, "tags", 4 * MAX_TAG_LENGTH).strip() for each in value))
    for each in found:
        if not each or len(each) > MAX_TAG_LENGTH:
            raise _wrong("tags", f"a tag has 1 to {MAX_TAG_LENGTH} characters, not {len(each)}")
    if len(found) > MAX_TAGS:
        raise _wrong("tags", f"{len(found)} are too many; the limit is {MAX_TAGS}")
    return found


def name(value: object, field: str = "name") -> str:
    """A name for people: one line, not blank, up to MAX_NAME_LENGTH characters."""
    found = text(value, field, 4 * MAX_NAME_LENGTH).strip()
    if not found or len(found) > MAX_NAME_LENGTH or not found.isprintable():
        raise _wrong(field, f"must be one line of 1 to {MAX_NAME_LENGTH} characters")
    return found


def text(value: object, field: str, limit: int = MAX_METADATA_BYTES) -> str:
    """A text without NUL and lone surrogates, of up to `limit` UTF-8 bytes."""
    if not isinstance(value, str):
        raise _wrong(field, f"must be text, not {_kind(value)}")
    if "\0" in value:
        raise _wrong(field, f"has a NUL character at position {value.index(chr(0))}, which cannot be stored; remove it")
    if not value.isascii() and (found := _SURROGATE.search(value)):
        raise _wrong(field, f"is not valid Unicode: half a surrogate pair at position {found.start()}")
    size = len(value) if value.isascii() else len(value.encode())
    if size > limit:
        raise _wrong(field, f"has {size:,} bytes; the limit is {limit:,}")
    return value


def _json(value: object, field: str, depth: int) -> object:
    if depth > MAX_DEPTH:
        raise _wrong(field, f"is nested deeper than {MAX_DEPTH} levels")
    match value:
        case None | bool():
            return value
        case int():
            if abs(value) > MAX_INTEGER:
                raise _wrong(field, "holds a number of more than 64 bits; send it as text")
            return value
        case float():
            if not math.isfinite(value):
                raise _wrong(field, f"holds {value}, which JSON has no number for")
            return value
        case str():
            return text(value, field, MAX_STATE_BYTES)
        case Mapping():
            return {text(key, field): _json(each, field, depth + 1) for key, each in value.items()}
        case list() | tuple():
            return [_json(each, field, depth + 1) for each in value]
        case _:
            raise _wrong(field, f"holds {_kind(value)}, which JSON has not")


def _one_of(value: object, field: str, allowed: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise _wrong(field, f"must be one of {', '.join(allowed)}, not {_shown(value)}")
    return value


def _kind(value: object) -> str:
    kinds = {
        type(None): "nothing",
        dict: "an object",
        list: "a list",
        str: "text",
        bool: "a truth value",
        int: "a number",
        float: "a number",
    }
    return kinds.get(type(value), f"a value of type {type(value).__name__}")


def _shown(value: object) -> str:
    """A value for a message, cut."""
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:80]}…"


def _wrong(field: str, reason: str) -> errors.InvalidRequest:
    return errors.InvalidRequest(f"{field} {reason}.", field)
