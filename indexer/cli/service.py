"""A project's daemon as a service that starts with the session: systemd's user units, launchd's agents."""

from __future__ import annotations

import os
import plistlib
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from indexer import client, config, errors, sockets
from indexer.cli import options, output
from indexer.cli.session import Session

#: Passed on to the service: without them it would be another installation.
_KEPT: Final = ("INDEXER_HOME", "INDEXER_CONFIG", "XDG_CONFIG_HOME", "XDG_DATA_HOME")

_UNIT: Final = """\
[Unit]
Description=Code index of {name}
ConditionPathIsDirectory={root}

[Service]
Type=notify
ExecStart={program} -P -m indexer serve --project {argument}
{environment}Restart=on-failure
RestartSec=5
TimeoutStartSec=120
Nice=5
NoNewPrivileges=yes

[Install]
WantedBy=default.target
"""
#: Beside the unit of the same name, which it starts for the first connection.
_SOCKET: Final = """\
[Unit]
Description=Socket of the code index of {name}
ConditionPathIsDirectory={root}

[Socket]
ListenStream={address}
SocketMode=0600
DirectoryMode=0700

[Install]
WantedBy=sockets.target
"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  indexer service install
  indexer service install --socket
  indexer service status
  indexer service remove""",
)
def service() -> None:
    """Have the daemon started with your session (it starts with the first question anyway)."""


@service.command(
    epilog="""\b
Examples:
  indexer service install
  indexer service install --socket"""
)
@click.option("--no-start", is_flag=True, help="Write the files only.")
@click.option("--socket", "by_socket", is_flag=True, help="Start it with the first question or save instead (systemd's socket activation).")
@options.shared
@click.pass_obj
def install(session: Session, /, no_start: bool, by_socket: bool) -> int:
    """Write the service's files for the project, and start it in place of the daemon that runs."""
    root = session.root()
    config.load(root)
    if by_socket and _is_mac():
        raise errors.UsageError("Starting by socket is systemd's; launchd starts the daemon with the session.")
    config.register(root, os.environ)
    path = unit_path(root, os.environ)
    _take_away(path)
    files = _files(root, path, by_socket, os.environ)
    for file, text in files.items():
        _write(file, text)
    commands = _start_commands(path, by_socket)
    is_started = not no_start and _start(root, commands)
    if session.as_json:
        output.json({"project": root, "files": [str(file) for file in files], "started": is_started})
        return 0
    for file in files:
        output.line(f"Wrote {output.plain(file)}")
    if is_started:
        output.line("The first question or save starts it." if by_socket else "Started.")
    else:
        output.line(f"To start it: {' && '.join(map(shlex.join, commands))}")
    return 0


@service.command(
    epilog="""\b
Example:
  indexer service remove --project ~/src/gone"""
)
@options.shared
@click.pass_obj
def remove(session: Session, /) -> int:
    """Stop the service and remove its files; also for a project whose folder is gone (--project FOLDER)."""
    root = _root(session)
    removed = _take_away(unit_path(root, os.environ))
    if not removed:
        raise errors.NotFound(f"No service is installed for {root}.")
    if session.as_json:
        output.json({"project": root, "files": [str(file) for file in removed]})
    for file in removed if not session.as_json else ():
        output.line(f"Removed {output.plain(file)}")
    return 0


@service.command(
    epilog="""\b
Example:
  indexer service status --json"""
)
@options.shared
@click.pass_obj
def status(session: Session, /) -> int:
    """Whether a service is installed for the project, and runs."""
    root = _root(session)
    path = unit_path(root, os.environ)
    files = _installed(path)
    active = [file.name for file in files if _run(_question(file))]
    problem = None if not files or os.path.isdir(root) else f"{root} is gone: indexer move {root} NEW, or indexer service remove"
    if session.as_json:
        output.json({"project": root, "files": [str(file) for file in files], "active": active, "problem": problem})
    elif not files:
        output.line(f"not installed: {output.plain(path)}")
    for file in files if not session.as_json else ():
        output.line(f"{'active' if file.name in active else 'not active (or nobody to ask)'}: {output.plain(file)}")
    if problem and not session.as_json:
        output.say(problem)
    return 0 if files else errors.NotFound.exit_code


def unit_path(root: str, environ: Mapping[str, str]) -> Path:
    """Where the service's file of a project lies or would lie."""
    key = sockets.project_key(root)
    home = Path(environ.get("HOME") or os.path.expanduser("~"))
    if _is_mac():
        return home / "Library" / "LaunchAgents" / f"indexer.{key}.plist"
    given = environ.get("XDG_CONFIG_HOME", "")
    base = Path(given) if os.path.isabs(given) else home / ".config"
    return base / "systemd" / "user" / f"indexer-{key}.service"


def _root(session: Session) -> str:
    # A project that has moved away has no folder, and may still have a service.
    return sockets.canonical_root(session.project) if session.project is not None else session.root()


def _unit(root: str, environ: Mapping[str, str]) -> str:
    kept = {name: environ[name] for name in _KEPT if environ.get(name)}
    lines = [f"Environment={_quoted(f'{name}={value}')}\n" for name, value in kept.items()]
    return _UNIT.format(
        name=_escaped(os.path.basename(root)), root=_escaped(root), program=_quoted(sys.executable), argument=_quoted(root),
        environment="".join(lines),
    )  # fmt: skip


def _escaped(text: str) -> str:
    """'%' begins a specifier in a unit; a line break would end the line."""
    return text.replace("%", "%%").replace("\n", "?")


def _quoted(text: str) -> str:
    """An argument in a unit's line."""
    quoted = _escaped(text).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{quoted}"'


def _plist(root: str, environ: Mapping[str, str]) -> str:
    kept = {name: environ[name] for name in _KEPT if environ.get(name)}
    agent = {
        "Label": f"indexer.{sockets.project_key(root)}",
        "ProgramArguments": [sys.executable, "-P", "-m", "indexer", "serve", "--project", root],
        "EnvironmentVariables": kept,
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ProcessType": "Background",
    }
    return plistlib.dumps(agent).decode()


def _files(root: str, path: Path, by_socket: bool, environ: Mapping[str, str]) -> dict[Path, str]:
    """What is written for a service, by file."""
    if _is_mac():
        return {path: _plist(root, environ)}
    if not by_socket:
        return {path: _unit(root, environ)}
    address = sockets.socket_path(sockets.runtime_dir(environ), sockets.project_key(root))
    text = _SOCKET.format(name=_escaped(os.path.basename(root)), root=_escaped(root), address=_escaped(address))
    return {path: _unit(root, environ), path.with_suffix(".socket"): text}


def _installed(path: Path) -> list[Path]:
    return [file for file in (path, path.with_suffix(".socket")) if file.exists()]


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise errors.UsageError(f"{path} cannot be written: {problem.strerror}.") from problem


def _start(root: str, commands: list[list[str]]) -> bool:
    # One that was started by a question would keep the service's from serving.
    client.stop(root)
    return all(_run(command) for command in commands)


def _take_away(path: Path) -> list[Path]:
    """Stop what is installed, the socket first so that it starts nothing again, and remove its files."""
    files = _installed(path)[::-1]
    for file in files:
        _run(["launchctl", "unload", "-w", str(file)] if _is_mac() else ["systemctl", "--user", "disable", "--now", file.name])
        file.unlink()
    return files


def _start_commands(path: Path, by_socket: bool) -> list[list[str]]:
    if _is_mac():
        return [["launchctl", "load", "-w", str(path)]]
    unit = path.with_suffix(".socket") if by_socket else path
    return [["systemctl", "--user", "daemon-reload"], ["systemctl", "--user", "enable", "--now", unit.name]]


def _question(file: Path) -> list[str]:
    return ["launchctl", "list", file.stem] if _is_mac() else ["systemctl", "--user", "--quiet", "is-active", file.name]


def _run(command: list[str]) -> bool:
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=150).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _is_mac() -> bool:
    return sys.platform == "darwin"
