"""What needs no daemon, or is one: serve, index, export, init."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import Any

import click

from indexer import client, config, errors
from indexer.cli import completing, options, output, progress
from indexer.cli.daemons import named_root, wait_until_indexed
from indexer.cli.session import Session
from indexer.protocol import messages

logger = logging.getLogger(__name__)


@click.command(
    epilog="""\b
Example:
  indexer serve --project ~/src/app"""
)
@options.shared
@click.pass_obj
def serve(session: Session, /) -> int:
    """Be the project's daemon, in the foreground, until told to stop (Ctrl-C, SIGTERM, `indexer down`)."""
    # The database, the parser and the rest take a second to import; only what is or does a daemon's work needs them.
    from indexer import daemon
    from indexer.cli import logbook
    from indexer.server import program

    root = session.root()
    settings = config.load(root)
    config.register(root, os.environ)
    logbook.open_log(settings, config.log_file(root, os.environ))
    try:
        is_replaced = asyncio.run(daemon.serve(settings))
    except Exception:
        # It has usually no terminal: `indexer logs` must say why it is gone.
        logger.critical("ended by an error", exc_info=True)
        raise
    if is_replaced:
        program.begin_anew()
    return 0


@click.command(
    epilog="""\b
Examples:
  indexer index
  indexer index ~/src/app --json"""
)
@click.argument("folder", required=False, metavar="[PATH]", shell_complete=completing.files)
@options.shared
@click.pass_obj
def index(session: Session, /, folder: str | None) -> int:
    """Bring the index up to date once, without a daemon; where one runs, by it."""
    root = named_root(session, folder)
    settings = config.load(root)
    config.register(root, os.environ)
    running = _running(root)
    report = _index_here(settings) if running is None else _index_by(running)
    if session.as_json:
        output.json(report)
    else:
        output.line(", ".join(f"{value:,} {key}" for key, value in report.items() if isinstance(value, int)))
    return 0


@click.command(
    epilog="""\b
Examples:
  indexer export > index.jsonl
  indexer export | jq -r 'select(.record == "symbol") | .qualified_name'
  indexer export --format scip > index.scip
  indexer export --format ctags > tags"""
)
@click.argument("folder", required=False, metavar="[PATH]", shell_complete=completing.files)
@click.option(
    "--format", "kind", type=click.Choice(["jsonl", "scip", "ctags", "dot"]), default="jsonl", show_default=True,
    help="Lines of JSON, or what other programs read.",
)  # fmt: skip
@options.query
@click.pass_obj
def export(session: Session, /, folder: str | None, kind: str, sync: bool) -> int:
    """The whole index on standard output: as JSON lines, sorted, the same for the same files.

    Or for other programs: SCIP (code hosts), a tags file (Vim, Emacs), a graph for Graphviz (dot).
    """
    from indexer import daemon

    root = named_root(session, folder)
    if sync and (running := _running(root)) is not None:
        with running, progress.shown() as show:
            wait_until_indexed(running, show)
    asyncio.run(daemon.export(config.load(root), kind, _write))
    return 0


@click.command(
    epilog="""\b
Examples:
  indexer init
  indexer init ~/src/app/services/billing"""
)
@click.argument("folder", required=False, metavar="[PATH]", shell_complete=completing.files)
@options.shared
@click.pass_obj
def init(session: Session, /, folder: str | None) -> int:
    """Make a folder a project, so that commands in its sub-folders mean it. Writes nothing into it."""
    named = folder or session.project or os.curdir
    root = config.project_root(named, os.environ)
    settings = config.load(root)
    config.register(root, os.environ)
    user_file = config.user_file(os.environ)
    if session.as_json:
        output.json(
            {"project": root, "user_config": user_file, "settings_from": settings.sources, "notes": settings.notes}
        )
        return 0
    output.line(f"A project: {root}")
    output.line(f"Settings: {', '.join(settings.sources) or f'the defaults; yours would lie in {user_file}'}")
    for note in settings.notes:
        output.say(note)
    output.line("Next: indexer up")
    return 0


def bring_up_to_date(settings: config.Config) -> None:
    """Have the index compared with the tree, by the daemon where one runs."""
    running = _running(settings.root)
    if running is None:
        _index_here(settings)
    else:
        _index_by(running)


def _write(data: bytes) -> None:
    try:
        sys.stdout.buffer.write(data)
    except BrokenPipeError:
        # In the midst of a query it would be taken for the database's.
        raise click.exceptions.Exit(output.PIPE_CLOSED) from None


def _running(root: str) -> client.Client | None:
    """The project's daemon, where one runs."""
    try:
        return client.connect(root)
    except errors.DaemonUnavailable:
        return None


def _index_by(running: client.Client) -> dict[str, Any]:
    with running as daemon, progress.shown() as show:
        daemon.call("index.rescan")
        return wait_until_indexed(daemon, show)


def _index_here(settings: config.Config) -> dict[str, Any]:
    from indexer import daemon

    with progress.shown() as show:
        outcome = asyncio.run(
            daemon.index_once(settings, lambda done, total, stage: show(messages.Progress(None, done, total, stage)))
        )
    return {
        "extracted": outcome.n_extracted,
        "resolved": outcome.n_resolved,
        "removed": outcome.n_removed,
        "changed": len(outcome.changed),
    }
