"""Reading a project's index: find, look-ups, outlines, relationships, impact, paths.

Every function takes the open database and the project's id. Answers are bounded and say how much there is in
all; their order is deterministic. Nothing here is written, so a statement is repeated when the connection
breaks.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import asyncpg

from indexer import model
from indexer.store import connect, queries, rows

SQL = queries.beside(__file__)

Stage = Literal["exact", "style", "prefix", "words", "fuzzy"]
#: The ways to match a name, from the surest to the loosest; the first that finds something decides. Names that are spelt alike
#: ("fuzzy") are the caller's to know.
STAGES: Final[tuple[Stage, ...]] = ("exact", "style", "prefix", "words")

#: How many symbols an impact visits before it stops and says so.
IMPACT_LIMIT: Final = 2000
#: How many symbols the search for a path visits from each end.
PATH_LIMIT: Final = 20_000
_N_SYMBOL_COLUMNS: Final = 23
#: PostgreSQL's full text takes words of up to 2,046 bytes; a character has up to four.
_LONGEST_WORD: Final = 500
_SEPARATORS: Final = ".:#\\/"
_TAILS: Final = re.compile(r"[.:#\\/]+")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a symbol must be to be found; None lets all pass. `kinds` may name finer kinds and types."""

    kinds: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    #: A glob as in .gitignore: '*' stays in a folder, '**' does not; without a '/' it matches at any depth.
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to find: the stage that found something, the symbols asked for, and the number of all."""

    stage: Stage | None
    symbols: tuple[model.Symbol, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Texts:
    """The long texts of a symbol."""

    definition: str | None
    context_before: str | None
    context_after: str | None
    metadata: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Related:
    """A relationship with the symbol at its other end; `sites` are (line, column) in the file `path`."""

    symbol: model.Symbol
    relationship_type: str
    confidence: float
    evidence: model.Evidence
    path: str
    sites: tuple[tuple[int, int], ...]
    #: The flags of the other symbol's file.
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relations:
    """Some relationships of a symbol, and the number of all and of their sites."""

    items: tuple[Related, ...]
    total: int
    sites_total: int


@dataclass(frozen=True, slots=True)
class Reached:
    """A symbol that a change can touch: how many relationships away, how surely, and over which symbol next. `is_possible` where the
    way leads through a call of something that is overridden there."""

    symbol: model.Symbol
    distance: int
    confidence: float
    next_id: uuid.UUID
    relationship_type: str
    flags: tuple[str, ...]
    is_possible: bool


@dataclass(frozen=True, slots=True)
class Impact:
    """Some of what was reached, the number of all that was visited and of those only possible, and whether the visit stopped early."""

    items: tuple[Reached, ...]
    total: int
    n_possible: int
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One relationship on a path; `sites` as in Related, in the file of `source`."""

    source: model.Symbol
    target: model.Symbol
    relationship_type: str
    confidence: float
    sites: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a long answer is wanted."""

    limit: int = 50
    offset: int = 0


EVERYTHING: Final = Filter()
FIRST_PAGE: Final = Page()


async def find(
    database: connect.Database,
    project: uuid.UUID,
    text: str,
    *,
    only: Filter = EVERYTHING,
    page: Page = FIRST_PAGE,
    stages: Sequence[Stage] = STAGES,
) -> Found:
    """The symbols that go by a name, or by the end of a qualified one; imports come last.

    The stages are tried in order until one finds something: the exact name, the same words in any case style,
    a prefix in any case style, the words anywhere in a name.
    """
    text = rows.clean(text).strip()
    words = rows.words(text).split()
    folded = "".join(words)
    filters = (only.kinds, only.languages, None if only.path is None else path_pattern(only.path))
    lookups: dict[Stage, tuple[object, ...]] = {"exact": (tails(text), text, _ends(text))}
    if words:
        lookups |= {"style": (folded,), "prefix": (folded,)}
    if words and max(map(len, words)) <= _LONGEST_WORD:
        lookups["words"] = (_query(words),)
    for stage in stages:
        if text and (lookup := lookups.get(stage)):
            found = await _found(database, stage, (project, *filters), lookup, page)
            if found.total:
                return found
    return Found(None, (), 0)


def tails(text: str) -> list[str]:
    """Every end of a qualified name that can be a name by itself: 'a.b' gives 'a.b' and 'b'."""
    return [text, *(text[match.end() :] for match in _TAILS.finditer(text) if match.end() < len(text))]


async def spelt(
    database: connect.Database, project: uuid.UUID, names: Sequence[str], *, only: Filter = EVERYTHING, page: Page = FIRST_PAGE
) -> Found:
    """The symbols that go by any of these names, those of the first name first; no imports."""
    filters = (only.kinds, only.languages, None if only.path is None else path_pattern(only.path))
    found = await _found(database, "fuzzy", (project, *filters), (list(names),), page)
    return found if found.total else Found(None, (), 0)


async def _found(
    database: connect.Database, stage: Stage, scope: Sequence[object], lookup: Sequence[object], page: Page
) -> Found:
    sql = SQL[f"find_{stage}"]
    found = await database.fetch(sql, *scope, page.limit, page.offset, *lookup)
    if not found and (page.offset or not page.limit):
        # Past the end: the number of all still tells whether this stage finds anything.
        first = await database.fetch(sql, *scope, 1, 0, *lookup)
        return Found(stage, (), first[0]["total"] if first else 0)
    return Found(stage, tuple(map(symbol_from_row, found)), found[0]["total"] if found else 0)


async def symbols(
    database: connect.Database, project: uuid.UUID, ids: Sequence[uuid.UUID]
) -> list[model.Symbol]:
    """The symbols of these ids that exist, in their order, without long texts."""
    return [symbol_from_row(row) for row in await database.fetch(SQL["symbols"], project, list(ids))]


async def texts(database: connect.Database, project: uuid.UUID, id: uuid.UUID) -> Texts | None:
    """The long texts of a symbol, or None when there is no such symbol."""
    row = await database.fetchrow(SQL["texts"], project, id)
    return None if row is None else Texts(*row)


async def named(
    database: connect.Database, project: uuid.UUID, text: str, limit: int = 50
) -> list[model.Symbol]:
    """The symbols that a person can mean by a name, a qualified name or the end of one; one when it is clear.

    A whole qualified name beats ends of others; imports are meant only where there is nothing else.
    """
    text = rows.clean(text).strip()
    if not text:
        return []
    found = [
        symbol_from_row(row) for row in await database.fetch(SQL["named"], project, tails(text), text, _ends(text), limit)
    ]
    definitions = [symbol for symbol in found if symbol.kind != "import"]
    whole = [symbol for symbol in definitions if symbol.qualified_name == text]
    return whole or definitions or found


async def declared(database: connect.Database, project: uuid.UUID, ids: Sequence[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Those of the symbols that only declare what may be defined elsewhere."""
    return frozenset(row["id"] for row in await database.fetch(SQL["declared"], project, list(ids)))


async def occurrences(database: connect.Database, project: uuid.UUID, id: uuid.UUID, limit: int = 50) -> list[model.Symbol]:
    """The symbols that are one with a declaration or its definition, it included: definitions first, then itself."""
    return [symbol_from_row(row) for row in await database.fetch(SQL["occurrences"], project, id, limit)]


async def outline(database: connect.Database, project: uuid.UUID, file: uuid.UUID) -> list[model.Symbol]:
    """The symbols of a file in source order, outer before inner."""
    return [symbol_from_row(row) for row in await database.fetch(SQL["outline"], project, file)]


async def at(
    database: connect.Database,
    project: uuid.UUID,
    file: uuid.UUID,
    line: int,
    column: int | None = None,
    limit: int = 20,
) -> list[model.Symbol]:
    """The symbols whose definition covers a place, innermost first; one whose name stands there comes before all."""
    return [symbol_from_row(row) for row in await database.fetch(SQL["at"], project, file, line, column, limit)]


async def enclosing(
    database: connect.Database, project: uuid.UUID, places: Sequence[tuple[uuid.UUID, int]]
) -> list[model.Symbol | None]:
    """The smallest symbol around each place (file and line), imports and whole modules apart; None where there is none."""
    files, lines = [file for file, _ in places], [line for _, line in places]
    found = {row["place"]: symbol_from_row(row) for row in await database.fetch(SQL["enclosing"], project, files, lines)}
    return [found.get(place) for place in range(1, len(places) + 1)]


async def enclosed(
    database: connect.Database, project: uuid.UUID, places: Sequence[tuple[uuid.UUID, int]], kinds: Sequence[str]
) -> set[int]:
    """The numbers (from 0) of those places whose smallest symbol, as `enclosing` has it, is of one of these kinds or types."""
    files, lines = [file for file, _ in places], [line for _, line in places]
    return {row["place"] - 1 for row in await database.fetch(SQL["enclosed"], project, files, lines, list(kinds))}


async def incoming(
    database: connect.Database,
    project: uuid.UUID,
    targets: Sequence[uuid.UUID],
    types: Sequence[str] = model.RELATIONSHIP_TYPES,
    *,
    least_confidence: float = 0.0,
    page: Page = FIRST_PAGE,
) -> Relations:
    """Who relates to these symbols (callers, references), surest first, tests and generated code after the rest."""
    return await _relations(database, "incoming", project, targets, types, least_confidence, page)


async def outgoing(
    database: connect.Database,
    project: uuid.UUID,
    sources: Sequence[uuid.UUID],
    types: Sequence[str] = model.RELATIONSHIP_TYPES,
    *,
    least_confidence: float = 0.0,
    page: Page = FIRST_PAGE,
) -> Relations:
    """What these symbols relate to (callees), in source order."""
    return await _relations(database, "outgoing", project, sources, types, least_confidence, page)


async def impact(
    database: connect.Database,
    project: uuid.UUID,
    starts: Sequence[uuid.UUID],
    types: Sequence[str] = model.RELATIONSHIP_TYPES,
    *,
    depth: int = 5,
    least_confidence: float = 0.0,
    page: Page = FIRST_PAGE,
    limit: int = IMPACT_LIMIT,
    overriding: float = 0.5,
) -> Impact:
    """What can be touched by a change of these symbols: everything that reaches them, nearest and surest first, and after it what
    may reach them: `overriding` is how sure it is that who calls a definition calls one that overrides it."""
    found = await database.fetch(
        SQL["impact"], project, list(starts), list(types), depth, limit, least_confidence, page.limit, page.offset, overriding
    )
    items = []
    for row in found:
        distance, confidence, next_id, kind, flags, is_possible, *_ = row[_N_SYMBOL_COLUMNS:]
        items.append(Reached(symbol_from_row(row), distance, confidence, next_id, kind, tuple(flags), is_possible))
    if not found:
        return Impact((), 0, 0, False)
    return Impact(tuple(items), found[0]["total"], found[0]["possible"], any(row["is_cut"] for row in found))


async def path(
    database: connect.Database,
    project: uuid.UUID,
    source: uuid.UUID,
    target: uuid.UUID,
    types: Sequence[str] = model.RELATIONSHIP_TYPES,
    *,
    most_steps: int = 12,
    least_confidence: float = 0.0,
) -> tuple[Step, ...] | None:
    """A shortest way from one symbol to another along relationships; None when there is none within the bounds.

    Searches from both ends by turns, always from the smaller side, so that it looks at few symbols.
    """
    ahead = _Side("steps_forward", "source_id", "target_id", source)
    behind = _Side("steps_backward", "target_id", "source_id", target)
    for _ in range(most_steps):
        if ahead.seen.keys() & behind.seen.keys():
            break
        side = ahead if len(ahead.frontier) <= len(behind.frontier) else behind
        if not side.frontier or len(side.seen) > PATH_LIMIT:
            return None
        found = await database.fetch(SQL[side.query], project, side.frontier, list(types), least_confidence)
        side.advance(found)
    # By id, so that the same index always gives the same way.
    meetings = sorted(ahead.seen.keys() & behind.seen.keys())
    if not meetings:
        return None
    steps = [*reversed(ahead.trace(meetings[0])), *behind.trace(meetings[0])]
    return await _steps(database, project, steps)


def path_pattern(glob: str) -> str:
    """A glob as a regular expression of PostgreSQL for whole paths; see `Filter.path`."""
    anchored = glob.lstrip("/")
    if "/" not in glob.rstrip("/"):
        anchored = f"**/{anchored}"
    if anchored.endswith("/"):
        anchored += "**"
    return f"^{''.join(_GLOB_PARTS.get(part) or _literal(part) for part in _GLOB.findall(anchored))}$"


class _Side:
    """One end of the search for a path: the symbols seen with the relationship that led to each, and the newest."""

    def __init__(self, query: str, near: str, far: str, start: uuid.UUID) -> None:
        self.query = query
        self.frontier = [start]
        self.seen: dict[uuid.UUID, asyncpg.Record | None] = {start: None}
        self._near = near
        self._far = far

    def advance(self, found: Sequence[asyncpg.Record]) -> None:
        fresh = [row for row in found if row[self._far] not in self.seen]
        self.seen.update((row[self._far], row) for row in fresh)
        self.frontier = [row[self._far] for row in fresh]

    def trace(self, meeting: uuid.UUID) -> list[asyncpg.Record]:
        """The relationships from the meeting point back to this side's start."""
        steps = []
        row = self.seen[meeting]
        while row is not None:
            steps.append(row)
            row = self.seen[row[self._near]]
        return steps


async def _steps(
    database: connect.Database, project: uuid.UUID, found: Sequence[asyncpg.Record]
) -> tuple[Step, ...]:
    ids = {row[side] for row in found for side in ("source_id", "target_id")}
    by_id = {symbol.id: symbol for symbol in await symbols(database, project, list(ids))}
    return tuple(
        Step(by_id[row["source_id"]], by_id[row["target_id"]], row["relationship_type"], row["confidence"], _sites(row))
        for row in found
    )


async def _relations(
    database: connect.Database,
    query: str,
    project: uuid.UUID,
    ids: Sequence[uuid.UUID],
    types: Sequence[str],
    least_confidence: float,
    page: Page,
) -> Relations:
    arguments = (project, list(ids), list(types), least_confidence)
    found = await database.fetch(SQL[query], *arguments, page.limit, page.offset)
    if not found and (page.offset or not page.limit):
        first = await database.fetch(SQL[query], *arguments, 1, 0)
        return Relations((), first[0]["total"], first[0]["sites_total"]) if first else Relations((), 0, 0)
    items = tuple(map(_related, found))
    return Relations(items, found[0]["total"], found[0]["sites_total"]) if found else Relations((), 0, 0)


def _related(row: asyncpg.Record) -> Related:
    evidence = model.Evidence(row["evidence"])
    return Related(
        symbol_from_row(row), row["relationship_type"], row["confidence"], evidence, row["path"], _sites(row), tuple(row["flags"])
    )


def _sites(row: asyncpg.Record) -> tuple[tuple[int, int], ...]:
    flat = row["sites"]
    return tuple(zip(flat[::2], flat[1::2], strict=True))


def symbol_from_row(row: asyncpg.Record) -> model.Symbol:
    """A symbol from a row that begins with the columns of the block `symbols`."""
    (
        id, file_id, path, name, qualified_name, kind, language, line, column, start_line, start_column, end_line,
        end_column, container_id, ordinal, signature, documentation, visibility, *flags,
    ) = row[:_N_SYMBOL_COLUMNS]  # fmt: skip
    is_exported, is_async, is_generator, is_abstract, is_static = flags
    return model.Symbol(
        id, file_id, path, name, qualified_name, kind, language, line, column, start_line, start_column, end_line,
        end_column, container_id, ordinal, signature, documentation, visibility, None, None, None, is_exported,
        is_async, is_generator, is_abstract, is_static,
    )  # fmt: skip


def _ends(text: str) -> list[str]:
    return [separator + text for separator in _SEPARATORS]


def _query(words: Sequence[str]) -> str:
    """A tsquery for names (weight A) that contain all the words; words are letters and digits only."""
    return " & ".join(f"'{word}':A" for word in words)


_GLOB: Final = re.compile(r"\*\*/|/\*\*$|\*\*|\*|\?|[^*?/]+|/")
_GLOB_PARTS: Final = {"**/": "(.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _literal(text: str) -> str:
    return re.sub(r"([^\w/])", r"\\\1", text)
