"""When a memory moves from working to session to longterm: pure functions, the same rule as target_tier in the database.

A memory leaves working after two days and session after two weeks. An important one stays twice as long; one that is in
use ages from its last use; a pinned one stays. Who is older than two weeks goes straight to longterm. Nobody goes back.
"""

from __future__ import annotations

import datetime as dt
from typing import Final, Protocol

WORKING: Final = dt.timedelta(hours=48)
SESSION: Final = dt.timedelta(days=14)
#: From this importance a memory stays IMPORTANT_STAYS times as long.
IMPORTANT: Final = 0.8
IMPORTANT_STAYS: Final = 2
#: From this many accesses a memory is in use.
IN_USE: Final = 3


class Tiered(Protocol):
    """What the rule looks at; store.memories.Memory has it."""

    @property
    def tier(self) -> str:
        """The present tier."""

    @property
    def importance(self) -> float:
        """From 0 to 1."""

    @property
    def created_at(self) -> dt.datetime:
        """When it was remembered."""

    @property
    def accessed_at(self) -> dt.datetime:
        """When it was last used."""

    @property
    def access_count(self) -> int:
        """How often it was used."""

    @property
    def is_pinned(self) -> bool:
        """Whether it stays where it is."""


def target_tier(memory: Tiered, now: dt.datetime) -> str:
    """The tier that a memory should be in, or its own."""
    if memory.is_pinned or memory.tier == "longterm":
        return memory.tier
    age = now - ages_from(memory)
    if age > SESSION * stays(memory):
        return "longterm"
    if memory.tier == "working" and age > WORKING * stays(memory):
        return "session"
    return memory.tier


def next_move(memory: Tiered) -> tuple[str, dt.datetime] | None:
    """Where a memory goes next and from when on, if it is not used before; None where it stays."""
    if memory.is_pinned or memory.tier == "longterm":
        return None
    tier, limit = ("session", WORKING) if memory.tier == "working" else ("longterm", SESSION)
    return tier, ages_from(memory) + limit * stays(memory)


def ages_from(memory: Tiered) -> dt.datetime:
    """The time from which its age is counted."""
    if memory.access_count >= IN_USE:
        return max(memory.created_at, memory.accessed_at)
    return memory.created_at


def stays(memory: Tiered) -> int:
    """How many times as long as others it stays."""
    return IMPORTANT_STAYS if memory.importance >= IMPORTANT else 1
