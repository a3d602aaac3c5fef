"""What the module named in an import is: one function a strategy, chosen by `imports.strategy` in language.toml.

A strategy answers with a `Module` (a file), a `Folder` (a package without a file of its own) or None (outside of the tree), and
asks only the tree, so that whatever could change its answer is a recorded read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from indexer.resolve.tree import Tree


class Module(NamedTuple):
    """A source file as a module."""

    path: str


class Folder(NamedTuple):
    """A package that is only a folder."""

    path: str


def find(tree: Tree, strategy: str, module: str, path: str) -> Module | Folder | None:
    """What `module`, as written in the file at `path`, is."""
    return _STRATEGIES[strategy](tree, module, path) if strategy in _STRATEGIES else None


def child(tree: Tree, parent: Module | Folder, name: str) -> Module | Folder | None:
    """The submodule of a package."""
    folder = parent.path if isinstance(parent, Folder) else _package_folder(parent.path)
    return None if folder is None else _python_at(tree, f"{folder}/{name}" if folder else name)


def _package_folder(path: str) -> str | None:
    folder, _, name = path.rpartition("/")
    return folder if name in ("__init__.py", "__init__.pyi") else None


# -- Python ------------------------------------------------------------------------------------------------------------


def python_root(tree: Tree, path: str) -> str:
    """The folder that a Python file is imported from: the first one upwards that is no package itself."""
    folder = path.rpartition("/")[0]
    while folder and (tree.exists(f"{folder}/__init__.py") or tree.exists(f"{folder}/__init__.pyi")):
        folder = folder.rpartition("/")[0]
    return folder


def _python(tree: Tree, module: str, path: str) -> Module | Folder | None:
    if module.startswith("."):
        name = module.lstrip(".")
        folder = path.rpartition("/")[0]
        for _ in range(len(module) - len(name) - 1):
            if not folder:
                return None
            folder = folder.rpartition("/")[0]
        return _python_at(tree, "/".join(part for part in (folder, *name.split(".")) if part))
    relative = module.replace(".", "/")
    first = relative.partition("/")[0]
    fallback: Folder | None = None
    for root in _python_roots(tree, path, first):
        found = _python_at(tree, f"{root}/{relative}" if root else relative)
        if isinstance(found, Module):
            return found
        # A package without __init__.py gives way to a regular one further on.
        fallback = fallback or found
    return fallback


def _python_roots(tree: Tree, path: str, first: str) -> Iterator[str]:
    root = python_root(tree, path)
    seen = set()
    while True:
        yield root
        seen.add(root)
        if not root:
            break
        root = root.rpartition("/")[0]
    yield from (other for other in tree.import_roots(first) if other not in seen)


def _python_at(tree: Tree, base: str) -> Module | Folder | None:
    if not base:
        return Module("__init__.py") if tree.exists("__init__.py") else Folder("")
    for candidate in (f"{base}/__init__.py", f"{base}.py", f"{base}/__init__.pyi", f"{base}.pyi"):
        if tree.exists(candidate):
            return Module(candidate)
    return Folder(base) if tree.is_folder(base) else None


_STRATEGIES = {"python": _python}
