"""Saves: tell the daemon of them, wait until it has seen them."""

from __future__ import annotations

from typing import Any

import click

from indexer import client, errors
from indexer.cli import completing, options, output, progress
from indexer.cli.session import Session, file_in

_TIMEOUT = click.option(
    "--timeout",
    type=click.FloatRange(0, 86_400, min_open=True),
    default=60.0,
    metavar="SECONDS",
    show_default=True,
    help="Wait this long at most.",
)


@click.command(
    epilog="""\b
Example:
  git checkout main && indexer sync && indexer impact --diff HEAD~5"""
)
@_TIMEOUT
@options.shared
@click.pass_obj
def sync(session: Session, /, timeout: float) -> int:
    """Wait until every save made before this call is in the index; exit code 3 when time ran out."""
    root = session.root()
    with client.ensure(root) as daemon, progress.shown() as show:
        # The daemon keeps the time; it answers with what is pending when that is over.
        answer = daemon.call("index.sync", {"timeout": timeout}, timeout=None, on_progress=show)
    return _report(session, answer)


@click.command(
    epilog="""\b
Examples:
  indexer notify src/http.py
  indexer notify src --wait

An editor's save hook is better off with `indexer-notify FILE`, which is quicker and never fails."""
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", shell_complete=completing.files)
@click.option("--wait", is_flag=True, help="Until they are in the index; starts the daemon where none runs.")
@_TIMEOUT
@options.shared
@click.pass_obj
def notify(session: Session, /, paths: tuple[str, ...], wait: bool, timeout: float) -> int:
    """Tell the daemon that files or folders changed, were made or are gone."""
    by_root: dict[str, list[str]] = {}
    for path in paths:
        root = session.root(path)
        by_root.setdefault(root, []).append(file_in(path, root))
    # The worst of several projects' exit codes.
    return max(_notify(session, root, names, wait, timeout) for root, names in by_root.items())


def _notify(session: Session, root: str, names: list[str], wait: bool, timeout: float) -> int:
    params = {"paths": names, "wait": wait, "timeout": timeout}
    with client.ensure(root) if wait else client.connect(root) as daemon, progress.shown() as show:
        answer = daemon.call("index.notify", params, timeout=None, on_progress=show)
    if wait:
        return _report(session, answer)
    if session.as_json:
        output.json(answer)
    return 0


def _report(session: Session, answer: dict[str, Any]) -> int:
    if session.as_json:
        output.json(answer)
    elif answer["complete"]:
        output.line("Everything saved before is in the index.")
    else:
        output.say(f"Time is over; still to be read: {answer['pending']} files. See: indexer status")
    return 0 if answer["complete"] else errors.Busy.exit_code
