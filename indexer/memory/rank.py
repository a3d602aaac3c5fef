"""How results are ranked: pure functions of what each side found.

Two lists, one by words (BM25) and one by meaning (cosines), are each brought to the range 0 to 1 over their best TOP and added:

    score = (1 - VECTOR) * words + VECTOR * meaning        (min-max over the top 100 of each, .6 for meaning)

With one list alone, it counts in full. Measured on a Python project's functions sought by their docstrings, that is better than
reciprocal ranks, and much better than either list. What the question says about a symbol itself (its very name, a path, a kind) is
added; tests, generated code and what only holds a value are scaled down unless they are asked for. Recency, importance and use
only decide among equals: as factors they cost far more than they give.

Code and memories are fused apart, since a list of few memories has one near the top of its range whatever is asked. Each kind is
then scaled by how good its best is in itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

K = TypeVar("K", bound=Hashable)

#: Results of each list that take part.
TOP: Final = 100
VECTOR: Final = 0.6
#: Added where the question is the name itself, names it among other words, or names it in another case style.
EXACT_NAME: Final = 1.0
NAMED: Final = 0.5
#: Added for a path or a kind that the question names.
PATH: Final = 0.15
KIND: Final = 0.05
#: Tests, generated, vendored and minified code. A test repeats every word of what it tests.
SECONDARY: Final = 0.5
SECONDARY_FLAGS: Final = frozenset({"test", "generated", "vendored", "minified"})
#: What is described in a sentence is mostly something that does something.
_CLASSES: Final = ("class", "interface", "enum", "type")
OF_TYPE: Final[Mapping[str, float]] = {
    **dict.fromkeys(_CLASSES, 0.9),
    **dict.fromkeys(("variable", "constant", "property", "module", "namespace", "package", "export"), 0.7),
}
#: A class has the words of all that it can do, but a question that begins with a verb asks for what does it.
CLASS_FOR_ACTION: Final = 0.6
#: Taken from what overrides another definition, since the question fits all of them; from parts of functions, and from what is private.
OVERRIDE: Final = 0.2
NESTED: Final = 0.3
PRIVATE: Final = 0.05
#: What remains of a list whose best has nothing to do with the question.
LEAST: Final = 0.25
#: Cosines between a question and a text of this model that means nothing to it, and one that answers it.
_UNRELATED: Final = 0.15
_RELATED: Final = 0.55
#: Scores that differ by less are equal.
_STEP: Final = 1e-3


def fuse(
    words: Mapping[K, float], meaning: Mapping[K, float], unknown: Collection[K] = (), weight: float = VECTOR
) -> dict[K, float]:
    """The two lists in one, from 0 to 1; each maps a result to its score. A list that is empty takes no part.

    The results of `unknown` have no vector yet: their meaning is taken to be worth half of their words.
    """
    if not words or not meaning:
        return normalised(words or meaning)
    by_words, by_meaning = normalised(words), normalised(meaning)
    return {
        key: (1 - weight) * by_words.get(key, 0.0)
        + weight * (by_words.get(key, 0.0) / 2 if key in unknown else by_meaning.get(key, 0.0))
        for key in (*by_words, *(key for key in by_meaning if key not in by_words))
    }


def normalised(scores: Mapping[K, float]) -> dict[K, float]:
    """The best TOP of the scores, from 0 for the last of a full list to 1 for the best.

    In a list that is not full, which has all that there is, 0 stands for a score of 0.
    """
    best = sorted(scores.items(), key=lambda item: item[1], reverse=True)[:TOP]
    if not best:
        return {}
    high = best[0][1]
    low = min(best[-1][1], high) if len(best) == TOP else min(0.0, best[-1][1])
    if high <= low:
        return {key: 1.0 for key, _ in best}
    return {key: (score - low) / (high - low) for key, score in best}


def strength(similarity: float | None, covered: float) -> float:
    """How good the best of a list is in itself, from LEAST to 1, so that lists can be compared that were fused apart.

    `covered` is the share of what the question's words tell that the result has; without a vector of the question it is all there is.
    """
    if similarity is None:
        return LEAST + (1 - LEAST) * covered
    near = min(max((similarity - _UNRELATED) / (_RELATED - _UNRELATED), 0.0), 1.0)
    return LEAST + (1 - LEAST) * (near + covered) / 2


def of_kind(score: float, type: str, kind: str, asked: Collection[str], is_action: bool = False) -> float:
    """The score of a symbol of this type and kind, with KIND more where the question (its words) names them.

    `is_action`: the question begins with a verb.

    An accessor is written as a function, though it is used as a property.
    """
    if not {type, kind}.isdisjoint(asked):
        return score + KIND
    if is_action and type in _CLASSES:
        return score * CLASS_FOR_ACTION
    return score if kind == "accessor" else score * OF_TYPE.get(type, 1.0)


def subordinate(score: float, *, is_override: bool, is_nested: bool, is_private: bool) -> float:
    """The score of what stands behind other definitions: an override, a function or class within a function, what is private."""
    return max(score - OVERRIDE * is_override - NESTED * is_nested - PRIVATE * is_private, 0.0)


def secondary(score: float, flags: Iterable[str], asked: Collection[str]) -> float:
    """The score of what lies in tests or in generated code, unless the question (its words) is about those."""
    lowering = SECONDARY_FLAGS.intersection(flags)
    if "test" in lowering and not {"test", "tests"}.isdisjoint(asked):
        lowering -= {"test"}
    return score * SECONDARY if lowering else score


def ordered(scores: Mapping[K, float], tie: Callable[[K], Sequence[float | str]]) -> list[K]:
    """Results best first; among those whose scores are equal to three digits the one with the larger `tie`.

    Raises nothing for scores that are not finite: they come last.
    """
    def place(key: K) -> tuple[float, Sequence[float | str]]:
        score = scores[key]
        return (round(score / _STEP) if math.isfinite(score) else -math.inf, tie(key))

    return sorted(scores, key=place, reverse=True)
