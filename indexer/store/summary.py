"""A project's index in numbers: files, languages, problems, coverage of resolution, relationships, bytes on disk."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer import model
from indexer.store import connect, queries

SQL = queries.beside(__file__)

#: Problems that are listed, and the files that each names.
N_PROBLEMS: Final = 20
N_EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Language:
    """What there is of a language; `name` is '' for files of none."""

    name: str
    n_files: int
    n_lines: int
    n_symbols: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem, the number of files that have it, and the first of them by path."""

    problem: str
    n_files: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is wrong with a file, or None, and how many lines it has."""

    problem: str | None
    n_lines: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """PostgreSQL's version, and the bytes on disk of the whole database and of this project's part."""

    version: str
    database: int
    project: int


async def coverage(database: connect.Database, project: uuid.UUID) -> model.Coverage:
    """How much of what is written in the project is understood."""
    row = await database.fetchrow(SQL["coverage"], project)
    assert row is not None
    return model.Coverage(*row)


async def languages(database: connect.Database, project: uuid.UUID) -> list[Language]:
    """The project's languages, the most frequent first."""
    return [Language(*row) for row in await database.fetch(SQL["languages"], project)]


async def flags(database: connect.Database, project: uuid.UUID) -> dict[str, int]:
    """How many files are tests, generated, minified, vendored; by flag."""
    return {row["flag"]: row["n_files"] for row in await database.fetch(SQL["flags"], project)}


async def problems(database: connect.Database, project: uuid.UUID) -> list[Problem]:
    """The most frequent problems of files."""
    found = await database.fetch(SQL["problems"], project, N_EXAMPLES, N_PROBLEMS)
    return [Problem(problem, n_files, tuple(examples)) for problem, n_files, examples in found]


async def file_facts(database: connect.Database, project: uuid.UUID, file: uuid.UUID) -> FileFacts | None:
    """What is known of a file besides its symbols; None where it is not in the index."""
    row = await database.fetchrow(SQL["file_facts"], project, file)
    return None if row is None else FileFacts(*row)


async def counts_of(
    database: connect.Database, project: uuid.UUID, symbols: Sequence[uuid.UUID]
) -> Mapping[str, Mapping[str, int]]:
    """How many relationships some symbols have: 'incoming' and 'outgoing', by type."""
    counts: dict[str, dict[str, int]] = {"incoming": {}, "outgoing": {}}
    for direction, kind, n in await database.fetch(SQL["counts_of"], project, list(symbols)):
        counts[direction][kind] = n
    return counts


async def sizes(database: connect.Database, project: uuid.UUID) -> Sizes:
    """What the index takes on disk."""
    row = await database.fetchrow(SQL["sizes"], project)
    assert row is not None
    return Sizes(*row)
