"""How soon the embedded server is there, back after a kill, and gone: `python tests/bench/bench_database.py [--kills N] [--rounds N]`.

A writer stores memories one after the other, while the server, its holder or the writer itself are killed with SIGKILL in turn;
whatever was acknowledged must be there in the end. Then several processes start a server in a new folder at once, round after round:
there must be one. Times are of the clock, with the machine's load beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from memory_writer import text_of

from indexer import database
from indexer.database import temporary
from indexer.store import connect, guard, memories, vaults

WRITER = Path(__file__).parents[1] / "memory_writer.py"
ACQUIRE = """
import sys
from pathlib import Path
from indexer import database
home = Path(sys.argv[1])
with database.acquire(home):
    print(database.status(home).server_pid, flush=True)
    sys.stdin.readline()
"""


class Writing:
    """A writer, started again when it is killed, and all that it has said."""

    def __init__(self, dsn: str, vault: uuid.UUID) -> None:
        self._command = [sys.executable, str(WRITER), dsn, str(vault)]
        self.acknowledged: list[str] = []
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def wait_for(self, n_lines: int) -> None:
        assert self._process.stdout is not None
        self.acknowledged += [self._process.stdout.readline() for _ in range(n_lines)]

    def end(self) -> None:
        self._process.kill()
        assert self._process.stdout is not None
        self.acknowledged += [line for line in self._process.stdout if line.endswith("\n")]
        self._process.wait()

    def restart(self) -> None:
        self.end()
        self._process = self._start()


def starts(home: Path) -> dict[str, float]:
    """The first start, a later one, the memory of an idle server, and how long it outlives its last user."""
    found = {}
    for name in ("first start, s", "later start, s"):
        began = time.monotonic()
        lease = database.acquire(home)
        found[name] = time.monotonic() - began
        found["idle, MB"] = database.status(home).memory / 1e6
        began = time.monotonic()
        lease.close()
        temporary.wait_stopped(home)
        found["gone after its last user, s"] = time.monotonic() - began
    return found


def kills(home: Path, n_kills: int) -> dict[str, float]:
    """Kills under writes: the slowest way back, and what was lost."""
    lease = database.acquire(home)
    vault = asyncio.run(_prepared(lease.dsn))
    writing = Writing(lease.dsn, vault)
    slowest = 0.0
    for number in range(n_kills):
        writing.wait_for(5)
        there = database.status(home)
        victim = ("server", "holder", "writer")[number % 3]
        began = time.monotonic()
        if victim == "writer":
            writing.restart()
        else:
            with suppress(ProcessLookupError):
                os.kill(there.server_pid if victim == "server" else there.holder_pid or 0, signal.SIGKILL)
        if victim == "holder":
            # What a daemon does when its connection is lost.
            again = database.acquire(home)
            lease.close()
            lease = again
        writing.wait_for(1)
        slowest = max(slowest, time.monotonic() - began)
    writing.end()
    # The last kill may have been a moment ago: this waits until the server is back.
    again = database.acquire(home)
    lease.close()
    n_lost = asyncio.run(_lost(again.dsn, vault, writing.acknowledged))
    again.close()
    temporary.wait_stopped(home)
    return {"kills": n_kills, "acknowledged": len(writing.acknowledged), "lost": n_lost, "slowest recovery, s": slowest}


async def _prepared(dsn: str) -> uuid.UUID:
    opened = await connect.connect(dsn, connect.EMBEDDED, "bench")
    await (await guard.hold(opened)).close()
    vault = await vaults.register(opened, "bench", "/bench")
    await opened.close()
    return vault.id


async def _lost(dsn: str, vault: uuid.UUID, acknowledged: list[str]) -> int:
    wanted = {uuid.UUID(key): text_of(run, int(number)) for key, run, number in (line.split() for line in acknowledged)}
    opened = await connect.connect(dsn, connect.EMBEDDED, "bench")
    found = {memory.id: memory.content for memory in await memories.get_many(opened, vault, list(wanted))}
    await opened.close()
    return sum(found.get(key) != text for key, text in wanted.items())


def races(base: Path, n_rounds: int) -> dict[str, float]:
    """Rounds of five first starts at once, and how many rounds saw more than one server."""
    n_doubled = 0
    for number in range(n_rounds):
        home = base / f"race{number}"
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        racers = [subprocess.Popen([sys.executable, "-P", "-c", ACQUIRE, str(home)], **pipes) for _ in range(5)]  # type: ignore[call-overload]
        n_doubled += len({racer.stdout.readline() for racer in racers}) != 1
        for racer in racers:
            racer.communicate("\n")
        temporary.remove_unused(home)
    return {"races of 5": n_rounds, "races with several servers": n_doubled}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kills", type=int, default=51)
    arguments.add_argument("--rounds", type=int, default=20)
    arguments.add_argument("--json", type=Path)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        found = {"load": os.getloadavg()[0], **starts(home), **kills(home, chosen.kills)}
        temporary.remove_unused(home)
        found |= races(Path(folder), chosen.rounds)
    for name, value in found.items():
        print(f"{name:30}  {value:10,.2f}" if isinstance(value, float) else f"{name:30}  {value:10,}")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
