"""Search on a real Python project: are functions found by what their docstrings say, and how long does an answer take?

    nice python -m tests.bench.bench_search FOLDER [--package NAME] [--queries N] [--work FOLDER]

Copies FOLDER (or its sub-folder NAME) with all docstrings taken out, indexes the copy, makes all vectors, and asks for each of N
functions by the first sentence that its docstring had. Half of the functions are for fitting weights, the other half is what is
reported. A place is counted among all symbols, and among the functions that had a docstring: others have nobody to say what they
do, and may do the same. `--work` keeps database and copy for the next run.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import contextlib
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer import config, daemon, embed
from indexer.index import pipeline
from indexer.memory import rank
from indexer.memory.search import Question, Search
from indexer.store import graph, vaults
from indexer.watch import Ignore, walk

#: Words that the first sentence of a docstring must have to be a question.
_MIN_WORDS = 4


@dataclass(frozen=True)
class Wanted:
    """A function and the sentence that describes it."""

    path: str
    name: str
    line: int
    sentence: str


#: Path and name of the functions that had a docstring.
Described = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Score:
    """How well something finds: mean reciprocal rank among the first ten, and the share found there."""

    mrr: float
    recall: float

    def __str__(self) -> str:
        return f"MRR@10 {self.mrr:.3f}  recall@10 {self.recall:.3f}"


def without_docstrings(source: Path, target: Path) -> list[Wanted]:
    """Copies Python files without docstrings, line for line; the functions that had one."""
    found = []
    for file in sorted(source.rglob("*.py")):
        path = file.relative_to(source)
        text = file.read_text(encoding="utf-8", errors="replace")
        try:
            stripped, wanted = _stripped(text, str(path))
        except (SyntaxError, ValueError):
            continue
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_text(stripped, encoding="utf-8")
        found += wanted
    return found


def _stripped(text: str, path: str) -> tuple[str, list[Wanted]]:
    lines, wanted = text.splitlines(), []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            continue
        docstring = ast.get_docstring(node)
        if docstring is None:
            continue
        expression = node.body[0]
        assert isinstance(expression, ast.Expr)
        indent = " " * expression.col_offset
        has_body = len(node.body) > 1
        # A function of a docstring alone needs a body still.
        for number in range(expression.lineno, (expression.end_lineno or expression.lineno) + 1):
            lines[number - 1] = indent + "pass" if number == expression.lineno else ""
        sentence = " ".join(docstring.split("\n\n")[0].split()).partition(". ")[0]
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_function and has_body and len(sentence.split()) >= _MIN_WORDS:
            wanted.append(Wanted(path, node.name, node.lineno, sentence))
    return "\n".join(lines) + "\n", wanted


async def main(options: argparse.Namespace) -> None:
    work = Path(options.work or tempfile.mkdtemp(prefix="bench-search-"))
    tree = work / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    source = Path(options.folder)
    wanted = without_docstrings(source / options.package, tree / options.package)
    wanted = [Wanted(os.path.join(options.package, each.path), each.name, each.line, each.sentence) for each in wanted]
    chosen = random.Random(5).sample(wanted, min(options.queries, len(wanted)))
    environ = {"INDEXER_HOME": str(work / "home"), "XDG_CONFIG_HOME": str(work / "config"), "PATH": os.environ["PATH"]}
    os.environ["INDEXER_HOME"] = environ["INDEXER_HOME"]
    settings = config.load(tree, environ)
    try:
        async with daemon.opened(settings) as here:
            await _index(settings, here)
            async with _searching(here, embed.Settings(), work / "fused") as fused:
                await _filled(fused)
                await _report(fused, here, chosen, frozenset((each.path, each.name) for each in wanted))
    finally:
        if not options.work:
            shutil.rmtree(work)


async def _index(settings: config.Config, here: daemon.Open) -> None:
    ignore = Ignore(settings.root)
    try:
        listing = walk(settings.root, ignore, settings.index.max_files, is_wanted=pipeline.is_candidate)
        changed, gone = here.line.suspects((entry.path, entry.signature) for entry in listing)
        await here.line.index(changed, gone)
    finally:
        ignore.close()


@contextlib.asynccontextmanager
async def _searching(here, settings, folder):  # type: ignore[no-untyped-def]
    vault = await vaults.of_project(here.store.database, here.project.name, here.project.root)
    search = Search(here.store.database, here.line.project, vault.id, embed.embedder(settings), folder)
    task = asyncio.create_task(search.run())
    try:
        started = time.monotonic()
        await search.symbols.wait_for(600)
        print(f"{search.status().n_symbols:,} symbols indexed for words in {time.monotonic() - started:.1f} s")
        yield search
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _filled(search: Search) -> None:
    started, before = time.monotonic(), -1
    while True:
        status = search.status()
        if search.symbols.are_vectors_loaded:
            before = status.n_vectors if before < 0 else before
            if not status.n_vectors_pending:
                break
        await asyncio.sleep(0.5)
    made, seconds = status.n_vectors - before, time.monotonic() - started
    print(f"{status.n_vectors:,} vectors, {made:,} of them made in {seconds:.0f} s ({made / seconds:.0f}/s)")


async def _report(search: Search, here: daemon.Open, chosen: Sequence[Wanted], described: Described) -> None:
    half = len(chosen) // 2
    for name, part in (("for fitting", chosen[:half]), ("reported", chosen[half:])):
        print(f"\n{name}: {len(part)} functions by their first sentence {'among all':>20}{'among described':>36}")
        print(f"  fused    {await _fused(search, part, described)}", flush=True)
    # The same index without the embedder is search by words alone.
    async with _searching(here, embed.Settings(kind="none"), search.symbols.index.folder.parent.parent / "words") as by_words:
        print(f"  words    {await _fused(by_words, chosen[half:], described)}")
    print(f"  meaning  {await _by_meaning(search, here, chosen[half:], described)}")


async def _fused(search: Search, chosen: Sequence[Wanted], described: Described) -> str:
    ranks = []
    for each in chosen:
        question = Question(each.sentence, memories=None, limit=100)
        # The first time may be answered without the embedder.
        await search.ask(question)
        found = await search.ask(question)
        ranks.append(_ranks([(hit.symbol.path, hit.symbol.name) for hit in found.hits if hit.symbol is not None], each, described))
    return _scores(ranks)


async def _by_meaning(search: Search, here: daemon.Open, chosen: Sequence[Wanted], described: Described) -> str:
    embedder = embed.embedder(embed.Settings())
    ranks = []
    try:
        for each in chosen:
            [vector] = await embedder.embed([each.sentence], is_query=True)
            assert search.symbols.vectors is not None
            near = search.symbols.vectors.nearest(vector, rank.TOP)
            symbols = await graph.symbols(here.store.database, here.project.id, list(near))
            ranks.append(_ranks([(symbol.path, symbol.name) for symbol in symbols], each, described))
    finally:
        await embedder.close()
    return _scores(ranks)


def _ranks(found: Sequence[tuple[str, str]], wanted: Wanted, described: Described) -> tuple[int, int]:
    """The places of a function among all that was found, and among the described functions there; 0 where it is not."""
    key = (wanted.path, wanted.name)
    if key not in found:
        return 0, 0
    before = found[: found.index(key)]
    return len(before) + 1, sum(each in described for each in before) + 1


def _scores(ranks: Sequence[tuple[int, int]]) -> str:
    return f"{_score([each for each, _ in ranks])}   {_score([each for _, each in ranks])}"


def _score(ranks: Sequence[int]) -> Score:
    first = [place if place <= 10 else 0 for place in ranks]
    return Score(
        statistics.fmean(1 / place if place else 0.0 for place in first), statistics.fmean(place > 0 for place in first)
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--package", default=".")
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--work")
    asyncio.run(main(parser.parse_args()))
