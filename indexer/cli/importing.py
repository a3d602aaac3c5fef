"""What other programs know: import chroma."""

from __future__ import annotations

import asyncio
from typing import Any

import click

from indexer import config
from indexer.cli import options, output, progress
from indexer.cli.memories import vault_option
from indexer.cli.session import Session
from indexer.protocol import Progress


@click.group("import", context_settings={"help_option_names": ["-h", "--help"]})
@options.shared
def import_(**_: Any) -> None:
    """Take in what other programs know."""


@import_.command(
    epilog="""\b
Examples:
  indexer import chroma ~/notes/chroma
  indexer import chroma ~/notes/chroma --vault team
  indexer import chroma ~/notes/chroma --roll-back"""
)
@click.argument("folder", type=click.Path(), metavar="PATH")
@click.option("--model", metavar="NAME", help="The model that made the folder's vectors, where the folder does not say so.")
@click.option("--roll-back", is_flag=True, help="Remove what the import added and nobody has changed since.")
@vault_option
@options.shared
@click.pass_obj
def chroma(session: Session, /, folder: str, model: str | None, roll_back: bool, vault: str | None) -> int:
    """Memories from a persistent folder of ChromaDB. The folder is only read, and not locked.

    An import that was interrupted goes on when it is started again; nothing is ever stored twice.
    """
    from indexer import daemon

    settings = config.load(session.root())
    if roll_back:
        n_removed, n_left = asyncio.run(daemon.roll_back_chroma(settings, vault, folder))
        if session.as_json:
            output.json({"removed": n_removed, "left": n_left})
        else:
            output.line(f"{n_removed:,} removed, {n_left:,} changed since and left.")
        return 0
    with progress.shown() as show:
        done = asyncio.run(
            daemon.import_chroma(settings, vault, folder, model, lambda n, total, stage: show(Progress(None, n, total, stage)))
        )
    counts = {name: getattr(done, f"n_{name}") for name in ("total", "added", "merged", "known", "failed", "vectors")}
    if session.as_json:
        output.json({**counts, "problems": done.problems})
        return 0
    output.line(", ".join(f"{number:,} {name}" for name, number in counts.items()) + ".")
    for problem in done.problems[:10]:
        output.say(output.plain(f"{problem['collection']}/{problem['id']}: {problem['error']}"))
    return 0
