"""What an embedder is, what it is told, and how it says how it is.

Nothing here does input or output, so that a caller can name these types without loading any embedder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

Kind = Literal["local", "openai", "none"]

#: float32 numbers; an array.array, so that numpy and others can read them in place.
Vector = Sequence[float]

#: The only model of kind 'local'. The suffix says that its weights are int8: vectors of other weights are no
#: match for its.
LOCAL_MODEL: Final = "all-MiniLM-L6-v2-int8"
LOCAL_DIMENSIONS: Final = 384
OPENAI_MODEL: Final = "text-embedding-3-small"
OPENAI_DIMENSIONS: Final = 1536
OPENAI_BASE_URL: Final = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to embed; fields that a kind does not know are ignored by it, except `model` and `dimensions`.

    `model` and `dimensions`: None is the kind's own default.
    `timeout_s`: for one batch, or one request to a server.
    """

    kind: Kind = "local"
    model: str | None = None
    dimensions: int | None = None
    timeout_s: float = 60.0

    # Kind 'local'.
    #: The weights' file; None is the one of the installed package. Its SHA-256 must be the known one in
    #: either case.
    weights: Path | None = None
    #: Texts embedded at once in the background; 0 is one a core, at most 4.
    threads: int = 0
    #: Seconds without work after which the worker process ends.
    idle_s: float = 300.0

    # Kind 'openai'.
    base_url: str = OPENAI_BASE_URL
    #: The environment variable that holds the key; None sends no key, which a server of one's own may not
    #: need.
    api_key_env: str | None = None
    #: Ask the server to shorten its vectors to `dimensions`, for models that can (text-embedding-3-*).
    shorten: bool = False
    #: Texts in one request.
    batch: int = 64
    #: Further tries after a refusal or a failure that may pass.
    retries: int = 4
    #: What the server allows; None is no limit. Queries count but do not wait.
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    #: Tokens that may be spent in 24 hours of running; None is no limit.
    tokens_per_day: int | None = None
    #: Put before each text, for models trained with such marks ("query: ", "passage: ").
    query_prefix: str = ""
    document_prefix: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """How an embedder is.

    'ready': the next text is embedded at once. 'idle': ready, but its worker starts with the next text.
    'loading': it is starting. 'down': the last attempt failed, and `error` is the sentence that says why; the
    next text tries again.
    """

    name: Literal["ready", "idle", "loading", "down"]
    error: str | None = None


class Embedder(Protocol):
    """Texts to vectors.

    `dimensions` is None for kind 'none', which makes no vectors at all.
    """

    @property
    def kind(self) -> Kind: ...

    @property
    def model(self) -> str: ...

    @property
    def dimensions(self) -> int | None: ...

    @property
    def state(self) -> State: ...

    async def embed(self, texts: Sequence[str], *, is_query: bool = False) -> list[Vector]:
        """One vector a text, in the same order, of unit length.

        Any number of texts; they are sent on in bounded batches. A text longer than the model reads is cut.
        `is_query` puts these texts before those embedded in the background. Kind 'none' returns [].
        Cancelling is safe, and leaves a worker that was starting to start.

        Raises Unavailable when the worker or server cannot be had, Busy when a limit or the budget is
        reached, ConfigError when the settings cannot be right (a refused key, an unknown model, vectors of
        another dimension).
        """
        ...

    async def close(self) -> None:
        """End what runs; texts in progress fail. Safe to call twice."""
        ...
