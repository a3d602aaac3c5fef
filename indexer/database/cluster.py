"""The cluster on disk: made whole or not at all, checked before a start, completed after it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from indexer import errors
from indexer.database import binaries, complaints, places, wire

DATABASE = "indexer"
_EXTENSIONS = ("vector", "pg_trgm", "btree_gin")
_TEMPLATE = "template1"  # so that every database made later has the extensions too
_HAS_LZ4 = """
SELECT 1 FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
"""
_STALE_EXTENSIONS = """
SELECT name FROM pg_available_extensions WHERE installed_version <> default_version
"""
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
    with wire.connect(sockets, _TEMPLATE, timeout=_PATIENCE) as session:
        for extension in _EXTENSIONS:
            session.query(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    with wire.connect(sockets, "postgres", timeout=_PATIENCE) as session:
        session.query(f"CREATE DATABASE {DATABASE} TEMPLATE {_TEMPLATE}")
        # lz4 packs as well as pglz at a fraction of the time; not every build has it.
        if session.query(_HAS_LZ4):
            session.query(f"ALTER DATABASE {DATABASE} SET default_toast_compression = 'lz4'")


def _update_extensions(session: wire.Session) -> None:
    for (name,) in session.query(_STALE_EXTENSIONS):
        session.query(f'ALTER EXTENSION "{name}" UPDATE')


def _is_absent(data: Path) -> bool:
    return not data.exists() or (data.is_dir() and not any(data.iterdir()))


def _make(place: places.Place, programs: binaries.Binaries) -> None:
    """Run initdb in a folder of its own and rename: what bears the name `data` is always complete."""
    part = place.folder / f"init-{os.getpid()}"
    try:
        part.mkdir(mode=0o700)
        if place.account:
            os.chown(part, place.account.pw_uid, place.account.pw_gid)
        _initdb(place, programs, part / "data")
        os.rename(part / "data", place.data)
        _sync_folder(place.folder)
    except OSError as exc:
        raise complaints.unavailable(f"The database cannot be made in {place.folder}", exc) from exc
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _initdb(place: places.Place, programs: binaries.Binaries, target: Path) -> None:
    command = [str(programs.program("initdb")), "-D", str(target), "-U", wire.USER, "--auth=peer"]
    command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # The character type must be UTF-8 as well, or pg_trgm drops letters outside ASCII.
    command += ["--lc-collate=C", "--lc-ctype=C.UTF-8", "--no-instructions"]
    done = subprocess.run(
        command,
        cwd="/",
        env=binaries.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        **binaries.as_account(place.account),  # type: ignore[call-overload]
    )
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace")
        raise errors.DatabaseUnavailable(
            f"The database cannot be made in {place.folder}: {complaints.complaint(said)}"
        )


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
    """Remove what an initdb that was killed left behind."""
    for left in place.folder.glob("init-*"):
        shutil.rmtree(left, ignore_errors=True)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
