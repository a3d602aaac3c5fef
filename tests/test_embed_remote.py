"""The remote embedder, against a real server of its protocol on this machine."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import numpy as np
import pytest
from embedding_server import Reply, Server, Silence, serving, small_model

from indexer import embed, errors
from indexer.embed import minilm

T = TypeVar("T")

SOON = {"Retry-After": "0.01"}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


def test_vectors_come_back_in_order_and_of_unit_length(server: Server) -> None:
    texts = [f"text {number}" for number in range(10)]
    assert near(embedded(settings(server, batch=3), texts), [unit(text) for text in texts])
    assert sorted(map(len, server.texts)) == [1, 3, 3, 3]
    assert {request.path for request in server.requests} == {"/v1/embeddings"}


def test_a_real_model_behind_a_server_gives_its_own_vectors() -> None:
    model = minilm.MiniLM()
    texts = ["How do we retry uploads?", "x"]
    with serving(lambda text: np.frombuffer(model.embed(text), np.float32)) as server:
        remote = embedded(settings(server, dimensions=384), texts)
    assert near(remote, embedded(embed.Settings(), texts))


def test_a_server_that_knows_only_lists_of_numbers_is_asked_for_these(server: Server) -> None:
    server.knows_base64 = False

    async def live(embedder: embed.Embedder) -> list[embed.Vector]:
        return await embedder.embed(["a"]) + await embedder.embed(["b"])

    assert near(living(settings(server), live), [unit("a"), unit("b")])
    assert [request.body["encoding_format"] for request in server.requests] == ["base64", "float", "float"]


def test_the_key_is_the_one_that_the_settings_name(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "from-the-environment")
    monkeypatch.setenv("OPENAI_ORG_ID", "an-organisation")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer another-one")
    monkeypatch.setenv("MY_KEY", "named-in-the-settings")
    embedded(settings(server, api_key_env="MY_KEY"), ["text"])
    embedded(settings(server), ["text"])
    sent = [json.dumps(dict(request.headers)) for request in server.requests]
    assert "Bearer named-in-the-settings" in sent[0]
    assert "named-in-the-settings" not in sent[1]
    for unwanted in ("from-the-environment", "an-organisation", "another-one"):
        assert unwanted not in "".join(sent)


def test_a_key_that_is_missing_is_said_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "no consent")
    monkeypatch.delenv("MY_KEY", raising=False)
    with pytest.raises(errors.ConfigError, match="api_key_env"):
        embed.embedder(embed.Settings(kind="openai"))
    with pytest.raises(errors.ConfigError, match="MY_KEY"):
        embed.embedder(embed.Settings(kind="openai", api_key_env="MY_KEY"))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(server: Server, status: int) -> None:
    server.replies.extend([Reply(status, headers=SOON), Reply(status, headers=SOON)])
    assert near(embedded(settings(server), ["text"]), [unit("text")])
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("status", "error", "says"),
    [
        (429, errors.Busy, "takes no more"),
        (500, errors.Unavailable, "failed"),
        (401, errors.ConfigError, "MY_KEY"),
        (403, errors.ConfigError, "MY_KEY"),
        (404, errors.ConfigError, "small"),
        (400, errors.ConfigError, "refused the request"),
        (422, errors.ConfigError, "refused the request"),
    ],
)
def test_what_does_not_pass_is_told_apart(
    server: Server, monkeypatch: pytest.MonkeyPatch, status: int, error: type[errors.IndexerError], says: str
) -> None:
    monkeypatch.setenv("MY_KEY", "a-secret-key")
    body = json.dumps({"error": {"message": "wrong: a-secret-key " + "blah " * 1000}}).encode()
    server.replies.extend([Reply(status, body, SOON)] * 3)

    async def live(embedder: embed.Embedder) -> None:
        with pytest.raises(error, match=says) as caught:
            await embedder.embed(["text"])
        assert "a-secret-key" not in str(caught.value)
        assert len(str(caught.value)) < 500
        assert embedder.state == embed.State("down", str(caught.value))
        server.replies.clear()
        await embedder.embed(["text"])
        assert embedder.state == embed.State("ready")

    living(settings(server, api_key_env="MY_KEY"), live)


def test_a_server_that_says_nothing_is_given_up(server: Server) -> None:
    server.replies.append(Silence())
    with pytest.raises(errors.Unavailable, match="in time"):
        embedded(settings(server, timeout_s=0.1, retries=0), ["text"])


def test_a_server_that_is_not_there_is_said_to_be(server: Server) -> None:
    with pytest.raises(errors.Unavailable, match=r"127\.0\.0\.1:9/v1 cannot be reached"):
        embedded(settings(server, base_url="http://127.0.0.1:9/v1", retries=0), ["text"])


def test_vectors_of_another_dimension_are_refused_with_the_fix(server: Server) -> None:
    with pytest.raises(errors.ConfigError, match="set them to 8"):
        embedded(settings(server, dimensions=1536), ["text"])


def test_the_server_shortens_vectors_only_when_asked_to(server: Server) -> None:
    embedded(settings(server), ["text"])
    embedded(settings(server, shorten=True), ["text"])
    assert ["dimensions" in request.body for request in server.requests] == [False, True]
    assert server.requests[1].body["dimensions"] == 8


@pytest.mark.parametrize(
    "body",
    [
        b"<html>no API here</html>",
        b"{}",
        b"[]",
        b"null",
        b'{"data": []}',
        b'{"data": [{"index": 0}]}',
        b'{"data": [{"index": 0, "embedding": "not base64!"}]}',
        b'{"data": [{"index": 0, "embedding": ["a", "b"]}]}',
        b'{"data": [{"index": 0, "embedding": [0, 0, 0, 0, 0, 0, 0, 0]}]}',
        b'{"data": [{"index": 0, "embedding": [NaN, 0, 0, 0, 0, 0, 0, 0]}]}',
        b'{"data": [7]}',
    ],
)
def test_an_answer_without_vectors_is_an_error(server: Server, body: bytes) -> None:
    server.replies.extend([Reply(200, body)] * 3)
    with pytest.raises(errors.Unavailable):
        embedded(settings(server), ["text"])


def test_every_text_can_be_sent(server: Server) -> None:
    hostile = ["", "\ud800", "\x00", "é" * 100_000, "🙂" * 50_000]
    assert len(embedded(settings(server), hostile)) == len(hostile)
    (sent,) = server.texts
    assert all(0 < len(text.encode()) <= 8000 for text in sent)


def test_a_request_stays_within_what_a_server_takes(server: Server) -> None:
    embedded(settings(server, batch=2048), ["word " * 2000] * 100)
    assert sum(map(len, server.texts)) == 100
    assert max(sum(map(len, texts)) for texts in server.texts) <= 250_000


def test_no_texts_no_requests(server: Server) -> None:
    assert embedded(settings(server), []) == []
    assert server.requests == []


def test_queries_and_documents_have_their_own_marks(server: Server) -> None:
    marked = settings(server, query_prefix="query: ", document_prefix="passage: ")
    embedded(marked, ["x"], is_query=True)
    embedded(marked, ["x"])
    assert server.texts == [["query: x"], ["passage: x"]]


@pytest.mark.parametrize("counts_tokens", [True, False])
def test_a_spent_budget_sends_nothing_more(server: Server, counts_tokens: bool) -> None:
    server.counts_tokens = counts_tokens

    async def live(embedder: embed.Embedder) -> None:
        await embedder.embed(["a text of quite some words"])
        with pytest.raises(errors.Busy, match="budget"):
            await embedder.embed(["a text of quite some words " * 10])
        assert embedder.state.name == "down"

    living(settings(server, tokens_per_day=20), live)
    assert len(server.requests) == 1


def test_a_query_does_not_wait_for_the_pace_of_background_work(server: Server) -> None:
    async def live(embedder: embed.Embedder) -> None:
        await embedder.embed(["first"])
        background = asyncio.create_task(embedder.embed(["second"]))
        await embedder.embed(["query"], is_query=True)
        assert not background.done()
        background.cancel()

    living(settings(server, requests_per_minute=1), live)
    assert server.texts == [["first"], ["query"]]


def test_a_closed_embedder_says_so(server: Server) -> None:
    async def live(embedder: embed.Embedder) -> None:
        await embedder.close()
        with pytest.raises(errors.Unavailable, match="closed"):
            await embedder.embed(["text"])
        assert embedder.state.name == "down"

    living(settings(server), live)


def settings(server: Server, **changes: object) -> embed.Settings:
    basic = embed.Settings(kind="openai", base_url=server.url, model="small", dimensions=8, retries=2)
    return dataclasses.replace(basic, **changes)  # type: ignore[arg-type]


def embedded(given: embed.Settings, texts: list[str], *, is_query: bool = False) -> list[embed.Vector]:
    async def live(embedder: embed.Embedder) -> list[embed.Vector]:
        vectors = await embedder.embed(texts, is_query=is_query)
        assert embedder.state == embed.State("ready")
        return vectors

    return living(given, live)


def living(given: embed.Settings, live: Callable[[embed.Embedder], Awaitable[T]]) -> T:
    async def run() -> T:
        embedder = embed.embedder(given)
        try:
            return await live(embedder)
        finally:
            await embedder.close()

    return asyncio.run(run())


def unit(text: str) -> embed.Vector:
    vector = small_model(text)
    return [float(number) for number in vector / np.linalg.norm(vector)]


def near(one: list[embed.Vector], other: list[embed.Vector]) -> bool:
    return bool(np.allclose(one, other, atol=1e-6))
