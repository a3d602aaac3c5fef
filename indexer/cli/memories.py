"""Memories: remember, recall, memories, forget; and how a memory looks."""

from __future__ import annotations

import os
import re
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import click

from indexer import errors
from indexer.cli import options, output
from indexer.cli.session import Answer, Session, file_in, symbol_text
from indexer.memory import checks

_LINES: Final = re.compile(r"(?P<file>.+?)(?P<lines>:\d+(?:-\d+)?)\Z", re.DOTALL)
_STATE_STYLES: Final = {"fresh": "good", "drifted": "warn", "moved": "warn", "orphaned": "bad"}
#: Characters of a memory on one line.
_LINE: Final = 100

vault_option: Final = click.option("--vault", metavar="VAULT", help="Another vault than the project's own, by name or id.")


@click.command(
    epilog="""\b
Examples:
  indexer remember "We retry uploads: the gateway drops one in a thousand" --context code_decision --about http.upload
  indexer remember "Keep in step with the schema" --about src/models.py:10-40 --tag schema
  git log -1 --format=%B | indexer remember - --context session_summary"""
)
@click.argument("text")
@click.option("--context", metavar="CONTEXT", default="general", show_default=True, help=f"One of {', '.join(checks.CONTEXTS)}.")
@click.option("--about", multiple=True, metavar="CODE", help="A SYMBOL, a FILE or FILE:LINE-LINE; may be given again.")
@click.option("--importance", type=float, default=0.5, show_default=True, metavar="SHARE", help="From 0 to 1.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="May be given again.")
@click.option("--expires", "expires_at", metavar="TIME", help="When it goes, such as 2030-01-31 or 2030-01-31T12:00:00Z.")
@click.option("--metadata", metavar="JSON", help="An object to keep with it.")
@click.option("--parent", metavar="ID", help="A memory that it belongs to.")
@click.option("--pin", "pinned", is_flag=True, help="Keep it in its tier.")
@click.option("--keep-echo", is_flag=True, help="Store it even if it repeats what was recalled lately.")
@vault_option
@options.shared
@click.pass_obj
def remember(session: Session, /, text: str, about: Sequence[str], tags: Sequence[str], metadata: str | None, **params: Any) -> int:
    """Keep TEXT (- reads it), tied to the code that it is about. It is on the disk when this returns.

    The same text in the same context is stored once. What resembles it is named, and left as it is.
    """
    root = session.root()
    draft = {**params, "content": text_of(text), "tags": list(tags), "about": [about_text(each, root) for each in about]}
    if metadata is not None:
        draft["metadata"] = json_object(metadata, "metadata")
    answer = session.ask(root, "memory.add", draft)
    if session.as_json:
        output.json(answer)
    else:
        _remembered(answer)
    return 0


@click.command(
    epilog="""\b
Examples:
  indexer recall "why do uploads retry?"
  indexer recall retry --context code_decision --tag upload
  indexer recall style --vault app --vault team"""
)
@click.argument("text")
@click.option("--context", "contexts", multiple=True, metavar="CONTEXT", help="Only this context; may be given again.")
@click.option("--tier", "tiers", multiple=True, metavar="TIER", help="Only working, session or longterm; may be given again.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only with this tag; may be given again.")
@click.option("--min-importance", type=float, metavar="SHARE", help="Only of this importance or more.")
@click.option("--since", metavar="TIME", help="Only made at this time or later.")
@click.option("--until", metavar="TIME", help="Only made before this time.")
@click.option("--vault", "vaults", multiple=True, metavar="VAULT", help="Another vault; several are recalled from at once.")
@click.option("--limit", type=click.IntRange(1, 100), metavar="N", default=10, show_default=True, help="At most N.")
@options.query
@click.pass_obj
def recall(session: Session, /, text: str, **params: Any) -> int:
    """What is known about TEXT, best first: words, or a whole question. Every result says why it is there."""
    wanted = {name: list(value) or None if isinstance(value, tuple) else value for name, value in params.items()}
    return session.listing(session.root(), "memory.recall", {"query": text, **wanted}, _recalled)


@click.command(
    epilog="""\b
Examples:
  indexer memories --drifted              what wants a second look, because its code has changed
  indexer memories --about src/http.py
  indexer memories --context code_decision --tag upload
  indexer memories --forgotten"""
)
@click.option("--drifted", is_flag=True, help="Only about code that has changed, moved or gone.")
@click.option("--state", "states", multiple=True, metavar="STATE", help="Only about code that is fresh, drifted, moved or orphaned.")
@click.option("--about", metavar="CODE", help="Only about this SYMBOL or FILE.")
@click.option("--context", "contexts", multiple=True, metavar="CONTEXT", help="Only this context; may be given again.")
@click.option("--tier", "tiers", multiple=True, metavar="TIER", help="Only working, session or longterm; may be given again.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only with this tag; may be given again.")
@click.option("--metadata", metavar="JSON", help="Only with metadata that contain this object.")
@click.option("--min-importance", type=float, metavar="SHARE", help="Only of this importance or more.")
@click.option("--since", metavar="TIME", help="Only made at this time or later.")
@click.option("--until", metavar="TIME", help="Only made before this time.")
@click.option("--parent", metavar="ID", help="Only what belongs to this memory.")
@click.option("--pinned/--not-pinned", default=None, help="Only pinned ones, or only others.")
@click.option("--forgotten", is_flag=True, help="The forgotten ones instead.")
@click.option("--superseded", is_flag=True, help="Also what others stand in for.")
@click.option("--expired", is_flag=True, help="Also what has expired.")
@click.option("--containing", metavar="TEXT", help="Only what contains these characters as they stand; no other filter.")
@vault_option
@options.paged
@options.query
@click.pass_obj
def memories(session: Session, /, containing: str | None, drifted: bool, metadata: str | None, about: str | None, **params: Any) -> int:
    """Memories by what is known of them, newest first. `recall` finds them by what they say."""
    root = session.root()
    if containing is not None:
        limit = params["limit"] or 1000
        return session.listing(root, "memory.find", {"text": containing, "limit": limit, "vault": params["vault"]}, show_list)
    wanted = {name: list(value) or None if isinstance(value, tuple) else value for name, value in params.items()}
    if drifted:
        wanted["states"] = ["drifted", "moved", "orphaned"]
    if metadata is not None:
        wanted["metadata"] = json_object(metadata, "metadata")
    if about is not None:
        wanted["about"] = about_text(about, root)
    return session.listing(root, "memory.list", wanted, show_list)


@click.command(
    epilog="""\b
Examples:
  indexer forget 4f6f…
  indexer forget 4f6f… --undo"""
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--undo", is_flag=True, help="Have them back instead.")
@vault_option
@options.shared
@click.pass_obj
def forget(session: Session, /, ids: Sequence[str], undo: bool, vault: str | None) -> int:
    """Hide memories by ID. For a week they can be had back, then they are removed."""
    root = session.root()
    wanted = [id_of(each) for each in ids]
    answers = [session.ask(root, "memory.restore" if undo else "memory.forget", {"id": each, "vault": vault}) for each in wanted]
    found = [item for answer in answers for item in answer["items"]]
    if session.as_json:
        output.json({**answers[-1], "items": found, "total": len(found)})
        return 0
    for item in found:
        output.line(f"{'Back again' if undo else 'Forgotten'}: {item['id']}  {_first_line(item)}")
    if not undo:
        output.say(answers[-1]["note"])
    return 0


# -- what is typed -----------------------------------------------------------------------------------------------------


def text_of(argument: str) -> str:
    """A text argument; - is read from standard input. UsageError for what is too long to be sent, or is no text."""
    if argument != "-":
        return argument
    data = sys.stdin.buffer.read(checks.MAX_CONTENT_BYTES + 1)
    if len(data) > checks.MAX_CONTENT_BYTES:
        raise errors.InvalidRequest(f"content is longer than {checks.MAX_CONTENT_BYTES:,} bytes, which is the limit.", "content")
    try:
        return data.decode()
    except UnicodeDecodeError as exc:
        raise errors.InvalidRequest(f"content is no UTF-8: byte {exc.start} cannot be read.", "content") from exc


def about_text(text: str, root: str) -> str:
    """Code as the daemon takes it: a file that is one from here is named from the root."""
    if os.path.isfile(text):
        return file_in(text, root)
    if (lines := _LINES.match(text)) is not None and os.path.isfile(lines["file"]):
        return file_in(lines["file"], root) + lines["lines"]
    return symbol_text(text, root)


def id_of(text: str) -> str:
    """An id as it was typed; UsageError for what is none."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise errors.UsageError(f"{output.plain(text)[:100]} is no id of a memory; `indexer memories` shows them.") from None


def json_object(text: str, field: str) -> dict[str, Any]:
    """An object typed as JSON."""
    import msgspec

    try:
        return msgspec.json.decode(text.encode(errors="surrogateescape"), type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise errors.InvalidRequest(f"{field} must be a JSON object, such as '{{\"author\": \"me\"}}': {problem}.", field) from None


# -- what is shown -----------------------------------------------------------------------------------------------------


def show_list(answer: Answer) -> None:
    """A line a memory: id, context, importance, tier, what became of its code, the beginning."""
    rows = []
    for item in answer["items"]:
        facts = (item["context"], f"{item['importance']:.2f}", item["tier"])
        rows.append((item["id"], *facts, _worst(item), _first_line(item)))
    output.table(rows, ("place", "dim", "dim", "dim", "warn", None))


def show_cards(answer: Answer) -> None:
    """Memories one after the other, whole."""
    for number, item in enumerate(answer["items"]):
        if number:
            output.line()
        for text in _card(item):
            output.line(text)


def mentioned(answer: Mapping[str, Any]) -> None:
    """The memories about the code of an answer, below it."""
    told = answer.get("memories") or []
    if not told:
        return
    output.line()
    output.line(output.styled("Memories", "name"))
    for item in told:
        where = item["symbol"] or _lines_of(item)
        head = f"  {output.styled(item['context'], 'dim')}  {output.plain(where)} {_state(item['state'])}"
        output.line(f"{head}  {output.styled(item['id'], 'place')}")
        output.line(f"    {_shortened(item['content'], 2 * _LINE)}")
    if (more := answer["memories_total"] - len(told)) > 0:
        output.line(f"  … and {more:,} more (indexer memories --about)")


def _remembered(answer: Answer) -> None:
    [item] = answer["items"]
    done = {"added": "Remembered", "existing": "Known already", "revived": "Known again", "echo": "Not stored, known"}
    output.line(f"{done[answer['outcome']]}: {output.styled(item['id'], 'place')}  {item['context']} in {output.plain(item['vault'])}")
    for text in _anchors(item):
        output.line(text)
    for near in answer["near"]:
        output.line(f"  nearly the same ({near['similarity']:.2f}): {near['id']}  {_shortened(near['content'], _LINE)}")
    if answer["outcome"] != "added" and answer["note"]:
        output.say(output.plain(answer["note"]))


def _recalled(answer: Answer) -> None:
    for item in answer["items"]:
        output.line(f"{item['score']:.2f}  {output.styled(_first_line(item), 'name')}")
        facts = [item["context"], item["tier"], *(f"#{tag}" for tag in item["tags"]), item["created_at"][:10]]
        output.line(f"      {output.styled(output.plain('  '.join(facts)), 'dim')}  {output.styled(item['id'], 'place')}")
        for text in _anchors(item):
            output.line(f"    {text}")
        if item["why"]:
            output.line(output.styled(f"      {output.plain('; '.join(item['why']))}", "dim"))


def _card(item: Mapping[str, Any]) -> Iterator[str]:
    marks = [name for name, is_so in (("pinned", item["is_pinned"]), ("forgotten", item["forgotten_at"])) if is_so]
    facts = [item["context"], f"importance {item['importance']:.2f}", item["tier"], f"in {item['vault']}", *marks]
    yield f"{output.styled(item['id'], 'place')}  {output.styled(output.plain('  '.join(facts)), 'dim')}"
    times = [f"made {_time(item['created_at'])}", f"recalled {item['access_count']:,} times"]
    times += [f"changed {_time(item['modified_at'])}"] if item["modified_at"] != item["created_at"] else []
    times += [f"expires {_time(item['expires_at'])}"] if item["expires_at"] else []
    yield output.styled("; ".join(times), "dim")
    if item["tags"]:
        yield output.styled(output.plain(" ".join(f"#{tag}" for tag in item["tags"])), "dim")
    for name in ("parent", "superseded_by"):
        if item[name]:
            yield f"{name.replace('_', ' ')} {item[name]}"
    if item["consolidated_from"]:
        yield f"made of {' '.join(item['consolidated_from'])}"
    if item["metadata"]:
        import msgspec

        yield output.plain(msgspec.json.encode(item["metadata"]).decode())
    yield from _anchors(item)
    yield ""
    yield output.block(item["content"].rstrip("\n"))


def _anchors(item: Mapping[str, Any]) -> Iterator[str]:
    """What it is about and what became of that, with the differences where they are there."""
    for anchor in item["anchors"]:
        place = output.plain(_lines_of(anchor))
        where = f"{output.plain(anchor['symbol'])} in {place}" if anchor["symbol"] else place
        yield f"  about {where} {_state(anchor['state'])}"
        if note := anchor.get("note"):
            yield f"    {output.plain(note)} (anchor {anchor['id']})"
        if changes := anchor.get("changes"):
            yield from (f"    {line}" for line in output.block(changes).splitlines())


def _lines_of(item: Mapping[str, Any]) -> str:
    lines = item.get("lines")
    return f"{item['path']}:{lines[0]}-{lines[1]}" if lines else str(item["path"])


def _state(state: str) -> str:
    return output.styled(f"[{state}]", _STATE_STYLES[state])


def _worst(item: Mapping[str, Any]) -> str:
    """The state of its code that wants most attention; '' where it is about none or all is fresh."""
    states: Iterable[str] = [anchor["state"] for anchor in item["anchors"]]
    return next((f"[{state}]" for state in ("orphaned", "moved", "drifted") if state in states), "")


def _first_line(item: Mapping[str, Any]) -> str:
    return _shortened(item["content"].strip().partition("\n")[0], _LINE)


def _shortened(text: str, length: int) -> str:
    plain = output.plain(text)
    return plain if len(plain) <= length else f"{plain[: length - 1]}…"


def _time(text: str) -> str:
    return text[:16].replace("T", " ")
