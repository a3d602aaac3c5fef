"""The envelope of every list answer, the items in it, and what the daemon says of itself.

Lines count from 1, columns are 0-based UTF-8 byte offsets. What an answer leaves out where it does not
apply is UNSET here.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import msgspec

UNSET = msgspec.UNSET
Unset = msgspec.UnsetType


class Coverage(msgspec.Struct, frozen=True):
    """How many sites of the project mean a symbol of it, something outside of it, or are not understood."""

    resolved: int = 0
    external: int = 0
    unresolved: int = 0


class IndexState(msgspec.Struct, frozen=True):
    """What an answer was taken from: the index after `generation` commits, `pending` files not yet read."""

    generation: int = 0
    pending: int = 0
    coverage: Coverage = Coverage()


class Answer(msgspec.Struct):
    """A list answer. `total` counts items before limit and offset; `note` says why it is empty or cut.

    `sites_total` is there only where items have sites, `site` where the question was what stands at a place, `memories` where there
    are memories about the code in the answer: the most important of `memories_total`.
    """

    items: list[Any]
    total: int
    omitted: int
    note: str | None
    index: IndexState
    sites_total: int | Unset = UNSET
    site: Site | Unset = UNSET
    memories: list[Mention] | Unset = UNSET
    memories_total: int | Unset = UNSET


class Site(msgspec.Struct, frozen=True):
    """A written name: what it does with what it means, and why it is said to mean that, how surely."""

    path: str
    line: int
    column: int
    name: str
    role: str
    evidence: str
    confidence: float | None


class Place(msgspec.Struct, frozen=True):
    """Where a name is written."""

    path: str
    line: int
    column: int


class Symbol(msgspec.Struct, frozen=True):
    """A symbol: `line` and `column` are those of its name, the end is that of its whole definition.

    `container` is the id of the symbol that it is written in. `flags` are of exported, async, generator,
    abstract and static.
    """

    id: uuid.UUID
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    name: str
    qualified_name: str
    type: str
    kind: str
    language: str
    container: uuid.UUID | None
    signature: str | None
    documentation: str | None
    visibility: str | None
    flags: list[str]


class ShownSymbol(Symbol, frozen=True, kw_only=True):
    """A symbol with its text: `definition` is from its start to its end, the context the lines around it.

    `relationships` counts what relates to it (`incoming`) and what it relates to (`outgoing`), by type.
    """

    start_line: int
    start_column: int
    definition: str | None
    context_before: str | None
    context_after: str | None
    metadata: dict[str, Any]
    relationships: RelationshipCounts


class RelationshipCounts(msgspec.Struct, frozen=True):
    """How many relationships there are in each direction, by type; types without any are left out."""

    incoming: dict[str, int]
    outgoing: dict[str, int]


class Related(msgspec.Struct, frozen=True):
    """A relationship: the symbol at its other end, and every site of it.

    `distance` is there when more than one step was asked for: 1 for what is related directly.
    """

    symbol: Symbol
    relationship_type: str
    sites: list[Place]
    confidence: float
    evidence: str
    distance: int | Unset = UNSET


class Hop(msgspec.Struct, frozen=True):
    """A symbol on a way; `relationship_type` is what the one before it has to do with it."""

    id: uuid.UUID
    qualified_name: str
    path: str
    line: int
    relationship_type: str


class Reached(msgspec.Struct, frozen=True):
    """A symbol that a change can touch, over the symbols in `via`, of which the last is the changed one.

    `relationship_type` is what it has to do with the first of them, `confidence` the product of the
    relationships' on that way. It is only possible where the way leads through a call of something that is overridden.
    """

    symbol: Symbol
    distance: int
    relationship_type: str
    confidence: float
    via: list[Hop]
    is_test: bool
    is_possible: bool


class Step(msgspec.Struct, frozen=True):
    """One relationship on the way from a symbol to another."""

    source: Symbol
    target: Symbol
    relationship_type: str
    sites: list[Place]
    confidence: float


class MemoryAnchor(msgspec.Struct, frozen=True):
    """What code a memory is about, and whether that is as it was (`state`: fresh, drifted, moved or orphaned).

    Searches leave out the rest. `lines` are the first and the last of an anchor to lines. `note` says in a sentence what became of
    code that is not as it was, `changes` is a unified diff of its text, where one memory was asked for.
    """

    symbol: str | None
    path: str
    state: str
    id: uuid.UUID | Unset = UNSET
    lines: tuple[int, int] | Unset = UNSET
    note: str | Unset = UNSET
    changes: str | Unset = UNSET


class FoundMemory(msgspec.Struct, frozen=True):
    """A memory that a search found. `content` is whole where `is_whole`, else its beginning; `vault` is a name."""

    id: uuid.UUID
    content: str
    is_whole: bool
    context: str
    importance: float
    tier: str
    vault: str
    tags: list[str]
    created_at: datetime.datetime
    anchors: list[MemoryAnchor]


class MemoryItem(FoundMemory, frozen=True, kw_only=True):
    """A memory with all that is known of it. `score` and `why` are there where it was recalled."""

    modified_at: datetime.datetime
    accessed_at: datetime.datetime
    access_count: int
    expires_at: datetime.datetime | None
    metadata: dict[str, Any]
    parent: uuid.UUID | None
    is_pinned: bool
    superseded_by: uuid.UUID | None
    consolidated_from: list[uuid.UUID]
    forgotten_at: datetime.datetime | None
    score: float | Unset = UNSET
    why: list[str] | Unset = UNSET


class NearMemory(msgspec.Struct, frozen=True):
    """A memory that says nearly the same as another one, by the share of letters in common (0 to 1)."""

    id: uuid.UUID
    content: str
    similarity: float


class Remembered(Answer, kw_only=True):
    """The answer to memory.add: the memory that holds the text from here on.

    `outcome` is added; existing, where the vault had the text; revived, where it had it forgotten or expired; or echo, where nothing
    was stored because the text repeats memories that were recalled lately (`echoed`).
    """

    outcome: str
    near: list[NearMemory]
    echoed: list[uuid.UUID]


class RememberedMany(msgspec.Struct, frozen=True):
    """How many memories were added, and how many texts were there already (or twice among the new ones)."""

    added: int
    existing: int


class MemoryEvent(msgspec.Struct, frozen=True):
    """What a memory was before a change: only the fields that changed."""

    version: int
    operation: str
    before: dict[str, Any]
    changed_at: datetime.datetime


class MemoryUse(msgspec.Struct, frozen=True):
    """An access to a memory: recall, update, migrate, consolidate or compress."""

    operation: str
    accessed_at: datetime.datetime
    query: str | None
    score: float | None
    rank: int | None
    duration_ms: int | None
    session: uuid.UUID | None
    user: dict[str, Any] | None


class MemoryGroup(msgspec.Struct, frozen=True):
    """Memories that say nearly the same, the most important first; `likeness` is the lowest to that one."""

    likeness: float
    memories: list[MemoryItem]


class Mention(msgspec.Struct, frozen=True):
    """A memory about code in an answer: about `symbol` in `path`, or about the file or some `lines` of it."""

    id: uuid.UUID
    content: str
    context: str
    importance: float
    symbol: str | None
    path: str
    state: str
    lines: tuple[int, int] | Unset = UNSET


class VaultStatistics(msgspec.Struct, frozen=True):
    """What a vault holds at this moment; bytes are those of its texts as stored."""

    memories: int
    superseded: int
    forgotten: int
    expired: int
    pinned: int
    embedded: int
    anchors: int
    states: int
    bytes: int
    by_context: dict[str, int]
    by_tier: dict[str, int]
    by_anchor_state: dict[str, int]


class VaultItem(msgspec.Struct, frozen=True):
    """A vault. `is_own` says whether it is the project's; `memories` is as of the last maintenance, `statistics` of this moment."""

    id: uuid.UUID
    name: str
    path: str
    type: str
    is_own: bool
    is_active: bool
    is_archived: bool
    created_at: datetime.datetime
    last_modified: datetime.datetime
    archived_at: datetime.datetime | None
    settings: dict[str, Any]
    metadata: dict[str, Any]
    memories: int
    statistics: VaultStatistics | Unset = UNSET


class StateItem(msgspec.Struct, frozen=True):
    """A working context that was kept; lists leave out what it holds. `size` is in bytes of JSON."""

    id: uuid.UUID
    name: str
    description: str | None
    vault: str
    tags: list[str]
    auto_captured: bool
    importance: float
    created_at: datetime.datetime
    expires_at: datetime.datetime | None
    restore_count: int
    last_restored: datetime.datetime | None
    size: int | None
    working_context: dict[str, Any] | Unset = UNSET
    memory_state: dict[str, Any] | Unset | None = UNSET


class StateDifference(msgspec.Struct, frozen=True):
    """A value that two states have not in common; `path` leads to it, `kind` is added, removed or changed."""

    path: str
    kind: str
    before: Any
    after: Any


class FoundText(msgspec.Struct, frozen=True):
    """A match in a file; `text` is its line, cut around the match where it is long, `symbol` what is around it."""

    path: str
    line: int
    column: int
    end_column: int
    text: str
    symbol: Symbol | None


class SearchItem(msgspec.Struct, frozen=True):
    """A result of a search: a symbol, a memory or a line of a file, as `result` says; `why` are phrases for a person."""

    result: str
    score: float
    why: list[str]
    symbol: Symbol | Unset = UNSET
    memory: FoundMemory | Unset = UNSET
    text: FoundText | Unset = UNSET


class ContextItem(msgspec.Struct, frozen=True):
    """A piece of what one needs to know: `part` is definition, caller, callee, related, memory or test.

    `place` is PATH:LINE of a symbol; of a memory it is its id.
    """

    part: str
    name: str
    place: str
    text: str


class ContextAnswer(Answer, kw_only=True):
    """The envelope of a context. `tokens` is at most `budget`: a fourth of the bytes of all of this as JSON."""

    budget: int
    tokens: int


class Synced(msgspec.Struct, frozen=True):
    """The answer to a wait: whether all that was saved before is in, and else how many files are not."""

    complete: bool
    generation: int
    pending: int


class Project(msgspec.Struct, frozen=True):
    """Which project is served."""

    id: uuid.UUID
    name: str
    root: str


class Versions(msgspec.Struct, frozen=True):
    """Of the program, of the wire, and of what reads files (another one reads them all again)."""

    program: str
    protocol: int
    extractor: str


class Progress(msgspec.Struct, frozen=True):
    """How far a batch has come: files done and in all, files a second, seconds left where that can be told."""

    stage: str
    done: int
    total: int
    rate: float | None
    seconds_left: float | None


class Failed(msgspec.Struct, frozen=True):
    """A file that no worker could finish; it is tried again."""

    path: str
    reason: str
    tries: int
    again_in_s: float


class Watched(msgspec.Struct, frozen=True):
    """How the tree is watched; `limit` names the setting to change where the system's limit was reached."""

    mode: str
    n_watches: int
    n_polled: int
    n_overflows: int
    limit: str | None
    problems: list[str]


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with some files, how many, and the first of them."""

    problem: str
    files: int
    examples: list[str]


class Files(msgspec.Struct, frozen=True):
    """What is indexed. Of `flags`, files that are generated, minified or vendored are indexed for their symbols alone."""

    total: int
    lines: int
    by_language: dict[str, int]
    problems: list[Problem]
    flags: dict[str, int]


class DatabaseState(msgspec.Struct, frozen=True):
    """The database: PostgreSQL's version, bytes on disk in all and of this project; `problem` where it cannot be asked."""

    version: str | None
    size: int | None
    project_size: int | None
    problem: str | None


class ProcessMemory(msgspec.Struct, frozen=True):
    """A process and the bytes that it holds (proportional set size: shared pages are divided)."""

    pid: int
    memory: int


class Memory(msgspec.Struct, frozen=True):
    """The processes of the daemon, the database's apart."""

    total: int
    daemon: ProcessMemory
    workers: list[ProcessMemory]


class SearchState(msgspec.Struct, frozen=True):
    """What can be searched: documents by words, vectors by meaning and those that are still to be made, and the embedder.

    `embedder_state` is ready, idle (its process starts with the next text), loading or down.
    """

    symbols: int
    memories: int
    is_building: bool
    vectors: int
    vectors_pending: int
    memory_vectors_pending: int
    embedder: str
    embedder_state: str
    problems: list[str]


class Maintained(msgspec.Struct, frozen=True):
    """What maintenance did: `shared` for the whole database (None where another daemon did it lately, or is at it), then
    symbols whose references were counted anew, and facts that the cache let go.
    """

    shared: dict[str, Any] | None
    counted: int
    facts_removed: int


class Status(msgspec.Struct, frozen=True):
    """How the daemon fares. Times are seconds; `symbols` and `files` are None while the database does not answer.

    `state` is starting, indexing, idle, waiting (for what `last_error` says) or "root missing".
    """

    state: str
    project: Project
    index: IndexState
    epoch: int
    symbols: int | None
    files: Files | None
    progress: Progress
    failures: list[Failed]
    n_failures: int
    last_error: str | None
    watch: Watched
    database: DatabaseState
    memory: Memory
    seconds_since_change: float
    uptime: float
    pid: int
    socket: str
    subscribers: int
    versions: Versions
    notes: list[str]
    search: SearchState
