"""What answers cost through the socket, beside 100,000 memories: `python -m tests.bench answers TREE [--vectors] [--memories N]`.

TREE is indexed in a home of its own (or in that of `--home`, which is kept), made-up memories are stored in the project's vault, and
a daemon serves both. With `--vectors`, five hundred texts of symbols and as many of memories are embedded, the others get vectors made
from these (see `filling`), questions are embedded as always, and search is measured by words, by meaning and by both.
Then one client asks one question after another: symbols drawn uniformly, by exact name, in another case style, with a typo, or by a
name that is nowhere. CPU is that of the daemon and the database: on a busy machine compare that.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer import client, database
from indexer.store import connect, rows

from . import bench_memories, filling

#: Letters of the shortest name that a typo is made in.
_SHORTEST = 4
_QUESTIONS = (
    "how are passwords hashed", "redirect to the login page", "parse the accept language header", "retry a database connection",
    "escape html", "where is the session cookie set", "truncate a string to some words", "validate that a field is unique",
    "cache timeout of a key", "quote the name of a table", "serialize a migration", "render a template to a string",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What a kind of question costs: milliseconds as the client sees them, and of CPU each."""

    name: str
    p50: float
    p95: float
    cpu: float
    found: float

    def __str__(self) -> str:
        return f"{self.name:44}{self.p50:8.2f}{self.p95:8.2f}{self.cpu:9.2f}{self.found:8.1%}"


Ask = Callable[[str, dict[str, Any]], Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("tree", type=Path)
    parser.add_argument("--memories", type=int, default=100_000)
    parser.add_argument("--vectors", action="store_true", help="make vectors, and measure what is asked by meaning")
    parser.add_argument("--questions", type=int, default=300, help="of each kind")
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-answers-") as made:
        home = options.home or Path(made)
        os.environ["INDEXER_HOME"] = str(home)
        os.environ["XDG_CONFIG_HOME"] = str(home / "config")
        os.environ.pop("INDEXER_DSN", None)
        if not options.vectors:
            os.environ["INDEXER_EMBEDDER_KIND"] = "none"
        root = str(options.tree.resolve())
        started = time.monotonic()
        subprocess.run([sys.executable, "-m", "indexer", "index", root], check=True, stdout=subprocess.DEVNULL)
        lease = database.acquire(database.home(os.environ))
        try:
            asyncio.run(_fill(lease.dsn, root, options.memories, options.vectors))
            subprocess.run([sys.executable, "-m", "indexer", "up", root], check=True, stdout=subprocess.DEVNULL)
            with client.connect(root) as daemon:
                _wait(daemon, options.memories, options.vectors)
                print(f"Filled in {time.monotonic() - started:.0f} s.")
                _report(daemon, asyncio.run(_server(lease.dsn)), options.questions, options.vectors)
        finally:
            client.stop(root)
            lease.close()


async def _fill(dsn: str, root: str, n_memories: int, with_vectors: bool) -> None:
    there = await connect.connect(dsn, connect.EMBEDDED, "bench")
    project, name = await there.fetchrow("SELECT id, name FROM projects WHERE root = $1", root)
    await there.close()
    await filling.fill(dsn, project, name, root, n_memories, with_vectors)


async def _server(dsn: str) -> int:
    """The database server's process."""
    there = await connect.connect(dsn, connect.EMBEDDED, "bench")
    server = int((await there.fetchval("SELECT pg_read_file('postmaster.pid')")).split()[0])
    await there.close()
    return server


def _wait(daemon: client.Client, n_memories: int, with_vectors: bool) -> None:
    while True:
        daemon.call("search.all", {"query": "ready", "sync": True}, timeout=None)
        search = daemon.call("system.status")["search"]
        pending = search["vectors_pending"] + search["memory_vectors_pending"]
        if search["memories"] >= n_memories and not search["is_building"] and not (with_vectors and (pending or not search["vectors"])):
            return
        time.sleep(1)


def _report(daemon: client.Client, server: int, n: int, with_vectors: bool) -> None:
    source = random.Random(7)
    symbols = _symbols(daemon)
    main_ones = [each for each in symbols if each["type"] in ("function", "method", "class")]
    chosen = source.sample(main_ones, min(n, len(main_ones)))
    anything = source.sample(symbols, min(n, len(symbols)))

    def line(name: str, method: str, questions: Sequence[dict[str, Any]], is_found: Callable[[dict[str, Any], Any], bool]) -> None:
        print(_measured(daemon, server, name, method, questions, is_found), flush=True)

    def named(params: dict[str, Any], answer: Any) -> bool:
        return any(item["name"] == params["_name"] for item in answer["items"][:10])

    print(f"{len(symbols):,} symbols; load {os.getloadavg()[0]:.1f}\n{'':44}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>9}{'found':>8}")
    for what, some in (("any symbol", anything), ("function, method, class", chosen)):
        line(f"find {what}", "symbols.find", [{"name": each["name"], "_name": each["name"]} for each in some], named)
    styled = [{"name": _styled(each["name"], source), "_name": each["name"]} for each in chosen]
    line("find in another case style", "symbols.find", styled, _folded)
    longer = [each for each in chosen if len(each["name"]) >= _SHORTEST]
    line("find with a typo", "symbols.find", [{"name": _mistyped(e["name"], source), "_name": e["name"]} for e in longer], named)
    nowhere = [{"name": "".join(source.choices("abcdefghijklmnopqrstuvwxyz_", k=14))} for _ in chosen]
    line("find a name that is nowhere", "symbols.find", nowhere, lambda _, answer: not answer["items"])
    for method in ("symbols.show", "graph.callers", "graph.callees", "graph.refs", "graph.impact"):
        line(f"{method} by id", method, [{"symbol": each["id"]} for each in anything], lambda _, answer: bool(answer["items"]))
    by_name = [{"symbol": each["qualified_name"]} for each in chosen if each["n_same"] == 1]
    line("graph.callers by qualified name", "graph.callers", by_name, lambda _, answer: bool(answer["items"]))
    _search(daemon, line, with_vectors)


def _search(daemon: client.Client, line: Callable[..., None], with_vectors: bool) -> None:
    def any_items(_: object, answer: Any) -> bool:
        return bool(answer["items"])

    source = random.Random(3)
    vocabulary = "".join(itertools.islice(bench_memories.texts(1), 50)).split()
    of_memories = [" ".join(source.sample(vocabulary, 4)) for _ in range(150)]
    for by in ("words", "meaning", "both")[: 3 if with_vectors else 1]:
        # Each question is another one for each list: what was embedded once is kept.
        numbered = [f"{question} {source.choice(vocabulary)}" for question in _QUESTIONS * 15]
        line(f"search by {by}", "search.all", [{"query": text, "by": by} for text in numbered], any_items)
        only_code = [{"query": f"{text} a", "by": by, "memories": False} for text in numbered]
        line(f"the same, only code, by {by}", "search.all", only_code, any_items)
        only_memories = [{"query": f"{text} {by}", "by": by, "code": False} for text in of_memories]
        line(f"only memories, by {by}", "search.all", only_memories, any_items)
        narrow = [{**each, "query": f"{each['query']} a", "tags": ["user"], "min_importance": 0.5} for each in only_memories]
        line(f"memories under filters, by {by}", "search.all", narrow, any_items)
        again = [{**each, "query": numbered[0]} for each in only_code]
        line(f"only code, the same question again, by {by}", "search.all", again, any_items)
    line("context", "search.context", [{"about": question, "budget": 4000} for question in _QUESTIONS * 3], any_items)
    for name, pattern in (("characters", "get_queryset"), ("a regular expression", r"def get_\w+\(self")):
        asked = [{"pattern": pattern, "limit": 20, "regex": name != "characters"}] * 20
        line(f"{name} in files", "search.text", asked, any_items)


def _symbols(daemon: client.Client) -> list[dict[str, Any]]:
    """Every symbol but imports, with the number of those of one qualified name."""
    run = subprocess.run(
        [sys.executable, "-m", "indexer", "export", daemon.hello.project, "--format", "jsonl"], check=True, stdout=subprocess.PIPE
    )
    records = [json.loads(text) for text in run.stdout.splitlines()]
    symbols = [each for each in records if each["record"] == "symbol" and each["type"] != "import"]
    counts: dict[str, int] = {}
    for each in symbols:
        counts[each["qualified_name"]] = counts.get(each["qualified_name"], 0) + 1
    return [{**each, "n_same": counts[each["qualified_name"]]} for each in symbols]


def _measured(
    daemon: client.Client, server: int, name: str, method: str, questions: Sequence[dict[str, Any]],
    is_found: Callable[[dict[str, Any], Any], bool],
) -> Line:  # fmt: skip
    asked = [(each, {key: value for key, value in each.items() if not key.startswith("_")}) for each in questions]
    for _, params in asked[: len(asked) // 4]:
        daemon.call(method, params)
    # The embedder's process comes with the first question that needs it.
    pids = _pids(daemon, server)
    before, times, n_found = bench_memories.cpu_of(pids), [], 0
    for each, params in asked:
        start = time.perf_counter()
        answer = daemon.call(method, params)
        times.append(1000 * (time.perf_counter() - start))
        n_found += is_found(each, answer)
    cpu = 1000 * (bench_memories.cpu_of(pids) - before) / len(times)
    times.sort()
    return Line(name, times[len(times) // 2], times[int(0.95 * len(times))], cpu, n_found / len(times))


def _pids(daemon: client.Client, server: int) -> list[int]:
    """The daemon, its children and the database's processes."""
    pid = daemon.call("system.status")["pid"]
    children = [int(child) for each in (pid, server) for child in Path(f"/proc/{each}/task/{each}/children").read_text().split()]
    return [pid, server, *children]


def _styled(name: str, source: random.Random) -> str:
    parts = rows.words(name).split()
    camel = parts[0] + "".join(part.title() for part in parts[1:]) if parts else name
    return source.choice([camel, camel[:1].upper() + camel[1:], "_".join(parts), "-".join(parts), "_".join(parts).upper()]) or name


def _folded(params: dict[str, Any], answer: Any) -> bool:
    return any(rows.folded(item["name"]) == rows.folded(params["_name"]) for item in answer["items"][:10])


def _mistyped(name: str, source: random.Random) -> str:
    """One letter left out, doubled, replaced, or changed with its neighbour."""
    at = source.randrange(1, len(name) - 1)
    return source.choice([
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[:at] + source.choice("etaoin") + name[at + 1 :],
        name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
    ])  # fmt: skip


if __name__ == "__main__":
    main()
