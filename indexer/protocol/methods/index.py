"""The index as a whole: see what was saved, hear of changes."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from indexer.protocol.methods import fields
from indexer.protocol.registry import Params, method


@method("index.sync")
class Sync(Params, frozen=True):
    """Wait until every save that finished before this request is in the index."""

    timeout: fields.Timeout = 60.0


@method("index.notify")
class Notify(Params, frozen=True, kw_only=True):
    """These paths changed: read them again. Answers at once unless told to wait."""

    paths: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=65_536)]],
        Meta(max_length=100_000, description="Files or folders, absolute or relative to the project's root."),
    ]
    wait: Annotated[bool, Meta(description="Answer when they are in the index.")] = False
    timeout: fields.Timeout = 60.0


@method("index.subscribe")
class Subscribe(Params, frozen=True):
    """Send a notification `index.changed` on this connection for every change of the index, from this one on.

    Whoever does not keep up is sent `index.dropped` in place of what it missed, and may subscribe again.
    """


@method("index.rescan")
class Rescan(Params, frozen=True):
    """Compare every file with the index again, as after a start."""
