"""Settings from where they stand: one layer over the other, each checked as it is read.

From the weakest to the strongest: the defaults, the tree's own `.indexer.toml`, the user's file, that file's
section of the project (`[projects."/path"]`), the environment. A later layer's value replaces an earlier
one's, except that lists of patterns add up. Whatever is unknown, mistyped or out of bounds is a ConfigError
that names the place and the key. What a tree may not set is left out with a note: somebody else's file must
not stop its reader.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import tomllib
import typing
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from indexer import errors
from indexer.config import roots, settings

_PREFIX: Final = "INDEXER_"
#: Variables whose setting has a longer name besides.
_SHORT_NAMES: Final = {"INDEXER_DSN": "database.dsn", "INDEXER_HOME": "database.home"}
_MAX_FILE_BYTES: Final = 1 << 20
_TRUTHS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class _Layer:
    """What one source sets, checked: 'table.key' → value."""

    source: str
    values: dict[str, Any]


def load(root: str | os.PathLike[str], environ: Mapping[str, str]) -> settings.Config:
    """All settings of the project at `root`; ConfigError for anything that is wrong in any layer."""
    root = os.path.realpath(root)
    tree, notes = _tree_layer(root, environ)
    layers = [*tree, *_user_layers(root, environ), *_environment(environ)]
    values: dict[str, dict[str, Any]] = {table: {} for table in settings.TABLES}
    for layer in layers:
        for name, value in layer.values.items():
            table, key = name.split(".")
            earlier = values[table].get(key, ())
            values[table][key] = (*earlier, *value) if isinstance(value, tuple) else value
    tables = {table: kind(**values[table]) for table, kind in settings.TABLES.items()}
    config = settings.Config(root, sources=tuple(layer.source for layer in layers), notes=notes, **tables)
    _check_together(config)
    return config


def _tree_layer(root: str, environ: Mapping[str, str]) -> tuple[list[_Layer], tuple[str, ...]]:
    path = Path(root, roots.TREE_FILE)
    # A link would have us read, and quote in an error, a file outside of the tree.
    if path.is_symlink():
        return [], (f"{path} is a symbolic link and was not read.",)
    document = _read(path)
    if document is None:
        return [], ()
    layer = _layer(document, str(path))
    refused = [name for name in layer.values if name not in settings.TREE_KEYS]
    notes = [
        f"{path}: {name} is not taken from a file inside the project; set it in {roots.user_file(environ)}."
        for name in refused
    ]
    kept = {name: value for name, value in layer.values.items() if name not in refused}
    return [_Layer(layer.source, kept)], tuple(notes)


def _user_layers(root: str, environ: Mapping[str, str]) -> Iterator[_Layer]:
    """The user's file for every project, then its section for this one."""
    path = Path(roots.user_file(environ))
    document = _read(path)
    if document is None:
        if environ.get("INDEXER_CONFIG"):
            raise errors.ConfigError(f"INDEXER_CONFIG names {path}, which does not exist.")
        return
    sections = _a_table(document.pop("projects", {}), f"{path}: projects")
    if "project" in document:
        raise errors.ConfigError(
            f"{path}: [project] would name every project alike; write it under its project: "
            f'[projects."{root}".project]'
        )
    yield _layer(document, str(path))
    # All of them are checked, so that a mistake shows before its project is used.
    for name, section in sections.items():
        place = f'{path} [projects."{name}"]'
        layer = _layer(_a_table(section, place), place)
        folder = os.path.expanduser(name)
        if not os.path.isabs(folder):
            raise errors.ConfigError(f"{place}: name the project's folder by its whole path.")
        if os.path.realpath(folder) == root:
            yield layer


def _environment(environ: Mapping[str, str]) -> Iterator[_Layer]:
    for variable in sorted(environ):
        name = _name_of(variable)
        # An empty variable counts as unset, as is the custom.
        if name is not None and environ[variable]:
            value = _from_text(environ[variable], _type_of(name, variable), variable)
            yield _Layer(variable, {name: _checked(value, name, variable)})


def _name_of(variable: str) -> str | None:
    """The setting that a variable sets; None for a variable that is none of ours."""
    if variable in _SHORT_NAMES:
        return _SHORT_NAMES[variable]
    for table in settings.TABLES:
        prefix = f"{_PREFIX}{table.upper()}_"
        if variable.startswith(prefix):
            return f"{table}.{variable.removeprefix(prefix).lower()}"
    return None


def _from_text(text: str, kind: Any, variable: str) -> object:
    try:
        return _CONVERSIONS.get(kind, str)(text)
    except (ValueError, KeyError):
        raise errors.ConfigError(f"{variable}: {text!r} is not {_described(kind)}.") from None


def _read(path: Path) -> dict[str, Any] | None:
    """The file's tables; None when there is no such file."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_FILE_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        raise errors.ConfigError(f"{path} cannot be read: {problem.strerror}.") from problem
    if len(data) > _MAX_FILE_BYTES:
        raise errors.ConfigError(f"{path} is longer than {_MAX_FILE_BYTES:,} bytes; that is no config.")
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as problem:
        raise errors.ConfigError(f"{path} is not valid TOML: {problem}.") from problem


def _layer(document: Mapping[str, Any], place: str) -> _Layer:
    values: dict[str, Any] = {}
    for table, keys in document.items():
        if table not in settings.TABLES:
            raise errors.ConfigError(f"{place}: {_unknown('table', table, settings.TABLES)}")
        for key, value in _a_table(keys, f"{place}: {table}").items():
            values[f"{table}.{key}"] = _checked(value, f"{table}.{key}", place)
    return _Layer(place, values)


def _a_table(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise errors.ConfigError(f"{place} must be a table of settings, not {_shown(value)}.")
    return value


def _checked(value: object, name: str, place: str) -> object:
    """The value as its dataclass wants it; ConfigError when it is not what the setting takes."""
    kind = _type_of(name, place)
    if not _accepts(kind, value):
        raise errors.ConfigError(f"{place}: {name} must be {_described(kind)}, not {_shown(value)}.")
    if isinstance(value, list):
        return tuple(value)
    bounds = _fields()[name].metadata.get("bounds")
    if bounds is not None and isinstance(value, int | float) and not bounds.low <= value <= bounds.high:
        raise errors.ConfigError(
            f"{place}: {name} must be from {bounds.low:,} to {bounds.high:,}, not {_shown(value)}."
        )
    return float(value) if kind is float and isinstance(value, int) else value


def _check_together(config: settings.Config) -> None:
    """What no layer alone can show."""
    database, embedder = config.database, config.embedder
    if database.pool_min > database.pool_max:
        raise errors.ConfigError("database.pool_min is larger than database.pool_max.")
    if database.dsn and not database.dsn.startswith(("postgresql://", "postgres://")):
        raise errors.ConfigError("database.dsn must look like postgresql://user@host:5432/name.")
    if not embedder.base_url.startswith(("https://", "http://")):
        raise errors.ConfigError("embedder.base_url must start with https:// or http://.")
    if config.project.id and not _is_uuid(config.project.id):
        raise errors.ConfigError(f"project.id: {_shown(config.project.id)} is not a UUID.")


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


@cache
def _fields() -> dict[str, dataclasses.Field[Any]]:
    """'table.key' → its field."""
    return {f"{table}.{f.name}": f for table, kind in settings.TABLES.items() for f in dataclasses.fields(kind)}


@cache
def _types() -> dict[str, Any]:
    """'table.key' → its annotation."""
    hints = {table: typing.get_type_hints(kind) for table, kind in settings.TABLES.items()}
    return {f"{table}.{key}": kind for table, keys in hints.items() for key, kind in keys.items()}


def _type_of(name: str, place: str) -> Any:
    known = _types()
    if name not in known:
        raise errors.ConfigError(f"{place}: {_unknown('setting', name, known)}")
    return known[name]


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    """A name alike is offered; failing that, all of the same table."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"there is no {what} {name}; did you mean {near[0]}?"
    table = name.partition(".")[0] + "."
    alike = [each for each in known if each.startswith(table)] or list(known)
    return f"there is no {what} {name}; known are {', '.join(alike)}."


def _accepts(kind: Any, value: object) -> bool:
    if typing.get_origin(kind) is Literal:
        return value in typing.get_args(kind) and isinstance(value, str)
    if typing.get_origin(kind) is tuple:
        return isinstance(value, list) and all(isinstance(each, str) and "\0" not in each for each in value)
    # A truth value is an int to Python, but not to whoever writes a config.
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, int | float if kind is float else kind)


def _described(kind: Any) -> str:
    if typing.get_origin(kind) is Literal:
        return f"one of {', '.join(typing.get_args(kind))}"
    return _NAMES.get(kind, "a list of strings")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


_PATTERNS: Final = tuple[str, ...]
_NAMES: Final = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}
#: Type → its value from a variable's text; patterns are separated by colons, as in a search path.
_CONVERSIONS: Final[dict[Any, Callable[[str], object]]] = {
    int: int,
    float: float,
    bool: lambda text: _TRUTHS[text.strip().lower()],
    _PATTERNS: lambda text: [each for each in text.split(":") if each],
}
