"""Relationships: who refers to a symbol, what it refers to, what a change of it reaches."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from indexer.protocol.methods import fields
from indexer.protocol.registry import Query, method

#: What one symbol can have to do with another.
RelationshipType = Literal["decorates", "calls", "extends", "implements", "imports", "uses", "references", "overrides"]

_Revision = Annotated[
    str,
    Meta(
        # A revision that looks like an option must never reach git's command line.
        pattern=r"^[^-\x00-\x20][^\x00-\x20]*\Z",
        max_length=1000,
        description="A git revision to compare the files with; HEAD for all that is not committed.",
    ),
]


class _Relationships(Query, frozen=True, kw_only=True):
    symbol: fields.SymbolText
    role: Annotated[RelationshipType | None, Meta(description="Only relationships of this type.")] = None
    depth: fields.Depth = 1
    limit: fields.Limit = 50
    offset: fields.Offset = 0
    min_confidence: fields.Confidence = 0.0


@method("graph.refs")
class Refs(_Relationships, frozen=True, kw_only=True):
    """Every relationship to a symbol, whatever its role, with its sites."""


@method("graph.callers")
class Callers(_Relationships, frozen=True, kw_only=True):
    """The symbols that call a symbol, with the sites of the calls."""


@method("graph.callees")
class Callees(_Relationships, frozen=True, kw_only=True):
    """The symbols that a symbol calls, with the sites of the calls."""


@method("graph.impact")
class Impact(Query, frozen=True, kw_only=True):
    """What a change can break: all that reaches a symbol, or the symbols that a diff touches (give one)."""

    symbol: fields.SymbolText | None = None
    diff: _Revision | None = None
    depth: fields.Depth = 10
    limit: fields.Limit = 50
    min_confidence: fields.Confidence = 0.0

    def __post_init__(self) -> None:
        if (self.symbol is None) == (self.diff is None):
            raise ValueError("Give either symbol or diff")


@method("graph.path")
class Path(Query, frozen=True, kw_only=True):
    """The shortest way from one symbol to another along their relationships."""

    source: fields.SymbolText
    target: fields.SymbolText
    max_depth: fields.Depth = 10
