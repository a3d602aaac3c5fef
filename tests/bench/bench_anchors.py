"""What anchors say of symbols over the history of a real repository, against what became of them commit by commit.

    python -m tests.bench.bench_anchors REPOSITORY [--commits 400] [--end REV] [--symbols 150] [--wrong]

Symbols of the first of the commits are anchored. Then the code is looked at once, at the end ("once"), and after every
commit, as the daemon does ("followed"). The truth is made apart from the program: Python's own parser finds the
definitions of both sides of each commit; a definition that vanishes is traced to one that is new in that commit, by
difflib over its tokens. The table has the truth in its rows.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import datetime as dt
import difflib
import functools
import io
import random
import subprocess
import tokenize
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.memory import anchors, sightings
from indexer.memory.checks import ANCHOR_STATES
from indexer.memory.code import Definition
from indexer.store.anchors import Anchor, Sighting

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
#: difflib's ratio from which a new definition is what became of one that vanished.
SAME = 0.5
#: A definition that stays with less than this of its text, while a new one has at least MOVED of it, is another one of
#: its name.
STUB, MOVED = 0.3, 0.8
SHORT = 15

Key = tuple[str, str]


@dataclass(frozen=True)
class Commit:
    """The Python code of one commit, as the index would hold it."""

    blobs: Mapping[str, str]
    definitions: Mapping[Key, Definition]

    async def symbols_by_qualified_name(self, qualified_names: Collection[str]) -> Sequence[Definition]:
        """See memory.code.Code."""
        return [each for each in self.definitions.values() if each.qualified_name in qualified_names]

    async def symbols_by_name(self, names: Collection[str]) -> Sequence[Definition]:
        """See memory.code.Code."""
        return [each for each in self.definitions.values() if each.name in names]

    async def symbols_at_path(self, paths: Collection[str]) -> Sequence[Definition]:
        """See memory.code.Code."""
        return [each for each in self.definitions.values() if each.path in paths]

    async def symbols_by_size(self, kind: str, sizes: Collection[int]) -> Sequence[Definition]:
        """See memory.code.Code."""
        wanted = set(sizes)
        return [each for each in self.definitions.values() if each.kind == kind and len(each.text.encode()) in wanted]

    async def symbol(self, symbol_id: uuid.UUID) -> Definition | None:
        """See memory.code.Code."""
        return next((each for each in self.definitions.values() if each.id == symbol_id), None)

    async def paths_near(self, paths: Collection[str]) -> Sequence[str]:
        """See memory.code.Code."""
        return []

    async def file_texts(self, paths: Collection[str]) -> Mapping[str, str]:
        """See memory.code.Code."""
        return {}


# -- reading a repository ----------------------------------------------------------------------------------------------------


class Repository:
    """Commits of a repository by way of one `git cat-file` process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cat = subprocess.Popen(["git", "-C", str(path), "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._definitions = functools.lru_cache(maxsize=20_000)(self._parse)

    def close(self) -> None:
        """Ends the process."""
        self._cat.communicate()

    def commits(self, end: str, count: int) -> list[str]:
        """The last `count` commits up to `end`, oldest first, along first parents."""
        listed = self._git("rev-list", "--first-parent", f"--max-count={count}", end)
        return listed.split()[::-1]

    def read(self, commit: str) -> Commit:
        """All definitions of a commit; of several with one key, the last, as Python binds it."""
        blobs = {}
        for line in self._git("ls-tree", "-r", "-z", commit).split("\0"):
            meta, _, path = line.partition("\t")
            if path.endswith(".py") and meta.startswith("100"):
                blobs[path] = meta.split()[2]
        found = {(path, each.qualified_name): each for path, blob in blobs.items() for each in self._definitions(path, blob)}
        return Commit(blobs, found)

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self._path), *arguments], capture_output=True, check=True)
        return done.stdout.decode("utf-8", "replace")

    def _parse(self, path: str, blob: str) -> list[Definition]:
        assert self._cat.stdin is not None
        assert self._cat.stdout is not None
        self._cat.stdin.write(blob.encode() + b"\n")
        self._cat.stdin.flush()
        size = int(self._cat.stdout.readline().split()[2])
        text = self._cat.stdout.read(size + 1)[:-1].decode("utf-8", "replace")
        return list(definitions(path, text))


def definitions(path: str, text: str) -> Iterator[Definition]:
    """The functions, methods and classes of a file, decorators included in their texts; nothing of one that does not parse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    lines = text.splitlines(keepends=True)
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    waiting: list[tuple[ast.AST, str, bool]] = [(tree, module, False)]
    while waiting:
        node, prefix, in_class = waiting.pop()
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                if isinstance(child, ast.If | ast.Try | ast.With):
                    waiting.append((child, prefix, in_class))
                continue
            name = f"{prefix}.{child.name}"
            kind = "class" if isinstance(child, ast.ClassDef) else "method" if in_class else "function"
            start = min([child.lineno, *(each.lineno for each in child.decorator_list)])
            body = "".join(lines[start - 1 : child.end_lineno])[child.col_offset :].rstrip("\n")
            key = uuid.uuid5(uuid.NAMESPACE_URL, f"{path}\0{name}\0{kind}")
            yield Definition(key, path, child.name, name, kind, start, child.end_lineno or start, body)
            waiting.append((child, name, isinstance(child, ast.ClassDef)))


# -- the truth ---------------------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=200_000)
def tokens(text: str, name: str) -> tuple[str, ...]:
    """The tokens of a definition, layout apart, its own name left blank."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text + "\n").readline):
            if token.type in (tokenize.INDENT, tokenize.DEDENT):
                found.append(tokenize.tok_name[token.type])
            elif token.type not in (tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER):
                found.append("" if token.string == name else token.string)
    except (tokenize.TokenError, IndentationError, SyntaxError):
        found = text.split()
    return tuple(found)


def ratio(one: Definition, other: Definition) -> float:
    """difflib's ratio over the tokens of two definitions."""
    matcher = difflib.SequenceMatcher(None, tokens(one.text, one.name), tokens(other.text, other.name), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= STUB and matcher.quick_ratio() >= STUB else 0.0


def successor(known: Definition, before: Commit, after: Commit) -> Definition | None:
    """What a commit makes of a definition; None where it removes it."""
    stays = after.definitions.get((known.path, known.qualified_name))
    if stays is not None and sightings.family(stays.kind) == sightings.family(known.kind):
        kept = 1.0 if stays.text == known.text else ratio(known, stays)
        if kept > STUB:
            return stays
    else:
        stays = None
    new = [
        each
        for key, each in after.definitions.items()
        if key not in before.definitions and sightings.family(each.kind) == sightings.family(known.kind)
    ]
    scores = {each.id: ratio(known, each) + 0.1 * n_names_in_common(known, each) for each in new}
    best = max(new, key=lambda each: scores[each.id], default=None)
    if stays is not None:
        return best if best is not None and scores[best.id] >= MOVED else stays
    # Short texts under other names are alike by chance.
    if best is None or (best.name != known.name and len(tokens(known.text, known.name)) < SHORT):
        return None
    return best if scores[best.id] >= SAME else None


def n_names_in_common(one: Definition, other: Definition) -> int:
    """1 for the same name, 2 for the same in a class or module of the same name."""
    names, others = one.qualified_name.split("."), other.qualified_name.split(".")
    return (names[-1] == others[-1]) + (names[-2:] == others[-2:])


def true_state(first: Definition, last: Definition | None) -> str:
    """The word for what became of a definition."""
    if last is None:
        return "orphaned"
    if (first.path, first.qualified_name) != (last.path, last.qualified_name):
        return "moved"
    return "fresh" if tokens(first.text, "") == tokens(last.text, "") else "drifted"


# -- what is said ------------------------------------------------------------------------------------------------------------


async def anchored(code: Commit, definition: Definition) -> Anchor:
    """A new anchor."""
    target = await anchors.to_symbol(code, definition.id)
    return Anchor(
        id=uuid.uuid4(),
        vault_id=uuid.uuid4(),
        memory_id=uuid.uuid4(),
        place=target.place,
        text_hash=target.text_hash,
        text=target.text,
        confirmed_path=None,
        confirmed_name=None,
        seen_hash=None,
        seen_text=None,
        symbol_id=target.symbol_id,
        state="fresh",
        created_at=NOW,
        checked_at=NOW,
        confirmed_at=NOW,
    )


def noted(anchor: Anchor, sighting: Sighting) -> Anchor:
    """The anchor as the store would keep it."""
    return replace(
        anchor,
        state=sighting.state,
        place=sighting.place,
        confirmed_path=sighting.confirmed_path,
        confirmed_name=sighting.confirmed_name,
        seen_hash=sighting.seen_hash,
        seen_text=sighting.seen_text,
        symbol_id=sighting.symbol_id or anchor.symbol_id,
    )


def touched(before: Commit, after: Commit) -> set[str]:
    """The files that a commit changes."""
    paths = before.blobs.keys() | after.blobs.keys()
    return {path for path in paths if before.blobs.get(path) != after.blobs.get(path)}


async def main() -> None:
    """Runs both ways over a repository and prints their tables."""
    options = arguments()
    repository = Repository(options.repository)
    names = repository.commits(options.end, options.commits)
    first = before = repository.read(names[0])
    everything = sorted(first.definitions.values(), key=lambda each: (each.path, each.qualified_name))
    chosen = random.Random(options.seed).sample(everything, min(options.symbols, len(everything)))
    truth: list[Definition | None] = list(chosen)
    followed = [await anchored(first, each) for each in chosen]
    start = list(followed)
    for name in names[1:]:
        after = repository.read(name)
        paths = touched(before, after)
        for number, known in enumerate(truth):
            if known is None:
                again = after.definitions.get((chosen[number].path, chosen[number].qualified_name))
                truth[number] = again if again is not None and again.path in paths else None
            elif known.path in paths:
                truth[number] = successor(known, before, after)
        numbers = {each.id: number for number, each in enumerate(followed)}
        for change in await anchors.look_after(after, followed, paths):
            followed[numbers[change.before.id]] = noted(change.before, change.after)
        before = after
    once = [noted(one, each) for one, each in zip(start, await anchors.look(before, start), strict=True)]
    repository.close()
    print(f"{options.repository}: {len(names)} commits, {len(chosen)} of {len(everything)} symbols")
    report("followed", chosen, truth, followed, options.wrong)
    report("once", chosen, truth, once, options.wrong)


def report(title: str, chosen: Sequence[Definition], truth: Sequence[Definition | None], said: Iterable[Anchor], wrong: bool) -> None:
    """Prints the confusion table, rows are the truth; what is said to be moved must also be at the right place."""
    table: Counter[tuple[str, str]] = Counter()
    for first, last, anchor in zip(chosen, truth, said, strict=True):
        state = true_state(first, last)
        here = (anchor.place.path, anchor.place.qualified_name)
        right_place = last is None or anchor.state == "orphaned" or here == (last.path, last.qualified_name)
        table[state, anchor.state if right_place else "elsewhere"] += 1
        if wrong and (state != anchor.state or not right_place):
            there = "gone" if last is None else f"{last.path} {last.qualified_name}"
            print(f"  {title}: {first.path} {first.qualified_name}: {state} ({there}), said {anchor.state} ({here[0]} {here[1]})")
    columns = [*ANCHOR_STATES, "elsewhere"]
    print(f"{title:>10} " + "".join(f"{column:>10}" for column in columns))
    for state in ANCHOR_STATES:
        print(f"{state:>10} " + "".join(f"{table[state, column]:>10}" for column in columns))
    n_right = sum(table[state, state] for state in ANCHOR_STATES)
    falsely = sum(table[state, "fresh"] for state in ANCHOR_STATES if state != "fresh")
    print(f"{'':>10} right {n_right / len(chosen):.3f}, falsely fresh {falsely}")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("repository", type=Path)
    parser.add_argument("--commits", type=int, default=400)
    parser.add_argument("--end", default="HEAD")
    parser.add_argument("--symbols", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wrong", action="store_true", help="list what is said wrongly")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main())
