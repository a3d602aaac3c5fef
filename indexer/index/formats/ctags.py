"""Writes the definitions as a tags file, sorted, as Vim, Emacs, readtags and others read it.

The extended format of Exuberant Ctags: `name TAB file TAB line;" TAB fields`. A line is addressed by its number, which is
exact as long as the file is as it was indexed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Final

import indexer
from indexer import model
from indexer.store import code, whole

Write = Callable[[bytes], object]

_HEADER: Final = f"""\
!_TAG_FILE_ENCODING\tutf-8\t//
!_TAG_FILE_FORMAT\t2\t/extended format/
!_TAG_FILE_SORTED\t1\t/0=unsorted, 1=sorted, 2=foldcase/
!_TAG_PROGRAM_NAME\tindexer\t//
!_TAG_PROGRAM_VERSION\t{indexer.__version__}\t//
"""
#: What is no definition of a name.
_LEFT_OUT: Final = ("import", "module")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


async def write(store: code.Store, project: model.Project, write: Write) -> None:
    """Writes the definitions of a project; files are named from its root."""
    async with whole.snapshot(store.database, project.id) as index:
        symbols = {symbol.id: symbol async for symbol in index.described()}
    write(_HEADER.encode())
    # Readers search by halves, in the order of the bytes.
    for line in sorted(_lines(symbols)):
        write(line)


def _lines(symbols: dict[uuid.UUID, whole.Described]) -> Iterator[bytes]:
    for symbol in symbols.values():
        # A name with one of these would be another line or column.
        if symbol.kind in _LEFT_OUT or not symbol.name.isprintable():
            continue
        fields = [symbol.kind, f"line:{symbol.line}", f"language:{symbol.language}", f"end:{symbol.end_line}"]
        outer = None if symbol.container is None else symbols.get(symbol.container)
        if outer is not None and outer.kind not in _LEFT_OUT:
            fields.append(f"{outer.kind}:{outer.qualified_name.translate(_ESCAPES)}")
        if symbol.signature is not None and "(" in symbol.signature:
            fields.append(f"signature:{symbol.signature[symbol.signature.index('('):].translate(_ESCAPES)}")
        head = f'{symbol.name}\t{symbol.path.translate(_ESCAPES)}\t{symbol.line};"'
        yield "\t".join((head, *fields)).encode(errors="replace") + b"\n"
