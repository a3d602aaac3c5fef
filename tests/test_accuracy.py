"""The yardstick itself: what it takes for true, what it refuses to decide, and how it counts."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
from accuracy import compare, facts, pycg, python_truth, report, scip, suites, truth
from accuracy.facts import Place, Position
from accuracy.python_tree import Tree

_MARK = re.compile(r"#\s*(?P<name>\w+) -> (?P<target>\S+)")


def tree_of(root: Path, files: dict[str, str]) -> Tree:
    for path, source in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(source)
    return Tree(root, facts.files_of(root, [".py"]))


def check_calls(root: Path, files: dict[str, str]) -> None:
    """Each `# name -> path:line` says what truth holds of the call of `name` in its line; `?`: undecided."""
    truth = {(s.position.path, s.position.line, s.name): s.targets for s in python_truth.call_sites(tree_of(root, files))}
    checked = 0
    for path, source in files.items():
        for line, text in enumerate(source.splitlines(), 1):
            for mark in _MARK.finditer(text):
                targets = truth.get((path, line, mark["name"]))
                said = "?" if targets is None else " ".join(map(str, sorted(targets))) or "outside"
                assert said == mark["target"], f"{path}:{line}: {text}"
                checked += 1
    assert checked


CALLS = {
    "imports of every form": {
        "app/__init__.py": "from .core import make as build\nfrom .stars import *\n",
        "app/core.py": "def make(): pass\ndef twice(): pass\ndef twice(): pass\nclass Thing: pass\n",
        "app/stars.py": "__all__ = ['starred']\ndef starred(): pass\ndef hidden(): pass\n",
        "use.py": (
            "import os.path\nimport app.core as core\nimport app.core\nimport numpy\n"
            "from app import build, starred, hidden\nfrom app.core import Thing, twice, make\n"
            "build()  # build -> app/core.py:1\n"
            "core.make()  # make -> app/core.py:1\n"
            "app.core.Thing()  # Thing -> app/core.py:4\n"
            "starred()  # starred -> app/stars.py:2\n"
            "hidden()  # hidden -> ?\n"
            "twice()  # twice -> ?\n"
            "os.path.join()  # join -> outside\n"
            "numpy.zeros()  # zeros -> outside\n"
            "len()  # len -> outside\n"
            "def shadow(Thing):\n    Thing()  # Thing -> ?\n"
            "def rebound():\n    from app.core import make\n    make = make or 0\n    make()  # make -> ?\n"
            "def inner():\n    def make(): pass\n    make()  # make -> use.py:23\n"
            "[make() for make in ()]  # make -> ?\n"
        ),
    },
    "relative imports stay below their own root": {
        "one/pkg/__init__.py": "",
        "one/pkg/a.py": ("from .b import f\nfrom . import b\nf()  # f -> one/pkg/b.py:1\nb.f()  # f -> one/pkg/b.py:1\n"),
        "one/pkg/b.py": "def f(): pass\n",
        "two/pkg/__init__.py": "",
        "two/pkg/b.py": "def f(): pass\n",
        "two/use.py": "from pkg.b import f\nf()  # f -> ?\n",
    },
    "methods by the order of bases": {
        "m.py": (
            "import threading\n"
            "from elsewhere import Unknown\n"
            "class Base:\n"
            "    def shared(self): pass\n"
            "    def attribute(self): pass\n"
            "class Left(Base):\n"
            "    def shared(self): super().shared()  # shared -> m.py:4\n"
            "class Right(Base):\n"
            "    def shared(self): pass\n"
            "    def right(self): pass\n"
            "class Both(Left, Right):\n"
            "    def __init__(self):\n"
            "        self.attribute = print\n"
            "        self.shared()  # shared -> m.py:7\n"
            "        self.right()  # right -> m.py:10\n"
            "        self.attribute()  # attribute -> ?\n"
            "        self.nowhere()  # nowhere -> ?\n"
            "        (lambda: self.right())()  # right -> m.py:10\n"
            "    @classmethod\n"
            "    def made(cls): return cls.shared()  # shared -> m.py:7\n"
            "    @staticmethod\n"
            "    def static(self): self.right()  # right -> ?\n"
            "    def past(self): super(Left, self).shared()  # shared -> m.py:9\n"
            "class Late(Unknown, Base):\n"
            "    def own(self): pass\n"
            "    def call(self):\n"
            "        self.own()  # own -> m.py:25\n"
            "        self.shared()  # shared -> ?\n"
            "class Worker(threading.Thread, Base):\n"
            "    def call(self):\n"
            "        self.start()  # start -> outside\n"
            "        self.shared()  # shared -> m.py:4\n"
            "Both.made()  # made -> m.py:20\n"
        ),
    },
}


@pytest.mark.parametrize("files", CALLS.values(), ids=CALLS.keys())
def test_truth_about_calls_is_right_or_silent(tmp_path: Path, files: dict[str, str]) -> None:
    check_calls(tmp_path, files)


def test_symbols_have_their_names_positions_and_qualified_names(tmp_path: Path) -> None:
    source = "class A:\n    async def m(self):\n        def inner(): pass\n@d\ndef d(): pass\n"
    found = python_truth.symbols(tree_of(tmp_path, {"src/p/__init__.py": "", "src/p/q.py": source}))
    assert sorted((s.qualified_name, s.position[1:], s.group) for s in found) == [
        ("p.q.A", (1, 6), "type"),
        ("p.q.A.m", (2, 14), "callable"),
        ("p.q.A.m.inner", (3, 12), "callable"),
        ("p.q.d", (5, 4), "callable"),
    ]


def symbol(path: str, line: int, column: int, name: str, qualified_name: str, kind: str) -> dict[str, object]:
    return {
        "record": "symbol",
        "id": f"{path}:{line}:{column}",
        "path": path,
        "line": line,
        "column": column,
        "end_line": line,
        "end_column": 0,
        "name": name,
        "qualified_name": qualified_name,
        "type": kind,
        "kind": kind,
        "language": "python",
        "container": None,
    }


def call(path: str, line: int, column: int, source: str | None, target: str | None) -> dict[str, object]:
    place = target.split(":") if target else [None, None]
    return {
        "record": "reference",
        "path": path,
        "line": line,
        "column": column,
        "name": "f",
        "role": "calls",
        "source": source,
        "target": target,
        "target_path": place[0],
        "target_line": int(place[1]) if place[1] else None,
        "confidence": 0.9 if target else None,
        "evidence": "import" if target else "unresolved",
    }


def export_of(*records: dict[str, object]) -> facts.Export:
    return facts.read_export(json.dumps(record) for record in records)


def test_sites_are_counted_by_what_was_answered() -> None:
    inside, here = frozenset({Place("a.py", 1)}), "import:function"
    truth = [
        facts.TrueSite(Position("b.py", 1, 0), "f", inside, here),
        facts.TrueSite(Position("b.py", 2, 0), "f", inside, here),
        facts.TrueSite(Position("b.py", 3, 0), "f", inside, here),
        facts.TrueSite(Position("b.py", 4, 0), "f", inside, here),
        facts.TrueSite(Position("b.py", 5, 0), "f", frozenset(), "import:outside"),
        facts.TrueSite(Position("b.py", 6, 0), "f", frozenset(), "import:outside"),
    ]
    judged = compare.compare_sites(
        truth,
        export_of(
            call("b.py", 1, 0, None, "a.py:1:4"),
            call("b.py", 2, 0, None, "c.py:1:4"),
            call("b.py", 3, 0, None, None),
            call("b.py", 5, 0, None, "a.py:1:4"),
            call("b.py", 6, 0, None, None),
        ),
    )
    assert judged.total() == compare.SiteTally(1, 1, 2, 1, 1)
    assert judged.total("import:f").recall == 0.25
    assert judged.total().precision == pytest.approx(1 / 3)
    assert [miss.position.line for miss in judged.misses] == [2, 3, 4, 5]
    assert sum(judged.answers.values()) == 3


def test_symbols_are_counted_by_position_and_name(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"m.py": "def f(): pass\nclass C: pass\ndef g(): pass\n"})
    export = export_of(
        symbol("m.py", 1, 4, "f", "m.f", "function"),
        symbol("m.py", 2, 6, "C", "m.D", "class"),
        symbol("m.py", 3, 5, "g", "m.g", "function"),
        symbol("other.py", 1, 4, "f", "other.f", "function"),
    )
    judged = compare.compare_symbols(python_truth.symbols(tree), export, ["m.py"])
    assert (judged.recall("callable"), judged.precision("callable")) == (0.5, 0.5)
    assert (judged.recall("type"), judged.wrong_qualified_name["type"]) == (1.0, 1)
    assert sorted({miss.construct for miss in judged.misses}) == [
        "missing callable",
        "spurious callable",
        "wrong qualified name",
    ]


def test_call_graph_edges_are_named_as_the_benchmark_names_them(tmp_path: Path) -> None:
    source = "class B:\n    def __init__(self): pass\nclass C(B): pass\ndef f(): return C()\n(lambda: f())()\n"
    tree_of(tmp_path, {"main.py": source})
    expected = {
        "main": ["main.<lambda1>"],
        "main.<lambda1>": ["main.f"],
        "main.f": ["main.B.__init__", "<builtin>.print"],
        "main.B.__init__": [],
    }
    (tmp_path / "callgraph.json").write_text(json.dumps(expected))
    export = export_of(
        {**symbol("main.py", 1, 0, "main", "main", "module")},
        symbol("main.py", 4, 4, "f", "main.f", "function"),
        call("main.py", 4, 16, "main.py:4:4", "main.py:3:6"),
        call("main.py", 5, 9, "main.py:1:0", "main.py:4:4"),
    )
    case = pycg.judge(tmp_path, "case", export)
    assert case.facts == case.expected == {("main", "main.f"), ("main.f", "main.B.__init__")}
    assert case.n_into_lambdas == 1


def message(*fields: tuple[int, int | bytes]) -> bytes:
    """A protobuf message of small integers and of bytes below 128 long."""
    parts = []
    for number, value in fields:
        if isinstance(value, int):
            parts.append(bytes([number << 3, value]))
        else:
            parts.append(bytes([number << 3 | 2, len(value)]) + value)
    return b"".join(parts)


def test_scip_columns_become_bytes_and_only_foreign_symbols_are_outside(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("def f(): 'ä', f(), g(), h()\n")
    occurrences = [
        message((1, bytes([0, 4, 5])), (2, b"s m own 1 f()."), (3, 1)),
        message((1, bytes([0, 14, 15])), (2, b"s m own 1 f().")),
        message((1, bytes([0, 19, 20])), (2, b"s m other 1 g().")),
        message((1, bytes([0, 24, 25])), (2, b"s m own 1 h().")),
    ]
    document = message((1, b"m.py"), *((2, occurrence) for occurrence in occurrences))
    (tmp_path / "index.scip").write_bytes(bytes([2 << 3 | 2, len(document) & 0x7F | 0x80, len(document) >> 7]) + document)
    index = scip.read_index(tmp_path / "index.scip", tmp_path)
    meant = {}
    for column in (15, 20, 25):
        used = index.used_at(Position("m.py", 1, column))
        assert used is not None
        meant[column] = index.targets(used)
    assert meant == {15: {Place("m.py", 1)}, 20: frozenset(), 25: None}


def test_truth_makers_are_asked_once_and_refused_files_are_left_out(tmp_path: Path) -> None:
    maker = tmp_path / "maker.py"
    maker.write_text(
        "import json, sys\n"
        "for path in sys.stdin.read().split():\n"
        "    print(json.dumps({'file': path, 'errors': int(path == 'broken.x')}))\n"
        "    at = {'path': path, 'line': 1, 'column': 0}\n"
        "    print(json.dumps({'symbol': 'f', **at, 'group': 'callable', 'kinds': ['function'], 'optional': True}))\n"
        "    print(json.dumps({'call': 'g', **at, 'form': 'name', 'sort': 'function', 'targets': []}))\n"
        "    print(json.dumps({'skipped': path, 'line': 2}))\n"
    )
    command = [sys.executable, str(maker)]
    first = truth.made_by(command, maker, ["a.x", "broken.x"], tmp_path)
    again = truth.made_by(["false"], maker, ["a.x", "broken.x"], tmp_path)
    assert first == again
    assert (first.paths, first.unjudged) == (("a.x",), ("broken.x",))
    assert [symbol.is_required for symbol in first.symbols] == [False]
    assert [(site.construct, site.targets) for site in first.sites] == [("name:outside", frozenset())]
    export = export_of(symbol("a.x", 2, 0, "h", "a.h", "function"), symbol("a.x", 3, 0, "i", "a.i", "function"))
    judged = compare.compare_symbols(first.symbols, export, first.paths, first.unknown)
    assert (judged.missing, judged.spurious) == ({}, {"callable": 1})


def test_a_calibration_table_keeps_what_was_not_measured() -> None:
    here = facts.TrueSite(Position("b.py", 1, 0), "f", frozenset({Place("a.py", 1)}), "name:function")
    sites = [dataclasses.replace(here, position=Position("b.py", line, 0)) for line in range(1, 61)]
    records = [call("b.py", line, 0, None, "a.py:1:4" if line > 6 else "c.py:9:4") for line in range(1, 61)]
    export = export_of(symbol("b.py", 1, 0, "b", "b", "module"), *records)
    measured = suites.Measurement("scip", "p", "python", 1, compare.compare_sites(sites, export))
    table = {"default": {"scope": 0.9}, "python": {"scope": 0.8, "import": 0.1}}
    assert tomllib.loads(report.calibrated([measured], table)) == {
        "default": {"scope": 0.9, "import": round(55 / 62, 2)},
        "python": {"scope": 0.8, "import": round(55 / 62, 2)},
    }
    assert "0.9000" in report.tables([measured], 1)
