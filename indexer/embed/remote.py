"""The remote embedder: OpenAI's embeddings API, or any server that speaks it, through the official client.

The client retries what may pass (429, 5xx, lost connections, time-outs) with back-off and honours
Retry-After. What is added here: requests of bounded size, pacing within the server's limits, a budget, and
the check that what comes back are vectors of the dimension that was asked for. Address and key come from the
settings alone: OPENAI_API_KEY, OPENAI_BASE_URL and the like, which the client would follow, are not followed.

Importing this module imports openai, which takes half a second: do so only where the settings ask for it.
"""

from __future__ import annotations

import array
import asyncio
import base64
import math
import os
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import openai

from indexer import errors
from indexer.embed import interface, pace

#: A token is at least one byte, and OpenAI's models read 8,191 tokens: so no text is ever refused for its
#: length.
_MAX_TEXT_BYTES: Final = 8000
#: A request may have 300,000 tokens in all.
_MAX_REQUEST_BYTES: Final = 250_000

#: Bytes a token, on average, of English and code: what a request is taken to cost until the server says what
#: it did.
_BYTES_PER_TOKEN: Final = 3.5

#: Requests under way at once, queries apart.
_MAX_REQUESTS: Final = 4

#: A query is answered by words alone when its vector does not come soon, so it is tried only once more.
_QUERY_RETRIES: Final = 1
_QUERY_TIMEOUT_S: Final = 10.0

_MAX_QUOTED: Final = 200


class RemoteEmbedder:
    """See `interface.Embedder`. For one event loop."""

    kind: interface.Kind = "openai"

    def __init__(self, settings: interface.Settings) -> None:
        """Raises ConfigError when OpenAI's key is not named, or a named one is not there."""
        self._settings = settings
        self._key = _key(settings)
        self.model = settings.model or interface.OPENAI_MODEL
        self.dimensions: int | None = settings.dimensions or interface.OPENAI_DIMENSIONS
        self._client = _client(settings, self._key)
        self._requests = asyncio.Semaphore(_MAX_REQUESTS)
        self._pace = pace.Pace(settings.requests_per_minute, settings.tokens_per_minute)
        self._budget = pace.Budget(settings.tokens_per_day)
        # base64 is a quarter of the bytes and needs no parsing, but some servers know only lists of numbers.
        self._format: Literal["base64", "float"] = "base64"
        self._error: str | None = None
        self._closed = False

    @property
    def state(self) -> interface.State:
        """How the last request went; before the first, 'ready'."""
        if self._closed:
            return interface.State("down", "the embedder is closed")
        return interface.State("ready") if self._error is None else interface.State("down", self._error)

    async def embed(self, texts: Sequence[str], *, is_query: bool = False) -> list[interface.Vector]:
        """See `interface.Embedder`."""
        prefix = self._settings.query_prefix if is_query else self._settings.document_prefix
        batches = _batches([_cut(prefix + text) for text in texts], self._settings.batch)
        requests = [asyncio.create_task(self._request(batch, is_query)) for batch in batches]
        try:
            return [vector for answer in await asyncio.gather(*requests) for vector in answer]
        finally:
            for request in requests:
                request.cancel()

    async def close(self) -> None:
        """See `interface.Embedder`."""
        self._closed = True
        await self._client.close()

    async def _request(self, batch: list[bytes], is_query: bool) -> list[interface.Vector]:
        tokens = math.ceil(sum(map(len, batch)) / _BYTES_PER_TOKEN)
        try:
            if is_query:
                self._pace.book(tokens)
                return await self._spend(batch, tokens, is_query)
            async with self._requests:
                await asyncio.sleep(self._pace.book(tokens))
                return await self._spend(batch, tokens, is_query)
        except errors.IndexerError as exc:
            self._error = str(exc)
            raise

    async def _spend(self, batch: list[bytes], tokens: int, is_query: bool) -> list[interface.Vector]:
        """Embed a batch that is expected to cost so many tokens."""
        if self._closed:
            raise errors.Unavailable("the embedder is closed")
        self._budget.reserve(tokens)
        spent = 0
        try:
            answer = await self._ask([text.decode() for text in batch], is_query)
            spent = _tokens_spent(answer, tokens)
            vectors = self._vectors(answer, len(batch))
        finally:
            self._budget.settle(tokens, spent)
        self._error = None
        return vectors

    async def _ask(self, texts: list[str], is_query: bool) -> Any:
        client = self._client
        if is_query:
            timeout_s = min(_QUERY_TIMEOUT_S, self._settings.timeout_s)
            client = client.with_options(max_retries=_QUERY_RETRIES, timeout=timeout_s)
        sent_format = self._format
        try:
            return await client.embeddings.create(
                model=self.model,
                input=texts,
                encoding_format=sent_format,
                dimensions=self.dimensions if self._settings.shorten and self.dimensions else openai.omit,
            )
        except (openai.BadRequestError, openai.UnprocessableEntityError) as exc:
            if sent_format == "float" or not _is_about_format(exc):
                raise self._translated(exc) from exc
            self._format = "float"
            return await self._ask(texts, is_query)
        except openai.OpenAIError as exc:
            raise self._translated(exc) from exc
        except ValueError as exc:  # no JSON: the client passes its parser's error on
            raise errors.Unavailable(f"{self._address} did not answer with embeddings") from exc

    def _vectors(self, answer: Any, n: int) -> list[interface.Vector]:
        # The client does not check what it is sent, and a server may send anything.
        try:
            rows = sorted(answer.data, key=lambda row: row.index)
            vectors = [_numbers(row.embedding) for row in rows]
        except (AttributeError, TypeError, ValueError) as exc:
            raise errors.Unavailable(f"{self._address} did not answer with embeddings") from exc
        if len(vectors) != n:
            raise errors.Unavailable(f"{self._address} answered {n} texts with {len(vectors)} vectors")
        return [self._unit(vector) for vector in vectors]

    def _unit(self, vector: npt.NDArray[np.float32]) -> interface.Vector:
        if vector.shape != (self.dimensions,):
            raise errors.ConfigError(
                f"{self.model} at {self._settings.base_url} makes vectors of {vector.size} dimensions,"
                f" but the embedder's dimensions are set to {self.dimensions}:"
                f" set them to {vector.size}, or choose another model"
            )
        length = float(np.linalg.norm(vector))
        if not math.isfinite(length) or length == 0:
            raise errors.Unavailable(f"{self._address} answered with a vector that has no direction")
        return array.array("f", (vector / np.float32(length)).astype(np.float32).tobytes())

    def _translated(self, exc: openai.OpenAIError) -> errors.IndexerError:
        said = " ".join(str(exc).replace(self._key, "***").split())[:_MAX_QUOTED]
        key = f"the key in {self._settings.api_key_env}" if self._settings.api_key_env else "a request without a key"
        match exc:
            case openai.APITimeoutError():
                return errors.Unavailable(f"{self._address} did not answer in time")
            case openai.APIConnectionError():
                return errors.Unavailable(f"{self._address} cannot be reached: {exc.__cause__ or said}")
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return errors.ConfigError(f"{self._address} refused {key}: {said}")
            case openai.RateLimitError():
                return errors.Busy(f"{self._address} takes no more for now: {said}")
            case openai.NotFoundError() | openai.BadRequestError() | openai.UnprocessableEntityError():
                return errors.ConfigError(f"{self._address} refused the request for {self.model}: {said}")
            case _:
                return errors.Unavailable(f"{self._address} failed: {said}")

    @property
    def _address(self) -> str:
        return f"the embeddings server at {self._settings.base_url}"


def _key(settings: interface.Settings) -> str:
    if settings.api_key_env is None:
        if settings.base_url == interface.OPENAI_BASE_URL:
            raise errors.ConfigError(
                "OpenAI needs a key: set the embedder's api_key_env to the environment variable that holds it"
            )
        # The client insists on one.
        return "none"
    key = os.environ.get(settings.api_key_env, "").strip()
    if not key:
        raise errors.ConfigError(f"the embedder's key should be in {settings.api_key_env}, which is not set")
    return key


def _client(settings: interface.Settings, key: str) -> openai.AsyncOpenAI:
    client = openai.AsyncOpenAI(
        api_key=key,
        base_url=settings.base_url,
        max_retries=settings.retries,
        timeout=settings.timeout_s,
        # An Authorization in OPENAI_CUSTOM_HEADERS would come before the key.
        default_headers={"Authorization": f"Bearer {key}"},
    )
    # Read from the environment, and none of another server's business.
    client.organization = client.project = None
    return client


def _cut(text: str) -> bytes:
    """At most as many bytes as tokens can be read; the API refuses an empty text, so that it becomes a
    space."""
    whole = text[:_MAX_TEXT_BYTES].encode("utf-8", "replace")[:_MAX_TEXT_BYTES]
    return whole.decode("utf-8", "ignore").encode() or b" "


def _batches(texts: list[bytes], max_texts: int) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for text in texts:
        if batch and (len(batch) >= max_texts or size + len(text) > _MAX_REQUEST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def _is_about_format(exc: openai.APIStatusError) -> bool:
    return "encoding_format" in exc.response.text or "base64" in exc.response.text


def _tokens_spent(answer: Any, estimate: int) -> int:
    """What the server counted; not all servers do."""
    counted = getattr(getattr(answer, "usage", None), "prompt_tokens", None)
    return counted if isinstance(counted, int) and counted > 0 else estimate


def _numbers(embedding: object) -> npt.NDArray[np.float32]:
    """A vector as sent: base64 of little-endian float32, or a list. Raises TypeError or ValueError for
    anything else."""
    if isinstance(embedding, str):
        return np.frombuffer(base64.b64decode(embedding, validate=True), "<f4")
    if not isinstance(embedding, list):
        raise TypeError("a list of numbers is expected")
    return np.asarray(embedding, dtype="<f4")
