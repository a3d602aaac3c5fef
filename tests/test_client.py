"""The clients, and starting and stopping daemons through them: real processes throughout."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import wire
from wire import eventually

import indexer
from indexer import client, errors, protocol
from indexer.client import asynchronous
from indexer.protocol import PROTOCOL_VERSION


@pytest.fixture
def place() -> Iterator[wire.Ground]:
    with wire.ground() as found:
        yield found
        # Daemons that a test started through the client are nobody's children here.
        for daemon in client.daemons(found.environ):
            if daemon.pid is not None:
                os.kill(daemon.pid, signal.SIGKILL)
        eventually(lambda: client.daemons(found.environ) == [])


@pytest.fixture(scope="module")
def ground() -> Iterator[wire.Ground]:
    """A place with one daemon for all the tests that leave it as it was."""
    with wire.ground() as found:
        found.daemon()
        yield found


def ensure(place: wire.Ground, **environ: str) -> client.Client:
    return client.ensure(place.root, {**place.environ, **environ}, command=place.command())


# Calls


def test_a_call_gives_plain_values(ground: wire.Ground) -> None:
    with client.connect(ground.root, ground.environ) as daemon:
        assert daemon.hello.project == ground.root
        assert daemon.is_current
        assert daemon.server_pid == daemon.hello.pid
        value = {"a": [1, 2.5, None, True, "ü"]}
        assert daemon.call("test.echo", {"value": value}) == value
        assert daemon.call("test.echo") is None


@pytest.mark.parametrize(
    "kind",
    ["UsageError", "ConfigError", "NotFound", "Conflict", "Unavailable", "DatabaseUnavailable", "Busy"],
)
def test_an_error_is_raised_as_it_was(ground: wire.Ground, kind: str) -> None:
    with (
        client.connect(ground.root, ground.environ) as daemon,
        pytest.raises(errors.IndexerError, match=f"It is {kind}") as caught,
    ):
        daemon.call("test.fail", {"kind": kind})
    assert type(caught.value) is getattr(errors, kind)


def test_an_error_keeps_its_field_and_its_candidates(ground: wire.Ground) -> None:
    with client.connect(ground.root, ground.environ) as daemon:
        with pytest.raises(errors.InvalidRequest) as wrong:
            daemon.call("test.fail", {"kind": "InvalidRequest"})
        assert wrong.value.field == "colour"
        with pytest.raises(errors.Ambiguous) as ambiguous:
            daemon.call("test.fail", {"kind": "Ambiguous"})
        assert [c["name"] for c in ambiguous.value.candidates] == ["a", "b"]
        with pytest.raises(errors.InvalidRequest, match=r"Did you mean test\.echo"):
            daemon.call("test.ecko")
        with pytest.raises(errors.IndexerError, match="indexer logs"):
            daemon.call("test.fail", {"kind": "Unforeseen"})


def test_a_call_that_takes_too_long_is_given_up_and_the_next_one_works(place: wire.Ground) -> None:
    process = place.daemon()
    with client.connect(place.root, place.environ) as daemon:
        with pytest.raises(errors.Busy, match=r"test\.wait"):
            daemon.call("test.wait", timeout=0.05)
        eventually(lambda: process.counts()["cancelled"] == 1)
        assert daemon.call("test.echo", {"value": 1}) == 1


def test_progress_is_told(ground: wire.Ground) -> None:
    told: list[tuple[int, int | None, str]] = []
    with client.connect(ground.root, ground.environ) as daemon:
        result = daemon.call("test.count", {"to": 4}, on_progress=lambda p: told.append((p.done, p.total, p.stage)))
    assert result == 4
    assert told == [(n, 4, "counting") for n in range(1, 5)]


def test_large_messages_pass_both_ways(ground: wire.Ground) -> None:
    with client.connect(ground.root, ground.environ) as daemon:
        assert daemon.call("test.echo", {"value": "x" * 3_000_000}) == "x" * 3_000_000
        assert len(daemon.call("test.large", {"size": 20_000_000})) == 20_000_000


def test_an_oversized_request_is_answered_with_the_limit(ground: wire.Ground) -> None:
    with (
        client.connect(ground.root, ground.environ) as daemon,
        pytest.raises(errors.InvalidRequest, match="bytes"),
    ):
        daemon.call("test.echo", {"value": "x" * (protocol.MAX_REQUEST_BYTES + 1)})


def test_notifications_are_heard_until_silence(ground: wire.Ground) -> None:
    with client.connect(ground.root, ground.environ) as daemon:
        daemon.call("index.subscribe")
        daemon.call("test.publish", {"n": 0})
        with client.connect(ground.root, ground.environ) as other:
            other.call("test.publish", {"n": 3})
        heard = list(daemon.notifications(timeout=0.1))
    assert [(name, params["n"]) for name, params in heard] == [("index.changed", n) for n in range(3)]


def test_a_daemon_that_dies_in_the_middle_is_said_to_have_ended(place: wire.Ground) -> None:
    process = place.daemon().process
    with client.connect(place.root, place.environ) as daemon:
        process.kill()
        with pytest.raises(errors.DaemonUnavailable, match="indexer logs"):
            daemon.call("test.wait")
        with pytest.raises(errors.DaemonUnavailable, match="indexer logs"):
            daemon.call("test.echo")


def test_without_a_daemon_the_message_says_what_to_type(place: wire.Ground) -> None:
    with pytest.raises(errors.DaemonUnavailable, match=f"indexer up {place.root}"):
        client.connect(place.root, place.environ)
    place.daemon().process.kill()
    with pytest.raises(errors.DaemonUnavailable):
        client.connect(place.root, place.environ)


def test_the_client_costs_little_to_import() -> None:
    code = "import sys; from indexer import client; print(*sys.modules)"
    environ = {**os.environ, "PYTHONPATH": str(wire.REPOSITORY)}
    loaded = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    costly = {"asyncio", "subprocess", "dataclasses", "logging", "asyncpg", "tree_sitter", "click"}
    # What msgspec itself imports cannot be helped.
    assert costly & set(loaded.stdout.split()) == set()


# Starting


def test_a_daemon_is_started_where_none_runs_and_found_afterwards(place: wire.Ground) -> None:
    with ensure(place) as daemon:
        pid = daemon.hello.pid
    assert os.getsid(pid) == pid
    with ensure(place) as again:
        assert again.hello.pid == pid
    assert [d.pid for d in client.daemons(place.environ)] == [pid]
    assert client.stop(place.root, place.environ)
    assert client.daemons(place.environ) == []
    assert not client.stop(place.root, place.environ)


def test_a_daemon_is_found_by_another_path_to_the_same_folder(place: wire.Ground) -> None:
    alias = f"{place.base}/alias"
    os.symlink(place.root, alias)
    with ensure(place) as daemon, client.connect(alias, place.environ) as same:
        assert same.hello.pid == daemon.hello.pid


_ENSURE = """
import json, sys
from indexer import client
root, environ, command = json.load(sys.stdin)
with client.ensure(root, environ, command=command) as daemon:
    print(daemon.hello.pid)
"""


def test_five_that_start_at_once_get_the_same_daemon(place: wire.Ground) -> None:
    given = json.dumps([place.root, place.environ, place.command()])
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", _ENSURE],
            env=place.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(5)
    ]
    for starter in starters:
        assert starter.stdin is not None
        starter.stdin.write(given)
        starter.stdin.close()
    pids = {starter.stdout.read().strip() for starter in starters if starter.stdout is not None}
    assert [starter.wait(wire.PATIENCE) for starter in starters] == [0] * 5
    for starter in starters:
        assert starter.stdout is not None
        starter.stdout.close()
    assert len(pids) == 1


def test_a_daemon_of_another_version_is_replaced(place: wire.Ground) -> None:
    with ensure(place, WIRE_VERSION="0.0.1"):
        pass
    with client.connect(place.root, place.environ) as old:
        assert old.hello.version == "0.0.1"
        assert not old.is_current
        with ensure(place) as daemon:
            assert daemon.hello.version == indexer.__version__
            assert daemon.hello.protocol == PROTOCOL_VERSION
            assert daemon.hello.pid != old.hello.pid
    assert len(client.daemons(place.environ)) == 1


def test_a_daemon_that_was_killed_is_started_again(place: wire.Ground) -> None:
    with ensure(place) as daemon:
        pid = daemon.hello.pid
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: client.daemons(place.environ) == [])
    with ensure(place) as daemon:
        assert daemon.hello.pid != pid


def test_a_daemon_that_fails_to_start_says_why(place: wire.Ground) -> None:
    command = [sys.executable, "-c", "raise SystemExit('The disk is full.')"]
    with pytest.raises(errors.DaemonUnavailable, match=r"The disk is full\."):
        client.ensure(place.root, place.environ, command=command)
    with open(client.log_path(place.root, place.environ)) as log:
        assert "The disk is full." in log.read()
    with pytest.raises(errors.DaemonUnavailable, match="cannot be run"):
        client.ensure(place.root, place.environ, command=["/no/such/program"])


def test_a_daemon_that_does_not_answer_in_time_is_said_so(place: wire.Ground) -> None:
    command = [sys.executable, "-c", "import time; print('thinking', flush=True); time.sleep(1.5)"]
    with pytest.raises(errors.DaemonUnavailable, match="does not answer yet"):
        client.ensure(place.root, place.environ, command=command, timeout=0.5)


def test_a_hung_daemon_is_listed_and_stopped(place: wire.Ground) -> None:
    daemon = place.daemon()
    daemon.process.send_signal(signal.SIGSTOP)
    assert client.daemons(place.environ) == [client.Daemon(daemon.process.pid, None)]
    stopper = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from indexer import client; client.stop(sys.argv[1], patience=0.5)",
            place.root,
        ],
        env=place.environ,
    )
    # A stopped process takes no SIGTERM before it goes on; SIGKILL does not wait for that.
    assert stopper.wait(60) == 0
    assert daemon.process.wait(wire.PATIENCE) == -signal.SIGKILL
    assert client.daemons(place.environ) == []


def test_a_folder_of_doubtful_origin_is_not_used(place: wire.Ground) -> None:
    os.mkdir(place.folder)
    os.chmod(place.folder, 0o777)
    with pytest.raises(errors.DaemonUnavailable, match="chmod 700"):
        ensure(place)
    with pytest.raises(errors.DaemonUnavailable):
        client.connect(place.root, place.environ)
    assert client.daemons(place.environ) == []


# On an event loop


async def test_many_calls_at_once_share_a_connection(ground: wire.Ground) -> None:
    async with await asynchronous.connect(ground.root, ground.environ) as daemon:
        assert daemon.hello.project == ground.root
        waiting = asyncio.create_task(daemon.call("test.wait", {"name": "async"}))
        values = await asyncio.gather(*(daemon.call("test.echo", {"value": n}) for n in range(100)))
        assert values == list(range(100))
        await daemon.call("test.release", {"name": "async"})
        assert await waiting == "async"
        with pytest.raises(errors.NotFound):
            await daemon.call("test.fail", {"kind": "NotFound"})


async def test_progress_is_told_to_the_call_that_it_belongs_to(ground: wire.Ground) -> None:
    told: dict[int, list[int]] = {3: [], 5: []}
    async with await asynchronous.connect(ground.root, ground.environ) as daemon:

        async def count(to: int) -> Any:
            return await daemon.call("test.count", {"to": to}, on_progress=lambda p: told[to].append(p.done))

        assert tuple(await asyncio.gather(count(3), count(5))) == (3, 5)
    assert told == {3: [1, 2, 3], 5: [1, 2, 3, 4, 5]}


async def test_a_cancelled_or_late_call_is_given_up_by_the_daemon_too(place: wire.Ground) -> None:
    process = place.daemon()
    async with await asynchronous.connect(place.root, place.environ) as daemon:
        call = asyncio.create_task(daemon.call("test.wait"))
        while (await daemon.call("test.counts"))["started"] == 0:
            pass
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        with pytest.raises(errors.Busy):
            await daemon.call("test.wait", timeout=0.05)
        while (await daemon.call("test.counts"))["cancelled"] < 2:
            pass
    assert process.counts()["finished"] == 0


async def test_calls_end_with_the_daemon(place: wire.Ground) -> None:
    process = place.daemon().process
    async with await asynchronous.connect(place.root, place.environ) as daemon:
        call = asyncio.create_task(daemon.call("test.wait"))
        while (await daemon.call("test.counts"))["started"] == 0:
            pass
        process.kill()
        with pytest.raises(errors.DaemonUnavailable):
            await call
        assert not daemon.is_open
        with pytest.raises(errors.DaemonUnavailable):
            await daemon.call("test.echo")
    # A process that is ending may close its connections before its listening socket.
    await asyncio.to_thread(process.wait)
    with pytest.raises(errors.DaemonUnavailable, match="indexer up"):
        await asynchronous.connect(place.root, place.environ)
