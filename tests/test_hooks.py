"""Hooks of editors, git and agents, each run by the program that it is for, where that is installed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import wire
from shells import Shell
from wire import eventually

pytest_plugins = ["shells"]


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@pytest.fixture
def place() -> Iterator[wire.Ground]:
    with wire.ground() as found:
        yield found


@pytest.fixture
def user(place: wire.Ground, tmp_path: Path) -> dict[str, str]:
    """The environment of a user with an empty home."""
    environ = {name: value for name, value in place.environ.items() if not name.startswith("XDG_C")}
    return {**environ, "HOME": str(tmp_path), "TERM": "dumb"}


def indexer(user: dict[str, str], root: str, *arguments: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "indexer", *arguments, "--project", root], env=user, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def heard(daemon: wire.Daemon) -> set[str]:
    return set(daemon.counts()["notified"])


EDITORS = {
    "vim": ["vim", "-N", "-es", "-c", "normal ihello", "-c", "write", "-c", "quit"],
    "neovim": ["nvim", "--headless", "-c", "normal ihello", "-c", "write", "-c", "quit"],
    "emacs": ["emacs", "--batch", "-l", "{init}", "--eval", '(progn (find-file "{file}") (insert "hello") (save-buffer))'],
}


@pytest.mark.parametrize("editor", [pytest.param(name, marks=needs(EDITORS[name][0])) for name in EDITORS])
def test_a_save_in_the_editor_is_told_and_prints_nothing(
    place: wire.Ground, user: dict[str, str], editor: str, tmp_path: Path
) -> None:
    daemon = place.daemon()
    for _ in range(2):
        indexer(user, place.root, "hook", "install", editor)
    file = Path(place.root, "with 'quotes' in.py")
    init = tmp_path / ".emacs.d" / "init.el"
    command = [part.replace("{init}", str(init)).replace("{file}", str(file)) for part in EDITORS[editor]]
    if editor != "emacs":
        command.append(str(file))
    done = subprocess.run(command, env=user, capture_output=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
    assert "hello" in file.read_text()
    eventually(lambda: str(file) in heard(daemon))
    assert b"indexer" not in done.stdout + done.stderr.replace(str(place.root).encode(), b"")


@pytest.mark.parametrize("editor", [pytest.param(name, marks=needs(EDITORS[name][0])) for name in ("vim", "neovim")])
def test_a_save_succeeds_without_the_program(place: wire.Ground, user: dict[str, str], editor: str, tmp_path: Path) -> None:
    indexer(user, place.root, "hook", "install", editor)
    (hook,) = [path for path in tmp_path.rglob("indexer.*") if path.is_file()]
    hook.write_text(hook.read_text().replace("notify.py", "no-such-program.py"))
    file = Path(place.root, "a.py")
    command = [*EDITORS[editor], str(file)]
    subprocess.run(command, env=user, capture_output=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
    assert "hello" in file.read_text()


@needs("git")
def test_git_tells_of_a_checkout_and_keeps_what_was_in_its_hooks(place: wire.Ground, user: dict[str, str]) -> None:
    daemon = place.daemon()

    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=a", "-c", "user.email=a@b")
        subprocess.run(["git", *identity, *arguments], cwd=place.root, env=user, check=True, capture_output=True)

    git("init", "-q")
    hook = Path(place.root, ".git", "hooks", "post-commit")
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch committed")
    for _ in range(2):
        indexer(user, place.root, "hook", "install", "git")
    assert hook.read_text().count("notify.py") == 1
    git("commit", "-q", "--allow-empty", "-m", "x")
    eventually(lambda: place.root in heard(daemon))
    assert Path(place.root, "committed").exists()
    before = len(daemon.counts()["notified"])
    git("checkout", "-q", "-b", "other")
    eventually(lambda: len(daemon.counts()["notified"]) > before)


@needs("git")
def test_a_hook_in_another_language_is_left_alone(place: wire.Ground, user: dict[str, str]) -> None:
    subprocess.run(["git", "init", "-q"], cwd=place.root, check=True)
    hook = Path(place.root, ".git", "hooks", "post-checkout")
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/usr/bin/env python3\n")
    assert "call this from it" in indexer(user, place.root, "hook", "install", "git", code=2)
    assert hook.read_text() == "#!/usr/bin/env python3\n"


@pytest.mark.parametrize("program", ["vscode", "claude-code"])
def test_settings_are_added_to_what_is_there(place: wire.Ground, user: dict[str, str], program: str) -> None:
    path = Path(place.root, {"vscode": ".vscode", "claude-code": ".claude"}[program], "settings.json")
    path.parent.mkdir()
    path.write_text('{"mine": [1], "hooks": {"Stop": []}}')
    for _ in range(2):
        indexer(user, place.root, "hook", "install", program)
    found = json.loads(path.read_text())
    assert found["mine"] == [1]
    assert found["hooks"]["Stop"] == []
    commands = path.read_text().count("notify.py" if program == "vscode" else "hook run claude-code")
    assert commands == (1 if program == "vscode" else 2)
    path.write_text("// comments\n{}")
    assert "by hand" in indexer(user, place.root, "hook", "install", program, code=2)
    assert path.read_text() == "// comments\n{}"


def test_every_hook_can_be_printed(place: wire.Ground, user: dict[str, str]) -> None:
    for name in ("neovim", "vim", "vscode", "emacs", "helix", "claude-code", "git"):
        text = indexer(user, place.root, "hook", "print", name)
        assert os.path.dirname(sys.executable) in text
        assert "@" not in text.replace("@NOTIFY", "?") or name == "none"
    assert "paste" in indexer(user, place.root, "hook", "install", "helix", code=2)


def test_editors_that_go_by_a_shell_tell_of_the_folder(place: wire.Ground, user: dict[str, str]) -> None:
    """They put a file's name into the command's text as it is, where `$(…)` in a name would be run."""
    daemon = place.daemon()
    (command,) = json.loads(indexer(user, place.root, "hook", "print", "vscode"))["emeraldwalk.runonsave"]["commands"]
    keys = tomllib.loads(indexer(user, place.root, "hook", "print", "helix"))["keys"]["normal"]["space"]["w"]
    for line in (command["cmd"], keys[1].removeprefix(":run-shell-command ")):
        assert "${" not in line
        assert "%{" not in line
        before = len(daemon.counts()["notified"])
        subprocess.run(["sh", "-c", line], cwd=place.root, env=user, check=True)
        eventually(lambda before=before: daemon.counts()["notified"][before:] == [place.root])


def test_a_hung_daemon_costs_a_save_next_to_nothing(place: wire.Ground) -> None:
    """The bound is a tenth of a second; what a loaded machine adds is not counted, so processor time is."""
    daemon = place.daemon()
    daemon.process.send_signal(signal.SIGSTOP)
    began = os.times()
    done = subprocess.run(
        [sys.executable, "-m", "indexer.notify", f"{place.root}/a.py"], env=place.environ, capture_output=True, timeout=60, check=False
    )
    ended = os.times()
    daemon.process.send_signal(signal.SIGCONT)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert ended.children_user - began.children_user < 1


# -- an agent ----------------------------------------------------------------------------------------------------


def event(shell: Shell, name: str, **tool_input: str) -> str:
    """What the agent's hook prints for an event."""
    told = json.dumps({"hook_event_name": name, "tool_input": tool_input, "session_id": "x"})
    return shell("hook", "run", "claude-code", stdin=told)[0]


def test_before_an_edit_the_agent_hears_who_calls(shell: Shell) -> None:
    said: list[str] = []

    def has_said() -> bool:
        # A daemon that is busy for a moment is not waited for.
        replaced = '    """Split it."""\n    return raw'
        said.append(event(shell, "PreToolUse", file_path=str(shell.root / "app/http.py"), old_string=replaced))
        return bool(said[-1])

    eventually(has_said)
    context = json.loads(said[-1])["hookSpecificOutput"]["additionalContext"]
    assert "app.http.parse_header is called by" in context
    assert "app.main.main (app/main.py:5)" in context
    assert "Request" not in context.partition(" is called by ")[0]


def test_after_an_edit_the_index_has_seen_it(shell: Shell) -> None:
    path = shell.root / "app" / "edited.py"
    path.write_text("def edited():\n    pass\n")
    assert event(shell, "PostToolUse", file_path=str(path)) == ""
    # At once, or by the daemon's own watching where it was busy for a moment.
    assert shell.json("find", "edited", "--kind", "function", "--sync")["total"] == 1
    path.unlink()


def test_a_hung_daemon_does_not_hold_up_an_edit(shell: Shell) -> None:
    """It would take what the agent allows its hook, and more."""
    pid = shell.json("status")["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        for name in ("PreToolUse", "PostToolUse"):
            assert event(shell, name, file_path=str(shell.root / "app/http.py")) == ""
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("data", ["", "rubbish", "[]", "{}", '{"hook_event_name": 1}', '{"hook_event_name": "PreToolUse"}'])
def test_an_event_that_makes_no_sense_is_nothing(shell: Shell, data: str) -> None:
    assert shell("hook", "run", "claude-code", stdin=data) == ("", "")
