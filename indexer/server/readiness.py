"""Tells whoever supervises this process how it is (systemd's Type=notify): one datagram to the socket that it names.

See sd_notify(3). Where nobody supervises, nothing happens; a supervisor that does not listen is no reason to stop.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping


def tell(state: str, environ: Mapping[str, str] = os.environ) -> None:
    """Say READY=1 or STOPPING=1."""
    address = environ.get("NOTIFY_SOCKET", "")
    # '@' stands for the abstract namespace.
    if address[:1] not in ("/", "@"):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.connect(address.replace("@", "\0", 1) if address[0] == "@" else address)
        supervisor.send(state.encode())
