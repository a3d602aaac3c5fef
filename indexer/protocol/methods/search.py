"""Search: what is meant, in code and memories; characters as they stand, in files; what an agent needs to know."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from indexer.protocol.methods import fields
from indexer.protocol.registry import Query, method

_Text = Annotated[str, Meta(max_length=1_000_000, description="What you look for: names, words, or a whole question.")]
_Kind = Annotated[str | None, Meta(description="Only symbols of this kind or type (function, class, …).")]
_Language = Annotated[str | None, Meta(description="Only this language (python, typescript, …).")]
_Path = Annotated[str | None, Meta(description="Only files that match this glob or lie in it.")]
_Tags = Annotated[list[str], Meta(max_length=64, description="Only memories that have all of these tags.")]
_Importance = Annotated[float, Meta(ge=0, le=1, description="Only memories of this importance or more.")]
_Since = Annotated[dt.datetime, Meta(tz=True, description="Only memories made at this time or later.")]
_Until = Annotated[dt.datetime, Meta(tz=True, description="Only memories made before this time.")]
_Vault = Annotated[str, Meta(min_length=1, description="The memories of this vault (name or id), not of the project's.")]
_Limit = Annotated[int, Meta(ge=1, le=100, description="At most this many items.")]


@method("search.all")
class All(Query, frozen=True, kw_only=True):
    """Code and memories about something, best first, by name, words and meaning; each item says why it is there.

    A filter of one kind of result leaves the other kind as it is; code and memories say which kinds are wanted.
    """

    query: _Text
    code: Annotated[bool, Meta(description="Search the code.")] = True
    memories: Annotated[bool, Meta(description="Search the memories.")] = True
    by: Annotated[Literal["both", "words", "meaning"], Meta(description="By words (and names), by meaning, or both fused.")] = "both"
    kind: _Kind = None
    language: _Language = None
    path: _Path = None
    context: Annotated[str | None, Meta(description="Only memories of this context (code_decision, …).")] = None
    tier: Annotated[str | None, Meta(description="Only memories of this tier (working, session, longterm).")] = None
    tags: _Tags | None = None
    min_importance: _Importance | None = None
    since: _Since | None = None
    until: _Until | None = None
    vault: _Vault | None = None
    limit: _Limit = 20


@method("search.text")
class Text(Query, frozen=True, kw_only=True):
    """Lines of the project's files that contain some characters or match a regular expression, with the symbol around each."""

    pattern: Annotated[str, Meta(min_length=1, max_length=10_000, description="Characters, or a regular expression (RE2).")]
    regex: Annotated[bool, Meta(description="The pattern is a regular expression.")] = False
    ignore_case: Annotated[bool, Meta(description="Capitals and small letters are the same.")] = False
    kind: _Kind = None
    language: _Language = None
    path: _Path = None
    limit: fields.Limit = 50
    offset: fields.Offset = 0


@method("search.context")
class Context(Query, frozen=True, kw_only=True):
    """What one needs to know about a symbol or a question, within a budget of tokens: definitions, callers, memories, tests."""

    about: Annotated[str, Meta(min_length=1, max_length=1_000_000, description="A symbol as anywhere else, or a question.")]
    budget: Annotated[int, Meta(ge=200, le=1_000_000, description="Tokens at most; one is taken for four bytes.")] = 4000
