"""What the module named in an import is: one function a strategy, chosen by `imports.strategy` in language.toml.

A strategy answers with a `Module` (a file), a `Folder` (a package without a file of its own), a `Package` (names that files share),
a `Definition` (a type whose members are imported) or None (outside of the tree), and asks only the tree, so that whatever could
change its answer is a recorded read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from indexer.resolve import packages
from indexer.resolve.tree import Tree


class Module(NamedTuple):
    """A source file as a module."""

    path: str


class Folder(NamedTuple):
    """A package that is only a folder."""

    path: str


class Package(NamedTuple):
    """Names that files share (see `packages`)."""

    family: str
    name: str


class Definition(NamedTuple):
    """A type that is imported from like a module."""

    path: str
    symbol: int


Found = Module | Folder | Package | Definition | None


def find(tree: Tree, strategy: str, module: str, path: str) -> Found:
    """What `module`, as written in the file at `path`, is."""
    return _STRATEGIES[strategy](tree, module, path) if strategy in _STRATEGIES else None


def child(tree: Tree, parent: Found, name: str) -> Module | Folder | None:
    """The submodule of a package that consists of modules."""
    if isinstance(parent, Module) and parent.path.endswith(".rs"):
        return _rust_child(tree, parent.path, name)
    if not isinstance(parent, (Module, Folder)):
        return None
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


# -- JavaScript and TypeScript ---------------------------------------------------------------------------------------------

#: What a path without its extension may stand for, the likeliest first.
_EXTENSIONS: Final = (".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs", ".d.mts", ".d.cts")
_JAVASCRIPT: Final = re.compile(r"\.([cm]?)jsx?$")
_BUILT: Final = re.compile(r"^(dist|lib|build|out|esm|cjs|es)/")
_SETTINGS: Final = ("tsconfig.json", "jsconfig.json")
#: tsconfig files extend each other; this many are followed.
_MAX_EXTENDED: Final = 8


def _ecmascript(tree: Tree, module: str, path: str) -> Found:
    folder = path.rpartition("/")[0]
    if module.startswith(("./", "../")) or module in (".", ".."):
        base = _normal(folder, module)
        return None if base is None else _script(tree, base)
    if module.startswith("/"):
        return None
    return _by_paths(tree, module, folder) or _by_package(tree, module, folder)


def _normal(folder: str, relative: str) -> str | None:
    """A relative path from the project's root; None where it leads out of it."""
    parts = folder.split("/") if folder else []
    for part in relative.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)


def _script(tree: Tree, base: str) -> Module | None:
    """The file that a path without its extension, or with that of what is compiled from it, stands for."""
    name = base.rpartition("/")[2]
    if "." in name and tree.exists(base):
        return Module(base)
    if (built := _JAVASCRIPT.search(name)) is not None:
        stem = base[: -len(built[0])]
        for candidate in (f"{stem}.{built[1]}ts", f"{stem}.tsx", f"{stem}.d.{built[1]}ts"):
            if tree.exists(candidate):
                return Module(candidate)
    for extension in _EXTENSIONS:
        if tree.exists(base + extension):
            return Module(base + extension)
    if tree.is_folder(base):
        main = _main_of(tree, base)
        if main is not None:
            return main
        for extension in _EXTENSIONS:
            candidate = f"{base}/index{extension}" if base else f"index{extension}"
            if tree.exists(candidate):
                return Module(candidate)
    return None


def _main_of(tree: Tree, folder: str) -> Module | None:
    settings = tree.settings(f"{folder}/package.json" if folder else "package.json")
    return _exported(tree, folder, settings, "") if settings else None


def _upwards(folder: str) -> Iterator[str]:
    while True:
        yield folder
        if not folder:
            return
        folder = folder.rpartition("/")[0]


def _by_paths(tree: Tree, module: str, folder: str) -> Module | None:
    """By `paths` and `baseUrl` of the nearest tsconfig.json."""
    for around in _upwards(folder):
        for name in _SETTINGS:
            place = f"{around}/{name}" if around else name
            if tree.exists(place):
                return _by_config(tree, module, place)
    return None


def _by_config(tree: Tree, module: str, place: str) -> Module | None:
    for base, paths in _configured(tree, place):
        for pattern, targets in _matching(paths, module):
            prefix, star, suffix = pattern.partition("*")
            middle = module[len(prefix) : len(module) - len(suffix)] if star else ""
            for target in targets:
                found = _normal(base, str(target).replace("*", middle))
                if found is not None and (script := _script(tree, found)) is not None:
                    return script
        if paths is None and (found := _normal(base, module)) is not None and (script := _script(tree, found)) is not None:
            return script
    return None


def _configured(tree: Tree, place: str) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """The folders and `paths` that a tsconfig.json and those that it extends give; `baseUrl` alone comes with None."""
    for _ in range(_MAX_EXTENDED):
        settings = tree.settings(place)
        if settings is None:
            return
        folder = place.rpartition("/")[0]
        options = settings.get("compilerOptions", {})
        base = options.get("baseUrl")
        root = _normal(folder, base) if isinstance(base, str) else folder
        if isinstance(options.get("paths"), dict) and root is not None:
            yield root, options["paths"]
        if isinstance(base, str) and root is not None:
            yield root, None
        extended = settings.get("extends")
        if not isinstance(extended, str) or not extended.startswith("."):
            return
        following = _normal(folder, extended if extended.endswith(".json") else extended + ".json")
        if following is None:
            return
        place = following


def _matching(paths: dict[str, Any] | None, module: str) -> list[tuple[str, list[Any]]]:
    """The patterns that fit a module's name, the most telling first."""
    found = []
    for pattern, targets in (paths or {}).items():
        prefix, star, suffix = pattern.partition("*")
        fits = module.startswith(prefix) and module.endswith(suffix) if star else module == pattern
        if fits and isinstance(targets, list):
            found.append((len(prefix) if star else 1 << 30, pattern, targets))
    found.sort(key=lambda item: (-item[0], item[1]))
    return [(pattern, targets) for _, pattern, targets in found]


def _by_package(tree: Tree, module: str, folder: str) -> Module | None:
    """A package of the same project (a workspace), by the name in its package.json."""
    parts = module.split("/")
    n_own = 2 if module.startswith("@") else 1
    name, below = "/".join(parts[:n_own]), "/".join(parts[n_own:])
    for place in tree.settings_named(name):
        if not place.endswith("package.json"):
            continue
        settings = tree.settings(place)
        root = place.rpartition("/")[0]
        if settings is not None and (found := _exported(tree, root, settings, below)) is not None:
            return found
    return None


def _exported(tree: Tree, root: str, settings: dict[str, Any], below: str) -> Module | None:
    """What a package gives under a path below its name: by `exports`, `main` and the like, else by where sources stand."""
    for target in _targets(settings, below):
        for candidate in (target, _BUILT.sub("src/", target)):
            found = _normal(root, _JAVASCRIPT.sub("", candidate) if candidate != target else candidate)
            if found is not None and (script := _file(tree, found)) is not None:
                return script
    for candidate in (f"src/{below}" if below else "src/index", below or "index"):
        found = _normal(root, candidate)
        if found is not None and (script := _file(tree, found)) is not None:
            return script
    return None


def _file(tree: Tree, base: str) -> Module | None:
    """A script, without asking the folder's own package.json again."""
    if tree.exists(base):
        return Module(base)
    stem = _JAVASCRIPT.sub("", base)
    for candidate in (*(stem + extension for extension in _EXTENSIONS), *(f"{stem}/index{e}" for e in _EXTENSIONS)):
        if tree.exists(candidate):
            return Module(candidate)
    return None


def _targets(settings: dict[str, Any], below: str) -> Iterator[str]:
    exports = settings.get("exports")
    if exports is not None:
        key = f"./{below}" if below else "."
        if isinstance(exports, dict) and any(name.startswith(".") for name in exports):
            for pattern, targets in [(key, exports.get(key)), *exports.items()]:
                prefix, star, suffix = pattern.partition("*")
                if pattern == key:
                    yield from _leaves(targets)
                elif star and key.startswith(prefix) and key.endswith(suffix):
                    middle = key[len(prefix) : len(key) - len(suffix)]
                    yield from (leaf.replace("*", middle) for leaf in _leaves(targets))
        elif not below:
            yield from _leaves(exports)
    if not below:
        for word in ("source", "types", "typings", "module", "main"):
            if isinstance(settings.get(word), str):
                yield settings[word].removeprefix("./")


def _leaves(targets: Any) -> Iterator[str]:
    """The paths in a tree of conditions, in the order in which they are written."""
    if isinstance(targets, str):
        yield targets.removeprefix("./")
    elif isinstance(targets, dict):
        for value in targets.values():
            yield from _leaves(value)
    elif isinstance(targets, list):
        for value in targets:
            yield from _leaves(value)


# -- Go ----------------------------------------------------------------------------------------------------------------


def _go(tree: Tree, module: str, path: str) -> Found:
    """A package is a folder: below the module that a go.mod names, or of a tree without one (GOPATH) at its root."""
    for around in _upwards(path.rpartition("/")[0]):
        settings = tree.settings(f"{around}/go.mod" if around else "go.mod")
        if settings is not None:
            found = _go_folder(tree, around, str(settings.get("name", "")), module)
            if found is not None:
                return found
    parts = module.split("/")
    for n in range(len(parts), 0, -1):
        name = "/".join(parts[:n])
        for place in tree.settings_named(name):
            if place.endswith("go.mod") and (found := _go_folder(tree, place.rpartition("/")[0], name, module)) is not None:
                return found
    return Package("go", module) if tree.is_package("go", module) else None


def _go_folder(tree: Tree, root: str, name: str, module: str) -> Package | None:
    if module != name and not module.startswith(name + "/"):
        return None
    folder = "/".join(part for part in (root, module[len(name) + 1 :]) if part)
    return Package("go", folder) if tree.is_package("go", folder) else None


# -- packages that files declare -------------------------------------------------------------------------------------------


def _package(tree: Tree, module: str, path: str) -> Found:
    """A package, or a type in one: the longest part of the name that is a package, then the type that the next word names."""
    rules = packages.rules_of(tree.file(path).language)
    name = packages.dotted(module).strip(".")
    found = _in_family(tree, rules.family, name, path)
    around = packages.package_of(path, tree.file(path).facts) if rules.nests and found is None else None
    while around and found is None:
        found = _in_family(tree, rules.family, f"{around}.{name}", path)
        around = around.rpartition(".")[0]
    return found


def _in_family(tree: Tree, family: str, name: str, path: str) -> Found:
    if tree.is_package(family, name):
        return Package(family, name)
    entries = tree.named(family, name)
    if entries:
        first = min(entries, key=lambda other: (_distance(path, other), other))
        return Definition(first, entries[first][0])
    return None


def _distance(path: str, other: str) -> int:
    """How many folders lie between two files."""
    own, parts = path.split("/"), other.split("/")
    shared = next((i for i, (a, b) in enumerate(zip(own, parts, strict=False)) if a != b), min(len(own), len(parts)))
    return len(own) + len(parts) - 2 * shared


def _php(tree: Tree, module: str, path: str) -> Found:
    """A file that is included, else what has the name."""
    if not module.endswith((".php", ".inc", ".phtml")):
        return _package(tree, module, path)
    found = _normal(path.rpartition("/")[0], module.lstrip("/"))
    return Module(found) if found is not None and tree.exists(found) else None


# -- C and its family: files that are included ------------------------------------------------------------------------------


def _include(tree: Tree, module: str, path: str) -> Module | Package | None:
    """A header: beside the file that includes it, else the nearest one whose path ends so. A name without a dot may be a namespace."""
    beside = _normal(path.rpartition("/")[0], module)
    if beside is not None and tree.exists(beside):
        return Module(beside)
    wanted = "/" + module.lstrip("./")
    found = [other for other in tree.files_named(module.rpartition("/")[2]) if f"/{other}".endswith(wanted)]
    if found:
        return Module(min(found, key=lambda other: (_distance(path, other), other)))
    family, name = packages.rules_of(tree.file(path).language).family, packages.dotted(module.replace("/", "."))
    return Package(family, name) if "." not in module and tree.is_package(family, name) else None


# -- Lua and shells ----------------------------------------------------------------------------------------------------


def _lua(tree: Tree, module: str, path: str) -> Module | None:
    """The file of a dotted name, below the folder that asks or one around it (or its lua, src or lib)."""
    name = module.replace(".", "/")
    for around in _upwards(path.rpartition("/")[0]):
        for root in ("", "lua", "src", "lib"):
            base = "/".join(part for part in (around, root, name) if part)
            for candidate in (f"{base}.lua", f"{base}/init.lua"):
                if candidate != path and tree.exists(candidate):
                    return Module(candidate)
    return None


#: What stands for a folder in the path of a sourced file: a variable or what a command prints.
_COMPUTED: Final = re.compile(r"^.*(?:\$\w+|\$\{[^}]*\}|\)|`)(?=/)")


def _shell(tree: Tree, module: str, path: str) -> Module | None:
    """A sourced file: beside the one that sources it; where its folder is computed, in one around it as well."""
    # Of a path that begins with a variable, only what follows is given.
    written = f".{module}" if module.startswith("/") else module
    name = _COMPUTED.sub(".", written)
    for folder in _upwards(path.rpartition("/")[0]):
        found = _normal(folder, name)
        if found is not None and found != path and tree.exists(found):
            return Module(found)
        if name == module:
            return None
    return None


# -- Rust: files are modules; each lies in the folder of the one that declares it --------------------------------------------

#: Files whose submodules lie beside them.
_RUST_OWNERS: Final = ("mod", "lib", "main")


def _rust(tree: Tree, word: str, path: str) -> Module | None:
    """What the first word of a path means where it is no name of the file: a module of the crate, or another crate."""
    match word:
        case "self" | "mod":
            return Module(path)
        case "super":
            return _rust_parent(tree, path)
        case "crate":
            root = Module(path)
            while (parent := _rust_parent(tree, root.path)) is not None:
                root = parent
            return root
        case _:
            return _rust_crate(tree, word)


def _rust_parent(tree: Tree, path: str) -> Module | None:
    """The module around that of a file; None for a crate's root."""
    folder, _, name = path.rpartition("/")
    stem = name.removesuffix(".rs")
    if stem in ("lib", "main"):
        return None
    if stem == "mod":
        folder = folder.rpartition("/")[0]
    candidates = [f"{folder}/{owner}.rs" if folder else f"{owner}.rs" for owner in _RUST_OWNERS]
    return next((Module(c) for c in (*candidates, f"{folder}.rs") if c != path and tree.exists(c)), None)


def _rust_child(tree: Tree, path: str, name: str) -> Module | None:
    folder, _, own = path.rpartition("/")
    stem = own.removesuffix(".rs")
    is_owner = stem in _RUST_OWNERS or _rust_parent(tree, path) is None
    below = folder if is_owner else f"{folder}/{stem}" if folder else stem
    base = f"{below}/{name}" if below else name
    return next((Module(c) for c in (f"{base}.rs", f"{base}/mod.rs") if c != path and tree.exists(c)), None)


def _rust_crate(tree: Tree, name: str) -> Module | None:
    """The root of a crate of the project, by the name in its Cargo.toml."""
    for written in dict.fromkeys((name, name.replace("_", "-"))):
        for place in tree.settings_named(written):
            if not place.endswith("Cargo.toml"):
                continue
            folder = place.rpartition("/")[0]
            candidates = ("src/lib.rs", "lib.rs", "src/main.rs")
            found = next((c for c in (f"{folder}/{file}" if folder else file for file in candidates) if tree.exists(c)), None)
            if found is not None:
                return Module(found)
    return None


# -- Ruby: files below load paths, of which lib and app are by convention -------------------------------------------------


def _ruby(tree: Tree, module: str, path: str) -> Module | None:
    """A file beside the one that asks (require_relative), or below a folder that is a load path: lib, app/* and the root."""
    folder = path.rpartition("/")[0]
    name = module if module.endswith(".rb") else f"{module}.rb"
    beside = _normal(folder, name)
    if beside is not None and beside != path and tree.exists(beside):
        return Module(beside)
    if module.startswith("."):
        return None
    for around in _upwards(folder):
        for root in ("lib", ""):
            candidate = "/".join(part for part in (around, root, name) if part)
            if tree.exists(candidate):
                return Module(candidate)
    return None


_STRATEGIES: Final[dict[str, Callable[[Tree, str, str], Found]]] = {
    "python": _python, "ecmascript": _ecmascript, "go": _go, "package": _package, "rust": _rust, "ruby": _ruby, "php": _php,
    "include": _include, "lua": _lua, "shell": _shell,
}  # fmt: skip

#: Strategies that find the same for all files of a folder: the others may pass by the file that asks, or look at its package.
BY_FOLDER: Final = frozenset({"python", "ecmascript", "go", "include"})
