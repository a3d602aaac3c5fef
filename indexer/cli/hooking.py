"""Hooks: hook install, hook print, hook run."""

from __future__ import annotations

import os
import sys

import click

from indexer import errors
from indexer.cli import hooks, options, output
from indexer.cli.session import Session


@click.group(
    epilog="""\b
Examples:
  indexer hook install neovim
  indexer hook install git
  indexer hook print helix"""
)
def hook() -> None:
    """Let an editor, git or a coding agent tell the daemon of changes at once (it watches the files anyway)."""


_WHAT = click.argument("what", type=click.Choice(list(hooks.HOOKS)))


@hook.command(
    epilog="""\b
Examples:
  indexer hook install neovim
  indexer hook install git --project ~/src/app"""
)
@_WHAT
@options.shared
@click.pass_obj
def install(session: Session, /, what: str) -> int:
    """Put a hook where its program reads it; again does no harm, and what else is there stays."""
    chosen = hooks.HOOKS[what]
    if chosen.install is None:
        raise errors.UsageError(f"Installing it would mean rewriting your settings; paste what this prints: indexer hook print {what}")
    written = [str(path) for path in chosen.install(chosen.text(), session.root(), os.environ)]
    if session.as_json:
        output.json({"items": written, "total": len(written)})
    else:
        output.line(f"{what}: {chosen.about}")
        for path in written:
            output.line(f"  {output.plain(path)}")
    return 0


@hook.command(
    "print",
    epilog="""\b
Example:
  indexer hook print helix""",
)
@_WHAT
@options.shared
@click.pass_obj
def print_(session: Session, /, what: str) -> int:
    """The text of a hook, to be put where you want it."""
    text = hooks.HOOKS[what].text()
    if session.as_json:
        output.json({"name": what, "text": text})
    else:
        output.line(text.rstrip("\n"))
    return 0


@hook.command(hidden=True)
@click.argument("what", type=click.Choice(["claude-code"]))
def run(what: str) -> int:
    """What an agent's hook calls: reads the event from standard input. Never fails."""
    # Only here: it reads JSON and asks the daemon.
    from indexer.cli.hooks import agent

    agent.run(sys.stdin.buffer.read(), os.environ)
    return 0
