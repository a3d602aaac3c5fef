"""The tools: what each takes, what it gives, and how it asks the daemon.

Few, and told apart by the question that an agent has. Their descriptions are read by a model that chooses among
dozens of tools: they say when to choose this one, in place of what (grep, reading whole files).
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from indexer import errors
from indexer.mcp import results
from indexer.mcp.bridge import Call
from indexer.protocol import registry

_PLACE: Final = re.compile(r"(?P<path>.+?):(?P<line>\d{1,9})(?::(?P<column>\d{1,9}))?\Z", re.DOTALL)

Symbol = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=10_000,
        description="A qualified name (app.http.Request.read), an unambiguous end of one (Request.read), or FILE:LINE:COLUMN.",
    ),
]
Budget = Annotated[
    int,
    Meta(
        ge=400,
        le=100_000,
        description="Tokens for the whole answer; what does not fit is left out from the end, and counted.",
    ),
]
Project = Annotated[
    str, Meta(min_length=1, max_length=10_000, description="Another project, by its folder or name.")
]
Confidence = Annotated[float, Meta(ge=0, le=1, description="Leave out what is less sure than this.")]
Kind = Annotated[str | None, Meta(description="Only symbols of this kind (function, class, method, …).")]
Path = Annotated[str, Meta(max_length=10_000, description="Only files that match this glob or lie in this folder.")]


class Budgeted(registry.Params, frozen=True, kw_only=True):
    """What every tool takes."""

    budget: Budget = 6000
    project: Project | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool; `changes` says whether it changes what is remembered (the code it never changes)."""

    name: str
    title: str
    params: type[Budgeted]
    result: type[results.Listing]
    run: Callable[[Call, Any], Awaitable[results.Listing]]
    changes: bool

    @property
    def description(self) -> str:
        """What a model reads to choose."""
        return inspect.getdoc(self.params) or ""

    def input_schema(self) -> dict[str, Any]:
        """The JSON schema of the parameters, as briefly as it can be said: a model reads it in every conversation."""
        schema = registry.schema_of(self.params)
        return {**schema, "properties": {name: _briefly(field) for name, field in schema["properties"].items()}}

    def output_schema(self) -> dict[str, Any]:
        """The JSON schema of the structured result."""
        return registry.schema_of(self.result)

    def decoded(self, arguments: dict[str, Any]) -> Budgeted:
        """The arguments, checked; InvalidRequest names the wrong one."""
        method = registry.Method(self.name, self.params, self.description, False)
        found = registry.decode_params(method, msgspec.Raw(msgspec.json.encode(arguments)))
        assert isinstance(found, Budgeted)
        return found


class Find(Budgeted, frozen=True, kw_only=True):
    """Where is something defined? Finds functions, classes, methods and other symbols by name, best match first.

    Takes a name in any case style, the end of a qualified name, a prefix, or a name with a typo. Quicker and more exact
    than grep: it gives definitions only, with signatures.
    """

    name: Annotated[str, Meta(min_length=1, max_length=10_000, description="A name, or the end of a qualified one.")]
    kind: Kind = None
    path: Path | None = None


class Look(Budgeted, frozen=True, kw_only=True):
    """Show the code of one symbol, or the outline of a file, instead of reading the whole file.

    For a symbol or FILE:LINE[:COLUMN]: its source, documentation, and how many symbols use it. For a FILE: all that it
    defines, nested, with line numbers.
    """

    target: Annotated[
        str,
        Meta(min_length=1, max_length=10_000, description="A symbol's name, FILE, FILE:LINE or FILE:LINE:COLUMN (from 1)."),
    ]


class WhoCalls(Budgeted, frozen=True, kw_only=True):
    """Who calls this function, method or class, and where? Use before changing a signature or behaviour.

    Follows imports, inheritance and types, so it finds callers that grep confuses with others of the same name. Each has
    its evidence and how sure it is. `direction` asks for what it calls, or for every kind of reference, instead.
    """

    symbol: Symbol
    direction: Annotated[
        Literal["callers", "callees", "references"],
        Meta(description="callers: who calls it; callees: what it calls; references: any use (imports, base classes, types, calls)."),
    ] = "callers"
    depth: Annotated[int, Meta(ge=1, le=20, description="Steps to follow: 2 is also who calls the callers.")] = 1
    min_confidence: Confidence = 0.0


class WhatBreaks(Budgeted, frozen=True, kw_only=True):
    """What can break if this symbol changes, and which tests reach it? Use before a refactoring, and before committing.

    Everything that depends on it over any number of steps, nearest and surest first, with the way. Without a symbol it
    starts from the uncommitted changes (or from what differs from a git revision): what did I touch, what to test?
    """

    symbol: Symbol | None = None
    revision: Annotated[
        str, Meta(max_length=1000, description="Without a symbol: compare with this git revision.")
    ] = "HEAD"
    depth: Annotated[int, Meta(ge=1, le=100, description="Steps to follow.")] = 10
    min_confidence: Confidence = 0.0


class Search(Budgeted, frozen=True, kw_only=True):
    """Find code and past decisions by what they are about, when no name is known ("where are uploads retried?").

    Ranked by names, words and meaning over symbols and memories. With `exact` it is grep over the indexed files instead:
    the lines that contain the query (or match it as a regular expression), each with the symbol around it.
    """

    query: Annotated[str, Meta(min_length=1, max_length=10_000, description="Words or a question; with `exact`, characters.")]
    exact: Annotated[
        Literal["no", "text", "regex"], Meta(description="text: lines with these characters; regex: lines that match (RE2).")
    ] = "no"
    kind: Kind = None
    path: Path | None = None


class Context(Budgeted, frozen=True, kw_only=True):
    """Everything one needs to know about a symbol or a question, in one call, packed into the budget.

    Definitions with code, callers, callees, tests, and memories of decisions about them. The best first call of a task.
    """

    about: Annotated[str, Meta(min_length=1, max_length=10_000, description="A symbol's name, or a question in words.")]


class Remember(Budgeted, frozen=True, kw_only=True):
    """Remember a decision, a lesson or a convention for later sessions, tied to the code that it is about.

    For what the code itself does not say: why it is so, what was tried, what must hold. It is shown again whenever that code
    is looked at, and marked as drifted when the code has changed since. The same text is stored once.
    """

    content: Annotated[str, Meta(min_length=1, max_length=100_000, description="The text, complete enough to stand alone.")]
    about: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=10_000)]],
        Meta(max_length=100, description="The code that it is about: symbols, files, or FILE:LINE-LINE."),
    ] = []  # noqa: RUF012
    context: Annotated[
        Literal["code_decision", "code_pattern", "code_error", "code_snippet", "task_critical", "user_preference", "general"],
        Meta(description="What sort it is."),
    ] = "code_decision"
    importance: Annotated[float, Meta(ge=0, le=1, description="0.5 is usual; from 0.8 on it is kept longest.")] = 0.5
    tags: Annotated[list[Annotated[str, Meta(max_length=100)]], Meta(max_length=64, description="Tags.")] = []  # noqa: RUF012


class Recall(Budgeted, frozen=True, kw_only=True):
    """What was decided or learned about something? Ask before you choose an approach, and when code looks odd.

    By words or a question, or everything about a symbol or file. Each memory says whether its code has changed since.
    """

    query: Annotated[str, Meta(max_length=10_000, description="Words, or a question.")] | None = None
    about: Annotated[str, Meta(min_length=1, max_length=10_000, description="Everything about this symbol or file.")] | None = None
    tags: Annotated[list[str], Meta(max_length=64, description="Only memories that have all of these tags.")] | None = None

    def __post_init__(self) -> None:
        if (self.query is None) == (self.about is None):
            raise ValueError("Give either query or about")


class State(Budgeted, frozen=True, kw_only=True):
    """Keep where you are in a long task, and return to it in another session.

    capture keeps a working context under a name (what was asked about lately, the branch, and your notes); list shows what
    was kept; restore gives one back; diff says what changed from one to another.
    """

    action: Annotated[Literal["capture", "list", "restore", "diff"], Meta(description="What to do.")] = "list"
    name: Annotated[str, Meta(min_length=1, max_length=1000, description="The state's name (or id).")] | None = None
    other: Annotated[str, Meta(min_length=1, max_length=1000, description="diff: the later state.")] | None = None
    notes: Annotated[str, Meta(max_length=100_000, description="capture: what is done, what is next, what to mind.")] | None = None


async def _find(call: Call, params: Find) -> results.Listing:
    answer = await call.ask(
        "symbols.find", name=params.name, kind=params.kind, path=params.path, limit=_most(params.budget)
    )
    return results.listing(results.Definitions, answer, results.definition)


async def _look(call: Call, params: Look) -> results.Listing:
    target = params.target
    if os.path.isfile(os.path.join(call.root, target)):
        return await outline(call, target)
    if (place := _PLACE.match(target)) is not None and place["column"] is None:
        around = await call.ask("symbols.at", path=place["path"], line=int(place["line"]))
        if not around["items"]:
            return results.listing(results.Definitions, around, results.definition)
        target = around["items"][0]["id"]
    return results.listing(results.Definitions, await call.ask("symbols.show", symbol=target), results.shown)


async def _who_calls(call: Call, params: WhoCalls) -> results.Listing:
    method = {"callers": "graph.callers", "callees": "graph.callees", "references": "graph.refs"}[params.direction]
    answer = await call.ask(
        method, symbol=params.symbol, depth=params.depth, min_confidence=params.min_confidence, limit=_most(params.budget)
    )
    return results.listing(results.Relations, answer, results.related, places_total=answer["sites_total"])


async def _what_breaks(call: Call, params: WhatBreaks) -> results.Listing:
    start = {"diff": params.revision} if params.symbol is None else {"symbol": params.symbol}
    answer = await call.ask(
        "graph.impact", **start, depth=params.depth, min_confidence=params.min_confidence, limit=_most(params.budget)
    )
    return results.listing(results.Impact, answer, results.affected)


async def _search(call: Call, params: Search) -> results.Listing:
    narrowed = {"kind": params.kind, "path": params.path}
    if params.exact == "no":
        limit = min(_most(params.budget), 100)
        answer = await call.ask("search.all", query=params.query, limit=limit, **narrowed)
    else:
        is_regex = params.exact == "regex"
        answer = await call.ask(
            "search.text", pattern=params.query, regex=is_regex, limit=_most(params.budget), **narrowed
        )
    return results.listing(results.Hits, answer, results.hit)


async def _context(call: Call, params: Context) -> results.Listing:
    return await context(call, params.about, params.budget)


async def _remember(call: Call, params: Remember) -> results.Listing:
    draft = {"content": params.content, "context": params.context, "importance": params.importance, "tags": params.tags}
    answer = await call.tell("memory.add", **draft, about=params.about)
    near = [
        results.Memory(id=each["id"], context=f"{each['similarity']:.0%} the same", content=results.clip(each["content"]))
        for each in answer["near"]
    ]
    return results.listing(results.Memories, answer, results.memory, outcome=answer["outcome"], memories=near)


async def _recall(call: Call, params: Recall) -> results.Listing:
    if params.about is not None:
        answer = await call.ask("memory.list", about=params.about, tags=params.tags, limit=_most(params.budget))
    else:
        limit = min(_most(params.budget), 100)
        answer = await call.ask("memory.recall", query=params.query, tags=params.tags, limit=limit)
    return results.listing(results.Memories, answer, results.memory)


async def _state(call: Call, params: State) -> results.Listing:
    if params.action == "list":
        answer = await call.tell("state.list", name=params.name, limit=_most(params.budget))
        return results.listing(results.States, answer, results.state)
    if params.name is None:
        raise errors.InvalidRequest(f"{params.action} needs the parameter 'name'.", "name")
    if params.action == "diff":
        if params.other is None:
            raise errors.InvalidRequest("diff needs the parameter 'other'.", "other")
        answer = await call.tell("state.diff", before=params.name, after=params.other)
        return results.listing(results.States, answer, results.difference)
    if params.action == "capture":
        answer = await call.tell("state.capture", name=params.name, notes=params.notes)
    else:
        answer = await call.tell("state.restore", state=params.name)
    return results.listing(results.States, answer, results.state)


async def context(call: Call, about: str, budget: int) -> results.Pieces:
    """What one needs to know about a symbol or a question."""
    # Each piece stands in both halves of the result.
    answer = await call.ask("search.context", about=about, budget=max(budget // 2, 200))
    return results.listing(results.Pieces, answer, results.piece)


async def outline(call: Call, path: str) -> results.Definitions:
    """The symbols of a file, nested; without its imports, which say little and are many."""
    answer = await call.ask("symbols.outline", path=path)
    own = [symbol for symbol in answer["items"] if symbol["kind"] != "import"]
    answer = {**answer, "items": own, "total": answer["total"] - len(answer["items"]) + len(own)}
    depths: dict[str, int] = {}

    def make(symbol: dict[str, Any]) -> results.Definition:
        depth = depths[symbol["id"]] = depths.get(symbol["container"], -1) + 1
        return results.definition(symbol, depth=depth)

    return results.listing(results.Definitions, answer, make)


def _briefly(field: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema without null, which is the same as leaving it out, and without the lengths of texts."""
    kinds = [kind for kind in field.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) == 1:
        field = {**kinds[0], **{key: value for key, value in field.items() if key not in ("anyOf", "default")}}
    return {key: value for key, value in field.items() if key not in ("minLength", "maxLength")}


def _most(budget: int) -> int:
    """Items that can fit into a budget at all: one takes 20 tokens in each half."""
    return max(budget // 40, 1)


#: Every tool, the one for a task's beginning first.
TOOLS: Final = {
    tool.name: tool
    for tool in (
        Tool("context", "What to know about something", Context, results.Pieces, _context, False),
        Tool("find", "Find definitions by name", Find, results.Definitions, _find, False),
        Tool("look", "Show a symbol or outline a file", Look, results.Definitions, _look, False),
        Tool("who_calls", "Callers, callees, references", WhoCalls, results.Relations, _who_calls, False),
        Tool("what_breaks", "Impact of a change", WhatBreaks, results.Impact, _what_breaks, False),
        Tool("search", "Search code and memories", Search, results.Hits, _search, False),
        Tool("recall", "What was decided or learned", Recall, results.Memories, _recall, False),
        Tool("remember", "Remember a decision or lesson", Remember, results.Memories, _remember, True),
        Tool("state", "Keep and restore a working context", State, results.States, _state, True),
    )
}
