"""What a file's path says of it, whatever its content: tests and code of others, by the conventions that linguist and runners follow."""

from __future__ import annotations

import re
from typing import Final

_TEST_FOLDER: Final = re.compile(r"(?:^|/)(?:tests?|testing|__tests__|specs?|testdata)/", re.IGNORECASE)
_TEST_FILE: Final = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test|tests?|conftest|[^/]*[._-](?:test|spec)|[^/]*Tests?)\.[^/.]+$")
_VENDORED: Final = re.compile(r"(?:^|/)(?:vendors?|third[_-]?party|bower_components|_vendor|_vendored|externals?)/", re.IGNORECASE)


def flags_of(path: str) -> tuple[str, ...]:
    """'test' and 'vendored', where they hold."""
    found = []
    if _TEST_FOLDER.search(path) or _TEST_FILE.search(path):
        found.append("test")
    if _VENDORED.search(path):
        found.append("vendored")
    return tuple(found)
