"""What tools give: items as structured data, the same as lines of text, and both together within a budget.

A budget is in tokens, of which one is taken for four bytes. It holds for the whole result as it is sent: the text,
the structured data and what is around them. What does not fit is left out from the end, and counted.

Names and places are those that a person writes: `path:line:column`, both from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Self, TypeVar

import msgspec

#: Bytes of the message around a result's text and data.
_AROUND: Final = 200
_BYTES_PER_TOKEN: Final = 4
#: Bytes of a note, and of a name or signature in an item: generated code has some of 60 kB.
_MAX_NOTE: Final = 300
_MAX_NAME: Final = 300
#: What the daemon says of its limit: tools have a budget in its place.
_LIMIT_SENTENCE: Final = re.compile(r"[\d,]+ of [\d,]+; a limit of 0 gives all\. ?")
#: Places of one relationship that are listed.
_MAX_PLACES: Final = 20


class Item(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing of a result."""

    def line(self) -> str:
        """The item as text."""
        raise NotImplementedError

    def cut(self, n_bytes: int) -> Self | None:
        """The item with its long text cut to so many bytes; None where it has none."""
        return None


class Memory(Item, frozen=True, kw_only=True):
    """Something that was remembered. `about` is the code that it is about, each with its state: fresh, drifted, moved or orphaned."""

    id: str
    context: str
    content: str
    about: list[str] = []
    tags: list[str] = []
    created: str | None = None
    why: list[str] = []

    def line(self) -> str:
        about = f" about {', '.join(self.about)}" if self.about else ""
        more = [f"{key}: {value}" for key, value in (("tags", ", ".join(self.tags)), ("why", "; ".join(self.why))) if value]
        when = f", {self.created[:10]}" if self.created else ""
        return f"{self.id}  {self.context}{when}{about}{_in_brackets(more)}\n{self.content.rstrip()}"

    def cut(self, n_bytes: int) -> Self | None:
        return msgspec.structs.replace(self, content=beginning(self.content, n_bytes))


class Listing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A result: its items, how many there are in all and were left out, what is to be said about that.

    `memories` are about the code in the items, the most important ones.
    """

    items: Sequence[Item]
    memories: Sequence[Memory] = []
    total: int
    omitted: int = 0
    note: str | None = None
    #: Files that changed and are not read yet: the answer can be behind them.
    pending: int = 0


class Definition(Item, frozen=True, kw_only=True):
    """A symbol. `used_by` and `uses` count its relationships by type.

    `depth` is there in the outline of a file: how deep it is nested.
    """

    symbol: str
    kind: str
    place: str
    signature: str | None = None
    documentation: str | None = None
    used_by: dict[str, int] = {}
    uses: dict[str, int] = {}
    code: str | None = None
    depth: int | None = None

    def line(self) -> str:
        if self.depth is not None:
            # The file and what it is nested in are known.
            _, line, column = self.place.rsplit(":", 2)
            return f"{line}:{column}  {'  ' * self.depth}{self.signature or f'{self.kind} {self.symbol}'}"
        head = f"{self.place}  {self.kind} {self.symbol}"
        about = [self.signature or ""] if self.code is None else []
        about += [f"used by: {_counts(self.used_by)}"] if self.used_by else []
        about += [f"uses: {_counts(self.uses)}"] if self.uses else []
        lines = ["  ".join((head, *filter(None, about)))]
        lines += [f"    {self.documentation}"] if self.documentation else []
        return "\n".join(lines if self.code is None else [*lines, self.code])

    def cut(self, n_bytes: int) -> Self | None:
        return None if self.code is None else msgspec.structs.replace(self, code=beginning(self.code, n_bytes))


class Related(Item, frozen=True, kw_only=True):
    """A symbol that has to do with the one that was asked about, with the places where that is written."""

    symbol: str
    kind: str
    role: str
    places: list[str]
    more_places: int = 0
    confidence: float
    evidence: str
    distance: int = 1

    def line(self) -> str:
        more = f" and {self.more_places:,} more places" if self.more_places else ""
        far = f", {self.distance} steps away" if self.distance > 1 else ""
        sure = f"{self.role}, {self.confidence:.2f} {self.evidence}{far}"
        return f"{self.symbol} ({sure})  {' '.join(self.places)}{more}"


class Affected(Item, frozen=True, kw_only=True):
    """A symbol that a change can break; `via` are the symbols between, of which the last is the changed one."""

    symbol: str
    kind: str
    place: str
    distance: int
    role: str
    confidence: float
    via: list[str]
    is_test: bool = False

    def line(self) -> str:
        test = "test, " if self.is_test else ""
        over = f"  via {' → '.join(self.via[:-1])}" if len(self.via) > 1 else ""
        what = f"{test}{self.role} {self.via[-1] if self.via else ''}"
        return f"{self.place}  {self.symbol} ({self.distance} away, {self.confidence:.2f}, {what}){over}"


class Hit(Item, frozen=True, kw_only=True):
    """A result of a search: a symbol, a memory or a line of a file, as `result` says."""

    result: str
    place: str
    name: str
    text: str = ""
    why: list[str] = []

    def line(self) -> str:
        head = f"{self.place}  {self.result} {self.name}"
        reasons = f"  ({'; '.join(self.why)})" if self.why else ""
        text = self.text.replace("\n", "\n    ")
        return f"{head}{reasons}\n    {text}" if text else f"{head}{reasons}"

    def cut(self, n_bytes: int) -> Self | None:
        return msgspec.structs.replace(self, text=beginning(self.text, n_bytes)) if self.text else None


class Piece(Item, frozen=True, kw_only=True):
    """A piece of what one needs to know: `part` is definition, caller, callee, related, memory or test."""

    part: str
    name: str
    place: str
    text: str

    def line(self) -> str:
        return f"{self.part} {self.name}  {self.place}\n{self.text.rstrip()}"

    def cut(self, n_bytes: int) -> Self | None:
        return msgspec.structs.replace(self, text=beginning(self.text, n_bytes))


class State(Item, frozen=True, kw_only=True):
    """A working context that was kept, or one difference between two; `text` is what it holds, in JSON."""

    name: str
    id: str | None = None
    created: str | None = None
    tags: list[str] = []
    text: str | None = None

    def line(self) -> str:
        head = "  ".join(filter(None, (self.name, self.id, self.created and self.created[:19], ", ".join(self.tags))))
        return head if self.text is None else f"{head}\n{self.text}"

    def cut(self, n_bytes: int) -> Self | None:
        return None if self.text is None else msgspec.structs.replace(self, text=beginning(self.text, n_bytes))


class Definitions(Listing, frozen=True, kw_only=True):
    """Symbols."""

    items: Sequence[Definition]


class Relations(Listing, frozen=True, kw_only=True):
    """Relationships; `places_total` counts the places of all of them."""

    items: Sequence[Related]
    places_total: int = 0


class Impact(Listing, frozen=True, kw_only=True):
    """What a change can break, nearest and surest first."""

    items: Sequence[Affected]


class Hits(Listing, frozen=True, kw_only=True):
    """What a search found, best first."""

    items: Sequence[Hit]


class Pieces(Listing, frozen=True, kw_only=True):
    """What one needs to know."""

    items: Sequence[Piece]


class Memories(Listing, frozen=True, kw_only=True):
    """Memories, best first. `outcome` is what became of a text to remember (added, existing, revived or echo); `memories` say
    nearly the same.
    """

    items: Sequence[Memory]
    outcome: str | None = None


class States(Listing, frozen=True, kw_only=True):
    """Working contexts, newest first; or the differences between two."""

    items: Sequence[State]


L = TypeVar("L", bound=Listing)


def listing(kind: type[L], answer: Mapping[str, Any], make: Callable[[Any], Item], **more: Any) -> L:
    """A result of the daemon's envelope; `make` turns each of its items into one of ours."""
    index = answer["index"]
    items = [make(each) for each in answer["items"]]
    note = _LIMIT_SENTENCE.sub("", answer["note"] or "")
    return kind(
        items=items, total=answer["total"], omitted=answer["omitted"], note=clip(note, _MAX_NOTE) or None,
        pending=index["pending"], **{"memories": [mention(each) for each in answer.get("memories", ())], **more},
    )  # fmt: skip


def definition(symbol: Mapping[str, Any], *, depth: int | None = None) -> Definition:
    """A symbol of the daemon as an item, without its code."""
    documentation = (symbol["documentation"] or "").strip().partition("\n")[0]
    return Definition(
        symbol=clip(symbol["qualified_name"]),
        kind=symbol["kind"],
        place=place(symbol),
        signature=symbol["signature"] and clip(symbol["signature"]),
        documentation=clip(documentation) or None if depth is None else None,
        depth=depth,
    )


def shown(symbol: Mapping[str, Any]) -> Definition:
    """A symbol of the daemon with its code."""
    counts = symbol["relationships"]
    return msgspec.structs.replace(
        definition(symbol), code=symbol["definition"] or symbol["signature"], used_by=counts["incoming"], uses=counts["outgoing"]
    )


def related(item: Mapping[str, Any]) -> Related:
    """A relationship of the daemon as an item."""
    symbol = item["symbol"]
    # One between two definitions (overrides) has no place of its own.
    places = [place(site) for site in item["sites"]] or [place(symbol)]
    return Related(
        symbol=clip(symbol["qualified_name"]), kind=symbol["kind"], role=item["relationship_type"],
        places=places[:_MAX_PLACES], more_places=max(len(places) - _MAX_PLACES, 0),
        confidence=item["confidence"], evidence=item["evidence"], distance=item.get("distance", 1),
    )  # fmt: skip


def affected(item: Mapping[str, Any]) -> Affected:
    """What an impact reached, as an item."""
    symbol = item["symbol"]
    return Affected(
        symbol=clip(symbol["qualified_name"]), kind=symbol["kind"], place=place(symbol), distance=item["distance"],
        role=item["relationship_type"], confidence=item["confidence"],
        via=[clip(hop["qualified_name"]) for hop in item["via"]], is_test=item["is_test"],
    )  # fmt: skip


def hit(item: Mapping[str, Any]) -> Hit:
    """A result of a search as an item."""
    why = [clip(reason) for reason in item["why"]]
    match item["result"]:
        case "symbol":
            symbol = definition(item["symbol"])
            text = "\n".join(filter(None, (symbol.signature, symbol.documentation)))
            return Hit(result="symbol", place=symbol.place, name=f"{symbol.kind} {symbol.symbol}", text=text, why=why)
        case "memory":
            memory = item["memory"]
            return Hit(result="memory", place=memory["id"], name=memory["context"], text=memory["content"], why=why)
        case _:
            found = item["text"]
            around = found["symbol"]
            name = "" if around is None else f"in {clip(around['qualified_name'])}"
            return Hit(result="text", place=place(found), name=name, text=found["text"].strip())


def piece(item: Mapping[str, Any]) -> Piece:
    """A piece of a context as an item."""
    return Piece(part=item["part"], name=clip(item["name"]), place=clip(item["place"]), text=item["text"])


def memory(item: Mapping[str, Any]) -> Memory:
    """A memory of the daemon as an item."""
    return Memory(
        id=item["id"], context=item["context"], content=item["content"], tags=item["tags"], created=item["created_at"],
        about=[_anchor(anchor) for anchor in item["anchors"]], why=item.get("why", []),
    )  # fmt: skip


def mention(item: Mapping[str, Any]) -> Memory:
    """A memory that an answer about code mentions."""
    return Memory(id=item["id"], context=item["context"], content=item["content"], about=[_anchor(item)])


def _anchor(anchor: Mapping[str, Any]) -> str:
    first, last = anchor.get("lines", (0, 0))
    where = f"{anchor['path']}:{first}-{last}" if first else anchor["path"]
    return clip(f"{anchor['symbol'] or where} [{anchor['state']}]")


def state(item: Mapping[str, Any]) -> State:
    """A kept working context as an item, with what it holds where that is told."""
    held = {key: item[key] for key in ("description", "working_context", "memory_state") if item.get(key)}
    text = msgspec.json.format(msgspec.json.encode(held), indent=1).decode() if held else None
    return State(name=clip(item["name"]), id=item["id"], created=item["created_at"], tags=item["tags"], text=text)


def difference(item: Mapping[str, Any]) -> State:
    """One difference between two working contexts as an item."""
    values = {key: item[key] for key in ("before", "after")}
    return State(name=clip(f"{item['kind']} {item['path']}"), text=msgspec.json.encode(values).decode())


def place(where: Mapping[str, Any]) -> str:
    """`path:line:column`, from 1."""
    return f"{where['path']}:{where['line']}:{where['column'] + 1}"


def fitted(found: L, budget: int) -> tuple[L, str]:
    """The result and its text, cut to a budget of tokens."""
    whole = _text(found, is_cut=False)
    room = budget * _BYTES_PER_TOKEN - _AROUND
    if len(msgspec.json.encode(found)) + len(msgspec.json.encode(whole)) <= room:
        return found, whole
    # What is said in the end is longest where everything is left out.
    without = msgspec.structs.replace(found, items=[], memories=[], omitted=found.total)
    room -= len(msgspec.json.encode(without)) + len(msgspec.json.encode(_text(without, is_cut=True)))
    # Memories come after the items, and are no use if only the items get room.
    memories, left = _taken(found.memories, room // 3)
    kept, _ = _taken(found.items, room - room // 3 + left)
    cut = msgspec.structs.replace(
        found, items=kept, memories=memories, omitted=found.omitted + len(found.items) - len(kept)
    )
    return cut, _text(cut, is_cut=True)


def _taken(items: Sequence[Item], room: int) -> tuple[list[Item], int]:
    """The first items that there is room for, the last one shortened where it can be; and the room that is left."""
    kept: list[Item] = []
    for item in items:
        fitting = _fitting(item, room)
        if fitting is None:
            break
        kept.append(fitting)
        room -= _cost(fitting)
    return kept, room


def _fitting(item: Item, room: int) -> Item | None:
    """The item, or as much of it as there is room for; None where that is next to nothing."""
    if (cost := _cost(item)) <= room:
        return item
    shortest = item.cut(0)
    if shortest is None or (left := room - _cost(shortest)) < 200:
        return None
    # The text stands in both halves; escapes make it longer than it is, so it is cut again until it fits.
    while left > 100:
        shorter = item.cut(left // 2)
        if shorter is not None and (cost := _cost(shorter)) <= room:
            return shorter
        left -= max(cost - room, 50)
    return None


def _cost(item: Item) -> int:
    """The bytes of an item in both halves of a result."""
    return len(msgspec.json.encode(item)) + len(msgspec.json.encode(item.line())) + 4


def _text(found: Listing, *, is_cut: bool) -> str:
    said = [found.note] if found.note else []
    if not found.items and not said:
        said.append("Nothing found.")
    if found.omitted:
        more = " A larger budget shows more." if is_cut else ""
        said.append(f"{len(found.items):,} of {found.total:,} are shown.{more}")
    elif is_cut:
        said.append("Shortened; a larger budget shows all.")
    if found.pending:
        said.append(f"{found.pending:,} changed files are not read yet.")
    remembered = [f"Remembered: {memory.line()}" for memory in found.memories]
    return "\n".join([*(item.line() for item in found.items), *remembered, *said])


def clip(text: str, n_bytes: int = _MAX_NAME) -> str:
    """The text, cut with an ellipsis where it has more bytes."""
    data = text.encode(errors="replace")
    return text if len(data) <= n_bytes else data[: max(n_bytes - 3, 0)].decode(errors="ignore") + "…"


def beginning(text: str, n_bytes: int) -> str:
    """The first whole lines of a text that fit into so many bytes, and how many are left out."""
    if len(text.encode(errors="replace")) <= n_bytes:
        return text
    lines = text.splitlines()
    kept: list[str] = []
    left = n_bytes - 40
    for line in lines:
        left -= len(line.encode(errors="replace")) + 1
        if left < 0:
            break
        kept.append(line)
    first = clip(lines[0], max(n_bytes - 40, 0)) if not kept else None
    return "\n".join([*kept, *([first] if first else []), f"… {len(lines) - len(kept):,} more lines"])


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {kind}" for kind, n in counts.items())


def _in_brackets(remarks: Sequence[str]) -> str:
    return f" ({'; '.join(remarks)})" if remarks else ""
