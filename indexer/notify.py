"""`indexer-notify PATH…`: an editor's save hook that costs next to nothing.

It tells the daemon of every project that holds a path that the path changed, and leaves. It starts no
daemon, waits for no answer, prints nothing and always ends with 0: a save must never fail or lag because
of an index. What it cannot deliver within 50 ms is dropped; the daemon's own watching finds it.

Standard library only: importing the client would cost more than the whole hook may.
"""

from __future__ import annotations

import os
import sys
import time

if __name__ == "__main__":
    # Hooks run this file by its path, without what Python does for installed packages (-I -S).
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from indexer import sockets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PATIENCE = 0.05  # seconds for all of it
_ESCAPES = {**{code: f"\\u{code:04x}" for code in range(32)}, ord('"'): '\\"', ord("\\"): "\\\\"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell the daemons concerned; always 0."""
    try:
        _notify(sys.argv[1:] if arguments is None else arguments)
    except Exception:
        # There is nobody to tell: an editor would show it as a failed save.
        return 0
    return 0


def _notify(arguments: Sequence[str]) -> None:
    folder = sockets.runtime_dir(os.environ)
    # Somebody else's folder at that path must not learn what is edited here.
    if not sockets.is_private(folder):
        return
    listening = {name for name in os.listdir(folder) if name.endswith(".sock")}
    if not listening:
        return
    paths_by_socket: dict[str, list[str]] = {}
    # Paths by the folder that they are in, each of which is resolved once: a checkout names thousands.
    names_by_folder: dict[str, list[str]] = {}
    for argument in arguments:
        parent, name = os.path.split(os.path.abspath(argument))
        names_by_folder.setdefault(parent, []).append(name)
    for parent, names in names_by_folder.items():
        resolved = os.path.realpath(parent)
        around = _listening(resolved, listening)
        for name in names:
            path = _speakable(os.path.join(resolved, name))
            itself = [socket] if (socket := _socket_name(path)) in listening else []
            for socket in {*around, *itself}:
                paths_by_socket.setdefault(f"{folder}/{socket}", []).append(path)
    deadline = time.monotonic() + _PATIENCE
    for address, paths in paths_by_socket.items():
        _send(address, paths, deadline)


def _listening(folder: str, listening: set[str]) -> list[str]:
    """The sockets of the projects that a folder is in."""
    return [name for ancestor in _ancestors(folder) if (name := _socket_name(ancestor)) in listening]


def _socket_name(root: str) -> str:
    return sockets.project_key(root) + ".sock"


def _speakable(path: str) -> str:
    """The path; for one that is not UTF-8, which JSON cannot carry, the nearest folder that is."""
    while not _is_utf8(path):
        path = os.path.dirname(path)
    return path


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _ancestors(path: str) -> Iterator[str]:
    yield path
    while (parent := os.path.dirname(path)) != path:
        yield (path := parent)


def _send(address: str, paths: list[str], deadline: float) -> None:
    # What `socket` wraps: its enums and selectors would cost a third of the hook's CPU. Imported only
    # here, since most saves have nobody to tell.
    import _socket

    listed = ",".join(map(_quoted, paths))
    line = f'{{"jsonrpc":"2.0","method":"index.notify","params":{{"paths":[{listed}]}}}}\n'.encode()
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    connection.settimeout(max(deadline - time.monotonic(), 0.001))
    try:
        connection.connect(address)
        connection.sendall(line)
    except OSError:
        # A stale socket, a full backlog or a daemon that hangs; the other projects are still told.
        return
    finally:
        connection.close()


def _quoted(text: str) -> str:
    """The text as a JSON string; importing `json` for it would cost another third."""
    return f'"{text.translate(_ESCAPES)}"'


if __name__ == "__main__":
    sys.exit(main())
