"""How a method is declared: one Struct of documented parameters under `@method("noun.verb")`.

    @method("symbols.outline")
    class Outline(Query):
        \"\"\"The symbols of one file, nested as they are written.\"\"\"

        path: Annotated[str, Meta(description="The file, relative to the project's root.")]

That is all: decoding refuses what is missing, mistyped or unknown and names the field, and
`system.methods` lists it with its schema. A module of declarations is imported by `methods/__init__.py`.
"""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar

import msgspec

from indexer import errors
from indexer.protocol import messages

P = TypeVar("P", bound="type[Params]")


class Params(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The parameters of a method, by name."""


class Query(Params, frozen=True, kw_only=True):
    """The parameters of a method that reads the index."""

    sync: Annotated[
        bool,
        msgspec.Meta(description="Wait until every save that finished before this request is seen."),
    ] = False


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the wire; `summary` is the docstring of its parameters."""

    name: str
    params: type[Params]
    summary: str
    #: Answered at once even when the daemon's request slots are all taken.
    is_urgent: bool

    def schema(self) -> dict[str, Any]:
        """The JSON schema of the parameters."""
        return schema_of(self.params)


def schema_of(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON schema of a Struct as one object, with what it refers to beside it."""
    _, components = msgspec.json.schema_components([struct], ref_template="#/$defs/{name}")
    own: dict[str, Any] = components.pop(struct.__name__)
    own.pop("title", None)
    own.pop("description", None)
    for described in own["properties"].values():
        _lift_description(described)
    return {**own, "$defs": components} if components else own


#: Every method, by its name.
METHODS: Final[dict[str, Method]] = {}


def method(name: str, *, is_urgent: bool = False) -> Callable[[P], P]:
    """Declare a method with the decorated Struct as its parameters."""

    def declare(params: P) -> P:
        if name in METHODS:
            raise ValueError(f"the method {name} is declared twice")
        METHODS[name] = Method(name, params, inspect.getdoc(params) or "", is_urgent)
        return params

    return declare


def decode_params(declared: Method, params: msgspec.Raw) -> Params:
    """The parameters as the method's Struct; InvalidRequest names the field that is wrong."""
    try:
        return msgspec.json.decode(params, type=declared.params)
    except messages.MALFORMED as problem:
        raise _invalid(declared, str(problem)) from None


_MISSING: Final = re.compile(r"missing required field `(?P<name>[^`]*)`")
_UNKNOWN: Final = re.compile(r"contains unknown field `(?P<name>.*)`", re.DOTALL)
_PLACE: Final = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)


def _invalid(declared: Method, problem: str) -> errors.InvalidRequest:
    """msgspec's sentence in words of the method: which field, and what may stand there."""
    place = _PLACE.match(problem)
    what, path = (place["what"], (place["path"] or "").lstrip(".")) if place else (problem, "")
    if missing := _MISSING.search(what):
        field = f"{path}.{missing['name']}" if path else missing["name"]
        return errors.InvalidRequest(f"{declared.name} needs the parameter '{field}'.", field)
    if unknown := _UNKNOWN.search(what):
        name = unknown["name"]
        known = [field.encode_name for field in msgspec.structs.fields(declared.params)]
        advice = _advice(name, known) if not path else ""
        return errors.InvalidRequest(f"{declared.name} has no parameter '{name[:100]}'.{advice}", name[:100])
    if what.startswith("Invalid enum value"):
        what = f"expected one of {', '.join(_choices(declared, path))}"
    if not path:
        return errors.InvalidRequest(f"{declared.name}: the parameters are wrong: {_plain(what)}.")
    return errors.InvalidRequest(f"{declared.name}: '{path}' is wrong: {_plain(what)}.", path)


def _advice(name: str, known: list[str]) -> str:
    if near := nearest(name, known):
        return f" Did you mean '{near}'?"
    return f" It takes: {', '.join(known)}." if known else " It takes none."


def _lift_description(described: dict[str, Any]) -> None:
    """Where a parameter may be null, msgspec leaves its description at one of the two branches."""
    for branch in described.get("anyOf", ()):
        if "description" in branch:
            described.setdefault("description", branch.pop("description"))


def _choices(declared: Method, field: str) -> list[str]:
    schema = declared.schema()["properties"].get(field, {})
    return [str(value) for part in (schema, *schema.get("anyOf", ())) for value in part.get("enum", ())]


def _plain(what: str) -> str:
    text = what.replace("`", "")
    return text[:1].lower() + text[1:]


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of the known names that is most like a misspelt one; None when none is."""
    return next(iter(difflib.get_close_matches(name[:100], list(known), 1)), None)
