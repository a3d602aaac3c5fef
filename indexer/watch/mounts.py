"""Which file system a folder lies on, and whether its changes are told to anybody."""

from __future__ import annotations

import os
import re
from typing import Final

_MOUNTS: Final = "/proc/self/mountinfo"
#: Changes made by others, or by the host of a virtual machine, are not told here.
_SILENT: Final = re.compile(r"9p|nfs\d?|cifs|smb\d?|smbfs|ncpfs|vboxsf|prl_fs|vmhgfs|fuse\.|afs|ceph|lustre|glusterfs|drvfs")
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")


def silent_file_system(folder: str) -> str | None:
    """The folder's file system where watching it would miss changes; None where watching works."""
    kind = _file_system(os.path.realpath(folder))
    return kind if kind is not None and _SILENT.match(kind) else None


def _file_system(folder: str) -> str | None:
    best: tuple[int, str | None] = (-1, None)
    try:
        with open(_MOUNTS, encoding="utf-8", errors="surrogateescape") as lines:
            for line in lines:
                left, _, right = line.partition(" - ")
                point = _ESCAPE.sub(lambda match: chr(int(match[1], 8)), left.split(" ")[4])
                if _is_at_or_in(folder, point) and len(point) >= best[0]:
                    best = (len(point), right.split(" ")[0])
    except (OSError, IndexError):
        return None
    return best[1]


def _is_at_or_in(folder: str, point: str) -> bool:
    return folder == point or folder.startswith(point.rstrip("/") + "/")
