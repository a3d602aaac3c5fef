"""Setting up: doctor, completion, services, a moved project."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import wait_until
from shells import REPOSITORY, Shell

from indexer import sockets
from indexer.server import readiness

pytest_plugins = ["shells"]


def checks(shell: Shell, *arguments: str, code: int = 0, **environ: str) -> dict[str, tuple[str, str | None]]:
    """What the doctor found, by what was looked at: state and fix."""
    items = shell.json("doctor", *arguments, code=code, **environ)["items"]
    return {item["what"]: (item["state"], item["fix"]) for item in items}


def test_the_doctor_of_a_working_project(shell: Shell) -> None:
    found = checks(shell)
    # How much room there is, and how many folders may be watched, is the machine's.
    for what in ("program", "project", "socket", "settings", "daemon", "database"):
        assert found[what] == ("ok", None)
    assert {"data", "watching", "path", "git"} <= set(found)
    out, _ = shell("doctor")
    assert f"ok    project    {os.path.realpath(shell.root)}" in out


def test_the_doctor_says_what_is_wrong_and_what_to_do(shell: Shell, tmp_path: Path) -> None:
    broken = tmp_path / "config.toml"
    broken.write_text("[index]\nmax_files = -1\n")
    found = checks(shell, code=1, INDEXER_CONFIG=str(broken))
    assert found["settings"] == ("bad", "Correct it; config.example.toml explains every setting.")
    project = tmp_path / "other"
    project.mkdir()
    (project / ".indexer.toml").write_text('[database]\ndsn = "postgresql://evil/x"\n')
    found = checks(shell, "--project", str(project), code=1, INDEXER_DSN="postgresql://nobody@127.0.0.1:1/none", PATH="/nowhere")
    assert found["settings"][0] == "warn"
    assert found["database"][0] == "bad"
    assert found["path"][0] == found["git"][0] == "warn"
    assert "PATH" in str(found["path"][1])
    found = checks(shell, "--project", str(project), code=1, INDEXER_HOME=str(broken), INDEXER_EMBEDDER_KIND="openai", OPENAI_API_KEY="")
    assert found["data"][0] == found["embedder"][0] == "bad"


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands(shell: Shell, name: str) -> None:
    assert "_INDEXER_COMPLETE" in shell("completion", name)[0]
    out, _ = shell(_INDEXER_COMPLETE=f"{name}_complete", COMP_WORDS="indexer cal", COMP_CWORD="cal" if name == "fish" else "1")
    assert {"callers", "callees"} <= set(out.replace(",", " ").split())


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("callers parse_h", ["plain", "parse_header"]),
        ("show app.http.R", ["plain", "app.http.Request", "plain", "app.http.Request.read"]),
        ("callers no_such_thing", []),
        ("outline app/", ["file", "app/"]),
        ("query graph.imp", ["plain", "graph.impact"]),
    ],
)
def test_a_shell_completes_symbols_and_files(shell: Shell, typed: str, offered: list[str]) -> None:
    out, _ = shell(_INDEXER_COMPLETE="bash_complete", COMP_WORDS=f"indexer {typed}", COMP_CWORD="2")
    assert out.replace(",", " ").split() == offered


# -- a moved project ---------------------------------------------------------------------------------------------


@pytest.fixture
def moving(shell: Shell) -> Iterator[Path]:
    root = shell.base / "before"
    (root / "app").mkdir(parents=True)
    (root / "app" / "a.py").write_text("def first():\n    pass\n")
    yield root
    for name in ("before", "after"):
        shell("down", shell.base / name) if (shell.base / name).exists() else None
        shutil.rmtree(shell.base / name, ignore_errors=True)


def test_memories_follow_a_moved_project(shell: Shell, moving: Path) -> None:
    old, new = moving, moving.with_name("after")
    shell("remember", "Comes first.", "--about", "app.a.first", "--project", old)
    assert "is still there" in shell("move", old, new, code=2)[1]
    old.rename(new)
    # Somebody looked at the new place already.
    assert shell.json("memories", "--project", new, code=1)["total"] == 0
    assert "Memories follow" in shell("move", old, new)[0]
    (memory,) = shell.json("memories", "--project", new, "--sync")["items"]
    assert (memory["content"], memory["anchors"][0]["state"]) == ("Comes first.", "fresh")
    assert "moved" not in checks(shell)


def test_a_place_with_memories_of_its_own_keeps_them(shell: Shell, moving: Path) -> None:
    old, new = moving, moving.with_name("after")
    shell("remember", "Of the old one.", "--project", old)
    shell("down", old)
    old.rename(new)
    shell("remember", "Of the new one.", "--project", new)
    assert "memories of its own" in shell("move", old, new, code=2)[1]
    assert shell.json("memories", "--project", new)["items"][0]["content"] == "Of the new one."


# -- services ----------------------------------------------------------------------------------------------------


def test_a_service_is_written_and_removed(shell: Shell, tmp_path: Path) -> None:
    project = tmp_path / 'od"d %n $HOME'
    project.mkdir()
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "INDEXER_HOME": str(tmp_path / "home"), "PATH": "/nowhere"}
    shell("service", "status", "--project", project, code=1, **environ)
    assert "To start it: systemctl --user daemon-reload" in shell("service", "install", "--project", project, **environ)[0]
    (unit,) = (tmp_path / "config" / "systemd" / "user").iterdir()
    text = unit.read_text()
    assert "Type=notify" in text
    assert f'ExecStart="{sys.executable}" -P -m indexer serve --project "{tmp_path}/od\\"d %%n $$HOME"' in text
    assert f'Environment="INDEXER_HOME={tmp_path}/home"' in text
    if (verify := shutil.which("systemd-analyze")) is not None:
        done = subprocess.run([verify, "verify", "--user", str(unit)], capture_output=True, text=True, check=False)
        assert unit.name not in done.stderr, done.stderr
    # Started by its socket: two units of one name. Either way of starting takes the other's place.
    shell("service", "install", "--socket", "--project", project, **environ)
    assert {path.suffix for path in unit.parent.iterdir()} == {".service", ".socket"}
    listen = unit.with_suffix(".socket").read_text()
    assert f"ListenStream={shell.base}/indexer-" in listen
    if verify is not None:
        done = subprocess.run([verify, "verify", "--user", str(unit.with_suffix(".socket"))], capture_output=True, text=True, check=False)
        assert unit.stem not in done.stderr, done.stderr
    shell("service", "install", "--project", project, **environ)
    assert [path.name for path in unit.parent.iterdir()] == [unit.name]
    shell("service", "install", "--socket", "--project", project, **environ)
    project.rmdir()
    assert "is gone" in shell("service", "status", "--project", project, **environ)[1]
    shell("service", "remove", "--project", project, **environ)
    assert not list(unit.parent.iterdir())
    assert "No service" in shell("service", "remove", "--project", project, code=1, **environ)[1]


def test_a_supervisor_is_told_when_the_daemon_answers(shell: Shell, tmp_path: Path) -> None:
    path = str(shell.base / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(path)
        supervisor.settimeout(60)
        environ = {**shell.environ, "NOTIFY_SOCKET": path, "PYTHONPATH": str(REPOSITORY)}
        command = [sys.executable, "-m", "indexer", "serve", "--project", str(tmp_path)]
        with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as daemon:
            assert supervisor.recv(100) == b"READY=1"
            daemon.terminate()
            assert supervisor.recv(100) == b"STOPPING=1"
            assert daemon.wait(60) == 0
    os.unlink(path)


#: What systemd does: listens, and at the first connection becomes the daemon, which finds the socket as its descriptor 3.
_ACTIVATE = """
import os, select, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
select.select([3], [], [])
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""


@pytest.mark.parametrize("how", ["by hand", "systemd-socket-activate"])
def test_the_first_question_starts_a_daemon_whose_socket_is_passed_on(shell: Shell, tmp_path: Path, how: str) -> None:
    root = os.path.realpath(tmp_path)
    (tmp_path / "a.py").write_text("def first(): pass\n")
    path = sockets.socket_path(sockets.runtime_dir(shell.environ), sockets.project_key(root))
    serve = [sys.executable, "-m", "indexer", "serve", "--project", root]
    if how == "by hand":
        command = [sys.executable, "-c", _ACTIVATE, path, *serve]
    elif (program := shutil.which(how)) is not None:
        kept = [f"--setenv={name}" for name in shell.environ if name.startswith(("INDEXER_", "XDG_", "PYTHON", "PATH"))]
        command = [program, f"--listen={path}", *kept, *serve]
    else:
        pytest.skip(f"{how} is not installed")
    with subprocess.Popen(command, env=shell.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as supervised:
        wait_until(lambda: os.path.exists(path))
        # To look does not start it, to ask does.
        assert "No daemon runs" in shell("status", "--project", root, code=3)[1]
        assert shell.json("find", "first", "--project", root, "--sync")["total"] == 1
        assert shell.json("status", "--project", root)["pid"] == supervised.pid
        shell("down", root)
        assert supervised.wait(60) == 0
    # The supervisor listens on.
    assert os.path.exists(path)
    # It is not there any more: the next question starts a daemon as if it never had been.
    assert shell.json("find", "first", "--project", root)["total"] == 1
    shell("down", root)


def test_a_socket_of_another_project_is_refused(tmp_path: Path) -> None:
    code = "from indexer.server import activation\nactivation.passed_on('/elsewhere')"
    done = subprocess.run(
        [sys.executable, "-c", _ACTIVATE.replace("select.select([3], [], [])", ""), str(tmp_path / "s"), sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "this project's would be /elsewhere" in done.stderr


@pytest.mark.parametrize("address", ["", "relative", "/no/such/socket", "@no-such-name"])
def test_a_supervisor_that_does_not_listen_is_no_trouble(address: str) -> None:
    readiness.tell("READY=1", {"NOTIFY_SOCKET": address})
