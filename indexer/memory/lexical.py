"""Ranked text (BM25) on disk: the one door to tantivy. What is indexed, and what a query asks for, is the callers' business.

An index is a folder that can be lost at any time. Beside tantivy's files lies the stamp, which says what state of the source the
index holds: it is taken away before a change and written after it, so that a crash in between leaves an index without a stamp,
which is made anew. So is one that cannot be opened or read.

Everything here blocks and is meant for threads; tantivy lets other threads run meanwhile. One writer at a time: callers see to it.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import tantivy

logger = logging.getLogger(__name__)

#: Bytes that a writer holds before it writes a segment.
_WRITER_BYTES: Final = 16 << 20
_WORDS: Final = "words"
_STAMP: Final = "stamp.json"
#: Characters of the longest word that is kept.
_LONGEST_WORD: Final = 60

FieldKind = Literal["words", "raw", "number", "time"]
Value = str | float | int | Sequence[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of an index and what each holds; `key` is the raw one that names a document. Another `version` is another index.

    'words' are ranked, 'raw' texts are filtered by and stored, 'number' and 'time' (seconds since 1970) have ranges.
    """

    version: int
    key: str
    fields: Mapping[str, FieldKind]


@dataclass(frozen=True, slots=True)
class Only:
    """What a document must have: one of the `any_of` values, and each of `all_of`, in a raw field; a number in a range."""

    any_of: Mapping[str, Collection[str]]
    all_of: Mapping[str, Collection[str]]
    ranges: Mapping[str, tuple[float | None, float | None]]


EVERYTHING: Final = Only({}, {}, {})


class Broken(Exception):
    """The index cannot be read; it is to be made anew."""


class Lexical:
    """An index in a folder; see the module. Opening never fails: what cannot be used is thrown away."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        self.folder = folder
        self.layout = layout
        self._schema = _schema(layout)
        self._analyzer = _analyzer()
        self._lock = threading.Lock()
        self._index = self._opened()
        self._searcher = self._index.searcher()

    @property
    def n_documents(self) -> int:
        """How many documents there are."""
        n_documents: int = self._searcher.num_docs
        return n_documents

    @property
    def stamp(self) -> Any:
        """The state that the index holds, as it was given to `write`; None while it holds none for sure."""
        try:
            found = json.loads((self.folder / _STAMP).read_bytes())
        except (OSError, ValueError):
            return None
        return found["state"] if found.get("version") == self.layout.version else None

    def clear(self) -> None:
        """Throws everything away."""
        self._index = self._made()
        self._searcher = self._index.searcher()

    def write(self, removed: Mapping[str, Collection[str]], documents: Iterable[Mapping[str, Value]], stamp: object) -> None:
        """Removes the documents that have one of the values in a raw field, adds others, and puts the stamp on; None leaves it off.

        Raises Broken.
        """
        with self._lock, _translated():
            (self.folder / _STAMP).unlink(missing_ok=True)
            writer = self._index.writer(_WRITER_BYTES, 1)
            for field, values in removed.items():
                for value in values:
                    writer.delete_documents_by_term(field, value)
            for document in documents:
                writer.add_document(self._document(document))
            writer.commit()
            self._index.reload()
            self._searcher = self._index.searcher()
            writer.wait_merging_threads()
        if stamp is not None:
            self._put_on(stamp)

    def put_on(self, stamp: object) -> None:
        """Says that the index holds another state than it did, without any change."""
        with self._lock:
            self._put_on(stamp)

    def terms(self, text: str) -> list[str]:
        """The words of a text as the index has them, in order, without repetitions."""
        return list(dict.fromkeys(self._analyzer.analyze(text)))

    def rarity(self, fields: Iterable[str], term: str) -> int:
        """In how many documents a word stands: the most of any of these fields."""
        return max((self._searcher.doc_freq(field, term) for field in fields), default=0)

    def search(self, weights: Mapping[str, float], terms: Sequence[str], only: Only, limit: int) -> dict[str, float]:
        """The keys of documents with any of the words in the weighted fields, best first, with their BM25. Raises Broken."""
        if not terms:
            return {}
        should = [
            (tantivy.Occur.Should, self._weighted(field, term, weight))
            for term in terms
            for field, weight in weights.items()
        ]
        query = tantivy.Query.boolean_query(should)
        filters = self._filters(only)
        if filters:
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in (query, *filters)])
        with _translated():
            searcher = self._searcher
            hits = searcher.search(query, limit, count=False).hits
            return {str(searcher.doc(address).get_first(self.layout.key)): score for score, address in hits}

    def _weighted(self, field: str, term: str, weight: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, field, term, index_option="freq")
        return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)

    def _filters(self, only: Only) -> list[tantivy.Query]:
        """Each counts nothing for the rank: a constant score of 0."""
        terms = [tantivy.Query.term_set_query(self._schema, field, list(values)) for field, values in only.any_of.items()]
        for field, values in only.all_of.items():
            terms += [tantivy.Query.term_query(self._schema, field, value, index_option="basic") for value in values]
        for field, (low, high) in only.ranges.items():
            if (low, high) != (None, None):
                kind = tantivy.FieldType.Float
                terms.append(tantivy.Query.range_query(self._schema, field, kind, low, high, include_upper=high is None))
        return [tantivy.Query.const_score_query(term, 0.0) for term in terms]

    def _document(self, values: Mapping[str, Value]) -> tantivy.Document:
        document = tantivy.Document()
        for field, value in values.items():
            if self.layout.fields[field] in ("number", "time"):
                document.add_float(field, float(value))  # type: ignore[arg-type]
            else:
                for text in (value,) if isinstance(value, str) else value:  # type: ignore[union-attr]
                    document.add_text(field, text)
        return document

    def _put_on(self, stamp: object) -> None:
        part = self.folder / f"{_STAMP}.part"
        part.write_text(json.dumps({"version": self.layout.version, "state": stamp}))
        part.replace(self.folder / _STAMP)

    def _opened(self) -> tantivy.Index:
        if self.stamp is None:
            return self._made()
        try:
            with _translated():
                index = self._ready(tantivy.Index.open(str(self.folder)))
                index.searcher().search(tantivy.Query.all_query(), 1)
                return index
        except Broken as problem:
            logger.warning("the text index is made anew", extra={"folder": str(self.folder), "reason": str(problem)})
            return self._made()

    def _made(self) -> tantivy.Index:
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder, mode=0o700)
        return self._ready(tantivy.Index(self._schema, path=str(self.folder)))

    def _ready(self, index: tantivy.Index) -> tantivy.Index:
        index.register_tokenizer(_WORDS, self._analyzer)
        # By itself it would look twice a second whether somebody else has written: nobody else does.
        index.config_reader(reload_policy="manual")
        return index


class _translated:
    """tantivy raises ValueError and others; and where Rust panics, something that is no Exception."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, _: object) -> None:
        if problem is None or isinstance(problem, (KeyboardInterrupt, SystemExit, GeneratorExit, Broken)):
            return
        raise Broken(f"{type(problem).__name__}: {problem}") from problem


def _schema(layout: Layout) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field, kind in layout.fields.items():
        if kind == "words":
            builder.add_text_field(field, stored=False, tokenizer_name=_WORDS, index_option="freq")
        elif kind == "raw":
            builder.add_text_field(field, stored=field == layout.key, tokenizer_name="raw", index_option="basic")
        else:
            builder.add_float_field(field, indexed=True, fast=True)
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    """Words between spaces, in lower case, English endings taken off: identifiers come split already."""
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    for step in (
        tantivy.Filter.remove_long(_LONGEST_WORD),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        analyzer = analyzer.filter(step)
    return analyzer.build()
