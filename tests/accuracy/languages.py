"""The table of languages: for each a real project, and the truth that the language's own parser makes of it.

Every tool comes to the cache by its registry's ordinary client (npm, pip, Debian's packages unpacked
there); a compiler that the machine has is used as it is. Python is judged by `python_truth`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from . import projects, truth
from .facts import files_of
from .truth import Truth

_TYPESCRIPT_SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_DEBIAN = ("apt-get", "dpkg")
_DEBIAN_NODE = (*_DEBIAN, "node", "npm")
_GO = ("golang-1.19-go", "golang-1.19-src")
_RUBY = ("ruby3.1", "libruby3.1")
_PHP = (
    *("php8.2-cli", "php8.2-common", "php-parser", "phpunit", "php-twig"),
    *("php-symfony-console", "php-symfony-http-kernel", "php-symfony-http-foundation"),
)
#: .NET Core 3.1, Roslyn (which a code generator brings along), and an OpenSSL of the time.
_ROSLYN = "@autorest/csharp@3.0.0-beta.20220404.4"
_DOTNET = ("pythonnet==3.0.5", "dotnetcore2==3.1.23", "psycopg2-binary==2.9.5")
_LUA = ("lua-penlight", "luarocks", "lua-busted", "lua-luassert", "lua-say", "lua-copas", "lua-socket")
_SHELL = ("dracut-core", "testssl.sh", "bats", "kworkflow")
_KOTLIN = "kotlin-compiler@2.4.20"


@dataclass(frozen=True)
class Language:
    """A language, a project in it and where that comes from, who tells the truth about it and with which programs."""

    name: str
    project: str
    tree: Callable[[Path], Path]
    truth: Callable[[Path, Path], Truth]
    needs: tuple[str, ...]

    @property
    def lacking(self) -> list[str]:
        """The programs that have to be on the machine and are not."""
        return [program for program in self.needs if shutil.which(program) is None]


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


def csharp(root: Path, cache: Path) -> Truth:
    """C# by Roslyn, its compiler."""
    maker, library = truth.MAKERS / "csharp.py", projects.npm_files(_ROSLYN, cache)
    interpreter = projects.python_with(_DOTNET, cache)
    environment = {"LD_LIBRARY_PATH": str(_openssl(interpreter.parent.parent, cache))}
    command = [str(interpreter), str(maker), str(library), str(root)]
    return truth.made_by(command, maker, files_of(root, (".cs",)), cache, environment)


def _openssl(environment: Path, cache: Path) -> Path:
    """A folder with OpenSSL's libraries under the names by which .NET looks for them."""
    folder = cache / "openssl"
    folder.mkdir(exist_ok=True)
    for library in environment.glob("lib/python*/site-packages/psycopg2_binary.libs/lib*"):
        for name in {library.name, library.name.partition("-")[0] + library.name[library.name.index(".so") :]}:
            if not (folder / name).exists():
                (folder / name).symlink_to(library)
    return folder


def _pythonnet(cache: Path) -> Path:
    return projects.source_tree(projects.Release("pythonnet", "3.0.5"), cache) / "src/runtime"


def c_library(root: Path, cache: Path) -> Truth:
    """libuv by clang, as Linux compiles it."""
    return _by_clang(root, cache, (".c", ".h"), "-D_GNU_SOURCE", f"-I{root}/include", f"-I{root}/src")


def cpp_library(root: Path, cache: Path) -> Truth:
    """leveldb by clang, as Linux compiles it."""
    defines = ("-DLEVELDB_PLATFORM_POSIX", "-DOS_LINUX")
    return _by_clang(root, cache, (".cc", ".h"), "-x", "c++", "-std=c++17", *defines, f"-I{root}", f"-I{root}/include")


def _by_clang(root: Path, cache: Path, suffixes: tuple[str, ...], *flags: str) -> Truth:
    headers = projects.debian_tree(["libclang-common-14-dev"], cache) / "usr/lib/llvm-14/lib/clang/14.0.6/include"
    maker = truth.MAKERS / "c_family.py"
    interpreter = projects.python_with(["libclang==18.1.1"], cache)
    command = [str(interpreter), str(maker), str(root), *flags, "-isystem", str(headers)]
    return truth.made_by(command, maker, files_of(root, suffixes), cache)


def _libuv(cache: Path) -> Path:
    return projects.source_tree(projects.Release("uvloop", "0.21.0"), cache) / "vendor/libuv"


def _leveldb(cache: Path) -> Path:
    return projects.npm_tree("classic-level@3.0.0", "deps/leveldb/leveldb-1.20", cache)


def rust(root: Path, cache: Path) -> Truth:
    """Rust by `syn`, built from Debian's copy of its source."""
    crates = ["librust-syn-dev", "librust-proc-macro2-dev", "librust-quote-dev", "librust-unicode-ident-dev"]
    vendored = projects.debian_tree(crates, cache) / "usr/share/cargo/registry"
    built, maker = cache / "rust", truth.MAKERS / "rust" / "src" / "main.rs"
    if not built.exists():
        # Cargo writes its lock file beside the manifest.
        shutil.copytree(truth.MAKERS / "rust", built.with_suffix(".partial"), dirs_exist_ok=True)
        built.with_suffix(".partial").rename(built)
    shutil.copy(maker, built / "src" / "main.rs")
    offline = ["--offline", "--config", 'source.crates-io.replace-with="debian"']
    source = ["--config", f'source.debian.directory="{vendored}"']
    projects.run(["cargo", "build", "--release", *offline, *source, "--target-dir", str(built / "target")], built)
    program = built / "target" / "release" / "rust-truth"
    return truth.made_by([str(program), str(root)], maker, files_of(root, (".rs",)), cache)


def _crates(cache: Path) -> Path:
    crates = ["librust-clap-dev", "librust-regex-dev", "librust-tokio-dev"]
    return projects.debian_tree(crates, cache) / "usr/share/cargo/registry"


def ruby(root: Path, cache: Path) -> Truth:
    """Ruby by Ripper, its own parser."""
    unpacked = projects.debian_tree(_RUBY, cache)
    native, maker = unpacked / "usr/lib/x86_64-linux-gnu", truth.MAKERS / "ruby.rb"
    loaded = f"{unpacked}/usr/lib/ruby/3.1.0:{native}/ruby/3.1.0"
    environment = {"LD_LIBRARY_PATH": str(native), "RUBYLIB": loaded, "LANG": "C.UTF-8"}
    command = [str(unpacked / "usr/bin/ruby3.1"), "-W0", "--disable-gems", str(maker), str(root)]
    return truth.made_by(command, maker, files_of(root, (".rb",)), cache, environment)


def php(root: Path, cache: Path) -> Truth:
    """PHP by PHP-Parser, on PHP's own tokenizer."""
    unpacked, maker = projects.debian_tree(_PHP, cache), truth.MAKERS / "php.php"
    (extensions,) = (unpacked / "usr/lib/php").glob("*/tokenizer.so")
    loaded = [option for name in ("tokenizer", "ctype") for option in ("-d", f"extension={extensions.parent}/{name}.so")]
    library = unpacked / "usr/share/php/PhpParser"
    command = [str(unpacked / "usr/bin/php8.2"), "-n", *loaded, str(maker), str(library), str(root)]
    return truth.made_by(command, maker, files_of(root, (".php",)), cache)


def kotlin(root: Path, cache: Path) -> Truth:
    """Kotlin by the compiler's own parser."""
    library = projects.npm_package(_KOTLIN, cache) / "lib"
    jars = [str(jar) for jar in sorted(library.glob("*.jar")) if "-sources" not in jar.name]
    maker = truth.MAKERS / "Kotlin.java"
    command = ["java", "-cp", ":".join(jars), str(maker), str(root)]
    return truth.made_by(command, maker, files_of(root, (".kt",)), cache)


def _kotlin_library(cache: Path) -> Path:
    archive = projects.npm_package(_KOTLIN, cache) / "lib" / "kotlin-stdlib-sources.jar"
    return projects.part_of_zip(archive, "", cache / "trees" / "kotlin-stdlib")


def lua(root: Path, cache: Path) -> Truth:
    """Lua by luaparse."""
    maker = truth.MAKERS / "lua.cjs"
    command = ["node", str(maker), str(projects.npm_package("luaparse@0.3.1", cache)), str(root)]
    return truth.made_by(command, maker, files_of(root, (".lua",)), cache)


def shell(root: Path, cache: Path) -> Truth:
    """Bash by the parser of shfmt."""
    maker = truth.MAKERS / "shell.cjs"
    command = ["node", str(maker), str(projects.npm_package("mvdan-sh@0.10.1", cache)), str(root)]
    return truth.made_by(command, maker, files_of(root, (".sh", ".bash", ".bats")), cache)


def scala(root: Path, cache: Path) -> Truth:
    """Scala by scalameta's parser."""
    library = projects.npm_package("scalameta-parsers@4.14.2", cache)
    maker = truth.MAKERS / "scala.cjs"
    command = ["node", str(maker), str(library), str(root)]
    return truth.made_by(command, maker, files_of(root, (".scala",)), cache)


#: Languages of which no registry carries a project: the caller names a tree.
TRUTHS: dict[str, Callable[[Path, Path], Truth]] = {"scala": scala}

LANGUAGES = (
    Language("typescript", "zod 4.6.7", partial(projects.npm_tree, "zod@4.6.7", "src"), typescript, ("node", "npm")),
    Language(
        "tsx",
        "ra-ui-materialui 5.15.4",
        partial(projects.npm_tree, "ra-ui-materialui@5.15.4", "src"),
        typescript,
        ("node", "npm"),
    ),
    Language("javascript", "eslint 9.39.5", partial(projects.npm_tree, "eslint@9.39.5", "lib"), typescript, ("node", "npm")),
    Language("go", "standard library 1.19", _go_library, go, _DEBIAN),
    Language("java", "java.base/java 17", _java_library, java, (*_DEBIAN, "java")),
    Language("csharp", "pythonnet 3.0.5", _pythonnet, csharp, ("npm",)),
    Language("c", "libuv in uvloop 0.21.0", _libuv, c_library, (*_DEBIAN, "gcc")),
    Language("cpp", "leveldb 1.20", _leveldb, cpp_library, (*_DEBIAN, "npm", "g++")),
    Language("rust", "clap, regex, tokio", _crates, rust, (*_DEBIAN, "cargo")),
    Language("ruby", "standard library 3.1", lambda cache: projects.debian_tree(_RUBY, cache) / "usr/lib/ruby", ruby, _DEBIAN),
    Language("php", "PHPUnit, Symfony, Twig", lambda cache: projects.debian_tree(_PHP, cache) / "usr/share/php", php, _DEBIAN),
    Language("lua", "Penlight, LuaRocks, busted", lambda cache: projects.debian_tree(_LUA, cache) / "usr/share", lua, _DEBIAN_NODE),
    Language("bash", "dracut, testssl, bats", lambda cache: projects.debian_tree(_SHELL, cache) / "usr", shell, _DEBIAN_NODE),
    Language("kotlin", "kotlin-stdlib 2.4.20", _kotlin_library, kotlin, ("npm", "java")),
    Language(
        "kotlin",
        "react-native 0.81.4",
        partial(projects.npm_tree, "react-native@0.81.4", "ReactAndroid/src/main/java"),
        kotlin,
        ("npm", "java"),
    ),
)

TRUTHS |= {language.name: language.truth for language in LANGUAGES}
