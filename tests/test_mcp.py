"""The tools for coding agents, as the protocol's own client meets them over standard input and output."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import ClientSession, types
from mcp.client.stdio import StdioServerParameters, stdio_client
from servers import wait_until
from shells import Shell

pytest_plugins = ["shells"]

READING = {"context", "find", "look", "who_calls", "what_breaks", "search", "recall"}
TOOLS = READING | {"remember", "state"}


@contextlib.asynccontextmanager
async def agent(shell: Shell, **environ: str) -> AsyncIterator[ClientSession]:
    """A client that has started the tools in the project's folder."""
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "indexer", "mcp"], env={**shell.environ, **environ}, cwd=shell.root
    )
    async with stdio_client(server) as (reading, writing), ClientSession(reading, writing) as session:
        await session.initialize()
        yield session


async def use(session: ClientSession, tool: str, /, **arguments: Any) -> tuple[str, Any]:
    """The text and the data of a tool's result, which the client checks against the tool's schema."""
    found = await session.call_tool(tool, arguments)
    assert isinstance(found, types.CallToolResult)
    (content,) = found.content
    assert isinstance(content, types.TextContent)
    assert not found.is_error, content.text
    return content.text, found.structured_content


async def refused(session: ClientSession, tool: str, /, **arguments: Any) -> str:
    """What a tool says instead of a result."""
    found = await session.call_tool(tool, arguments)
    assert isinstance(found, types.CallToolResult)
    assert found.is_error
    (content,) = found.content
    assert isinstance(content, types.TextContent)
    return content.text


async def test_tools_say_what_they_are_for(shell: Shell) -> None:
    async with agent(shell) as session:
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
    assert set(tools) == TOOLS
    for tool in tools.values():
        assert tool.description
        assert tool.annotations is not None
        assert tool.output_schema is not None
        assert tool.output_schema["type"] == "object"
        assert all("description" in field for field in tool.input_schema["properties"].values())
    assert {name for name, tool in tools.items() if tool.annotations.read_only_hint} == READING


async def test_each_question_is_answered_as_text_and_as_data(shell: Shell) -> None:
    async with agent(shell) as session:
        text, found = await use(session, "find", name="parseHeader")
        assert text.startswith("app/http.py:8:5  function app.http.parse_header  def parse_header(raw)\n    Split it.")
        assert found["items"][0]["place"] == "app/http.py:8:5"

        text, found = await use(session, "look", target="http.parse_header")
        assert '"""Split it."""\n    return raw' in text
        assert found["items"][0]["used_by"]["calls"] == 3
        assert (await use(session, "look", target="app/http.py:10"))[1] == found
        text, _ = await use(session, "look", target="app/http.py")
        assert text.splitlines()[1:3] == ["1:7    class Request", "4:9      def read(self)"]

        _, found = await use(session, "who_calls", symbol="parse_header")
        places = {item["symbol"]: item["places"] for item in found["items"]}
        assert places["app.main.main"] == ["app/main.py:5:5", "app/main.py:6:5"]
        assert found["places_total"] == 4
        _, found = await use(session, "who_calls", symbol="app.main.main", direction="callees")
        assert {"app.http.parse_header", "app.http.Request.read"} <= {item["symbol"] for item in found["items"]}
        _, found = await use(session, "who_calls", symbol="parse_header", direction="references")
        assert {item["role"] for item in found["items"]} == {"calls", "imports"}

        text, found = await use(session, "what_breaks", symbol="parse_header")
        assert {"app.http.Request.read", "app.main.main"} <= {item["symbol"] for item in found["items"]}

        text, found = await use(session, "search", query="split header")
        assert found["items"][0]["name"] == "function app.http.parse_header"
        text, found = await use(session, "search", query=r"parse_\w+\(b", exact="regex")
        assert "app/http.py:14:21  text in app.http.serve\n    return request, parse_header" in text

        text, found = await use(session, "context", about="parse_header")
        assert found["items"][0]["part"] == "definition"
        assert "return raw" in text


async def test_what_is_remembered_is_recalled_and_mentioned(shell: Shell) -> None:
    decision = "Headers are split lazily: proxies send thousands."
    async with agent(shell) as session:
        for outcome in ("added", "existing"):
            _, found = await use(session, "remember", content=decision, about=["app.http.parse_header"], tags=["http"])
            assert found["outcome"] == outcome
        text, found = await use(session, "recall", query="why are headers split lazily?")
        assert found["items"][0]["about"] == ["app.http.parse_header [fresh]"]
        assert found["items"][0]["content"] == decision
        assert decision in text
        assert (await use(session, "recall", about="app/http.py"))[1]["total"] == 1
        # Whoever looks at the code hears of it.
        for tool, field in (("look", "target"), ("who_calls", "symbol"), ("what_breaks", "symbol")):
            text, found = await use(session, tool, **{field: "parse_header"})
            assert found["memories"][0]["content"] == decision
            assert f"Remembered: {found['memories'][0]['id']}" in text
        assert "either query or about" in await refused(session, "recall")


async def test_a_working_context_is_kept_and_returned_to(shell: Shell) -> None:
    async with agent(shell) as session:
        await use(session, "look", target="app.http.Request")
        await use(session, "state", action="capture", name="before", notes="next: the tests")
        await use(session, "look", target="app.main.main")
        await use(session, "state", action="capture", name="after", notes="all done")
        _, found = await use(session, "state")
        assert [item["name"] for item in found["items"]] == ["after", "before"]
        text, _ = await use(session, "state", action="restore", name="before")
        assert "next: the tests" in text
        text, found = await use(session, "state", action="diff", name="before", other="after")
        assert found["total"] >= 1
        assert "all done" in text
        assert "needs the parameter 'name'" in await refused(session, "state", action="restore")
        assert await refused(session, "state", action="restore", name="never kept")


async def test_an_answer_sees_every_save_before_it(shell: Shell) -> None:
    path = shell.root / "app" / "saved.py"
    async with agent(shell) as session:
        await use(session, "find", name="serve")
        path.write_text("def just_saved():\n    pass\n")
        try:
            assert (await use(session, "find", name="just_saved"))[1]["total"] == 1
        finally:
            path.unlink()
        text, found = await use(session, "find", name="just_saved")
        assert found["total"] == 0
        assert "Nothing is called just_saved" in text


async def test_what_is_wrong_is_told_to_the_model(shell: Shell) -> None:
    async with agent(shell) as session:
        assert "Did you mean 'name'?" in await refused(session, "find", nme="x")
        assert "budget" in await refused(session, "find", name="x", budget=10_000_000)
        assert "'content' is wrong" in await refused(session, "remember", content="x" * 10_000_000)
        assert "needs the parameter 'symbol'" in await refused(session, "who_calls")
        assert "There is no tool" in await refused(session, "x" * 1000)
        said = await refused(session, "who_calls", symbol="serve")
        assert "app/double.py:1:5  function app.double.serve" in said
        assert "/etc/passwd" in await refused(session, "look", target="/etc/passwd:1")
        assert await refused(session, "who_calls", symbol="no.such.thing")
        assert await refused(session, "search", query="(", exact="regex")


async def test_a_result_stays_within_its_budget(shell: Shell) -> None:
    """Whatever is asked; the whole of the message counts."""
    chosen = random.Random(7)
    big = shell.root / "app" / "big.py"
    lines = [f"def {'long_' * 40}{n}(é='ünïcödé \\\\ \"quoted\"'):\n    return helper('\\n' * {n})\n" for n in range(300)]
    big.write_text("def helper(x):\n    '''\"\\\\\" ''' \n    return x\n\n" + "\n".join(lines))
    questions = [
        ("find", "name", ["long", "helper", "serve", "x" * 10_000]),
        ("look", "target", ["app/big.py", "app/big.py:9", "helper", "app.http", "app.big"]),
        ("who_calls", "symbol", ["helper", "parse_header"]),
        ("what_breaks", "symbol", ["helper"]),
        ("search", "query", ["long é", "helper", "split it", "ünï"]),
        ("context", "about", ["helper", "app.big", "what is long?"]),
    ]
    try:
        async with agent(shell) as session:
            for _ in range(60):
                tool, field, values = chosen.choice(questions)
                budget = chosen.choice([400, 401, 500, 700, 1000, 2500, 6000, 20_000])
                arguments: dict[str, Any] = {field: chosen.choice(values), "budget": budget}
                if tool == "search":
                    arguments["exact"] = chosen.choice(["no", "text", "regex"])
                found = await session.call_tool(tool, arguments)
                size = len(found.model_dump_json(by_alias=True, exclude_none=True).encode())
                assert size <= budget * 4, f"{tool} {arguments}"
    finally:
        big.unlink()


async def test_resources_and_the_prompt(shell: Shell) -> None:
    async with agent(shell) as session:
        assert [str(each.uri) for each in (await session.list_resources()).resources] == ["indexer://status"]
        status = json.loads(text_of(await session.read_resource("indexer://status")))
        assert status["project"]["root"] == os.path.realpath(shell.root)
        assert "class Request" in text_of(await session.read_resource("indexer://outline/app/http.py"))
        for wrong in ("indexer://outline/", "indexer://nothing", "file:///etc/passwd", "indexer://outline/../../etc/passwd"):
            with pytest.raises(Exception, match=r"no resource|outside|not in the project|is no file|There is no"):
                await session.read_resource(wrong)
        assert [each.name for each in (await session.list_prompts()).prompts] == ["onboarding"]
        prompt = await session.get_prompt("onboarding", {"task": "parse_header must not fail"})
        (message,) = prompt.messages
        assert isinstance(message.content, types.TextContent)
        assert "`what_breaks`" in message.content.text
        assert "return raw" in message.content.text


def text_of(found: Any) -> str:
    """The text of a resource."""
    (content,) = found.contents
    assert isinstance(content, types.TextResourceContents)
    return content.text


async def test_a_daemon_that_ended_is_started_again(shell: Shell) -> None:
    async with agent(shell) as session:
        await use(session, "find", name="serve")
        shell("down")
        assert (await use(session, "find", name="serve"))[1]["total"] == 2


async def test_waiting_tells_of_progress_and_can_be_given_up(shell: Shell) -> None:
    told: list[str | None] = []
    has_begun = asyncio.Event()

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        told.append(message)
        has_begun.set()

    async with agent(shell) as session:
        await use(session, "find", name="serve")
        pid = json.loads(text_of(await session.read_resource("indexer://status")))["pid"]
        # Its workers stand still, so that what is saved cannot be read.
        workers = _children(pid)
        for worker in workers:
            os.kill(worker, signal.SIGSTOP)
        path = shell.root / "app" / "slow.py"
        path.write_text("def slow():\n    pass\n")
        try:
            waiting = asyncio.create_task(
                session.call_tool("find", {"name": "slow"}, progress_callback=hear)
            )
            await asyncio.wait_for(has_begun.wait(), 60)
            waiting.cancel()
            # Others are answered meanwhile.
            await session.read_resource("indexer://status")
        finally:
            for worker in workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGCONT)
        assert (await use(session, "find", name="slow", kind="function"))[1]["total"] == 1
        path.unlink()
    assert told


def _children(pid: int) -> list[int]:
    """Processes below a process, at any depth."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    below = [int(child) for child in listed]
    return below + [deeper for child in below for deeper in _children(child)]


def test_rubbish_is_survived_and_the_end_of_input_ends_it(shell: Shell) -> None:
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    lines = [
        b"rubbish", b"[]", b"{}", b"\xff\xfe", b'{"jsonrpc":"2.0","id":9,"method":"no/such"}', b"x" * 3_000_000,
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}).encode(),
        b'{"jsonrpc":"2.0","method":"notifications/initialized"}',
        b'{"jsonrpc":"2.0","id":2,"method":"tools/list"}',
    ]  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "indexer", "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, cwd=shell.root, env=shell.environ,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"\n".join(lines) + b"\n")
        process.stdin.flush()
        answers = {}
        while 2 not in answers:
            answer = json.loads(process.stdout.readline())
            answers[answer.get("id")] = answer
        assert len(answers[2]["result"]["tools"]) == len(TOOLS)
        # A question is under way when the client hangs up.
        process.stdin.write(
            b'{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"find","arguments":{"name":"serve"}}}\n'
        )
        process.stdin.close()
        assert process.wait(60) == 0
    wait_until(lambda: "idle" in shell("status")[0])


@pytest.fixture
def other(shell: Shell) -> Iterator[Path]:
    """A second project."""
    root = shell.base / "other"
    (root / ".git").mkdir(parents=True)
    (root / "there.py").write_text("def only_there():\n    pass\n")
    yield root
    shell("down", root)
    shutil.rmtree(root)


async def test_one_server_answers_for_several_projects(shell: Shell, other: Path) -> None:
    async with agent(shell) as session:
        assert (await use(session, "find", name="only_there", kind="function"))[1]["total"] == 0
        for name in (str(other / "any" / "file.py"), "other"):
            assert (await use(session, "find", name="only_there", kind="function", project=name))[1]["total"] == 1
        assert (await use(session, "look", target="there.py", project="other"))[1]["items"][-1]["symbol"] == "there.only_there"
        assert (await use(session, "find", name="parse_header"))[1]["total"]
        for name in ("nowhere", "/", "../other"):
            assert f"{name} is no project. Give the folder of one; known are: " in await refused(session, "find", name="x", project=name)


async def test_outside_of_a_project_the_client_s_folders_count(shell: Shell, other: Path, tmp_path: Path) -> None:
    async def roots(context: Any) -> types.ListRootsResult:
        return types.ListRootsResult(roots=[types.Root(uri=f"file://{tmp_path}"), types.Root(uri=f"file://{other}")])

    server = StdioServerParameters(command=sys.executable, args=["-m", "indexer", "mcp"], env=shell.environ, cwd=tmp_path)
    async with stdio_client(server) as (reading, writing), ClientSession(reading, writing, list_roots_callback=roots) as session:
        await session.initialize()
        assert (await use(session, "find", name="only_there", kind="function"))[1]["total"] == 1


async def test_outside_of_a_project_every_question_says_so(shell: Shell, tmp_path: Path) -> None:
    async with agent(shell, INDEXER_CONFIG=str(tmp_path)) as session:
        assert (await session.list_tools()).tools
        assert await refused(session, "find", name="x")
