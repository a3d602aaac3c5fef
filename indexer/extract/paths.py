"""What a file's path says of it, whatever its content, by the conventions that linguist and runners follow.

Tests, code of others, and what programs write: generated, minified or vendored files are indexed for their symbols alone.
"""

from __future__ import annotations

import re
from typing import Final

_TEST_FOLDER: Final = re.compile(r"(?:^|/)(?:tests?|testing|__tests__|specs?|testdata)/", re.IGNORECASE)
_TEST_FILE: Final = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test|tests?|conftest|[^/]*[._-](?:test|spec)|[^/]*Tests?)\.[^/.]+$")
_VENDORED: Final = re.compile(r"(?:^|/)(?:vendors?|third[_-]?party|bower_components|_vendor|_vendored|externals?)/", re.IGNORECASE)
_MINIFIED: Final = re.compile(r"[.-]min\.(?:js|mjs|cjs|css)$")
_GENERATED: Final = re.compile(
    r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|composer\.lock|Cargo\.lock|poetry\.lock|uv\.lock|pdm\.lock"
    r"|Pipfile\.lock|mix\.lock|[^/]*(?:\.pb\.(?:go|cc|h|dart)|\.pb\.gw\.go|_pb2(?:_grpc)?\.pyi?|_pb\.js|\.g\.dart|\.freezed\.dart"
    r"|\.[gG]\.cs|\.[dD]esigner\.cs|OuterClass\.java))$"
)

#: Files with one of these are indexed for their symbols alone.
SYMBOLS_ONLY: Final = frozenset({"generated", "minified", "vendored"})


def flags_of(path: str) -> tuple[str, ...]:
    """'test', 'vendored', 'generated' and 'minified', where they hold."""
    found = []
    if _TEST_FOLDER.search(path) or _TEST_FILE.search(path):
        found.append("test")
    if _VENDORED.search(path):
        found.append("vendored")
    if _GENERATED.search(path):
        found.append("generated")
    if _MINIFIED.search(path):
        found.append("minified")
    return tuple(found)
