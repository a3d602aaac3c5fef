"""What the local embedder costs, and how well its vectors find code: `python tests/bench/bench_embed.py
TREE`.

TREE has Python files; every function with a docstring in it is one text and one question. The docstring is
removed from the function, its first sentence asks for it, and the function should come first (mean reciprocal
rank and recall, both at 10). Costs: start, texts a second, CPU a text, a query's latency alone and under
background work, and the worker's memory.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import json
import os
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import processes

from indexer import embed
from indexer.embed import texts

_QUERY = "how do we retry uploads after a timeout?"
_N_QUERIES = 200


@dataclass(frozen=True)
class Function:
    """One function without its docstring, and the question for it."""

    question: str
    qualified_name: str
    path: str
    code: str


@dataclass(frozen=True)
class Figures:
    """The results; times are of the wall clock unless they say CPU."""

    n_texts: int
    first_query_s: float
    texts_per_s: float
    cpu_ms_per_text: float
    query_ms_p50: float
    query_ms_p95: float
    loaded_query_ms_p50: float
    loaded_query_ms_p95: float
    resident_mb: float
    mrr_at_10: float
    recall_at_10: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", type=Path, help="the tree to read; nothing is written into it")
    parser.add_argument("--functions", type=int, default=1500, metavar="N", help="how many, drawn at random")
    parser.add_argument("--threads", type=int, default=0, metavar="N", help="0: one a core, at most 4")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    options = parser.parse_args()
    found = list(_functions(options.tree.resolve()))
    random.Random(1).shuffle(found)
    figures = asyncio.run(_measure(found[: options.functions], options.threads))
    for name, value in asdict(figures).items():
        print(f"{name:>20} {value:10.3f}" if isinstance(value, float) else f"{name:>20} {value:6d}")
    if options.json is not None:
        options.json.write_text(json.dumps(asdict(figures), indent=1) + "\n")


async def _measure(functions: Sequence[Function], threads: int) -> Figures:
    embedder = embed.embedder(embed.Settings(threads=threads))
    start = time.perf_counter()
    await embedder.embed([_QUERY], is_query=True)
    first_query_s = time.perf_counter() - start
    alone = await _query_times(embedder, None)

    documents = [texts.symbol_text(each.qualified_name, each.path, each.code) for each in functions]
    start, cpu = time.perf_counter(), processes.total_cpu()
    vectors = await embedder.embed(documents)
    seconds, cpu = time.perf_counter() - start, processes.total_cpu() - cpu

    questions = await embedder.embed([each.question for each in functions])
    loaded = await _query_times(embedder, asyncio.create_task(embedder.embed(documents)))
    resident_mb = sum(map(_resident_mb, (stat.pid for stat in processes.descendants())))
    await embedder.close()

    similarity = np.asarray(questions) @ np.asarray(vectors).T
    ranks = 1 + (similarity > similarity.diagonal()[:, np.newaxis]).sum(axis=1)
    return Figures(
        n_texts=len(documents),
        first_query_s=first_query_s,
        texts_per_s=len(documents) / seconds,
        cpu_ms_per_text=1e3 * cpu / len(documents),
        query_ms_p50=float(np.quantile(alone, 0.5)),
        query_ms_p95=float(np.quantile(alone, 0.95)),
        loaded_query_ms_p50=float(np.quantile(loaded, 0.5)),
        loaded_query_ms_p95=float(np.quantile(loaded, 0.95)),
        resident_mb=resident_mb,
        mrr_at_10=float(np.where(ranks <= 10, 1 / ranks, 0).mean()),
        recall_at_10=float((ranks <= 10).mean()),
    )


async def _query_times(embedder: embed.Embedder, background: asyncio.Task[object] | None) -> list[float]:
    """Milliseconds of each query; with background work, of those that were answered before its end."""
    times = []
    for _ in range(_N_QUERIES):
        start = time.perf_counter()
        await embedder.embed([_QUERY], is_query=True)
        times.append(1e3 * (time.perf_counter() - start))
        # A person's pace, or the queries alone would keep a core busy.
        await asyncio.sleep(0.02)
        if background is not None and background.done():
            break
    if background is not None:
        background.cancel()
    return times


def _functions(tree: Path) -> Iterator[Function]:
    for path in sorted(tree.rglob("*.py")):
        try:
            source = path.read_text()
            parsed = ast.parse(source)
        except (UnicodeDecodeError, SyntaxError):
            continue
        place = path.relative_to(tree).as_posix()
        yield from _functions_in(parsed, place.removesuffix(".py").replace("/", "."), place, source.split("\n"))


def _functions_in(node: ast.AST, prefix: str, path: str, lines: list[str]) -> Iterator[Function]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        name = f"{prefix}.{child.name}"
        documentation = ast.get_docstring(child)
        if not isinstance(child, ast.ClassDef) and documentation and len(child.body) > 1:
            question = re.split(r"(?<=[.!?])\s|\n\n", documentation.strip())[0].replace("\n", " ")
            if len(question.split()) >= 4:
                docstring = child.body[0]
                before, after = lines[child.lineno - 1 : docstring.lineno - 1], docstring.end_lineno or 0
                yield Function(question, name, path, "\n".join(before + lines[after : child.end_lineno]))
        yield from _functions_in(child, name, path, lines)


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
