"""The documentation is true: made pages are as the code makes them, and every command in it can be typed."""

from __future__ import annotations

import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import reference
from shells import REPOSITORY, Shell

from indexer.cli import commands
from indexer.cli.session import Session

pytest_plugins = ["shells"]

PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]


@pytest.mark.parametrize("path", sorted(reference.pages()))
def test_made_pages_are_as_the_code_makes_them(path: str) -> None:
    made = reference.pages()[path]
    assert (REPOSITORY / path).read_text() == made, "python tests/reference.py writes it anew"


def typed() -> Iterator[tuple[str, str]]:
    """Every command of ours in the pages: as a line of a listing, in a sentence, as an example of a help text."""
    for page in PAGES:
        text = page.read_text()
        lines = re.findall(r"^ {2,}((?:[A-Z_]+=\S+ )*indexer .*)$", text, re.MULTILINE)
        lines += re.findall(r"^((?:[A-Z_]+=\S+ )*indexer .*)$", text, re.MULTILINE)
        lines += re.findall(r"`(indexer [^`]+)`", text)
        for line in lines:
            yield page.name, line


@pytest.mark.parametrize(("page", "line"), sorted(set(typed())))
def test_every_command_can_be_typed(page: str, line: str) -> None:
    words = _words(line)
    if words and words[0] not in commands.MODULE_OF and not words[0].startswith("-"):
        # "indexer COMMAND --help" and sentences that begin with the name.
        assert words[0].isupper() or words[0] in ("CLI",), line
        return
    command: click.Command = commands.group
    with click.Context(commands.group, obj=Session()) as parent:
        while isinstance(command, click.Group) and words:
            words = list(command.make_parser(parent).parse_args(list(words))[1])
            if not words:
                return
            found = command.get_command(parent, words[0])
            assert found is not None, f"{page}: there is no {words[0]} in: {line}"
            command, words = found, words[1:]
        if words in (["--help"], []):
            return
        try:
            command.make_context("indexer", list(words), parent=parent)
        except (click.MissingParameter, click.exceptions.Exit):
            # A sentence may name a command with only some of what it takes.
            return
        except click.BadParameter as problem:
            # The files of the examples are not here.
            if "No such file" not in problem.message:
                raise


def _words(line: str) -> list[str]:
    """The words of the command in a line, without what is said about it and what it is piped to."""
    line = re.sub(r"^(?:[A-Z_]+=\S+ )+", "", line)
    line = re.split(r"\s{2,}|\s[|>#<…]|\s&&|; ", line)[0].rstrip(".,;…")
    try:
        # N stands for a number.
        return ["1000" if word == "N" else word for word in shlex.split(line)[1:]]
    except ValueError:
        return []


def test_the_readme_s_first_commands_answer(shell: Shell, tmp_path: Path) -> None:
    """Each as it is written there, in a project that has what they name."""
    page = (REPOSITORY / "README.md").read_text()
    listing = re.search(r"Then, from anywhere inside the project.*?\n\n((?:    indexer [^\n]*\n)+)", page, re.DOTALL)
    assert listing is not None
    (source := tmp_path / "src" / "http.py").parent.mkdir()
    (tmp_path / ".git").mkdir()
    head = "def parse_header(raw):\n    return raw  # uploads retry here\n"
    source.write_text(f"{head}{chr(10) * 116}def main():\n    return parse_header(1)\n")
    shell("up", tmp_path)
    for line in listing[1].splitlines():
        line = line.replace("…", "Uploads retry thrice.")
        words = shlex.split(re.split(r"\s{2,}", line.strip())[0])[1:]
        out, _ = shell(*words, "--project", tmp_path)
        assert out, line


def test_the_socket_s_page_works_as_it_is_written(shell: Shell, tmp_path: Path) -> None:
    page = (REPOSITORY / "docs" / "socket.md").read_text()
    script = "set -e\n" + "\n".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL))
    (programs := tmp_path / "bin").mkdir()
    _executable(programs / "indexer", f'#!/bin/sh\nexec "{sys.executable}" -m indexer "$@"\n')
    _executable(programs / "nc", f"#!{sys.executable}\n{_NETCAT}")
    environ = {**shell.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-c", script], cwd=shell.root, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    find, callers, status, again, methods = done.stdout.splitlines()
    assert '"qualified_name":"app.http.parse_header"' in find
    assert '"sites_total":4' in callers
    assert '"state":"' in status
    assert '"total"' in again
    assert '"graph.impact"' in methods


#: What `nc -N -U SOCKET` does, where netcat is not installed.
_NETCAT = """
import socket, sys
assert sys.argv[1:3] == ["-N", "-U"]
peer = socket.socket(socket.AF_UNIX)
peer.connect(sys.argv[3])
peer.sendall(sys.stdin.buffer.read())
peer.shutdown(socket.SHUT_WR)
while data := peer.recv(65536):
    sys.stdout.buffer.write(data)
"""


def _executable(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def every_command(group: click.Group = commands.group, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group, obj=Session())
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from every_command(command, (*above, name))


SHOWN = [(path, command) for path, command in every_command() if not command.hidden]


@pytest.mark.parametrize(("path", "command"), SHOWN, ids=[" ".join(path) for path, _ in SHOWN])
def test_every_command_has_help_with_an_example_and_answers_in_json(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help
    assert re.search(rf"^Examples?:\n(.*\n)* .*indexer {' '.join(path)}\b", command.epilog or "", re.MULTILINE)
    options = {name: option for option in command.params if isinstance(option, click.Option) for name in option.opts}
    assert all(option.help for option in options.values())
    # A shell's completion is no answer.
    if not isinstance(command, click.Group) and path != ("completion",):
        assert {"--json", "--project"} <= options.keys()
