"""What the daemon answers about a project that changes: synced answers, saves, subscriptions, status, diffs."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from database import fresh
from served import Served, served
from wire import eventually

from indexer import client, errors, sockets
from indexer.protocol import Progress

pytest_plugins = ["database"]

TREE = {
    "app/__init__.py": "",
    "app/base.py": '''"""The base."""


def low(x):
    # The lowest.
    return x + 1


def high(x):
    return low(x)


class Kept:
    size = 1

    def grow(self):
        self.size += 1
''',
    "app/top.py": "from app.base import high\n\n\ndef top():\n    return high(1)\n",
}
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


@pytest.fixture(scope="module")
def lasting(server: str, template: str) -> Iterator[Served]:
    """A daemon for all tests of this module, on a repository with one commit."""

    def prepare(root: Path) -> None:
        git(root, "init", "-q")
        git(root, "add", "-A")
        git(root, "commit", "-qm", "one")
        git(root, "tag", "start")

    for dsn in fresh(server, template):
        with served(dsn, TREE, prepare) as here:
            yield here


@pytest.fixture
def project(lasting: Served) -> Served:
    """The project as it was committed."""
    git(lasting.root, "reset", "-q", "--hard", "start")
    git(lasting.root, "clean", "-qfd")
    lasting.settle()
    return lasting


def git(root: Path, *arguments: str) -> None:
    subprocess.run([*GIT, *arguments], cwd=root, check=True, capture_output=True)


def found(project: Served, name: str, **params: Any) -> list[str]:
    answer = project.ask("symbols.find", name=name, fuzzy=False, **params)
    return [item["qualified_name"] for item in answer["items"]]


def test_a_synced_request_sees_every_save(project: Served) -> None:
    for number in range(20):
        (project.root / "app/base.py").write_text(f"def name_{number}():\n    pass\n")
        assert found(project, f"name_{number}", sync=True) == [f"app.base.name_{number}"]
    answer = project.ask("graph.callers", symbol="name_19", sync=True)
    assert answer["index"]["generation"] >= 21


def test_coverage_follows_the_index(project: Served) -> None:
    before = project.ask("symbols.find", name="top")["index"]
    (project.root / "app/top.py").write_text("def top():\n    return never_heard_of(1)\n")
    after = project.ask("symbols.find", name="top", sync=True)["index"]
    assert after["generation"] > before["generation"]
    assert after["coverage"]["unresolved"] == before["coverage"]["unresolved"] + 1
    assert after["coverage"]["resolved"] < before["coverage"]["resolved"]


def test_notify_waits_when_told_to(project: Served) -> None:
    (project.root / "app/more.py").write_text("def further():\n    pass\n")
    answer = project.ask("index.notify", paths=["app/more.py"], wait=True)
    assert answer["complete"]
    assert found(project, "further") == ["app.more.further"]
    (project.root / "app/more.py").unlink()
    project.ask("index.notify", paths=[str(project.root / "app/more.py"), "app/never.py", "app"], wait=True)
    assert found(project, "further") == []


def test_a_path_outside_does_not_keep_back_the_others(project: Served) -> None:
    os.symlink("/etc", project.root / "away")
    for number, outside in enumerate(["../x.py", "/etc/passwd", "away/passwd", "a\0b"]):
        (project.root / "app/more.py").write_text(f"def further_{number}():\n    pass\n")
        with pytest.raises(errors.InvalidRequest) as refusal:
            project.ask("index.notify", paths=["app/top.py", outside, "app/more.py"], wait=True)
        assert refusal.value.field == "paths[1]"
        assert found(project, f"further_{number}") == [f"app.more.further_{number}"]


def test_rescan_and_sync(project: Served) -> None:
    assert project.ask("index.rescan")["complete"] is False
    assert project.ask("index.sync", timeout=60)["complete"]


def test_subscribers_hear_of_changes(project: Served) -> None:
    with socket.socket(socket.AF_UNIX) as peer:
        folder = sockets.runtime_dir({**os.environ, "XDG_RUNTIME_DIR": str(project.root.parent)})
        peer.settimeout(20)
        peer.connect(sockets.socket_path(folder, sockets.project_key(str(project.root))))
        lines = peer.makefile("rb")
        peer.sendall(b'{"jsonrpc":"2.0","id":1,"method":"index.subscribe"}\n')
        assert "result" in json.loads(lines.readline())
        (project.root / "app/more.py").write_text("def further():\n    pass\n")
        changed = json.loads(lines.readline())
        lines.close()
    assert changed["method"] == "index.changed"
    assert changed["params"]["paths"] == ["app/more.py"]
    assert changed["params"]["generation"] <= project.ask("symbols.find", name="low")["index"]["generation"]


def test_status(project: Served) -> None:
    (project.root / "app/broken.py").write_text("def half(:\n")
    project.settle()
    status = project.ask("system.status")
    assert status["state"] == "idle"
    assert status["project"]["root"] == str(project.root)
    assert status["files"]["by_language"] == {"python": 4}
    assert status["files"]["total"] == 4
    [problem] = status["files"]["problems"]
    assert (problem["files"], problem["examples"]) == (1, ["app/broken.py"])
    assert status["symbols"] >= 10
    assert status["index"]["pending"] == 0
    assert status["index"]["coverage"]["resolved"] > 0
    assert status["watch"]["n_watches"] >= 2
    assert status["database"]["size"] > status["database"]["project_size"] > 0
    assert status["database"]["problem"] is None
    assert status["memory"]["total"] >= status["memory"]["daemon"]["memory"] > 0
    assert status["memory"]["daemon"]["pid"] == status["pid"]
    assert (status["last_error"], status["failures"]) == (None, [])
    assert status["uptime"] >= status["seconds_since_change"] >= 0
    assert os.path.exists(status["socket"])


def test_a_file_that_vanished_is_told_from_one_that_never_was(project: Served) -> None:
    (project.root / "app/top.py").unlink()
    answer = project.ask("symbols.outline", path="app/top.py", sync=True)
    assert answer["items"] == []
    assert answer["note"].startswith("There is no file app/top.py")


def test_waiting_tells_of_progress(project: Served) -> None:
    for number in range(30):
        (project.root / f"m{number}.py").write_text(f"def f{number}():\n    pass\n" * 100)
    heard: list[Progress] = []
    answer = project.daemon.call("index.sync", on_progress=heard.append)
    assert answer["complete"]
    # A quick machine is through before there is anything to tell.
    assert all(each.stage and each.done >= 0 for each in heard)


def impact(project: Served, **params: Any) -> tuple[set[str], str]:
    answer = project.ask("graph.impact", sync=True, **params)
    return {item["symbol"]["qualified_name"] for item in answer["items"]}, answer["note"]


def test_impact_of_what_differs_from_a_revision(project: Served) -> None:
    base = project.root / "app/base.py"
    assert impact(project, diff="HEAD") == (set(), "No indexed file differs from HEAD.")
    base.write_text(TREE["app/base.py"].replace("x + 1", "x + 2"))
    reached, note = impact(project, diff="HEAD")
    assert reached >= {"app.base.high", "app.top.top"}
    assert note.startswith("Different from HEAD: 1 symbol in 1 file.")
    git(project.root, "commit", "-qam", "two")
    assert impact(project, diff="HEAD") == (set(), "No indexed file differs from HEAD.")
    assert impact(project, diff="HEAD~1")[0] >= {"app.base.high", "app.top.top"}


def test_what_counts_as_different(project: Served) -> None:
    base = project.root / "app/base.py"
    former = base.read_text()
    for old, new, note in (
        ("# The lowest.", "# The very lowest.", "No indexed file differs"),
        ("def high(x):\n    return low(x)\n", "", "1 symbol in 1 file."),
        ("self.size += 1", "self.size += 1\n        self.size += 2", "Different from HEAD: 1 symbol in 1 file."),
        ("import", "import", "No indexed file differs"),
    ):
        base.write_text(former.replace(old, new))
        assert note in impact(project, diff="HEAD")[1]


def test_deleted_and_added_files_of_a_diff(project: Served) -> None:
    (project.root / "app/base.py").unlink()
    (project.root / "app/new.py").write_text("def new():\n    pass\n")
    (project.root / "app/top.py").write_text("from app.new import new\n\n\ndef top():\n    return new()\n")
    note = impact(project, diff="HEAD")[1]
    assert "Different from HEAD: " in note
    assert "What used what 1 deleted file defined is not listed: app/base.py." in note


def test_a_revision_that_git_does_not_know(project: Served) -> None:
    for revision in ("nope", "HEAD:app", "HEAD^{blob}", ":/x", "--help", "HEAD HEAD"):
        with pytest.raises(errors.InvalidRequest) as refusal:
            project.ask("graph.impact", diff=revision)
        assert refusal.value.field == "diff"


def test_a_diff_runs_nothing_of_the_repository(project: Served, tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    script = tmp_path / "run"
    script.write_text(f"#!/bin/sh\ntouch {trace}\ncat\n")
    script.chmod(0o755)
    for name in ("filter.x.clean", "filter.x.smudge", "diff.x.textconv", "diff.external", "core.fsmonitor", "core.pager"):
        git(project.root, "config", name, str(script))
    (project.root / ".git/info/attributes").write_text("*.py filter=x diff=x\n")
    (project.root / "app/base.py").write_text(TREE["app/base.py"].replace("x + 1", "x + 2"))
    assert impact(project, diff="HEAD")[0]
    assert not trace.exists()


def test_without_a_repository_and_without_a_root(dsn: str) -> None:
    with served(dsn, TREE) as project:
        with pytest.raises(errors.InvalidRequest, match="not a git repository"):
            project.ask("graph.impact", diff="HEAD")
        moved = project.root.rename(project.root.with_name("moved"))
        eventually(lambda: project.ask("system.status")["state"] == "root missing")
        answer = project.ask("symbols.find", name="low")
        assert "is missing: this is how it was last seen." in answer["note"]
        moved.rename(project.root)


def test_many_may_ask_for_the_status_at_once(project: Served) -> None:
    with ThreadPoolExecutor(8) as askers:

        def ask(_: int) -> str:
            with client.connect(project.root, project.environ) as daemon:
                return daemon.call("system.status")["watch"]["mode"]

        assert set(askers.map(ask, range(32))) == {"inotify"}
