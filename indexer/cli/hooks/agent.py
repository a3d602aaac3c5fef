"""What a coding agent's hook runs around an edit, with the event as JSON on standard input.

Before an edit: who calls what is about to be changed, and what is remembered about it, as context for the agent. After it: the
daemon is told and waited for, so that the agent's next question sees the edit. It starts no daemon, gives up after a
moment, and never fails: an agent would take that for a refusal of its edit.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from indexer import client, config

#: Seconds for the daemon to say hello: one that hangs must not hold up the edit.
_HELLO: Final = 0.1
#: Seconds for the daemon to answer before an edit, and to read the file after it.
_PATIENCE: Final = 1.5
#: Symbols of an edit that are told about, callers and memories of each.
_MAX_SYMBOLS: Final = 5
_MAX_CALLERS: Final = 8
_MAX_MEMORIES: Final = 5


class _Input(msgspec.Struct, frozen=True):
    """What the tool is called with: the file, and the text that an edit replaces."""

    file_path: str = ""
    old_string: str = ""


class _Event(msgspec.Struct, frozen=True):
    hook_event_name: str
    tool_input: _Input = _Input()


def run(data: bytes, environ: Mapping[str, str]) -> None:
    """Handle one event."""
    try:
        event = msgspec.json.decode(data, type=_Event)
        path = os.path.realpath(event.tool_input.file_path)
        root = config.marked_root(os.path.dirname(path), environ) if event.tool_input.file_path else None
        if root is not None:
            _handle(event, root, path, environ)
    except Exception:
        # There is nobody to tell.
        return


def _handle(event: _Event, root: str, path: str, environ: Mapping[str, str]) -> None:
    with client.connect(root, environ, timeout=_HELLO) as daemon:
        if event.hook_event_name == "PostToolUse":
            daemon.call("index.notify", {"paths": [path], "wait": True, "timeout": _PATIENCE}, timeout=2 * _PATIENCE)
        elif event.hook_event_name == "PreToolUse":
            _say(_context(daemon, root, path, event.tool_input.old_string))


def _context(daemon: client.Client, root: str, path: str, replaced: str) -> str:
    """What is worth knowing before the edit; '' for nothing."""
    told = []
    for symbol in _symbols(daemon, path, replaced)[:_MAX_SYMBOLS]:
        params = {"symbol": symbol["id"], "limit": _MAX_CALLERS}
        callers = daemon.call("graph.callers", params, timeout=_PATIENCE)
        if callers["total"]:
            names = ", ".join(_place(item) for item in callers["items"])
            more = f" and {callers['omitted']:,} more" if callers["omitted"] else ""
            told.append(f"{symbol['qualified_name']} is called by {names}{more}.")
    return "\n".join([*told, *_memories(daemon, os.path.relpath(path, root))])


def _memories(daemon: client.Client, path: str) -> list[str]:
    params = {"query": path, "code": False, "limit": _MAX_MEMORIES}
    found = daemon.call("search.all", params, timeout=_PATIENCE)["items"]
    memories = [item["memory"] for item in found]
    about = [memory for memory in memories if any(anchor["path"] == path for anchor in memory["anchors"])]
    return [f"Remembered ({memory['context']}): {memory['content'].strip()[:500]}" for memory in about]


def _symbols(daemon: client.Client, path: str, replaced: str) -> list[dict[str, Any]]:
    """The functions and classes of the lines that are replaced; of the whole file where it is written anew."""
    outline = daemon.call("symbols.outline", {"path": path}, timeout=_PATIENCE)["items"]
    defined = [symbol for symbol in outline if symbol["kind"] not in ("import", "module", "variable")]
    first, last = _lines(path, replaced)
    around = [symbol for symbol in defined if symbol["line"] <= last and symbol["end_line"] >= first]
    # The innermost say what is changed; a class around them is called by half of the project.
    containers = {symbol["container"] for symbol in around}
    return [symbol for symbol in around if symbol["id"] not in containers] or around


def _lines(path: str, replaced: str) -> tuple[int, int]:
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    at = text.find(replaced) if replaced else -1
    if at < 0:
        return 1, text.count("\n") + 1
    first = text.count("\n", 0, at) + 1
    return first, first + replaced.rstrip("\n").count("\n")


def _place(item: Mapping[str, Any]) -> str:
    site = item["sites"][0]
    return f"{item['symbol']['qualified_name']} ({site['path']}:{site['line']})"


def _say(text: str) -> None:
    if text:
        answer = {"hookSpecificOutput": {"hookEventName": "PreToolUse", "additionalContext": text}}
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
