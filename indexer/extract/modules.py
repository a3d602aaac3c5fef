"""How a file's qualified names begin: its module's name, by the convention of its language.

The name depends on the path and on an **anchor**: what the files around it say about where names begin (for Python the folder that
its packages are imported from). The anchor is looked up where the tree is known, and handed on, so that all processes agree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from indexer import languages

#: Names of files whose coming or going moves the anchors of the files below their folder.
MARKERS: Final = frozenset({"__init__.py"})


def anchor_of(path: str, exists: Callable[[str], bool]) -> str:
    """The anchor of a file; `exists` tells whether there is a file at a path."""
    language = languages.language_of_path(path)
    if language is not None and _convention(language) == "python":
        return _python_root(path, exists)
    return ""


def module_name(path: str, language: str, anchor: str) -> str:
    """The qualified name of the module that the file at `path` is."""
    if _convention(language) == "python":
        return _python(path, anchor)
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.partition('.')[0] or name}"


def _convention(language: str) -> str:
    return str(languages.load(language).section("names").get("module", "path"))


def _python_root(path: str, exists: Callable[[str], bool]) -> str:
    """The folder named src on the way, if it is no package; else the first folder upwards that is no package."""
    folders = path.split("/")[:-1]
    if "src" in folders:
        source = "/".join(folders[: folders.index("src") + 1])
        if not exists(f"{source}/__init__.py"):
            return source
    folder = "/".join(folders)
    while folder and exists(f"{folder}/__init__.py"):
        folder = folder.rpartition("/")[0]
    return folder


def _python(path: str, root: str) -> str:
    parts = path.removeprefix(f"{root}/" if root else "").split("/")
    parts[-1] = parts[-1].partition(".")[0]
    if parts[-1] == "__init__" and len(parts) > 1:
        del parts[-1]
    return ".".join(parts)
