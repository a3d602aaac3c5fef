"""What the store found, as the items of answers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from indexer import model
from indexer.protocol import answers
from indexer.store import graph

_FLAGS: Final = ("exported", "async", "generator", "abstract", "static")


def symbol(found: model.Symbol) -> answers.Symbol:
    """A symbol as an item."""
    return answers.Symbol(
        found.id, found.path, found.line, found.column, found.end_line, found.end_column, found.name,
        found.qualified_name, found.type, found.kind, found.language, found.container_id, found.signature,
        found.documentation, found.visibility, [flag for flag in _FLAGS if getattr(found, f"is_{flag}")],
    )  # fmt: skip


def shown(found: model.Symbol, texts: graph.Texts | None, counts: Mapping[str, Mapping[str, int]]) -> answers.ShownSymbol:
    """A symbol with its text and the number of its relationships."""
    texts = texts or graph.Texts(None, None, None, {})
    return answers.ShownSymbol(
        **msgspec.structs.asdict(symbol(found)),
        start_line=found.start_line,
        start_column=found.start_column,
        definition=texts.definition,
        context_before=texts.context_before,
        context_after=texts.context_after,
        metadata=dict(texts.metadata),
        relationships=answers.RelationshipCounts(dict(counts["incoming"]), dict(counts["outgoing"])),
    )


def candidate(found: model.Symbol) -> dict[str, object]:
    """A symbol as one of several that a name can mean."""
    item: dict[str, object] = msgspec.to_builtins(symbol(found))
    return item


def related(found: graph.Related) -> answers.Related:
    """A relationship of one symbol."""
    return answers.Related(
        symbol(found.symbol),
        found.relationship_type,
        places(found.path, found.sites),
        round(found.confidence, 2),
        found.evidence.label,
    )


def places(path: str, sites: Iterable[tuple[int, int]]) -> list[answers.Place]:
    """The places in one file."""
    return [answers.Place(path, line, column) for line, column in sites]


def step(found: graph.Step) -> answers.Step:
    """A relationship on the way between two symbols."""
    return answers.Step(
        symbol(found.source),
        symbol(found.target),
        found.relationship_type,
        places(found.source.path, found.sites),
        round(found.confidence, 2),
    )


def reached(found: graph.Impact, starts: Iterable[model.Symbol]) -> list[answers.Reached]:
    """What an impact reached, each with the symbols between it and the start.

    The store gives each symbol's next one; since what is certain comes before what is possible, and what is nearer first, that one
    was met before.
    """
    ways: dict[uuid.UUID, list[answers.Hop]] = {start.id: [] for start in starts}
    by_id: dict[uuid.UUID, model.Symbol] = {start.id: start for start in starts}
    out = []
    for each in found.items:
        after = by_id[each.next_id]
        hop = answers.Hop(after.id, after.qualified_name, after.path, after.line, each.relationship_type)
        by_id[each.symbol.id] = each.symbol
        ways[each.symbol.id] = [hop, *ways[each.next_id]]
        out.append(
            answers.Reached(
                symbol(each.symbol),
                each.distance,
                each.relationship_type,
                round(each.confidence, 2),
                ways[each.symbol.id],
                "test" in each.flags,
                each.is_possible,
            )
        )
    return out
