"""The embedded server when things go wrong: processes are killed, pids reused, folders are not what they should be."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
from servers import ask, open_home, wait_until

from indexer import database, errors
from indexer.database import temporary


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One home for all: each test leaves its cluster able to start again, with whatever tables."""
    with open_home(tmp_path_factory.mktemp("failures") / "home") as folder:
        yield folder


@pytest.fixture
def cluster(home: Path) -> Path:
    """The data folder of a home whose server has run and stopped."""
    database.acquire(home).close()
    temporary.wait_stopped(home)
    return database.status(home).folder / "data"


@contextmanager
def replaced(file: Path, content: bytes) -> Iterator[None]:
    """Other content in the file for a while."""
    kept = file.read_bytes()
    file.write_bytes(content)
    yield
    file.write_bytes(kept)


def keep_rows(dsn: str) -> None:
    ask(dsn, "DROP TABLE IF EXISTS kept")
    ask(dsn, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS x")


def kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def is_gone(pid: int | None) -> bool:
    return not Path(f"/proc/{pid}").exists()


def answers(dsn: str) -> bool:
    try:
        return ask(dsn, "SELECT 1") == [(1,)]
    except (OSError, asyncpg.PostgresError):
        return False


def test_a_killed_user_lets_go(home: Path) -> None:
    code = (
        "import sys, pathlib; from indexer import database;"
        "lease = database.acquire(pathlib.Path(sys.argv[1])); print(lease.dsn, flush=True); sys.stdin.read()"
    )
    user = subprocess.Popen([sys.executable, "-c", code, home], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with user:
        assert user.stdout is not None
        assert answers(user.stdout.readline().strip())
        user.kill()
    temporary.wait_stopped(home)


def test_a_killed_server_is_started_again_with_what_it_acknowledged(home: Path) -> None:
    with database.acquire(home) as lease:
        keep_rows(lease.dsn)
        before = database.status(home)
        kill(before.server_pid)
        wait_until(lambda: database.status(home).server_pid not in (before.server_pid, None))
        wait_until(lambda: answers(lease.dsn))
        assert ask(lease.dsn, "SELECT count(*) FROM kept") == [(1000,)]
        assert database.status(home).holder_pid == before.holder_pid


def test_a_killed_process_of_the_server_is_recovered_from(home: Path) -> None:
    with database.acquire(home) as lease:
        keep_rows(lease.dsn)
        [(pid,)] = ask(lease.dsn, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'")
        before = database.status(home)
        kill(pid)
        wait_until(lambda: database.status(home).server_pid not in (before.server_pid, None))
        wait_until(lambda: answers(lease.dsn))
        assert ask(lease.dsn, "SELECT count(*) FROM kept") == [(1000,)]


def test_a_killed_holder_takes_its_server_along_and_is_replaced(home: Path) -> None:
    with database.acquire(home) as first:
        keep_rows(first.dsn)
        before = database.status(home)
        kill(before.holder_pid)
        wait_until(lambda: is_gone(before.server_pid))
        with database.acquire(home) as second:
            assert ask(second.dsn, "SELECT count(*) FROM kept") == [(1000,)]
            assert database.status(home).holder_pid != before.holder_pid


def test_a_terminated_holder_stops_its_server_in_order(home: Path) -> None:
    with database.acquire(home):
        running = database.status(home)
        assert running.holder_pid is not None
        os.kill(running.holder_pid, signal.SIGTERM)
        temporary.wait_stopped(home)
        wait_until(lambda: is_gone(running.server_pid))
        assert "database system is shut down" in running.log.read_text()


def test_killed_while_the_cluster_is_made_it_is_made_again(tmp_path: Path) -> None:
    with open_home(tmp_path / "home") as home:
        check_killed_first_start(home)


def check_killed_first_start(home: Path) -> None:
    code = "import sys, pathlib; from indexer import database; database.acquire(pathlib.Path(sys.argv[1]))"
    starter = subprocess.Popen([sys.executable, "-c", code, home], stderr=subprocess.DEVNULL)
    folder = database.status(home).folder
    with starter:
        wait_until(lambda: any(folder.glob("init-*/data/global")))
        starter.kill()
        kill(database.status(home).holder_pid)
    with database.acquire(home) as lease:
        assert answers(lease.dsn)
    assert not list(folder.glob("init-*"))


def test_a_reused_pid_is_left_alone_and_does_not_stand_in_the_way(home: Path, cluster: Path) -> None:
    # PostgreSQL itself would refuse to start while a process of its own user has the recorded pid.
    owner = cluster.stat()
    stranger = subprocess.Popen(["sleep", "600"], user=owner.st_uid, group=owner.st_gid, cwd="/")
    pid_file = cluster / "postmaster.pid"
    pid_file.write_text(f"{stranger.pid}\n{cluster}\n1\n5432\n\n\n0 0\nready\n")
    os.chown(pid_file, owner.st_uid, owner.st_gid)
    try:
        with database.acquire(home) as lease:
            assert answers(lease.dsn)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_that_lost_its_holder_is_ended_first(home: Path) -> None:
    with database.acquire(home):
        running = database.status(home)
        assert running.server_pid is not None
        # A stopped process cannot follow its parent into death by itself.
        os.kill(running.server_pid, signal.SIGSTOP)
        kill(running.holder_pid)
        wait_until(lambda: database.status(home).state == "stopped")
        with database.acquire(home) as lease:
            assert answers(lease.dsn)
            assert database.status(home).server_pid != running.server_pid
        wait_until(lambda: is_gone(running.server_pid))


def test_another_release_is_refused_with_the_way_out(home: Path, cluster: Path) -> None:
    refusal = pytest.raises(errors.Conflict, match=r"made by PostgreSQL 17.*vault export.*vault import")
    with replaced(cluster / "PG_VERSION", b"17\n"), refusal:
        database.acquire(home)
    with database.acquire(home) as lease:
        assert answers(lease.dsn)


def test_an_incomplete_cluster_is_refused_and_left_alone(home: Path, cluster: Path) -> None:
    (cluster / "PG_VERSION").rename(cluster / "was")
    with pytest.raises(errors.Conflict, match="not a complete PostgreSQL cluster"):
        database.acquire(home)
    (cluster / "was").rename(cluster / "PG_VERSION")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_somebody_elses_cluster_is_refused(home: Path, cluster: Path) -> None:
    owner = cluster.stat()
    os.chown(cluster, 65534, 65534)
    with pytest.raises(errors.Conflict, match=r"belongs to user id 65534.*chown"):
        database.acquire(home)
    os.chown(cluster, owner.st_uid, owner.st_gid)


def test_a_folder_open_to_others_is_refused_and_not_changed(home: Path, cluster: Path) -> None:
    folder = cluster.parent
    folder.chmod(0o777)
    with pytest.raises(errors.Conflict, match=f"open to other users: run `chmod 7[01]+ {folder}`"):
        database.acquire(home)
    assert folder.stat().st_mode & 0o777 == 0o777
    folder.chmod(0o700 if os.geteuid() else 0o711)


def test_a_server_that_cannot_start_says_why(home: Path, cluster: Path) -> None:
    refusal = pytest.raises(errors.DatabaseUnavailable, match=r"PostgreSQL does not start: .*server\.log")
    with replaced(cluster / "global" / "pg_control", b"\0" * 8192), refusal:
        database.acquire(home)
    wait_until(lambda: database.status(home).state == "stopped")


def test_time_runs_out_with_a_sentence(home: Path, cluster: Path) -> None:
    with pytest.raises(errors.DatabaseUnavailable, match="not ready yet"):
        database.acquire(home, timeout=0)
    wait_until(lambda: database.status(home).state == "stopped")
