"""Reads a persistent folder of ChromaDB, without its package and without changing anything in it.

    chroma.sqlite3            collections, documents and metadata, and the log of writes that are not in the other files yet
    SEGMENT/header.bin        how vectors lie in data_level0.bin, the file of hnswlib
    SEGMENT/index_metadata.pickle   which id has which label there

The log comes last: whatever is in it replaces what the tables and the vector files say. Everything here blocks.
"""

from __future__ import annotations

import array
import contextlib
import datetime as dt
import io
import json
import pickle
import sqlite3
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from indexer import errors

FILE: Final = "chroma.sqlite3"
DOCUMENT: Final = "chroma:document"
#: Kinds of writes in the log; 0 adds, 1 updates, 2 does either.
_DELETE: Final = 3
#: Version, offset of level 0, room, elements, bytes of an element, offsets in it of the label and the vector.
_HEADER: Final = struct.Struct("<i6Q")
_LABEL: Final = struct.Struct("<Q")
_FLOATS: Final[Mapping[str, str]] = {"FLOAT32": "f"}


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection; `model` is what made its vectors, where the folder says so."""

    id: str
    name: str
    dimension: int | None
    model: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A record: its id in the collection, the text where it has one, metadata as they were given."""

    id: str
    document: str | None
    metadata: dict[str, Any]
    created_at: dt.datetime


class Folder:
    """An open folder; use it as a context manager. Raises InvalidRequest, naming `path`, for one that cannot be read."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self._database = _opened(self.path)

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def collections(self) -> list[Collection]:
        """By name."""
        with self._readable():
            known = {row[1] for row in self._database.execute("PRAGMA table_info(collections)")}
            described = [name for name in ("schema_str", "config_json_str") if name in known]
            columns = ", ".join(["id", "name", "dimension", *described])
            # The columns are two names of our own.
            rows = self._database.execute(f"SELECT {columns} FROM collections ORDER BY name, id").fetchall()
        return [Collection(row[0], row[1], row[2], _model(row[3:])) for row in rows]

    def repeated_ids(self) -> set[str]:
        """The ids that more than one collection has."""
        with self._readable():
            rows = self._database.execute(
                "SELECT e.embedding_id FROM embeddings AS e JOIN segments AS s ON s.id = e.segment_id WHERE s.scope = 'METADATA' "
                "GROUP BY e.embedding_id HAVING count(DISTINCT s.collection) > 1"
            ).fetchall()
        return {row[0] for row in rows}

    def items(self, collection: Collection) -> Iterator[Item]:
        """The records of a collection in the order in which they were added, those of the log last."""
        with self._readable():
            logged = dict(self._logged(collection))
            rows = self._database.execute(
                "SELECT e.id, e.embedding_id, e.created_at FROM embeddings AS e JOIN segments AS s ON s.id = e.segment_id "
                "WHERE s.collection = ? AND s.scope = 'METADATA' ORDER BY e.id",
                (collection.id,),
            )
            for key, name, created_at in rows:
                found = Item(name, *self._values(key), _moment(created_at))
                later = logged.pop(name, [])
                if (item := _after(found, later)) is not None:
                    yield item
            for name, writes in logged.items():
                item = _after(None, writes)
                if item is not None:
                    yield Item(name, item.document, item.metadata, item.created_at)

    def vectors(self, collection: Collection) -> Iterator[tuple[str, Sequence[float]]]:
        """Ids with their vectors; an id may come twice, the second time with the later one."""
        with self._readable():
            segments = self._database.execute(
                "SELECT id FROM segments WHERE collection = ? AND scope = 'VECTOR'", (collection.id,)
            ).fetchall()
            for (segment,) in segments:
                yield from _stored_vectors(self.path / segment, collection.dimension or 0)
            rows = self._database.execute(
                "SELECT id, vector, encoding FROM embeddings_queue WHERE topic LIKE ? AND vector IS NOT NULL ORDER BY seq_id",
                (f"%/{collection.id}",),
            )
            for name, vector, encoding in rows:
                if encoding in _FLOATS:
                    yield name, _floats(vector)

    def _values(self, key: int) -> tuple[str | None, dict[str, Any]]:
        """Document and metadata of a row."""
        metadata: dict[str, Any] = {}
        for name, text, integer, number, truth in self._database.execute(
            "SELECT key, string_value, int_value, float_value, bool_value FROM embedding_metadata WHERE id = ?", (key,)
        ):
            values = (text, integer, number, None if truth is None else bool(truth))
            metadata[name] = next((value for value in values if value is not None), None)
        for name, *values in self._arrays(key):
            found = next((value for value in values if value is not None), None)
            metadata.setdefault(name, []).append(found)
        document = metadata.pop(DOCUMENT, None)
        return document if isinstance(document, str) else None, metadata

    def _arrays(self, key: int) -> list[Any]:
        if not self._database.execute("SELECT 1 FROM sqlite_master WHERE name = 'embedding_metadata_array'").fetchone():
            return []
        return self._database.execute(
            "SELECT key, string_value, int_value, float_value, bool_value FROM embedding_metadata_array WHERE id = ? ORDER BY rowid", (key,)
        ).fetchall()

    def _logged(self, collection: Collection) -> Iterator[tuple[str, list[tuple[int, dict[str, Any], str]]]]:
        """What was written and is not in the tables yet, by id."""
        row = self._database.execute(
            "SELECT m.seq_id FROM max_seq_id AS m JOIN segments AS s ON s.id = m.segment_id "
            "WHERE s.collection = ? AND s.scope = 'METADATA'",
            (collection.id,),
        ).fetchone()
        # An older ChromaDB wrote the number as bytes.
        last = 0 if row is None else int.from_bytes(row[0], "big") if isinstance(row[0], bytes) else int(row[0])
        writes: dict[str, list[tuple[int, dict[str, Any], str]]] = {}
        for name, operation, metadata, created_at in self._database.execute(
            "SELECT id, operation, metadata, created_at FROM embeddings_queue WHERE topic LIKE ? AND seq_id > ? ORDER BY seq_id",
            (f"%/{collection.id}", last),
        ):
            writes.setdefault(name, []).append((operation, json.loads(metadata) if metadata else {}, created_at))
        yield from writes.items()

    @contextlib.contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError, TypeError, KeyError, struct.error) as exc:
            raise _wrong(self.path, f"cannot be read: {exc}") from exc


def _opened(path: Path) -> sqlite3.Connection:
    """The folder's database, looked through once, so that one that is broken is refused before anything is done with it."""
    file = path / FILE
    if not file.is_file():
        raise _wrong(path, f"is no persistent folder of ChromaDB: it has no {FILE}")
    try:
        database = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as exc:
        raise _wrong(path, f"cannot be opened: {exc}") from exc
    try:
        [[said]] = database.execute("PRAGMA quick_check(1)").fetchall()
        if said != "ok":
            raise sqlite3.DatabaseError(said)
        database.execute("SELECT id, name, dimension FROM collections LIMIT 1")
        database.execute("SELECT id, scope, collection FROM segments LIMIT 1")
        database.execute("SELECT segment_id, embedding_id, created_at FROM embeddings LIMIT 1")
        database.execute("SELECT key, string_value FROM embedding_metadata LIMIT 1")
        database.execute("SELECT seq_id, topic FROM embeddings_queue LIMIT 1")
    except sqlite3.Error as exc:
        database.close()
        raise _wrong(path, f"is no readable folder of ChromaDB: {exc}") from exc
    return database


def _after(item: Item | None, writes: Sequence[tuple[int, dict[str, Any], str]]) -> Item | None:
    """A record after some writes; None where it is gone. An update leaves what it does not name."""
    for operation, values, created_at in writes:
        if operation == _DELETE:
            item = None
            continue
        document = values.pop(DOCUMENT, item.document if item else None)
        known = {**(item.metadata if item else {}), **values}
        item = Item(item.id if item else "", document, known, item.created_at if item else _moment(created_at))
    return item


def _stored_vectors(folder: Path, dimension: int) -> Iterator[tuple[str, Sequence[float]]]:
    """The vectors that are in hnswlib's files; none where these are not written yet."""
    labels = folder / "index_metadata.pickle"
    if not dimension or not labels.is_file():
        return
    names = _names(labels.read_bytes())
    _, _, _, n_elements, size, label_at, vector_at = _HEADER.unpack_from((folder / "header.bin").read_bytes())
    data = (folder / "data_level0.bin").read_bytes()
    if size <= 0 or vector_at + 4 * dimension > size or n_elements * size > len(data):
        raise ValueError(f"{folder.name} has a header that its data does not fit")
    for start in range(0, n_elements * size, size):
        (label,) = _LABEL.unpack_from(data, start + label_at)
        if label in names:
            yield names[label], _floats(data[start + vector_at : start + vector_at + 4 * dimension])


class _Plain(pickle.Unpickler):
    """Takes plain values only: a pickle can name any function of Python's to be called."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        if (module_name.partition(".")[0], global_name) == ("chromadb", "PersistentData"):
            return _Fields
        raise pickle.UnpicklingError(f"{module_name}.{global_name} is not taken from a pickle")


class _Fields:
    """Stands for the one class of ChromaDB's that its older pickles hold."""


def _names(pickled: bytes) -> dict[int, str]:
    """Labels of hnswlib to ids."""
    try:
        found = _Plain(io.BytesIO(pickled)).load()
    except Exception as exc:
        # Whatever a damaged pickle makes of its machine.
        raise ValueError(f"index_metadata.pickle: {exc}") from exc
    fields = found if isinstance(found, dict) else vars(found)
    return {int(label): str(name) for label, name in fields["label_to_id"].items()}


def _floats(data: bytes) -> Sequence[float]:
    values = array.array("f", data)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _model(described: Sequence[str | None]) -> str | None:
    """The model that the embedding function of a collection is configured with, wherever a version of ChromaDB writes it."""
    for text in described:
        try:
            value = json.loads(text) if text else {}
        except ValueError:
            continue
        for function in _functions(value):
            config = function.get("config")
            name = config.get("model_name") or config.get("model") if isinstance(config, dict) else None
            if isinstance(name, str):
                return name
    return None


def _functions(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        function = value.get("embedding_function")
        if isinstance(function, dict):
            yield function
        for inner in value.values():
            yield from _functions(inner)


def _moment(text: str | int | None) -> dt.datetime:
    if isinstance(text, str):
        with contextlib.suppress(ValueError):
            return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
    return dt.datetime.fromtimestamp(0, dt.UTC)


def _wrong(path: Path, reason: str) -> errors.InvalidRequest:
    return errors.InvalidRequest(f"path: {path} {reason}.", "path")
