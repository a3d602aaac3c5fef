"""Remembers one thing after another until it is killed, and says on its output what has been acknowledged.

python memory_writer.py DSN VAULT    →    a line "ID NUMBER" for each
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
import uuid

from indexer import errors
from indexer.memory import memories
from indexer.memory.memories import Draft
from indexer.store import connect
from indexer.store.anchors import Place, Target


def text_of(run: str, number: int) -> str:
    """What the memory of this number says; every tenth is large."""
    return f"{run} {number} " + "We retry because the storage drops connections. " * (2000 if number % 10 == 0 else 5)


async def main(dsn: str, vault: uuid.UUID) -> None:
    """Goes on across restarts of the server."""
    database = await connect.connect(dsn, connect.EMBEDDED, "writer")
    run, number = uuid.uuid4().hex, 0
    while True:
        number += 1
        text = text_of(run, number)
        target = Target(Place("a.py", f"a.f{number}", "function"), hashlib.sha256(text.encode()).digest(), text[:100])
        try:
            said = await memories.remember(database, vault, Draft(text, tags=[run]), [target])
        except errors.Unavailable:
            continue
        print(said.memory.id, run, number, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], uuid.UUID(sys.argv[2])))
