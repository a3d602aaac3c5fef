"""What keeps the server from running, said so that a person can do something about it."""

from __future__ import annotations

import errno
import os
import re

from indexer import errors

# But not the answer to those who come too early: "the database system is starting up".
_ERROR = re.compile(r"\b(?:error|ERROR|FATAL|PANIC):\s+(?!the database system is)(.*)")


def unavailable(what: str, exc: OSError) -> errors.DatabaseUnavailable:
    """The error for a failed system call: what failed, why, and what to do about it."""
    return errors.DatabaseUnavailable(f"{what}: {exc.strerror or exc}.{_advice(exc.errno)}")


def advised(told: str) -> str:
    """PostgreSQL's sentence with what to do about it, where it names a system error that we know."""
    for code in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        if os.strerror(code) in told:
            return f"{told}.{_advice(code)}"
    return told


def complaint(said: str) -> str:
    """What PostgreSQL's output complains of, in one line; its end where nothing in it is an error."""
    told = "; ".join(_ERROR.findall(said)[-2:])
    return advised(told or said.strip()[-300:] or "it gives no reason")


def _advice(code: int | None) -> str:
    match code:
        case errno.ENOSPC | errno.EDQUOT:
            return " Free some space on that disk; work resumes by itself."
        case errno.EROFS:
            return " That disk is read-only: remount it, or set INDEXER_HOME to another."
        case errno.EACCES | errno.EPERM:
            return " Set INDEXER_HOME to a folder that you may write."
        case _:
            return ""
