"""The exceptions that cross a layer of this program.

Broken input of a project (a source file that does not parse) is not an exception: it is a
problem in that file's row. What is here is what a caller can do something about; each message
is a sentence for a person, and says what to do next where there is something to do.

    IndexerError
    ├── UsageError              the request cannot be right            exit 2
    │   ├── ConfigError             a setting is unknown or wrong
    │   └── InvalidRequest          a parameter is missing or wrong (names the field)
    ├── NotFound                nothing there by that name             exit 1
    │   └── Ambiguous               several by that name (carries the candidates)
    ├── Conflict                the state forbids it (names what to do first)
    └── Unavailable             a part that we need is not there       exit 3
        ├── DaemonUnavailable       no daemon, or it does not answer
        ├── DatabaseUnavailable     no PostgreSQL, or it refuses us
        └── Busy                    a limit is reached; try again
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class IndexerError(Exception):
    """Base of all; `exit_code` is what the command line ends with."""

    exit_code = 2


class UsageError(IndexerError):
    """The request cannot be right, whatever the state."""


class ConfigError(UsageError):
    """A setting is unknown, of the wrong type or not allowed where it stands."""


class InvalidRequest(UsageError):
    """A parameter is missing or wrong; `field` names it where there is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotFound(IndexerError):
    """Nothing is there by that name."""

    exit_code = 1


class Ambiguous(NotFound):
    """Several symbols go by that name; `candidates` are their items, best first."""

    exit_code = 2

    def __init__(self, message: str, candidates: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class Conflict(IndexerError):
    """The present state forbids it; the message says what to do first."""


class Unavailable(IndexerError):
    """A part that we need is not there, or does not answer."""

    exit_code = 3


class DaemonUnavailable(Unavailable):
    """No daemon runs for the project, or it does not answer."""


class DatabaseUnavailable(Unavailable):
    """PostgreSQL cannot be reached, or lacks what we need."""


class Busy(Unavailable):
    """A limit is reached for now; trying again later can help."""
