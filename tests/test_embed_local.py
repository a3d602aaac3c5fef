"""The local embedder: its vectors against float32, its worker process, and what happens when that fails."""

from __future__ import annotations

import asyncio
import math
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from indexer import embed, errors
from indexer.embed import minilm, onnxfile, wordpiece

Floats = npt.NDArray[np.float32]

TEXTS = [
    "How do we retry uploads?",
    "Uploads are tried again five times, with a pause that doubles.",
    "def retry_upload(client, path, attempts=5):\n    for attempt in range(attempts):\n        client.put(path)",
    "class Invoice(models.Model):\n    number = models.CharField(max_length=20)\n    paid = models.BooleanField()",
    "the weather in Lisbon",
    "x",
    "",
]
HOSTILE = ["", " \t\n", "\x00", "\ud800 lone", "\ufffd", "🙂" * 500, "z" * 1_000_000, "[SEP] " * 200, "\u0301" * 4000]


@dataclass(frozen=True)
class Bench:
    """An embedder with the loop that it lives in."""

    runner: asyncio.Runner
    embedder: embed.Embedder

    def vectors(self, texts: list[str]) -> list[embed.Vector]:
        return self.runner.run(self.embedder.embed(texts))


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """One embedder for the tests that only embed."""
    with asyncio.Runner() as runner:
        embedder = embed.embedder(embed.Settings(threads=2))
        yield Bench(runner, embedder)
        runner.run(embedder.close())


def test_a_vector_is_that_of_the_float32_model(bench: Bench) -> None:
    reference = Reference()
    vectors = zip(TEXTS, bench.vectors(TEXTS), strict=True)
    cosines = [cosine(vector, reference.vector(text)) for text, vector in vectors]
    # The empty text comes off worst, at .982.
    assert min(cosines) > 0.98
    assert sum(cosines) / len(cosines) > 0.99


def test_vectors_are_unit_float32_in_order(bench: Bench) -> None:
    one_by_one = [bench.vectors([text])[0] for text in TEXTS]
    assert bench.vectors(TEXTS * 5) == one_by_one * 5
    for vector in one_by_one:
        assert math.isclose(float(np.linalg.norm(vector)), 1, abs_tol=1e-5)
        assert np.asarray(vector).dtype == np.float32
        assert len(vector) == 384
    assert bench.embedder.dimensions == 384


def test_what_means_the_same_is_near(bench: Bench) -> None:
    query, decision, code, model, weather = bench.vectors(TEXTS[:5])
    near, far = [cosine(query, other) for other in (decision, code)], [cosine(query, other) for other in (model, weather)]
    assert min(near) > max(far) + 0.2


def test_any_text_has_a_vector(bench: Bench) -> None:
    for vector in bench.vectors(HOSTILE):
        assert np.isfinite(vector).all()


def test_no_texts_no_vectors(bench: Bench) -> None:
    assert bench.vectors([]) == []


def test_the_worker_stays_small(bench: Bench) -> None:
    bench.vectors([f"{text} {number}" * 50 for number in range(10) for text in TEXTS])
    (worker,) = workers()
    assert resident_mb(worker) <= 120


def test_a_query_overtakes_background_work(bench: Bench) -> None:
    async def overtake() -> bool:
        background = asyncio.create_task(bench.embedder.embed(["a long text " * 100] * 400))
        await bench.embedder.embed(["one that runs"])
        await bench.embedder.embed(["a query"], is_query=True)
        overtook = not background.done()
        background.cancel()
        return overtook

    # The background's first request is under way when a second one is answered, so its worker is busy.
    assert bench.runner.run(overtake())


def test_it_starts_with_the_first_text_ends_when_idle_and_starts_again() -> None:
    async def live(embedder: embed.Embedder) -> None:
        assert embedder.state == embed.State("idle")
        assert started() == set()
        (first,) = await embedder.embed(["text"])
        await until(lambda: not started())
        assert embedder.state == embed.State("idle")
        assert await embedder.embed(["text"]) == [first]

    started = since_now()
    living(embed.Settings(idle_s=0.05), live)


def test_a_killed_worker_costs_nothing_but_time() -> None:
    async def live(embedder: embed.Embedder) -> None:
        texts = [f"text number {number} " * 20 for number in range(60)]
        expected = await embedder.embed(texts)
        work = asyncio.create_task(embedder.embed(texts))
        await embedder.embed(["under way"], is_query=True)
        (worker,) = started()
        os.kill(worker, signal.SIGKILL)
        assert await work == expected
        assert embedder.state == embed.State("ready")
        assert started().isdisjoint({worker})

    started = since_now()
    living(embed.Settings(threads=1), live)


def test_a_worker_that_dies_twice_fails_its_texts_and_the_next_ones_try_again() -> None:
    async def live(embedder: embed.Embedder) -> None:
        work = asyncio.create_task(embedder.embed(["a long text " * 100] * 4000))
        for _ in range(2):
            await until(lambda: embedder.state.name == "ready" and len(started()) == 1)
            await kill(*started())
        with pytest.raises(errors.Unavailable, match="signal 9"):
            await work
        await until_it_works(embedder)
        assert embedder.state == embed.State("ready")

    started = since_now()
    living(embed.Settings(threads=1), live)


def test_a_cancelled_text_leaves_one_worker_loading() -> None:
    async def live(embedder: embed.Embedder) -> None:
        impatient = asyncio.create_task(embedder.embed(["text"], is_query=True))
        await until(lambda: embedder.state.name == "loading")
        impatient.cancel()
        await until(lambda: embedder.state.name == "ready")
        (worker,) = started()
        await asyncio.gather(*(embedder.embed(["text"]) for _ in range(5)))
        assert started() == {worker}

    started = since_now()
    living(embed.Settings(), live)


def test_closing_ends_the_worker_and_fails_what_waits() -> None:
    async def live(embedder: embed.Embedder) -> None:
        loading = asyncio.create_task(embedder.embed(["text"]))
        await until(lambda: embedder.state.name == "loading")
        await embedder.close()
        with pytest.raises(errors.Unavailable, match="closed"):
            await loading
        with pytest.raises(errors.Unavailable, match="closed"):
            await embedder.embed(["text"])
        await embedder.close()
        assert embedder.state.name == "down"
        assert started() == set()

    started = since_now()
    living(embed.Settings(), live)


def test_the_worker_does_not_outlive_a_killed_daemon() -> None:
    script = """
import asyncio
from indexer import embed

async def main():
    embedder = embed.embedder(embed.Settings())
    await embedder.embed(["text"])
    print("ready", flush=True)
    await embedder.embed(["a long text " * 100] * 100_000)

asyncio.run(main())
"""
    root = Path(embed.__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=root) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline() == b"ready\n"
        (worker,) = workers(daemon.pid)
        daemon.kill()
    asyncio.run(until(lambda: not is_running(worker)))


def test_nothing_in_the_current_folder_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("numpy", "onnxruntime", "msgspec", "indexer"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('a file of the project was run')")
    monkeypatch.chdir(tmp_path)
    living(embed.Settings(), until_it_works)


def test_weights_with_a_wrong_hash_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "model.onnx"
    shutil.copy(minilm.installed_weights(), weights)
    living(embed.Settings(weights=weights), until_it_works)
    with weights.open("r+b") as file:
        file.seek(5_000_000)
        file.write(b"\x01\x02\x03")
    living(embed.Settings(weights=weights), refused("SHA-256"))


@pytest.mark.parametrize("content", [b"", b"no model"])
def test_rubbish_for_weights_is_refused(tmp_path: Path, content: bytes) -> None:
    weights = tmp_path / "model.onnx"
    weights.write_bytes(content)
    living(embed.Settings(weights=weights), refused("SHA-256"))


def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    living(embed.Settings(weights=tmp_path / "missing.onnx"), refused("missing.onnx"))


@pytest.mark.parametrize(
    "settings",
    [
        embed.Settings(model="another"),
        embed.Settings(dimensions=1536),
        embed.Settings(kind="surprise"),  # type: ignore[arg-type]
    ],
)
def test_settings_that_cannot_be_right_are_refused(settings: embed.Settings) -> None:
    with pytest.raises(errors.ConfigError):
        embed.embedder(settings)


def test_kind_none_makes_no_vectors_and_no_fuss() -> None:
    async def live(embedder: embed.Embedder) -> None:
        assert await embedder.embed(["text"], is_query=True) == []
        assert embedder.dimensions is None
        assert embedder.state == embed.State("ready")

    living(embed.Settings(kind="none"), live)


@pytest.mark.parametrize("content", [b"\xff", b"no model", b"\x3a\x7f", b"\x3a\x02\x2a\x7f", b"\x0b\x0b"])
def test_bytes_that_are_no_model_are_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError, match="not an ONNX model"):
        onnxfile.read_tensors(memoryview(content))


def living(settings: embed.Settings, live: Callable[[embed.Embedder], Awaitable[None]]) -> None:
    """Run `live` with an embedder, and close that."""

    async def run() -> None:
        embedder = embed.embedder(settings)
        try:
            await live(embedder)
        finally:
            await embedder.close()

    asyncio.run(run())


def refused(reason: str) -> Callable[[embed.Embedder], Awaitable[None]]:
    """Every attempt fails for this reason, and the state says so."""

    async def live(embedder: embed.Embedder) -> None:
        for _ in range(2):
            with pytest.raises(errors.Unavailable, match=reason):
                await embedder.embed(["text"])
            assert embedder.state.name == "down"
            assert reason in str(embedder.state.error)

    return live


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition that must come."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 – the condition is about another process
            await asyncio.sleep(0.005)


async def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    await until(lambda: not is_running(pid))


async def until_it_works(embedder: embed.Embedder) -> None:
    """After failures there is a pause in which every text is refused."""
    async with asyncio.timeout(60):
        while True:
            try:
                await embedder.embed(["text"])
                return
            except errors.Unavailable:
                await asyncio.sleep(0.05)


def workers(parent: int | None = None) -> set[int]:
    """The pids of a process's embedding workers."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            ppid = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if ppid == (parent or os.getpid()) and b"indexer.embed.worker" in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def since_now() -> Callable[[], set[int]]:
    """The workers that are not there now: another embedder of the same test process may have one."""
    before = workers()
    return lambda: workers() - before


def is_running(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def resident_mb(pid: int) -> float:
    lines = (Path("/proc") / str(pid) / "status").read_text().splitlines()
    (kilobytes,) = (int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return kilobytes * 1024 / 1e6


def cosine(one: embed.Vector, other: embed.Vector | Floats) -> float:
    return float(np.asarray(one) @ np.asarray(other))


def erf(x: Any) -> Any:
    """To 1.5e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    coefficients = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592, 0)
    return np.sign(x) * (1 - np.polyval(coefficients, t) * np.exp(-x * x))


class Reference:
    """The same weights, computed as written down: float32, one operation after another, nothing fused or
    quantised."""

    def __init__(self) -> None:
        raw = onnxfile.read_tensors(memoryview(minilm.installed_weights().read_bytes()))
        self.named = {name.removeprefix("inner."): value for name, value in raw.items()}
        self.matrices = [
            raw[name].astype(np.float32) * raw[name.removesuffix("_q") + "_scale"]
            for name in raw
            if name.startswith("val_") and name.endswith("_q")
        ]
        self.encode = wordpiece.encoder(wordpiece.read_vocabulary(), 128)

    def vector(self, text: str) -> Floats:
        ids = self.encode(text)
        words, places = self.rows("word", ids), self.rows("position", list(range(len(ids))))
        segment = self.named["embeddings.token_type_embeddings.weight"][0]
        hidden = self.normalise(words + places + segment, "embeddings.")
        for number in range(6):
            hidden = self.layer(hidden, f"encoder.layer.{number}.", self.matrices[6 * number : 6 * number + 6])
        mean = hidden.mean(axis=0)
        unit: Floats = (mean / np.linalg.norm(mean)).astype(np.float32)
        return unit

    def layer(self, hidden: Any, name: str, matrices: list[Any]) -> Any:
        parts = ("attention.self.query", "attention.self.key", "attention.self.value")
        query, key, value = (
            self.heads(hidden @ matrix + self.named[f"{name}{part}.bias"])
            for part, matrix in zip(parts, matrices, strict=False)
        )
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(32)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        attended = (weights / weights.sum(axis=-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(hidden.shape)
        out = attended @ matrices[3] + self.named[f"{name}attention.output.dense.bias"]
        hidden = self.normalise(out + hidden, f"{name}attention.output.")
        inner = hidden @ matrices[4] + self.named[f"{name}intermediate.dense.bias"]
        activated = inner * 0.5 * (1 + erf(inner / math.sqrt(2)))
        outer = activated @ matrices[5] + self.named[f"{name}output.dense.bias"]
        return self.normalise(outer + hidden, f"{name}output.")

    def heads(self, values: Any) -> Any:
        return values.reshape(len(values), 12, 32).transpose(1, 0, 2)

    def rows(self, table: str, numbers: list[int]) -> Any:
        weights = self.named[f"embeddings.{table}_embeddings.weight_q"][numbers].astype(np.float32)
        return weights * self.named[f"embeddings.{table}_embeddings.weight_scale"][numbers]

    def normalise(self, values: Any, name: str) -> Any:
        centred = values - values.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        return scaled * self.named[f"{name}LayerNorm.weight"] + self.named[f"{name}LayerNorm.bias"]
