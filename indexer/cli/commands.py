"""The list of commands, in the order of the help, and where each is defined."""

from __future__ import annotations

import importlib
import keyword
from typing import Any, Final

import click

import indexer
from indexer.cli import options

#: Section → command → (module of this package, what the help's list says).
SECTIONS: Final = {
    "The daemon": {
        "up": ("daemons", "Start it, and wait until everything is indexed."),
        "down": ("daemons", "Stop it."),
        "status": ("daemons", "How it and the index are."),
        "logs": ("daemons", "What it logged."),
        "ps": ("daemons", "Every daemon of yours."),
        "serve": ("offline", "Be the daemon, in the foreground."),
        "sync": ("saves", "Wait until every save is seen."),
        "notify": ("saves", "Tell it of changed files (for editors and scripts)."),
    },
    "Symbols": {
        "find": ("symbols", "Symbols by name."),
        "show": ("symbols", "One symbol with its code."),
        "outline": ("symbols", "What a file defines."),
        "at": ("symbols", "What stands at a place in a file."),
    },
    "Relationships": {
        "refs": ("graph", "Who refers to a symbol."),
        "callers": ("graph", "Who calls it."),
        "callees": ("graph", "What it calls."),
        "impact": ("graph", "What a change of it can break."),
        "path": ("graph", "How one symbol reaches another."),
    },
    "Search": {
        "search": ("search", "Code and memories about something; text in files."),
        "context": ("search", "What one needs to know about it, within a budget."),
    },
    "Memories": {
        "remember": ("memories", "Keep what was decided or learned, tied to code."),
        "recall": ("memories", "What is known about something."),
        "memories": ("memories", "List them: by context, tag, code, what has drifted."),
        "forget": ("memories", "Hide one; it can be had back."),
        "memory": ("memory", "One memory: get, update, confirm, reanchor, merge, …"),
        "vault": ("vaults", "Whose memories: list, make, export, import."),
        "state": ("states", "Working contexts to return to."),
    },
    "The database": {
        "maintain": ("upkeep", "Do the regular work on it now."),
        "sql": ("sql", "Ask in SQL, or open psql."),
        "migrate": ("upkeep", "Bring its schema up to date, or see how it stands."),
    },
    "More": {
        "tour": ("tour", "Index a project and see what can be asked."),
        "init": ("offline", "Make a folder a project."),
        "doctor": ("setup", "What is wrong, and how to put it right."),
        "move": ("setup", "Follow a project to another folder."),
        "service": ("service", "Start the daemon with your session."),
        "completion": ("setup", "Complete commands in your shell."),
        "index": ("offline", "Index once, without a daemon."),
        "export": ("offline", "The whole index as text."),
        "import": ("importing", "What others know: a compiler's index, memories."),
        "languages": ("languages", "Which languages are read, and how far."),
        "hook": ("hooking", "Let an editor, git or an agent tell it of changes."),
        "mcp": ("agents", "Tools for a coding agent, over standard input and output."),
        "query": ("query", "Call any method of the daemon, in JSON."),
    },
}
#: Command → module.
MODULE_OF: Final = {name: place[0] for section in SECTIONS.values() for name, place in section.items()}


class _Commands(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(MODULE_OF)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULE_OF:
            return None
        module = importlib.import_module(f"indexer.cli.{MODULE_OF[cmd_name]}")
        # A word of Python's own cannot be a function's name.
        found: click.Command = getattr(module, f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in MODULE_OF:
            ctx.fail(f"There is no command '{args[0]}'.{_nearest(args[0])}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # From the table alone: click would import every module for its first line.
        for title, section in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, text) for name, (_, text) in section.items()], col_max=12)


def _nearest(name: str) -> str:
    # Costs 5 ms, which only a mistake pays.
    import difflib

    near = difflib.get_close_matches(name, MODULE_OF, n=1)
    return f" Did you mean '{near[0]}'?" if near else ""


_EPILOG = """\b
Examples:
  indexer up                        index the project that you are in
  indexer find parse_header         where is it defined?
  indexer callers http.parse_header who calls it?
  indexer impact parse_header       what breaks if I change it?

A SYMBOL is a qualified name or an unambiguous end of one, FILE:LINE:COLUMN, or an id."""


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=_EPILOG,
)
@options.shared
@click.version_option(indexer.__version__, "--version", message="indexer %(version)s")
def group(**_: Any) -> None:
    """Ask a project's code who defines, calls and needs what. A background daemon keeps the answers true."""
