"""Where a project's socket lies: the rule that daemon, clients and the save hook share.

A project's daemon listens on `<runtime folder>/<key>.sock`; the key is a hash of the project's canonical
root. Beside it lie `<key>.lock` (held by the daemon for as long as it lives, with its pid inside),
`<key>.start` (held by whoever is starting one) and `<key>.log` (what a starting daemon prints).

Only the standard library, and little of it: the save hook imports this module in every save.
"""

from __future__ import annotations

import os
import stat

try:
    # What hashlib gives; that one loads OpenSSL first, an eighth of what the save hook costs.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: sun_path holds 108 bytes with its final NUL on Linux, 104 elsewhere.
MAX_SOCKET_PATH = 103
_LONGEST_NAME = "/" + "0" * 24 + ".start"


def project_key(root: str) -> str:
    """24 hex digits that stand for a canonical project root (see `canonical_root`)."""
    return blake2b(os.fsencode(root), digest_size=12).hexdigest()


def canonical_root(path: str) -> str:
    """The path as the key takes it: absolute, without symbolic links. It need not exist."""
    return os.path.realpath(path)


def socket_path(folder: str, key: str) -> str:
    """The socket that a project's daemon listens on."""
    return f"{folder}/{key}.sock"


def lock_path(folder: str, key: str) -> str:
    """The file that a project's daemon keeps locked. Never removed: a lock on a removed one is worthless."""
    return f"{folder}/{key}.lock"


def start_lock_path(folder: str, key: str) -> str:
    """The file that is locked while somebody starts a daemon."""
    return f"{folder}/{key}.start"


def log_path(folder: str, key: str) -> str:
    """What a daemon that was started in the background prints before it has a log of its own."""
    return f"{folder}/{key}.log"


def runtime_dir(environ: Mapping[str, str]) -> str:
    """The private folder of this user's sockets; it may not exist yet (see `make_private`).

    `$XDG_RUNTIME_DIR/indexer` where that folder is this user's; else `/run/indexer/…` for root and
    `/run/user/<uid>/indexer` for others, so that a hook started by cron or ssh finds the same daemon; else
    `/tmp/indexer-<uid>`. An INDEXER_HOME of its own is an installation of its own:
    the name then has its hash.
    """
    uid = os.geteuid()
    home = environ.get("INDEXER_HOME")
    suffix = "" if not home else "-" + _digest(os.path.realpath(home))
    given = environ.get("XDG_RUNTIME_DIR", "")
    if given.startswith("/") and _is_own_folder(given, uid):
        folder = f"{given}/indexer{suffix}"
        # A folder too deep for a socket's path is replaced by its hash in a shallow one.
        return folder if _fits(folder) else f"/tmp/indexer-{uid}-{_digest(folder)}"
    if uid == 0 and os.access("/run", os.W_OK):
        return f"/run/indexer/sockets{suffix}"
    if _is_own_folder(f"/run/user/{uid}", uid):
        return f"/run/user/{uid}/indexer{suffix}"
    return f"/tmp/indexer-{uid}{suffix}"


def make_private(folder: str) -> None:
    """Make the runtime folder, for this user alone; PermissionError says what is wrong with it."""
    os.makedirs(os.path.dirname(folder), mode=0o755, exist_ok=True)
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        if not is_private(folder):
            raise PermissionError(
                f"{folder} must be a folder of your own that nobody else may enter. Look who made it, then "
                f"remove it or run: chmod 700 {folder}"
            ) from None


def is_private(folder: str) -> bool:
    """Whether it is a real folder (no link) that belongs to this user and is closed to everybody else."""
    try:
        found = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) & 0o077 == 0


def _is_own_folder(folder: str, uid: int) -> bool:
    try:
        found = os.stat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == uid


def _fits(folder: str) -> bool:
    return len(os.fsencode(folder + _LONGEST_NAME)) <= MAX_SOCKET_PATH


def _digest(text: str) -> str:
    return blake2b(os.fsencode(text), digest_size=6).hexdigest()
