"""What it costs to index a tree and to ask it: `python -m tests.bench TREE`.

In one run and on a private database: a cold index and a second one with nothing changed, in CPU-seconds by
kind of process with PostgreSQL's, and peak memory; beside them the bare parse of the same files and `ctags
-R`; then the daemon's answers over its socket, in milliseconds. The program is called as a user calls it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer import sockets
from tests.accuracy import projects

from . import processes

#: The program; INDEXER in the environment names another command.
_MODULE = os.environ.get("INDEXER", f"{sys.executable} -m indexer").split()


@dataclass(frozen=True)
class Latency:
    """How long the answers to one method took, in milliseconds; `empty` counts answers without an item."""

    method: str
    n: int
    empty: int
    p50: float
    p95: float
    worst: float


def main() -> None:
    options = _options()
    processes.adopt_descendants()
    root = (options.tree or projects.source_tree(projects.DJANGO, options.cache)).resolve()
    with _private_home() as environment:
        _prepare(environment)
        cold = processes.measure([*_MODULE, "index", str(root), "--json"], environment)
        if cold.exit_code:
            raise SystemExit(f"indexing failed: {cold.output}")
        again = processes.measure([*_MODULE, "index", str(root), "--json"], environment)
        records = _export(root, environment)
        parse, size = _bare_parse(root, records, environment)
        tags = _ctags(root, environment)
        latencies = _latencies(root, records, environment, options.symbols)
    costs = {"cold index": cold, "second index": again, "bare parse": parse, "ctags -R": tags}
    _print(root, records, size, costs, latencies)
    if options.json is not None:
        facts = {
            "costs": {name: asdict(cost) for name, cost in costs.items() if cost},
            "latencies": list(map(asdict, latencies)),
        }
        options.json.write_text(json.dumps(facts, indent=1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", type=Path, nargs="?", help="what to index (nothing is written into it); else Django 5.2")
    parser.add_argument("--cache", type=Path, default=projects.default_cache(), help="where Django is downloaded to")
    parser.add_argument("--symbols", type=int, default=300, metavar="N", help="how many symbols to ask for")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    return parser.parse_args()


@contextmanager
def _private_home() -> Iterator[dict[str, str]]:
    """An environment with a home of its own; at the end everything that was started in it has stopped."""
    folder = tempfile.mkdtemp(prefix="indexer-bench-")
    try:
        yield {**os.environ, "INDEXER_HOME": folder}
    finally:
        _wait_until_gone()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_gone(patience: float = 15.0) -> None:
    """Wait for the database's holder, which leaves by itself; say so and end it if it does not."""
    deadline = time.monotonic() + patience
    while left := processes.descendants():
        processes.reap_orphans()
        if time.monotonic() > deadline:
            print(f"still running: {[processes.kind_of(stat.pid) for stat in left]}", file=sys.stderr)
            for stat in left:
                os.kill(stat.pid, signal.SIGKILL)
            deadline += patience
        time.sleep(0.05)


def _prepare(environment: dict[str, str]) -> None:
    """Index an empty folder, so that making the database cluster is not counted."""
    with tempfile.TemporaryDirectory(prefix="indexer-bench-empty-") as empty:
        subprocess.run([*_MODULE, "index", empty], env=environment, stdout=subprocess.DEVNULL)


def _export(root: Path, environment: dict[str, str]) -> list[dict[str, Any]]:
    command = [*_MODULE, "export", str(root), "--format", "jsonl"]
    lines = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout.splitlines()
    if not lines:
        raise SystemExit("the export is empty")
    return [json.loads(line) for line in lines]


def _bare_parse(root: Path, records: list[dict[str, Any]], environment: dict[str, str]) -> tuple[processes.Cost, int]:
    """Parse every file that the index knows in one process that does nothing else; and their bytes."""
    files = {(r["language"], r["path"]) for r in records if r["record"] == "symbol"}
    listing = "".join(f"{language}\t{root / path}\n" for language, path in sorted(files))
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as names:
        names.write(listing)
        names.flush()
        script = Path(__file__).with_name("bare_parse.py")
        cost = processes.measure([sys.executable, str(script), names.name], environment)
    return cost, int(cost.output or 0)


def _ctags(root: Path, environment: dict[str, str]) -> processes.Cost | None:
    if shutil.which("ctags") is None:
        return None
    return processes.measure(["ctags", "--quiet=yes", "-R", "-f", os.devnull, str(root)], environment)


def _latencies(root: Path, records: list[dict[str, Any]], environment: dict[str, str], n: int) -> list[Latency]:
    """Ask a daemon for random symbols, the same in every run; a quarter of them first, to warm it up."""
    subprocess.run([*_MODULE, "up", str(root)], env=environment, stdout=subprocess.DEVNULL, check=True)
    try:
        symbols = [r for r in records if r.get("type") in ("function", "method", "class")]
        chosen = random.Random(0).sample(symbols, min(n, len(symbols)))
        path = sockets.socket_path(sockets.runtime_dir(environment), sockets.project_key(str(root)))
        with _Connection(path) as daemon:
            return [
                _latency(daemon, "symbols.find", [{"name": symbol["name"]} for symbol in chosen]),
                _latency(daemon, "graph.callers", [{"symbol": symbol["id"]} for symbol in chosen]),
                _latency(daemon, "graph.impact", [{"symbol": symbol["id"]} for symbol in chosen]),
            ]
    finally:
        subprocess.run([*_MODULE, "down", "--project", str(root)], env=environment, stdout=subprocess.DEVNULL)


class _Connection:
    """A socket that speaks one line at a time, as a shell would."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> _Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._socket.close()

    def call(self, method: str, params: dict[str, Any]) -> tuple[float, bytes]:
        """Milliseconds from the first byte sent to the last received, and the answer."""
        line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode() + b"\n"
        start = time.perf_counter()
        self._socket.sendall(line)
        answer = self._lines.readline()
        return (time.perf_counter() - start) * 1000, answer


def _latency(daemon: _Connection, method: str, questions: list[dict[str, Any]]) -> Latency:
    for params in questions[: len(questions) // 4]:
        daemon.call(method, params)
    times, empty = [], 0
    for params in questions:
        milliseconds, answer = daemon.call(method, params)
        decoded = json.loads(answer)
        if "error" in decoded:
            raise SystemExit(f"{method} {params}: {decoded['error']}")
        times.append(milliseconds)
        empty += not decoded["result"]["items"]
    times.sort()
    return Latency(method, len(times), empty, _at(times, 0.5), _at(times, 0.95), times[-1])


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _print(
    root: Path,
    records: list[dict[str, Any]],
    size: int,
    costs: dict[str, processes.Cost | None],
    latencies: list[Latency],
) -> None:
    counts = Counter(record["record"] for record in records)
    n_imports = sum(record.get("type") == "import" for record in records)
    print(
        f"{root.name}: {size / 1e6:.1f} MB, {counts['symbol'] - n_imports} symbols and {n_imports} imports,"
        f" {counts['reference']} sites, {counts['relationship']} relationships\n"
    )
    print(f"{'':14}{'wall s':>8}{'CPU s':>8}{'MB/CPU s':>10}{'peak RSS':>10}{'peak PSS':>10}  CPU by kind")
    for name, cost in costs.items():
        if cost is None:
            print(f"{name:14}not installed")
            continue
        kinds = ", ".join(f"{kind or 'unknown'} {cpu:.2f}" for kind, cpu in cost.cpu_by_kind.items() if cpu >= 0.01)
        rate = size / 1e6 / cost.cpu if cost.cpu else 0.0
        memory = f"{cost.peak_rss / 1e6:>7.0f} MB{cost.peak_pss / 1e6:>7.0f} MB"
        print(f"{name:14}{cost.wall:>8.2f}{cost.cpu:>8.2f}{rate:>10.1f}{memory}  {kinds}")
        if name.endswith("index") and cost.output.strip():
            print(f"{'':14}{' '.join(cost.output.split())[:400]}")
    print(f"\n{'':16}{'asked':>6}{'empty':>7}{'p50 ms':>9}{'p95 ms':>9}{'worst':>9}")
    for answer in latencies:
        print(f"{answer.method:16}{answer.n:>6}{answer.empty:>7}{answer.p50:>9.2f}{answer.p95:>9.2f}{answer.worst:>9.2f}")


if __name__ == "__main__":
    main()
