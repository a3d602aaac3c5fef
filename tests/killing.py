"""A project whose daemon, workers and database are killed at random while its tree changes, as a user's machine might."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import changing_sources
from changing_tree import ChangingTree

from indexer import client, errors
from indexer.database import temporary

PATIENCE = 120.0


class Victim:
    """A daemon on a changing tree, in an installation of its own."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.root = folder / "tree"
        self.root.mkdir(parents=True)
        groups = list(changing_sources.GROUPS)
        self.tree = ChangingTree(self.root, seed, groups[seed % len(groups)])
        self.random = random.Random(seed)
        self.homes = (folder / "live", folder / "fresh")
        self.done: list[str] = []

    def live(self) -> int:
        """Does something to the tree, and sometimes kills a process; how many were killed."""
        self.done.append(self.tree.step())
        if self.random.random() > 0.15:
            return 0
        victims = self._processes()
        if not victims:
            return 0
        pid = self.random.choice(victims)
        self.done.append("kill")
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return 1

    def differences(self) -> tuple[list[str], list[str]]:
        """Once idle: the lines that a fresh export has and the live one lacks, and the other way round."""
        live = self._export(0)
        # A fresh index in another installation, of the same folder.
        self._run(1, "index", "--json")
        fresh = self._export(1)
        if live == fresh:
            return [], []
        lines, others = set(live.splitlines()), set(fresh.splitlines())
        return sorted(others - lines) or ["(order)"], sorted(lines - others)

    def _export(self, number: int) -> str:
        if number == 0:
            # A kill may be noticed only now; asking again is what a user does.
            for _ in range(3):
                with contextlib.suppress(errors.Unavailable):
                    with client.ensure(self.root, self._environment(0)) as daemon:
                        self._wait_until_idle(daemon)
                    break
        return self._run(number, "export", "--format", "jsonl")

    def _wait_until_idle(self, daemon: client.Client) -> None:
        """A file whose workers were killed stays pending until it is tried again, seconds later."""
        deadline = time.monotonic() + PATIENCE
        answer = daemon.call("index.sync", {"timeout": PATIENCE}, timeout=PATIENCE + 10)
        while answer["pending"] and time.monotonic() < deadline:
            time.sleep(0.2)
            answer = daemon.call("index.sync", {"timeout": PATIENCE}, timeout=PATIENCE + 10)
        assert (answer["complete"], answer["pending"]) == (True, 0), answer

    def _run(self, number: int, *arguments: str) -> str:
        command = [sys.executable, "-m", "indexer", "--project", str(self.root), *arguments]
        done = subprocess.run(command, env=self._environment(number), capture_output=True, text=True, timeout=300)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    def _environment(self, number: int) -> dict[str, str]:
        return {**os.environ, "INDEXER_HOME": str(self.homes[number]), "INDEXER_WORKERS": "1", "INDEXER_EMBEDDER_KIND": "none"}

    def _processes(self) -> list[int]:
        """The daemon, its workers, the database's holder and server."""
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit() and _belongs(int(entry), str(self.homes[0])):
                found.append(int(entry))
        return sorted(found)


def _belongs(pid: int, home: str) -> bool:
    """Whether a process was started with this home in its environment, and is one of ours."""
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return f"INDEXER_HOME={home}".encode() in environment and b"indexer" in command


@contextlib.contextmanager
def victim(folder: Path, seed: int) -> Iterator[Victim]:
    """A victim, all of whose processes are gone at the end."""
    made = Victim(folder, seed)
    with contextlib.ExitStack() as stack:
        for home in made.homes:
            stack.enter_context(temporary.server(home))
        with client.ensure(made.root, made._environment(0)):
            pass
        try:
            yield made
        finally:
            with contextlib.suppress(errors.IndexerError):
                client.stop(made.root, made._environment(0))
