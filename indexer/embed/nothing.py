"""The embedder that makes no vectors: search is by words alone."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.embed import interface


class NoEmbedder:
    """See `interface.Embedder`: `dimensions` is None, and `embed` returns nothing for anything."""

    kind: interface.Kind = "none"
    model = "none"
    dimensions: int | None = None
    state = interface.State("ready")

    async def embed(self, texts: Sequence[str], *, is_query: bool = False) -> list[interface.Vector]:
        """No vectors."""
        return []

    async def close(self) -> None:
        """Nothing to end."""
