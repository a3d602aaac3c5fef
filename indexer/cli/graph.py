"""Relationships: refs, callers, callees, impact, path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import click

from indexer import errors
from indexer.cli import completing, options, output
from indexer.cli.session import Answer, Session, symbol_text

#: Sites of one relationship that are listed unless all are asked for.
_MAX_SITES: Final = 5
_ROLES: Final = ("calls", "extends", "implements", "imports", "decorates", "uses", "references", "overrides")
_SITE_STYLES: Final = ("place", "dim", "name", "dim")


def _relationships(function: Callable[..., int]) -> Callable[..., int]:
    """What refs, callers and callees take."""
    depth = click.option(
        "--depth",
        type=click.IntRange(1, 100),
        default=1,
        metavar="N",
        show_default=True,
        help="Steps to follow.",
    )
    argument = click.argument("symbol", shell_complete=completing.symbols)
    return argument(depth(options.sure(options.paged(options.query(click.pass_obj(function))))))


@click.command(
    epilog="""\b
Examples:
  indexer refs http.Request
  indexer refs http.Request --role extends"""
)
@_relationships
@click.option("--role", type=click.Choice(_ROLES), help="Only this role.")
def refs(session: Session, /, symbol: str, **params: Any) -> int:
    """Who refers to a SYMBOL, whatever the role, with every place."""
    return _related(session, "graph.refs", symbol, params)


@click.command(
    epilog="""\b
Examples:
  indexer callers http.parse_header
  indexer callers parse_header --depth 3 --min-confidence 0.9"""
)
@_relationships
def callers(session: Session, /, symbol: str, **params: Any) -> int:
    """Who calls a SYMBOL, with the places of the calls."""
    return _related(session, "graph.callers", symbol, params)


@click.command(
    epilog="""\b
Example:
  indexer callees http.Request.read"""
)
@_relationships
def callees(session: Session, /, symbol: str, **params: Any) -> int:
    """What a SYMBOL calls."""
    return _related(session, "graph.callees", symbol, params)


@click.command(
    epilog="""\b
Examples:
  indexer impact http.parse_header
  indexer impact --diff           what my uncommitted changes reach
  indexer impact --diff main"""
)
@click.argument("symbol", required=False, shell_complete=completing.symbols)
@click.option(
    "--diff", is_flag=False, flag_value="HEAD", metavar="[REVISION]", help="Start from what differs from it."
)
@click.option(
    "--depth", type=click.IntRange(1, 100), default=10, metavar="N", show_default=True, help="Steps to follow."
)
@options.sure
@options.limited
@options.query
@click.pass_obj
def impact(session: Session, /, symbol: str | None, diff: str | None, **params: Any) -> int:
    """What a change of a SYMBOL can break: all that reaches it, nearest and surest first."""
    if (symbol is None) == (diff is None):
        raise errors.UsageError("Give either a SYMBOL or --diff.")
    root = session.root()
    start = {"diff": diff} if symbol is None else {"symbol": symbol_text(symbol, root)}
    return session.listing(root, "graph.impact", {**start, **params}, show_reached)


@click.command(
    epilog="""\b
Example:
  indexer path cli.main http.Request.read"""
)
@click.argument("source", shell_complete=completing.symbols)
@click.argument("target", shell_complete=completing.symbols)
@click.option(
    "--max-depth", type=click.IntRange(1, 100), default=10, metavar="N", show_default=True, help="Longest way."
)
@options.query
@click.pass_obj
def path(session: Session, /, source: str, target: str, **params: Any) -> int:
    """The shortest way from one symbol to another along what they call, extend and use."""
    root = session.root()
    ends = {"source": symbol_text(source, root), "target": symbol_text(target, root)}
    return session.listing(root, "graph.path", {**ends, **params}, _steps)


def _related(session: Session, method: str, symbol: str, params: Mapping[str, Any]) -> int:
    root = session.root()
    most = _MAX_SITES if params["limit"] else None

    def render(answer: Answer) -> None:
        show_sites(answer, most)
        if answer.get("sites_total", 0) > len(answer["items"]):
            output.say(f"{answer['sites_total']:,} places in {answer['total']:,} symbols.")

    return session.listing(root, method, {"symbol": symbol_text(symbol, root), **params}, render)


def show_sites(answer: Answer, most: int | None) -> None:
    """A line a site, at most so many of one relationship."""
    output.table([row for item in answer["items"] for row in _sites(item, most)], _SITE_STYLES)


def _sites(item: Mapping[str, Any], most: int | None) -> Iterator[tuple[str, str, str, str]]:
    """A row a site: where, which role, whose, how sure and why."""
    name, why = output.plain(item["symbol"]["qualified_name"]), _sureness(item)
    # A relationship between two definitions has no place of its own (overrides).
    sites = item["sites"] or [item["symbol"]]
    for site in sites[:most]:
        yield output.place(site), item["relationship_type"], name, why
    if most is not None and len(sites) > most > 1:
        yield "", "", name, f"… and {len(sites) - most:,} more places (--limit 0)"


def _sureness(item: Mapping[str, Any]) -> str:
    """0.97 import"""
    return f"{item['confidence']:.2f} {item.get('evidence') or ''}".rstrip()


def show_reached(answer: Answer) -> None:
    """A line a symbol: how far away, over which one next, how sure."""
    rows = []
    for item in answer["items"]:
        symbol, via = item["symbol"], item["via"]
        steps = f"{item['distance']} step{'s' if item['distance'] > 1 else ''}"
        over = output.plain(via[0]["qualified_name"]) if len(via) > 1 else ""
        marks = "".join(f" {word}" for word in ("possible", "test") if item[f"is_{word}"])
        why = f"{item['confidence']:.2f}{marks}{f'  via {over}' if over else ''}"
        rows.append((output.place(symbol), steps, output.plain(symbol["qualified_name"]), why))
    output.table(rows, _SITE_STYLES)


def _steps(answer: Answer) -> None:
    rows = []
    for number, item in enumerate(answer["items"]):
        source, target = item["source"], item["target"]
        if number == 0:
            rows.append((output.place(source), "", output.plain(source["qualified_name"]), ""))
        where = item["sites"][0] if item["sites"] else target
        rows.append(
            (output.place(where), item["relationship_type"], output.plain(target["qualified_name"]), _sureness(item))
        )
    output.table(rows, _SITE_STYLES)
