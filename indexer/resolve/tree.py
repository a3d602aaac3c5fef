"""The project's files as resolution sees them: encoded facts, decoded when looked at, and the paths that exist.

Every question about the tree goes through here, because each is a **read**: the keys of what a file's resolution asked decide
later whether a change can have touched it. A key is a 32-bit CRC; two keys that collide cost a needless re-resolution, never a
missed one. Answers do not depend on what was asked before.
"""

from __future__ import annotations

import functools
from array import array
from collections.abc import Iterable, Iterator
from typing import Any, Final
from zlib import crc32

from indexer import languages
from indexer.extract import facts as f
from indexer.resolve import packages

#: Decoded files kept at a time; a decoded file takes about ten times its encoded size.
MAX_DECODED: Final = 400


def path_key(path: str) -> int:
    """The key of a path's existence; a folder's ends in '/'."""
    return crc32(path.encode("utf-8", "surrogatepass"))


def name_key(path: str, name: str) -> int:
    """The key of what a file says of a name: 'x', 'C.x', 'C<' (its bases), 'f()' (what it gives), '*' (what it exports)."""
    return crc32(name.encode("utf-8", "surrogatepass"), path_key(path) + 1)


def key_in(file: File, name: str) -> int:
    """`name_key` for a file at hand."""
    return crc32(name.encode("utf-8", "surrogatepass"), file.key)


def project_key(name: str) -> int:
    """The key of a name's definitions in the whole project."""
    return crc32(b"?" + name.encode("utf-8", "surrogatepass"))


def full_key(family: str, full: str) -> int:
    """The key of a full name in a family of languages (see `packages`)."""
    return crc32(full.encode("utf-8", "surrogatepass"), crc32(b"." + family.encode()))


def package_key(family: str, package: str) -> int:
    """The key of a package's existence."""
    return full_key(family, package + "./")


def settings_key(name: str) -> int:
    """The key of the project files that give themselves a name (packages of a registry)."""
    return crc32(b"@=" + name.encode("utf-8", "surrogatepass"))


class File:
    """One file's facts, decoded. `prefix` is what its qualified names begin with (its module's name)."""

    __slots__ = (
        "exports", "expressions", "facts", "imports", "key", "language", "members", "path", "strings", "symbols", "variables",
        "wildcards",
    )  # fmt: skip

    def __init__(self, path: str, facts: f.Facts) -> None:
        self.path = path
        #: What the keys of its names are made with.
        self.key = path_key(path) + 1
        self.facts = facts
        self.language = facts.language
        self.strings = facts.strings
        self.symbols = facts.symbols
        self.variables = facts.variables
        self.imports = facts.imports
        self.exports = facts.exports
        self.expressions: array[int] = f.integers(facts.expressions)
        self.members: dict[int, dict[str, int]] = {}
        self.wildcards = [i for i in range(len(facts.imports)) if facts.imports[i].bound in (f.ALL, f.EVERYWHERE)]

    def namespace(self, symbol: int) -> dict[str, int]:
        """The variables of a module's or class's namespace, by name."""
        found = self.members.get(symbol)
        if found is None:
            strings = self.strings
            found = {strings[name]: variable for name, variable in self.symbols[symbol].members.items()}
            self.members[symbol] = found
        return found


class Tree:
    """All files of a project. Mutable: `put` and `remove` between resolutions, never during one."""

    def __init__(self) -> None:
        self._encoded: dict[str, bytes] = {}
        self._folders: dict[str, int] = {}
        self._decoded: dict[str, File] = {}
        self._roots: dict[str, tuple[str, ...]] | None = None
        self._definitions: dict[str, dict[str, int]] = {}
        self._shared: dict[tuple[str, str], dict[str, tuple[int, ...]]] = {}
        self._packages: dict[tuple[str, str], set[str]] = {}
        self._everywhere: dict[str, set[str]] = {}
        self._named: dict[str, set[str]] = {}
        self._by_file_name: dict[str, set[str]] = {}
        self.reads: set[int] = set()

    def __contains__(self, path: str) -> bool:
        return path in self._encoded

    def paths(self) -> Iterator[str]:
        """All files, in no particular order."""
        return iter(self._encoded)

    # -- change --------------------------------------------------------------------------------------------------------

    def put(self, path: str, encoded: bytes) -> None:
        """Adds or replaces a file's facts."""
        if path in self._encoded:
            self._forget_definitions(path)
        else:
            self._roots = None
            self._by_file_name.setdefault(path.rpartition("/")[2], set()).add(path)
            for folder in _folders(path):
                self._folders[folder] = self._folders.get(folder, 0) + 1
        self._encoded[path] = encoded
        self._decoded.pop(path, None)
        self._note_definitions(path, 1)

    def remove(self, path: str) -> None:
        """Forgets a file; no error where it is not there."""
        if path not in self._encoded:
            return
        self._forget_definitions(path)
        del self._encoded[path]
        self._by_file_name[path.rpartition("/")[2]].discard(path)
        self._roots = None
        self._decoded.pop(path, None)
        for folder in _folders(path):
            self._folders[folder] -= 1
            if not self._folders[folder]:
                del self._folders[folder]

    def _forget_definitions(self, path: str) -> None:
        self._note_definitions(path, -1)

    def _note_definitions(self, path: str, change: int) -> None:
        for name, count in definition_names(self.file(path)).items():
            paths = self._definitions.setdefault(name, {})
            paths[path] = paths.get(path, 0) + change * count
            if paths[path] <= 0:
                del paths[path]
                if not paths:
                    del self._definitions[name]
        self._note_shared(path, change)

    def _note_shared(self, path: str, change: int) -> None:
        """Counts a file in or out of the packages and full names that it shares."""
        facts = self.file(path).facts
        if isinstance(name := facts.settings.get("name"), str):
            files = self._named.setdefault(name, set())
            (files.add if change > 0 else files.discard)(path)
        family = packages.rules_of(facts.language).family
        if any(fact.bound == f.EVERYWHERE for fact in facts.imports):
            files = self._everywhere.setdefault(family, set())
            (files.add if change > 0 else files.discard)(path)
        for package in packages.packages(path, facts):
            members = self._packages.setdefault((family, package), set())
            (members.add if change > 0 else members.discard)(path)
            if not members:
                del self._packages[family, package]
        for full, number in packages.shared(path, facts):
            if change > 0:
                found = self._shared.setdefault((family, full), {})
                found[path] = (*found.get(path, ()), number)
            elif (known := self._shared.get((family, full))) is not None:
                known.pop(path, None)
                if not known:
                    del self._shared[family, full]

    # -- questions -----------------------------------------------------------------------------------------------------

    def exists(self, path: str) -> bool:
        """Whether there is such a source file."""
        self.reads.add(path_key(path))
        return path in self._encoded

    def files_named(self, name: str) -> list[str]:
        """The source files of that name in any folder, sorted."""
        self.reads.add(path_key("//" + name))
        return sorted(self._by_file_name.get(name, ()))

    def is_folder(self, folder: str) -> bool:
        """Whether a source file stands below the folder ('' is the project's root)."""
        self.reads.add(path_key(folder + "/"))
        return folder == "" or folder in self._folders

    def import_roots(self, first: str) -> tuple[str, ...]:
        """The folders from which a top-level package or module of that name can be imported, nearest to the root first."""
        self.reads.add(project_key("@" + first))
        return self.roots().get(first, ())

    def roots(self) -> dict[str, tuple[str, ...]]:
        """All of those, by name."""
        if self._roots is None:
            self._roots = _import_roots(self._encoded)
        return self._roots

    def file(self, path: str) -> File:
        """The facts of a file that exists. What is read of them is the caller's to record (`reads`)."""
        found = self._decoded.get(path)
        if found is None:
            if len(self._decoded) >= MAX_DECODED:
                del self._decoded[next(iter(self._decoded))]
            found = self._decoded[path] = File(path, f.decode(self._encoded[path]))
        return found

    def encoded(self, path: str) -> bytes | None:
        """A file's facts as they were put, or None."""
        return self._encoded.get(path)

    def is_package(self, family: str, package: str) -> bool:
        """Whether a file of the family is part of a package, or of one in it."""
        self.reads.add(package_key(family, package))
        return (family, package) in self._packages

    def package_files(self, family: str, package: str) -> list[str]:
        """The files of a package, sorted."""
        self.reads.add(package_key(family, package))
        return sorted(self._packages.get((family, package), ()))

    def named(self, family: str, full: str) -> dict[str, tuple[int, ...]]:
        """The symbols of a full name, by path."""
        self.reads.add(full_key(family, full))
        return self._shared.get((family, full), {})

    def importing_everywhere(self, family: str) -> list[str]:
        """The files that import names for others too, sorted."""
        self.reads.add(full_key(family, f.EVERYWHERE))
        return sorted(self._everywhere.get(family, ()))

    def settings(self, path: str) -> dict[str, Any] | None:
        """What a settings file says; None where there is no such file."""
        if not self.exists(path):
            return None
        self.reads.add(name_key(path, "=settings"))
        return self.file(path).facts.settings

    def settings_named(self, name: str) -> list[str]:
        """The settings files that give themselves that name, sorted."""
        self.reads.add(settings_key(name))
        return sorted(self._named.get(name, ()))

    def sole_definition(self, name: str) -> tuple[str, int] | None:
        """The path and symbol of the project's only function of that name; None where there are none or several."""
        self.reads.add(project_key(name))
        paths = self._definitions.get(name)
        if paths is None or len(paths) != 1:
            return None
        ((path, count),) = paths.items()
        if count != 1:
            return None
        file = self.file(path)
        return next(((path, i) for i, s in enumerate(file.symbols) if is_guessable(s) and file.strings[s.name] == name), None)


GUESSABLE: Final = frozenset({"function", "method"})


def is_guessable(symbol: f.SymbolFact) -> bool:
    """Whether a symbol may be guessed by its name alone."""
    return symbol.kind in GUESSABLE


def definition_names(file: File) -> dict[str, int]:
    """How many functions and methods of each name a file defines."""
    counts: dict[str, int] = {}
    for symbol in file.symbols:
        if symbol.kind in GUESSABLE:
            name = file.strings[symbol.name]
            counts[name] = counts.get(name, 0) + 1
    return counts


def _import_roots(paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    packages = {path.rpartition("/")[0] for path in paths if path.rpartition("/")[2] in ("__init__.py", "__init__.pyi")}
    roots: dict[str, set[str]] = {}
    for path in paths:
        if not path.endswith((".py", ".pyi")):
            continue
        folder, _, name = path.rpartition("/")
        top = name.rpartition(".")[0]
        while folder and folder in packages:
            folder, _, top = folder.rpartition("/")
        roots.setdefault(top, set()).add(folder)
    return {top: tuple(sorted(folders, key=lambda folder: (folder.count("/"), folder))) for top, folders in roots.items()}


def _folders(path: str) -> Iterable[str]:
    slash = path.rfind("/")
    while slash > 0:
        yield path[:slash]
        slash = path.rfind("/", 0, slash)


@functools.cache
def builtins_of(language: str) -> frozenset[str]:
    """Names that mean something in every file of a language."""
    return frozenset(languages.load(language).section("builtins").get("names", "").split())
