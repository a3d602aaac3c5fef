"""How two lists become one, and what moves a result up or down."""

from __future__ import annotations

import math

import pytest

from indexer.memory import rank


def check(words: dict[str, float], meaning: dict[str, float], expected: list[str], unknown: set[str] | None = None) -> None:
    fused = rank.fuse(words, meaning, unknown or set())
    assert rank.ordered(fused, lambda key: (key,)) == expected
    assert all(0 <= score <= 1 for score in fused.values())


@pytest.mark.parametrize(
    ("words", "meaning", "expected"),
    [
        ({}, {}, []),
        ({"a": 3.0}, {}, ["a"]),
        ({}, {"a": 0.2, "b": 0.9}, ["b", "a"]),
        ({"a": 9.0, "b": 3.0}, {"a": 0.5, "b": 0.4}, ["a", "b"]),
        # Meaning weighs more than words.
        ({"a": 9.0}, {"b": 0.8}, ["b", "a"]),
        # What both find beats what one finds.
        ({"a": 9.0, "c": 8.0}, {"b": 0.8, "c": 0.7}, ["c", "b", "a"]),
        ({"a": 0.0, "b": 0.0}, {}, ["b", "a"]),
        ({"a": 1.0}, {"a": -0.3, "b": -0.1}, ["b", "a"]),
    ],
)
def test_two_lists_become_one(words: dict[str, float], meaning: dict[str, float], expected: list[str]) -> None:
    check(words, meaning, expected)


def test_a_result_without_a_vector_does_not_lose_all_that_vectors_give() -> None:
    check({"new": 9.0}, {"old": 0.35, "other": 0.5}, ["other", "old", "new"])
    check({"new": 9.0}, {"old": 0.35, "other": 0.5}, ["new", "other", "old"], {"new"})


def test_only_the_best_of_a_list_take_part_and_the_last_of_a_full_one_counts_nothing() -> None:
    scores = {f"{n:03}": 1000.0 - n for n in range(rank.TOP + 50)}
    normalised = rank.normalised(scores)
    assert len(normalised) == rank.TOP
    assert (normalised["000"], normalised[f"{rank.TOP - 1:03}"]) == (1.0, 0.0)
    # A short list has all that there is: its last one was found as well.
    assert rank.normalised({"a": 4.0, "b": 2.0}) == {"a": 1.0, "b": 0.5}


def test_equal_scores_are_told_apart_by_the_tie_only() -> None:
    scores = {"old": 0.50001, "new": 0.50002, "best": 0.9, "strange": math.nan}
    assert rank.ordered(scores, lambda key: (key == "old", key)) == ["best", "old", "new", "strange"]


def test_tests_and_generated_code_are_lower_unless_asked_for() -> None:
    assert rank.secondary(1.0, (), ()) == 1.0
    assert rank.secondary(1.0, ("test",), ("upload",)) == rank.SECONDARY
    assert rank.secondary(1.0, ("test",), ("upload", "tests")) == 1.0
    assert rank.secondary(1.0, ("test", "generated"), ("tests",)) == rank.SECONDARY
    assert rank.secondary(1.0, ("reviewed",), ()) == 1.0


def test_what_holds_a_value_is_lower_than_what_does_something_unless_asked_for() -> None:
    assert rank.of_kind(1.0, "method", "constructor", ("upload",)) == rank.of_kind(1.0, "property", "accessor", ()) == 1.0
    function, a_class = rank.of_kind(1.0, "function", "function", ()), rank.of_kind(1.0, "class", "struct", ())
    assert function > a_class > rank.of_kind(1.0, "constant", "constant", ())
    assert rank.of_kind(1.0, "class", "struct", ("struct",)) == rank.of_kind(1.0, "class", "struct", ("class",)) == 1.0 + rank.KIND


def test_what_stands_behind_other_definitions_is_lower() -> None:
    def score(score: float, *shapes: str) -> float:
        return rank.subordinate(score, is_override="o" in shapes, is_nested="n" in shapes, is_private="p" in shapes)

    assert score(0.8) == 0.8 > score(0.8, "p") > score(0.8, "o") > score(0.8, "n") > score(0.8, "o", "n", "p")
    assert score(0.1, "o") == 0.0


def test_a_class_is_lower_where_the_question_says_what_something_does() -> None:
    described, done = (rank.of_kind(1.0, "class", "class", (), is_action) for is_action in (False, True))
    assert 1.0 == rank.of_kind(1.0, "method", "method", (), True) > described > done
    assert rank.of_kind(1.0, "class", "class", ("class",), True) > 1.0


def test_how_good_a_list_is_makes_code_and_memories_comparable() -> None:
    assert rank.strength(None, 1.0) == 1.0 > rank.strength(None, 0.5) > rank.strength(None, 0.0) == rank.LEAST
    assert rank.strength(0.9, 1.0) == 1.0 > rank.strength(0.5, 0.5) > rank.strength(0.2, 0.5) > rank.strength(-0.4, 0.0) == rank.LEAST
