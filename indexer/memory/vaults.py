"""Vaults: made, named, exported to JSON lines and imported again.

An export is a line {"record": "vault", …}, then one line a record: "memory", followed by its "history" and "anchor"
lines, then "state". It holds all that people wrote, and importing it gives a vault whose export is the same, apart from
the vault's own name and path.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from indexer import errors
from indexer.memory import checks
from indexer.store import connect, portable, vaults
from indexer.store.portable import Loaded, Record
from indexer.store.vaults import Vault

FORMAT: Final = 1
#: A vault's weight when several are recalled from at once; its setting "recall_weight".
DEFAULT_WEIGHT: Final = 1.0

_RECORDS: Final[dict[str, type[Record]]] = {
    "memory": portable.MemoryRecord,
    "history": portable.HistoryRecord,
    "anchor": portable.AnchorRecord,
    "state": portable.StateRecord,
}


async def register(database: connect.Database, name: object, path: object, type: object = "project", *, settings: object = None) -> Vault:
    """Makes a vault. Raises InvalidRequest naming the field, Conflict where the name is taken."""
    return await vaults.register(
        database, checks.name(name), checks.text(path, "path"), checks.vault_type(type), settings=_settings(settings)
    )


async def configure(database: connect.Database, vault_id: UUID, settings: object = None, metadata: object = None) -> Vault:
    """Sets the keys that are given; None removes one. Raises InvalidRequest naming the field, NotFound."""
    return await vaults.configure(database, vault_id, settings=_settings(settings), metadata=checks.metadata(metadata))


async def of_project(database: connect.Database, root: str) -> Vault:
    """The vault of the project in `root` (for a worktree, that of its repository), made when there is none.

    It is called as the folder; with a number where another vault has that name.
    """
    return await vaults.of_project(database, root.rstrip("/").rpartition("/")[2] or "root", root)


def weight(vault: Vault) -> float:
    """What scores of this vault's memories count when several vaults are recalled from at once."""
    value = vault.settings.get("recall_weight", DEFAULT_WEIGHT)
    return float(value) if isinstance(value, int | float) else DEFAULT_WEIGHT


async def export_lines(database: connect.Database, vault_id: UUID) -> AsyncIterator[str]:
    """The vault as JSON lines, as it is at one moment. Raises NotFound."""
    vault = await vaults.get(database, vault_id)
    yield _line(
        "vault",
        {
            "format": FORMAT,
            "name": vault.name,
            "path": vault.path,
            "type": vault.type,
            "settings": vault.settings,
            "metadata": vault.metadata,
        },
    )
    names = {type_: name for name, type_ in _RECORDS.items()}
    async for record in portable.records(database, vault_id):
        fields = {each.name: getattr(record, each.name) for each in dataclasses.fields(record)}
        yield _line(names[type(record)], fields)


async def import_lines(database: connect.Database, vault_id: UUID, lines: Iterable[str]) -> Loaded:
    """Adds an export to a vault, all or nothing; what the vault has already stays as it is, so that a second time adds nothing.

    Raises InvalidRequest naming the line, NotFound for a vault that does not exist or is archived.
    """
    return await portable.load(database, vault_id, _parsed(lines))


def header(line: str) -> Mapping[str, Any]:
    """The first line of an export: name, path, type, settings and metadata of the vault. Raises InvalidRequest."""
    found = _object(1, line)
    if found.get("record") != "vault" or found.get("format") != FORMAT:
        raise _wrong(1, f"is no head of a vault's export in format {FORMAT}")
    checks.name(found.get("name"))
    return found


def _parsed(lines: Iterable[str]) -> Iterator[Record]:
    for number, line in enumerate(lines, start=1):
        if number == 1:
            header(line)
        elif line.strip():
            yield _record(number, line)


def _record(number: int, line: str) -> Record:
    found = _object(number, line)
    type_ = _RECORDS.get(str(found.pop("record", None)))
    if type_ is None:
        raise _wrong(number, f"is none of {', '.join(_RECORDS)}")
    expected = {each.name for each in dataclasses.fields(type_)}
    if found.keys() != expected:
        names = ", ".join(sorted(found.keys() ^ expected))
        raise _wrong(number, f"has fields that it should not have, or lacks some: {names}")
    try:
        record = type_(**{name: _decode(name, value) for name, value in found.items()})
        _check(record)
    except (ValueError, TypeError, AttributeError) as exc:
        raise _wrong(number, f"has a wrong value: {exc}") from exc
    except errors.InvalidRequest as exc:
        raise _wrong(number, str(exc)) from exc
    return record


def _check(record: Record) -> None:
    """Raises InvalidRequest for what the database would refuse, or somebody could not have written."""
    match record:
        case portable.MemoryRecord():
            checks.content(record.content)
            checks.context(record.context)
            checks.importance(record.importance)
            checks.tier(record.tier)
            checks.metadata(record.metadata)
            checks.tags(record.tags)
        case portable.StateRecord():
            checks.name(record.name)
            checks.importance(record.importance)
            checks.tags(record.tags)
            checks.metadata(record.working_context, "working_context", checks.MAX_STATE_BYTES)
        case portable.AnchorRecord():
            checks.text(record.path, "path")
            checks.text(record.text, "text")
        case portable.HistoryRecord():
            checks.metadata(record.before, "before", 2 * checks.MAX_CONTENT_BYTES)


def _settings(value: object) -> dict[str, Any]:
    settings = checks.metadata(value, "settings")
    if settings.get("recall_weight") is not None:
        checks.importance(settings["recall_weight"], "settings.recall_weight")
    return settings


def _line(record: str, fields: Mapping[str, Any]) -> str:
    plain = {"record": record, **fields}
    return json.dumps(plain, ensure_ascii=False, default=_encode, separators=(",", ":")) + "\n"


def _encode(value: object) -> str:
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case UUID():
            return str(value)
        case bytes():
            return value.hex()
    raise TypeError(f"no JSON for {type(value).__name__}")


_DECODERS: Final[dict[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(("id", "memory_id", "parent_memory_id", "superseded_by", "symbol_id"), UUID),
    **dict.fromkeys(("text_hash", "seen_hash"), bytes.fromhex),
    "consolidated_from": lambda ids: [UUID(each) for each in ids],
}


def _decode(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_at") or name == "last_restored":
        return dt.datetime.fromisoformat(value)
    return _DECODERS[name](value) if name in _DECODERS else value


def _object(number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as exc:
        raise _wrong(number, f"is no JSON: {exc}") from exc
    if not isinstance(found, dict):
        raise _wrong(number, "is no JSON object")
    return found


def _wrong(number: int, reason: str) -> errors.InvalidRequest:
    return errors.InvalidRequest(f"line {number} of the export {reason}", f"line {number}")
