"""Protobuf's wire format, as far as SCIP and ONNX use it: varints, and strings or messages with their length.

A hundred lines in place of a code generator, its runtime and generated modules: of both formats we read and write some
fifty fields. See https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Final

from indexer import errors

_VARINT: Final = 0
_FIXED64: Final = 1
_BYTES: Final = 2
_FIXED32: Final = 5
#: A varint has at most ten bytes.
_MAX_SHIFT: Final = 70
_64_BITS: Final = (1 << 64) - 1


def varint(value: int) -> bytes:
    """A number that is not negative."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field: int, value: int) -> bytes:
    """A field with a number, a negative one as its two's complement; nothing for 0, which is what an absent one means."""
    return varint(field << 3 | _VARINT) + varint(value & _64_BITS) if value else b""


def float32(field: int, value: float) -> bytes:
    """A field with a number of four bytes."""
    return varint(field << 3 | _FIXED32) + struct.pack("<f", value)


def data(field: int, value: bytes) -> bytes:
    """A field with bytes or a message."""
    return varint(field << 3 | _BYTES) + varint(len(value)) + value


def text(field: int, value: str) -> bytes:
    """A field with text; nothing for '', which is what an absent one means."""
    return data(field, value.encode(errors="replace")) if value else b""


def numbers(field: int, values: Iterable[int]) -> bytes:
    """A field with a list of numbers, packed."""
    return data(field, b"".join(map(varint, values)))


def fields(message: bytes | memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """The fields of a message: number and value, a number or bytes. InvalidRequest where it is none."""
    view = memoryview(message)
    at, end = 0, len(view)
    while at < end:
        key, at = _varint(view, at)
        match key & 7:
            case 0:
                value, at = _varint(view, at)
                yield key >> 3, value
            case 2:
                size, at = _varint(view, at)
                if size > end - at:
                    raise errors.InvalidRequest("This is no protobuf message: a field is longer than what holds it.")
                yield key >> 3, view[at : at + size]
                at += size
            case 1:
                at += 8
            case 5:
                at += 4
            case wire:
                raise errors.InvalidRequest(f"This is no protobuf message: there is no wire type {wire}.")


def unpacked(value: int | memoryview) -> list[int]:
    """The numbers of a packed field; one that is not packed comes one by one."""
    if isinstance(value, int):
        return [value]
    found = []
    at = 0
    while at < len(value):
        each, at = _varint(value, at)
        found.append(each)
    return found


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(view) and shift < _MAX_SHIFT:
        byte = view[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise errors.InvalidRequest("This is no protobuf message: a number does not end.")
