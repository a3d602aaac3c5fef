"""What has become of the code that an anchor points at: pure functions over an anchor and what the present code holds.

    fresh      at its place, with the text that was confirmed
    drifted    at its place, with another text
    moved      elsewhere or under another name; its text may have changed as well
    orphaned   nowhere to be found

Fresh is said for nothing but the same text at the same place. Moved needs evidence: the same text, or under the same name
enough of it, or in the same file nearly all of it under another name; and one candidate that is clearly the best.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from indexer import model
from indexer.memory import likeness
from indexer.memory.code import Definition
from indexer.store.anchors import KEPT_TEXT, Anchor, Place, Sighting

#: What a candidate's likeness must be: of the same qualified name in another file; of the same name elsewhere, for a
#: method in a class of the same name; of the same name in another class; of another name in the same file.
SAME_QUALIFIED_NAME: Final = 0.3
SAME_NAME: Final = 0.5
OTHER_CLASS: Final = 0.9
SAME_FILE: Final = 0.9
#: By this much the best candidate leads the next one, unless that is farther away.
LEAD: Final = 0.05
#: What stands at the place under the same name is not what was anchored if it is less alike than the best elsewhere by
#: this much.
USURPED: Final = 0.4
#: Tokens from which a text is worth comparing under another name: shorter ones are alike by chance.
MIN_TOKENS: Final = 12
#: Share of the lines that a file or a window of it must have to be what became of an anchored one; in a file of another name.
SAME_LINES: Final = 0.5
OTHER_FILE: Final = 0.8

_SEPARATORS: Final = re.compile(r"[.:#\\/]+")
_FAMILIES: Final = {
    "function": "callable",
    "method": "callable",
    "class": "type",
    "interface": "type",
    "enum": "type",
    "type": "type",
    "variable": "value",
    "constant": "value",
    "property": "value",
}


@dataclass(frozen=True)
class Read:
    """A definition with what is computed of its text, once for all anchors that it is compared with."""

    definition: Definition

    @functools.cached_property
    def hash(self) -> bytes:
        """Of the whole text."""
        return likeness.code_hash(self.definition.text)

    @functools.cached_property
    def tokens(self) -> list[str]:
        """Of the part that an anchor keeps, its own name left blank."""
        return likeness.code_tokens(self.definition.text[:KEPT_TEXT], self.definition.name)

    @functools.cached_property
    def pairs(self) -> Counter[tuple[str, str]]:
        """Of the tokens."""
        return likeness.code_pairs(self.tokens)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The part of the present code that an anchor may be in: definitions, texts of files by path."""

    definitions: Sequence[Read] = ()
    files: Mapping[str, str] = field(default_factory=dict)


def judge(anchor: Anchor, around: Surroundings) -> Sighting:
    """What has become of an anchor. `around` holds all definitions of its names, those in its files, and for an anchor to
    a file or to lines the texts of its file and of others of that name.
    """
    if anchor.place.qualified_name is not None:
        return _judge_symbol(anchor, around.definitions)
    if anchor.place.start_line is not None:
        return _judge_lines(anchor, around.files)
    return _judge_file(anchor, around.files)


def names_of(anchor: Anchor) -> set[str]:
    """The qualified names that an anchor to a symbol goes or went by."""
    return {name for name in (anchor.confirmed_name, anchor.place.qualified_name) if name is not None}


def paths_of(anchor: Anchor) -> set[str]:
    """The files that it is or was in."""
    return {path for path in (anchor.confirmed_path, anchor.place.path) if path is not None}


def last_segment(qualified_name: str) -> str:
    """The name that a qualified name ends with."""
    return _SEPARATORS.split(qualified_name)[-1] or qualified_name


def family(kind: str) -> str:
    """Kinds between which a symbol may change and still be itself: a function that becomes a method, a class an interface."""
    type_ = model.TYPE_OF_KIND.get(kind, kind)
    return _FAMILIES.get(type_, type_)


# -- symbols -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidate:
    read: Read
    likeness: float
    nearness: tuple[int, int]

    @property
    def definition(self) -> Definition:
        return self.read.definition

    @property
    def hash(self) -> bytes:
        return self.read.hash


def _judge_symbol(anchor: Anchor, definitions: Iterable[Read]) -> Sighting:
    kind = anchor.place.kind
    assert kind is not None
    fitting = [read for read in definitions if family(read.definition.kind) == family(kind)]
    confirmed, present = _confirmed_place(anchor), anchor.place
    for place in (confirmed, present):
        for read in fitting:
            if _is_at(place, read.definition) and read.hash == anchor.text_hash:
                return _seen(anchor, read)
    measure = _measure(anchor)
    candidates = [measure(read) for read in fitting]
    best = _best(anchor, candidates)
    for place in (confirmed, present):
        there = max((each for each in candidates if _is_at(place, each.definition)), key=lambda each: each.likeness, default=None)
        if there is not None:
            is_usurped = best is not None and best.likeness - there.likeness >= USURPED
            return _seen(anchor, best.read if is_usurped and best is not None else there.read)
    return _orphaned(anchor) if best is None else _seen(anchor, best.read)


def _measure(anchor: Anchor) -> Callable[[Read], _Candidate]:
    """Compares definitions with what was last seen of an anchor, and with what was confirmed."""
    place = anchor.place
    assert place.qualified_name is not None
    name = last_segment(place.qualified_name)
    confirmed = likeness.code_tokens(anchor.text, last_segment(anchor.confirmed_name or place.qualified_name))
    seen = confirmed if anchor.seen_text is None else likeness.code_tokens(anchor.seen_text, name)
    known = [likeness.code_pairs(tokens) for tokens in ([confirmed] if seen is confirmed else [seen, confirmed])]

    def measured(read: Read) -> _Candidate:
        nearness = _nearness(place, read.definition)
        if read.definition.name != name and min(len(seen), len(read.tokens)) < MIN_TOKENS:
            return _Candidate(read, 0.0, nearness)
        return _Candidate(read, max(likeness.code_likeness(pairs, read.pairs) for pairs in known), nearness)

    return measured


def _is_at(place: Place, definition: Definition) -> bool:
    return (definition.path, definition.qualified_name) == (place.path, place.qualified_name)


def _best(anchor: Anchor, candidates: Iterable[_Candidate]) -> _Candidate | None:
    """The candidate elsewhere that an anchor has clearly moved to."""
    known = names_of(anchor)
    simple = {last_segment(name) for name in known}
    containers = {_container(name) for name in known}
    paths = paths_of(anchor)
    places = {(_confirmed_place(anchor).path, _confirmed_place(anchor).qualified_name)}
    places.add((anchor.place.path, anchor.place.qualified_name))

    def is_enough(each: _Candidate) -> bool:
        definition = each.definition
        if (definition.path, definition.qualified_name) in places:
            return False
        if definition.qualified_name in known:
            return each.likeness >= SAME_QUALIFIED_NAME
        if definition.name in simple:
            is_same_class = anchor.place.kind != "method" or _container(definition.qualified_name) in containers
            return each.likeness >= (SAME_NAME if is_same_class else OTHER_CLASS)
        return each.likeness >= (SAME_FILE if definition.path in paths else 1.0)

    ranked = sorted(filter(is_enough, candidates), key=lambda each: (each.likeness, each.nearness), reverse=True)
    if not ranked:
        return None
    first = ranked[0]
    rivals = [each for each in ranked[1:] if first.likeness - each.likeness < LEAD]
    return first if all(each.nearness < first.nearness for each in rivals) else None


def _nearness(place: Place, definition: Definition) -> tuple[int, int]:
    """How near a definition is to a place: segments of the qualified name in common from the end, then leading path
    segments.
    """
    one, other = _SEPARATORS.split(place.qualified_name or ""), _SEPARATORS.split(definition.qualified_name)
    return _n_common(reversed(one), reversed(other)), _n_common(place.path.split("/"), definition.path.split("/"))


def _container(qualified_name: str) -> str:
    """The last segment but one: a method's class."""
    return ["", *_SEPARATORS.split(qualified_name)][-2]


def _n_common(one: Iterable[str], other: Iterable[str]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _seen(anchor: Anchor, read: Read) -> Sighting:
    definition = read.definition
    place = Place(definition.path, definition.qualified_name, definition.kind)
    return replace(_sighted(anchor, place, read.hash, definition.text), symbol_id=definition.id)


# -- files and lines ---------------------------------------------------------------------------------------------------------


def _judge_file(anchor: Anchor, files: Mapping[str, str]) -> Sighting:
    confirmed = _confirmed_place(anchor).path
    for path in (confirmed, anchor.place.path):
        text = files.get(path)
        if text is not None:
            return _sighted(anchor, Place(path), likeness.code_hash(text), text)
    hashes = {path: likeness.code_hash(text) for path, text in files.items()}
    alike = {path: _line_likeness(anchor, text) for path, text in files.items()}
    best = _clear_best(anchor, {path: 1.0 if hashes[path] == anchor.text_hash else alike[path] for path in files})
    return _orphaned(anchor) if best is None else _sighted(anchor, Place(best), hashes[best], files[best])


def _judge_lines(anchor: Anchor, files: Mapping[str, str]) -> Sighting:
    for path in (_confirmed_place(anchor).path, anchor.place.path):
        if path in files:
            found = _window(anchor, files[path])
            if found is not None:
                return _lines_sighted(anchor, path, files[path], found)
    windows = {path: _window(anchor, text) for path, text in files.items()}
    found_in = {path: window for path, window in windows.items() if window is not None}
    best = _clear_best(anchor, {path: window.share for path, window in found_in.items()})
    return _orphaned(anchor) if best is None else _lines_sighted(anchor, best, files[best], found_in[best])


@dataclass(frozen=True, slots=True)
class _Window:
    """Lines of a file (from 0, end exclusive), and the share of the anchored lines that are among them."""

    start: int
    end: int
    share: float


def _window(anchor: Anchor, text: str) -> _Window | None:
    """Where the anchored lines are in a text: all of them, nearest to where they were, or the window that has most of them."""
    wanted = _lines(anchor.seen_text or anchor.text)
    present = _lines(text)
    size = len(wanted)
    assert anchor.place.start_line is not None
    was = anchor.place.start_line - 1
    for exact in (_lines(anchor.text), wanted):
        whole = [start for start in range(len(present) - len(exact) + 1) if present[start : start + len(exact)] == exact]
        if whole:
            start = min(whole, key=lambda start: (abs(start - was), start))
            return _Window(start, start + len(exact), 1.0)
    counts, n_wanted = Counter(line for line in wanted if line), sum(1 for line in wanted if line)
    if not n_wanted or not present:
        return None
    best, at = 0, 0
    for start in range(max(len(present) - size, 0) + 1):
        common = (Counter(present[start : start + size]) & counts).total() if _may_lead(present, start, size, counts) else 0
        if (common, -abs(start - was)) > (best, -abs(at - was)):
            best, at = common, start
    share = best / n_wanted
    return _Window(at, min(at + size, len(present)), share) if share >= SAME_LINES else None


def _may_lead(present: Sequence[str], start: int, size: int, counts: Counter[str]) -> bool:
    """A best window begins or ends with an anchored line; others are not worth counting."""
    return present[start] in counts or present[min(start + size, len(present)) - 1] in counts


def _lines_sighted(anchor: Anchor, path: str, text: str, window: _Window) -> Sighting:
    found = "\n".join(text.splitlines()[window.start : window.end])
    place = Place(path, start_line=window.start + 1, end_line=window.end)
    return _sighted(anchor, place, likeness.code_hash(found), found)


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def _line_likeness(anchor: Anchor, text: str) -> float:
    return likeness.resemblance(set(_lines(anchor.seen_text or anchor.text)), set(_lines(text)))


def _clear_best(anchor: Anchor, scores: Mapping[str, float]) -> str | None:
    """The path with the best score that is enough, if it leads clearly or is nearer than its rivals."""
    home = anchor.place.path.split("/")
    enough = [path for path, score in scores.items() if score >= (SAME_LINES if path.rpartition("/")[2] == home[-1] else OTHER_FILE)]
    if not enough:
        return None
    nearness = {path: (path.rpartition("/")[2] == home[-1], _n_common(home, path.split("/"))) for path in enough}
    first, *rest = sorted(enough, key=lambda path: (scores[path], nearness[path]), reverse=True)
    rivals = [path for path in rest if scores[first] - scores[path] < LEAD]
    return first if all(nearness[path] < nearness[first] for path in rivals) else None


# -- what all share ----------------------------------------------------------------------------------------------------------


def _confirmed_place(anchor: Anchor) -> Place:
    place = anchor.place
    return replace(
        place,
        path=place.path if anchor.confirmed_path is None else anchor.confirmed_path,
        qualified_name=place.qualified_name if anchor.confirmed_name is None else anchor.confirmed_name,
    )


def _sighted(anchor: Anchor, place: Place, text_hash: bytes, text: str) -> Sighting:
    confirmed = _confirmed_place(anchor)
    is_changed = text_hash != anchor.text_hash
    is_elsewhere = (place.path, place.qualified_name) != (confirmed.path, confirmed.qualified_name)
    return Sighting(
        anchor.id,
        anchor.confirmed_at,
        "moved" if is_elsewhere else "drifted" if is_changed else "fresh",
        place,
        confirmed_path=confirmed.path if is_elsewhere else None,
        confirmed_name=confirmed.qualified_name if is_elsewhere else None,
        seen_hash=text_hash if is_changed else None,
        seen_text=text if is_changed else None,
    )


def _orphaned(anchor: Anchor) -> Sighting:
    return Sighting(
        *(anchor.id, anchor.confirmed_at, "orphaned", anchor.place, anchor.confirmed_path, anchor.confirmed_name),
        *(anchor.seen_hash, anchor.seen_text),
    )
