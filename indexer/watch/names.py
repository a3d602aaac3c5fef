"""File names as text, reversibly: what is stored, shown and sent is always valid UTF-8.

A Linux file name is any bytes. A name that is valid UTF-8 stands as itself. In any other, each byte that is
not part of a valid sequence stands as '%' and two capital hexadecimal digits; since such a byte is never
ASCII, these are %80 to %FF. So that a name which really contains such characters is not mistaken for one, a
'%' in front of `25` or of `80` to `FF` stands as '%25'; every other '%' (`50%`, `a%20b`) stays as it is.
"""

from __future__ import annotations

import os
import re

_ESCAPED_AMBIGUOUS = re.compile(r"%(?=25|[89A-F][0-9A-F])")
_ESCAPE = re.compile(rb"%(25|[89A-F][0-9A-F])")
_LONE_BYTE = re.compile(r"[\udc80-\udcff]")


def path_from_bytes(raw: bytes) -> str:
    """Text of a file name or path as the kernel has it; always encodable as UTF-8."""
    return path_from_os(raw.decode("utf-8", "surrogateescape"))


def path_to_bytes(path: str) -> bytes:
    """The file name that `path_from_bytes` made `path` from."""
    raw = path.encode("utf-8", "surrogateescape")
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), raw) if b"%" in raw else raw


def path_from_os(name: str) -> str:
    """Text of a name that Python's `os` functions returned (undecodable bytes as surrogate escapes)."""
    if "%" in name:
        name = _ESCAPED_AMBIGUOUS.sub("%25", name)
    if name.isascii():
        return name
    return _LONE_BYTE.sub(lambda match: f"%{ord(match[0]) - 0xDC00:02X}", name)


def path_to_os(path: str) -> str:
    """The name to hand to Python's `os` functions."""
    return os.fsdecode(path_to_bytes(path)) if "%" in path else path
