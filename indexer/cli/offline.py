"""What needs no daemon, or is one: serve, index, export, init."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import sys
from typing import Any

import click

from indexer import client, config, errors
from indexer.cli import options, output, progress
from indexer.cli.daemons import named_root
from indexer.cli.session import Session

_FORMATS = ("jsonl", "scip", "ctags", "dot")


@click.command()
@options.shared
@click.pass_obj
def serve(session: Session, /) -> int:
    """Be the project's daemon, in the foreground, until told to stop (Ctrl-C, SIGTERM, `indexer down`)."""
    # The database, the parser and the rest cost a second to import; only these commands need them.
    from indexer import daemon

    root = session.root()
    settings = config.load(root)
    config.register(root, os.environ)
    asyncio.run(daemon.serve(settings))
    return 0


@click.command(
    epilog="""\b
Examples:
  indexer index
  indexer index ~/src/app --json"""
)
@click.argument("folder", required=False, metavar="[PATH]")
@options.shared
@click.pass_obj
def index(session: Session, /, folder: str | None) -> int:
    """Bring the index up to date once, without a daemon; where one runs, by it."""
    root = named_root(session, folder)
    settings = config.load(root)
    config.register(root, os.environ)
    with progress.shown() as show:
        report = _index_by_daemon(root, show) or _index_here(settings, show)
    if session.as_json:
        output.json(report)
    else:
        output.line(", ".join(f"{key.removeprefix('n_').replace('_', ' ')} {value}" for key, value in report.items()))
    return 0


def _index_by_daemon(root: str, show: progress.Show) -> dict[str, Any] | None:
    try:
        daemon = client.connect(root)
    except errors.DaemonUnavailable:
        return None
    with daemon:
        daemon.call("index.rescan")
        answer: dict[str, Any] = daemon.call("index.sync", {"timeout": 86_400}, timeout=None, on_progress=show)
        return answer


def _index_here(settings: config.Config, show: progress.Show) -> dict[str, Any]:
    from indexer import daemon

    return dataclasses.asdict(asyncio.run(daemon.index_once(settings, show)))
