"""Brings what is measured to the cache folder: projects from package registries, and tools that judge them.

Nothing is written outside the cache. What is already there is taken as it is, so a second run needs no
network; to measure afresh, delete the folder. Sources that no registry carries are named by the caller.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .facts import SKIPPED_FOLDERS

SCIP_PYTHON = "@sourcegraph/scip-python@0.6.6"
SCIP_TYPESCRIPT = "@sourcegraph/scip-typescript@0.4.0"
TYPESCRIPT = "typescript@5.9.3"


@dataclass(frozen=True)
class Release:
    """A source distribution and the packages that its files import, at exact versions."""

    name: str
    version: str
    needs: tuple[str, ...] = ()


DJANGO = Release("Django", "5.2")
SCIP_PROJECTS = (
    Release("requests", "2.34.2", ("urllib3", "idna", "certifi", "charset-normalizer", "pytest")),
    Release("flask", "3.1.3", ("werkzeug", "jinja2", "click", "itsdangerous", "blinker", "markupsafe", "pytest")),
    Release("attrs", "26.1.0", ("hypothesis", "pytest", "cloudpickle")),
)


def default_cache() -> Path:
    """Where sources and tools are kept unless the caller says otherwise: a folder of the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "indexer-accuracy")


def source_tree(release: Release, cache: Path) -> Path:
    """The unpacked source distribution of a release."""
    folder = cache / "sources" / f"{release.name}-{release.version}"
    if not folder.exists():
        downloads = cache / "downloads"
        _pip("download", "--no-deps", "--no-binary", ":all:", "-d", str(downloads), _pin(release))
        archive = next(p for p in downloads.iterdir() if p.name.lower() == f"{release.name.lower()}-{release.version}.tar.gz")
        _unpack(archive, folder)
    return folder


def flat_tree(release: Release, cache: Path) -> Path:
    """A copy with what is below `src/` at its top and no project file: one import root, so names agree."""
    folder, source = cache / "trees" / f"{release.name}-{release.version}", source_tree(release, cache)
    if not folder.exists():
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        ignored = shutil.ignore_patterns(*SKIPPED_FOLDERS, "src", "pyproject.toml", "setup.cfg", "*.egg-info")
        shutil.copytree(source, partial, ignore=ignored)
        if (source / "src").is_dir():
            shutil.copytree(source / "src", partial, ignore=shutil.ignore_patterns("*.egg-info"), dirs_exist_ok=True)
        partial.rename(folder)
    return folder


def typescript_tree(given: Path, cache: Path) -> Path:
    """A copy of a tree that the caller has, without its history and installed packages, as one TypeScript project.

    The indexer describes only the files that a project lists, so the copy's tsconfig.json lists them all, on top of
    the tree's own.
    """
    folder = cache / "trees" / given.resolve().name
    if not folder.exists():
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(given, partial, ignore=shutil.ignore_patterns(*SKIPPED_FOLDERS), symlinks=True)
        (partial / "tsconfig.json").rename(partial / "tsconfig.own.json")
        options = {"allowJs": True, "noEmit": True, "module": "esnext", "moduleResolution": "bundler"}
        whole = {
            "extends": "./tsconfig.own.json",
            "compilerOptions": options,
            "files": [],
            "include": ["**/*"],
        }
        (partial / "tsconfig.json").write_text(json.dumps(whole, indent=2))
        partial.rename(folder)
    return folder


def scip_python(release: Release, cache: Path) -> Path:
    """The SCIP index of a release's flat tree, made in an environment with its imports but not itself."""
    index = cache / "scip" / f"{release.name}-{release.version}.scip"
    if not index.exists():
        environment = environment_of(f"{release.name}-{release.version}", release.needs, cache)
        command = [str(npm_tool("scip-python", SCIP_PYTHON, cache)), "index", ".", "--quiet"]
        named = ["--project-name", "measured", "--project-version", "0"]
        _run_into(index, [*command, *named], flat_tree(release, cache), environment / "bin")
    return index


def scip_typescript(tree: Path, cache: Path) -> Path:
    """The SCIP index of a TypeScript tree that has a tsconfig.json."""
    index = cache / "scip" / f"{tree.name}.scip"
    if not index.exists():
        _run_into(
            index,
            [str(npm_tool("scip-typescript", SCIP_TYPESCRIPT, cache)), "index", "--no-progress-bar"],
            tree,
        )
    return index


def _run_into(index: Path, command: list[str], tree: Path, first_on_path: Path | None = None) -> None:
    index.parent.mkdir(parents=True, exist_ok=True)
    partial = index.with_suffix(".partial")
    folders = [*([str(first_on_path)] if first_on_path else []), "/usr/local/bin", "/usr/bin", "/bin"]
    environment = {"PATH": ":".join(folders), "HOME": "/nonexistent", "LANG": "C.UTF-8"}
    run([*command, "--output", str(partial)], tree, environment)
    partial.rename(index)


def npm_tool(name: str, package: str, cache: Path) -> Path:
    """An executable of an npm package that is installed in the cache."""
    return _npm_folder(package, cache) / ".bin" / name


def npm_package(package: str, cache: Path) -> Path:
    """The folder of an npm package (`name@version`) that is installed in the cache."""
    return _npm_folder(package, cache) / package.rpartition("@")[0]


def _npm_folder(package: str, cache: Path) -> Path:
    """The node_modules of one package, apart from others', whose dependencies may be at other versions."""
    folder = cache / "npm" / package.replace("/", "-")
    if not folder.exists():
        partial = folder.with_suffix(".partial")
        partial.mkdir(parents=True, exist_ok=True)
        run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(partial), package], cwd=partial)
        partial.rename(folder)
    return folder / "node_modules"


def npm_files(package: str, cache: Path) -> Path:
    """The folder of an npm package's own files, as published, without what it depends on."""
    return npm_tree(package, "", cache)


def npm_tree(package: str, part: str, cache: Path) -> Path:
    """A folder of an npm package's own files, as published."""
    folder = cache / "trees" / package.replace("/", "-").removeprefix("@").replace("@", "-")
    if not folder.exists():
        unpacked = folder.with_suffix(".npm")
        unpacked.mkdir(parents=True, exist_ok=True)
        run(["npm", "pack", "--silent", package], cwd=unpacked)
        (archive,) = unpacked.glob("*.tgz")
        _unpack(archive, unpacked / "whole")
        (unpacked / "whole" / part).rename(folder)
        shutil.rmtree(unpacked)
    return folder


def debian_tree(packages: Sequence[str], cache: Path) -> Path:
    """Debian packages unpacked beside each other in one folder, not installed; their paths begin at that folder."""
    folder = cache / "debian" / packages[0]
    if not folder.exists():
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        run(["apt-get", "download", *packages], cwd=partial)
        for archive in sorted(partial.glob("*.deb")):
            run(["dpkg", "-x", str(archive), str(partial)])
            archive.unlink()
        partial.rename(folder)
    return folder


def part_of_zip(archive: Path, prefix: str, folder: Path) -> Path:
    """The files of a zip archive whose names begin with `prefix`, as they lie below its first folder."""
    if not folder.exists():
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        with zipfile.ZipFile(archive) as members:
            members.extractall(partial, [name for name in members.namelist() if name.startswith(prefix)])
        (partial / prefix.split("/")[0]).rename(folder)
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def python_with(needs: Sequence[str], cache: Path) -> Path:
    """The interpreter of an environment that holds exactly what is named."""
    return environment_of("+".join(needs), needs, cache) / "bin" / "python"


def environment_of(name: str, needs: Sequence[str], cache: Path) -> Path:
    """A virtual environment in the cache, with packages from the registry."""
    folder = cache / "environments" / name
    if not (folder / "complete").exists():
        venv.create(folder, with_pip=True, clear=True)
        run([str(folder / "bin" / "pip"), "install", "-q", *needs])
        (folder / "complete").touch()
    return folder


def _pin(release: Release) -> str:
    return f"{release.name}=={release.version}"


def _pip(*arguments: str) -> None:
    run([sys.executable, "-m", "pip", "-q", *arguments])


def run(command: Sequence[str], cwd: Path | None = None, environment: dict[str, str] | None = None) -> None:
    """Run a tool; what it prints is shown only when it fails, and then nothing more is measured."""
    done = subprocess.run(command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}")


def _unpack(archive: Path, folder: Path) -> None:
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    with tarfile.open(archive) as tar:
        tar.extractall(partial, filter="data")
    (top,) = partial.iterdir()
    top.rename(folder)
    partial.rmdir()
