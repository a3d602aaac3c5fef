"""Settings from where they stand: one layer over the other, each checked as it is read.

From the weakest to the strongest: the defaults, the tree's own `.indexer.toml`, the user's file, that file's
section of the project (`[projects."/path"]`), the environment. A later layer's value replaces an earlier
one's, except that lists of patterns add up. Whatever is unknown, mistyped, out of bounds or not allowed where
it stands is a ConfigError that names the place and the key.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import tomllib
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from indexer import errors
from indexer.config import roots, settings

#: One layer: table → key → value, all of them checked.
_Layer = dict[str, dict[str, Any]]

_PREFIX: Final = "INDEXER_"
#: Variables that have a short name of their own.
_SHORT_NAMES: Final = {"INDEXER_DSN": ("database", "dsn")}
_MAX_FILE_BYTES: Final = 1 << 20
_TRUTHS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def load(root: Path, environ: Mapping[str, str]) -> settings.Config:
    """All settings of the project at `root` (canonical, see `roots.project_root`).

    ConfigError for anything that is wrong in any layer.
    """
    user, own = _user_layers(root, environ)
    layers = [*_tree_layers(root, user_file(environ)), *user, *own, *_environment(environ)]
    values: dict[str, dict[str, Any]] = {table: {} for table in settings.TABLES}
    for _, layer in layers:
        for table, keys in layer.items():
            _put(values[table], keys)
    tables = {table: kind(**values[table]) for table, kind in settings.TABLES.items()}
    config = settings.Config(root, tuple(source for source, _ in layers), **tables)
    _check_together(config)
    return config


def user_file(environ: Mapping[str, str]) -> Path:
    """Where the user's config lies or would lie: INDEXER_CONFIG, else under the XDG config folder."""
    if chosen := environ.get("INDEXER_CONFIG"):
        return Path(os.path.abspath(os.path.expanduser(chosen)))
    return roots.xdg_folder(environ, "XDG_CONFIG_HOME", "~/.config") / "indexer" / "config.toml"


def _put(values: dict[str, Any], keys: dict[str, Any]) -> None:
    for key, value in keys.items():
        values[key] = (*values.get(key, ()), *value) if isinstance(value, tuple) else value


def _tree_layers(root: Path, user: Path) -> Iterator[tuple[str, _Layer]]:
    path = root / roots.TREE_FILE
    # A link would make us read, and quote in an error, a file outside the tree.
    if path.is_symlink():
        raise errors.ConfigError(f"{path} is a symbolic link; put the settings into a file of the project.")
    document = _read(path)
    if document is None:
        return
    for table, keys in document.items():
        for key in keys if isinstance(keys, dict) else [None]:
            if key not in settings.TREE_KEYS.get(table, ()):
                _refuse_in_tree(path, table, key, user)
    yield str(path), _tables(document, str(path))


def _refuse_in_tree(path: Path, table: str, key: str | None, user: Path) -> None:
    name = table if key is None else f"{table}.{key}"
    allowed = ", ".join(f"{table}.{key}" for table, keys in settings.TREE_KEYS.items() for key in keys)
    raise errors.ConfigError(
        f"{path}: a file inside the project may not set {name}, only {allowed}. "
        f"Everything else belongs into your own config, {user}."
    )


def _user_layers(
    root: Path, environ: Mapping[str, str]
) -> tuple[list[tuple[str, _Layer]], list[tuple[str, _Layer]]]:
    """The user's file for every project, then its section for this one."""
    path = user_file(environ)
    document = _read(path)
    if document is None:
        if environ.get("INDEXER_CONFIG"):
            raise errors.ConfigError(f"INDEXER_CONFIG names {path}, which does not exist.")
        return [], []
    sections = document.pop("projects", {})
    if not isinstance(sections, dict):
        raise errors.ConfigError(f'{path}: write the settings of a project under [projects."/its/folder"].')
    if "project" in document:
        raise errors.ConfigError(
            f"{path}: [project] would name every project alike; "
            f'write it under its project: [projects."{root}".project]'
        )
    own = []
    # All of them are checked, so that a mistake shows before that project is used.
    for name, section in sections.items():
        place = f'{path} [projects."{name}"]'
        folder = os.path.expanduser(name)
        if not os.path.isabs(folder):
            raise errors.ConfigError(f"{place}: name the project's folder by its whole path.")
        layer = _tables(_a_table(section, place), place)
        if os.path.realpath(folder) == str(root):
            own.append((place, layer))
    return [(str(path), _tables(document, str(path)))], own


def _environment(environ: Mapping[str, str]) -> Iterator[tuple[str, _Layer]]:
    for name in sorted(environ):
        if (place := _place_of(name)) is None or environ[name] == "":
            continue
        table, key = place
        kind = _type_of(settings.TABLES[table], key, name)
        value = _from_text(environ[name], kind, name)
        yield name, {table: {key: _checked(value, table, key, name)}}


def _place_of(name: str) -> tuple[str, str] | None:
    """The table and key that a variable sets; None for a variable that is none of ours."""
    if name in _SHORT_NAMES:
        return _SHORT_NAMES[name]
    for table in settings.TABLES:
        prefix = f"{_PREFIX}{table.upper()}_"
        if name.startswith(prefix):
            return table, name.removeprefix(prefix).lower()
    return None


def _from_text(text: str, kind: str, name: str) -> object:
    convert = _CONVERSIONS[kind]
    try:
        return convert(text)
    except (ValueError, KeyError):
        raise errors.ConfigError(f"{name}: {text!r} is not {_TYPES[kind][1]}.") from None


def _read(path: Path) -> dict[str, Any] | None:
    """The file's tables; None when there is no such file."""
    try:
        if not path.exists():
            return None
        with path.open("rb") as file:
            data = file.read(_MAX_FILE_BYTES + 1)
    except OSError as problem:
        raise errors.ConfigError(f"{path} cannot be read: {problem.strerror}.") from problem
    if len(data) > _MAX_FILE_BYTES:
        raise errors.ConfigError(f"{path} is longer than {_MAX_FILE_BYTES} bytes; that is no config.")
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as problem:
        raise errors.ConfigError(f"{path} is not TOML: {problem}.") from problem


def _tables(document: Mapping[str, Any], place: str) -> _Layer:
    layer: _Layer = {}
    for table, keys in document.items():
        if table not in settings.TABLES:
            raise errors.ConfigError(f"{place}: {_unknown('table', table, settings.TABLES)}")
        checked = layer[table] = {}
        for key, value in _a_table(keys, f"{place}: {table}").items():
            checked[key] = _checked(value, table, key, place)
    return layer


def _a_table(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise errors.ConfigError(f"{place} must be a table of settings.")
    return value


def _checked(value: object, table: str, key: str, place: str) -> object:
    """The value as its dataclass wants it; ConfigError when it is not what the setting takes."""
    kind = _type_of(settings.TABLES[table], key, place)
    accepts, description = _TYPES[kind]
    if not accepts(value):
        raise errors.ConfigError(f"{place}: {table}.{key} must be {description}, not {_shown(value)}.")
    if isinstance(value, list):
        return tuple(value)
    value = float(value) if kind == "float" and isinstance(value, int) else value
    bounds = _fields(settings.TABLES[table])[key].metadata.get("bounds", settings.Bounds())
    _check_bounds(value, bounds, f"{place}: {table}.{key}")
    return value


def _check_bounds(value: object, bounds: settings.Bounds, place: str) -> None:
    if bounds.choices and value not in bounds.choices:
        known = ", ".join(repr(choice) for choice in bounds.choices)
        raise errors.ConfigError(f"{place} must be one of {known}, not {_shown(value)}.")
    if bounds.low is None or bounds.high is None or not isinstance(value, int | float):
        return
    if not bounds.low <= value <= bounds.high:
        raise errors.ConfigError(f"{place} must be from {bounds.low:,} to {bounds.high:,}, not {value!r}.")


def _check_together(config: settings.Config) -> None:
    """What no single value can show."""
    database, embedder = config.database, config.embedder
    if database.pool_max and database.pool_min > database.pool_max:
        raise errors.ConfigError("database.pool_min is larger than database.pool_max.")
    if database.dsn and not database.dsn.startswith(("postgresql://", "postgres://")):
        raise errors.ConfigError("database.dsn must look like postgresql://user@host:5432/name.")
    if embedder.base_url and not embedder.base_url.startswith(("https://", "http://")):
        raise errors.ConfigError("embedder.base_url must start with https:// or http://.")
    if config.project.id:
        try:
            uuid.UUID(config.project.id)
        except ValueError:
            raise errors.ConfigError(f"project.id: {config.project.id!r} is not a UUID.") from None


def _type_of(table: type, key: str, place: str) -> str:
    """The annotation of a setting, as written; ConfigError for a key that the table does not have."""
    known = _fields(table)
    if key not in known:
        names = {f"{table.__name__.lower()}.{name}" for name in known}
        name = f"{table.__name__.lower()}.{key}"
        raise errors.ConfigError(f"{place}: {_unknown('setting', name, names)}")
    return str(known[key].type)


def _fields(table: type) -> dict[str, dataclasses.Field[Any]]:
    return {each.name: each for each in dataclasses.fields(table)}


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}."
    return f"there is no {what} {name}; {hint}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_patterns(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and "\0" not in each for each in value)


#: Annotation → what it accepts, and how that is called.
_TYPES: Final[dict[str, tuple[Callable[[object], bool], str]]] = {
    "str": (lambda value: isinstance(value, str), "a string"),
    "int": (_is_whole, "a whole number"),
    "float": (_is_number, "a number"),
    "bool": (lambda value: isinstance(value, bool), "true or false"),
    "tuple[str, ...]": (_is_patterns, "a list of strings"),
}

#: Annotation → its value from a variable's text; patterns are separated by colons, like a search path.
_CONVERSIONS: Final[dict[str, Callable[[str], object]]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": lambda text: _TRUTHS[text.strip().lower()],
    "tuple[str, ...]": lambda text: [each for each in text.split(":") if each],
}
