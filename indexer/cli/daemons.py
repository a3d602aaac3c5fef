"""The daemon's life: up, down, status, logs, ps."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click

from indexer import client, config, errors
from indexer.cli import completing, options, output, progress
from indexer.cli.session import Session

#: Seconds after which the daemon is asked again whether everything is indexed: whatever it missed, it looks again.
_SLICE: Final = 20.0
_LOOK: Final = 0.2
_TAIL_BYTES: Final = 1 << 20


@click.command(
    epilog="""\b
Examples:
  indexer up
  indexer up ~/src/app"""
)
@click.argument("folder", required=False, metavar="[PATH]", shell_complete=completing.files)
@options.shared
@click.pass_obj
def up(session: Session, /, folder: str | None) -> int:
    """Start the daemon, and wait until everything is indexed. Starting it twice does no harm."""
    root = named_root(session, folder)
    status = start(root)
    if session.as_json:
        output.json(status)
    else:
        output.line(f"Up: {root}")
        _print_status(status)
        for note in config.load(root).notes:
            output.say(note)
    return 0


@click.command(
    epilog="""\b
Examples:
  indexer down
  indexer down --all"""
)
@click.argument("folder", required=False, metavar="[PATH]", shell_complete=completing.files)
@click.option("--all", "everyone", is_flag=True, help="Every daemon of yours.")
@options.shared
@click.pass_obj
def down(session: Session, /, folder: str | None, everyone: bool) -> int:
    """Stop the daemon. The index stays, and the next question starts it again."""
    roots = _running() if everyone else [named_root(session, folder)]
    stopped = [root for root in roots if client.stop(root)]
    if session.as_json:
        output.json({"items": stopped, "total": len(stopped)})
    for root in roots if not session.as_json else []:
        output.line(f"Stopped: {root}" if root in stopped else f"No daemon ran for {root}.")
    return 0


@click.command(
    epilog="""\b
Examples:
  indexer status
  indexer status --watch"""
)
@click.option("--watch", is_flag=True, help="Show it again every second, until Ctrl-C.")
@options.shared
@click.pass_obj
def status(session: Session, /, watch: bool) -> int:
    """How the daemon and the index are. It is not started for that."""
    root = session.root()
    with client.connect(root) as daemon:
        while True:
            found = daemon.call("system.status")
            if session.as_json:
                output.json(found)
            else:
                if watch and sys.stdout.isatty():
                    click.clear()
                _print_status(found)
            if not watch:
                return 0
            sys.stdout.flush()
            time.sleep(1)


@click.command(
    epilog="""\b
Examples:
  indexer logs -n 100
  indexer logs -f"""
)
@click.option("-n", "--lines", type=click.IntRange(0), default=50, show_default=True, help="The last N lines.")
@click.option("-f", "--follow", is_flag=True, help="And what comes, until Ctrl-C.")
@options.shared
@click.pass_obj
def logs(session: Session, /, lines: int, follow: bool) -> int:
    """What the project's daemon logged, whether it runs or not."""
    root = session.root()
    path = _log_of(root)
    if path is None:
        raise errors.NotFound(f"No daemon of {root} has logged anything yet.")
    for text in _last_lines(path, lines):
        output.line(output.block(text))
    for text in _further_lines(path) if follow else ():
        output.line(output.block(text))
        sys.stdout.flush()
    return 0


@click.command(
    epilog="""\b
Examples:
  indexer ps
  indexer ps --json"""
)
@options.shared
@click.pass_obj
def ps(session: Session, /) -> int:
    """Every daemon of yours: process, version, project."""
    found = [_process(daemon) for daemon in client.daemons()]
    if session.as_json:
        output.json({"items": found, "total": len(found)})
    elif found:
        rows = [("PID", "VERSION", "PROJECT")]
        rows += [(str(each["pid"] or "?"), each["version"] or "?", each["project"] or "(silent)") for each in found]
        output.table(rows)
    else:
        output.say("No daemon of yours runs.")
    return 0 if found else errors.NotFound.exit_code


def named_root(session: Session, folder: str | None) -> str:
    """The project that an optional argument names, else the one that is meant."""
    return session.root() if folder is None else config.project_root(folder, os.environ)


def start(root: str) -> Any:
    """Start the project's daemon and wait, with progress, until its index is complete; its status."""
    # What is wrong in a config is told here rather than in the log of a daemon that does not start.
    config.load(root)
    config.register(root, os.environ)
    with progress.shown() as show, client.ensure(root) as daemon:
        wait_until_indexed(daemon, show)
        return daemon.call("system.status")


def wait_until_indexed(daemon: client.Client, show: progress.Show) -> dict[str, Any]:
    """Wait until every save made before is in the index, however long that takes; the answer to the last look."""
    while True:
        answer: dict[str, Any] = daemon.call("index.sync", {"timeout": _SLICE}, timeout=None, on_progress=show)
        if answer["complete"]:
            return answer


def _running() -> list[str]:
    return [daemon.hello.project for daemon in client.daemons() if daemon.hello is not None]


def _process(daemon: client.Daemon) -> dict[str, Any]:
    hello = daemon.hello
    return {
        "pid": daemon.pid,
        "version": hello and hello.version,
        "project": hello and hello.project,
    }


def _print_status(found: Mapping[str, Any]) -> None:
    rows = [(name, value) for name, value in _lines_of(found) if value]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        output.line(f"  {output.styled(name.ljust(width), 'dim')}  {output.plain(value)}")


def _lines_of(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a person wants to know, the most important first; '' where there is nothing to say."""
    index, files, watch = found["index"], found["files"], found["watch"]
    yield "state", _state(found)
    yield "index", f"generation {index['generation']:,}, {_count(index['pending'], 'file')} pending"
    if files is not None:
        yield "files", f"{_languages(files['by_language'])} ({files['lines']:,} lines)"
        yield "symbols", f"{found['symbols']:,}"
        yield "no sites", ", ".join(f"{n:,} {flag}" for flag, n in files["flags"].items() if flag != "test")
        yield "names", _coverage(index["coverage"])
        for problem in files["problems"]:
            example = ", ".join(problem["examples"][:2])
            yield "problem", f"{_count(problem['files'], 'file')}: {problem['problem']} ({example})"
    yield "search", _search(found["search"])
    for problem in found["search"]["problems"]:
        yield "problem", f"search: {problem}"
    for failed in found["failures"][:5]:
        yield "failed", f"{failed['path']}: {failed['reason']}; again in {progress.duration(failed['again_in_s'])}"
    yield "watching", f"{watch['mode']}, {_count(watch['n_watches'], 'folder')}"
    yield "limit", watch["limit"] or ""
    for text in (*watch["problems"], *found["notes"]):
        yield "note", text
    database = found["database"]
    yield "database", database["problem"] or f"{_size(database['project_size'])} of {_size(database['size'])}"
    yield "memory", f"{_size(found['memory']['total'])} in {1 + len(found['memory']['workers'])} processes"
    yield "process", f"{found['pid']}, up for {progress.duration(found['uptime'])}"
    yield "version", found["versions"]["program"]


def _state(found: Mapping[str, Any]) -> str:
    state, at = found["state"], found["progress"]
    if state == "indexing" and at["total"]:
        left = "" if at["seconds_left"] is None else f", {progress.duration(at['seconds_left'])} left"
        return f"{state}: {at['stage']} {at['done']:,} of {at['total']:,}{left}"
    return f"{state}: {found['last_error']}" if found["last_error"] else state


def _search(found: Mapping[str, Any]) -> str:
    """How much can be found by words, and how much of it by meaning as well."""
    building = ", being built" if found["is_building"] else ""
    text = f"{_count(found['symbols'], 'symbol')} and {found['memories']:,} memories by words{building}"
    made, pending = found["vectors"], found["vectors_pending"] + found["memory_vectors_pending"]
    if made or pending:
        text += f"; by meaning ({found['embedder']}, {found['embedder_state']}) {_count(made, 'symbol')}, {pending:,} still to do"
    return text


def _languages(by_language: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {name or 'other'}" for name, n in by_language.items()) or "none"


def _coverage(coverage: Mapping[str, int]) -> str:
    total = sum(coverage.values()) or 1
    return ", ".join(f"{n / total:.0%} {what}" for what, n in coverage.items())


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _size(n_bytes: int | None) -> str:
    return "?" if n_bytes is None else f"{n_bytes / (1 << 20):,.0f} MB"


def _log_of(root: str) -> Path | None:
    """The daemon's own log, else what it printed before it had one."""
    for path in map(Path, (config.log_file(root, os.environ), client.log_path(root))):
        if path.is_file() and path.stat().st_size:
            return path
    return None


def _last_lines(path: Path, number: int) -> list[str]:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _TAIL_BYTES, 0))
        lines = file.read().decode(errors="replace").splitlines()
    return lines[-number:] if number else []


def _further_lines(path: Path) -> Iterator[str]:
    """What is added to a log, also after it was begun anew under the same name."""
    file = path.open("rb")
    file.seek(0, os.SEEK_END)
    rest = b""
    while True:
        rest += file.read()
        *lines, rest = rest.split(b"\n")
        yield from (line.decode(errors="replace") for line in lines)
        if _is_replaced(path, file.fileno()):
            file.close()
            file = path.open("rb")
        time.sleep(_LOOK)


def _is_replaced(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino != os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False
