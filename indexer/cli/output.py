"""How answers look: places, tables, colours, notes.

A person reads `path:line:column`, both from 1; JSON keeps columns from 0. Answers go to standard output, what is
said about them to standard error, so that a pipe gets answers only. Colours appear on a terminal alone. Text
from the project is shown without control characters: a file's name could hold a terminal's commands.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from indexer import errors

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_STYLES: Final = {"place": "36", "name": "1", "dim": "2", "good": "32", "bad": "31", "warn": "33"}
#: The exit code when whoever read has had enough (`| head`), as a shell gives it.
PIPE_CLOSED: Final = 141
_ERROR_IN_RED: Final = "\x1b[31merror:\x1b[0m"
_GAP: Final = "  "
_UNLIMITED: Final = 1 << 30
#: Characters of the last column that are worth a table.
_LEAST_LAST: Final = 20


def prepare() -> None:
    """Make standard output take every character, whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def discard() -> None:
    """Let what Python still holds go nowhere: flushing it into a closed pipe would be an error at the exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def json(value: Any) -> None:
    """One line of JSON on standard output."""
    import msgspec

    _bytes(msgspec.json.encode(value) + b"\n")


def indented_json(value: Any) -> None:
    """JSON for a person's eyes on a terminal, one line otherwise."""
    import msgspec

    data = msgspec.json.encode(value)
    _bytes((msgspec.json.format(data) if sys.stdout.isatty() else data) + b"\n")


def _bytes(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def line(text: str = "") -> None:
    """One line on standard output."""
    sys.stdout.write(text + "\n")


def say(text: str) -> None:
    """A remark on standard error."""
    sys.stdout.flush()
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def styled(text: str, style: str) -> str:
    """The text in a style of `_STYLES` where standard output is a terminal that has colours."""
    if not text or not _has_colours():
        return text
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


def _has_colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def plain(text: object) -> str:
    """Text of the project on one line: control characters as escapes."""
    return _CONTROL.sub(_escape, str(text).replace("\n", " ").replace("\t", " "))


def block(text: str) -> str:
    """Text of the project over several lines, as written but for control characters."""
    return _CONTROL.sub(_escape, text.replace("\r\n", "\n"))


def _escape(character: re.Match[str]) -> str:
    code = ord(character[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def place(where: Mapping[str, Any]) -> str:
    """`path:line:column`, from 1."""
    return f"{plain(where['path'])}:{where['line']}:{where['column'] + 1}"


def table(rows: Iterable[Sequence[str]], styles: Sequence[str | None] = ()) -> None:
    """Rows with their columns aligned; the last column is cut at a terminal's edge.

    Where a terminal is too narrow for the columns before the last, nothing is aligned or cut.
    """
    lines = list(rows)
    if not lines:
        return
    *widths, last_width = [max(map(len, column)) for column in zip(*lines, strict=True)]
    left = _columns() - sum(widths) - len(_GAP) * len(widths)
    if left < min(last_width, _LEAST_LAST):
        widths, left = [0] * len(widths), _UNLIMITED
    for *first, last in lines:
        shown = [*(cell.ljust(width) for cell, width in zip(first, widths, strict=True)), _cut(last, left)]
        cells = (styled(cell, style) if style else cell for cell, style in zip_longest(shown, styles[: len(shown)]))
        line(_GAP.join(cells).rstrip())


def _columns() -> int:
    return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else _UNLIMITED


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def footer(answer: Mapping[str, Any]) -> None:
    """What has to be said about a list: why it is empty or cut, and whether the index is behind."""
    if answer.get("note"):
        say(plain(answer["note"]))
    elif not answer["items"]:
        say("Nothing found.")
    elif answer["omitted"]:
        say(f"{len(answer['items']):,} of {answer['total']:,}; --limit 0 shows all.")
    if pending := answer["index"]["pending"]:
        say(f"{_files(pending)} not yet read; --sync waits for that.")


def _files(number: int) -> str:
    return "One file is" if number == 1 else f"{number:,} files are"


def failure(error: errors.IndexerError, as_json: bool) -> int:
    """Tell of an error; the exit code."""
    if as_json:
        from indexer import protocol

        json({"error": protocol.failure_of(error)})
        return error.exit_code
    say(f"{_ERROR_IN_RED if sys.stderr.isatty() else 'error:'} {block(str(error))}")
    if isinstance(error, errors.Ambiguous):
        _candidates(error)
    return error.exit_code


def _candidates(error: errors.Ambiguous) -> None:
    rows = [(place(each), each["kind"], plain(each["qualified_name"])) for each in error.candidates]
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        say("  " + _GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
