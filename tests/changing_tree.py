"""A project that changes at random: files with real relationships to each other, and what people do to them."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import changing_sources

FOLDERS = ("", "pkg", "pkg/sub", "other", "src/lib")


class ChangingTree:
    """The tree at `root`, changed by `step`; the same seed gives the same changes.

    Half of it is Python, the rest of the languages that `group` names (see `changing_sources.GROUPS`)."""

    def __init__(self, root: Path, seed: int, group: str = "python") -> None:
        self.root = root
        self.suffixes = changing_sources.GROUPS[group]
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
            self._write_garbage, self._configure, self._write_tool, self._mark_generated, self._insert,
        )  # fmt: skip
        action = self.random.choice(actions)
        action()
        return action.__name__

    def _files(self) -> list[Path]:
        suffixes = {".py", *self.suffixes}
        return sorted(p for p in self.root.rglob("*") if p.suffix in suffixes and p.is_file())

    def _folders(self) -> list[Path]:
        return sorted(p for p in self.root.rglob("*") if p.is_dir() and p.name != ".git")

    def _path(self) -> Path:
        folders = [self.root, *self._folders()]
        return self.random.choice(folders) / f"{self.random.choice(changing_sources.NAMES)}{self._suffix()}"

    def _suffix(self) -> str:
        return ".py" if self.random.random() < 0.5 else self.random.choice(self.suffixes)

    def _text(self, path: Path) -> str:
        return changing_sources.source(path.suffix, self.random)

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
                file.write("\n" + changing_sources.line(path.suffix, self.random) + "\n")

    def _insert(self) -> None:
        """Somewhere between two lines."""
        for path in self._some_file():
            lines = path.read_bytes().split(b"\n")
            lines.insert(self.random.randrange(len(lines)), changing_sources.line(path.suffix, self.random).encode())
            path.write_bytes(b"\n".join(lines))

    def _comment(self) -> None:
        for path in self._some_file():
            mark = changing_sources.KINDS[path.suffix].comment
            path.write_bytes(f"{mark} A comment.\n\n".encode() + path.read_bytes())

    def _mark_generated(self) -> None:
        for path in self._some_file():
            text = path.read_bytes().decode("utf-8", "surrogateescape")
            path.write_bytes(changing_sources.marked(path.suffix, text).encode("utf-8", "surrogateescape"))

    def _write_tool(self) -> None:
        path = self.random.choice([self.root, *self._folders()]) / "tool"
        if not path.is_dir():
            path.write_text(changing_sources.tool(self.random))

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
