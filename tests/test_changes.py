"""A project that is kept resolved while its files change says the same as one that is resolved afresh, in languages of each kind."""

from __future__ import annotations

import changing_sources
import histories
import pytest
from histories import Files

CHANGES = 12
RUNS = "class A:\n    def run(self): pass\nclass B:\n    def run(self): pass\n"
#: What a file may say to others, by what it says: the other files, then the file before and after.
SAID: dict[str, tuple[dict[str, str], str, str, str]] = {
    "which argument is given back": (
        {"a.py": f"from b import f\n{RUNS}f(A(), B()).run()\n"},
        "b.py", "def f(x, y):\n    return x\n", "def f(x, y):\n    return y\n",
    ),
    "that a parameter takes all arguments": (
        {"a.py": f"from b import f\n{RUNS}f(A(), B()).run()\n"},
        "b.py", "def f(x, y):\n    return y\n", "def f(*x, y):\n    return y\n",
    ),
    "the bases of the first of two classes of a name": (
        {"a.py": "from b import C\nC().run()\n"},
        "b.py",
        f"{RUNS}if x:\n    class C(A): pass\nelse:\n    class C(B): pass\n",
        f"{RUNS}if x:\n    class C(B): pass\nelse:\n    class C(B): pass\n",
    ),
    "which of two classes of a name has a member": (
        {"a.py": "from b import C\nC().run()\n"},
        "b.py",
        "if x:\n    class C:\n        def run(self): pass\nelse:\n    class C: pass\n",
        "if x:\n    class C: pass\nelse:\n    class C:\n        def run(self): pass\n",
    ),
    "the size of a part of a class": (
        {"a.rb": "class A\n  def x; end\n  def y; end\nend\n", "c.rb": "puts A\n"},
        "b.rb", "class A\n  def z; end\nend\n", "class A\n  def z; end\n  def w; end\n  def v; end\nend\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SAID)
def test_what_a_file_says_is_heard(what: str) -> None:
    others, path, before, after = SAID[what]
    files = {other: source.encode() for other, source in others.items()}
    assert histories.fresh({**files, path: before.encode()}) != histories.fresh({**files, path: after.encode()})
    assert histories.differs({**files, path: before.encode()}, {**files, path: after.encode()}) == []


def test_what_is_found_from_one_file_is_not_taken_for_another() -> None:
    # The first file names itself, which for it is nobody.
    files = {"more.sh": b". ./more.sh\n", "other.sh": b". ./more.sh\n"}
    assert any("('more.sh'" in line for line in histories.fresh(files)["other.sh"])


#: Groups of languages that others hold.
HELD = {"java", "kotlin", "scala", "c"}


@pytest.mark.parametrize("name", ["rust", "c-cpp", "swift", "go", *(f"+{group}" for group in changing_sources.GROUPS if group not in HELD)])
def test_live_equals_fresh(name: str) -> None:
    world, kept = histories.World(name, 0), histories.Kept()
    kept.change(world.files)
    for _ in range(CHANGES):
        before: Files = dict(world.files)
        deed = world.step()
        kept.change(world.files)
        different = histories.differences(kept.answers, histories.fresh(world.files))
        assert different == [], (deed, histories.shrunk(before, dict(world.files)))
