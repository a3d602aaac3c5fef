"""The wire's words: declarations, parameters, errors, envelope."""

from __future__ import annotations

import contextlib
import json
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import errors, model
from indexer.protocol import answers, failures, messages, methods, registry
from indexer.protocol.methods import graph

_NAMES = [
    *("system.hello", "system.methods", "system.status", "system.shutdown"),
    *("index.sync", "index.notify", "index.subscribe", "index.rescan"),
    *("symbols.find", "symbols.show", "symbols.outline", "symbols.at"),
    *("graph.refs", "graph.callers", "graph.callees", "graph.impact", "graph.path"),
]


def decode(name: str, params: Any) -> Any:
    raw = params if isinstance(params, bytes) else json.dumps(params).encode()
    return methods.decode_params(methods.METHODS[name], msgspec.Raw(raw))


@pytest.mark.parametrize("name", _NAMES)
def test_a_method_is_declared_with_a_summary_and_described_parameters(name: str) -> None:
    method = methods.METHODS[name]
    assert method.summary.endswith(".")
    schema = method.schema()
    assert schema["additionalProperties"] is False
    for field, described in schema["properties"].items():
        assert described.get("description"), field
    assert ("sync" in schema["properties"]) == name.startswith(("symbols.", "graph."))


@pytest.mark.parametrize("name", _NAMES)
def test_every_method_says_which_parameter_it_does_not_know(name: str) -> None:
    with pytest.raises(errors.InvalidRequest, match=f"{name}.*'colour'|{name} needs") as caught:
        decode(name, {"colour": 1})
    assert caught.value.field is not None


@pytest.mark.parametrize(
    ("name", "params", "field", "words"),
    [
        ("symbols.find", {}, "name", "needs the parameter 'name'"),
        ("symbols.find", {"name": ""}, "name", "length >= 1"),
        ("symbols.find", {"name": "f", "limit": -1}, "limit", "expected int >= 0"),
        ("symbols.find", {"name": "f", "limit": 10**40}, "limit", "expected int <="),
        ("symbols.find", {"name": "f", "limit": "9"}, "limit", "expected int, got str"),
        ("symbols.find", {"name": "f", "limt": 9}, "limt", "Did you mean 'limit'?"),
        ("symbols.find", {"name": "f", "x": 9}, "x", "It takes: .*fuzzy"),
        ("symbols.at", {"path": "a.py", "line": 0}, "line", "expected int >= 1"),
        ("graph.refs", {"symbol": "f", "role": "eats"}, "role", "expected one of .*calls"),
        ("graph.refs", {"symbol": "f", "min_confidence": 2}, "min_confidence", "<= 1"),
        ("graph.impact", {"diff": "--output=/etc/passwd"}, "diff", "regex"),
        ("graph.impact", {"diff": "HEAD\n"}, "diff", "regex"),
        ("graph.impact", {}, None, "give either symbol or diff"),
        ("graph.impact", {"symbol": "f", "diff": "HEAD"}, None, "give either symbol or diff"),
        ("index.notify", {"paths": "a.py"}, "paths", "expected array, got str"),
        ("index.notify", {"paths": ["a.py", 7]}, "paths[1]", "expected str, got int"),
        ("index.sync", {"timeout": 0}, "timeout", "> 0"),
        ("system.status", {"x": 1}, "x", "It takes none"),
        ("system.status", [], None, "expected object, got array"),
        ("system.status", None, None, "expected object, got null"),
    ],
)
def test_what_is_wrong_with_parameters_is_said(name: str, params: Any, field: str | None, words: str) -> None:
    with pytest.raises(errors.InvalidRequest, match=words) as caught:
        decode(name, params)
    assert caught.value.field == field


def test_defaults_are_as_documented() -> None:
    find = decode("symbols.find", {"name": "f"})
    assert (find.limit, find.offset, find.sync, find.fuzzy, find.kind) == (50, 0, False, None, None)
    callers = decode("graph.callers", {"symbol": "f", "sync": True, "role": "calls"})
    assert (callers.depth, callers.min_confidence, callers.sync, callers.role) == (1, 0.0, True, "calls")
    notify = decode("index.notify", {"paths": []})
    assert (notify.wait, notify.timeout) == (False, 60.0)


def test_roles_of_the_wire_are_those_of_the_model() -> None:
    assert get_args(graph.RelationshipType) == model.RELATIONSHIP_TYPES


def test_a_method_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):

        @registry.method("system.hello")
        class _Again(registry.Params, frozen=True):
            """Again."""


@given(raw=st.binary(max_size=200))
def test_any_parameters_are_decoded_or_refused(raw: bytes) -> None:
    for name in ("symbols.find", "graph.impact", "index.notify"):
        with contextlib.suppress(errors.InvalidRequest):
            assert isinstance(decode(name, raw), methods.METHODS[name].params)


@given(line=st.binary(max_size=200))
def test_any_line_is_a_request_or_a_rejection(line: bytes) -> None:
    assert isinstance(messages.decode_request(line), messages.Request | messages.Rejection)


_IDS = st.none() | st.text() | st.integers(-(2**63), 2**63)


@given(request_id=_IDS, method=st.text(), value=st.dictionaries(st.text(), st.integers(-(2**53), 2**53)))
def test_what_is_encoded_is_one_line_that_decodes_to_the_same(
    request_id: messages.Id, method: str, value: dict[str, int]
) -> None:
    line = messages.encode_request(request_id, method, value)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    request = messages.decode_request(line)
    assert isinstance(request, messages.Request)
    assert (request.id, request.method, msgspec.json.decode(request.params)) == (request_id, method, value)
    response = messages.decode_response(messages.encode_result(request_id, value))
    assert (response.id, msgspec.json.decode(response.result), response.error) == (request_id, value, None)


def _all_errors(kind: type[errors.IndexerError]) -> list[type[errors.IndexerError]]:
    return [kind, *(found for below in kind.__subclasses__() for found in _all_errors(below))]


@pytest.mark.parametrize("kind", _all_errors(errors.IndexerError))
def test_every_exception_survives_the_wire(kind: type[errors.IndexerError]) -> None:
    line = messages.encode_failure(1, failures.failure_of(kind("So it is.")))
    failure = messages.decode_response(line).error
    assert failure is not None
    raised = failures.error_of(failure)
    assert type(raised) is kind
    assert str(raised) == "So it is."


def test_an_exception_without_a_code_of_its_own_takes_its_base_s() -> None:
    class Narrow(errors.NotFound):
        pass

    assert type(failures.error_of(failures.failure_of(Narrow("gone")))) is errors.NotFound


def test_an_unknown_code_is_still_an_error_of_ours() -> None:
    failure = failures.Failure(-31999, "From a later version.", failures.Details(hint="Update."))
    assert str(failures.error_of(failure)) == "From a later version. Update."


def test_the_envelope_is_as_promised() -> None:
    state = answers.IndexState(41, 2, answers.Coverage(7, 3, 1))
    index = {"generation": 41, "pending": 2, "coverage": {"resolved": 7, "external": 3, "unresolved": 1}}
    answer = answers.Answer(items=[1], total=3, omitted=2, note=None, index=state)
    assert msgspec.to_builtins(answer) == {
        "items": [1],
        "total": 3,
        "omitted": 2,
        "note": None,
        "index": index,
    }
    with_sites = answers.Answer(items=[], total=0, omitted=0, note="why", index=state, sites_total=0)
    assert msgspec.to_builtins(with_sites)["sites_total"] == 0
