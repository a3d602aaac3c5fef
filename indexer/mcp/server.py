"""The protocol's side: lists of tools, resources and prompts, and their calls, over standard input and output."""

from __future__ import annotations

import asyncio
import logging
import signal
import urllib.parse
from typing import Any, Final

import mcp_types as types
import msgspec
from mcp.server.lowlevel import Server
from mcp.server.session import ServerSession
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

import indexer
from indexer import errors
from indexer.mcp import onboarding, results, tools
from indexer.mcp.bridge import Bridges, Call

logger = logging.getLogger(__name__)

_STATUS: Final = "indexer://status"
_OUTLINE: Final = "indexer://outline/"
#: Tokens of a resource, which has no budget of its own.
_RESOURCE_BUDGET: Final = 25_000
#: Candidates of an ambiguous name that are told.
_MAX_CANDIDATES: Final = 15

_INSTRUCTIONS: Final = """\
Answers about this project's code from an index that follows every save: prefer these tools to grep and to reading whole \
files. Begin with context; find and look locate and show code; call who_calls and what_breaks before you change a symbol. \
recall before you decide, remember what you decide and learn that the code does not say. \
Every answer says what it left out and why it is empty. Relationships carry a confidence: treat those under 0.9 as guesses."""


def run(folder: str | None) -> None:
    """Serve until standard input ends. `folder` is the project; None the one around the current folder."""
    # Nothing is lost by ending at once, and a thread that reads standard input cannot be interrupted.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asyncio.run(_serve(folder))


async def _serve(folder: str | None) -> None:
    bridges = Bridges(folder)
    server = make(bridges)
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())
    await bridges.close()


def make(bridges: Bridges) -> Server[Any]:
    """The server, which asks through the bridges."""

    async def list_tools(ctx: Any, params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in tools.TOOLS.values()])

    async def call_tool(ctx: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        return await _called(bridges, ctx, params.name, params.arguments or {})

    async def list_resources(ctx: Any, params: Any) -> types.ListResourcesResult:
        status = types.Resource(
            uri=_STATUS, name="status", title="The index", mime_type="application/json",
            description="What is indexed, what is pending, how much of it is understood.",
        )  # fmt: skip
        return types.ListResourcesResult(resources=[status])

    async def list_templates(ctx: Any, params: Any) -> types.ListResourceTemplatesResult:
        outline = types.ResourceTemplate(
            uri_template=_OUTLINE + "{+path}", name="outline", title="Outline of a file", mime_type="text/plain",
            description="What a file defines, nested, with lines; the path is from the project's root.",
        )  # fmt: skip
        return types.ListResourceTemplatesResult(resource_templates=[outline])

    async def read_resource(ctx: Any, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        try:
            return await _read(await _call(bridges, ctx), params.uri)
        except errors.IndexerError as problem:
            raise MCPError(types.INVALID_PARAMS, str(problem)) from problem

    async def list_prompts(ctx: Any, params: Any) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=[onboarding.PROMPT])

    async def get_prompt(ctx: Any, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        if params.name != onboarding.PROMPT.name:
            raise MCPError(types.INVALID_PARAMS, f"There is no prompt {results.clip(params.name)}.")
        try:
            return await onboarding.prompt(await _call(bridges, ctx), params.arguments or {})
        except errors.IndexerError as problem:
            raise MCPError(types.INTERNAL_ERROR, str(problem)) from problem

    return Server(
        "indexer", version=indexer.__version__, title="Code intelligence", instructions=_INSTRUCTIONS,
        on_list_tools=list_tools, on_call_tool=call_tool, on_list_resources=list_resources,
        on_list_resource_templates=list_templates, on_read_resource=read_resource, on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
    )  # fmt: skip


def _described(tool: tools.Tool) -> types.Tool:
    hints = types.ToolAnnotations(
        title=tool.title,
        read_only_hint=not tool.changes,
        destructive_hint=False,
        idempotent_hint=True,
        open_world_hint=False,
    )
    return types.Tool(
        name=tool.name, title=tool.title, description=tool.description, input_schema=tool.input_schema(),
        output_schema=tool.output_schema(), annotations=hints,
    )  # fmt: skip


async def _call(bridges: Bridges, ctx: Any, project: str | None = None) -> Call:
    """A call that passes the daemon's progress on to the client. UsageError where no project is meant."""
    loop = asyncio.get_running_loop()
    sending: set[asyncio.Task[None]] = set()

    def report(elapsed: float, message: str) -> None:
        # What is counted changes from stage to stage, and progress may never go back: the seconds never do.
        task = loop.create_task(ctx.session.report_progress(elapsed, None, message))
        sending.add(task)
        task.add_done_callback(sending.discard)

    return Call(await bridges.to(project, lambda: _roots(ctx.session)), report)


async def _roots(session: ServerSession) -> list[str]:
    """The folders that the client works in; none where it does not tell."""
    has_roots = session.check_client_capability(types.ClientCapabilities(roots=types.RootsCapability()))
    if not has_roots or not session.can_send_request:
        return []
    try:
        found = await session.send_request(types.ListRootsRequest(), types.ListRootsResult)
    except MCPError:
        return []
    urls = (urllib.parse.urlsplit(str(root.uri)) for root in found.roots)
    return [urllib.parse.unquote(url.path) for url in urls if url.scheme == "file"]


async def _called(bridges: Bridges, ctx: Any, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
    """The result of a tool; what goes wrong is told in it, for the model to read and do better."""
    tool = tools.TOOLS.get(name)
    if tool is None:
        return _failed(f"There is no tool {results.clip(name)}; there are {', '.join(tools.TOOLS)}.")
    try:
        params = tool.decoded(arguments)
        call = await _call(bridges, ctx, params.project)
        found, text = results.fitted(await tool.run(call, params), params.budget)
    except errors.IndexerError as problem:
        return _failed(_told(problem))
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], structured_content=msgspec.to_builtins(found)
    )


def _failed(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=True)


def _told(problem: errors.IndexerError) -> str:
    lines = [results.clip(str(problem), 1000)]
    if isinstance(problem, errors.Ambiguous):
        shown = problem.candidates[:_MAX_CANDIDATES]
        lines += [f"{results.place(each)}  {each['kind']} {results.clip(each['qualified_name'])}" for each in shown]
        if (more := len(problem.candidates) - len(shown)) > 0:
            lines.append(f"and {more:,} more")
    return "\n".join(lines)


async def _read(call: Call, uri: str) -> types.ReadResourceResult:
    if uri == _STATUS:
        status = await call.tell("system.status")
        return _resource(uri, "application/json", msgspec.json.format(msgspec.json.encode(status)).decode())
    if uri.startswith(_OUTLINE) and (path := urllib.parse.unquote(uri.removeprefix(_OUTLINE))):
        found = await tools.outline(call, path)
        return _resource(uri, "text/plain", results.fitted(found, _RESOURCE_BUDGET)[1])
    raise errors.NotFound(f"There is no resource {results.clip(uri)}; there are {_STATUS} and {_OUTLINE}PATH.")


def _resource(uri: str, mime_type: str, text: str) -> types.ReadResourceResult:
    return types.ReadResourceResult(contents=[types.TextResourceContents(uri=uri, mime_type=mime_type, text=text)])
