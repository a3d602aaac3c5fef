"""One memory: get, update, pin, supersede, restore, history, tie, confirm, reanchor; many: add, duplicates, merge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO, Final

import click

from indexer import errors
from indexer.cli import options, output
from indexer.cli.memories import about_text, id_of, json_object, show_cards, text_of, vault_option
from indexer.cli.session import Answer, Session

#: Memories of a bulk load that are sent at a time, and their bytes.
_BATCH: Final = 2000
_BATCH_BYTES: Final = 8 << 20


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  indexer memory get 4f6f…
  indexer memory update 4f6f… --importance 0.9""",
)
@options.shared
def memory(**_: Any) -> None:
    """One memory by its ID: look at it, change it, settle what became of its code."""


@memory.command(
    epilog="""\b
Example:
  indexer memory get 4f6f… --sync"""
)
@click.argument("memory_id", metavar="ID")
@vault_option
@options.query
@click.pass_obj
def get(session: Session, /, memory_id: str, **params: Any) -> int:
    """A memory, whole, with what became of its code and the differences."""
    return _show(session, "memory.get", {"id": id_of(memory_id), **params})


@memory.command(
    epilog="""\b
Examples:
  indexer memory update 4f6f… --content "We retry twice" --importance 0.9
  indexer memory update 4f6f… --expires never --tag upload --tag gateway"""
)
@click.argument("memory_id", metavar="ID")
@click.option("--content", metavar="TEXT", help="Another text (- reads it).")
@click.option("--context", metavar="CONTEXT", help="Another context.")
@click.option("--importance", type=float, metavar="SHARE", help="From 0 to 1.")
@click.option("--expires", metavar="TIME", help="When it goes; never.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Its tags from here on; '' for none.")
@click.option("--metadata", metavar="JSON", help="An object in place of the one that it has.")
@click.option("--parent", metavar="ID", help="A memory that it belongs to; none.")
@vault_option
@options.shared
@click.pass_obj
def update(session: Session, /, memory_id: str, vault: str | None, **given: Any) -> int:
    """Change fields of a memory. What it was stays in its history."""
    changes = {name: given[name] for name in ("context", "importance") if given[name] is not None}
    if given["content"] is not None:
        changes["content"] = text_of(given["content"])
    if given["expires"] is not None:
        changes["expires_at"] = None if given["expires"] == "never" else given["expires"]
    if given["tags"]:
        changes["tags"] = [tag for tag in given["tags"] if tag]
    if given["metadata"] is not None:
        changes["metadata"] = json_object(given["metadata"], "metadata")
    if given["parent"] is not None:
        changes["parent"] = None if given["parent"] == "none" else id_of(given["parent"])
    return _show(session, "memory.update", {"id": id_of(memory_id), "vault": vault, **changes})


@memory.command(
    epilog="""\b
Examples:
  indexer memory pin 4f6f…
  indexer memory pin 4f6f… --off"""
)
@click.argument("memory_id", metavar="ID")
@click.option("--off", is_flag=True, help="Let it go on ageing.")
@vault_option
@options.shared
@click.pass_obj
def pin(session: Session, /, memory_id: str, off: bool, vault: str | None) -> int:
    """Keep a memory in its tier."""
    return _show(session, "memory.pin", {"id": id_of(memory_id), "pinned": not off, "vault": vault})


@memory.command(
    epilog="""\b
Examples:
  indexer memory supersede 4f6f… --by 77aa…
  indexer memory supersede 4f6f… --undo"""
)
@click.argument("memory_id", metavar="ID")
@click.option("--by", metavar="ID", help="The memory that stands in for it.")
@click.option("--undo", is_flag=True, help="It holds again.")
@vault_option
@options.shared
@click.pass_obj
def supersede(session: Session, /, memory_id: str, by: str | None, undo: bool, vault: str | None) -> int:
    """Have another memory stand in for this one, which is then hidden."""
    if (by is None) != undo:
        raise errors.UsageError("Give either --by ID or --undo.")
    return _show(session, "memory.supersede", {"id": id_of(memory_id), "by": by and id_of(by), "vault": vault})


@memory.command(
    epilog="""\b
Example:
  indexer memory restore 4f6f…"""
)
@click.argument("memory_id", metavar="ID")
@vault_option
@options.shared
@click.pass_obj
def restore(session: Session, /, memory_id: str, vault: str | None) -> int:
    """Have a forgotten memory back."""
    return _show(session, "memory.restore", {"id": id_of(memory_id), "vault": vault})


@memory.command(
    epilog="""\b
Example:
  indexer memory history 4f6f…"""
)
@click.argument("memory_id", metavar="ID")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, metavar="N", help="At most N.")
@vault_option
@options.shared
@click.pass_obj
def history(session: Session, /, memory_id: str, limit: int, vault: str | None) -> int:
    """What a memory was before each change, newest first."""
    return session.listing(session.root(), "memory.history", {"id": id_of(memory_id), "limit": limit, "vault": vault}, _events)


@memory.command(
    epilog="""\b
Example:
  indexer memory uses 4f6f…"""
)
@click.argument("memory_id", metavar="ID")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, metavar="N", help="At most N.")
@vault_option
@options.shared
@click.pass_obj
def uses(session: Session, /, memory_id: str, limit: int, vault: str | None) -> int:
    """When a memory was recalled, changed or moved to another tier."""
    return session.listing(session.root(), "memory.uses", {"id": id_of(memory_id), "limit": limit, "vault": vault}, _uses)


@memory.command(
    epilog="""\b
Example:
  indexer memory tie 4f6f… --about http.upload --about src/http.py:10-40"""
)
@click.argument("memory_id", metavar="ID")
@click.option("--about", multiple=True, required=True, metavar="CODE", help="A SYMBOL, a FILE or FILE:LINE-LINE.")
@vault_option
@options.shared
@click.pass_obj
def tie(session: Session, /, memory_id: str, about: Sequence[str], vault: str | None) -> int:
    """Tie a memory to further code."""
    root = session.root()
    wanted = [about_text(each, root) for each in about]
    return _show(session, "memory.tie", {"id": id_of(memory_id), "about": wanted, "vault": vault})


@memory.command(
    epilog="""\b
Example:
  indexer memory untie 4f6f… 91c2…"""
)
@click.argument("memory_id", metavar="ID")
@click.argument("anchor", metavar="ANCHOR")
@vault_option
@options.shared
@click.pass_obj
def untie(session: Session, /, memory_id: str, anchor: str, vault: str | None) -> int:
    """Untie a memory from code, by the id of the ANCHOR."""
    return _show(session, "memory.untie", {"id": id_of(memory_id), "anchor": id_of(anchor), "vault": vault})


@memory.command(
    epilog="""\b
Example:
  indexer memory confirm 4f6f…"""
)
@click.argument("memory_id", metavar="ID")
@click.option("--anchor", metavar="ANCHOR", help="Only for this one of the places that it is about.")
@vault_option
@options.shared
@click.pass_obj
def confirm(session: Session, /, memory_id: str, anchor: str | None, vault: str | None) -> int:
    """Say that a memory holds for its code as that is; it is fresh from here on."""
    return _show(session, "memory.confirm", {"id": id_of(memory_id), "anchor": anchor and id_of(anchor), "vault": vault})


@memory.command(
    epilog="""\b
Example:
  indexer memory reanchor 4f6f… http.send_upload"""
)
@click.argument("memory_id", metavar="ID")
@click.argument("code", metavar="CODE")
@click.option("--anchor", metavar="ANCHOR", help="Which of the places that it is about; needed when there are several.")
@vault_option
@options.shared
@click.pass_obj
def reanchor(session: Session, /, memory_id: str, code: str, anchor: str | None, vault: str | None) -> int:
    """Tie a memory to other code (a SYMBOL, a FILE or FILE:LINE-LINE) than before."""
    root = session.root()
    params = {"id": id_of(memory_id), "about": about_text(code, root), "anchor": anchor and id_of(anchor), "vault": vault}
    return _show(session, "memory.reanchor", params)


@memory.command(
    epilog="""\b
Each line is an object with the fields of memory.add, but `about`:
  {"content": "…", "context": "code_decision", "tags": ["a"], "importance": 0.7}

\b
Examples:
  indexer memory add notes.jsonl
  exporter | indexer memory add -"""
)
@click.argument("file", type=click.File("rb"))
@vault_option
@options.shared
@click.pass_obj
def add(session: Session, /, file: BinaryIO, vault: str | None) -> int:
    """Remember many texts at once, from a FILE of JSON lines. Loading it again adds nothing twice."""
    root = session.root()
    totals = {"added": 0, "existing": 0}
    for batch in _batches(_drafts(file)):
        done = session.ask(root, "memory.add_many", {"memories": batch, "vault": vault})
        totals = {name: totals[name] + done[name] for name in totals}
    if session.as_json:
        output.json(totals)
    else:
        output.line(f"{totals['added']:,} remembered, {totals['existing']:,} known already.")
    return 0


@memory.command(
    epilog="""\b
Examples:
  indexer memory duplicates
  indexer memory duplicates --threshold 0.8 --context code_decision"""
)
@click.option("--context", "contexts", multiple=True, metavar="CONTEXT", help="Only this context; may be given again.")
@click.option("--threshold", type=float, default=0.5, show_default=True, metavar="SHARE", help="How alike they must be, from 0 to 1.")
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, metavar="N", help="At most N groups; 0 for all.")
@vault_option
@options.shared
@click.pass_obj
def duplicates(session: Session, /, contexts: Sequence[str], **params: Any) -> int:
    """Groups of memories that say nearly the same, for `merge`. Changes nothing."""
    return session.listing(session.root(), "memory.duplicates", {"contexts": list(contexts) or None, **params}, _groups)


@memory.command(
    epilog="""\b
Example:
  indexer memory merge 4f6f… 77aa… --content "Uploads are retried twice, see the gateway's log" """
)
@click.argument("ids", nargs=-1, required=True, metavar="ID ID…")
@click.option("--content", required=True, metavar="TEXT", help="What it says in their place (- reads it).")
@click.option("--context", metavar="CONTEXT", help="Needed where they are of several.")
@vault_option
@options.shared
@click.pass_obj
def merge(session: Session, /, ids: Sequence[str], content: str, context: str | None, vault: str | None) -> int:
    """Add a memory that stands in for several. They are kept, hidden; `unmerge` takes it back."""
    params = {"sources": [id_of(each) for each in ids], "content": text_of(content), "context": context, "vault": vault}
    return _show(session, "memory.merge", params)


@memory.command(
    epilog="""\b
Example:
  indexer memory unmerge 4f6f…"""
)
@click.argument("memory_id", metavar="ID")
@vault_option
@options.shared
@click.pass_obj
def unmerge(session: Session, /, memory_id: str, vault: str | None) -> int:
    """Take a merge back: its sources hold again."""
    return _show(session, "memory.unmerge", {"id": id_of(memory_id), "vault": vault})


def _show(session: Session, method: str, params: Mapping[str, Any]) -> int:
    return session.listing(session.root(), method, params, show_cards)


def _drafts(file: BinaryIO) -> Iterator[tuple[int, dict[str, Any], int]]:
    """The objects of a file of JSON lines: the line's number, the object, the line's bytes."""
    import msgspec

    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            yield number, msgspec.json.decode(line, type=dict[str, Any]), len(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
            raise errors.UsageError(f"line {number} is no JSON object: {problem}.") from None


def _batches(drafts: Iterator[tuple[int, dict[str, Any], int]]) -> Iterator[list[dict[str, Any]]]:
    """As many at a time as one request takes. UsageError naming the line that cannot be a memory comes from the daemon."""
    batch: list[dict[str, Any]] = []
    size = 0
    for _, draft, n_bytes in drafts:
        if batch and (len(batch) == _BATCH or size + n_bytes > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(draft)
        size += n_bytes
    if batch:
        yield batch


def _json(value: Any) -> str:
    import msgspec

    return output.plain(msgspec.json.encode(value).decode())


def _events(answer: Answer) -> None:
    rows = [
        (str(item["version"]), item["changed_at"][:19].replace("T", " "), item["operation"], _json(item["before"]))
        for item in answer["items"]
    ]
    output.table(rows, ("dim", "dim", "name", None))


def _uses(answer: Answer) -> None:
    rows = []
    for item in answer["items"]:
        rank = "" if item["rank"] is None else f"rank {item['rank']}"
        score = "" if item["score"] is None else f"{item['score']:.2f}"
        rows.append((item["accessed_at"][:19].replace("T", " "), item["operation"], rank, score, output.plain(item["query"] or "")))
    output.table(rows, ("dim", "name", "dim", "dim", None))


def _groups(answer: Answer) -> None:
    for number, group in enumerate(answer["items"]):
        if number:
            output.line()
        output.line(f"{len(group['memories'])} alike ({group['likeness']:.2f})")
        for item in islice(group["memories"], 20):
            first = output.plain(item["content"].strip().partition("\n")[0])[:100]
            output.line(f"  {output.styled(item['id'], 'place')}  {first}")
