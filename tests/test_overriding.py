"""What a call through a base type may reach besides what it names, in the export."""

from __future__ import annotations

import json
from pathlib import Path

from projects import fresh_export, write

pytest_plugins = ["database"]

SOURCE = """\
class Base:
    def go(self):
        self.step()

    def step(self):
        pass


class One(Base):
    def step(self):
        super().step()


class Two(One):
    def step(self):
        pass


def use(given: Base):
    given.step()
    Base().step()
"""


async def test_overriding_definitions_are_possible(tmp_path: Path, dsn: str) -> None:
    root = write(tmp_path / "tree", {"a.py": SOURCE})
    records = [json.loads(line) for line in (await fresh_export(root, dsn)).splitlines()]
    facts = {r["line"]: r["target_line"] for r in records if r["record"] == "reference" and r["name"] == "step"}
    possible = [(r["line"], r["target_line"], r["evidence"]) for r in records if r["record"] == "possible"]
    assert facts == {3: 5, 11: 5, 20: 5, 21: 5}
    # Not of super(), which leads to the base, nor of an object that was made right there.
    assert possible == [(3, 10, "override"), (3, 15, "override"), (20, 10, "override"), (20, 15, "override")]
