"""Where the embedded server's files lie, and who owns them.

An ordinary user's server lives in `<home>/postgres`, made for its owner alone. PostgreSQL refuses
to run as root, so root's server runs as a system user of its own, under folders that this user can
reach wherever the home is: `/var/lib/indexer/<hash>` and `/run/indexer/<hash>`, the hash being
that of the home's real path. No folder that exists has its mode changed: one that others could
write is refused.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from indexer import errors
from indexer.database import complaints, wire

ACCOUNT = "indexer-db"  # the system user that root's servers run as
ROOT_STATE = Path("/var/lib/indexer")
_ROOT_RUN = Path("/run/indexer")
_MAX_SOCKET = 103  # bytes in sockaddr_un.sun_path without the closing NUL, where it is shortest (macOS)
_MAX_DATA = 900  # bytes: PostgreSQL's MAXPGPATH is 1024, and file names follow


@dataclass(frozen=True)
class Place:
    """The files of one home's server."""

    home: Path
    folder: Path  # locks, settings and log; the caller's own
    account: pwd.struct_passwd | None  # whom the server runs as, where that is not the caller
    tag: str  # the home's hash, short

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def lease(self) -> Path:
        return self.folder / "lease"

    @property
    def holder(self) -> Path:
        return self.folder / "holder"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def owner(self) -> int:
        """The uid that the cluster must belong to."""
        return self.account.pw_uid if self.account else os.geteuid()


def home(environ: Mapping[str, str]) -> Path:
    """INDEXER_HOME, else `indexer` in the user's XDG data folder; always absolute."""
    if chosen := environ.get("INDEXER_HOME"):
        return Path(os.path.abspath(os.path.expanduser(chosen)))
    data = environ.get("XDG_DATA_HOME", "")
    # The XDG specification has relative paths ignored.
    base = Path(data) if os.path.isabs(data) else Path(os.path.expanduser("~/.local/share"))
    return base / "indexer"


def find(home: Path, tag: str | None = None) -> Place:
    """The home's place, whether or not anything is there; makes nothing.

    A holder passes the `tag` that its starter found, to do without a cryptographic library (4 MB).
    """
    real = Path(os.path.realpath(home))
    tag = tag or _tag(real)
    if os.geteuid() == 0:
        return Place(real, ROOT_STATE / tag, _lookup(ACCOUNT), tag)
    return Place(real, real / "postgres", None, tag)


def prepare(home: Path, tag: str | None = None) -> Place:
    """The home's place with its folder there and safe; Conflict or DatabaseUnavailable otherwise."""
    place = find(home, tag)
    try:
        if os.geteuid() == 0:
            place = replace(place, account=_account())
            _refuse_users_home(place)
            make_folder(ROOT_STATE, 0o711)
            # 0711: the server's account passes through to its data, and lists nothing.
            make_folder(place.folder, 0o711)
            _say_home(place)
        else:
            _check_account()
            place.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_folder(place.folder, 0o700)
    except OSError as exc:
        raise complaints.unavailable(f"The database's folder {place.folder} cannot be made", exc) from exc
    if len(os.fsencode(place.data)) > _MAX_DATA:
        raise errors.Conflict(
            f"The path {place.folder} is too long for PostgreSQL ({_MAX_DATA} bytes): set INDEXER_HOME to a shorter one."
        )
    return place


def make_folder(folder: Path, mode: int, owner: pwd.struct_passwd | None = None) -> None:
    """Make `folder` with exactly this mode; one that is there must be its owner's and no more open.

    `mode` is 0700, or 0711 for a folder that another account passes through.
    """
    uid = owner.pw_uid if owner else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
        folder.chmod(mode)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise errors.Conflict(f"{folder} is not a folder: move it away.")
    if owner and found.st_uid == os.geteuid():
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    elif found.st_uid != uid:
        raise errors.Conflict(
            f"{folder} belongs to {_name(found.st_uid)}, not to {_name(uid)}: "
            "run as that user, or set INDEXER_HOME to a folder of your own."
        )
    if stat.S_IMODE(found.st_mode) & 0o777 & ~(0o700 if mode == 0o700 else 0o755):
        raise errors.Conflict(f"{folder} is open to other users: run `chmod {mode:o} {folder}` first.")


def socket_folder(place: Place) -> Path:
    """An owner-only folder that a socket can be bound in, made when missing.

    The data folder itself comes first: it needs no environment to be found again and nothing
    clears it. A long path, or a file system without sockets, sends us to the user's run-time folder,
    and without one to /tmp.
    """
    candidates = socket_candidates(place)
    for folder in candidates:
        if not _can_be_named(folder):
            continue
        if folder.parent != place.folder:
            make_folder(folder.parent, 0o711 if place.account else 0o700)
        make_folder(folder, 0o700, place.account)
        if _can_bind(folder):
            return folder
    raise errors.DatabaseUnavailable(
        f"No folder can hold the database's socket (tried {', '.join(map(str, candidates))}): "
        "set INDEXER_HOME to a shorter path on a local disk."
    )


def socket_candidates(place: Place) -> list[Path]:
    """The folders that the socket may lie in, best first."""
    if place.account:
        return [_ROOT_RUN / place.tag]
    uid = os.geteuid()
    bases = [Path(f"/run/user/{uid}/indexer"), Path(f"/tmp/indexer-{uid}")]
    usable = [base / place.tag for base in bases if os.access(base.parent, os.W_OK)]
    return [place.folder / "socket", *usable]


def _tag(real: Path) -> str:
    import hashlib  # see `find`

    return hashlib.sha256(os.fsencode(real)).hexdigest()[:16]


def _account() -> pwd.struct_passwd:
    """Root's servers' system user, made when missing."""
    if found := _lookup(ACCOUNT):
        return found
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/usr/sbin/nologin", "--comment", "indexer's PostgreSQL", ACCOUNT]
    said = "useradd is not installed"
    # Two at once: useradd locks /etc/passwd and lets the second fail, so look again.
    for _ in range(20):
        if tool := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin"):
            done = subprocess.run([tool, *command[1:]], capture_output=True, text=True, check=False)
            said = done.stderr.strip()
        if found := _lookup(ACCOUNT):
            return found
        if "lock" not in said:
            break
        time.sleep(0.1)
    raise errors.DatabaseUnavailable(
        f"PostgreSQL refuses to run as root, and the system user {ACCOUNT} that it would run as cannot be "
        f"made ({said}). Make it with `{' '.join(command[:4])} {ACCOUNT}`, run as an ordinary user, or set "
        "a database DSN."
    )


def _check_account() -> None:
    """PostgreSQL looks its own user's name up, and ends without one (containers with a bare uid)."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        raise errors.DatabaseUnavailable(
            f"The user id {os.geteuid()} has no name in /etc/passwd, and PostgreSQL needs one: "
            "add an entry, run as another user, or set a database DSN."
        ) from None


def _refuse_users_home(place: Place) -> None:
    """Root must not open a second, empty database for a home whose user already has one."""
    theirs = place.home / "postgres"
    if theirs.is_dir() and theirs.lstat().st_uid != 0:
        raise errors.Conflict(
            f"{place.home} holds the database of {_name(theirs.lstat().st_uid)}: "
            "run as that user, or set INDEXER_HOME to a folder of root's own."
        )


def _say_home(place: Place) -> None:
    """Leave the home's path beside the cluster, so that a person can tell whose it is."""
    note = place.folder / "home"
    if not note.exists():
        note.write_bytes(os.fsencode(place.home) + b"\n")


def _can_be_named(folder: Path) -> bool:
    """Whether the path fits a socket address, PostgreSQL's list syntax and a DSN."""
    path = str(wire.socket_path(folder))
    try:
        return len(path.encode()) <= _MAX_SOCKET and "," not in path and path.isprintable()
    except UnicodeEncodeError:
        return False


def _can_bind(folder: Path) -> bool:
    """Whether the file system takes sockets: shared folders and some FUSE ones do not."""
    probe = folder / f".{os.getpid()}"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.bind(str(probe))
        probe.unlink()
    except OSError:
        return False
    return True


def _lookup(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
