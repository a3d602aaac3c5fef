"""A socket that this process's supervisor listens on for it (systemd's socket activation), see sd_listen_fds(3).

The supervisor makes it while no daemon runs, starts one for the first connection, and goes on to hold it when that one
ends. So nobody here may remove it.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Final

from indexer import errors

_FIRST: Final = 3
_MOST: Final = 64


def passed_on(path: str, environ: Mapping[str, str] = os.environ) -> socket.socket | None:
    """The listening, non-blocking socket at `path`; None where the supervisor passed nothing on, ConfigError for another one."""
    if environ.get("LISTEN_PID") != str(os.getpid()) or not environ.get("LISTEN_FDS", "").isdecimal():
        return None
    try:
        given = [_adopted(number) for number in range(_FIRST, _FIRST + min(int(environ["LISTEN_FDS"]), _MOST))]
    except OSError as problem:
        raise errors.ConfigError(f"The supervisor passed on what is no socket: {problem.strerror}.") from problem
    for listener in given:
        if listener.family == socket.AF_UNIX and _is_at(listener, path):
            listener.setblocking(False)
            return listener
    places = ", ".join(str(listener.getsockname()) for listener in given)
    raise errors.ConfigError(
        f"The service's socket is {places or 'missing'}, this project's would be {path}. "
        "Write its files anew: indexer service install --socket"
    )


def _adopted(number: int) -> socket.socket:
    # What the daemon starts must not keep it open.
    os.set_inheritable(number, False)
    return socket.socket(fileno=number)


def _is_at(listener: socket.socket, path: str) -> bool:
    name = listener.getsockname()
    return isinstance(name, str) and os.path.realpath(name) == os.path.realpath(path)
