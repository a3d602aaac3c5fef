"""Search on a real Python project: are functions found by what their docstrings say, and how long does an answer take?

    nice python -m tests.bench.bench_search FOLDER [--package NAME] [--queries N] [--work FOLDER]

Copies FOLDER (or its sub-folder NAME) with all docstrings taken out, indexes the copy, makes all vectors, and asks for each of N
functions by the first sentence that its docstring had. Half of the functions are for fitting weights, the other half is what is
reported. `--work` keeps database and copy for the next run.
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
from indexer.memory import rank
from indexer.memory.search import Question, Search
from indexer.store import vaults
from indexer.watch import Ignore, walk

#: Letters that the first sentence of a docstring must have to be a question.
_MIN_SENTENCE = 25


@dataclass(frozen=True)
class Wanted:
    """A function and the sentence that describes it."""

    path: str
    name: str
    line: int
    sentence: str


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
        # A function of a docstring alone needs a body still.
        for number in range(expression.lineno, (expression.end_lineno or expression.lineno) + 1):
            lines[number - 1] = indent + "pass" if number == expression.lineno else ""
        sentence = " ".join(docstring.split("\n\n")[0].split()).partition(". ")[0]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and len(sentence) >= _MIN_SENTENCE:
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
                await _report(fused, here, chosen)
    finally:
        if not options.work:
            shutil.rmtree(work)


async def _index(settings: config.Config, here: daemon.Open) -> None:
    ignore = Ignore(settings.root)
    try:
        listing = walk(settings.root, ignore, settings.index.max_files)
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


async def _report(search: Search, here: daemon.Open, chosen: Sequence[Wanted]) -> None:
    half = len(chosen) // 2
    for name, part in (("for fitting", chosen[:half]), ("reported", chosen[half:])):
        print(f"\n{name}: {len(part)} functions by their first sentence")
        fused, times = await _fused(search, part)
        print(f"  fused    {fused}")
        if name == "reported":
            times.sort()
            print(f"  question answered in p50 {statistics.median(times):.1f} ms, p95 {times[int(0.95 * len(times))]:.1f} ms")
    # The same index without the embedder is search by words alone.
    async with _searching(here, embed.Settings(kind="none"), search.symbols.index.folder.parent.parent / "words") as by_words:
        print(f"  words    {(await _fused(by_words, chosen[half:]))[0]}")
    print(f"  meaning  {await _by_meaning(search, here, chosen[half:])}")


async def _fused(search: Search, chosen: Sequence[Wanted]) -> tuple[Score, list[float]]:
    ranks, times = [], []
    for each in chosen:
        await search.ask(Question(each.sentence, memories=None, limit=1))
        started = time.perf_counter()
        found = await search.ask(Question(each.sentence, memories=None, limit=10))
        times.append(1000 * (time.perf_counter() - started))
        symbols = [hit.symbol for hit in found.hits if hit.symbol is not None]
        places = [n for n, symbol in enumerate(symbols, 1) if (symbol.path, symbol.name) == (each.path, each.name)]
        ranks.append(places[0] if places else 0)
    return _score(ranks), times


async def _by_meaning(search: Search, here: daemon.Open, chosen: Sequence[Wanted]) -> Score:
    embedder = embed.embedder(embed.Settings())
    ranks = []
    try:
        for each in chosen:
            [vector] = await embedder.embed([each.sentence], is_query=True)
            assert search.symbols.vectors is not None
            near = search.symbols.vectors.nearest(vector, rank.TOP)
            found = await _symbols(here, list(near)[:10])
            places = [n for n, symbol in enumerate(found, 1) if symbol == (each.path, each.name)]
            ranks.append(places[0] if places else 0)
    finally:
        await embedder.close()
    return _score(ranks)


async def _symbols(here, ids):  # type: ignore[no-untyped-def]
    from indexer.store import graph

    return [(symbol.path, symbol.name) for symbol in await graph.symbols(here.store.database, here.project.id, ids)]


def _score(ranks: Sequence[int]) -> Score:
    return Score(
        statistics.fmean(1 / place if place else 0.0 for place in ranks), statistics.fmean(place > 0 for place in ranks)
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--package", default=".")
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--work")
    asyncio.run(main(parser.parse_args()))
