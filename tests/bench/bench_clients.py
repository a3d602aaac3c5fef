"""What clients cost and whether they are answered: `python -m tests.bench clients TREE [--calls N] [--clients N]`.

TREE is indexed in a home of its own (or in that of `--home`, which is kept) and served. Then: the save hook, as `indexer hook`
writes it and by its name, also beside a daemon that hangs; the start of the tools for agents until they are listed; random calls of
these tools, each checked against its budget; and many clients at the socket at once. On a busy machine compare the CPU.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import shlex
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mcp import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client

from indexer import client
from indexer.client import asynchronous

_HOOKS = 20
_STARTS = 5
_BYTES_PER_TOKEN = 4
_BUDGETS = (400, 401, 700, 1500, 6000, 25_000, 100_000)
_QUESTIONS = ("where are uploads retried", "escape html", "how is a password hashed", "é ü 漢", "(", "a" * 5000, "%_\\", "SELECT 1; --")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("tree", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-clients-") as made:
        os.environ["INDEXER_HOME"] = str(options.home or made)
        os.environ["XDG_CONFIG_HOME"] = str(Path(options.home or made) / "config")
        os.environ.pop("INDEXER_DSN", None)
        root = str(options.tree.resolve())
        began = time.monotonic()
        subprocess.run([sys.executable, "-P", "-m", "indexer", "up", root], check=True, stdout=subprocess.DEVNULL)
        print(f"indexed and up after {time.monotonic() - began:.1f} s; load {os.getloadavg()[0]:.1f}")
        try:
            with client.connect(root) as daemon:
                names = _names(daemon)
                _save_hook(daemon, root)
            _start_of_tools(root)
            print(asyncio.run(_random_calls(root, names, options.calls, random.Random(options.seed))))
            print(asyncio.run(_many_clients(root, names, options.clients, options.calls)))
        finally:
            client.stop(root)


def _names(daemon: client.Client) -> list[str]:
    """Names that are there: those of the symbols that are called most, and of some others."""
    found = daemon.call("symbols.find", {"name": "get", "limit": 200})["items"]
    found += daemon.call("symbols.find", {"name": "test", "limit": 100})["items"]
    return sorted({item["qualified_name"] for item in found}) or ["main"]


def _save_hook(daemon: client.Client, root: str) -> None:
    printed = subprocess.run(
        [sys.executable, "-P", "-m", "indexer", "hook", "print", "git", "--project", root], check=True, capture_output=True, text=True
    ).stdout
    hook = shlex.split(printed.splitlines()[-1])[:4]
    named = [str(Path(sys.executable).with_name("indexer-notify"))]
    file = f"{root}/saved.py"
    for what, command in (("as a hook", [*hook, file]), ("by its name", [*named, file])):
        print(f"save hook {what}: {_measured(command)}")
    pid = daemon.hello.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        print(f"save hook, daemon hung: {_measured([*hook, file])}")
    finally:
        os.kill(pid, signal.SIGCONT)


def _measured(command: Sequence[str]) -> str:
    """CPU and time of a command that must say nothing and succeed."""
    cpu, wall = [], []
    for _ in range(_HOOKS):
        before, began = _cpu_of_children(), time.monotonic()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        wall.append(1000 * (time.monotonic() - began))
        cpu.append(1000 * (_cpu_of_children() - before))
        if (done.returncode, done.stdout, done.stderr) != (0, b"", b""):
            raise SystemExit(f"{shlex.join(command)} said {done!r}")
    return f"CPU {statistics.median(cpu):.1f} ms (least {min(cpu):.1f}), {statistics.median(wall):.0f} ms (most {max(wall):.0f})"


def _cpu_of_children() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def _start_of_tools(root: str) -> None:
    """From the start of the process to the list of tools."""
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]
    wall, cpu, size = [], [], 0
    for _ in range(_STARTS):
        began = time.monotonic()
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "indexer", "mcp"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
            process.stdin.flush()
            process.stdout.readline()
            size = len(process.stdout.readline())
            wall.append(time.monotonic() - began)
            fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            cpu.append((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"))
            process.stdin.close()
    print(f"tools listed after {statistics.median(wall):.2f} s (least {min(wall):.2f}), CPU {statistics.median(cpu):.2f} s; {size:,} bytes")


async def _random_calls(root: str, names: Sequence[str], n_calls: int, chosen: random.Random) -> str:
    """Calls of the tools with right, odd and wrong arguments; SystemExit where an answer is larger than its budget."""
    server = StdioServerParameters(command=sys.executable, args=["-P", "-m", "indexer", "mcp"], env=dict(os.environ), cwd=root)
    times, n_refused, largest = [], 0, 0.0
    async with stdio_client(server) as (reading, writing), ClientSession(reading, writing) as session:
        await session.initialize()
        await session.call_tool("find", {"name": "main"})
        for _ in range(n_calls):
            tool, arguments = _call(names, chosen)
            began = time.monotonic()
            found = await session.call_tool(tool, arguments)
            times.append(1000 * (time.monotonic() - began))
            size = len(found.model_dump_json(by_alias=True, exclude_none=True).encode())
            used = size / _BYTES_PER_TOKEN / arguments["budget"]
            if used > 1:
                raise SystemExit(f"{tool} {arguments}: {size:,} bytes")
            largest, n_refused = max(largest, used), n_refused + bool(found.is_error)
    return (
        f"{n_calls} random calls of tools: all within their budgets (largest {largest:.0%}), {n_refused} refused; "
        f"{_quantiles(times)}"
    )


def _call(names: Sequence[str], chosen: random.Random) -> tuple[str, dict[str, Any]]:
    name = chosen.choice([*names, *names, *names, chosen.choice(_QUESTIONS), chosen.choice(names).rpartition(".")[2]])
    depth = chosen.choice([1, 1, 2, 5])
    tool, arguments = chosen.choice(
        [
            ("find", {"name": name}),
            ("look", {"target": name}),
            ("who_calls", {"symbol": name, "depth": depth, "direction": chosen.choice(["callers", "callees", "references"])}),
            ("what_breaks", {"symbol": name, "depth": depth}),
            ("search", {"query": chosen.choice([name, *_QUESTIONS]), "exact": chosen.choice(["no", "text", "regex"])}),
            ("context", {"about": chosen.choice([name, *_QUESTIONS])}),
            ("recall", {"query": chosen.choice([name, *_QUESTIONS])}),
            ("remember", {"content": f"{name} {chosen.random()}", "about": [name]}),
            ("state", {"action": chosen.choice(["list", "capture", "restore"]), "name": name[:100]}),
        ]
    )
    return tool, {**arguments, "budget": chosen.choice(_BUDGETS)}


async def _many_clients(root: str, names: Sequence[str], n_clients: int, n_calls: int) -> str:
    """Clients that ask at once, each one question after another; any error ends it."""
    times: list[float] = []

    async def ask(chosen: random.Random) -> None:
        daemon = await asynchronous.connect(root)
        try:
            for _ in range(n_calls // n_clients):
                began = time.monotonic()
                method = chosen.choice(["symbols.find", "graph.callers", "search.all"])
                field = {"symbols.find": "name", "graph.callers": "symbol", "search.all": "query"}[method]
                await daemon.call(method, {field: chosen.choice(names)})
                times.append(1000 * (time.monotonic() - began))
        finally:
            await daemon.close()

    began = time.monotonic()
    await asyncio.gather(*(ask(random.Random(n)) for n in range(n_clients)))
    rate = len(times) / (time.monotonic() - began)
    return f"{n_clients} clients at once: {len(times)} answers without an error, {rate:.0f} a second; {_quantiles(times)}"


def _quantiles(times: Sequence[float]) -> str:
    cuts = statistics.quantiles(times, n=20)
    return f"p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms"


if __name__ == "__main__":
    main()
