"""States: working contexts kept to return to."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from indexer.protocol.methods import fields
from indexer.protocol.methods.memory import Vault
from indexer.protocol.registry import Params, method

_State = Annotated[str, Meta(min_length=1, max_length=1000, description="A state's id, or a name: the latest of that name.")]


@method("state.capture")
class Capture(Params, frozen=True, kw_only=True):
    """Keep a working context, with the memories in play as they are.

    Without a context of the client's own it is what was asked about lately: files, symbols, queries, memories, and the branch.
    """

    name: Annotated[str, Meta(description="A name for people.")]
    working_context: (
        Annotated[
            dict[str, Any],
            Meta(description="Any JSON object; the usual keys are files, symbols, notes, branch and task."),
        ]
        | None
    ) = None
    notes: Annotated[str, Meta(description="A text to add to the context, under notes.")] | None = None
    memories: Annotated[list[uuid.UUID], Meta(max_length=1000, description="The memories in play.")] | None = None
    description: Annotated[str, Meta(description="What it is, for people.")] | None = None
    tags: Annotated[list[str], Meta(description="Up to 64 tags.")] = msgspec.field(default_factory=list)
    importance: Annotated[float, Meta(description="From 0 to 1.")] = 0.5
    expires_at: Annotated[str, Meta(description="When it goes, in ISO 8601.")] | None = None
    vault: Vault | None = None


@method("state.list")
class List(Params, frozen=True, kw_only=True):
    """States, newest first, without what they hold."""

    tags: Annotated[list[str], Meta(description="Only states that have all of these tags.")] = msgspec.field(default_factory=list)
    name: Annotated[str, Meta(description="Only states of this name.")] | None = None
    vault: Vault | None = None
    limit: fields.Limit = 50
    offset: fields.Offset = 0


@method("state.restore")
class Restore(Params, frozen=True, kw_only=True):
    """A state, whole, and counts that somebody returned to it."""

    state: _State
    vault: Vault | None = None


@method("state.diff")
class Diff(Params, frozen=True, kw_only=True):
    """What changed from one state to another, by content."""

    before: _State
    after: _State
    vault: Vault | None = None


@method("state.remove")
class Remove(Params, frozen=True, kw_only=True):
    """Remove a state for good."""

    state: _State
    vault: Vault | None = None
