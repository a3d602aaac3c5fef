"""The cluster on disk: made whole or not at all, checked before a start, completed after it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from indexer import errors
from indexer.database import binaries, complaints, places, wire

DATABASE = "indexer"
_MAINTENANCE = "postgres"
_TEMPLATE = "template1"
_FILL_TEMPLATE = (
    # In the template, so that every database made later has them too.
    "CREATE EXTENSION IF NOT EXISTS vector",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE EXTENSION IF NOT EXISTS btree_gin",
)
_HAS_LZ4 = "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
_USE_LZ4 = f"ALTER DATABASE {DATABASE} SET default_toast_compression = 'lz4'"
_MAKE_DATABASE = (
    f"CREATE DATABASE {DATABASE} TEMPLATE {_TEMPLATE} STRATEGY file_copy",
    # lz4 packs as well as pglz in a fraction of the time; not every build has it.
    f"DO $$ BEGIN IF ({_HAS_LZ4}) THEN {_USE_LZ4}; END IF; END $$",
)
_STALE_EXTENSIONS = """
SELECT name FROM pg_available_extensions WHERE installed_version <> default_version
"""
_ORPHAN_LIMIT = 5.0  # seconds that a program may live on whose parent was killed
_PATIENCE = 300.0  # seconds for one statement; a slow disk copies a database slowly
_INVALID_CATALOG_NAME = "3D000"


def ensure_files(place: places.Place, programs: binaries.Binaries) -> None:
    """Make the cluster if there is none; raise Conflict about one that these programs cannot serve."""
    _clear_leftovers(place)
    if _is_absent(place.data):
        _make(place, programs)
    _check(place, programs)


def ensure_database(sockets: Path) -> None:
    """Make the program's database if it is missing, and bring its extensions up to the programs' versions.

    Raises OSError or wire.Refused.
    """
    try:
        with wire.connect(sockets, DATABASE, timeout=_PATIENCE) as session:
            _update_extensions(session)
    except wire.Refused as exc:
        if exc.sqlstate != _INVALID_CATALOG_NAME:
            raise
        _make_database(sockets)


def _make_database(sockets: Path) -> None:
    for database, statements in ((_TEMPLATE, _FILL_TEMPLATE), (_MAINTENANCE, _MAKE_DATABASE)):
        with wire.connect(sockets, database, timeout=_PATIENCE) as session:
            for statement in statements:
                session.query(statement)


def _update_extensions(session: wire.Session) -> None:
    for (name,) in session.query(_STALE_EXTENSIONS):
        session.query(f'ALTER EXTENSION "{name}" UPDATE')


def _is_absent(data: Path) -> bool:
    return not data.exists() or (data.is_dir() and not any(data.iterdir()))


def _make(place: places.Place, programs: binaries.Binaries) -> None:
    """Make it in a folder of its own and rename: what bears the name `data` is always complete.

    Nothing is written through to the disk until all is there, and then all at once: a thousand small
    files one after the other would take seconds.
    """
    part = place.folder / f"init-{os.getpid()}"
    data = part / "data"
    try:
        part.mkdir(mode=0o700)
        if place.account:
            os.chown(part, place.account.pw_uid, place.account.pw_gid)
        _run(place, [*_initdb(programs), "-D", str(data)])
        single = [str(programs.program("postgres")), "--single", "-F", "-c", "exit_on_error=on", "-D", str(data)]
        # A line is a statement there.
        _run(place, [*single, _TEMPLATE], "\n".join([*_FILL_TEMPLATE, *_MAKE_DATABASE]) + "\n")
        _sync(part)
        os.rename(data, place.data)
        _sync_one(place.folder)
    except OSError as exc:
        raise complaints.unavailable(f"The database cannot be made in {place.folder}", exc) from exc
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _initdb(programs: binaries.Binaries) -> list[str]:
    command = [str(programs.program("initdb")), "-U", wire.USER, "--auth=peer", "--no-instructions", "--no-sync"]
    command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # The character type must be UTF-8 as well, or pg_trgm drops letters outside ASCII.
    return [*command, "--lc-collate=C", "--lc-ctype=C.UTF-8"]


def _run(place: places.Place, command: list[str], typed: str = "") -> None:
    done = subprocess.run(
        command,
        cwd="/",
        env=binaries.environment(),
        input=typed.encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        **binaries.as_account(place.account),  # type: ignore[call-overload]
    )
    if done.returncode != 0:
        said = complaints.complaint(done.stderr.decode(errors="replace"))
        raise errors.DatabaseUnavailable(f"The database cannot be made in {place.folder}: {said}")


def _check(place: places.Place, programs: binaries.Binaries) -> None:
    data = place.data
    try:
        found = data.stat()
        major = (data / "PG_VERSION").read_text().strip()
        has_control = (data / "global" / "pg_control").is_file()
    except FileNotFoundError:
        major, has_control = "", False
    except OSError as exc:
        raise complaints.unavailable(f"The database in {data} cannot be read", exc) from exc
    if not major or not has_control:
        raise errors.Conflict(
            f"{data} is not a complete PostgreSQL cluster: restore it from a backup, or move it away "
            "and a new one is made at the next start."
        )
    if found.st_uid != place.owner:
        raise errors.Conflict(
            f"{data} belongs to user id {found.st_uid}, and the server runs as {place.owner}: "
            f"run as that user, or give the folder to this one with `chown -R {place.owner} {data}`."
        )
    if major != programs.major:
        raise errors.Conflict(
            f"{data} was made by PostgreSQL {major}, and this program brings {programs.major}. Export your "
            "memories with the version of the program that made it (`indexer vault export`), move the "
            "folder away, and import them here (`indexer vault import`); the index is made again by itself."
        )


def _clear_leftovers(place: places.Place) -> None:
    """Remove what a start that was killed left behind: its initdb may live on and write for a moment, until it misses its files."""
    deadline = time.monotonic() + _ORPHAN_LIMIT
    for left in place.folder.glob("init-*"):
        shutil.rmtree(left, ignore_errors=True)
        while left.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
            shutil.rmtree(left, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Write everything below the folder through to the disk; raises OSError.

    Sixteen at a time, because a file system writes what several ask for in one go: measured, a twentieth of
    the time. One call for the whole file system would have to wait for everybody else's data.
    """
    from concurrent.futures import ThreadPoolExecutor  # only the first start needs it

    found = [Path(parent, name) for parent, folders, files in os.walk(folder) for name in (*folders, *files)]
    with ThreadPoolExecutor(16) as threads:
        for _ in threads.map(_sync_one, [folder, *found]):
            pass


def _sync_one(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
