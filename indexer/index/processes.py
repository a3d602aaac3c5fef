"""Worker processes as the daemon sees them: started on demand, watched, ended when they overstep, gone with the daemon."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from typing import Any, Final

from indexer import errors
from indexer.index import frames

_PR_SET_PDEATHSIG: Final = 1
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
#: Room for a message in a stream's buffer before its writer has to wait; bytes.
_BUFFER: Final = 1 << 20


def end_with_parent() -> None:
    """Has the kernel end this process when its parent ends (Linux; elsewhere the end of the input does)."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


class Process:
    """A worker process with a message stream to and from it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin = process.stdin
        self._stdout = process.stdout

    @staticmethod
    async def start(module: str, *arguments: str) -> Process:
        """Starts `python -m module arguments`; its standard error is ours."""
        # -P: modules of the folder that we were started in, which may be the indexed tree, are not ours.
        command = (sys.executable, "-P", "-X", "frozen_modules=on", "-m", module, *arguments)
        pipe = asyncio.subprocess.PIPE
        # A session of its own keeps a terminal's Ctrl-C for the daemon, which ends its workers itself.
        process = await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, limit=_BUFFER, start_new_session=True
        )
        return Process(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.returncode is None

    def resident_bytes(self) -> int:
        """The memory that the process holds; 0 where that cannot be told."""
        try:
            with open(f"/proc/{self.pid}/statm") as file:
                return int(file.read().split()[1]) * _PAGE
        except (OSError, IndexError, ValueError):
            return 0

    def cpu_seconds(self) -> float:
        """The seconds that it has used of a processor; those of the clock where that cannot be told."""
        try:
            with open(f"/proc/{self.pid}/stat") as file:
                # The name before it stands in parentheses and may hold any character.
                fields = file.read().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / _TICKS
        except (OSError, IndexError, ValueError):
            return time.monotonic()

    async def send(self, message: Any) -> None:
        """Sends a message; errors.Unavailable where the process is gone."""
        try:
            self._stdin.write(frames.encode(message))
            await self._stdin.drain()
        except (ConnectionError, RuntimeError) as exc:
            raise errors.Unavailable("a worker process ended") from exc

    def post(self, message: Any) -> None:
        """Sends a message without waiting until there is room for it: who has an answer to come must go on reading, or both wait
        for each other. errors.Unavailable where the process is gone.
        """
        if self._stdin.is_closing():
            raise errors.Unavailable("a worker process ended")
        self._stdin.write(frames.encode(message))

    async def receive(self) -> frames.Message:
        """The next message from it; errors.Unavailable where the process is gone."""
        try:
            return await frames.read(self._stdout)
        except (asyncio.IncompleteReadError, ConnectionError) as exc:
            raise errors.Unavailable("a worker process ended") from exc

    async def end(self) -> None:
        """Ends it at once: it holds nothing that could be lost."""
        if self.is_running:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        self._stdin.close()
        await self._process.wait()
