"""Where systemd runs: a scope of the holder's own.

The unit of the daemon that happened to start the holder can then be stopped without the server.
"""

from __future__ import annotations

import logging
import os
import subprocess
from pathlib import Path

logger = logging.getLogger(__name__)

_MANAGER = ("org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager")


def enter(tag: str) -> None:
    """Ask systemd to move this process into a transient scope; stay where we are when it will not.

    Processes that are started later are born into the scope. `tag` tells homes apart.
    """
    if not Path("/run/systemd/system").is_dir():
        return
    bus = ["--system"] if os.geteuid() == 0 else ["--user"]
    name = f"indexer-database-{tag}-{os.getpid()}.scope"
    call = ["StartTransientUnit", "ssa(sv)a(sa(sv))", name, "fail"]
    properties = ["2", "PIDs", "au", "1", str(os.getpid()), "CollectMode", "s", "inactive-or-failed", "0"]
    try:
        done = subprocess.run(
            ["busctl", *bus, "--quiet", "call", *_MANAGER, *call, *properties],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=2,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        logger.info("no scope of our own: %s", exc)
        return
    if done.returncode != 0:
        logger.info("no scope of our own: %s", done.stderr.strip())
