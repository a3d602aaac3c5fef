"""The table of languages: for each a real project, and the truth that the language's own parser makes of it.

Every tool comes to the cache by its registry's ordinary client (npm, Debian's packages unpacked there,
pip); what the machine has already is used as it is. Python is judged by `python_truth`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import projects, truth
from .facts import files_of
from .truth import Truth

_TYPESCRIPT_SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")


@dataclass(frozen=True)
class Language:
    """A language, where its project comes from, and who tells the truth about it."""

    name: str
    tree: Callable[[Path], Path]
    truth: Callable[[Path, Path], Truth]


def typescript(root: Path, cache: Path) -> Truth:
    """TypeScript and JavaScript by the TypeScript compiler's parser."""
    library = projects.npm_package(projects.TYPESCRIPT, cache)
    command = ["node", str(truth.MAKERS / "typescript.cjs"), str(library), str(root)]
    return truth.made_by(command, files_of(root, _TYPESCRIPT_SUFFIXES))


LANGUAGES = (
    Language("typescript", lambda cache: projects.npm_tree("zod@4.6.7", "src", cache), typescript),
    Language("tsx", lambda cache: projects.npm_tree("ra-ui-materialui@5.15.4", "src", cache), typescript),
    Language("javascript", lambda cache: projects.npm_tree("eslint@9.39.5", "lib", cache), typescript),
)
