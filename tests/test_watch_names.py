"""File names as text: reversible, always UTF-8, and unchanged where that is possible."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.watch import names

file_names = st.binary(min_size=1, max_size=60).filter(lambda raw: b"\0" not in raw)
#: Pieces that the escaping is about, in any order.
tricky_names = st.lists(
    st.sampled_from([b"%", b"25", b"FF", b"\xff", b"\xc3", b"\xbc", b"8", b"0", b"ff", b"a", b"/"]), max_size=12
).map(b"".join)


@given(file_names | tricky_names)
def test_round_trip(raw: bytes) -> None:
    path = names.path_from_bytes(raw)
    assert names.path_to_bytes(path) == raw
    assert path.encode("utf-8").decode("utf-8") == path
    assert names.path_from_os(os.fsdecode(raw)) == path
    assert names.path_to_os(path) == os.fsdecode(raw)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="%\0")))
def test_ordinary_names_stay(path: str) -> None:
    assert names.path_from_bytes(path.encode()) == path


@given(tricky_names, tricky_names)
def test_different_names_stay_different(one: bytes, other: bytes) -> None:
    assert (names.path_from_bytes(one) == names.path_from_bytes(other)) == (one == other)


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"caf\xe9.py", "caf%E9.py"),
        (b"50%.py", "50%.py"),
        (b"a%20b.py", "a%20b.py"),
        (b"a%E9.py", "a%25E9.py"),
        (b"a%25.py", "a%2525.py"),
        ("ü.py".encode(), "ü.py"),
    ],
)
def test_examples(raw: bytes, path: str) -> None:
    assert names.path_from_bytes(raw) == path
