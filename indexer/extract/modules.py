"""How a file's qualified names begin: its module's name, by the convention of its language.

The name depends on the path and on an **anchor**: what the files around it say about where names begin (for Python the folder that
its packages are imported from). The anchor is looked up where the tree is known, and handed on, so that all processes agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from indexer import languages
from indexer.extract.facts import Facts

#: Names of files whose coming or going moves the anchors of the files below their folder.
MARKERS: Final = frozenset({"__init__.py", "go.mod", "Cargo.toml"})
#: Those of them whose content counts as well.
READ: Final = frozenset({"go.mod"})

Exists = Callable[[str], bool]
Read = Callable[[str], str]

_GO_MODULE = re.compile(r"(?m)^\s*module\s+\"?([^\s\"]+)")


def anchor_of(path: str, exists: Exists, read: Read) -> str:
    """The anchor of a file; `exists` tells whether there is a file at a path, `read` its text."""
    language = languages.language_of_path(path)
    finder = _ANCHORS.get(_convention(language)) if language is not None else None
    return finder(path, exists, read) if finder is not None else ""


def module_name(path: str, language: str, anchor: str) -> str:
    """The qualified name of the module that the file at `path` is."""
    namer = _NAMES.get(_convention(language), _path)
    return namer(path, anchor)


def prefix_of(module: str, facts: Facts) -> str:
    """What the qualified names of a file's symbols begin with: its module's name, or the package that it declares."""
    if languages.load(facts.language).section("names").get("prefix") == "package":
        return facts.package or ""
    return module


def _convention(language: str) -> str:
    return str(languages.load(language).section("names").get("module", "path"))


def _path(path: str, anchor: str) -> str:
    """The path without its extension; that of a declaration file (.d.ts) has two parts."""
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0].removesuffix(".d")
    return f"{folder}{slash}{stem or name}"


def _whole_path(path: str, anchor: str) -> str:
    return path


def folder_of(path: str, marker: str, exists: Exists) -> str | None:
    """The nearest folder upwards that holds a file named `marker`; None where there is none."""
    folder = path.rpartition("/")[0]
    while True:
        if exists(f"{folder}/{marker}" if folder else marker):
            return folder
        if not folder:
            return None
        folder = folder.rpartition("/")[0]


# -- Go: the import path of the package, which begins with what go.mod says -------------------------------------------------


def _go_package(path: str, exists: Exists, read: Read) -> str:
    folder = path.rpartition("/")[0]
    root = folder_of(path, "go.mod", exists)
    if root is None:
        return folder
    found = _GO_MODULE.search(read(f"{root}/go.mod" if root else "go.mod"))
    below = folder[len(root) :].strip("/")
    return "/".join(part for part in (found[1] if found else root, below) if part)


def _anchor_itself(path: str, anchor: str) -> str:
    return anchor


# -- Rust: the modules of a crate, whose files begin in src ------------------------------------------------------------


def _rust_crate(path: str, exists: Exists, read: Read) -> str:
    return folder_of(path, "Cargo.toml", exists) or ""


def _rust(path: str, crate: str) -> str:
    parts = path[len(crate) :].strip("/").removesuffix(".rs").split("/")
    if parts[0] == "src":
        del parts[0]
    if parts[-1] in ("mod", "lib", "main"):
        del parts[-1]
    return "::".join(["crate", *parts])


# -- Python ------------------------------------------------------------------------------------------------------------


def _python_root(path: str, exists: Exists, read: Read) -> str:
    """The folder named src on the way, if it is no package; else the one around the topmost package; else the project's root.

    A folder without __init__.py inside a package is a namespace package of it."""
    folders = path.split("/")[:-1]
    if "src" in folders:
        source = "/".join(folders[: folders.index("src") + 1])
        if not exists(f"{source}/__init__.py"):
            return source
    for depth in range(1, len(folders) + 1):
        if exists("/".join((*folders[:depth], "__init__.py"))):
            return "/".join(folders[: depth - 1])
    return ""


def _python(path: str, root: str) -> str:
    parts = path.removeprefix(f"{root}/" if root else "").split("/")
    parts[-1] = parts[-1].partition(".")[0]
    if parts[-1] == "__init__" and len(parts) > 1:
        del parts[-1]
    return ".".join(parts)


_ANCHORS: Final[dict[str, Callable[[str, Exists, Read], str]]] = {"python": _python_root, "go": _go_package, "rust": _rust_crate}
_NAMES: Final[dict[str, Callable[[str, str], str]]] = {
    "python": _python, "go": _anchor_itself, "rust": _rust, "whole-path": _whole_path,
}  # fmt: skip
