"""For coding agents: mcp."""

from __future__ import annotations

import gc
import os

import click

from indexer.cli import options
from indexer.cli.session import Session


@click.command(
    epilog="""\\b
Examples:
  claude mcp add indexer -- indexer mcp
  indexer mcp --project ~/src/app"""
)
@options.shared
@click.pass_obj
def mcp(session: Session, /) -> int:
    """Serve the tools of a coding agent (Model Context Protocol) on standard input and output.

    The agent starts it; the project is the one around the folder that it is started in, else the one that the agent says it
    works in. A question may name another one. A daemon is started with the first question about its project.
    """
    # The protocol's SDK takes most of a second to import. A fifth of that goes into looking for garbage, of which there is
    # none, and into a search for plugins of pydantic's among all installed packages.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.disable()
    from indexer.mcp import server

    gc.freeze()
    gc.enable()
    server.run(session.project)
    return 0
