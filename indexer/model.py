"""The words of this program as values: kinds, roles, evidence, and the rows that layers exchange.

Nothing here does input or output. Lines count from 1; columns are 0-based UTF-8 byte offsets; `end_column` is exclusive.
"""

from __future__ import annotations

import enum
import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Final

#: The 14 values of code_symbols.type, by the finer kind that the extraction rules speak of.
TYPE_OF_KIND: Final[dict[str, str]] = {
    "function": "function",
    "macro": "function",
    "class": "class",
    "struct": "class",
    "union": "class",
    "record": "class",
    "object": "class",
    "interface": "interface",
    "trait": "interface",
    "protocol": "interface",
    "method": "method",
    "constructor": "method",
    "property": "property",
    "accessor": "property",
    "field": "property",
    "variable": "variable",
    "constant": "constant",
    "enum_member": "constant",
    "enum": "enum",
    "type": "type",
    "typedef": "type",
    "namespace": "namespace",
    "import": "import",
    "export": "export",
    "module": "module",
    "package": "package",
    "table": "class",
    "view": "class",
    "heading": "namespace",
    "stage": "namespace",
    "element": "constant",
    "selector": "constant",
}


class Role(enum.IntEnum):
    """What a site does with its target; a site has the first one that fits. Stored by value."""

    decorates = 0
    calls = 1
    extends = 2
    implements = 3
    imports = 4
    uses = 5
    references = 6


class Evidence(enum.IntEnum):
    """Why a site is said to mean its target: a closed vocabulary. Stored by value, exported by name."""

    unresolved = 0
    #: Bound in an enclosing scope of the same file.
    scope = 1
    #: Through an import, re-exports included.
    import_ = 2
    #: An attribute of a module that is named in full.
    module = 3
    #: A member of the receiver's own class (self, cls, this).
    self_ = 4
    #: A member found in a base class of the receiver.
    inheritance = 5
    #: A member of a type that was inferred from an annotation or declaration.
    type = 6
    #: A member of a type that was inferred from a value (constructor, return, assignment).
    inferred = 7
    #: One of several definitions behind a base type.
    override = 8
    #: The only definition of that name in the project.
    unique_name = 9
    #: A compiler's index that was imported.
    scip = 10
    #: Resolved to something outside the project; the site has no target.
    external = 11

    @property
    def label(self) -> str:
        """The name as exported: no trailing underscore, words joined by a hyphen."""
        return self.name.rstrip("_").replace("_", "-")


#: The values of symbol_relationships.relationship_type that are stored; the inverse ones are a view.
RELATIONSHIP_TYPES: Final = (*(role.name for role in Role), "overrides")


@dataclass(frozen=True, slots=True)
class Generation:
    """A state of a project's index: `number` grows by one a commit, `epoch` changes with each database recovery."""

    epoch: int
    number: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Sites by what they mean: a symbol of the project, something outside, nothing that is understood."""

    resolved: int = 0
    external: int = 0
    unresolved: int = 0

    def __add__(self, more: Coverage) -> Coverage:
        return Coverage(self.resolved + more.resolved, self.external + more.external, self.unresolved + more.unresolved)


@dataclass(frozen=True, slots=True)
class Project:
    """One indexed tree; `id` is a UUIDv5 of its canonical root."""

    id: uuid.UUID
    root: str
    name: str
    generation: Generation


@dataclass(frozen=True, slots=True)
class Signature:
    """What tells whether a file on disk is the one that was read."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of `files`: one source file as it was last read.

    `path` is relative to the project's root, with '/' between its parts; bytes that are not UTF-8 stand as surrogate escapes
    nowhere: such names are stored percent-encoded. `problem` says in a sentence why facts are missing or partial. `flags` hold
    'generated', 'test', 'vendored', 'minified'. `provides` and `reads` are sorted uint64 arrays (little-endian) that drive
    incremental resolution; the store treats them, `sites` and `imports` as opaque bytes.
    """

    id: uuid.UUID
    path: str
    language: str | None
    signature: Signature
    content_hash: bytes
    extractor_version: str
    problem: str | None = None
    flags: tuple[str, ...] = ()
    n_lines: int = 0


@dataclass(frozen=True, slots=True)
class Symbol:
    """A row of `code_symbols`, without the project.

    `line`/`column` are those of the name; `start_line`…`end_column` is the whole definition. `ordinal` counts equal
    (path, qualified name, kind) in source order from 0.
    """

    id: uuid.UUID
    file_id: uuid.UUID
    path: str
    name: str
    qualified_name: str
    kind: str
    language: str
    line: int
    column: int
    start_line: int
    start_column: int
    end_line: int
    end_column: int
    container_id: uuid.UUID | None = None
    ordinal: int = 0
    signature: str | None = None
    documentation: str | None = None
    visibility: str | None = None
    definition: str | None = None
    context_before: str | None = None
    context_after: str | None = None
    is_exported: bool = False
    is_async: bool = False
    is_generator: bool = False
    is_abstract: bool = False
    is_static: bool = False
    metadata: dict[str, object] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """One of the 14 types of code_symbols.type."""
        return TYPE_OF_KIND[self.kind]


#: Namespace of all project ids.
_PROJECTS: Final = uuid.UUID("8f0c6a5e-6f5c-5d0e-9b64-2f4d3b1c7a90")


def project_id(root: str) -> uuid.UUID:
    """The id of the project at a canonical root path."""
    return uuid.uuid5(_PROJECTS, root)


def file_id(project: uuid.UUID, path: str) -> uuid.UUID:
    """The id of a file by its path in the project."""
    return uuid.UUID(bytes=uuid5_bytes(project.bytes, path))


def symbol_id(project: uuid.UUID, path: str, qualified_name: str, kind: str, ordinal: int) -> uuid.UUID:
    """The id of a symbol; the same after every indexing of the same source."""
    return uuid.UUID(bytes=uuid5_bytes(project.bytes, symbol_key(path, qualified_name, kind, ordinal)))


def symbol_key(path: str, qualified_name: str, kind: str, ordinal: int) -> str:
    """What a symbol's id is made of, besides the project."""
    return f"{path}\0{qualified_name}\0{kind}\0{ordinal}"


def uuid5_bytes(namespace: bytes, name: str) -> bytes:
    """A version 5 UUID (RFC 9562) as 16 bytes; uuid.uuid5 takes four times as long."""
    digest = bytearray(hashlib.sha1(namespace + name.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return bytes(digest)
