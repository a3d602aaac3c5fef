"""Working contexts: state capture, list, restore, diff, remove."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from indexer.cli import options, output
from indexer.cli.memories import id_of, json_object, text_of, vault_option
from indexer.cli.session import Answer, Session


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  indexer state capture before-upgrade
  indexer state restore before-upgrade""",
)
@options.shared
def state(**_: Any) -> None:
    """Working contexts kept to return to. One is captured by itself when the git branch is switched."""


@state.command(
    epilog="""\b
Examples:
  indexer state capture "before the rewrite" --note "next: the tests of http.upload" --tag upload
  echo '{"files": [{"path": "src/http.py", "line": 40}]}' | indexer state capture upload --working-context -"""
)
@click.argument("name")
@click.option("--working-context", metavar="JSON", help="What to keep (- reads it); else what was asked and saved lately.")
@click.option("--note", "notes", metavar="TEXT", help="A text to keep with it.")
@click.option("--memory", "memories", multiple=True, metavar="ID", help="A memory in play; may be given again.")
@click.option("--description", metavar="TEXT", help="What it is.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="May be given again.")
@click.option("--importance", type=float, default=0.5, show_default=True, metavar="SHARE", help="From 0 to 1.")
@click.option("--expires", "expires_at", metavar="TIME", help="When it goes.")
@vault_option
@options.shared
@click.pass_obj
def capture(session: Session, /, working_context: str | None, memories: Sequence[str], tags: Sequence[str], **params: Any) -> int:
    """Keep the working context under a NAME: files, symbols, queries, branch, memories in play."""
    wanted = {**params, "tags": list(tags), "memories": [id_of(each) for each in memories] or None}
    if working_context is not None:
        wanted["working_context"] = json_object(text_of(working_context), "working_context")
    return session.listing(session.root(), "state.capture", wanted, _whole)


@state.command(
    "list",
    epilog="""\b
Example:
  indexer state list --limit 10""",
)
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only with this tag; may be given again.")
@click.option("--name", metavar="NAME", help="Only of this name.")
@vault_option
@options.paged
@options.shared
@click.pass_obj
def list_(session: Session, /, tags: Sequence[str], **params: Any) -> int:
    """The states, newest first."""
    return session.listing(session.root(), "state.list", {**params, "tags": list(tags)}, _table)


@state.command(
    epilog="""\b
Example:
  indexer state restore "before the rewrite" --json"""
)
@click.argument("name", metavar="STATE")
@vault_option
@options.shared
@click.pass_obj
def restore(session: Session, /, name: str, vault: str | None) -> int:
    """A STATE (an id, or the latest of a name), whole; counts that it was returned to."""
    return session.listing(session.root(), "state.restore", {"state": name, "vault": vault}, _whole)


@state.command(
    epilog="""\b
Example:
  indexer state diff before-upgrade after-upgrade"""
)
@click.argument("before", metavar="STATE")
@click.argument("after", metavar="STATE")
@vault_option
@options.shared
@click.pass_obj
def diff(session: Session, /, before: str, after: str, vault: str | None) -> int:
    """What changed from one STATE to another, by content."""
    return session.listing(session.root(), "state.diff", {"before": before, "after": after, "vault": vault}, _differences)


@state.command(
    epilog="""\b
Example:
  indexer state remove before-upgrade"""
)
@click.argument("name", metavar="STATE")
@vault_option
@options.shared
@click.pass_obj
def remove(session: Session, /, name: str, vault: str | None) -> int:
    """Remove a STATE for good."""
    return session.listing(session.root(), "state.remove", {"state": name, "vault": vault}, _table)


def _table(answer: Answer) -> None:
    rows = [
        (
            item["id"],
            item["created_at"][:16].replace("T", " "),
            "by itself" if item["auto_captured"] else "",
            f"returned to {item['restore_count']}×" if item["restore_count"] else "",
            output.plain(" ".join([item["name"], *(f"#{tag}" for tag in item["tags"])])),
        )
        for item in answer["items"]
    ]
    output.table(rows, ("place", "dim", "dim", "dim", None))


def _whole(answer: Answer) -> None:
    import msgspec

    _table(answer)
    for item in answer["items"]:
        for name in ("working_context", "memory_state"):
            if item[name]:
                output.line(f"{name}:")
                output.line(output.block(msgspec.json.format(msgspec.json.encode(item[name])).decode()))


def _differences(answer: Answer) -> None:
    import msgspec

    signs = {"added": "+", "removed": "-", "changed": "~"}
    for item in answer["items"]:
        values = [item[end] for end in ("before", "after") if item[end] is not None or item["kind"] == "changed"]
        told = " → ".join(output.plain(msgspec.json.encode(value).decode()) for value in values)
        output.line(f"{signs[item['kind']]} {output.styled(output.plain(item['path']), 'name')}  {told}")
