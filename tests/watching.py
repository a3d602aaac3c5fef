"""A reader of the watcher as the index is one: it keeps a picture of a tree that must come to equal the disk."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from indexer import model
from indexer.watch import Ignore, Inbox, Watcher, events, portable, signature_of, walk, watch

Picture = dict[str, model.Signature]
LIMIT = 1_000_000
PATIENCE_S = 60.0


def picture_of(root: Path, **config: Sequence[str]) -> Picture:
    """What the disk says."""
    ignore = Ignore(str(root), **config)
    try:
        return {entry.path: entry.signature for entry in walk(str(root), ignore, LIMIT)}
    finally:
        ignore.close()


class Mirror:
    """Follows a tree in a thread of its own from entering to leaving; `said` holds all events in the order read."""

    def __init__(
        self,
        root: Path,
        *,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        observer: bool = False,
        **options: Any,
    ) -> None:
        self.root = root
        self.config: dict[str, Sequence[str]] = {"include": include, "exclude": exclude}
        self.ignore = Ignore(str(root), include=include, exclude=exclude)
        self.picture: Picture = {}
        self.said: list[events.Event] = []
        #: Cleared, it freezes the watcher's thread in its callback.
        self.gate = threading.Event()
        self.gate.set()
        self._observer = observer
        self._options = options
        self._answered = 0
        self._changed = threading.Condition()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._follow()))

    def __enter__(self) -> Mirror:
        self._thread.start()
        assert self._ready.wait(PATIENCE_S)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.gate.set()
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(PATIENCE_S)
        self.watcher.stop()
        self.ignore.close()
        assert not self._thread.is_alive()

    def sync(self) -> Picture:
        """The picture once everything saved by now is in it."""
        number = self.watcher.cookie()
        with self._changed:
            assert self._changed.wait_for(lambda: self._answered >= number, PATIENCE_S), "the cookie never came"
            return dict(self.picture)

    def wait_until(self, is_so: Callable[[Mirror], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: is_so(self), PATIENCE_S)

    def has_said(self, kind: type) -> bool:
        return any(isinstance(event, kind) for event in self.said)

    def check(self) -> Picture:
        """Synced, the picture equals the disk."""
        seen = self.sync()
        there = picture_of(self.root, **self.config)
        differences = [
            (path, seen.get(path), there.get(path))
            for path in sorted(seen.keys() | there.keys())
            if seen.get(path) != there.get(path)
        ]
        assert not differences, differences[:10]
        return seen

    def paths(self) -> set[str]:
        return set(self.check())

    async def _follow(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        inbox = Inbox()

        def on_events(batch: Sequence[events.Event]) -> None:
            self.gate.wait()
            inbox.put(batch)

        self.watcher: Watcher
        if self._observer:
            self.watcher = portable.ObserverWatcher(os.path.realpath(self.root), self.ignore, on_events)
        else:
            self.watcher = watch(str(self.root), self.ignore, on_events, **self._options)
        self.watcher.start()
        self._list("")
        self._ready.set()
        reading = asyncio.create_task(self._read(inbox))
        await self._end.wait()
        reading.cancel()

    async def _read(self, inbox: Inbox) -> None:
        while True:
            batch = await inbox.take()
            with self._changed:
                for event in batch:
                    self._apply(event)
                self.said += batch
                self._changed.notify_all()

    def _apply(self, event: events.Event) -> None:
        match event:
            case events.Changed(path) | events.Removed(path):
                signature = signature_of(str(self.root), path)
                if signature is None or self.ignore.is_ignored(path, False):
                    self.picture.pop(path, None)
                else:
                    self.picture[path] = signature
            case events.FolderAppeared(path):
                self.picture.pop(path, None)
                self._list(path)
            case events.FolderGone(path):
                self._forget(path)
            case events.Cookie(number):
                self._answered = number
            case events.RootGone():
                self.picture.clear()
            case _:
                self._list("")

    def _list(self, folder: str) -> None:
        self._forget(folder)
        found = walk(str(self.root), self.ignore, LIMIT, folder)
        self.picture.update((entry.path, entry.signature) for entry in found)

    def _forget(self, folder: str) -> None:
        start = folder + "/" if folder else ""
        for path in [path for path in self.picture if path.startswith(start)]:
            del self.picture[path]


def eventually(is_so: Callable[[], bool]) -> None:
    """Waits until it is so; fails when that takes too long."""
    pause = threading.Event()
    for _ in range(int(PATIENCE_S / 0.02)):
        if is_so():
            return
        pause.wait(0.02)
    raise AssertionError("it never came to be so")


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", "-c", "gc.auto=0"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, timeout=120)
    return os.fsdecode(done.stdout)


def write(path: Path, text: str = "x = 1\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def save_atomically(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.tmp")
    fresh.write_text(text)
    os.replace(fresh, path)


class Vandal:
    """Does random things to a tree, reproducibly. Few names, so that they collide; `outside` is on the same disk."""

    FOLDERS = ("a", "b", "c", "src", "build", "node_modules", "ü", "x y")
    FILES = ("a.py", "b.py", "c.log", "d.txt", "a", "ü.py", "%FF.py", "-x", ":y")
    RULES = ("*.log\n", "build/\n", "/a\n", "*.log\n!c.log\n", "b.py\n", "src/*\n!src/a\n", "", "*\n!*.py\n!*/\n")

    def __init__(self, root: Path, outside: Path, seed: int, *, has_repository: bool) -> None:
        self._root = root
        self._outside = outside
        self._random = random.Random(seed)
        self._n_done = 0
        self._deeds: list[Callable[[], None]] = [
            *[self._write] * 5,
            *[self._save] * 5,
            *[self._append] * 2,
            *[self._delete] * 3,
            *[self._make_folder] * 3,
            *[self._rename] * 4,
            *[self._rename_folder] * 3,
            self._swap_folders,
            self._delete_folder,
            self._copy_folder,
            self._move_out,
            self._move_in,
            self._symlink,
            self._chmod,
            self._odd_name,
            self._edit_rules,
            self._replace_kind,
        ]
        if has_repository:
            self._deeds += [self._exclude, self._git_add, self._git_commit, self._git_checkout, self._nested_repository]

    def act(self) -> None:
        """One deed; what the disk refuses (a name that is taken by another kind) is no deed."""
        self._n_done += 1
        try:
            self._random.choice(self._deeds)()
        except (OSError, shutil.Error, subprocess.CalledProcessError):
            return

    def _folders(self) -> list[Path]:
        found = [self._root]
        for folder, names, _ in os.walk(self._root):
            if ".git" in names:
                names.remove(".git")
            found += [Path(folder, name) for name in names]
        return sorted(found)

    def _folder(self) -> Path:
        return self._random.choice(self._folders())

    def _files(self) -> list[Path]:
        return [path for path in sorted(self._folder().iterdir()) if path.is_file() and path.name != ".git"]

    def _new_path(self) -> Path:
        return self._folder() / self._random.choice(self.FILES)

    def _text(self) -> str:
        return f"{self._n_done}\n" * self._random.randint(0, 20)

    def _write(self) -> None:
        self._new_path().write_text(self._text())

    def _save(self) -> None:
        save_atomically(self._new_path(), self._text())

    def _append(self) -> None:
        with self._random.choice(self._files() or [self._new_path()]).open("a") as stream:
            stream.write(self._text())

    def _delete(self) -> None:
        for path in self._files()[:2]:
            path.unlink()

    def _make_folder(self) -> None:
        folder = self._folder() / self._random.choice(self.FOLDERS)
        for name in self._random.choices(self.FOLDERS, k=self._random.randint(0, 3)):
            folder /= name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / self._random.choice(self.FILES)).write_text(self._text())

    def _rename(self) -> None:
        for path in self._files()[:1]:
            os.replace(path, self._new_path())

    def _some_folder(self) -> Path:
        return self._random.choice(self._folders()[1:] or [self._root / "nothing"])

    def _rename_folder(self) -> None:
        self._some_folder().rename(self._folder() / self._random.choice(self.FOLDERS))

    def _swap_folders(self) -> None:
        one, other, aside = self._some_folder(), self._some_folder(), self._root / "aside"
        one.rename(aside)
        other.rename(one)
        aside.rename(other)

    def _delete_folder(self) -> None:
        shutil.rmtree(self._some_folder())

    def _copy_folder(self) -> None:
        if len(self._folders()) < 200:
            # By way of outside: a folder must not be copied into itself.
            copy = self._outside / f"copy{self._n_done}"
            shutil.copytree(self._some_folder(), copy, symlinks=True)
            shutil.copytree(copy, self._folder() / "copy", symlinks=True, dirs_exist_ok=True)

    def _move_out(self) -> None:
        self._some_folder().rename(self._outside / f"out{self._n_done}")

    def _move_in(self) -> None:
        for path in sorted(self._outside.iterdir())[:1]:
            path.rename(self._folder() / self._random.choice(self.FOLDERS))

    def _symlink(self) -> None:
        target = self._random.choice([self._outside, self._folder(), *self._files()])
        (self._folder() / self._random.choice(self.FILES + self.FOLDERS)).symlink_to(target)

    def _chmod(self) -> None:
        for path in self._files()[:1]:
            path.chmod(self._random.choice([0o600, 0o644, 0o755]))

    def _odd_name(self) -> None:
        with open(os.fsencode(self._folder()) + self._random.choice([b"/\xff.py", b"/a\nb", b"/%25"]), "wb") as stream:
            stream.write(self._text().encode())

    def _edit_rules(self) -> None:
        (self._folder() / ".gitignore").write_text(self._random.choice(self.RULES))

    def _replace_kind(self) -> None:
        """A file where a folder was, or the other way round."""
        folder = self._some_folder()
        shutil.rmtree(folder)
        folder.write_text(self._text())

    def _exclude(self) -> None:
        (self._root / ".git/info/exclude").write_text(self._random.choice(self.RULES))

    def _git_add(self) -> None:
        git(self._root, "add", "-f", "--", str(self._random.choice(self._files() or [self._root / "a.py"])))

    def _git_commit(self) -> None:
        git(self._root, "add", "-A")
        git(self._root, "commit", "-qm", "x", "--allow-empty")
        git(self._root, "branch", "-f", f"b{self._random.randint(0, 3)}")

    def _git_checkout(self) -> None:
        git(self._root, "checkout", "-qf", f"b{self._random.randint(0, 3)}")

    def _nested_repository(self) -> None:
        folder = self._some_folder()
        if (folder / ".git").exists():
            shutil.rmtree(folder / ".git")
        else:
            git(folder, "init", "-q")
