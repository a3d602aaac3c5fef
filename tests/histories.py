"""Histories of small projects in memory: what is kept resolved while files change must equal what is resolved afresh.

No disk, processes or database, so that thousands of changes take a minute. A `World` is a tree of real sources that changes at random;
`Kept` is what is kept resolved of it; `shrunk` makes a change that shows a difference as small as it can.
"""

from __future__ import annotations

import difflib
import functools
import random
import re
from collections.abc import Callable
from pathlib import Path

import changing_sources

from indexer import extract, languages
from indexer.extract import facts as f
from indexer.resolve.changes import Project
from indexer.resolve.files import Resolved, Target

FIXTURES = Path(__file__).with_name("languages")

#: A project's files.
Files = dict[str, bytes]

_NAME = re.compile(rb"[A-Za-z_]\w*")
#: Comments that say what is expected of the line above them.
_EXPECTED = re.compile(rb"^\s*(?://|#|--|;|/\*|<!--)?.*?(\^|<-)\s")
#: Projects whose files see each other, by what they are called.
WORLDS: dict[str, tuple[str, ...]] = {
    "bash": ("bash/whole",),
    "c": ("c/program",),
    "c-cpp": ("c/program", "cpp/project"),
    "csharp": ("csharp/whole",),
    "go": ("go/packages", "go/whole", "gomod/module"),
    "jvm": ("java/whole", "kotlin/whole", "scala/whole"),
    "kotlin": ("kotlin/whole",),
    "java": ("java/whole",),
    "scala": ("scala/whole",),
    "lua": ("lua/whole",),
    "php": ("php/whole",),
    "python": ("python/packages", "python/whole", "notebook/whole"),
    "python-flow": ("python/flow", "python/packages"),
    "ruby": ("ruby/whole",),
    "rust": ("rust/crate", "rust/workspace"),
    "swift": ("swift/package",),
    "ecmascript": ("typescript/imports", "javascript/commonjs", "tsx/whole", "vue/whole", "svelte/whole", "html/whole"),
    "ecmascript-whole": ("typescript/whole", "javascript/whole"),
}


def sources(world: str) -> Files:
    """The files that a world begins with, without the comments that say what is expected of them."""
    found: Files = {}
    for case in WORLDS[world]:
        for path in sorted((FIXTURES / case).rglob("*")):
            if path.is_file():
                lines = path.read_bytes().split(b"\n")
                found[path.relative_to(FIXTURES / case).as_posix()] = b"\n".join(line for line in lines if not _EXPECTED.match(line))
    return found


class World:
    """A project that `step` changes; the same seed gives the same changes.

    It begins with the fixtures of `WORLDS`, or, for a name of `changing_sources.GROUPS` with a '+' in front, with random sources."""

    def __init__(self, name: str, seed: int) -> None:
        self.random = random.Random(f"{name} {seed}")
        self.suffixes = changing_sources.GROUPS[name.removeprefix("+")] if name.startswith("+") else ()
        self.original = {} if self.suffixes else sources(name)
        self.files = dict(self.original)
        if self.suffixes:
            for _ in range(8):
                self._write()
        self.vocabulary = sorted({word for source in self.files.values() for word in _NAME.findall(source)})

    def step(self) -> str:
        """Does one thing; its name."""
        texts = (
            (self._write, self._write, self._add_line, self._configure, self._write_tool, self._mark)
            if self.suffixes
            else (self._restore, self._restore)
        )
        action = self.random.choice((
            *texts, self._delete_lines, self._delete_lines, self._repeat_lines, self._move_lines, self._other_word, self._other_word,
            self._other_word, self._other_name, self._empty_line, self._remove, self._move, self._copy, self._swap,
            self._move_folder,
        ))  # fmt: skip
        action()
        return str(action.__name__)

    def _write(self) -> None:
        suffix = self.random.choice(self.suffixes)
        path = self._place(self.random.choice(changing_sources.NAMES) + suffix)
        self.files[path] = changing_sources.source(suffix, self.random).encode()

    def _add_line(self) -> None:
        path, lines, place = self._lines()
        suffix = "." + path.rpartition(".")[2]
        if suffix in changing_sources.KINDS:
            lines.insert(place, changing_sources.line(suffix, self.random).encode())
            self.files[path] = b"\n".join(lines)

    def _write_tool(self) -> None:
        self.files[self._place("tool")] = changing_sources.tool(self.random).encode()

    def _mark(self) -> None:
        path = self._some()
        suffix = "." + path.rpartition(".")[2]
        if suffix in changing_sources.KINDS:
            text = self.files[path].decode("utf-8", "surrogateescape")
            self.files[path] = changing_sources.marked(suffix, text).encode("utf-8", "surrogateescape")

    def _configure(self) -> None:
        name, text = changing_sources.settings(self.random)
        path = self._place(name)
        if path in self.files and self.random.random() < 0.4:
            del self.files[path]
        else:
            self.files[path] = text.encode()

    def _some(self) -> str:
        return self.random.choice(sorted(self.files))

    def _lines(self) -> tuple[str, list[bytes], int]:
        path = self._some()
        lines = self.files[path].split(b"\n")
        return path, lines, self.random.randrange(len(lines))

    def _delete_lines(self) -> None:
        path, lines, place = self._lines()
        del lines[place : place + self.random.randint(1, 4)]
        self.files[path] = b"\n".join(lines)

    def _repeat_lines(self) -> None:
        path, lines, place = self._lines()
        other = self.random.randrange(len(lines))
        lines[place:place] = lines[other : other + self.random.randint(1, 6)]
        self.files[path] = b"\n".join(lines[:600])

    def _move_lines(self) -> None:
        path, lines, place = self._lines()
        moved = lines[place : place + self.random.randint(1, 8)]
        del lines[place : place + len(moved)]
        self.files[path] = b"\n".join(lines)
        suffix = path.rpartition(".")[2]
        target = self.random.choice([other for other in sorted(self.files) if other.rpartition(".")[2] == suffix])
        others = self.files[target].split(b"\n")
        place = self.random.randrange(len(others))
        others[place:place] = moved
        self.files[target] = b"\n".join(others)

    def _empty_line(self) -> None:
        path, lines, place = self._lines()
        lines.insert(place, b"")
        self.files[path] = b"\n".join(lines)

    def _other_word(self) -> None:
        """One occurrence of a word becomes another one."""
        path = self._some()
        words = list(_NAME.finditer(self.files[path]))
        if words:
            word = self.random.choice(words)
            source = self.files[path]
            self.files[path] = source[: word.start()] + self.random.choice(self.vocabulary) + source[word.end() :]

    def _other_name(self) -> None:
        """A word is renamed in a file."""
        path = self._some()
        words = sorted(set(_NAME.findall(self.files[path])))
        if words:
            word, other = self.random.choice(words), self.random.choice(self.vocabulary)
            self.files[path] = re.sub(rb"\b" + word + rb"\b", other, self.files[path])

    def _restore(self) -> None:
        path = self.random.choice(sorted(self.original))
        self.files[path] = self.original[path]

    def _remove(self) -> None:
        if len(self.files) > 1:
            del self.files[self._some()]

    def _place(self, name: str) -> str:
        folders = ["", *changing_sources.FOLDERS] if self.suffixes else sorted({p.rpartition("/")[0] for p in self.original} | {"more"})
        folder = self.random.choice(folders)
        return f"{folder}/{name}" if folder else name

    def _move(self) -> None:
        path = self._some()
        source = self.files.pop(path)
        self.files[self._place(path.rpartition("/")[2])] = source

    def _copy(self) -> None:
        path = self._some()
        if len(self.files) < max(2 * len(self.original), 16):
            self.files[self._place(path.rpartition("/")[2])] = self.files[path]

    def _swap(self) -> None:
        one, other = self._some(), self._some()
        self.files[one], self.files[other] = self.files[other], self.files[one]

    def _move_folder(self) -> None:
        folders = sorted({path.rpartition("/")[0] for path in self.files} - {""})
        if folders:
            folder = self.random.choice(folders)
            target = self.random.choice((*folders, "more"))
            self.files = {
                target + path.removeprefix(folder) if path.startswith(folder + "/") else path: source
                for path, source in sorted(self.files.items())
            }


# -- what is said of a project ---------------------------------------------------------------------------------------------


@functools.lru_cache(4000)
def encoded(path: str, source: bytes) -> bytes | None:
    """The facts of a file; None where it is no source."""
    text = extract.as_utf8(source)[0]
    language = languages.detect(path, source)
    return f.encode(extract.extract(text, language)) if language is not None and text is not None else None


def named(project: Project, target: Target | None) -> tuple[str, str, str, int] | None:
    """A target as its id names it: by path, qualified name, kind and ordinal."""
    if target is None:
        return None
    symbols = project.tree.file(target.path).symbols
    found = symbols[target.symbol]
    equal = [s for s in symbols[: target.symbol] if (s.qualified, s.kind) == (found.qualified, found.kind)]
    return target.path, found.qualified, found.kind, len(equal)


def said(project: Project, resolved: Resolved) -> list[str]:
    """What resolution says of a file, a line each."""
    path = resolved.path
    sites = [f"{path}:{s[0]}:{s[1]} {s[2]} {s[3]} -> {named(project, s[5])} by {s[6]}" for s in resolved.sites]
    possible = [f"{path}:{p.line}:{p.column} may be {named(project, p.target)} by {p.evidence}" for p in resolved.possible]
    related = [f"{path} {r.source} {r.type} {named(project, r.target)} by {r.evidence} at {r.sites}" for r in resolved.relationships]
    return [*sites, *possible, *related]


class Kept:
    """A project that is kept resolved: `change` to other files, then `answers` is what is said of each."""

    def __init__(self) -> None:
        self.files: Files = {}
        self.answers: dict[str, list[str]] = {}
        self.n_resolved = 0
        self._project = Project()

    def change(self, files: Files) -> None:
        for path in sorted(self.files.keys() - files.keys()):
            self._project.remove(path)
            self.answers.pop(path, None)
        for path in sorted(files):
            if files[path] == self.files.get(path):
                continue
            facts = encoded(path, files[path])
            if facts is not None:
                self._project.put(path, facts)
            else:
                self._project.remove(path)
                self.answers.pop(path, None)
        self.files = dict(files)
        for resolved in self._project.resolve():
            self.answers[resolved.path] = said(self._project, resolved)
            self.n_resolved += 1


def fresh(files: Files) -> dict[str, list[str]]:
    """What is said of files by one who never saw others."""
    kept = Kept()
    kept.change(files)
    return kept.answers


def differences(live: dict[str, list[str]], wanted: dict[str, list[str]]) -> list[str]:
    """The lines in which two outcomes differ."""
    found: list[str] = []
    for path in sorted(live.keys() | wanted.keys()):
        one, other = live.get(path, []), wanted.get(path, [])
        if one != other:
            lines = difflib.unified_diff(one, other, lineterm="", n=0)
            found += [line for line in lines if line[:2] not in ("@@", "--", "++")]
            found = found or [f"{path}: order"]
    return found


# -- making a difference small ---------------------------------------------------------------------------------------------


def differs(before: Files, after: Files) -> list[str]:
    """Where a change from one to the other leaves something else than a fresh look."""
    kept = Kept()
    kept.change(before)
    kept.change(after)
    return differences(kept.answers, fresh(after))


def shrunk(before: Files, after: Files, shows: Callable[[Files, Files], object] = differs) -> tuple[Files, Files]:
    """The change with as few files and lines as still show the difference."""
    for path in sorted(before.keys() | after.keys()):
        smaller = ({p: s for p, s in before.items() if p != path}, {p: s for p, s in after.items() if p != path})
        if shows(*smaller):
            before, after = smaller
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for path in sorted(before.keys() | after.keys()):
            size = 16
            while size:
                one = before.get(path, b"").split(b"\n")
                place = max(len(one), len(after.get(path, b"").split(b"\n")))
                while place > 0:
                    place -= size
                    smaller = _without(before, after, path, max(place, 0), size)
                    if smaller != (before, after) and shows(*smaller):
                        before, after = smaller
                        is_smaller = True
                size //= 2
    return before, after


def _without(before: Files, after: Files, path: str, place: int, size: int) -> tuple[Files, Files]:
    """Both without some lines of a file, which are the same lines where both have them."""
    if path not in before or path not in after:
        has = before if path in before else after
        lines = has[path].split(b"\n")
        del lines[place : place + size]
        small = {**has, path: b"\n".join(lines)}
        return (small, after) if has is before else (before, small)
    one, other = before[path].split(b"\n"), after[path].split(b"\n")
    gone = range(place, place + size)
    gone_there: set[int] = set()
    for a, b, n in difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
        gone_there.update(b + i for i in range(n) if a + i in gone)
    if not gone_there and place < len(other):
        gone_there = set(gone)
        gone = range(0)
    here = b"\n".join(line for i, line in enumerate(one) if i not in gone)
    there = b"\n".join(line for i, line in enumerate(other) if i not in gone_there)
    return {**before, path: here}, {**after, path: there}
