"""Search: search, context."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import click

from indexer import errors
from indexer.cli import completing, options, output
from indexer.cli.session import Answer, Session

_TIME: Final = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
#: Filters of memories that are passed on as they are.
_OF_MEMORIES: Final = ("context", "tier", "min_importance", "vault")


@click.command(
    epilog="""\b
Examples:
  indexer search "how are uploads retried?"
  indexer search retry --context code_decision --since 2026-01-31
  indexer search "deadline exceeded" --text
  indexer search 'raise \\w+Error' --regex --path src --kind function"""
)
@click.argument("text")
@click.option("--code", "only_code", is_flag=True, help="Only symbols.")
@click.option("--memories", "only_memories", is_flag=True, help="Only memories.")
@click.option("--by", type=click.Choice(["both", "words", "meaning"]), default="both", show_default=True, help="What makes the ranking.")
@click.option("--text", "is_text", is_flag=True, help="Lines of files that contain TEXT as it stands.")
@click.option("--regex", "is_regex", is_flag=True, help="Lines of files that match TEXT, a regular expression.")
@click.option("--ignore-case", is_flag=True, help="With --text or --regex: capitals are small letters.")
@click.option("--kind", metavar="KIND", help="Only symbols of this kind or type, or text in such.")
@click.option("--language", metavar="NAME", help="Only this language.")
@click.option("--path", metavar="GLOB", help="Only files that match, or lie in this folder (from the root).")
@click.option("--context", metavar="CONTEXT", help="Only memories of this context (code_decision, …).")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only memories with this tag; may be given again.")
@click.option("--tier", metavar="TIER", help="Only memories of this tier (working, session, longterm).")
@click.option("--min-importance", type=click.FloatRange(0, 1), metavar="X", help="Only memories of this importance (0 to 1) or more.")
@click.option("--since", type=_TIME, help="Only memories made at this time or later.")
@click.option("--until", type=_TIME, help="Only memories made before this time.")
@click.option("--vault", metavar="NAME", help="The memories of this vault, not of the project's.")
@click.option("--limit", type=click.IntRange(1), metavar="N", default=20, show_default=True, help="At most N.")
@options.query
@click.pass_obj
def search(
    session: Session,
    /,
    text: str,
    only_code: bool,
    only_memories: bool,
    is_text: bool,
    is_regex: bool,
    ignore_case: bool,
    tags: tuple[str, ...],
    since: dt.datetime | None,
    until: dt.datetime | None,
    **params: Any,
) -> int:
    """Code and memories about TEXT, best first: names, words or a question.

    Or, with --text or --regex, the lines of the project's files that contain it.
    """
    root = session.root()
    of_memories = {name: params.get(name) for name in _OF_MEMORIES}
    of_memories |= {"tags": list(tags) or None, "since": _time(since), "until": _time(until)}
    narrows_memories = any(value is not None for value in of_memories.values())
    if is_text or is_regex:
        if only_code or only_memories or narrows_memories or params["by"] != "both":
            raise errors.UsageError("--text and --regex look into files; they take no option of memories, no --code and no --by.")
        in_files = {name: params[name] for name in ("kind", "language", "path", "limit", "sync")}
        wanted = {**in_files, "pattern": text, "regex": is_regex, "ignore_case": ignore_case}
        return session.listing(root, "search.text", wanted, _lines)
    if ignore_case:
        raise errors.UsageError("--ignore-case goes with --text or --regex; words are found in any case.")
    # Who narrows one kind of result wants no other.
    wants_memories = only_memories or narrows_memories
    wants_code = only_code or any(params[name] for name in ("kind", "language", "path"))
    if wants_memories == wants_code:
        wants_memories = wants_code = True
    wanted = {**params, **of_memories, "query": text, "code": wants_code, "memories": wants_memories}
    return session.listing(root, "search.all", wanted, _ranked)


@click.command(
    epilog="""\b
Examples:
  indexer context http.parse_header --budget 2000
  indexer context "how are uploads retried?\""""
)
@click.argument("about", shell_complete=completing.symbols)
@click.option(
    "--budget",
    type=click.IntRange(200),
    default=4000,
    show_default=True,
    metavar="N",
    help="Tokens at most; one is taken for four bytes.",
)
@options.query
@click.pass_obj
def context(session: Session, /, about: str, budget: int, sync: bool) -> int:
    """What one needs to know about a SYMBOL or a question: definitions, callers, memories, tests, within a budget."""
    params = {"about": about, "budget": budget, "sync": sync}
    return session.listing(session.root(), "search.context", params, _pack)


def _time(at: dt.datetime | None) -> str | None:
    """A time without a zone is of this machine."""
    return None if at is None else at.astimezone().isoformat()


def _ranked(answer: Answer) -> None:
    rows = []
    for item in answer["items"]:
        why = "; ".join(item["why"])
        if item["result"] == "symbol":
            symbol = item["symbol"]
            rows.append((output.place(symbol), symbol["kind"], output.plain(symbol["qualified_name"]), output.plain(why)))
        else:
            memory = item["memory"]
            first = _first_line(memory)
            rows.append((memory["id"], memory["context"], first, output.plain(why)))
    output.table(rows, ("place", "dim", "name", "dim"))


def _first_line(memory: Mapping[str, Any]) -> str:
    line = output.plain(memory["content"].strip().partition("\n")[0])
    return line if len(line) <= 100 else line[:99] + "…"


def _lines(answer: Answer) -> None:
    rows = []
    for item in answer["items"]:
        found = item["text"]
        symbol = found["symbol"]
        inside = output.plain(symbol["qualified_name"] if symbol else "")
        rows.append((output.place(found), inside, output.plain(found["text"].strip())))
    output.table(rows, ("place", "dim", None))


def _pack(answer: Answer) -> None:
    for item in answer["items"]:
        head = f"{item['part']} {output.plain(item['name'])}"
        output.line(f"{output.styled(head, 'name')}  {output.styled(output.plain(item['place']), 'place')}")
        output.line(output.block(item["text"].rstrip("\n")))
        output.line()
