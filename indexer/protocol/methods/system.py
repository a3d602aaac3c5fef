"""The daemon itself: who it is, what it can do, how it fares, and its end."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from indexer.protocol.registry import Params, method


@method("system.hello", is_urgent=True)
class Hello(Params, frozen=True):
    """Who answers: the version of the wire and of the program, the process and the project."""

    protocol: Annotated[int, Meta(ge=0, description="The client's version of the wire.")] | None = None
    client: Annotated[str, Meta(max_length=200, description="The client's name, for the log.")] = ""


@method("system.methods", is_urgent=True)
class Methods(Params, frozen=True):
    """Every method with its parameters' JSON schema."""


@method("system.status", is_urgent=True)
class Status(Params, frozen=True):
    """What the daemon is doing: files, symbols, pending work, coverage, problems, memory."""


@method("system.maintain")
class Maintain(Params, frozen=True, kw_only=True):
    """Do the regular work now: statistics, what expired, partitions, indexes, reference counts, the bound of the cache."""

    due: Annotated[bool, Meta(description="Only what is due, as in the background.")] = False
    embedder: Annotated[
        bool, Meta(description="First make the configured embedder the database's; all vectors are then made anew.")
    ] = False


@method("system.shutdown", is_urgent=True)
class Shutdown(Params, frozen=True):
    """Finish what is being answered, then end."""
