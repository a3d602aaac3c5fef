"""Looking after the database: maintain, migrate."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import click

from indexer import client, config, errors
from indexer.cli import options, output, progress
from indexer.cli.session import Session


@click.command(
    epilog="""\b
Examples:
  indexer maintain
  indexer maintain --embedder      after another embedder was configured"""
)
@click.option("--embedder", is_flag=True, help="Change the database over to the configured embedder; vectors are made anew.")
@options.shared
@click.pass_obj
def maintain(session: Session, /, embedder: bool) -> int:
    """Do the regular work on the database now: statistics, what expired, partitions, indexes, reference counts.

    Daemons do it by themselves, once a day, one for all. Works without a daemon too.
    """
    root = session.root()
    if embedder:
        report = session.ask(root, "system.maintain", {"embedder": True})
    else:
        report = _by_daemon(root) or _here(root)
    if session.as_json:
        output.json(report)
        return 0
    for name, number in {**(report["shared"] or {}), "counted": report["counted"], "facts_removed": report["facts_removed"]}.items():
        output.line(f"{number:>10,}  {name.removeprefix('n_').replace('_', ' ')}")
    if report["shared"] is None:
        output.say("Another program is maintaining the database at this moment.")
    return 0


@click.command(
    epilog="""\b
Examples:
  indexer migrate
  indexer migrate --status"""
)
@click.option("--status", "look_only", is_flag=True, help="Change nothing, only say how it stands.")
@options.shared
@click.pass_obj
def migrate(session: Session, /, look_only: bool) -> int:
    """Bring the database's schema up to date, and list its steps. A daemon does that when it starts.

    Refused while others use a schema that has to change; it says which daemons to stop.
    """
    from indexer import daemon

    found = asyncio.run(daemon.migrate(config.load(session.root()), look_only=look_only))
    if session.as_json:
        output.json({"items": found, "total": len(found)})
        return 0
    rows = [("STATUS", "PHASE", "COMPLETED", "STEP")]
    for step in found:
        completed = f"{step.completed_at:%Y-%m-%d %H:%M}" if step.completed_at else "-"
        rows.append((step.status, step.phase, completed, step.name))
    output.table(rows)
    for step in found:
        for error in step.errors:
            output.line(output.plain(f"{step.name}: {error}"))
    return 0


def _by_daemon(root: str) -> Mapping[str, Any] | None:
    """By the project's daemon, where one runs."""
    try:
        running = client.connect(root)
    except errors.DaemonUnavailable:
        return None
    with running as daemon, progress.shown() as show:
        answer: Mapping[str, Any] = daemon.call("system.maintain", timeout=None, on_progress=show)
        return answer


def _here(root: str) -> Mapping[str, Any]:
    from dataclasses import asdict

    from indexer import daemon

    done = asyncio.run(daemon.maintain(config.load(root)))
    return {
        "shared": None if done.shared is None else asdict(done.shared),
        "counted": done.n_counted,
        "facts_removed": done.n_facts_removed,
    }
