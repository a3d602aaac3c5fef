"""The table of languages: for each a real project, and the truth that the language's own parser makes of it.

Every tool comes to the cache by its registry's ordinary client (npm, pip, Debian's packages unpacked
there); a compiler that the machine has is used as it is. Python is judged by `python_truth`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import projects, truth
from .facts import files_of
from .truth import Truth

_TYPESCRIPT_SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_GO = ("golang-1.19-go", "golang-1.19-src")


@dataclass(frozen=True)
class Language:
    """A language, where its project comes from, and who tells the truth about it."""

    name: str
    tree: Callable[[Path], Path]
    truth: Callable[[Path, Path], Truth]


def typescript(root: Path, cache: Path) -> Truth:
    """TypeScript and JavaScript by the TypeScript compiler's parser."""
    library = projects.npm_package(projects.TYPESCRIPT, cache)
    maker = truth.MAKERS / "typescript.cjs"
    command = ["node", str(maker), str(library), str(root)]
    return truth.made_by(command, maker, files_of(root, _TYPESCRIPT_SUFFIXES), cache)


def go(root: Path, cache: Path) -> Truth:
    """Go's standard library by go/parser and go/types, which read it as the library that they link to."""
    toolchain = projects.debian_tree(_GO, cache) / "usr/lib/go-1.19"
    around = {
        "GOCACHE": str(cache / "go"),
        "GO111MODULE": "off",
        "CGO_ENABLED": "0",
        "PATH": os.environ["PATH"],
    }
    maker, program = truth.MAKERS / "golang.go", cache / "go" / "maker"
    build = [str(toolchain / "bin/go"), "build", "-o", str(program), str(maker)]
    projects.run(build, environment={**around, "GOROOT": str(toolchain)})
    library = root.parent
    paths = [path for path in files_of(root, (".go",)) if not path.startswith("vendor/")]
    command = [str(program), str(root)]
    return truth.made_by(command, maker, paths, cache, {**around, "GOROOT": str(library)})


def _go_library(cache: Path) -> Path:
    """The standard library without the commands and the test data (which is not meant to be valid)."""
    toolchain = projects.debian_tree(_GO, cache)
    library = cache / "trees" / "go-1.19"
    if not library.exists():
        partial = library.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        ignored = shutil.ignore_patterns("cmd", "testdata")
        shutil.copytree(toolchain / "usr/share/go-1.19/src", partial / "src", ignore=ignored)
        shutil.copy(toolchain / "usr/lib/go-1.19/VERSION", partial)
        (partial / "pkg").symlink_to(toolchain / "usr/lib/go-1.19/pkg")
        partial.rename(library)
    return library / "src"


def java(root: Path, cache: Path) -> Truth:
    """A part of Java's standard library by javac, as that module's source."""
    maker = truth.MAKERS / "Java.java"
    opened = ["--add-exports", "jdk.compiler/com.sun.tools.javac.tree=ALL-UNNAMED"]
    command = ["java", *opened, str(maker), str(root), "java.base"]
    return truth.made_by(command, maker, files_of(root, (".java",)), cache)


def _java_library(cache: Path) -> Path:
    archive = projects.debian_tree(["openjdk-17-source"], cache) / "usr/lib/jvm/openjdk-17/lib/src.zip"
    return projects.part_of_zip(archive, "java.base/java/", cache / "trees" / "openjdk-17")


LANGUAGES = (
    Language("typescript", lambda cache: projects.npm_tree("zod@4.6.7", "src", cache), typescript),
    Language("tsx", lambda cache: projects.npm_tree("ra-ui-materialui@5.15.4", "src", cache), typescript),
    Language("javascript", lambda cache: projects.npm_tree("eslint@9.39.5", "lib", cache), typescript),
    Language("go", _go_library, go),
    Language("java", _java_library, java),
)
