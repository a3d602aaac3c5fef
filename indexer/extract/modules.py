"""How a file's qualified names begin: its module's name, by the conventions of its language.

Some conventions look at marker files (is `src` a package?). They are looked up once a process; the pipeline starts its processes
anew and stores the files again when a marker changes.
"""

from __future__ import annotations

import functools
import os
from typing import Final

from indexer import languages

#: Files whose coming or going changes module names.
MARKERS: Final = frozenset({"__init__.py", "src/__init__.py"})


def module_name(root: str, path: str, language: str) -> str:
    """The qualified name of the module that the file at `path` (relative to `root`) is; '' for none of its own."""
    convention = languages.load(language).section("names").get("module", "path")
    if convention == "python":
        return _python(root, path)
    return path.rpartition("/")[0] + "/" + path.rpartition("/")[2].partition(".")[0] if "/" in path else path.partition(".")[0]


def _python(root: str, path: str) -> str:
    parts = path.rpartition(".")[0].split("/")
    if "src" in parts[:-1]:
        start = parts.index("src")
        if not _exists(root, "/".join((*parts[: start + 1], "__init__.py"))):
            parts = parts[start + 1 :]
    if parts[-1] == "__init__" and len(parts) > 1:
        del parts[-1]
    return ".".join(parts)


@functools.cache
def _exists(root: str, path: str) -> bool:
    return os.path.exists(f"{root}/{path}")
