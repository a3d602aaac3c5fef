"""Which languages are read, and how far."""

from __future__ import annotations

from typing import Any

import click

from indexer.cli import options, output
from indexer.cli.session import Session


@click.command(
    epilog="""\b
Examples:
  indexer languages
  indexer languages --json"""
)
@options.shared
@click.pass_obj
def languages(session: Session, /) -> int:
    """Every language that is recognised: 'full' with sites and imports, 'symbols' with definitions alone."""
    # The grammars take a moment to import.
    from indexer import languages as known

    items: list[dict[str, Any]] = []
    for name in known.names():
        rules = known.load(name).rules
        if "extensions" in rules or "filenames" in rules:
            items.append(
                {
                    "name": name,
                    "support": known.load(name).support,
                    "extensions": list(rules.get("extensions", ())),
                    "filenames": list(rules.get("filenames", ())),
                }
            )
    if session.as_json:
        output.json({"items": items, "total": len(items), "omitted": 0, "note": None})
    else:
        output.table((item["name"], item["support"], " ".join((*item["extensions"], *item["filenames"]))) for item in items)
    return 0
