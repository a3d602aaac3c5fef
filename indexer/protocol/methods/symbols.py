"""Symbols: by name, by place, by file."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from indexer.protocol.methods import fields
from indexer.protocol.registry import Query, method


@method("symbols.find")
class Find(Query, frozen=True, kw_only=True):
    """Symbols by name, best first: the exact name, then in any case style, as a prefix, and with a typo."""

    name: Annotated[str, Meta(min_length=1, max_length=65_536, description="A name, or the end of a qualified one.")]
    kind: Annotated[str | None, Meta(description="Only this kind or type (function, class, method, struct, …).")] = None
    language: Annotated[str | None, Meta(description="Only this language (python, typescript, …).")] = None
    path: Annotated[str | None, Meta(description="Only files that match this glob or lie in it.")] = None
    limit: fields.Limit = 50
    offset: fields.Offset = 0
    fuzzy: Annotated[
        bool | None,
        Meta(description="Try spellings with a typo: always, never, or (null) when nothing else is found."),
    ] = None


@method("symbols.show")
class Show(Query, frozen=True, kw_only=True):
    """One symbol with its definition and what surrounds it."""

    symbol: fields.SymbolText


@method("symbols.outline")
class Outline(Query, frozen=True, kw_only=True):
    """The symbols of one file, in source order."""

    path: fields.FilePath


@method("symbols.at")
class At(Query, frozen=True, kw_only=True):
    """What stands at a place: the symbol that a name there means, else the one that encloses it."""

    path: fields.FilePath
    line: fields.Line
    column: fields.Column | None = None
