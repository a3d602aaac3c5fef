"""The text index on disk: what is found, what narrows it, and what becomes of it when it is damaged."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from indexer.memory import lexical, words

LAYOUT = lexical.Layout(1, "id", {"id": "raw", "file": "raw", "tag": "raw", "size": "number", "name": "words", "body": "words"})
WEIGHTS = {"name": 2.0, "body": 1.0}
DOCUMENTS = [
    {"id": "1", "file": "a", "tag": ["x", "y"], "size": 0.1, "name": "retry upload", "body": "tries again"},
    {"id": "2", "file": "a", "tag": ["x"], "size": 0.5, "name": "other", "body": "retries an upload after a pause"},
    {"id": "3", "file": "b", "tag": [], "size": 0.9, "name": "upload", "body": "Größe naïve"},
]


@pytest.fixture
def index(tmp_path: Path) -> lexical.Lexical:
    made = lexical.Lexical(tmp_path / "index", LAYOUT)
    made.write({}, DOCUMENTS, [1, 2])
    return made


def found(index: lexical.Lexical, text: str, only: lexical.Only = lexical.EVERYTHING, limit: int = 10) -> list[str]:
    return list(index.search(WEIGHTS, index.terms(text), only, limit))


def only(
    any_of: dict[str, list[str]] | None = None,
    all_of: dict[str, list[str]] | None = None,
    **ranges: tuple[float | None, float | None],
) -> lexical.Only:
    return lexical.Only(any_of or {}, all_of or {}, ranges)


def test_words_are_found_in_any_form_best_first(index: lexical.Lexical) -> None:
    assert found(index, "retrying uploads") == ["1", "2", "3"]
    assert found(index, "groesse") == []
    assert found(index, "größe") == found(index, "GROSSE") == found(index, "naive") == ["3"]
    assert found(index, "") == found(index, "nothing") == []
    assert found(index, "upload", limit=1) == ["3"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (only({"file": ["a"]}), ["1", "2"]),
        (only({"file": ["a", "b"]}), ["1", "2", "3"]),
        (only({"file": []}), []),
        (only({"file": ["nowhere"]}), []),
        (only(all_of={"tag": ["x", "y"]}), ["1"]),
        (only(size=(0.5, None)), ["2", "3"]),
        (only(size=(None, 0.5)), ["1"]),
        (only({"file": ["a"]}, {"tag": ["x"]}, size=(0.2, None)), ["2"]),
    ],
)
def test_filters(index: lexical.Lexical, filters: lexical.Only, expected: list[str]) -> None:
    assert sorted(found(index, "upload", filters)) == expected


def test_filters_do_not_change_the_rank(index: lexical.Lexical) -> None:
    free = index.search(WEIGHTS, index.terms("upload"), lexical.EVERYTHING, 10)
    narrowed = index.search(WEIGHTS, index.terms("upload"), only({"file": ["a"]}), 10)
    assert all(abs(free[key] - score) < 1e-3 for key, score in narrowed.items())


def test_changes_replace_what_was_there(index: lexical.Lexical) -> None:
    index.write({"file": ["a"]}, [{"id": "4", "file": "a", "name": "upload"}], [1, 3])
    assert sorted(found(index, "upload")) == ["3", "4"]
    assert (index.n_documents, index.stamp) == (2, [1, 3])


def test_what_was_written_is_there_after_opening_again(index: lexical.Lexical) -> None:
    again = lexical.Lexical(index.folder, LAYOUT)
    assert (again.n_documents, again.stamp, found(again, "pause")) == (3, [1, 2], ["2"])


def test_a_change_that_was_not_finished_leaves_nothing_to_trust(index: lexical.Lexical) -> None:
    index.write({}, [], None)
    again = lexical.Lexical(index.folder, LAYOUT)
    assert (again.n_documents, again.stamp) == (0, None)


def test_another_layout_is_another_index(index: lexical.Lexical) -> None:
    again = lexical.Lexical(index.folder, lexical.Layout(2, "id", LAYOUT.fields))
    assert (again.n_documents, again.stamp) == (0, None)


@pytest.mark.parametrize("pattern", ["meta.json", "*.store", "*.term", "*.idx", "stamp.json"])
@pytest.mark.parametrize("damage", ["removed", "emptied", "rubbish"])
def test_a_damaged_index_is_thrown_away_or_refused_never_believed(index: lexical.Lexical, pattern: str, damage: str) -> None:
    [file, *_] = index.folder.glob(pattern)
    if damage == "removed":
        file.unlink()
    else:
        file.write_bytes(b"" if damage == "emptied" else b"\xff" * 100)
    again = lexical.Lexical(index.folder, LAYOUT)
    try:
        assert found(again, "upload") in ([], ["1", "3", "2"], ["3", "1", "2"])
    except lexical.Broken:
        again.clear()
    again.clear()
    again.write({}, DOCUMENTS, [1, 2])
    assert found(again, "pause") == ["2"]


def test_readers_are_served_while_it_is_written(index: lexical.Lexical) -> None:
    seen: list[int] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(len(found(index, "upload")))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(5):
        index.write({"file": ["a"]}, DOCUMENTS[:2], [1, number])
    stop.set()
    reader.join()
    # A write is seen whole or not at all.
    assert set(seen) <= {3}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how do we retry uploads?", ("retry", "uploads")),
        ("getUserName", ("get", "user", "name")),
        ("HTTPServer_v2 .close()", ("http", "server", "v", "2", "close")),
        ('+a -b "c d" (e) AND f:[1 TO 2] ~3^4 *?{}\\/', ("b", "c", "d", "e", "f", "1", "2", "3", "4")),
        ("for while if", ("for", "while", "if")),
        ("größe ñandú", ("größe", "ñandú")),
        ("!!! ... ---", ()),
        ("\ud800 x\0y", ("xy",)),
    ],
)
def test_words_of_a_query(text: str, expected: tuple[str, ...]) -> None:
    assert words.query_of(text).words == expected


def test_a_query_of_stop_words_or_of_a_book_says_so() -> None:
    assert words.query_of("what is this").note is not None
    long = words.query_of("word " * 50_000 + "end")
    assert long.words == ("word",)
    assert long.note is not None


def test_of_many_words_the_rarest_are_looked_for(index: lexical.Lexical) -> None:
    query = words.query_of("upload pause retry nothing")
    assert words.asked(index, WEIGHTS, query, 2).terms == ["paus", "retri"]
    assert words.asked(index, WEIGHTS, query).terms == index.terms(query.text)


def test_the_share_of_a_question_that_words_make_up(index: lexical.Lexical) -> None:
    asked = words.asked(index, WEIGHTS, words.query_of("Uploading pauses"))
    assert asked.matched(index, ["a pause", None]) == ["pauses"]
    assert asked.covered(["uploading", "pauses"]) == 1.0
    # Rarer words tell more.
    assert 1.0 > asked.covered(["pauses"]) > 0.5 > asked.covered(["uploading"]) > asked.covered([]) == 0.0
