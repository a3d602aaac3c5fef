"""The named blocks of SQL beside the modules of the store.

A file `code.sql` holds blocks, each opened by a line `-- name: find_exact`; the comment lines that follow say
in a sentence what the block is for, and the rest up to the next such line is one statement with `$1`-style
parameters, or several without parameters that go in one round trip. No module composes SQL from strings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

MARK: Final = "-- name:"
FOLDER: Final = Path(__file__).parent


def beside(module_file: str) -> Mapping[str, str]:
    """The blocks of the `.sql` file that has the name of a module: `SQL = queries.beside(__file__)`.

    Raises ValueError for a file that breaks the format (a duplicate name, text before the first name, an
    empty block).
    """
    return blocks(Path(module_file).with_suffix(".sql"))


def blocks(path: Path) -> Mapping[str, str]:
    """The blocks of one file by name, comments left out of the statements."""
    found: dict[str, str] = {}
    name, lines = "", list[str]()
    for line in [*path.read_text(encoding="utf-8").splitlines(), MARK]:
        if not line.startswith(MARK):
            lines.append(line)
            continue
        _close(path, name, lines, found)
        name, lines = line.removeprefix(MARK).strip(), []
    return MappingProxyType(found)


def every() -> Iterator[tuple[str, str, str]]:
    """(file, name, statement) of every block of the store, in order."""
    for path in sorted(FOLDER.glob("*.sql")):
        for name, statement in blocks(path).items():
            yield path.name, name, statement


def _close(path: Path, name: str, lines: list[str], found: dict[str, str]) -> None:
    statement = "\n".join(line for line in lines if not line.lstrip().startswith("--")).strip()
    if not name and not statement:
        return
    if not name:
        raise ValueError(f"{path}: text before the first '{MARK}' line")
    if name in found or not statement:
        raise ValueError(f"{path}: block '{name}' is {'defined twice' if name in found else 'empty'}")
    found[name] = statement
