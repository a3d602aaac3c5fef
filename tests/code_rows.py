"""A made-up project for the tests of the store: files described in a few words, as rows and as commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from indexer import model
from indexer.store import code, rows

PROJECT = uuid.uuid5(uuid.NAMESPACE_URL, "project of the tests")


def file_id(path: str) -> uuid.UUID:
    return uuid.uuid5(PROJECT, path)


def symbol_id(path: str, name: str) -> uuid.UUID:
    return uuid.uuid5(PROJECT, f"{path} {name}")


@dataclass(frozen=True)
class Definition:
    """One symbol; `qualified` defaults to module.name, where the module is the path without its ending."""

    name: str
    line: int = 1
    kind: str = "function"
    end: int | None = None
    column: int = 4
    qualified: str | None = None
    documentation: str | None = None
    definition: str | None = None
    language: str = "python"
    flags: int = 0


@dataclass(frozen=True)
class Call:
    """A relationship of a symbol of this file to a symbol of any file, named (path, name)."""

    source: str
    target: tuple[str, str]
    type: str = "calls"
    confidence: float = 1.0
    sites: tuple[int, ...] = (1, 0)
    evidence: model.Evidence = model.Evidence.import_


@dataclass(frozen=True)
class File:
    """What is in a file."""

    definitions: tuple[Definition, ...] = ()
    calls: tuple[Call, ...] = ()
    flags: tuple[str, ...] = ()
    blobs: rows.FileBlobs = field(default_factory=rows.FileBlobs)
    size: int = 100
    problem: str | None = None


Tree = Mapping[str, File]


def symbols(path: str, file: File) -> bytes:
    module = path.rpartition(".")[0].replace("/", ".")
    made: list[rows.SymbolRow] = [
        (
            symbol_id(path, d.name).bytes, None, d.name, d.qualified or f"{module}.{d.name}", d.kind, d.line, d.column,
            d.line, 0, d.end or d.line, 80, 0, d.flags, f"def {d.name}()", d.documentation, "public", d.definition,
            None, None, None,
        )
        for d in file.definitions
    ]  # fmt: skip
    language = file.definitions[0].language if file.definitions else "python"
    return rows.symbols(PROJECT.bytes, file_id(path).bytes, path, language, made)


def relationships(path: str, file: File) -> bytes:
    made: list[rows.RelationshipRow] = [
        (symbol_id(path, c.source).bytes, symbol_id(*c.target).bytes, c.type, c.confidence, c.evidence, c.sites)
        for c in file.calls
    ]
    return rows.relationships(PROJECT.bytes, file_id(path).bytes, made)


def counts(file: File) -> rows.FileCounts:
    return rows.FileCounts(len(file.definitions), sum(len(c.sites) // 2 for c in file.calls), 2, 1)


def file_row(path: str, file: File) -> bytes:
    signature = model.Signature(file.size, 10**18 + 1, 10**18 + 2, 2**64 - 5)
    row = model.FileRow(file_id(path), path, "python", signature, path.encode(), "7", file.problem, file.flags, 40)
    return rows.file(PROJECT.bytes, row, counts(file), file.blobs)


def replaced(path: str, file: File) -> code.Replaced:
    return code.Replaced(file_id(path), file_row(path, file), symbols(path, file), relationships(path, file))


def resolved(path: str, file: File) -> code.Resolved:
    return code.Resolved(file_id(path), relationships(path, file), counts(file), file.blobs.sites, file.blobs.reads)


async def load(store: code.Store, tree: Tree) -> model.Project:
    """The project with exactly this tree in it."""
    project = await store.project("/the/project", "project", PROJECT)
    await store.load(
        project,
        (symbols(path, file) for path, file in tree.items()),
        (relationships(path, file) for path, file in tree.items()),
        (file_row(path, file) for path, file in tree.items()),
    )
    return project


async def contents(store: code.Store, project: uuid.UUID = PROJECT) -> dict[str, list[tuple[object, ...]]]:
    """Everything that two indexes of the same tree must have in common, in a fixed order."""
    tables: Mapping[str, Iterable[str]] = {
        "files": (*rows.FILE_COLUMNS,),
        "code_symbols": (*rows.SYMBOL_COLUMNS,),
        "symbol_relationships": (*rows.RELATIONSHIP_COLUMNS,),
    }
    found = {}
    for table, columns in tables.items():
        names = ", ".join(columns)
        order = "id"
        records = await store.database.fetch(
            f"SELECT {names} FROM {table} WHERE project_id = $1 ORDER BY {order}", project
        )
        found[table] = [tuple(record) for record in records]
    return found
