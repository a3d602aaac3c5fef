"""Daemons under strain: many started at once, a storm of saves, readers that stand still. Ends with an error where a promise is broken."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from projects import write

from indexer import client, sockets
from indexer.database import temporary

PATIENCE = 300.0


def race(root: Path, environ: Mapping[str, str], number: int) -> None:
    """Starts five daemons at once: one serves, the others say that it does, and leave nothing behind."""
    command = [sys.executable, "-m", "indexer", "--project", str(root), "serve"]
    started = [subprocess.Popen(command, env=dict(environ), stderr=subprocess.PIPE, text=True) for _ in range(5)]
    deadline = time.monotonic() + PATIENCE
    while sum(process.poll() is None for process in started) > 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    (winner,) = [process for process in started if process.poll() is None]
    with client.ensure(root, environ) as daemon:
        assert daemon.call("system.hello")["pid"] == winner.pid
        assert daemon.call("index.sync", {"timeout": PATIENCE}, timeout=PATIENCE + 10)["complete"]
    for process in started:
        if process is not winner:
            said = process.communicate()[1]
            assert process.returncode == 2, said
            assert f"(pid {winner.pid})" in said, said
    if number % 2:
        winner.kill()
    else:
        client.stop(root, environ)
    winner.communicate()
    left = {path.name.rpartition(".")[2] for path in Path(sockets.runtime_dir(environ)).iterdir()}
    assert left <= ({"lock", "sock"} if number % 2 else {"lock"}), left


def storm(root: Path, environ: Mapping[str, str], n_saves: int) -> None:
    """Saves as editors do, as fast as can be, while a subscriber's connection stands still; then live is fresh."""
    write(root, {f"s{number}.py": "" for number in range(100)})
    with client.ensure(root, environ) as daemon, _standing_still(root, environ), _stopped_subscriber(root, environ):
        for number in range(n_saves):
            aside = root / f".s{number % 100}.tmp"
            aside.write_text(f"from s{number % 7} import saved_{number % 5}\n\ndef saved_{number % 13}():\n    saved_{number % 5}()\n")
            os.replace(aside, root / f"s{number % 100}.py")
        began = time.monotonic()
        answer = daemon.call("index.sync", {"timeout": PATIENCE}, timeout=PATIENCE + 10)
        assert (answer["complete"], answer["pending"]) == (True, 0), answer
        print(f"{n_saves} saves, all seen {time.monotonic() - began:.1f} s after the last", flush=True)
        live = _output(environ, root, "export")
    home = Path(environ["INDEXER_HOME"]).with_name("fresh")
    with temporary.server(home):
        others = {**environ, "INDEXER_HOME": str(home)}
        client.stop(root, environ)
        _output(others, root, "index", "--json")
        assert _output(others, root, "export") == live


@contextlib.contextmanager
def _standing_still(root: Path, environ: Mapping[str, str]) -> Iterator[None]:
    """A connection that has subscribed to changes, asks for large answers and reads none of them."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(sockets.socket_path(sockets.runtime_dir(environ), sockets.project_key(str(root))))
        connection.setblocking(False)
        asked = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "symbols.find", "params": {"name": "saved", "limit": 1000}}) + "\n"
        connection.send(json.dumps({"jsonrpc": "2.0", "id": 0, "method": "index.subscribe"}).encode() + b"\n")
        with contextlib.suppress(BlockingIOError):
            for _ in range(1000):
                connection.send(asked.encode())
        yield


@contextlib.contextmanager
def _stopped_subscriber(root: Path, environ: Mapping[str, str]) -> Iterator[None]:
    """A process that has subscribed to changes and is then stopped as by Ctrl-Z."""
    command = [sys.executable, "-m", "indexer", "--project", str(root), "status", "--watch"]
    process = subprocess.Popen(command, env=dict(environ), stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.kill()
        process.communicate()


def _output(environ: Mapping[str, str], root: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "indexer", "--project", str(root), *arguments]
    done = subprocess.run(command, env=dict(environ), capture_output=True, text=True, timeout=600)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--saves", type=int, default=20_000)
    options = parser.parse_args()
    # A socket's path has no room for long folders.
    with tempfile.TemporaryDirectory(prefix="soak-", dir="/tmp") as folder:
        base = Path(folder).resolve()
        root = write(base / "project", {"a.py": "def f():\n    pass\n"})
        environ = {
            **os.environ,
            "INDEXER_HOME": str(base / "home"), "XDG_RUNTIME_DIR": str(base), "INDEXER_EMBEDDER_KIND": "none", "INDEXER_INDEX_WORKERS": "1",
        }
        with temporary.server(base / "home"):
            try:
                for number in range(options.rounds):
                    race(root, environ, number)
                print(f"{options.rounds} rounds of 5 daemons: one served in each", flush=True)
                storm(root, environ, options.saves)
            finally:
                client.stop(root, environ)


if __name__ == "__main__":
    main()
