"""Writes a persistent folder with ChromaDB's own package: what the tests of the import read.

`python tests/chroma_folders.py` (where chromadb is installed) makes tests/fixtures/chroma.tar.xz anew, for all who do not have it.
"""

from __future__ import annotations

import sqlite3
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FIXTURE = Path(__file__).parent / "fixtures" / "chroma.tar.xz"
#: Records of the collection "notes", of which the first 40 have left the log; then some of them change.
N_NOTES = 70
DIMENSION = 4
MODEL = "a-small-model"


def text_of(number: int) -> str:
    """The document of a note."""
    return f"note number {number}: größer als \\x41 und 'die' \"anderen\""


def vector_of(number: int) -> list[float]:
    """Its vector."""
    return [1.0, float(number), 0.5, -0.25]


def write(path: Path) -> None:
    """Needs chromadb."""
    import chromadb

    class Function(chromadb.EmbeddingFunction):  # type: ignore[type-arg,name-defined,misc]
        def __init__(self) -> None:
            pass

        def __call__(self, input: Sequence[str]) -> Any:
            raise NotImplementedError

        @staticmethod
        def name() -> str:
            return "ours"

        def get_config(self) -> dict[str, Any]:
            return {"model_name": MODEL}

        @staticmethod
        def build_from_config(config: dict[str, Any]) -> Function:
            return Function()

    client = chromadb.PersistentClient(str(path))
    settings: Any = {"hnsw": {"batch_size": 10, "sync_threshold": 20}}
    notes = client.create_collection("notes", embedding_function=Function(), configuration=settings)
    for start in range(0, N_NOTES, 10):
        numbers = range(start, start + 10)
        notes.add(
            ids=[f"n{number}" for number in numbers],
            documents=[text_of(number) for number in numbers],
            embeddings=[vector_of(number) for number in numbers],
            metadatas=[
                {"context": "code_pattern", "importance": number / 100, "timestamp": 1_700_000_000 + number, "tags": "a, b", "done": True}
                for number in numbers
            ],
        )
    notes.delete(ids=["n2"])
    notes.update(ids=["n3"], documents=["note three, revised"], embeddings=[vector_of(33)])
    notes.upsert(ids=["new"], documents=["brand new"], embeddings=[vector_of(99)])
    others = client.create_collection("decisions", embedding_function=Function())
    others.add(
        ids=["n1", "d2", "d3", "d4"],
        embeddings=[vector_of(number) for number in range(4)],
        documents=["decided one", "decided two", text_of(5), "bad\0text"],
        metadatas=[
            {"context": "code_decision", "created_at": "2024-05-06T07:08:09Z"},
            {"context": "strange", "importance": 7},
            {"context": "code_pattern"},
            {"context": "general"},
        ],
    )
    others.add(ids=["v1"], embeddings=[vector_of(1)])
    print(notes.count(), others.count())


def main() -> None:
    """Makes the fixture."""
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base, "chroma")
        write(folder)
        with sqlite3.connect(folder / "chroma.sqlite3", isolation_level=None) as database:
            # The package's own scripts, which nobody reads here.
            database.execute("DELETE FROM migrations")
            database.execute("VACUUM")
        FIXTURE.parent.mkdir(exist_ok=True)
        with tarfile.open(FIXTURE, "w:xz") as archive:
            archive.add(folder, "chroma", filter=_nobodys)


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    sys.exit(main())
