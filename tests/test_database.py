"""The embedded server as its users see it: made, shared, left, found again, and closed to everybody else."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from servers import ask, open_home, wait_until

from indexer import database
from indexer.database import temporary


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with open_home(tmp_path / "home") as folder:
        yield folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A home and its server's DSN, for tests that only look."""
    folder = tmp_path_factory.mktemp("shared") / "home"
    with temporary.server(folder) as lease:
        yield folder, lease.dsn


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"INDEXER_HOME": "/srv/x"}, "/srv/x"),
        ({"INDEXER_HOME": "/srv/../x/", "XDG_DATA_HOME": "/data"}, "/x"),
        ({"INDEXER_HOME": "~/x"}, os.path.expanduser("~/x")),
        ({"INDEXER_HOME": "x"}, os.path.abspath("x")),
        ({"INDEXER_HOME": "", "XDG_DATA_HOME": "/data"}, "/data/indexer"),
        ({"XDG_DATA_HOME": "relative"}, os.path.expanduser("~/.local/share/indexer")),
        ({}, os.path.expanduser("~/.local/share/indexer")),
    ],
)
def test_home_follows_the_environment(environ: dict[str, str], expected: str) -> None:
    assert database.home(environ) == Path(expected)


def test_the_database_has_its_extensions_and_keeps_letters(server: tuple[Path, str]) -> None:
    rows = ask(server[1], "SELECT extname FROM pg_extension ORDER BY 1")
    assert [row[0] for row in rows] == ["btree_gin", "pg_trgm", "plpgsql", "vector"]
    assert ask(
        server[1],
        "SELECT current_database()::text, pg_encoding_to_char(encoding)::text "
        "FROM pg_database WHERE datname = current_database()",
    ) == [("indexer", "UTF8")]
    # With a plain C character type, pg_trgm drops every letter outside ASCII.
    assert ask(server[1], "SELECT similarity('größe', 'GRÖSSE') > 0.2, lower('ÄÖ')") == [(True, "äö")]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("max_connections", "200"),
        ("wal_level", "minimal"),
        ("unix_socket_permissions", "0700"),
        ("synchronous_commit", "on"),
        ("fsync", "on"),
        ("log_min_error_statement", "panic"),
    ],
)
def test_settings(server: tuple[Path, str], setting: str, value: str) -> None:
    assert ask(server[1], "SELECT current_setting($1)", setting) == [(value,)]


def test_the_settings_of_the_users_environment_do_not_lead_astray(
    server: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGHOST": "nowhere.invalid", "PGSSLMODE": "require", "PGUSER": "x"}.items():
        monkeypatch.setenv(name, value)
    with database.acquire(server[0]) as lease:
        assert ask(lease.dsn, "SELECT 1") == [(1,)]


def test_status_tells_what_runs(server: tuple[Path, str]) -> None:
    found = database.status(server[0])
    assert (found.running, found.state, found.problem) == (True, "ready", None)
    assert found.version is not None
    assert ask(server[1], "SELECT split_part(current_setting('server_version'), ' ', 1)") == [(found.version,)]
    assert found.data > 1 << 20


def test_it_takes_little_memory(server: tuple[Path, str]) -> None:
    assert 1e6 < database.status(server[0]).memory <= 40e6


def test_status_of_nothing_makes_nothing(home: Path) -> None:
    found = database.status(home)
    assert (found.running, found.state, found.data, found.memory) == (False, "stopped", 0, 0)
    assert not home.exists()
    assert not found.folder.exists()


def test_only_the_owner_reaches_the_socket(server: tuple[Path, str]) -> None:
    folder = database.status(server[0]).socket
    assert folder is not None
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    path = folder / ".s.PGSQL.5432"
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert len(bytes(path)) <= 107


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_another_user_is_refused(server: tuple[Path, str]) -> None:
    folder = database.status(server[0]).socket

    def connect_as_nobody() -> str:
        code = "import socket,sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
        python = ["/usr/bin/env", "python3", "-c", code, f"{folder}/.s.PGSQL.5432"]
        return subprocess.run(
            python,
            user=65534,
            group=65534,
            extra_groups=[],
            cwd="/",
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        ).stderr

    assert "PermissionError" in connect_as_nobody()


def test_leases_share_one_server_that_leaves_after_the_last(home: Path) -> None:
    first, second = database.acquire(home), database.acquire(home)
    pid = database.status(home).server_pid
    assert first.dsn == second.dsn
    first.close()
    first.close()
    assert ask(second.dsn, "SELECT 1") == [(1,)]
    assert database.status(home).server_pid == pid
    second.close()
    temporary.wait_stopped(home)
    assert database.status(home).state == "stopped"
    assert pid is not None
    wait_until(lambda: not Path(f"/proc/{pid}").exists())


def test_a_return_at_once_finds_the_server_and_a_later_one_the_data(home: Path) -> None:
    with database.acquire(home) as lease:
        ask(lease.dsn, "CREATE TABLE kept AS SELECT 7 AS x")
        pid = database.status(home).server_pid
    with database.acquire(home):
        assert database.status(home).server_pid == pid
    temporary.wait_stopped(home)
    with database.acquire(home) as lease:
        assert ask(lease.dsn, "SELECT x FROM kept") == [(7,)]
        ask(lease.dsn.replace("/indexer?", "/postgres?"), "DROP DATABASE indexer WITH (FORCE)")
    temporary.wait_stopped(home)
    with database.acquire(home) as lease:
        # Gone with its data is what was dropped; what comes back is as good as the first.
        assert ask(lease.dsn, "SELECT count(*) FROM pg_extension") == [(4,)]


def test_simultaneous_first_starts_make_one_server(home: Path) -> None:
    code = (
        "import sys, pathlib; from indexer import database; home = pathlib.Path(sys.argv[1]);"
        "lease = database.acquire(home); print(database.status(home).server_pid, flush=True); sys.stdin.read()"
    )
    users = [
        subprocess.Popen([sys.executable, "-c", code, home], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(5)
    ]
    pids = {user.stdout.readline() for user in users if user.stdout}
    for user in users:
        user.communicate()
    assert len(pids) == 1
    assert pids != {""}


@pytest.mark.parametrize(
    "name",
    ['größe\'s "Daten", \\ $HOME %s', "l" * 200, "/".join(["deep folder"] * 40), os.fsdecode(b"\xff\n")],
    ids=["odd", "long", "deep", "undecodable"],
)
def test_any_path_will_do(tmp_path: Path, name: str) -> None:
    with open_home(tmp_path / name) as home, database.acquire(home) as lease:
        assert ask(lease.dsn, "SELECT 1") == [(1,)]


async def test_a_lease_that_arrives_after_cancellation_is_given_back(home: Path) -> None:
    waiting = asyncio.create_task(database.acquire_async(home))
    await asyncio.to_thread(wait_until, lambda: database.status(home).state != "stopped")
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.to_thread(wait_until, lambda: database.status(home).state == "stopped")
    lease = await database.acquire_async(home)
    connection = await asyncpg.connect(lease.dsn)
    assert await connection.fetchval("SELECT 1") == 1
    await connection.close()
    lease.close()


def test_a_temporary_server_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with temporary.server(home):
        found = database.status(home)
        with temporary.server(home):
            pass
        assert database.status(home).server_pid == found.server_pid
    assert not found.folder.exists()
    assert found.socket is not None
    assert not found.socket.exists()
