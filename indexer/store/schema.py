"""Brings a database to the schema of this program, one process at a time.

Two kinds of tables, two rules:

- `schema/code.sql` defines what is derived from files. When its text differs from what the database records,
  everything that it made is dropped and made anew, and daemons index again. Its first line carries a version,
  so that an older program refuses a newer schema instead of tearing it down.
- `schema/memory/NNN_*.sql` define what people wrote. They are applied once, in order, each in one
  transaction, and recorded in `migration_status` (as `schema/NNN_…`, with phase, status and errors). There is
  no way back.

Every daemon holds SCHEMA_LOCK shared for as long as it runs (`guard`); a change takes it exclusively, and is
refused with the names of the daemons in the way. Two programs that start at once take turns, and the second
one finds the work done.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from indexer import errors
from indexer.store import connect, faults, queries

SQL = queries.beside(__file__)

SCHEMA_LOCK: Final = 0x1DE75C
#: How long a change waits for others that are about to finish before it is refused.
WAIT_S: Final = 5.0

_PACKAGE: Final = Path(__file__).parents[1]
_VERSION_LINE: Final = re.compile(r"-- version (\d+)\n")


@dataclass(frozen=True, slots=True)
class Script:
    """One file of the schema; `name` is the stem, `checksum` the SHA-256 of its text."""

    name: str
    text: str
    checksum: str


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the schema, or an import: how far it is in this database. `status` is 'pending' for what is not there yet;
    `errors` are those of all attempts.
    """

    name: str
    phase: str
    status: str
    started_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None
    errors: tuple[str, ...] = ()


def folder() -> Path:
    """The schema's folder: the packaged one, or in a checkout the one beside the package."""
    packaged = _PACKAGE / "_schema"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "schema"


def code(base: Path | None = None) -> tuple[int, Script]:
    """The version and text of the derived tables."""
    script = _read((base or folder()) / "code.sql")
    match = _VERSION_LINE.match(script.text)
    if match is None:
        raise ValueError("code.sql must begin with '-- version N'")
    return int(match[1]), script


def migrations(base: Path | None = None) -> list[Script]:
    """The memory migrations in order; their numbers count from 1 without a gap."""
    scripts = [_read(path) for path in sorted(((base or folder()) / "memory").glob("*.sql"))]
    for number, script in enumerate(scripts, start=1):
        if not script.name.startswith(f"{number:03}_"):
            raise ValueError(f"migration {script.name} should have the number {number:03}")
    return scripts


def _read(path: Path) -> Script:
    text = path.read_text(encoding="utf-8")
    return Script(path.stem, text, hashlib.sha256(text.encode()).hexdigest())


async def hold(session: connect.Session, base: Path | None = None, wait_s: float = WAIT_S) -> None:
    """Returns once the schema is this program's and the session holds SCHEMA_LOCK shared.

    Changes the schema when that is needed and nobody else uses it. Raises Conflict when daemons use it
    (named), when it is newer than this program, or when an applied migration was edited; DatabaseUnavailable
    or IndexerError when a script fails.
    """
    clock = asyncio.get_running_loop().time
    end = clock() + wait_s
    for pause in connect.pauses():
        await session.execute(SQL["lock_shared"], SCHEMA_LOCK)
        if await is_current(session, base):
            return
        await session.execute(SQL["unlock_shared"], SCHEMA_LOCK)
        if await session.fetchval(SQL["try_lock"], SCHEMA_LOCK):
            break
        if clock() >= end:
            raise await _refusal(session)
        await asyncio.sleep(min(pause, 0.2))
    try:
        await bring_up_to_date(session, base)
        await session.execute(SQL["lock_shared"], SCHEMA_LOCK)
    finally:
        await session.execute(SQL["unlock"], SCHEMA_LOCK)


async def hold_again(session: connect.Session, base: Path | None = None) -> None:
    """Holds SCHEMA_LOCK shared on another connection of a program that held it before.

    Raises Conflict when the schema was changed in between: what the program knows of the database is no longer true.
    """
    await session.execute(SQL["lock_shared"], SCHEMA_LOCK)
    if not await is_current(session, base):
        raise errors.Conflict("Another program changed the database's schema while the connection was lost: restart.")


async def is_current(session: connect.Connection, base: Path | None = None) -> bool:
    """Whether nothing needs to change. Raises Conflict for a schema that this program must not touch."""
    if not await session.fetchval(SQL["has_records"]):
        return False
    version, script = code(base)
    row = await session.fetchrow(SQL["code_record"])
    if row is not None and row["version"] > version:
        raise errors.Conflict(
            f"The database's code schema has version {row['version']}, this program knows {version}: update the program."
        )
    done = await _applied(session, migrations(base))
    return row is not None and row["checksum"] == script.checksum and done == len(migrations(base))


async def steps(session: connect.Connection, base: Path | None = None) -> list[Step]:
    """What the database has of the schema and what it lacks: the memory migrations in order, imports, then the derived tables."""
    if not await session.fetchval(SQL["has_records"]):
        return [Step(f"schema/{script.name}", "apply", "pending") for script in [*migrations(base), code(base)[1]]]
    rows = await session.fetch(SQL["all_migrations"])
    ours = {f"schema/{script.name}": script for script in migrations(base)}
    known = [_step(row, ours) for row in rows]
    lacking = ours.keys() - {step.name for step in known}
    version, script = code(base)
    row = await session.fetchrow(SQL["code_record"])
    is_there = row is not None and row["checksum"] == script.checksum
    has_version = row["version"] if row is not None else version
    derived = Step(
        f"schema/code (version {has_version})", "done" if is_there else "apply", "completed" if is_there else "pending",
        completed_at=row["applied_at"] if row is not None else None,
    )  # fmt: skip
    return [*known, *(Step(name, "apply", "pending") for name in sorted(lacking)), derived]


def _step(row: asyncpg.Record, ours: Mapping[str, Script]) -> Step:
    name, phase, status, started, completed, said, checksum = row
    problems = [str(error.get("error", error) if isinstance(error, dict) else error) for error in said or ()]
    if name.startswith("schema/") and name not in ours:
        problems.append("This program does not know it: update the program.")
    elif name in ours and checksum != ours[name].checksum:
        problems.append("It is not the script of this name that this program has.")
    return Step(name, phase, status, started, completed, tuple(problems))


async def bring_up_to_date(session: connect.Session, base: Path | None = None) -> None:
    """Applies what is missing; the caller sees to it that nobody else uses the schema."""
    async with session.transaction():
        await session.execute(SQL["create_migration_status"])
        await session.execute(SQL["create_code_schema"])
    scripts = migrations(base)
    for script in scripts[await _applied(session, scripts) :]:
        await _migrate(session, script)
    version, script = code(base)
    if await session.fetchval(SQL["code_checksum"]) != script.checksum:
        await _replace_code(session, version, script)


async def _applied(session: connect.Connection, scripts: Sequence[Script]) -> int:
    """How many of the migrations are in the database, which must be a prefix of them."""
    rows = await session.fetch(SQL["applied_migrations"])
    for row, script in zip(rows, scripts, strict=False):
        if row["name"] != script.name or row["checksum"] != script.checksum:
            raise errors.Conflict(
                f"Migration {row['name']} in the database is not the {script.name} of this program. An applied "
                "migration is never edited: use the program that made this database, or another database."
            )
    if len(rows) > len(scripts):
        raise errors.Conflict(
            f"The database's schema is newer than this program (it has {rows[-1]['name']}): update the program."
        )
    return len(rows)


async def _migrate(session: connect.Session, script: Script) -> None:
    await session.execute(SQL["migration_starts"], script.name, script.checksum)
    try:
        async with session.transaction():
            await session.execute(script.text)
            await session.execute(SQL["migration_ends"], script.name)
    except asyncpg.PostgresError as exc:
        await session.execute(SQL["migration_fails"], script.name, [{"phase": "apply", "error": str(exc)}])
        raise _broken(f"memory/{script.name}.sql", exc) from exc


async def _replace_code(session: connect.Session, version: int, script: Script) -> None:
    """Drops what an earlier code.sql made, in the reverse order of its making, and applies the present one."""
    try:
        async with session.transaction():
            for identity in await session.fetch(SQL["code_objects"]):
                await session.execute(identity["statement"])
            await session.execute(script.text)
            await session.execute(SQL["record_code"], version, script.checksum)
    except asyncpg.PostgresError as exc:
        raise _broken("code.sql", exc) from exc


def _broken(name: str, exc: asyncpg.PostgresError) -> errors.IndexerError:
    reason = faults.translate(exc)
    return type(reason)(f"schema/{name} could not be applied, nothing was changed: {reason}")


async def _refusal(session: connect.Connection) -> errors.Conflict:
    rows = await session.fetch(SQL["lock_holders"], SCHEMA_LOCK)
    names = "; ".join(f"{row['program']} (pid {row['pid']} of PostgreSQL, since {row['since']})" for row in rows)
    return errors.Conflict(
        f"The database's schema must change, but it is in use by: {names or 'a program that just ended'}. Stop those daemons "
        "(indexer down --project PATH, or indexer down --all), then start again."
    )
