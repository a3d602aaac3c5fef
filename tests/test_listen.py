"""The socket's behaviour, seen from a raw connection to a real daemon process."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import wire
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wire import eventually, notification, request

from indexer import sockets
from indexer.protocol import MAX_REQUEST_BYTES


@pytest.fixture
def place() -> Iterator[wire.Ground]:
    with wire.ground() as found:
        yield found


@pytest.fixture(scope="module")
def shared() -> Iterator[wire.Daemon]:
    """One daemon for all the tests that leave it as it was."""
    with wire.ground() as found:
        yield found.daemon()


@pytest.fixture
def peer(shared: wire.Daemon) -> Iterator[wire.Peer]:
    with shared.connection() as connection:
        yield connection


def by_id(answers: list[Any]) -> dict[Any, Any]:
    """The answers by their ids, each of which must be there once."""
    found = {answer["id"]: answer for answer in answers}
    assert len(found) == len(answers)
    return found


# Ownership


def test_folder_and_socket_are_for_their_owner_alone(place: wire.Ground) -> None:
    place.daemon()
    assert stat.S_IMODE(os.stat(place.folder).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(place.path()).st_mode) == 0o600


def test_a_second_daemon_is_refused_and_told_who_serves(place: wire.Ground) -> None:
    first = place.daemon()
    second = place.launch()
    assert second.wait(wire.PATIENCE) == 3
    assert f"pid {first.process.pid}" in place.printed()
    assert first.answers()


def test_two_projects_have_a_daemon_each(place: wire.Ground) -> None:
    other = place.project("other")
    assert place.daemon().answers()
    assert place.daemon(other).answers()


def test_of_five_that_race_after_a_kill_one_wins(place: wire.Ground) -> None:
    for _ in range(3):
        racers = [place.launch() for _ in range(5)]
        eventually(lambda racers=racers: sum(p.poll() is None for p in racers) == 1)  # type: ignore[misc]
        (winner,) = (p for p in racers if p.poll() is None)
        eventually(wire.Daemon(winner, place.path()).answers)
        # The socket stays behind, and the next ones must not mind.
        winner.kill()
        winner.wait(wire.PATIENCE)
        assert os.path.exists(place.path())


def test_a_folder_that_others_may_enter_is_refused(place: wire.Ground) -> None:
    os.mkdir(place.folder, 0o755)
    os.chmod(place.folder, 0o755)
    assert place.launch().wait(wire.PATIENCE) == 1
    assert f"chmod 700 {place.folder}" in place.printed()
    assert stat.S_IMODE(os.stat(place.folder).st_mode) == 0o755


def test_a_folder_behind_a_link_is_refused(place: wire.Ground) -> None:
    os.mkdir(f"{place.base}/elsewhere", 0o700)
    os.symlink(f"{place.base}/elsewhere", place.folder)
    assert place.launch().wait(wire.PATIENCE) == 1


def test_a_runtime_folder_too_deep_for_a_socket_is_replaced_by_a_shallow_one(place: wire.Ground) -> None:
    deep = place.base / ("d" * 90)
    deep.mkdir(parents=True)
    folder = sockets.runtime_dir({"XDG_RUNTIME_DIR": str(deep)})
    assert folder.startswith("/tmp/indexer-")
    assert len(sockets.socket_path(folder, place.key())) <= sockets.MAX_SOCKET_PATH
    assert folder == sockets.runtime_dir({"XDG_RUNTIME_DIR": str(deep)})
    assert folder != sockets.runtime_dir({"XDG_RUNTIME_DIR": str(deep.parent)})


def test_an_installation_of_its_own_has_sockets_of_its_own(place: wire.Ground) -> None:
    plain = sockets.runtime_dir({"XDG_RUNTIME_DIR": str(place.base)})
    own = sockets.runtime_dir({"XDG_RUNTIME_DIR": str(place.base), "INDEXER_HOME": "/somewhere"})
    assert plain == f"{place.base}/indexer"
    assert own.startswith(plain + "-")


_CONNECT_AS_NOBODY = """
import contextlib, os, socket, sys
os.setgroups([]); os.setgid(65534); os.setuid(65534)
peer = socket.socket(socket.AF_UNIX); peer.settimeout(20)
try:
    peer.connect(sys.argv[1])
    with contextlib.suppress(BrokenPipeError):
        peer.sendall(b'{"id": 1, "method": "test.echo", "params": {"value": "secret"}}\\n')
    print(peer.recv(65536).decode())
except OSError as problem:
    print(type(problem).__name__)
"""


def _as_nobody(path: str) -> str:
    command = [sys.executable, "-I", "-c", _CONNECT_AS_NOBODY, path]
    return subprocess.run(command, capture_output=True, text=True, timeout=wire.PATIENCE, check=True).stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user takes root")
def test_another_user_is_kept_out_by_the_folder_and_by_the_socket_itself(place: wire.Ground) -> None:
    daemon = place.daemon()
    os.chmod(place.base, 0o755)
    assert "PermissionError" in _as_nobody(daemon.path)
    # Were both doors left open, the daemon still asks the kernel who is there.
    os.chmod(place.folder, 0o755)
    os.chmod(daemon.path, 0o666)
    answer = _as_nobody(daemon.path)
    assert "another user" in answer
    assert "secret" not in answer
    assert daemon.answers()


# Bad requests


@pytest.mark.parametrize(
    ("line", "code", "request_id", "words"),
    [
        (b"hello", -32700, None, "not JSON"),
        (b"\xff\xfe\x00", -32700, None, "not JSON"),
        (b'{"id": 1, "method": "test.echo"', -32700, None, "not JSON"),
        (b'{"params": ' + b"[" * 100_000, -32700, None, "too deep"),
        (b"[]", -32600, None, "one request a line"),
        (b'[{"id": 1, "method": "test.echo"}]', -32600, None, "one request a line"),
        (b"null", -32600, None, "not a JSON-RPC 2.0 request"),
        (b'{"id": 7}', -32600, 7, "method"),
        (b'{"id": "a", "method": 7}', -32600, "a", "method"),
        (b'{"id": [1], "method": "test.echo"}', -32600, None, "id"),
        (b'{"id": 1.5, "method": "test.echo"}', -32600, None, "id"),
        (b'{"id": 1, "method": "test.echo", "jsonrpc": "1.0"}', -32600, 1, "jsonrpc"),
        (b'{"id": 1, "method": "no.such"}', -32601, 1, "no.such"),
        (b'{"id": 1, "method": "graph.impact", "params": {"symbol": "a"}}', -32601, 1, "graph.impact"),
        (b'{"id": 1, "method": "test.echo", "params": [1]}', -32602, 1, "expected object"),
        (b'{"id": 1, "method": "test.echo", "params": {"valu": 1}}', -32602, 1, "Did you mean 'value'"),
        (b'{"id": 1, "method": "test.large", "params": {"size": "1"}}', -32602, 1, "'size'"),
        (b'{"id": 1, "method": "test.large", "params": {}}', -32602, 1, "'size'"),
        (b'{"id": 1, "method": "test.echo", "params": {"value": "\xff"}}', -32602, 1, "utf-8"),
    ],
)
def test_a_bad_line_is_answered_and_the_next_one_served(
    peer: wire.Peer, line: bytes, code: int, request_id: Any, words: str
) -> None:
    peer.send(line)
    answer = peer.receive()
    assert (answer["error"]["code"], answer["id"]) == (code, request_id)
    assert words in answer["error"]["message"]
    assert peer.ask("test.echo", value="still here")["result"] == "still here"


def test_a_wrong_parameter_is_named_for_programs_too(peer: wire.Peer) -> None:
    assert peer.ask("test.large", size=None)["error"]["data"] == {"field": "size"}


def test_a_misspelt_method_is_answered_with_the_nearest(peer: wire.Peer) -> None:
    assert "test.echo" in peer.ask("test.ecko")["error"]["data"]["hint"]


def test_ids_come_back_as_they_were(peer: wire.Peer) -> None:
    for request_id in (0, -1, 10**30, "", "ü\n", None):
        peer.send(request(request_id, "test.echo"))
        assert peer.receive() == {"jsonrpc": "2.0", "id": request_id, "result": None}


def test_a_minimal_line_with_blank_ones_around_it_is_understood(peer: wire.Peer) -> None:
    peer.send(b"", b"  ", b'{"id":1,"method":"test.echo"}\r', b"")
    assert peer.receive()["result"] is None


def test_an_oversized_line_is_refused_and_its_connection_closed(shared: wire.Daemon, peer: wire.Peer) -> None:
    with contextlib.suppress(OSError):
        peer.socket.sendall(b"x" * (MAX_REQUEST_BYTES + 100))
    (answer,) = peer.rest()
    assert str(MAX_REQUEST_BYTES) in answer["error"]["message"]
    assert shared.answers()


def test_a_line_of_the_largest_size_is_served(peer: wire.Peer) -> None:
    frame = len(json.dumps(request(0, "test.echo", value="")))
    value = "x" * (MAX_REQUEST_BYTES - frame)
    assert peer.ask("test.echo", value=value)["result"] == value


def test_a_line_that_does_not_end_is_said_to_be_so(shared: wire.Daemon, peer: wire.Peer) -> None:
    peer.socket.sendall(b'{"id": 1, "method": "test.echo"}')
    peer.socket.shutdown(socket.SHUT_WR)
    (answer,) = peer.rest()
    assert "newline" in answer["error"]["message"]
    assert shared.answers()


def test_half_a_request_keeps_nobody_waiting(shared: wire.Daemon, peer: wire.Peer) -> None:
    peer.socket.sendall(b'{"id": 1, "meth')
    assert shared.answers()
    peer.socket.sendall(b'od": "test.echo"}\n')
    assert peer.receive()["result"] is None
    peer.socket.sendall(b'{"id": 2, "meth')
    peer.close()
    assert shared.answers()


def test_large_requests_are_bounded_over_all_connections(place: wire.Ground) -> None:
    daemon = place.daemon(limits={"held_bytes": 1_000_000})
    with daemon.connection() as first, daemon.connection() as second, daemon.connection() as third:
        first.socket.sendall(b"x" * 900_000)
        assert daemon.answers()
        with contextlib.suppress(OSError):
            second.socket.sendall(b"x" * 900_000)
        (answer,) = second.rest()
        assert answer["error"]["code"] == -32007
        assert third.ask("test.echo", value="small")["result"] == "small"
        first.close()
        eventually(lambda: "result" in _large_request(daemon))


def _large_request(daemon: wire.Daemon) -> dict[str, Any]:
    with daemon.connection() as peer, contextlib.suppress(BrokenPipeError):
        return peer.ask("test.echo", value="x" * 900_000)
    return {}


# Errors


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("UsageError", -32008),
        ("ConfigError", -32009),
        ("InvalidRequest", -32602),
        ("NotFound", -32001),
        ("Ambiguous", -32002),
        ("Conflict", -32003),
        ("Unavailable", -32004),
        ("DatabaseUnavailable", -32006),
        ("Busy", -32007),
        ("Unforeseen", -32603),
        ("Cancelled", -32603),
    ],
)
def test_an_exception_is_answered_with_its_code(peer: wire.Peer, kind: str, code: int) -> None:
    assert peer.ask("test.fail", kind=kind)["error"]["code"] == code
    assert peer.ask("test.echo", value=1)["result"] == 1


def test_an_answer_that_is_no_json_is_an_internal_error(peer: wire.Peer) -> None:
    assert peer.ask("test.odd")["error"]["code"] == -32603
    assert peer.ask("test.echo", value=1)["result"] == 1


def test_an_answer_past_the_limit_asks_for_less(place: wire.Ground) -> None:
    daemon = place.daemon(limits={"response_bytes": 10_000})
    with daemon.connection() as peer:
        assert "limit" in peer.ask("test.large", size=10_001)["error"]["message"]
        assert len(peer.ask("test.large", size=9_000)["result"]) == 9_000


# Many at once


def test_pipelined_requests_overtake_one_that_waits(peer: wire.Peer) -> None:
    peer.send(request(1, "test.wait", name="overtaken"), *(request(n, "test.echo", value=n) for n in range(2, 50)))
    assert sorted(peer.receive()["id"] for _ in range(48)) == list(range(2, 50))
    peer.send(request(50, "test.release", name="overtaken"))
    assert by_id([peer.receive(), peer.receive()]).keys() == {1, 50}


def test_one_connection_gets_its_share_and_no_more(place: wire.Ground) -> None:
    daemon = place.daemon(limits={"running_per_connection": 2})
    with daemon.connection() as greedy, daemon.connection() as other:
        greedy.send(*(request(n, "test.wait", name=f"{n}") for n in range(5)))
        eventually(lambda: daemon.counts()["started"] == 2)
        assert other.ask("test.echo", value="mine")["result"] == "mine"
        assert daemon.counts()["started"] == 2
        for n in range(5):
            other.ask("test.release", name=f"{n}")
        assert by_id([greedy.receive() for _ in range(5)]).keys() == set(range(5))


def test_when_all_are_at_work_the_daemon_still_says_who_it_is(place: wire.Ground) -> None:
    daemon = place.daemon(limits={"running": 2})
    with daemon.connection() as first, daemon.connection() as second:
        first.send(request(1, "test.wait", name="a"))
        second.send(request(1, "test.wait", name="b"), request(2, "test.echo"))
        eventually(lambda: daemon.counts()["started"] == 2)
        assert daemon.answers()
        with daemon.connection() as third:
            third.ask("test.release", name="a")
            third.ask("test.release", name="b")
        assert by_id([second.receive(), second.receive()]).keys() == {1, 2}


def test_more_than_may_be_outstanding_is_read_later_and_answered_once(place: wire.Ground) -> None:
    daemon = place.daemon(limits={"outstanding": 8, "running_per_connection": 4})
    with daemon.connection() as peer, daemon.connection() as other:
        peer.send(*(request(n, "test.wait", name="gate") for n in range(200)))
        eventually(lambda: daemon.counts()["started"] == 4)
        other.ask("test.release", name="gate")
        assert by_id([peer.receive() for _ in range(200)]).keys() == set(range(200))


def test_a_thousand_requests_in_one_write_are_each_answered(peer: wire.Peer) -> None:
    peer.send(*(request(n, "test.echo", value=n) for n in range(1000)))
    answers = by_id([peer.receive() for _ in range(1000)])
    assert all(answers[n]["result"] == n for n in range(1000))


def test_a_reader_that_is_slow_hinders_nobody_and_loses_nothing(shared: wire.Daemon, peer: wire.Peer) -> None:
    peer.send(*(request(n, "test.large", size=1_000_000) for n in range(30)))
    with shared.connection() as other:
        assert all(other.ask("test.echo", value=n)["result"] == n for n in range(20))
    answers = by_id([peer.receive() for _ in range(30)])
    assert {len(answers[n]["result"]) for n in range(30)} == {1_000_000}


def test_a_reader_that_never_reads_is_dropped(place: wire.Ground) -> None:
    daemon = place.daemon(limits={"write_timeout": 0.1})
    with daemon.connection() as peer:
        peer.send(request(1, "test.large", size=10_000_000), request(2, "test.wait", name="x"))
        # Its other requests end with it.
        eventually(lambda: daemon.counts()["cancelled"] == 1)
        with pytest.raises(json.JSONDecodeError):
            peer.rest()


# Coming and going


def test_what_a_lost_client_asked_is_given_up(place: wire.Ground) -> None:
    daemon = place.daemon()
    with daemon.connection() as peer:
        peer.send(request(1, "test.wait"), request(2, "test.wait"))
        eventually(lambda: daemon.counts()["started"] == 2)
    eventually(lambda: daemon.counts()["cancelled"] == 2)
    assert daemon.counts()["finished"] == 0


def test_what_a_lost_client_asked_is_given_up_even_when_nothing_more_is_read(place: wire.Ground) -> None:
    daemon = place.daemon(limits={"outstanding": 2})
    with daemon.connection() as peer:
        peer.send(*(request(n, "test.wait") for n in range(10)))
        eventually(lambda: daemon.counts()["started"] == 2)
    eventually(lambda: daemon.counts()["cancelled"] == 2)


def test_a_client_that_only_finished_sending_gets_its_answers(shared: wire.Daemon, peer: wire.Peer) -> None:
    peer.send(request(1, "test.wait", name="late"), request(2, "test.echo"))
    peer.socket.shutdown(socket.SHUT_WR)
    assert peer.receive()["id"] == 2
    with shared.connection() as other:
        other.ask("test.release", name="late")
    assert [answer["id"] for answer in peer.rest()] == [1]


def test_a_notification_outlives_its_connection_and_has_no_answer(place: wire.Ground) -> None:
    daemon = place.daemon()
    with daemon.connection() as peer:
        peer.send(notification("index.notify", paths=["a.py"], wait=True), notification("no.such"))
        assert peer.ask("test.echo", value=1)["result"] == 1
    with daemon.connection() as other:
        other.ask("test.release", name="notify")
    eventually(lambda: daemon.counts()["notified"] == ["a.py"])


def test_a_cancelled_request_is_answered_as_cancelled(place: wire.Ground) -> None:
    daemon = place.daemon()
    with daemon.connection() as peer:
        peer.send(request(1, "test.wait"), request("b", "test.wait"))
        eventually(lambda: daemon.counts()["started"] == 2)
        peer.send(notification("$/cancel", id=1), notification("$/cancel", id="b"))
        answers = by_id([peer.receive(), peer.receive()])
        assert {answers[key]["error"]["code"] for key in (1, "b")} == {-32800}
        # Cancelled before it could begin, already answered, or never asked.
        peer.send(
            request(2, "test.wait"),
            notification("$/cancel", id=2),
            notification("$/cancel", id=1),
            notification("$/cancel", id=99),
            notification("$/cancel", x=99),
        )
        answer = peer.receive()
        assert (answer["id"], answer["error"]["code"]) == (2, -32800)
        assert peer.ask("test.echo", value=1)["result"] == 1


def test_progress_comes_in_order_and_before_the_answer(peer: wire.Peer) -> None:
    peer.send(request("p", "test.count", to=5))
    told = [peer.receive() for _ in range(6)]
    assert [message["params"]["done"] for message in told[:5]] == [1, 2, 3, 4, 5]
    assert told[0] == notification("$/progress", id="p", done=1, total=5, stage="counting")
    assert told[5]["result"] == 5


def test_an_unused_connection_makes_room_for_another(place: wire.Ground) -> None:
    daemon = place.daemon(limits={"connections": 3, "idle": 0.0})
    with daemon.connection() as first, daemon.connection() as second, daemon.connection() as third:
        for peer in (first, second, third):
            peer.ask("test.echo")
        with daemon.connection() as fourth:
            assert fourth.ask("test.echo", value=4)["result"] == 4
        assert first.rest() == []
        assert second.ask("test.echo", value=2)["result"] == 2


def test_when_all_connections_are_in_use_another_is_told_so(place: wire.Ground) -> None:
    daemon = place.daemon(limits={"connections": 2, "idle": 0.0})
    with daemon.connection() as first, daemon.connection() as second:
        first.send(request(1, "test.wait", name="a"))
        assert second.ask("index.subscribe")["result"] is None
        with daemon.connection() as third:
            (answer,) = third.rest()
        assert (answer["id"], answer["error"]["code"]) == (None, -32007)
        second.send(request(2, "test.release", name="a"))
        assert first.receive()["result"] == "a"


def test_fifty_idle_connections_cost_the_others_nothing(shared: wire.Daemon) -> None:
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(shared.connection()) for _ in range(50)]
        assert all(peer.ask("test.echo", value=n)["result"] == n for n, peer in enumerate(peers))


# Subscriptions


def test_every_subscriber_hears_every_change_in_order(place: wire.Ground) -> None:
    daemon = place.daemon()
    with daemon.connection() as first, daemon.connection() as second, daemon.connection() as other:
        for peer in (first, second):
            assert peer.ask("index.subscribe")["result"] is None
        # Twice is once.
        assert first.ask("index.subscribe")["result"] is None
        other.ask("test.publish", n=10)
        for peer in (first, second):
            heard = [peer.receive() for _ in range(10)]
            assert [(m["method"], m["params"]["n"]) for m in heard] == [("index.changed", n) for n in range(10)]
        assert first.ask("test.echo", value=1)["result"] == 1
        assert daemon.counts()["subscribers"] == 2
    eventually(lambda: daemon.counts()["subscribers"] == 0)


def test_a_subscriber_that_does_not_keep_up_is_dropped_and_told(place: wire.Ground) -> None:
    daemon = place.daemon()
    with daemon.connection() as slow, daemon.connection() as quick, daemon.connection() as other:
        slow.ask("index.subscribe")
        quick.ask("index.subscribe")
        n_published = 0
        while daemon.counts()["subscribers"] == 2:
            other.ask("test.publish", n=10, size=100_000)
            assert [quick.receive()["params"]["n"] for _ in range(10)] == list(range(10))
            n_published += 10
        heard = [slow.receive()]
        while heard[-1]["method"] == "index.changed":
            heard.append(slow.receive())
        assert heard[-1]["method"] == "index.dropped"
        assert len(heard) <= n_published
        # It has missed something, but not the connection.
        assert slow.ask("index.subscribe")["result"] is None
        other.ask("test.publish", n=1)
        assert slow.receive()["method"] == "index.changed"


# The end


def _by_shutdown(daemon: wire.Daemon) -> None:
    with daemon.connection() as peer:
        assert peer.ask("system.shutdown")["result"] == {"pid": daemon.process.pid}


def _by_signal(daemon: wire.Daemon) -> None:
    daemon.process.send_signal(signal.SIGTERM)


@pytest.mark.parametrize("end", [_by_shutdown, _by_signal])
def test_at_its_end_the_daemon_answers_what_is_at_work(place: wire.Ground, end: Callable[[wire.Daemon], None]) -> None:
    daemon = place.daemon(limits={"grace": 0.2})
    with daemon.connection() as peer, daemon.connection() as idle:
        idle.ask("index.subscribe")
        peer.send(request(1, "test.wait"))
        eventually(lambda: daemon.counts()["started"] == 1)
        end(daemon)
        (answer,) = peer.rest()
        assert (answer["id"], answer["error"]["code"]) == (1, -32005)
        assert idle.rest() == []
    assert daemon.process.wait(wire.PATIENCE) == 0
    assert not os.path.exists(daemon.path)


def test_hello_and_methods_introduce_the_daemon(shared: wire.Daemon, peer: wire.Peer) -> None:
    hello = peer.ask("system.hello")["result"]
    assert hello["pid"] == shared.process.pid
    assert hello["project"].endswith("project")
    listed = {item["name"]: item for item in peer.ask("system.methods")["result"]["items"]}
    find = listed["symbols.find"]
    assert find["summary"]
    assert find["params"]["required"] == ["name"]
    assert find["params"]["properties"]["limit"]["default"] == 50


# Anything at all

_MARK = b'{"id":"mark","method":"test.echo"}'
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
_REQUESTS = st.fixed_dictionaries(
    {
        "id": st.integers(),
        "method": st.sampled_from(["test.echo", "test.count", "no.such", "symbols.at", "test.fail"]),
    },
    optional={"params": _JSON, "jsonrpc": st.sampled_from(["2.0", "1.0", 2]), "more": _JSON},
)
_OFTEN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _answers_up_to_the_mark(daemon: wire.Daemon, data: bytes) -> list[Any]:
    """Everything that is answered to the data and one good line after it."""
    with daemon.connection() as peer:
        peer.socket.sendall(data + b"\n" + _MARK + b"\n")
        peer.socket.shutdown(socket.SHUT_WR)
        return peer.rest()


@given(data=st.binary(max_size=300))
@_OFTEN
def test_no_bytes_kill_the_daemon(shared: wire.Daemon, data: bytes) -> None:
    answers = [a for a in _answers_up_to_the_mark(shared, data) if "method" not in a]
    assert [a["id"] for a in answers].count("mark") == 1
    # One answer a line that says something, and nothing else.
    assert len(answers) == sum(bool(line.strip()) for line in data.split(b"\n")) + 1


@given(value=_JSON)
@_OFTEN
def test_no_json_kills_the_daemon(shared: wire.Daemon, value: Any) -> None:
    answers = _answers_up_to_the_mark(shared, json.dumps(value).encode())
    assert [a["id"] for a in answers].count("mark") == 1


@given(requests=st.lists(_REQUESTS, max_size=8, unique_by=lambda r: r["id"]), cancelled=st.booleans())
@_OFTEN
def test_every_request_is_answered_exactly_once(shared: wire.Daemon, requests: list[dict[str, Any]], cancelled: bool) -> None:
    lines: list[Any] = []
    for asked in requests:
        lines.append(asked)
        if cancelled:
            lines.append(notification("$/cancel", id=asked["id"]))
    data = b"\n".join(json.dumps(line).encode() for line in lines)
    answers = [a for a in _answers_up_to_the_mark(shared, data) if "method" not in a]
    assert by_id(answers).keys() == {"mark", *(asked["id"] for asked in requests)}
