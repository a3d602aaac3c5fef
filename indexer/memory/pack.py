"""What an agent needs to know about something, within a budget: definitions, what is around them, memories, tests.

What is around the start is ranked by personalised PageRank over the relationships within two steps: a walk that starts at the
symbols in question and returns there now and then is often where it matters for them. Each piece is taken in the order of what it
is worth, if it fits; so a budget is never passed, and a small one still holds the most important pieces.

A token is taken for four bytes, rounded up, of the piece as `size` has it. Models count fewer for most code.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer import model
from indexer.memory import rank
from indexer.store import anchors, connect, memories, searching
from indexer.store.memories import Memory

#: Relationships that are followed from the start, and from what is next to it.
_FIRST_STEP: Final = 200
_SECOND_STEP: Final = 300
_NEAR: Final = 40
#: Pieces that are considered.
_MOST_RELATED: Final = 150
#: The walk: the chance of going back to the start, and the number of steps, after which nothing moves.
_RETURN: Final = 0.25
_STEPS: Final = 25
#: What relates symbols most for who works on them.
_WEIGHTS: Final[Mapping[str, float]] = {"calls": 1.0, "extends": 1.0, "implements": 1.0, "overrides": 0.8, "decorates": 0.5}
_OTHER_WEIGHT: Final = 0.4
#: The shares of the budget that definitions of the start may take, so that something is left for the rest, and that memories and
#: tests may take before what calls and is called; what is left then is theirs too.
_DEFINITIONS: Final = 0.6
_MEMORIES: Final = 0.2
_TESTS: Final = 0.1
#: Lines of a definition that tell more than the signature.
_FEW_LINES: Final = 3
_MAX_CODE: Final = 100_000
_MAX_MEMORY: Final = 4000

#: What one piece of a part is called, and what several.
_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "definition": ("definition", "definitions"),
    "caller": ("caller", "callers"),
    "callee": ("callee", "callees"),
    "related": ("related symbol", "related symbols"),
    "memory": ("memory", "memories"),
    "test": ("test", "tests"),
}
#: What is related less than this share of the best is not worth a place.
_FAINT: Final = 0.02

#: The number of bytes of a piece.
Size = Callable[["Piece"], int]


@dataclass(frozen=True, slots=True)
class Start:
    """A symbol that the question is about, with what it counts."""

    symbol: model.Symbol
    weight: float


@dataclass(frozen=True, slots=True)
class Piece:
    """`part` is definition, caller, callee, related, memory or test; `place` is PATH:LINE, of a memory its id. `signature` stands
    for a definition that there is no room for.
    """

    part: str
    name: str
    place: str
    text: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """The pieces that fit, their tokens, and what was left out, in a sentence; None where nothing was."""

    pieces: tuple[Piece, ...]
    n_left_out: int
    tokens: int
    note: str | None


async def packed(
    database: connect.Database,
    project: uuid.UUID,
    vault: uuid.UUID,
    starts: Sequence[Start],
    found: Sequence[Memory],
    budget: int,
    size: Size,
) -> Pack:
    """The pieces about these symbols and memories that fit in so many tokens, most important first within each part."""
    relations = await _around(database, project, starts)
    worth = walked({start.symbol.id: start.weight for start in starts}, relations)
    own = {start.symbol.id for start in starts}
    ordered = [id for id in sorted(worth, key=lambda id: (-worth[id], id)) if id not in own]
    near = [id for id in ordered[:_MOST_RELATED] if worth[id] >= _FAINT * worth[ordered[0]]]
    known = await searching.candidates(database, project, [*own, *near])
    code = await searching.definitions(database, project, list(own), _MAX_CODE)
    definitions = [_definition(start.symbol, code) for start in starts]
    told = [_memory(memory) for memory in await _memories(database, vault, starts, found)]
    related = [_related(known[id], own, relations) for id in near if id in known]
    tests = [piece for piece in related if piece.part == "test"]
    chosen = _Chosen(budget, size)
    chosen.take_code(definitions, [start.weight for start in starts], int(budget * _DEFINITIONS))
    told = chosen.take(told, int(budget * _MEMORIES))
    tests = chosen.take(tests, int(budget * _TESTS))
    related = chosen.take([piece for piece in related if piece.part in ("caller", "callee")], budget) + chosen.take(
        [piece for piece in related if piece.part == "related"], budget
    )
    chosen.leave_out([*related, *chosen.take(told, budget), *chosen.take(tests, budget)])
    return chosen.pack()


def walked(starts: Mapping[uuid.UUID, float], relations: Sequence[searching.Relation]) -> dict[uuid.UUID, float]:
    """Personalised PageRank (Page et al. 1999; Haveliwala 2002) of all symbols that relate to the starts, along relationships in
    both directions; their sum is 1."""
    total = sum(starts.values())
    home = {id: weight / total for id, weight in starts.items()}
    ways: dict[uuid.UUID, dict[uuid.UUID, float]] = {id: {} for id in home}
    for source, target, kind, confidence in relations:
        weight = _WEIGHTS.get(kind, _OTHER_WEIGHT) * confidence
        for one, other in ((source, target), (target, source)):
            ways.setdefault(one, {})
            ways[one][other] = ways[one].get(other, 0.0) + weight
    sums = {id: sum(out.values()) for id, out in ways.items()}
    here = dict(home)
    for _ in range(_STEPS):
        after = {id: _RETURN * weight for id, weight in home.items()}
        for id, share in here.items():
            if not sums[id]:
                # Nowhere to go: back to the start.
                for start, weight in home.items():
                    after[start] = after.get(start, 0.0) + (1 - _RETURN) * share * weight
                continue
            for other, weight in ways[id].items():
                after[other] = after.get(other, 0.0) + (1 - _RETURN) * share * weight / sums[id]
        here = after
    return here


async def _around(
    database: connect.Database, project: uuid.UUID, starts: Sequence[Start]
) -> list[searching.Relation]:
    """The relationships within two steps of the start."""
    own = [start.symbol.id for start in starts]
    first = await searching.neighbours(database, project, own, _FIRST_STEP)
    count = Counter(id for relation in first for id in (relation.source, relation.target) if id not in own)
    next_to = [id for id, _ in count.most_common(_NEAR)]
    second = await searching.neighbours(database, project, next_to, _SECOND_STEP) if next_to else []
    return list(dict.fromkeys((*first, *second)))


async def _memories(
    database: connect.Database, vault: uuid.UUID, starts: Sequence[Start], found: Sequence[Memory]
) -> list[Memory]:
    """Memories about the symbols, then those that were found."""
    names = [start.symbol.qualified_name for start in starts]
    paths = list(dict.fromkeys(start.symbol.path for start in starts))
    tied = [*await anchors.by_names(database, vault, names)]
    # A memory about a whole file is about what stands in it.
    tied += [anchor for anchor in await anchors.at_paths(database, vault, paths) if anchor.place.qualified_name is None]
    ids = list(dict.fromkeys(anchor.memory_id for anchor in tied))
    about = await memories.get_many(database, vault, ids[:_NEAR])
    return [*about, *(memory for memory in found if memory.id not in ids)]


def _definition(symbol: model.Symbol, code: Mapping[uuid.UUID, str]) -> Piece:
    signature = symbol.signature or f"{symbol.kind} {symbol.name}"
    return Piece("definition", symbol.qualified_name, _place(symbol), code.get(symbol.id) or signature, signature)


def _memory(memory: Memory) -> Piece:
    text = memory.content if len(memory.content) <= _MAX_MEMORY else memory.content[:_MAX_MEMORY] + "…"
    return Piece("memory", memory.context, str(memory.id), text)


def _related(candidate: searching.Candidate, own: set[uuid.UUID], relations: Sequence[searching.Relation]) -> Piece:
    symbol = candidate.symbol
    first_line = (symbol.documentation or "").strip().partition("\n")[0]
    text = symbol.signature or f"{symbol.kind} {symbol.name}"
    if first_line and first_line not in text:
        text += f"\n    {first_line}"
    return Piece(_part(candidate, own, relations), symbol.qualified_name, _place(symbol), text)


def _part(candidate: searching.Candidate, own: set[uuid.UUID], relations: Sequence[searching.Relation]) -> str:
    if rank.SECONDARY_FLAGS.intersection(candidate.flags):
        return "test" if "test" in candidate.flags else "related"
    id = candidate.symbol.id
    for source, target, kind, _ in relations:
        if kind == "calls" and source == id and target in own:
            return "caller"
        if kind == "calls" and target == id and source in own:
            return "callee"
    return "related"


def _place(symbol: model.Symbol) -> str:
    return f"{symbol.path}:{symbol.line}"


class _Chosen:
    """The pieces taken so far; their tokens never pass the budget."""

    def __init__(self, budget: int, size: Size) -> None:
        self._budget = budget
        self._size = size
        self._tokens = 0
        self._pieces: list[Piece] = []
        self._left_out: Counter[str] = Counter()
        self._n_shortened = 0

    def take(self, pieces: Sequence[Piece], share: int) -> list[Piece]:
        """Takes those that fit into so many tokens more, in their order; those that do not."""
        limit = min(self._tokens + share, self._budget)
        return [piece for piece in pieces if not self._takes(piece, limit)]

    def take_code(self, pieces: Sequence[Piece], weights: Sequence[float], share: int) -> None:
        """Takes definitions into a share of the budget, each cut to its part of it by weight; what some do not need, others have."""
        most = min(self._tokens + share, self._budget)
        parts = _parts([self._tokens_of(piece) for piece in pieces], weights, share)
        rest = [piece for piece, part in zip(pieces, parts, strict=True) if not self._takes_some(piece, min(self._tokens + part, most))]
        self.leave_out([piece for piece in rest if not self._takes_some(piece, most)])

    def leave_out(self, pieces: Iterable[Piece]) -> None:
        """Counts pieces that there was no room for."""
        self._left_out.update(piece.part for piece in pieces)

    def pack(self) -> Pack:
        """What it came to, part by part."""
        said = [f"{n} {_NAMES[part][n > 1]}" for part, n in self._left_out.items()]
        note = f"Left out for the budget: {', '.join(said)}." if said else None
        if self._n_shortened:
            shortened = f"{self._n_shortened} definition{'' if self._n_shortened == 1 else 's'} shortened"
            note = f"{note[:-1]}; {shortened}." if note else f"For the budget: {shortened}."
        order = ["definition", "memory", "caller", "callee", "related", "test"]
        return Pack(
            tuple(sorted(self._pieces, key=lambda piece: order.index(piece.part))), sum(self._left_out.values()), self._tokens, note
        )

    def _takes(self, piece: Piece, limit: int) -> bool:
        tokens = self._tokens_of(piece)
        if self._tokens + tokens > limit:
            return False
        self._tokens += tokens
        self._pieces.append(piece)
        return True

    def _takes_some(self, piece: Piece, limit: int) -> bool:
        """Takes a definition, or as much of it as fits."""
        if self._takes(piece, limit):
            return True
        if self._takes(self._shortened(piece, limit), limit):
            self._n_shortened += 1
            return True
        return False

    def _tokens_of(self, piece: Piece) -> int:
        return -(-self._size(piece) // 4)

    def _shortened(self, piece: Piece, limit: int) -> Piece:
        """The first lines of a definition, as many as fit; its signature alone where these are very few."""
        lines = piece.text.splitlines()
        low, high = 0, len(lines) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self._tokens + self._tokens_of(_cut(piece, lines, middle)) <= limit:
                low = middle
            else:
                high = middle - 1
        return _cut(piece, lines, low) if low >= _FEW_LINES else Piece(piece.part, piece.name, piece.place, piece.signature)


def _parts(sizes: Sequence[int], weights: Sequence[float], total: int) -> list[int]:
    """How much of a total each gets: by weight, but not more than its size, which leaves more for the others."""
    parts = [0] * len(sizes)
    open_ones = list(range(len(sizes)))
    while open_ones:
        left, sum_of_weights = total - sum(parts), sum(weights[at] for at in open_ones)
        small = [at for at in open_ones if sizes[at] <= left * weights[at] / sum_of_weights]
        for at in small or open_ones:
            parts[at] = sizes[at] if small else int(left * weights[at] / sum_of_weights)
        open_ones = [at for at in open_ones if at not in small] if small else []
    return parts


def _cut(piece: Piece, lines: Sequence[str], n_lines: int) -> Piece:
    text = "\n".join([*lines[:n_lines], f"… {len(lines) - n_lines} more lines"])
    return Piece(piece.part, piece.name, piece.place, text)
