"""Search when the embedder is away, is not the one the database's vectors are from, or is changed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import embedding_server
import numpy as np
import numpy.typing as npt
import pytest
from database import fresh
from served import Served, served

from indexer import client

pytest_plugins = ["database"]

TREE = {"kites.py": 'def fly_a_kite():\n    """Takes a kite into the wind."""\n\n\ndef land():\n    pass\n'}


def wide_model(text: str) -> npt.NDArray[np.float32]:
    """Sixteen numbers, where the small model has eight."""
    return np.concatenate([embedding_server.small_model(text)] * 2)


def configured(patch: pytest.MonkeyPatch, url: str, model: str, dimensions: int) -> None:
    settings = {"KIND": "openai", "BASE_URL": url, "MODEL": model, "DIMENSIONS": dimensions, "RETRIES": 0}
    for name, value in settings.items():
        patch.setenv(f"INDEXER_EMBEDDER_{name}", str(value))


def ask(daemon: client.Client) -> dict[str, Any]:
    answer: dict[str, Any] = daemon.call("search.all", {"query": "fly a kite", "memories": False, "sync": True})
    assert "fly_a_kite" in [item["symbol"]["name"] for item in answer["items"]]
    return answer


def until(daemon: client.Client, said: str | None) -> dict[str, Any]:
    """The first answer whose note says this; with None, the first that has similarities."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = ask(daemon)
        note, why = answer["note"] or "", answer["items"][0]["why"]
        if said in note if said is not None else any("similarity" in phrase for phrase in why):
            return answer
        time.sleep(0.05)
    raise AssertionError(answer)


@pytest.fixture
def dsn(server: str, template: str) -> Iterator[str]:
    yield from fresh(server, template)


def restarted(project: Served, dsn: str) -> client.Client:
    """Another daemon on the same project, with the settings as they are by now."""
    environ = {**os.environ, "INDEXER_DSN": dsn, "XDG_RUNTIME_DIR": str(project.root.parent)}
    project.daemon.close()
    client.stop(project.root, environ)
    return client.ensure(project.root, environ)


def test_an_embedder_that_is_away_is_said_and_words_still_find(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with embedding_server.serving() as gone:
        configured(monkeypatch, gone.url, "small", 8)
    with served(dsn, TREE) as project:
        assert "has the words fly, kite" in until(project.daemon, "By words alone: ")["items"][0]["why"]
        deadline = time.monotonic() + 30
        while not (problems := project.ask("system.status")["search"]["problems"]) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert problems


def test_vectors_of_another_width_than_configured_are_said(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with embedding_server.serving() as eight:
        configured(monkeypatch, eight.url, "small", 16)
        with served(dsn, TREE) as project:
            assert "8" in until(project.daemon, "By words alone: ")["note"]


def test_another_model_is_refused_with_the_fix_and_then_changed_over_to(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with embedding_server.serving() as small, embedding_server.serving(wide_model) as wide:
        configured(monkeypatch, small.url, "small", 8)
        with served(dsn, TREE) as project:
            until(project.daemon, None)
            configured(monkeypatch, wide.url, "wide", 16)
            with restarted(project, dsn) as daemon:
                note = until(daemon, "The database's vectors are of small")["note"]
                assert "indexer maintain --embedder" in note
                assert not wide.requests
                daemon.call("system.maintain", {"embedder": True})
                until(daemon, None)
                assert daemon.call("system.status")["search"]["embedder"] == "wide"
                assert wide.requests
