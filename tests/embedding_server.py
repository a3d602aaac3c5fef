"""A real HTTP server that speaks OpenAI's embeddings API, and misbehaves when told to."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]
Model = Callable[[str], Vector]


@dataclass(frozen=True)
class Request:
    """What the server was asked."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """What it answers instead of vectors."""

    status: int
    body: bytes = b'{"error": {"message": "no"}}'
    headers: Mapping[str, str] = field(default_factory=dict)


class Silence:
    """It answers nothing until the server ends."""


@dataclass
class Server:
    """What the server does next, and what it was asked so far."""

    url: str
    model: Model
    #: Used up one a request, before any vectors.
    replies: deque[Reply | Silence] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)
    knows_base64: bool = True
    counts_tokens: bool = True
    ending: threading.Event = field(default_factory=threading.Event)

    @property
    def texts(self) -> list[list[str]]:
        """The texts of each request."""
        return [list(request.body["input"]) for request in self.requests]

    def reply(self, request: Request) -> Reply:
        self.requests.append(request)
        with contextlib.suppress(IndexError):
            planned = self.replies.popleft()
            if isinstance(planned, Reply):
                return planned
            self.ending.wait()
        as_base64 = request.body.get("encoding_format") == "base64"
        if as_base64 and not self.knows_base64:
            return Reply(400, b'{"error": {"message": "encoding_format must be float"}}')
        vectors = [self.model(text) for text in request.body["input"]]
        rows = [
            {"object": "embedding", "index": index, "embedding": _written(vector, as_base64)}
            for index, vector in enumerate(vectors)
        ]
        # The order in which rows come is not promised; their index is.
        answer: dict[str, Any] = {"object": "list", "data": rows[::-1], "model": request.body["model"]}
        if self.counts_tokens:
            n_tokens = sum(len(text.split()) for text in request.body["input"])
            answer["usage"] = {"prompt_tokens": n_tokens, "total_tokens": n_tokens}
        return Reply(200, json.dumps(answer).encode())


def small_model(text: str) -> Vector:
    """Eight numbers that depend on the text alone, not of unit length."""
    return np.frombuffer(hashlib.sha256(text.encode()).digest(), "u1")[:8].astype(np.float32) - 127.5


@contextlib.contextmanager
def serving(model: Model = small_model) -> Iterator[Server]:
    """A server on a free port of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as http:
        server = Server(f"http://127.0.0.1:{http.server_address[1]}/v1", model)
        http.script = server  # type: ignore[attr-defined]
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.ending.set()
            http.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        script: Server = self.server.script  # type: ignore[attr-defined]
        reply = script.reply(Request(self.path, dict(self.headers.items()), body))
        with contextlib.suppress(ConnectionError):
            self.send_response(reply.status)
            headers = {"Content-Type": "application/json", **reply.headers, "Content-Length": str(len(reply.body))}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def _written(vector: Vector, as_base64: bool) -> str | list[float]:
    return base64.b64encode(vector.astype("<f4").tobytes()).decode() if as_base64 else vector.tolist()
