"""A daemon whose embedded database is killed, or runs out of disk, under it: it says so, and goes on by itself."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers import open_home, wait_until

from indexer import client, database
from indexer.database import places


class Project:
    """A folder with its daemon, which has a database server of its own."""

    def __init__(self, root: Path, home: Path, daemon: client.Client) -> None:
        self.root = root
        self.home = home
        self.daemon = daemon
        self.n_saved = 0

    def save(self) -> str:
        """Save a file; the name of the function in it."""
        self.n_saved += 1
        name = f"saved_{self.n_saved}"
        (self.root / "a.py").write_text(f"def {name}():\n    pass\n" + f"# {'x' * 70}\n" * 2000)
        return name

    def sync(self, seconds: float = 60.0) -> bool:
        done: bool = self.daemon.call("index.sync", {"timeout": seconds}, timeout=seconds + 60)["complete"]
        return done

    def finds(self, name: str) -> bool:
        return bool(self.daemon.call("symbols.find", {"name": name}, timeout=60)["total"])

    def status(self) -> dict[str, str]:
        found: dict[str, str] = self.daemon.call("system.status", timeout=60)
        return found


@contextlib.contextmanager
def serving(prepare: Callable[[Path], None] = lambda home: None) -> Iterator[Project]:
    # A socket's path has no room for pytest's folders.
    base = Path(tempfile.mkdtemp(prefix="recovery-", dir="/tmp")).resolve()
    root, home = base / "project", base / "home"
    (root / ".git").mkdir(parents=True)
    environ = {
        **os.environ,
        "INDEXER_HOME": str(home), "XDG_RUNTIME_DIR": str(base), "INDEXER_EMBEDDER_KIND": "none", "INDEXER_INDEX_WORKERS": "1",
    }
    try:
        with open_home(home):
            prepare(home)
            try:
                with client.ensure(root, environ) as daemon:
                    yield Project(root, home, daemon)
            finally:
                client.stop(root, environ)
    finally:
        shutil.rmtree(base)


def test_whoever_of_the_database_is_killed_comes_back() -> None:
    with serving() as project:
        assert project.sync()
        for victims in (("server", "holder"), ("server",)):
            there = database.status(project.home)
            pids = {"server": there.server_pid, "holder": there.holder_pid}
            for victim in victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pids[victim] or -1, signal.SIGKILL)
            name = project.save()
            assert project.sync(), victims
            assert project.finds(name), victims
        assert project.status()["last_error"] is None


@pytest.fixture
def small_disk() -> Iterator[Callable[[Path], None]]:
    """Puts a home's database on a file system of 160 MB."""
    mounted: list[Path] = []

    def mount(home: Path) -> None:
        folder = places.find(home).folder
        folder.mkdir(mode=0o711, parents=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=160m,mode=0711", "indexer-test", str(folder)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            folder.rmdir()
            pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
        mounted.append(folder)

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small file system")
def test_a_full_disk_is_said_and_work_resumes(small_disk: Callable[[Path], None]) -> None:
    with serving(small_disk) as project:
        assert project.sync()
        ballast = places.find(project.home).folder / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb") as file:
            while True:
                file.write(bytes(1 << 16))
        names = []
        while project.sync(1.0):
            names.append(project.save())
        wait_until(lambda: project.status()["state"] == "waiting")
        assert "No space left" in project.status()["last_error"] or "room" in project.status()["last_error"]
        ballast.unlink()
        names.append(project.save())
        assert project.sync()
        assert project.finds(names[-1])
        assert project.status()["state"] == "idle"
