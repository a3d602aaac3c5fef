"""What a shell offers for an argument, beside the commands and options that click knows: symbols, files, methods.

Called while somebody types: quick, without a daemon being started, and never with an error.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

import click

from indexer import client, config, errors

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

#: Seconds for the daemon to say hello, and to answer.
_PATIENCE: Final = 0.5
_MOST: Final = 200
_SEPARATORS: Final = re.compile(r"[.:/#\\]")


def symbols(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Symbols whose name or qualified name begins so; none where no daemon runs."""
    # Found by the end of its name, and told apart by all that is typed.
    last = _SEPARATORS.split(incomplete)[-1]
    if not last:
        return []
    try:
        with client.connect(config.project_root(None, os.environ), timeout=_PATIENCE) as daemon:
            found = daemon.call("symbols.find", {"name": last, "limit": _MOST}, timeout=_PATIENCE)["items"]
    except errors.IndexerError:
        return []
    names = {name for symbol in found for name in (symbol["name"], symbol["qualified_name"])}
    return [_item(name) for name in sorted(names) if name.startswith(incomplete)]


def files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Left to the shell, which knows how to complete files and folders."""
    return [_item(incomplete, "file")]


def methods(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Methods of the socket."""
    # Only here: no other completion needs them.
    from indexer.protocol.methods import METHODS

    return [_item(name) for name in sorted(METHODS) if name.startswith(incomplete)]


def _item(value: str, type: str = "plain") -> CompletionItem:
    # Only here: commands are imported for every question, and this costs as much as one's whole start.
    from click.shell_completion import CompletionItem

    return CompletionItem(value, type=type)
