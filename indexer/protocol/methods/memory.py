"""Memories: what people and agents decided and learned, and the code that it is about.

Whatever names no vault means the project's own. Values are checked where they are stored, so that an error names the field in the
words of the one who sent it.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from indexer.protocol.methods import fields
from indexer.protocol.registry import Params, Query, method

Vault = Annotated[str, Meta(min_length=1, max_length=1000, description="A vault's name or id; else the project's own.")]
_Id = Annotated[uuid.UUID, Meta(description="The memory's id.")]
_Content = Annotated[str, Meta(description="The text to remember, of any length up to 16 MB.")]
_Context = Annotated[
    str,
    Meta(
        description="What sort it is: general, user_preference, task_critical, obsidian_note, code_symbol, code_pattern, "
        "code_decision, code_snippet, code_error, system_event, session_summary or state_capture."
    ),
]
_Importance = Annotated[float, Meta(description="From 0 to 1; from 0.8 on it ages half as quickly.")]
_ExpiresAt = Annotated[str | None, Meta(description="When it goes, in ISO 8601; null for never.")]
_Metadata = Annotated[dict[str, Any], Meta(description="A JSON object, kept as it is.")]
_Tags = Annotated[list[str], Meta(description="Up to 64 tags.")]
_About = Annotated[
    list[Annotated[str, Meta(min_length=1, max_length=65_536)]],
    Meta(max_length=100, description="The code that it is about: symbols, files, or FILE:LINE-LINE (from 1, inclusive)."),
]
_Parent = Annotated[uuid.UUID | None, Meta(description="A memory that this one belongs to.")]
_Pinned = Annotated[bool, Meta(description="Keep it in its tier.")]
_Session = Annotated[uuid.UUID, Meta(description="The session that asks, for the log of accesses.")]
_Since = Annotated[str, Meta(description="Only memories made at this time or later, in ISO 8601.")]
_Until = Annotated[str, Meta(description="Only memories made before this time, in ISO 8601.")]
_MinImportance = Annotated[float, Meta(description="Only memories of this importance or more.")]
_Contexts = Annotated[list[str], Meta(description="Only memories of these contexts.")]
_Tiers = Annotated[list[str], Meta(description="Only memories of these tiers: working, session, longterm.")]
_OfTags = Annotated[list[str], Meta(description="Only memories that have all of these tags.")]


class Draft(Params, frozen=True, kw_only=True):
    """A memory as somebody wants it stored."""

    content: _Content
    context: _Context = "general"
    importance: _Importance = 0.5
    expires_at: _ExpiresAt = None
    metadata: _Metadata = msgspec.field(default_factory=dict)
    tags: _Tags = msgspec.field(default_factory=list)
    parent: _Parent = None
    pinned: _Pinned = False


@method("memory.add")
class Add(Draft, frozen=True, kw_only=True):
    """Remember a text. It is on the disk when this is answered.

    The same text in the same context is stored once, one that is nearly there already is stored and said to be (`near`), and
    what was recalled lately and comes back as if it were new is left out (`outcome` says which: added, existing, revived, echo).
    """

    about: _About = msgspec.field(default_factory=list)
    session: _Session | None = None
    keep_echo: Annotated[bool, Meta(description="Store it even if it repeats what was recalled lately.")] = False
    vault: Vault | None = None


@method("memory.add_many")
class AddMany(Params, frozen=True, kw_only=True):
    """Remember many texts at once, without code that they are about; those that are there already are left out and counted."""

    memories: Annotated[list[Draft], Meta(max_length=100_000, description="The memories, as memory.add takes them.")]
    vault: Vault | None = None


class _One(Params, frozen=True, kw_only=True):
    id: _Id
    vault: Vault | None = None


@method("memory.get")
class Get(Query, frozen=True, kw_only=True):
    """One memory with its whole text, and what has become of the code that it is about, with the differences."""

    id: _Id
    vault: Vault | None = None


@method("memory.list")
class List(Query, frozen=True, kw_only=True):
    """Memories, newest first, by what is known of them; memory.recall finds them by what they say."""

    contexts: _Contexts | None = None
    tiers: _Tiers | None = None
    tags: _OfTags | None = None
    metadata: Annotated[dict[str, Any], Meta(description="Only memories whose metadata contains this.")] | None = None
    min_importance: _MinImportance | None = None
    since: _Since | None = None
    until: _Until | None = None
    parent: Annotated[uuid.UUID, Meta(description="Only what belongs to this memory.")] | None = None
    pinned: Annotated[bool, Meta(description="Only pinned ones, or only others.")] | None = None
    about: Annotated[str, Meta(min_length=1, max_length=65_536, description="Only what is about this symbol or file.")] | None = None
    states: (
        Annotated[
            list[str],
            Meta(description="Only what is about code in one of these states: fresh, drifted, moved, orphaned."),
        ]
        | None
    ) = None
    forgotten: Annotated[bool, Meta(description="The forgotten ones instead.")] = False
    superseded: Annotated[bool, Meta(description="Also what others stand in for.")] = False
    expired: Annotated[bool, Meta(description="Also what has expired.")] = False
    vault: Vault | None = None
    limit: fields.Limit = 50
    offset: fields.Offset = 0


@method("memory.find")
class Find(Params, frozen=True, kw_only=True):
    """Memories that contain characters as they stand, in any letter case, the most important first; or exactly this text."""

    text: Annotated[str, Meta(min_length=1, max_length=1_000_000, description="The characters.")]
    whole: Annotated[bool, Meta(description="Only memories that hold exactly this text, hidden ones too.")] = False
    limit: Annotated[int, Meta(ge=1, le=1000, description="At most this many items.")] = 20
    vault: Vault | None = None


@method("memory.recall")
class Recall(Query, frozen=True, kw_only=True):
    """Memories about something, best first, by words and meaning; each has a score and says why it is there.

    Several vaults are recalled from at once when they are named; a vault's setting recall_weight is what its scores count.
    """

    query: Annotated[str, Meta(max_length=1_000_000, description="What you want to know: words, or a whole question.")]
    contexts: _Contexts | None = None
    tiers: _Tiers | None = None
    tags: _OfTags | None = None
    min_importance: _MinImportance | None = None
    since: _Since | None = None
    until: _Until | None = None
    vaults: Annotated[list[Vault], Meta(max_length=8, description="The vaults; else the project's own.")] | None = None
    session: _Session | None = None
    user: Annotated[dict[str, Any], Meta(description="Who asks, for the log of accesses.")] | None = None
    limit: Annotated[int, Meta(ge=1, le=100, description="At most this many items.")] = 10


@method("memory.update")
class Update(Params, frozen=True, kw_only=True):
    """Change fields of a memory; what is left out stays as it is, and the history keeps what was."""

    id: _Id
    content: _Content | msgspec.UnsetType = msgspec.UNSET
    context: _Context | msgspec.UnsetType = msgspec.UNSET
    importance: _Importance | msgspec.UnsetType = msgspec.UNSET
    expires_at: _ExpiresAt | msgspec.UnsetType = msgspec.UNSET
    metadata: _Metadata | msgspec.UnsetType = msgspec.UNSET
    tags: _Tags | msgspec.UnsetType = msgspec.UNSET
    parent: _Parent | msgspec.UnsetType = msgspec.UNSET
    vault: Vault | None = None


@method("memory.pin")
class Pin(_One, frozen=True, kw_only=True):
    """Keep a memory in its tier, or let it go on ageing."""

    pinned: _Pinned = True


@method("memory.supersede")
class Supersede(_One, frozen=True, kw_only=True):
    """Say that another memory stands in for this one, which is then hidden; null says that it holds again."""

    by: Annotated[uuid.UUID | None, Meta(description="The memory that stands in for it.")]


@method("memory.forget")
class Forget(_One, frozen=True, kw_only=True):
    """Hide a memory. It can be had back for a week, then it is removed."""


@method("memory.restore")
class Restore(_One, frozen=True, kw_only=True):
    """Have a forgotten memory back."""


@method("memory.history")
class History(_One, frozen=True, kw_only=True):
    """What a memory was before each change, newest first."""

    limit: Annotated[int, Meta(ge=1, le=1000, description="At most this many items.")] = 100


@method("memory.uses")
class Uses(_One, frozen=True, kw_only=True):
    """When a memory was recalled, changed or moved to another tier, newest first."""

    limit: Annotated[int, Meta(ge=1, le=1000, description="At most this many items.")] = 50


@method("memory.tie")
class Tie(_One, frozen=True, kw_only=True):
    """Tie a memory to further code."""

    about: _About


@method("memory.untie")
class Untie(_One, frozen=True, kw_only=True):
    """Untie a memory from code."""

    anchor: Annotated[uuid.UUID, Meta(description="The anchor, one of the memory's.")]


@method("memory.confirm")
class Confirm(_One, frozen=True, kw_only=True):
    """Say that a memory holds for its code as that is: it is fresh from here on."""

    anchor: Annotated[uuid.UUID, Meta(description="Only this one of its anchors; else all that are not orphaned.")] | None = None


@method("memory.reanchor")
class Reanchor(_One, frozen=True, kw_only=True):
    """Tie a memory to other code than before."""

    about: Annotated[str, Meta(min_length=1, max_length=65_536, description="The code, as for memory.add.")]
    anchor: Annotated[uuid.UUID, Meta(description="Which of its anchors; needed when it has several.")] | None = None


@method("memory.duplicates")
class Duplicates(Params, frozen=True, kw_only=True):
    """Groups of memories of one context that say nearly the same, for memory.merge; changes nothing."""

    contexts: _Contexts | None = None
    threshold: Annotated[float, Meta(description="How alike they must be, from 0 to 1.")] = 0.5
    limit: fields.Limit = 20
    vault: Vault | None = None


@method("memory.merge")
class Merge(Params, frozen=True, kw_only=True):
    """Add a memory that stands in for several, which are kept and hidden; memory.unmerge takes that back."""

    sources: Annotated[list[uuid.UUID], Meta(max_length=1000, description="The memories that it stands in for.")]
    content: _Content
    context: Annotated[str, Meta(description="Needed where the sources are of several contexts.")] | None = None
    vault: Vault | None = None


@method("memory.unmerge")
class Unmerge(_One, frozen=True, kw_only=True):
    """Take a merge back: its sources hold again, and what was added for them is forgotten."""
