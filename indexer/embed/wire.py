"""What the daemon and its embedding worker say to each other: msgpack messages over two pipes, each after its
length."""

from __future__ import annotations

import struct
from typing import Final

import msgspec

#: Big-endian length of the message that follows.
LENGTH: Final = struct.Struct(">I")

#: Bounds a message in either direction: a batch of the longest texts, four bytes a character.
MAX_MESSAGE: Final = 8 << 20


class Embed(msgspec.Struct, frozen=True, tag="embed"):
    """Texts to embed; the answer bears the same `number`. An urgent one overtakes all others."""

    number: int
    texts: list[str]
    urgent: bool


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The model is loaded; sent once, first."""

    threads: int


class Vectors(msgspec.Struct, frozen=True, tag="vectors"):
    """One vector a text, in order."""

    number: int
    vectors: list[bytes]


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """Why there are no vectors; `number` is None when the model cannot be loaded, and the worker ends."""

    number: int | None
    message: str


Answer = Ready | Vectors | Failed

_encoder: Final = msgspec.msgpack.Encoder()
_requests: Final = msgspec.msgpack.Decoder(Embed)
_answers: Final[msgspec.msgpack.Decoder[Answer]] = msgspec.msgpack.Decoder(Answer)


def frame(message: Embed | Answer) -> bytes:
    """A message with its length before it."""
    body = _encoder.encode(message)
    return LENGTH.pack(len(body)) + body


def request_of(body: bytes) -> Embed:
    """A request without its length."""
    return _requests.decode(body)


def answer_of(body: bytes) -> Answer:
    """An answer without its length."""
    return _answers.decode(body)
