"""A project that changes at random: files with real relationships to each other, and what people do to them."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import changing_sources

NAMES = ("alpha", "beta", "gamma", "delta")
FOLDERS = ("", "pkg", "pkg/sub", "other", "src/lib")


class ChangingTree:
    """The tree at `root`, changed by `step`; the same seed gives the same changes. `others` is how much of it is not Python."""

    def __init__(self, root: Path, seed: int, others: float = 0.0) -> None:
        self.root = root
        self.others = others
        self.random = random.Random(seed)
        for folder in FOLDERS:
            os.makedirs(root / folder, exist_ok=True)
        for _ in range(8):
            self._write()

    def step(self) -> str:
        """Does one thing; its name."""
        actions = (
            self._write, self._write, self._write, self._save_atomically, self._append, self._comment, self._delete, self._rename,
            self._swap, self._move_folder, self._copy_folder, self._delete_folder, self._mark_package, self._ignore,
            self._write_garbage, *([self._configure] if self.others else ()),
        )  # fmt: skip
        action = self.random.choice(actions)
        action()
        return action.__name__

    def _files(self) -> list[Path]:
        suffixes = {".py", *changing_sources.MAKERS}
        return sorted(p for p in self.root.rglob("*") if p.suffix in suffixes and p.is_file())

    def _folders(self) -> list[Path]:
        return sorted(p for p in self.root.rglob("*") if p.is_dir() and p.name != ".git")

    def _path(self) -> Path:
        folders = [self.root, *self._folders()]
        return self.random.choice(folders) / f"{self.random.choice(NAMES)}{self._suffix()}"

    def _suffix(self) -> str:
        is_other = self.others and self.random.random() < self.others
        return self.random.choice(list(changing_sources.MAKERS)) if is_other else ".py"

    def _text(self, path: Path) -> str:
        return self._source() if path.suffix == ".py" else changing_sources.source(path.suffix, self.random)

    def _write(self) -> None:
        path = self._path()
        if not path.is_dir():
            path.write_text(self._text(path))

    def _save_atomically(self) -> None:
        path = self._path()
        temporary = path.with_suffix(".tmp~")
        temporary.write_text(self._text(path))
        os.replace(temporary, path)

    def _append(self) -> None:
        for path in self._some_file():
            with path.open("a") as file:
                file.write("\n" + (self._definition() if path.suffix == ".py" else self._text(path)))

    def _comment(self) -> None:
        for path in self._some_file():
            mark = b"#" if path.suffix == ".py" else b"//"
            path.write_bytes(mark + b" A comment.\n\n" + path.read_bytes())

    def _delete(self) -> None:
        for path in self._some_file():
            path.unlink()

    def _rename(self) -> None:
        for path in self._some_file():
            os.replace(path, self._path())

    def _swap(self) -> None:
        files = self._files()
        if len(files) > 1:
            one, two = self.random.sample(files, 2)
            aside = self.root / "aside"
            os.replace(one, aside)
            os.replace(two, one)
            os.replace(aside, two)

    def _move_folder(self) -> None:
        for folder in self._some_folder():
            target = self.random.choice([self.root, *self._folders()]) / self.random.choice(("moved", "pkg", "lib", "sub"))
            if not target.exists() and not target.is_relative_to(folder):
                os.replace(folder, target)

    def _copy_folder(self) -> None:
        for folder in self._some_folder():
            target = self.root / self.random.choice(("copy", "twin"))
            if not target.exists() and len(self._files()) < 40:
                shutil.copytree(folder, target)

    def _delete_folder(self) -> None:
        if len(self._folders()) > 2:
            for folder in self._some_folder():
                shutil.rmtree(folder)

    def _mark_package(self) -> None:
        folder = self.random.choice([self.root, *self._folders()])
        marker = folder / "__init__.py"
        if marker.exists():
            marker.unlink()
        else:
            marker.write_text(self.random.choice(("", "from .alpha import *\n", "from . import beta\nfrom .gamma import f\n")))

    def _configure(self) -> None:
        name, text = changing_sources.settings(self.random)
        path = self.random.choice([self.root, *self._folders()]) / name
        if path.exists() and self.random.random() < 0.4:
            path.unlink()
        else:
            path.write_text(text)

    def _ignore(self) -> None:
        lines = self.random.sample(("other/", "beta.py", "*.tmp~", "pkg/sub/", "/copy"), self.random.randint(0, 2))
        (self.root / ".gitignore").write_text("\n".join(lines) + "\n")

    def _write_garbage(self) -> None:
        path = self._path()
        if not path.is_dir():
            path.write_bytes(self.random.choice((b"def (:\n", b"\0\0\0", b"\xff\xfea\0", "x = 'é'\n".encode("latin-1"), b"")))

    def _some_file(self) -> list[Path]:
        files = self._files()
        return [self.random.choice(files)] if files else []

    def _some_folder(self) -> list[Path]:
        folders = self._folders()
        return [self.random.choice(folders)] if folders else []

    # -- sources -------------------------------------------------------------------------------------------------------

    def _source(self) -> str:
        imports = [self._import() for _ in range(self.random.randint(0, 3))]
        parts = [self._definition() for _ in range(self.random.randint(1, 4))]
        if self.random.random() < 0.15:
            parts.append(f"__all__ = {self.random.sample(['f', 'g', 'A', 'B'], 2)!r}\n")
        return "\n".join([*imports, "", *parts])

    def _module(self) -> str:
        prefix = self.random.choice(("", "pkg.", "pkg.sub.", "other.", "lib.", ".", ".", "..", "moved.", "copy."))
        return prefix + self.random.choice(NAMES)

    def _import(self) -> str:
        module = self._module()
        name = self.random.choice(("f", "g", "A", "B", "X"))
        forms = [f"from {module} import {name}", f"from {module} import *", f"from {module} import {name} as g"]
        if not module.startswith("."):
            forms += [f"import {module}", f"import {module} as m"]
        return self.random.choice(forms)

    def _definition(self) -> str:
        r = self.random
        name, other = r.choice(("f", "g", "h")), r.choice(("f", "g", "h", "A", "B", "m.f", "m.A"))
        cls, base = r.choice(("A", "B", "C")), r.choice(("A", "B", "C", "m.A", "object"))
        return r.choice((
            f"def {name}(x=None):\n    return {other}()\n",
            f"def {name}(x: {cls}) -> {base}:\n    y = x.run()\n    return y.stop()\n",
            f"class {cls}({base}):\n    def run(self):\n        self.value = {other}()\n        return self.stop()\n",
            f"class {cls}({base}):\n    def stop(self):\n        super().stop()\n        return self.value.run()\n",
            f"class {cls}:\n    field = {other}\n\n    def run(self, other: '{base}'):\n        other.run()\n        return self\n",
            f"X = {other}()\nX.run().stop()\n",
            f"@{name}\ndef only_{r.randint(0, 5)}():\n    only_{r.randint(0, 5)}()\n    unknown.only_{r.randint(0, 5)}()\n",
            f"if X:\n    def {name}(): pass\nelse:\n    from .beta import {name}\n",
            f"X = {{'k': {other}, 1: [{name}]}}\nX['k']().run()\nX[1][0]()\nX['j'] = {name}\n",
            "K = 'k'\nX[K]()\nfor e in X.values():\n    e()\n",
            f"class {cls}({base}):\n    def again(self) -> 'Self':\n        return self\n\n{cls}().again().run()\n",
            f"class {cls}({base}):\n    def __enter__(self) -> T:\n        return self\n\nwith {cls}() as w:\n    w.run()\n",
            f"@{other}()\ndef {name}(): ...\n\n{name}.run()\n",
            f"def {name}(x) -> 'Callable[[int], {cls} | {base} | None]': ...\n\n{name}(1)(2).run()\n",
            f"def {name}(x, *rest):\n    x()\n    return x\n\n{name}({other})().run()\n",
            f"def {name}():\n    yield {other}\n\nfor e in {name}():\n    e().run()\n",
            f"def {name}(x: 'list[{cls}]') -> dict[str, {base}]:\n    for e in x:\n        e.run()\n    return {{'k': {other}()}}\n",
            f"for k, v in {name}([]).items():\n    v.run()\na, *b = {other}, {name}, {name}\na()\nb[0]()\n",
            f"class {cls}({base}):\n    def __iter__(self):\n        yield from {other}()\n        self.parts.append({name}())\n",
            f"with {other}() as w:\n    w.run()\nfor e in [{other}()]:\n    e.stop()\n",
        ))  # fmt: skip
