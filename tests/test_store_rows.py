"""Rows that were packed for COPY come out of PostgreSQL as they went in."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from code_rows import PROJECT
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from indexer import model
from indexer.store import code, connect, rows

pytest_plugins = ["database"]

HOSTILE = "\0\\N\t\\.\r\n\\x41 'quoted' \"double\" {a,b} ü 😀 \ud800 \udfff$1%s"
#: All characters, the unwanted ones more often than by chance.
TEXT = st.text(st.characters() | st.sampled_from("\0\\\t\n\ud800{},\"'"), max_size=60)
PLACE = st.integers(0, 2**31 - 1)
JSON = st.dictionaries(TEXT, st.recursive(st.booleans() | st.integers() | TEXT, st.lists, max_leaves=4), max_size=3)


def symbol(draw: Any) -> rows.SymbolRow:
    texts = [draw(st.none() | TEXT | TEXT.map(lambda text: text.encode(errors="replace"))) for _ in range(5)]
    signature, documentation, definition, before, after = texts
    return (
        draw(st.binary(min_size=16, max_size=16)), draw(st.none() | st.binary(min_size=16, max_size=16)),
        draw(TEXT), draw(TEXT), draw(st.sampled_from(sorted(model.TYPE_OF_KIND))),
        draw(PLACE), draw(PLACE), draw(PLACE), draw(PLACE), draw(PLACE), draw(PLACE), draw(PLACE), draw(st.integers(0, 31)),
        signature, documentation, draw(st.none() | st.sampled_from(rows.VISIBILITIES)), definition, before, after,
        draw(st.none() | JSON),
    )  # fmt: skip


SYMBOLS = st.lists(st.composite(symbol)(), max_size=8, unique_by=lambda row: row[0])
RELATIONSHIPS = st.lists(
    st.tuples(
        st.binary(min_size=16, max_size=16),
        st.binary(min_size=16, max_size=16),
        st.sampled_from(model.RELATIONSHIP_TYPES),
        st.floats(0, 1),
        st.sampled_from(model.Evidence),
        st.lists(st.tuples(PLACE, PLACE), max_size=40).map(lambda pairs: [number for pair in pairs for number in pair]),
    ),
    max_size=8,
    unique_by=lambda row: row[:3],
)


def held(text: str | bytes | None) -> str | None:
    """What PostgreSQL can hold of a text."""
    return rows.clean(text.decode(errors="replace") if isinstance(text, bytes) else text) if text is not None else None




def deep(value: Any) -> Any:
    if isinstance(value, str):
        return rows.clean(value)
    if isinstance(value, dict):
        return {rows.clean(key): deep(item) for key, item in value.items()}
    return [deep(item) for item in value] if isinstance(value, list) else value


@pytest.fixture
def running(dsn: str) -> Iterator[tuple[asyncio.Runner, code.Store]]:
    """A store and the loop that it lives in."""
    with asyncio.Runner() as runner:
        store = runner.run(code.open_store(dsn, connect.EMBEDDED, "tests"))
        yield runner, store
        runner.run(store.close())


async def held_by(store: code.Store, chunks: dict[str, bytes]) -> dict[str, list[tuple[Any, ...]]]:
    """What the database holds after these chunks were committed to an empty project."""
    await store.drop_project(PROJECT)
    project = await store.project("/the/project", "project", PROJECT)
    change = code.Replaced(uuid.UUID(int=1), chunks["files"], chunks["symbols"], chunks["relationships"])
    await store.commit(project, replaced=[change])
    return {name: [tuple(row) for row in await store.database.fetch(sql)] for name, sql in QUERIES.items()}


QUERIES = {
    "symbols": """SELECT id, container_id, name, qualified_name, kind, line_number, column_number, start_line, start_column,
        end_line, end_column, ordinal, is_exported::int + 2 * is_async::int + 4 * is_generator::int + 8 * is_abstract::int
        + 16 * is_static::int, signature, documentation, visibility, definition, context_before, context_after, metadata,
        words, type, file_path, language FROM code_symbols ORDER BY id""",
    "relationships": """SELECT source_id, target_id, relationship_type, confidence, evidence, sites, n_sites
        FROM symbol_relationships ORDER BY source_id, target_id, relationship_type""",
    "files": "SELECT path, language, problem, flags, sites, imports, inode FROM files",
}


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(symbols=SYMBOLS, relationships=RELATIONSHIPS, path=TEXT, blob=st.none() | st.binary(max_size=40))
@example(
    symbols=[
        (b"1" * 16, None, HOSTILE, HOSTILE * 700, "macro", *[0] * 8, HOSTILE, HOSTILE.encode(errors="replace"), None,
         b"\xff\xfe broken \0", HOSTILE, "", {HOSTILE: [HOSTILE, {"a": None}]}),
    ],
    relationships=[],
    path=HOSTILE,
    blob=None,
)  # fmt: skip
def test_everything_comes_back(
    running: tuple[asyncio.Runner, code.Store], symbols: Any, relationships: Any, path: str, blob: bytes | None
) -> None:
    file = uuid.UUID(int=1)
    row = model.FileRow(file, path, path, model.Signature(1, 2, 3, 2**64 - 1), b"h", "1", path, (path, ""), 1)
    chunks = {
        "symbols": rows.symbols(PROJECT.bytes, file.bytes, path, path[:50], symbols),
        "relationships": rows.relationships(PROJECT.bytes, file.bytes, relationships),
        "files": rows.file(PROJECT.bytes, row, rows.FileCounts(), rows.FileBlobs(sites=blob)),
    }
    runner, store = running
    found = runner.run(held_by(store, chunks))
    expected = [
        (
            uuid.UUID(bytes=row[0]), None if row[1] is None else uuid.UUID(bytes=row[1]), held(row[2]), held(row[3]),
            *row[4:13], held(row[13]), held(row[14]), row[15], held(row[16]), held(row[17]), held(row[18]),
            deep(row[19] or {}), rows.words(row[2]), model.TYPE_OF_KIND[row[4]], held(path), held(path[:50]),
        )
        for row in sorted(symbols)
    ]  # fmt: skip
    assert found["symbols"] == expected
    assert found["relationships"] == [
        (uuid.UUID(bytes=source), uuid.UUID(bytes=target), kind, confidence, evidence, sites, len(sites) // 2)
        for source, target, kind, confidence, evidence, sites in sorted(relationships)
    ]
    assert found["files"] == [(held(path), held(path), held(path), [held(path), ""], blob, None, -1)]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("getUserName", "get user name"),
        ("get_user_name", "get user name"),
        ("GET_USER", "get user"),
        ("HTTPServer2_run", "http server 2 run"),
        ("__init__", "init"),
        ("x", "x"),
        ("_", ""),
        ("größeÄndern", "größe ändern"),
        ("XMLÜbersicht", "xml übersicht"),
        ("имяПользователя", "имя пользователя"),
        ("operator+=", "operator"),
    ],
)
def test_names_are_split_into_words(name: str, words: str) -> None:
    assert rows.words(name) == words
    assert rows.folded(name) == words.replace(" ", "")


@pytest.mark.parametrize(("kind", "visibility"), [("nonsense", "public"), ("class", "secret")])
def test_what_the_schema_does_not_know_is_refused_before_it_is_sent(kind: str, visibility: str) -> None:
    row: rows.SymbolRow = (b"1" * 16, None, "n", "n", kind, *(0,) * 8, None, None, visibility, None, None, None, None)  # type: ignore[assignment]
    with pytest.raises(KeyError):
        rows.symbols(b"p" * 16, b"f" * 16, "a.py", "python", [row])
