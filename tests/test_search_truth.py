"""Does search find what people ask for? The questions of search_truth.toml, put to this program's own code and some memories."""

from __future__ import annotations

import asyncio
import time
import tomllib
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from database import fresh
from served import Served, served

from indexer.memory import memories
from indexer.store import connect, vaults
from indexer.store.anchors import Place, Target

pytest_plugins = ["database"]

HERE = Path(__file__).parent
TRUTH = tomllib.loads((HERE / "search_truth.toml").read_text())
#: What vectors are made of where meaning takes part: a part of the code, since making them is what such a test costs.
WITH_VECTORS = ("watch", "embed", "memory")
#: Mean reciprocal ranks among the first ten that search must reach.
BY_WORDS = 0.45
FUSED = 0.72


@dataclass(frozen=True)
class Asked:
    """A question with the names that are right."""

    question: str
    targets: tuple[str, ...]

    def rank(self, answer: Mapping[str, Any]) -> int:
        """The place of the first right result, from 1; 0 where there is none."""
        return next((n for n, item in enumerate(answer["items"], 1) if self._is_right(item)), 0)

    def _is_right(self, item: Mapping[str, Any]) -> bool:
        if item["result"] == "memory":
            return any(f"memory {tag}" in self.targets for tag in item["memory"]["tags"])
        name = "." + item["symbol"]["qualified_name"]
        return any(name.endswith("." + target) for target in self.targets)


def questions(is_there: Callable[[str], bool]) -> list[Asked]:
    """Those with a target that is there."""
    tables = [*TRUTH["code"].values(), TRUTH["memories"]]
    found = [Asked(question, tuple(targets)) for table in tables for question, targets in table.items()]
    return [each for each in found if any(is_there(target) for target in each.targets)]


def code(*folders: str) -> dict[str, str]:
    """This program's modules by path; those in some of its folders, or all."""
    package = HERE.parent / "indexer"
    paths = [path for path in package.rglob("*.py") if not folders or path.relative_to(package).parts[0] in folders]
    return {str(path.relative_to(package.parent)): path.read_text() for path in paths}


def remember_all(project: Served, dsn: str) -> None:
    """Puts the memories of the truth file into the project's vault, each with its name as a tag."""

    async def run() -> None:
        database = await connect.connect(dsn, connect.EMBEDDED, "tests")
        vault: uuid.UUID = (await vaults.of_project(database, project.root.name, str(project.root))).id
        for name, each in TRUTH["memory"].items():
            draft = memories.Draft(each["text"], each["context"], tags=[*each["tags"], name])
            about = each.get("about")
            place = about and Place("indexer/" + about.replace(".", "/") + ".py", f"indexer.{about}", "function")
            await memories.remember(database, vault, draft, [Target(place, bytes(32), "text")] if place else [])
        await database.close()

    asyncio.run(run())


def check(project: Served, asked: list[Asked], floor: float) -> None:
    """Asks everything; the mean reciprocal rank must reach the floor."""
    ranks = {each: each.rank(project.ask("search.all", query=each.question, limit=10)) for each in asked}
    mean = sum(1 / rank for rank in ranks.values() if rank) / len(ranks)
    late = "\n".join(f"{rank or '-':>3}  {each.question}" for each, rank in ranks.items() if rank != 1)
    print(f"mean reciprocal rank {mean:.3f} of {len(ranks)} questions")
    assert mean >= floor, f"mean reciprocal rank {mean:.3f} of {len(ranks)} questions; not first:\n{late}"


@pytest.fixture
def by_words(server: str, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """All of the code, without an embedder."""
    monkeypatch.setenv("INDEXER_EMBEDDER_KIND", "none")
    for dsn in fresh(server, template):
        with served(dsn, code()) as project:
            remember_all(project, dsn)
            project.ask("search.all", query="ready", sync=True)
            yield project


@pytest.fixture
def by_meaning(server: str, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A part of the code, with all vectors."""
    monkeypatch.setenv("INDEXER_EMBEDDER_KIND", "local")
    for dsn in fresh(server, template):
        with served(dsn, code(*WITH_VECTORS)) as project:
            remember_all(project, dsn)
            settle(project)
            yield project


def settle(project: Served) -> None:
    """Waits until every vector is made."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        search = project.ask("system.status")["search"]
        if search["vectors"] and not search["vectors_pending"] and not search["memory_vectors_pending"]:
            return
        time.sleep(0.2)
    raise AssertionError(f"vectors are not made: {search}")


def test_the_truth_names_what_there_is(by_words: Served) -> None:
    """Every question has a target that exists; and by words alone, the right results come early."""
    asked = questions(lambda _: True)
    assert len(asked) >= 60
    for each in asked:
        known = [target.removeprefix("memory ") in TRUTH["memory"] for target in each.targets if target.startswith("memory ")]
        found = [by_words.ask("symbols.find", name=target, fuzzy=False)["items"] for target in each.targets]
        assert any(known) or any(found), each
    check(by_words, asked, BY_WORDS)


def test_words_and_meaning_find_what_is_asked_for(by_meaning: Served) -> None:
    check(by_meaning, questions(lambda target: target.startswith((*WITH_VECTORS, "memory "))), FUSED)
