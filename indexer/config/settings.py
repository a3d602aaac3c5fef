"""Every setting: its name, type, default and bounds. `config.example.toml` explains them to people.

A table of the file is a frozen dataclass here, a key of it a field. The unit stands in the name: `_s` are
seconds, `_mb` are 2^20 bytes, `_bytes` are bytes. Where 0 or '' is a default, its meaning is beside it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeVar

T = TypeVar("T")

#: What a file of the indexed tree itself may set: it comes from whoever wrote the tree.
TREE_KEYS: Final = (
    "index.include",
    "index.exclude",
    "index.max_file_bytes",
    "index.max_files",
    "index.generated",
    "index.parse_timeout_s",
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The numbers that a setting takes, both ends included."""

    low: float
    high: float


def _setting(default: T, low: float, high: float) -> T:
    # dataclasses.field is typed as its default in typeshed, and so is this.
    bounded: T = field(default=default, metadata={"bounds": Bounds(low, high)})
    return bounded


@dataclass(frozen=True, slots=True)
class Database:
    """Which PostgreSQL, and how many connections to it."""

    #: '' is the embedded server. May hold a password, so it is not shown.
    dsn: str = field(default="", repr=False)
    #: The embedded server's folder; '' is the user's data folder.
    home: str = ""
    #: The pool for a DSN; the embedded server gets 1 to 5.
    pool_min: int = _setting(5, 0, 1000)
    pool_max: int = _setting(20, 1, 1000)
    idle_s: float = _setting(30.0, 0.1, 86_400)
    connect_s: float = _setting(2.0, 0.1, 600)
    statement_s: float = _setting(30.0, 0.1, 86_400)


@dataclass(frozen=True, slots=True)
class Index:
    """Which files are read, and what reading one may cost."""

    #: Lines as in a .gitignore at the root: `include` brings back what is ignored, `exclude` leaves out more.
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_file_bytes: int = _setting(1 << 20, 1, 1 << 26)
    max_files: int = _setting(200_000, 1, 10_000_000)
    #: What becomes of files that are generated, minified or vendored.
    generated: Literal["symbols", "skip"] = "symbols"
    parse_timeout_s: float = _setting(20.0, 0.1, 600)
    #: 0 is one a core, at most 8.
    workers: int = _setting(0, 0, 256)
    worker_memory_mb: int = _setting(1024, 64, 1 << 20)
    cache_mb: int = _setting(512, 0, 1 << 20)


@dataclass(frozen=True, slots=True)
class Embedder:
    """What turns text into vectors. Only kind 'openai' sends text anywhere, so only a person chooses it."""

    kind: Literal["local", "openai", "none"] = "local"
    #: '' is the kind's own.
    model: str = ""
    #: 0 is the model's own.
    dimensions: int = _setting(0, 0, 4000)
    timeout_s: float = _setting(60.0, 0.1, 3600)
    #: Texts at once of kind 'local'; 0 is one a core, at most 4.
    threads: int = _setting(0, 0, 64)
    #: Seconds without work after which the process of kind 'local' ends.
    idle_s: float = _setting(300.0, 1, 86_400)
    base_url: str = "https://api.openai.com/v1"
    #: '' sends no key.
    api_key_env: str = ""
    shorten: bool = False
    batch: int = _setting(64, 1, 2048)
    retries: int = _setting(4, 0, 20)
    #: 0 is no limit, in all three.
    requests_per_minute: int = _setting(0, 0, 10**9)
    tokens_per_minute: int = _setting(0, 0, 10**12)
    tokens_per_day: int = _setting(0, 0, 10**12)
    query_prefix: str = ""
    document_prefix: str = ""


@dataclass(frozen=True, slots=True)
class Daemon:
    """How the background process behaves."""

    #: 0 is never.
    idle_exit_s: float = _setting(0.0, 0, 10**9)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_bytes: int = _setting(5_000_000, 4096, 1 << 34)


@dataclass(frozen=True, slots=True)
class Project:
    """How one project is called; stands only in that project's section of the user's file."""

    #: '' is the folder's name.
    name: str = ""
    #: A UUID; '' is one made from the root's path.
    id: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one project, from wherever they come.

    `root` is the project's canonical folder. `sources` are the files and variables that set something, the
    weakest first. `notes` are sentences about settings that were refused.
    """

    root: str
    project: Project = Project()
    database: Database = Database()
    index: Index = Index()
    embedder: Embedder = Embedder()
    daemon: Daemon = Daemon()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def n_workers(self) -> int:
        """The number of processes that read files."""
        return self.index.workers or min(_n_cores(), 8)


#: The tables of a config file.
TABLES: Final[dict[str, type[Any]]] = {
    "project": Project,
    "database": Database,
    "index": Index,
    "embedder": Embedder,
    "daemon": Daemon,
}


def _n_cores() -> int:
    # What this process may use, where the system tells: a container has fewer than its machine.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
