"""The prompt that makes an agent at home in a project: what it is made of, and which tool answers which question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import mcp_types as types

from indexer.mcp import results, tools
from indexer.mcp.bridge import Call

PROMPT: Final = types.Prompt(
    name="onboarding",
    title="Get to know this project",
    description="What the project consists of, what is known about a task, and how to ask for more.",
    arguments=[types.PromptArgument(name="task", description="What is to be done, in a sentence.", required=False)],
)
_TASK_BUDGET: Final = 6000

_HOW: Final = """\
An index of all of this follows every save, and answers in milliseconds. Work with it:
1. Before you read files, call `context` with the task or a symbol's name; `find` and `look` for single symbols and outlines.
2. Before you change a symbol, call `who_calls` and `what_breaks` on it. Relationships under 0.9 confidence are guesses: check them.
3. After your edits, call `what_breaks` without a symbol: it starts from the uncommitted changes and names the tests that reach them.
4. `recall` what was decided before you choose an approach; `remember` what you decide or learn that the code does not say, with \
`about` naming the code. Before a pause in a long task, `state` keeps where you are.
5. An answer that says what it left out is not complete: ask again, narrower or with a larger budget."""


async def prompt(call: Call, arguments: Mapping[str, str]) -> types.GetPromptResult:
    """The prompt, with what the index knows about the task where one is given."""
    status = await call.tell("system.status")
    parts = [_overview(status), _HOW]
    if task := arguments.get("task", "").strip():
        found, text = results.fitted(await tools.context(call, task, _TASK_BUDGET), _TASK_BUDGET)
        known = text if found.items else "Nothing in the index is about it by its words."
        parts.append(f"The task: {task}\n\nWhat the index has about it:\n\n{known}")
    message = types.PromptMessage(role="user", content=types.TextContent(type="text", text="\n\n".join(parts)))
    return types.GetPromptResult(description=PROMPT.description, messages=[message])


def _overview(status: Mapping[str, Any]) -> str:
    files = status["files"]
    if files is None:
        return f"You work in the project {status['project']['root']}."
    languages = ", ".join(f"{n:,} {name}" for name, n in files["by_language"].items()) or "no"
    return (
        f"You work in the project {status['project']['root']}: {languages} files, {files['lines']:,} lines, "
        f"{status['symbols']:,} symbols."
    )
