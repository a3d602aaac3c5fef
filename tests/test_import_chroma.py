"""Memories from ChromaDB: what becomes of records, and what becomes of an import that is killed, repeated, taken back or wrong."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
import signal
import sqlite3
import sys
import tarfile
import uuid
from collections.abc import Callable
from pathlib import Path

import chroma_folders
import pytest
from chroma_folders import DIMENSION, FIXTURE, MODEL, N_NOTES, text_of, vector_of

from indexer import errors
from indexer.memory import importing
from indexer.store import connect, embeddings, imports, memories, vaults
from indexer.store.vaults import Vault

pytest_plugins = ["database"]

#: Of the notes one was deleted and one added.
N_ALL = N_NOTES + 5
KILLED = """
import asyncio, os, signal, sys
from indexer.memory import importing
from indexer.store import connect, vaults

async def main(dsn, vault, path):
    database = await connect.connect(dsn, connect.EMBEDDED, "tests")
    await importing.chroma_folder(
        database, await vaults.get(database, vault), path, on_progress=lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    )

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that ChromaDB's own package has written."""
    with tarfile.open(FIXTURE) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "chroma"


async def vault_in(database: connect.Database) -> Vault:
    return await vaults.register(database, "notes", "/notes", "personal")


async def everything(database: connect.Database, vault: Vault) -> dict[str, memories.Memory]:
    """All memories of a vault by their text."""
    page = await memories.listed(database, vault.id, limit=0)
    return {memory.content: memory for memory in page.memories}


async def test_records_become_memories(database: connect.Database, folder: Path) -> None:
    vault = await vault_in(database)
    progress: list[tuple[int, int, str]] = []
    report = await importing.chroma_folder(database, vault, str(folder), on_progress=lambda *told: progress.append(told))
    # Of the two with the same text in the same context one is merged; a NUL and no document cannot be a memory.
    assert (report.n_total, report.n_added, report.n_merged, report.n_failed) == (N_ALL, N_ALL - 3, 1, 2)
    assert progress[-1] == (N_ALL, N_ALL, "memories")
    found = await everything(database, vault)
    assert set(found) == {
        *(text_of(number) for number in range(N_NOTES) if number not in (2, 3)),
        *("note three, revised", "brand new", "decided one", "decided two"),
    }
    note = found[text_of(7)]
    assert (note.id, note.context, note.importance, note.tags) == (uuid.uuid5(vault.id, "n7"), "code_pattern", 0.07, ("a", "b"))
    assert note.created_at == dt.datetime.fromtimestamp(1_700_000_007, dt.UTC)
    assert note.metadata == {
        "context": "code_pattern", "importance": 0.07, "timestamp": 1_700_000_007, "tags": "a, b", "done": True,
        "chroma": {"source": str(folder), "collection": "notes", "id": "n7"},
    }  # fmt: skip
    # Both collections have a record of this id.
    assert found[text_of(1)].id == uuid.uuid5(vault.id, "notes/n1")
    assert found["decided one"].created_at == dt.datetime(2024, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    assert (found["decided two"].context, found["decided two"].importance) == ("general", 0.5)
    record = await imports.get(database, importing.name_of(vault, str(folder)))
    assert record is not None
    assert (record.phase, record.status, record.n_total, record.n_processed, record.n_failed) == ("done", "completed", N_ALL, N_ALL, 2)
    assert {(each["id"], each["error"].partition(" ")[0]) for each in record.errors} == {("d4", "content"), ("v1", "It")}


async def test_a_second_time_adds_nothing_and_what_is_newer_is_added(database: connect.Database, folder: Path) -> None:
    vault = await vault_in(database)
    await importing.chroma_folder(database, vault, str(folder))
    before = await everything(database, vault)
    with sqlite3.connect(folder / "chroma.sqlite3") as database_of_theirs:
        [(topic, last)] = database_of_theirs.execute("SELECT topic, max(seq_id) FROM embeddings_queue WHERE id = 'n60'").fetchall()
        write = "INSERT INTO embeddings_queue (seq_id, operation, topic, id, metadata) VALUES (?, ?, ?, ?, ?)"
        database_of_theirs.execute(write, (last + 1000, 0, topic, "late", '{"chroma:document": "in the log alone"}'))
        database_of_theirs.execute(write, (last + 1001, 3, topic, "n60", "{}"))
    report = await importing.chroma_folder(database, vault, str(folder))
    assert (report.n_added, report.n_merged, report.n_known) == (1, 1, N_ALL - 4)
    after = await everything(database, vault)
    assert {text: after[text] for text in before} == before
    assert set(after) - set(before) == {"in the log alone"}


async def test_a_killed_import_goes_on(dsn: str, database: connect.Database, folder: Path) -> None:
    vault = await vault_in(database)
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, dsn, vault.name, str(folder))
    assert await killed.wait() == -signal.SIGKILL
    record = await imports.get(database, importing.name_of(vault, str(folder)))
    assert record is not None
    assert (record.status, 0 < record.n_processed < N_ALL) == ("running", True)
    report = await importing.chroma_folder(database, vault, str(folder))
    assert 0 < report.n_known < N_ALL
    assert len(await everything(database, vault)) == N_ALL - 3
    record = await imports.get(database, importing.name_of(vault, str(folder)))
    assert record is not None
    assert (record.status, record.n_processed) == ("completed", N_ALL)


async def test_an_import_is_taken_back_but_for_what_was_changed_since(database: connect.Database, folder: Path) -> None:
    vault = await vault_in(database)
    own = await memories.add(database, vault.id, memories.NewMemory(text_of(9), "code_pattern"))
    report = await importing.chroma_folder(database, vault, str(folder))
    assert report.n_merged == 2
    found = await everything(database, vault)
    await memories.update(database, vault.id, found["brand new"].id, {"importance": 0.9})
    assert await importing.roll_back(database, vault, str(folder)) == (report.n_added - 1, 1)
    left = await everything(database, vault)
    assert {memory.id for memory in left.values()} == {own.memory.id, found["brand new"].id}
    record = await imports.get(database, importing.name_of(vault, str(folder)))
    assert record is not None
    assert record.status == "rolled_back"
    again = await importing.chroma_folder(database, vault, str(folder))
    assert (again.n_added, again.n_known) == (report.n_added - 1, 1)


async def test_ids_of_another_folder_are_kept_apart(database: connect.Database, folder: Path) -> None:
    vault = await vault_in(database)
    await importing.chroma_folder(database, vault, str(folder))
    other = folder.parent / "other"
    shutil.copytree(folder, other)
    with sqlite3.connect(other / "chroma.sqlite3") as theirs:
        theirs.execute("UPDATE embedding_metadata SET string_value = 'other: ' || string_value WHERE key = 'chroma:document'")
        theirs.execute("DELETE FROM embeddings_queue")
    report = await importing.chroma_folder(database, vault, str(other))
    assert (report.n_added, report.n_known) == (N_ALL - 2 - 1, 0)
    assert (await importing.chroma_folder(database, vault, str(other))).n_known == report.n_added
    assert (await importing.roll_back(database, vault, str(other)))[0] == report.n_added
    assert len(await everything(database, vault)) == N_ALL - 3


@pytest.mark.parametrize(("model", "n_kept"), [(MODEL, N_ALL - 3), ("another-model", 0)])
async def test_vectors_are_kept_where_the_model_is_the_same(database: connect.Database, folder: Path, model: str, n_kept: int) -> None:
    vault = await vault_in(database)
    current = await embeddings.use(database, "openai", model, DIMENSION)
    report = await importing.chroma_folder(database, vault, str(folder))
    assert report.n_vectors == n_kept
    found = await everything(database, vault)
    assert found[text_of(7)].is_embedded == found["brand new"].is_embedded == bool(n_kept)
    for text, vector in ((text_of(7), vector_of(7)), ("note three, revised", vector_of(33)), (text_of(69), vector_of(69))):
        row = await database.fetchrow("SELECT embedding::text AS e, embedding_model AS m FROM memories WHERE content = $1", text)
        assert row is not None
        assert (row["e"], row["m"]) == ((str(vector).replace(" ", "").replace(".0", ""), current.id) if n_kept else (None, None))


def cut_off(folder: Path) -> None:
    path = folder / "chroma.sqlite3"
    path.write_bytes(path.read_bytes()[:100_000])


def scrambled(folder: Path) -> None:
    path = folder / "chroma.sqlite3"
    data = bytearray(path.read_bytes())
    data[8192:60_000] = bytes(range(256)) * ((60_000 - 8192) // 256 + 1)
    path.write_bytes(data)


def foreign(folder: Path) -> None:
    (folder / "chroma.sqlite3").unlink()
    with sqlite3.connect(folder / "chroma.sqlite3") as theirs:
        theirs.execute("CREATE TABLE t (x)")


def no_file(folder: Path) -> None:
    (folder / "chroma.sqlite3").unlink()


@pytest.mark.parametrize("spoil", [cut_off, scrambled, foreign, no_file])
async def test_a_broken_folder_is_refused_and_nothing_changes(
    database: connect.Database, folder: Path, spoil: Callable[[Path], None]
) -> None:
    vault = await vault_in(database)
    spoil(folder)
    with pytest.raises(errors.InvalidRequest) as refusal:
        await importing.chroma_folder(database, vault, str(folder))
    assert refusal.value.field == "path"
    assert await everything(database, vault) == {}
    assert await imports.get(database, importing.name_of(vault, str(folder))) is None


async def test_a_pickle_that_would_run_something_runs_nothing(database: connect.Database, folder: Path) -> None:
    vault = await vault_in(database)
    await embeddings.use(database, "openai", MODEL, DIMENSION)
    [path] = folder.glob("*/index_metadata.pickle")
    path.write_bytes(b"cos\nsystem\n(S'touch " + str(folder / "ran").encode() + b"'\ntR.")
    with pytest.raises(errors.InvalidRequest, match="pickle"):
        await importing.chroma_folder(database, vault, str(folder))
    assert not (folder / "ran").exists()
    record = await imports.get(database, importing.name_of(vault, str(folder)))
    assert record is not None
    assert record.status == "failed"
    assert len(await everything(database, vault)) == N_ALL - 3


async def test_a_folder_of_the_package_s_version_that_is_installed(database: connect.Database, tmp_path: Path) -> None:
    pytest.importorskip("chromadb", reason="the package is large, and what it wrote once is read by the other tests")
    chroma_folders.write(tmp_path / "chroma")
    vault = await vault_in(database)
    report = await importing.chroma_folder(database, vault, str(tmp_path / "chroma"))
    assert (report.n_total, report.n_added, report.n_merged, report.n_failed) == (N_ALL, N_ALL - 3, 1, 2)
