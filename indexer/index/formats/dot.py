"""Writes the relationships as a graph for Graphviz: symbols in boxes by file, an arrow for each relationship.

What is less sure than a fact (confidence under 0.9) is dashed. A whole project is too much to look at; filter with `gvpr`, or
draw the part that `ccomps` or a text tool cuts out.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from itertools import groupby
from typing import Final

from indexer import model
from indexer.store import code, whole

Write = Callable[[bytes], object]

_SURE: Final = 0.9


async def write(store: code.Store, project: model.Project, write: Write) -> None:
    """Writes all symbols that have a relationship, and all relationships between two symbols."""
    async with whole.snapshot(store.database, project.id) as index:
        relationships = [each async for each in index.relationships()]
        meant = {end for each in relationships for end in (each.source, each.target)}
        symbols = [symbol async for symbol in index.symbols() if symbol.id in meant]
    numbers: dict[uuid.UUID, int] = {symbol.id: number for number, symbol in enumerate(symbols)}
    write(f"digraph {_quoted(project.name)} {{\n  rankdir=LR;\n  node [shape=box];\n".encode())
    for path, own in groupby(symbols, key=lambda symbol: symbol.path):
        lines = [f"    n{numbers[each.id]} [label={_quoted(each.qualified_name)} tooltip={_quoted(each.kind)}];\n" for each in own]
        head = f"  subgraph {_quoted('cluster ' + path)} {{\n    label={_quoted(path)};\n"
        write("".join((head, *lines, "  }\n")).encode(errors="replace"))
    for each in relationships:
        if each.source in numbers and each.target in numbers:
            style = "" if each.confidence >= _SURE else " style=dashed"
            write(f"  n{numbers[each.source]} -> n{numbers[each.target]} [label={each.type}{style}];\n".encode())
    write(b"}\n")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
