"""The first five minutes: index a project, and show on its own code what can be asked."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import time
from collections.abc import Mapping
from typing import Any, Final

import click

from indexer import client
from indexer.cli import completing, options, output, progress
from indexer.cli.daemons import named_root, start
from indexer.cli.graph import show_reached, show_sites
from indexer.cli.session import Session
from indexer.cli.symbols import show_table

#: What functions are called that others call: a prefix of each is looked for.
_COMMON: Final = ("get", "is", "make", "parse", "read", "check", "to", "from", "load", "format", "find", "re", "s", "a")
_SHOWN: Final = 5


@click.command(
    epilog="""\b
Examples:
  indexer tour
  indexer tour ~/src/app"""
)
@click.argument("folder", required=False, metavar="[PATH]", shell_complete=completing.files)
@options.shared
@click.pass_obj
def tour(session: Session, /, folder: str | None) -> int:
    """Start the daemon on a project, then ask it about one of the project's most used functions."""
    root = named_root(session, folder)
    began = time.monotonic()
    status = start(root)
    output.line(f"{root} is indexed ({progress.duration(time.monotonic() - began)}).")
    with client.ensure(root) as daemon:
        symbol = _most_called(daemon)
        answers = {} if symbol is None else _ask(daemon, symbol)
    if session.as_json:
        output.json({"status": status, "symbol": symbol, **answers})
        return 0
    if symbol is not None:
        _print(symbol, answers)
    else:
        output.line("It has no function that another one calls, so there is little to show.")
    _print_next(root, symbol)
    return 0


def _most_called(daemon: client.Client) -> Mapping[str, Any] | None:
    """The most called among functions with common names."""
    found: dict[str, Mapping[str, Any]] = {}
    for name in _COMMON:
        params = {"name": name, "kind": "function", "limit": 40, "fuzzy": False}
        found.update((each["id"], each) for each in daemon.call("symbols.find", params)["items"])
    calls = {id: _n_calls(daemon, id) for id in found}
    best = max(calls, key=lambda id: calls[id], default=None)
    return found[best] if best is not None and calls[best] else None


def _n_calls(daemon: client.Client, symbol: str) -> int:
    answer = daemon.call("graph.callers", {"symbol": symbol, "limit": 1})
    return int(answer["sites_total"])


def _ask(daemon: client.Client, symbol: Mapping[str, Any]) -> dict[str, Any]:
    one = {"symbol": symbol["id"], "limit": _SHOWN}
    return {
        "find": daemon.call("symbols.find", {"name": symbol["qualified_name"], "limit": _SHOWN}),
        "callers": daemon.call("graph.callers", one),
        "impact": daemon.call("graph.impact", one),
    }


def _print(symbol: Mapping[str, Any], answers: Mapping[str, Any]) -> None:
    name = str(symbol["qualified_name"])
    _section("Where is it defined?", f"indexer find {name}")
    show_table(answers["find"])
    _section("Who calls it?", f"indexer callers {name}")
    show_sites(answers["callers"], 1)
    _remaining(answers["callers"])
    _section("What can break if it changes?", f"indexer impact {name}")
    show_reached(answers["impact"])
    _remaining(answers["impact"])


def _section(question: str, command: str) -> None:
    output.line()
    output.line(f"{output.styled(question, 'name')}  $ {output.plain(command)}")


def _remaining(answer: Mapping[str, Any]) -> None:
    if answer["omitted"]:
        sites = f", {answer['sites_total']:,} places" if "sites_total" in answer else ""
        output.line(f"… and {answer['omitted']:,} more ({answer['total']:,} in all{sites}).")


def _print_next(root: str, symbol: Mapping[str, Any] | None) -> None:
    name = "NAME" if symbol is None else str(symbol["qualified_name"])
    output.line()
    output.line(output.styled("Next", "name"))
    if (path := _unusual_path()) is not None:
        output.line(f"  alias indexer={shlex.quote(path)}")
    output.line(f"  cd {shlex.quote(root)}")
    output.line(f"  indexer show {output.plain(name)}")
    output.line("  indexer outline FILE     what a file defines")
    output.line("  indexer at FILE:LINE     what stands there")
    output.line("  indexer status           how the index is; it follows your saves from here on")
    output.line("  indexer --help           everything else")
    output.line("  indexer down             stop the daemon")


def _unusual_path() -> str | None:
    """Where the command `indexer` of this installation is, when the shell would not find it."""
    own = os.path.join(os.path.dirname(sys.executable), "indexer")
    found = shutil.which("indexer")
    is_usual = found is not None and os.path.realpath(found) == os.path.realpath(own)
    return None if is_usual else own
