"""Small sources that refer to each other, in several languages, made at random: what a changing tree is filled with beside Python."""

from __future__ import annotations

import random
from collections.abc import Callable

NAMES = ("alpha", "beta", "gamma", "delta")
FOLDERS = ("pkg", "pkg/sub", "other", "lib", "moved", "copy")
CLASSES = ("A", "B", "C")
FUNCTIONS = ("f", "g", "h")


def source(suffix: str, r: random.Random) -> str:
    """A file of the language that the suffix says."""
    return MAKERS[suffix](r)


def settings(r: random.Random) -> tuple[str, str]:
    """A file that says how names are found, and its text."""
    return r.choice(
        (
            ("go.mod", f"module example.com/{r.choice(('mod', 'other'))}\n"),
            ("tsconfig.json", f'{{"compilerOptions": {{"baseUrl": ".", "paths": {{"@/*": ["{r.choice(("pkg", "lib", "."))}/*"]}}}}}}\n'),
            ("package.json", f'{{"name": "{r.choice(("app", "lib"))}"}}\n'),
            ("Cargo.toml", f'[package]\nname = "{r.choice(("app", "lib"))}"\n'),
            ("pyproject.toml", f'[tool.setuptools]\npackage-dir = {{"" = "{r.choice(("src", "lib", "pkg"))}"}}\n'),
        )
    )


def _script(r: random.Random) -> str:
    def path() -> str:
        return r.choice(("./", "./", "../", "./sub/", "@/", "lib/")) + r.choice(NAMES)

    def line() -> str:
        f, g, a, b = r.choice(FUNCTIONS), r.choice(FUNCTIONS), r.choice(CLASSES), r.choice(CLASSES)
        return r.choice((
            f"import {{ {f}, {a} }} from '{path()}'",
            f"import * as m from '{path()}'",
            f"import d from '{path()}'",
            f"export * from '{path()}'",
            f"export {{ {f} as {g} }} from '{path()}'",
            f"const {{ {f} }} = require('{path()}')",
            f"export function {f}(x) {{ return {g}(x).run() }}",
            f"export class {a} extends {b} {{ run() {{ return this.stop() }} stop() {{ {f}(); m.{g}() }} }}",
            f"export default class {a} {{ run() {{ return new {b}().stop() }} }}",
            f"export const X = {f}()\nX.run()",
            f"export const {f} = () => {g}()",
            f"new {a}().run().stop(); d()",
        ))  # fmt: skip

    return "\n".join(line() for _ in range(r.randint(2, 6))) + "\n"


def _go(r: random.Random) -> str:
    package = r.choice(("pkg", "sub", "other", "main"))
    imports = [f'import "example.com/{r.choice(("mod", "other"))}/{folder}"' for folder in r.sample(FOLDERS, r.randint(0, 2))]

    def line() -> str:
        f, g = r.choice(("F", "G", "h")), r.choice(("F", "G", "h"))
        a, b = r.choice(CLASSES), r.choice(CLASSES)
        return r.choice((
            f"func {f}(x {a}) {b} {{ return {g}(x) }}",
            f"func {f}() {{ pkg.{g}(); other.{g}(); var x {a}; x.Run() }}",
            f"type {a} struct {{ {b}; other.{b}; x int }}",
            f"func (a *{a}) Run() {b} {{ return a.Stop() }}",
            f"func (a {a}) Stop() {b} {{ {f}(); return {b}{{}} }}",
            f"type I interface {{ Run() {b} }}",
        ))  # fmt: skip

    return "\n".join([f"package {package}", "", *imports, "", *(line() for _ in range(r.randint(1, 4)))]) + "\n"


def _rust(r: random.Random) -> str:
    def line() -> str:
        f, g, a, b = r.choice(FUNCTIONS), r.choice(FUNCTIONS), r.choice(CLASSES), r.choice(CLASSES)
        module = r.choice(NAMES)
        return r.choice((
            f"mod {module};",
            f"use crate::{module}::{f};",
            f"use super::{module}::{{{a}, {f}}};",
            f"pub use self::{module}::*;",
            f"pub fn {f}(x: {a}) -> {b} {{ {g}(x).run() }}",
            f"pub struct {a};",
            f"impl {a} {{ pub fn run(&self) -> {b} {{ self.stop(); {module}::{f}() }} pub fn stop(&self) {{}} }}",
            f"pub trait T {{ fn run(&self) -> {b}; }}",
            f"impl T for {a} {{ fn run(&self) -> {b} {{ {f}() }} }}",
        ))  # fmt: skip

    return "\n".join(line() for _ in range(r.randint(2, 6))) + "\n"


MAKERS: dict[str, Callable[[random.Random], str]] = {".ts": _script, ".js": _script, ".go": _go, ".rs": _rust}
