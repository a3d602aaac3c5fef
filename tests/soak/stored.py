"""Random histories through the pipeline and a real database, without watcher and daemon, so that thousands of changes take minutes.

Between changes the pipeline may be loaded anew as by a restart, its processes dropped as by a crash, and the cache of facts emptied as by
a database that crashed. After every so many changes the export must equal that of a fresh index.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import changing_sources
import database
from changing_tree import ChangingTree
from projects import WORKERS, exported

from indexer import errors, model
from indexer.database import temporary
from indexer.index import compilers, pipeline
from indexer.index.formats import scip
from indexer.memory import anchors, memories
from indexer.memory import code as memory_code
from indexer.store import anchors as stored_anchors
from indexer.store import code, connect, imported, vaults
from indexer.watch import Ignore, walk


class Stored:
    """A pipeline of a folder in a database of its own."""

    def __init__(self, root: Path, store: code.Store, line: pipeline.Pipeline, vault: uuid.UUID) -> None:
        self.root = root
        self.store = store
        self.line = line
        self._vault = vault
        self._code = memory_code.Project(store.database, line.project.id, str(root))

    async def catch_up(self) -> None:
        """Brings the index up to date with the tree."""
        ignore = Ignore(str(self.root))
        try:
            seen = walk(str(self.root), ignore, 100_000, is_wanted=pipeline.is_candidate)
            changed, gone = self.line.suspects((entry.path, entry.signature) for entry in seen)
            outcome = await self.line.index(changed, gone)
        finally:
            ignore.close()
        if outcome.changed:
            await anchors.refresh(self.store.database, self._vault, self._code, outcome.changed)

    async def remember(self, chance: random.Random) -> None:
        """Ties a memory to a random definition or file, as it is in the index."""
        records = [json.loads(line) for line in (await self.export()).splitlines()]
        symbols = [r for r in records if r["record"] == "symbol" and r["kind"] not in ("module", "import")]
        if symbols:
            symbol = chance.choice(symbols)
            # The file may have changed since it was read.
            with contextlib.suppress(errors.InvalidRequest):
                target = await (
                    anchors.to_symbol(self._code, uuid.UUID(symbol["id"]))
                    if chance.random() < 0.7
                    else anchors.to_file(self._code, symbol["path"])
                )
                await memories.remember(self.store.database, self._vault, memories.Draft(f"about {target.place}"), [target])

    async def forgotten_anchors(self) -> list[str]:
        """What a look at all anchors says otherwise than the looks after each change did."""
        tied = await stored_anchors.paths(self.store.database, self._vault)
        # Files that are ignored change unseen, so whoever asks has them looked at.
        await anchors.refresh(self.store.database, self._vault, self._code, [path for path in tied if path not in self.line.files])
        changes = await anchors.refresh(self.store.database, self._vault, self._code)
        return [f"{c.before.place} {c.before.state} -> {c.after.place} {c.after.state}" for c in changes]

    async def fresh(self) -> bytes:
        """The export of an index that is made from nothing."""
        await self.line.load()
        await self.catch_up()
        return await exported(self.store, self.line.project)

    async def drop(self) -> None:
        """Forgets all that was derived, and what compilers said."""
        await self.store.drop_project(self.line.project.id)
        await imported.forget(self.store.database, self.line.project.id)
        await self.line.load()

    async def take_imports(self, other: Stored) -> None:
        """Takes in what another one has imported."""
        project = self.line.project.id
        known = await imported.documents(other.store.database, project)
        targets = await imported.targets(other.store.database, project, [each.path for each in known])
        documents = [imported.Document(each.path, each.content_hash, targets[each.path]) for each in known if each.path in targets]
        await imported.put(self.store.database, project, documents)

    async def export(self) -> bytes:
        return await exported(self.store, self.line.project)

    async def disturb(self, chance: random.Random) -> str:
        """What a restart or a crash leaves; or what was found is taken for what a compiler says, and stays until files change."""
        kind = chance.choice(("load", "rest", "facts", "import"))
        if kind == "import":
            path = self.root.parent / "index.scip"
            with path.open("wb") as file:
                await scip.write(self.store, self.line.project, file.write)
            await compilers.scip(self.store, self.line.project, path, WORKERS.max_file_bytes)
            await self.line.note_imports()
        elif kind == "facts":
            await self.store.database.execute("TRUNCATE facts_cache")
            await self.line.rest()
        elif kind == "load":
            await self.line.load()
        else:
            await self.line.rest()
        return kind


@contextlib.asynccontextmanager
async def stored(root: Path, dsn: str) -> AsyncIterator[Stored]:
    """The pipeline of a folder, closed at the end."""
    store = await code.open_store(dsn, connect.EMBEDDED, "soak")
    project = await store.project(str(root), root.name, model.project_id(str(root)))
    line = pipeline.Pipeline(store, project, WORKERS)
    await line.load()
    try:
        vault = await vaults.of_project(store.database, root.name, str(root))
        yield Stored(root, store, line, vault.id)
    finally:
        await line.close()
        await store.close()


async def history(folder: Path, seed: int, options: argparse.Namespace, dsns: tuple[str, str]) -> tuple[int, int]:
    """One sequence; comparisons and differences."""
    root = folder / "tree"
    root.mkdir()
    if seed % 3 == 0:
        subprocess.run(["git", "init", "-q", str(root)], check=True)  # noqa: ASYNC221 (nothing else runs yet)
    groups = options.groups.split(",") if options.groups else list(changing_sources.GROUPS)
    chance = random.Random(seed)
    tree = ChangingTree(root, seed, groups[seed % len(groups)])
    done: list[str] = []
    n_compared = n_different = 0
    async with stored(root, dsns[0]) as live, stored(root, dsns[1]) as other:
        for number in range(1, options.operations + 1):
            done.append(tree.step())
            if chance.random() < 0.7:
                await live.catch_up()
            if chance.random() < 0.03:
                done.append(await live.disturb(chance))
            if chance.random() < 0.1:
                await live.remember(chance)
            if number % options.compare == 0:
                await live.catch_up()
                n_compared += 1
                if lost := await live.forgotten_anchors():
                    n_different += 1
                    print(f"seed {seed}, operation {number}: anchors {lost[:5]}, after {done[-12:]}", flush=True)
                await other.drop()
                await other.take_imports(live)
                one, two = (await live.export()).splitlines(), (await other.fresh()).splitlines()
                if one != two:
                    n_different += 1
                    missing, spurious = sorted(set(two) - set(one))[:5], sorted(set(one) - set(two))[:5]
                    print(f"seed {seed}, operation {number}: missing {missing}, spurious {spurious}, after {done[-25:]}", flush=True)
                    await live.drop()
    return n_compared, n_different


def main() -> None:
    """Runs sequences of operations and compares after every so many; ends with an error if anything differed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=50)
    parser.add_argument("--operations", type=int, default=500)
    parser.add_argument("--compare", type=int, default=10, metavar="N", help="compare after every N operations")
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    parser.add_argument("--groups", default="", help="of languages, divided by commas")
    options = parser.parse_args()
    n_compared = n_different = 0
    with tempfile.TemporaryDirectory() as home, temporary.server(Path(home)) as lease:
        server = database.named(lease.dsn, "postgres")
        asyncio.run(database.prepare(server))
        for seed in range(options.first, options.first + options.sequences):
            started = time.process_time()
            with contextlib.ExitStack() as stack:
                dsns = [stack.enter_context(contextlib.contextmanager(database.fresh)(server, database.TEMPLATE)) for _ in range(2)]
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                compared, different = asyncio.run(history(Path(folder), seed, options, (dsns[0], dsns[1])))
            n_compared += compared
            n_different += different
            print(f"seed {seed}: {compared} comparisons, {different} differences, {time.process_time() - started:.0f} s of CPU", flush=True)
    print(f"{options.sequences} sequences x {options.operations} operations, {n_compared} comparisons, {n_different} differences")
    sys.exit(bool(n_different))


if __name__ == "__main__":
    main()
