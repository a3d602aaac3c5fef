"""The daemon's log: one line a record, begun anew at a size, one older one kept."""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import sys
from typing import Final

from indexer import config, errors

#: What every record has; anything else came in `extra`.
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class _Line(logging.Formatter):
    """Time, level, logger, message, then what came in `extra` as key=value."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        facts = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        told = (f"{key}={json.dumps(value, default=str, ensure_ascii=False)}" for key, value in facts.items())
        return " ".join((super().formatMessage(record), *told))


def open_log(settings: config.Config, path: str) -> None:
    """Send this process's log to the file, and to standard error where a person watches."""
    handlers: list[logging.Handler] = [_to_file(path, settings.daemon.log_bytes)]
    if sys.stderr.isatty():
        handlers.append(logging.StreamHandler())
    for handler in handlers:
        handler.setFormatter(_Line())
    logging.basicConfig(level=settings.daemon.log_level.upper(), handlers=handlers, force=True)
    # It tells of each attempt to reconnect with a traceback; ours says it in a line.
    logging.getLogger("asyncpg").setLevel(logging.CRITICAL)
    logging.captureWarnings(True)


def _to_file(path: str, max_bytes: int) -> logging.Handler:
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        return logging.handlers.RotatingFileHandler(
            path, maxBytes=max_bytes, backupCount=1, encoding="utf-8", errors="backslashreplace"
        )
    except OSError as problem:
        raise errors.Unavailable(f"The log {path} cannot be written: {problem.strerror}.") from problem
