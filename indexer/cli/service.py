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

from indexer import config, errors, sockets
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
ExecStart={program} -m indexer serve --project {argument}
{environment}Restart=on-failure
RestartSec=5
TimeoutStartSec=120
Nice=5
NoNewPrivileges=yes

[Install]
WantedBy=default.target
"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  indexer service install
  indexer service status
  indexer service remove""",
)
def service() -> None:
    """Have the daemon started with your session (it starts with the first question anyway)."""


@service.command()
@click.option("--no-start", is_flag=True, help="Write the file only.")
@options.shared
@click.pass_obj
def install(session: Session, /, no_start: bool) -> int:
    """Write the service's file for the project, and start it."""
    root = session.root()
    config.load(root)
    config.register(root, os.environ)
    path = unit_path(root, os.environ)
    text = _plist(root, os.environ) if _is_mac() else _unit(root, os.environ)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise errors.UsageError(f"{path} cannot be written: {problem.strerror}.") from problem
    output.line(f"Wrote {output.plain(path)}")
    commands = _start_commands(path)
    if not no_start and all(_run(command) for command in commands):
        output.line("Started.")
    else:
        output.line(f"To start it: {' && '.join(map(shlex.join, commands))}")
    return 0


@service.command()
@options.shared
@click.pass_obj
def remove(session: Session, /) -> int:
    """Stop the service and remove its file; also for a project whose folder is gone (--project FOLDER)."""
    root = _root(session)
    path = unit_path(root, os.environ)
    if not path.exists():
        raise errors.NotFound(f"No service is installed for {root}.")
    for command in _stop_commands(path):
        _run(command)
    path.unlink()
    output.line(f"Removed {output.plain(path)}")
    return 0


@service.command()
@options.shared
@click.pass_obj
def status(session: Session, /) -> int:
    """Whether a service is installed for the project, and runs."""
    root = _root(session)
    path = unit_path(root, os.environ)
    is_installed = path.exists()
    is_active = is_installed and not _is_mac() and _run(["systemctl", "--user", "--quiet", "is-active", path.name])
    problem = None if not is_installed or os.path.isdir(root) else f"{root} is gone: indexer move {root} NEW, or indexer service remove"
    if session.as_json:
        output.json({"project": root, "file": str(path), "installed": is_installed, "active": is_active, "problem": problem})
    else:
        output.line(f"{'installed' if is_installed else 'not installed'}: {output.plain(path)}")
        if is_installed:
            output.line("active" if is_active else "not active (or nobody to ask)")
        if problem:
            output.say(problem)
    return 0 if is_installed else errors.NotFound.exit_code


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
        "ProgramArguments": [sys.executable, "-m", "indexer", "serve", "--project", root],
        "EnvironmentVariables": kept,
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ProcessType": "Background",
    }
    return plistlib.dumps(agent).decode()


def _start_commands(path: Path) -> list[list[str]]:
    if _is_mac():
        return [["launchctl", "load", "-w", str(path)]]
    return [["systemctl", "--user", "daemon-reload"], ["systemctl", "--user", "enable", "--now", path.name]]


def _stop_commands(path: Path) -> list[list[str]]:
    if _is_mac():
        return [["launchctl", "unload", "-w", str(path)]]
    return [["systemctl", "--user", "disable", "--now", path.name]]


def _run(command: list[str]) -> bool:
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=150).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _is_mac() -> bool:
    return sys.platform == "darwin"
