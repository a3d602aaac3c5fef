"""What a search found of one kind, code or memories: how good it is in itself, and why each result is there.

The two kinds are compared by their best results (`Side.strength`), and only what is shown in the end is explained: looking for words
in texts costs more than finding them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from indexer import model
from indexer.memory import lexical, rank, words
from indexer.store.memories import Memory

#: Results by which kinds are compared.
_COMPARED: Final = 5
#: Characters of a documentation or a memory in which words are looked for, to say that they are there.
_EXPLAINED: Final = 500


@dataclass(frozen=True, slots=True)
class Hit:
    """A result, of one of two kinds. `why` are phrases for a person, the strongest reason first."""

    score: float
    symbol: model.Symbol | None = None
    memory: Memory | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A symbol that the question names: what that is worth, and how it is said."""

    worth: float
    said: str


@dataclass(frozen=True, slots=True)
class Side:
    """The best results of one kind. `scores` are by key, best first, and `things` what the keys stand for.

    `words` and `meaning` are the lists that they come from, `total` is how many were ranked.
    """

    index: lexical.Lexical
    asked: words.Asked
    words: Mapping[str, float]
    meaning: Mapping[str, float]
    scores: Mapping[str, float]
    things: Mapping[str, model.Symbol | Memory]
    total: int
    named: Mapping[str, Named] = field(default_factory=dict)
    #: What `_there` has found so far: the best are asked for twice.
    _known: dict[str, list[str]] = field(default_factory=dict)

    def strength(self) -> float:
        """How good the best of them are, from 0 to 1; a symbol that the question names is as good as can be."""
        if self.named:
            return 1.0
        best = list(self.scores)[:_COMPARED]
        return max((rank.strength(self._similarity(key), self.asked.covered(self._there(key))) for key in best), default=0.0)

    def hit(self, key: str, score: float) -> Hit:
        """A result with its reasons."""
        thing = self.things[key]
        why = [self.named[key].said] if key in self.named else []
        if key in self.words:
            there = self._there(key)
            elsewhere = "has words of the query in its code" if isinstance(thing, model.Symbol) else "has words of the query"
            why.append(f"has the words {', '.join(there)}" if there else elsewhere)
        if key in self.meaning:
            why.append(f"similarity {self.meaning[key]:.2f}")
        if isinstance(thing, model.Symbol):
            return Hit(round(score, 4), symbol=thing, why=tuple(why))
        return Hit(round(score, 4), memory=thing, why=tuple(why))

    def _similarity(self, key: str) -> float | None:
        return self.meaning.get(key, 0.0) if self.meaning else None

    def _there(self, key: str) -> list[str]:
        if key not in self._known:
            self._known[key] = self.asked.matched(self.index, _texts(self.things[key])) if key in self.words else []
        return self._known[key]


def merged(sides: Sequence[Side], limit: int) -> list[Hit]:
    """The best of all kinds, best first."""
    ranked = []
    for side in sides:
        strength = side.strength()
        ranked += [(score * strength, key, side) for key, score in side.scores.items()]
    ranked.sort(key=lambda each: -each[0])
    return [side.hit(key, score) for score, key, side in ranked[:limit]]


def keys(ids: Mapping[uuid.UUID, float]) -> dict[str, float]:
    """Scores by ids as texts, which Python hashes ten times as quick as UUIDs."""
    return {str(id): score for id, score in ids.items()}


def _texts(thing: model.Symbol | Memory) -> tuple[str | None, ...]:
    if isinstance(thing, model.Symbol):
        return (thing.qualified_name, thing.name, thing.path, thing.signature, (thing.documentation or "")[:_EXPLAINED])
    return (thing.content[:_EXPLAINED], thing.context, *thing.tags)
