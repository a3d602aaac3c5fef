"""What other programs know: import scip, import chroma."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path
from typing import Any

import click

from indexer import config, errors
from indexer.cli import options, output, progress
from indexer.cli.memories import vault_option
from indexer.cli.offline import bring_up_to_date
from indexer.cli.session import Session
from indexer.protocol import Progress


@click.group(
    "import", context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  indexer import scip index.scip
  indexer import chroma ~/notes/chroma""",
)
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


@import_.command(
    epilog="""\b
Examples:
  npx @sourcegraph/scip-typescript index && indexer import scip index.scip
  indexer import scip --remove"""
)
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--remove", is_flag=True, help="Take back everything that was imported.")
@options.shared
@click.pass_obj
def scip(session: Session, /, file: Path | None, remove: bool) -> int:
    """Let a compiler's index (a SCIP FILE) say what names mean, in place of what we infer.

    It holds for files that are as it saw them; a file that changes falls back to our own reading. Another import of the
    same files replaces this one.
    """
    from indexer import daemon

    if (file is None) != remove:
        raise errors.UsageError("Name the index to import, or say --remove.")
    root = session.root()
    settings = config.load(root)
    bring_up_to_date(settings)
    if file is None:
        asyncio.run(daemon.take_back_imports(settings))
        bring_up_to_date(settings)
        return 0
    report = asyncio.run(daemon.import_scip(settings, file))
    bring_up_to_date(settings)
    if session.as_json:
        output.json(dataclasses.asdict(report))
        return 0
    output.line(f"{report.targets:,} names of {report.files:,} files mean what the index says.")
    for paths, why in ((report.stale, "have changed since it was made"), (report.unknown, "are not in our index")):
        if paths:
            output.say(f"{len(paths):,} of its files {why}: {', '.join(map(output.plain, paths[:3]))}{' …' if len(paths) > 3 else ''}")
    return 0 if report.files else errors.NotFound.exit_code
