"""The settings: the only reader of TOML and of the environment.

Later ones win: the defaults here, the user's config file, its `[projects."ROOT"]` table for the project, the environment. A config
file inside the tree (`.indexer.toml`) may set only what `TREE_SETTINGS` lists: a clone must not choose a database, an embedder or an
identity for its reader. An unknown key is an error that names the nearest known one.

`config.example.toml` lists every setting with its default and reason.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import tomllib
import types
import typing
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from indexer import errors

TREE_FILE: Final = ".indexer.toml"
#: What a config file inside the tree may set.
TREE_SETTINGS: Final = frozenset({"index.include", "index.exclude", "index.max_file_bytes", "index.max_files"})
#: Environment variable → setting.
ENVIRONMENT: Final[Mapping[str, str]] = {
    "INDEXER_DSN": "database.dsn",
    "INDEXER_HOME": "database.home",
    "INDEXER_WORKERS": "index.workers",
    "INDEXER_EMBEDDER": "embedder.kind",
    "INDEXER_LOG_LEVEL": "daemon.log_level",
}


@dataclass(frozen=True, slots=True)
class Database:
    """Where the index and the memories live."""

    #: A PostgreSQL ≥ 16 with pgvector; empty means the embedded server.
    dsn: str = ""
    #: The embedded server's folder; empty means the user's data folder.
    home: str = ""
    #: The pool for a DSN; the embedded server gets 1 to 5.
    pool_min: int = 5
    pool_max: int = 20
    idle_s: float = 30.0
    connect_s: float = 2.0
    statement_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Index:
    """Which files are indexed, and what that may take."""

    #: Patterns as in .gitignore: `include` brings back what ignore rules leave out, `exclude` leaves out more.
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    #: A larger file is listed with its problem and not parsed.
    max_file_bytes: int = 1 << 20
    #: A tree with more files is indexed up to here, and says so.
    max_files: int = 200_000
    #: Parsing processes; 0 is one a core, at most 8.
    workers: int = 0
    worker_memory_mb: int = 1024
    #: A file that takes longer is left pending and tried again.
    parse_timeout_s: float = 20.0
    #: Extracted facts that are kept for content that is not checked out, in the database.
    cache_mb: int = 512


@dataclass(frozen=True, slots=True)
class Embedder:
    """What makes vectors of texts."""

    kind: Literal["local", "openai", "none"] = "local"
    model: str = ""
    #: 0 is the model's own.
    dimensions: int = 0
    base_url: str = ""
    #: The environment variable that holds the key; without a name no key is read.
    api_key_env: str = ""
    #: Tokens that may be sent in a day; 0 is no limit.
    budget: int = 0


@dataclass(frozen=True, slots=True)
class Daemon:
    """The background process."""

    #: Seconds without a request or a change after which it ends; 0 is never.
    idle_exit_s: float = 0.0
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    #: The log is rotated at this size; two files are kept.
    log_bytes: int = 5_000_000


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """What the project is called; empty means its folder's name, and an id made of its path."""

    name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one project. `root` is canonical; `notes` are sentences about settings that were refused."""

    root: str
    database: Database = field(default_factory=Database)
    index: Index = field(default_factory=Index)
    embedder: Embedder = field(default_factory=Embedder)
    daemon: Daemon = field(default_factory=Daemon)
    project: ProjectSettings = field(default_factory=ProjectSettings)
    notes: tuple[str, ...] = ()

    @property
    def n_workers(self) -> int:
        """Parsing processes."""
        return self.index.workers or min(os.cpu_count() or 1, 8)


SECTIONS: Final[Mapping[str, type[Any]]] = {
    "database": Database,
    "index": Index,
    "embedder": Embedder,
    "daemon": Daemon,
    "project": ProjectSettings,
}


def load(root: str, environ: Mapping[str, str] = os.environ) -> Config:
    """The settings of the project at `root`; ConfigError names the file and key that is wrong."""
    root = os.path.realpath(root)
    values: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    notes: list[str] = []
    _merge_tree_file(Path(root) / TREE_FILE, values, notes)
    user_file = user_path(environ)
    user = _read(user_file)
    projects = user.pop("projects", {})
    if not isinstance(projects, dict):
        raise errors.ConfigError(f'{user_file}: projects must be tables, such as [projects."{root}"]')
    _merge(user, values, str(user_file))
    own = projects.get(root, {})
    _merge(own, values, f'{user_file} [projects."{root}"]')
    _merge_environment(environ, values)
    try:
        made = {section: kind(**values[section]) for section, kind in SECTIONS.items()}
    except TypeError as exc:
        raise errors.ConfigError(str(exc)) from exc
    config = Config(root, notes=tuple(notes), **made)
    _check(config)
    return config


def user_path(environ: Mapping[str, str] = os.environ) -> Path:
    """The user's config file, which need not exist."""
    if named := environ.get("INDEXER_CONFIG"):
        return Path(named)
    base = environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    return Path(base) / "indexer" / "config.toml"


def find_root(start: str, environ: Mapping[str, str] = os.environ) -> str:
    """The project that a folder or file belongs to: the nearest ancestor that the user's config names, that has a config file
    or `.git`, else the folder itself. NotFound where nothing is there."""
    start = os.path.realpath(start)
    if not os.path.exists(start):
        raise errors.NotFound(f"There is no folder {start}.")
    folder = start if os.path.isdir(start) else os.path.dirname(start)
    registered = _read(user_path(environ)).get("projects", {})
    here = folder
    while True:
        if here in registered or any(os.path.lexists(os.path.join(here, mark)) for mark in (TREE_FILE, ".git")):
            return here
        above = os.path.dirname(here)
        if above == here:
            return folder
        here = above


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise errors.ConfigError(f"{path} is not valid TOML: {exc}") from exc
    except OSError as exc:
        raise errors.ConfigError(f"{path} cannot be read: {exc.strerror}. Mend its rights or remove it.") from exc


def _merge_tree_file(path: Path, values: dict[str, dict[str, Any]], notes: list[str]) -> None:
    """What the tree may set; the rest is refused with a note, since a clone's file must not stop its reader."""
    found = _read(path)
    for section, table in found.items():
        if section not in SECTIONS or not isinstance(table, dict):
            raise _unknown(str(path), section, SECTIONS)
        for key, value in table.items():
            if f"{section}.{key}" in TREE_SETTINGS:
                _merge({section: {key: value}}, values, str(path))
            else:
                _check_key(section, key, str(path))
                notes.append(f"{path}: {section}.{key} is not taken from a file inside the tree; set it in your own config")


def _merge(tables: Mapping[str, Any], values: dict[str, dict[str, Any]], where: str) -> None:
    for section, table in tables.items():
        if section not in SECTIONS:
            raise _unknown(where, section, SECTIONS)
        if not isinstance(table, dict):
            raise errors.ConfigError(f"{where}: {section} must be a table: [{section}]")
        for key, value in table.items():
            _check_key(section, key, where)
            values[section][key] = _typed(SECTIONS[section], section, key, value, where)


def _merge_environment(environ: Mapping[str, str], values: dict[str, dict[str, Any]]) -> None:
    for variable, setting in ENVIRONMENT.items():
        if text := environ.get(variable):
            section, key = setting.split(".")
            value: Any = text
            if _type_of(SECTIONS[section], key) is int:
                if not text.isdigit():
                    raise errors.ConfigError(f"{variable} must be a whole number, not {text!r}")
                value = int(text)
            values[section][key] = _typed(SECTIONS[section], section, key, value, variable)


def _check_key(section: str, key: str, where: str) -> None:
    known = [f.name for f in dataclasses.fields(SECTIONS[section])]
    if key not in known:
        raise _unknown(where, f"{section}.{key}", [f"{section}.{name}" for name in known])


def _unknown(where: str, key: str, known: Any) -> errors.ConfigError:
    near = difflib.get_close_matches(key, list(known), 1, 0.5)
    hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(known)}."
    return errors.ConfigError(f"{where}: unknown setting {key}.{hint}")


def _type_of(kind: type[Any], key: str) -> Any:
    return typing.get_type_hints(kind)[key]


def _typed(kind: type[Any], section: str, key: str, value: Any, where: str) -> Any:
    expected = _type_of(kind, key)
    origin = typing.get_origin(expected)
    if origin is tuple and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if origin is Literal and value in typing.get_args(expected):
        return value
    if expected is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if expected in (str, int) and type(value) is expected:
        return value
    raise errors.ConfigError(f"{where}: {section}.{key} must be {_words(expected)}, not {value!r}")


def _words(expected: Any) -> str:
    if typing.get_origin(expected) is Literal:
        return "one of " + ", ".join(typing.get_args(expected))
    if isinstance(expected, types.GenericAlias):
        return "a list of strings"
    return {str: "a string", int: "a whole number", float: "a number"}[expected]


def _check(config: Config) -> None:
    positive = (
        ("index.max_file_bytes", config.index.max_file_bytes),
        ("index.max_files", config.index.max_files),
        ("index.worker_memory_mb", config.index.worker_memory_mb),
        ("index.parse_timeout_s", config.index.parse_timeout_s),
        ("database.pool_max", config.database.pool_max),
        ("database.statement_s", config.database.statement_s),
    )
    for key, value in positive:
        if value <= 0:
            raise errors.ConfigError(f"{key} must be greater than 0, not {value}")
    if config.project.id:
        try:
            uuid.UUID(config.project.id)
        except ValueError as exc:
            raise errors.ConfigError(f"project.id must be a UUID, not {config.project.id!r}") from exc
