"""Texts to vectors: a local model in a process of its own, a server that speaks OpenAI's API, or none at all.

No text leaves the machine unless the settings name kind 'openai'; a key in the environment alone is no
consent. `texts` makes the text that stands for a symbol or a memory; when to embed what, and where vectors
are kept, is not decided here.
"""

from __future__ import annotations

from indexer import errors
from indexer.embed.interface import Embedder, Settings, State, Vector

__all__ = ["Embedder", "Settings", "State", "Vector", "embedder"]


def embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name. Starts and contacts nothing before the first text.

    Raises ConfigError for settings that cannot be right.
    """
    # Each kind is imported when it is chosen: the worker process needs none of them, and openai takes half a
    # second.
    match settings.kind:
        case "local":
            from indexer.embed import local

            return local.LocalEmbedder(settings)
        case "openai":
            from indexer.embed import remote

            return remote.RemoteEmbedder(settings)
        case "none":
            from indexer.embed import nothing

            return nothing.NoEmbedder()
    raise errors.ConfigError(f"there is no embedder of kind {settings.kind!r}: choose 'local', 'openai' or 'none'")
