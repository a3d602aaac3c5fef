"""Symbols: find, show, outline, at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from indexer.cli import completing, options, output
from indexer.cli.session import Answer, Session, file_in, place_of, symbol_text


@click.command(
    epilog="""\b
Examples:
  indexer find parse_header
  indexer find parseHeader --kind method --path src/http
  indexer find UserModel --language python --json"""
)
@click.argument("name", shell_complete=completing.symbols)
@click.option("--kind", metavar="KIND", help="Only this kind or type (function, class, method, struct, …).")
@click.option("--language", metavar="NAME", help="Only this language.")
@click.option("--path", metavar="GLOB", help="Only files that match, or lie in this folder (from the root).")
@click.option("--fuzzy/--no-fuzzy", default=None, help="Names with a typo: always, or never.")
@options.paged
@options.query
@click.pass_obj
def find(session: Session, /, name: str, **params: Any) -> int:
    """Symbols by NAME: the exact one; failing that in any case style, as a prefix, with a typo."""
    return session.listing(session.root(), "symbols.find", {"name": name, **params}, show_table)


@click.command(
    epilog="""\b
Examples:
  indexer show http.parse_header
  indexer show src/http.py:120:9"""
)
@click.argument("symbol", shell_complete=completing.symbols)
@options.query
@click.pass_obj
def show(session: Session, /, symbol: str, sync: bool) -> int:
    """A SYMBOL with its signature, documentation and code."""
    root = session.root()
    params = {"symbol": symbol_text(symbol, root), "sync": sync}
    return session.listing(root, "symbols.show", params, _cards)


@click.command(
    epilog="""\b
Example:
  indexer outline src/http.py"""
)
@click.argument("file", shell_complete=completing.files)
@options.query
@click.pass_obj
def outline(session: Session, /, file: str, sync: bool) -> int:
    """The symbols of a FILE, nested as they are written."""
    root = session.root(file)
    return session.listing(root, "symbols.outline", {"path": file_in(file, root), "sync": sync}, _tree)


@click.command(
    epilog="""\b
Examples:
  indexer at src/http.py:120
  indexer at src/http.py:120:9"""
)
@click.argument("place", metavar="FILE:LINE[:COLUMN]", shell_complete=completing.files)
@options.query
@click.pass_obj
def at(session: Session, /, place: str, sync: bool) -> int:
    """What a name at a place means, or what is around it. Lines and columns count from 1."""
    file, line, column = place_of(place)
    root = session.root(file)
    params = {"path": file_in(file, root), "line": line, "sync": sync}
    if column is not None:
        params["column"] = column - 1
    return session.listing(root, "symbols.at", params, _standing)


def row(symbol: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Place, kind, qualified name and signature of a symbol, for a table."""
    signature = output.plain(symbol["signature"] or "")
    return output.place(symbol), symbol["kind"], output.plain(symbol["qualified_name"]), signature


def show_table(answer: Answer) -> None:
    """A line a symbol: place, kind, name, signature."""
    output.table(map(row, answer["items"]), ("place", "dim", "name", "dim"))


def _standing(answer: Answer) -> None:
    """What a name at the place is said to mean and why, then the symbols."""
    if site := answer.get("site"):
        sure = "" if site["confidence"] is None else f", {site['confidence']:.2f} sure"
        output.say(f"{output.plain(site['name'])} here {site['role']} ({site['evidence']}{sure}):")
    show_table(answer)


def _tree(answer: Answer) -> None:
    """Line and column, kind, and the name under that of its container."""
    depths: dict[str, int] = {}
    rows = []
    for symbol in answer["items"]:
        depth = depths[symbol["id"]] = depths.get(symbol["container"], -1) + 1
        text = output.plain(symbol["signature"] or symbol["name"])
        rows.append((f"{symbol['line']}:{symbol['column'] + 1}", symbol["kind"], "  " * depth + text))
    output.table(rows, ("place", "dim", None))


def _cards(answer: Answer) -> None:
    for number, symbol in enumerate(answer["items"]):
        if number:
            output.line()
        _card(symbol)


def _card(symbol: Mapping[str, Any]) -> None:
    name = output.styled(output.plain(symbol["qualified_name"]), "name")
    output.line(f"{name}  {' '.join(_traits(symbol))}")
    output.line(output.styled(output.place(symbol), "place"))
    for direction, title in (("incoming", "To it"), ("outgoing", "From it")):
        if counts := symbol["relationships"][direction]:
            told = ", ".join(f"{n:,} {kind}" for kind, n in counts.items())
            output.line(output.styled(f"{title}: {told}", "dim"))
    if symbol["documentation"] and not _is_in_code(symbol):
        output.line()
        output.line(_indented(symbol["documentation"]))
    if code := symbol["definition"] or symbol["signature"]:
        output.line()
        output.line(output.block(code.rstrip("\n")))


def _traits(symbol: Mapping[str, Any]) -> list[str]:
    """Visibility, flags and kind, as one would say it: `private async method`."""
    flags = [flag for flag in symbol["flags"] if flag != "exported"]
    visibility = symbol["visibility"]
    return [*([visibility] if visibility and visibility != "public" else []), *flags, symbol["kind"]]


def _is_in_code(symbol: Mapping[str, Any]) -> bool:
    """Whether the documentation is read with the code anyway, as a docstring is."""
    first_line = symbol["documentation"].partition("\n")[0]
    return first_line in (symbol["definition"] or "")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in output.block(text).splitlines())
