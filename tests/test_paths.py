"""What a path alone says of a file."""

from __future__ import annotations

import pytest

from indexer.extract import paths


@pytest.mark.parametrize(
    ("path", "flags"),
    [
        ("django/urls/base.py", ()),
        ("tests/urls/test_base.py", ("test",)),
        ("src/app/thing_test.go", ("test",)),
        ("src/app/Thing.spec.ts", ("test",)),
        ("src/java/ThingTest.java", ("test",)),
        ("conftest.py", ("test",)),
        ("latest/contest.py", ()),
        ("pkg/_vendor/tomli/parser.py", ("vendored",)),
        ("api/items_pb2.py", ("generated",)),
        ("web/package-lock.json", ("generated",)),
        ("web/locks.json", ()),
        ("web/jquery.min.js", ("minified",)),
        ("third_party/lib/tests/x.c", ("test", "vendored")),
    ],
)
def test_flags(path: str, flags: tuple[str, ...]) -> None:
    assert paths.flags_of(path) == flags
