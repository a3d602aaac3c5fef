"""The index in other programs' formats, read back by readers that share nothing with the writers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from accuracy import scip
from accuracy.facts import Position
from shells import Shell

from indexer import errors, protobuf

pytest_plugins = ["shells"]


def exported(shell: Shell, kind: str, project: Path | None = None) -> bytes:
    """What an export prints."""
    command = [sys.executable, "-m", "indexer", "export", "--format", kind, "--sync", "--project", str(project or shell.root)]
    return subprocess.run(command, env=shell.environ, check=True, capture_output=True).stdout


def test_scip_says_where_symbols_are_defined_and_used(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "index.scip"
    path.write_bytes(exported(shell, "scip"))
    index = scip.read_index(path, shell.root)
    assert index.paths == {"app/__init__.py", "app/http.py", "app/main.py", "app/double.py"}
    used = index.used_at(Position("app/main.py", 5, 4))
    assert used is not None
    assert used.symbol == "indexer . project . `app/http.py`/parse_header()."
    assert index.targets(used) == {("app/http.py", 8)}
    # An import is no symbol of its own, but a use of what it brings in.
    imported = index.used_at(Position("app/main.py", 1, 30))
    assert imported is not None
    assert imported.symbol == used.symbol
    assert scip.sort_of("indexer . project . `app/http.py`/Request#read().") == "function"
    assert index.definitions["indexer . project . `app/http.py`/Request#read()."] == {("app/http.py", 4)}


def test_scip_tells_about_symbols(shell: Shell) -> None:
    source = (
        "class Base:\n    def run(self):\n        '''Runs.'''\n\n\nclass Mine(Base):\n    def run(self):\n        pass\n\n\n"
        "def twice():\n    pass\n\n\ndef twice():\n    pass\n"
    )
    path = shell.root / "app" / "bases.py"
    path.write_text(source)
    try:
        documents = [
            dict_of(value) for number, value in protobuf.fields(exported(shell, "scip")) if number == 2 and not isinstance(value, int)
        ]
    finally:
        path.unlink()
    (document,) = [each for each in documents if each[1] == [b"app/bases.py"]]
    assert (document[4], document[6]) == ([b"python"], [1])
    told = {bytes(info[1][0]).decode().rpartition("/")[2]: info for info in map(dict_of, document[3])}
    assert set(told) == {"", "Base#", "Base#run().", "Mine#", "Mine#run().", "twice().", "twice(+1)."}
    assert told["Base#run()."][3] == [b"Runs."]
    assert told["Base#run()."][5] == [26]
    assert dict_of(told["Base#run()."][7][0]) == {4: [b"python"], 5: [b"def run(self)"]}
    for name, base in (("Mine#", b"Base#"), ("Mine#run().", b"Base#run().")):
        (relationship,) = map(dict_of, told[name][4])
        assert relationship[1][0].endswith(b"/" + base)
        assert relationship[3] == [1]


def dict_of(message: bytes) -> dict[int, list[bytes]]:
    """The fields of a message, by number."""
    found: dict[int, list[bytes]] = {}
    for number, value in protobuf.fields(message):
        found.setdefault(number, []).append(value if isinstance(value, int) else bytes(value))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("broken", [b"\xff" * 20, b"\x0a\x05ab", b"\x0f", b"\x80"])
def test_what_is_no_message_is_refused(broken: bytes) -> None:
    with pytest.raises(errors.InvalidRequest, match="no protobuf message"):
        list(protobuf.fields(broken))


def test_tags_are_sorted_and_name_scope_and_kind(shell: Shell) -> None:
    lines = exported(shell, "ctags").decode().splitlines()
    assert lines == sorted(lines)
    assert "!_TAG_FILE_SORTED\t1\t/0=unsorted, 1=sorted, 2=foldcase/" in lines
    tags = [line.split("\t") for line in lines if not line.startswith("!")]
    assert ["Request", "app/http.py", '1;"', "class", "line:1", "language:python", "end:5"] in tags
    (read,) = [tag for tag in tags if tag[0] == "read"]
    assert read[1:4] == ["app/http.py", '4;"', "method"]
    assert {"class:app.http.Request", "signature:(self)"} <= set(read)
    assert [tag[1] for tag in tags if tag[0] == "serve"] == ["app/double.py", "app/http.py"]
    # What is imported is defined elsewhere.
    assert [tag[1] for tag in tags if tag[0] == "parse_header"] == ["app/http.py"]


def test_dot_has_a_node_a_symbol_and_an_arrow_a_relationship(shell: Shell) -> None:
    text = exported(shell, "dot").decode()
    assert text.startswith('digraph "project" {\n')
    assert text.endswith("}\n")
    nodes = {name: node for node, name in re.findall(r'^    (n\d+) \[label="([^"]+)"', text, re.MULTILINE)}
    assert f"  {nodes['app.main.main']} -> {nodes['app.http.parse_header']} [label=calls];\n" in text
