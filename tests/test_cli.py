"""The command line, as a shell sees it: what it prints, where, and its exit codes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from servers import ask
from shells import Shell

from indexer import cli
from indexer.cli import commands

pytest_plugins = ["shells"]

# -- answers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["find", "parse_header"],
            [
                "app/http.py:8:5 function app.http.parse_header def parse_header(raw)",
                "app/main.py:1:31 import app.main.parse_header",
            ],
        ),
        (["find", "parseHeader", "--kind", "function"], ["app/http.py:8:5 function app.http.parse_header"]),
        (["find", "read", "--kind", "method"], ["app/http.py:4:9 method app.http.Request.read def read(self)"]),
        (
            ["outline", "app/main.py"],
            ["1:1 module", "1:22 import", "1:31 import", "4:5 function"],
        ),
        (["at", "app/main.py:5:5"], ["app/http.py:8:5 function app.http.parse_header"]),
        (["at", "app/main.py:6"], ["app/main.py:4:5 function app.main.main"]),
        (
            ["callers", "parse_header"],
            [
                "app/http.py:14:21 calls app.http.serve",
                "app/http.py:5:16 calls app.http.Request.read",
                "app/main.py:5:5 calls app.main.main",
                "app/main.py:6:5 calls app.main.main",
            ],
        ),
        (["callers", "app/http.py:8:5", "--min-confidence", "1"], []),
        (["callees", "Request.read"], ["app/http.py:5:16 calls app.http.parse_header"]),
        (["refs", "Request", "--role", "calls"], ["app/main.py:7:12 calls app.main.main"]),
        (["impact", "Request.read"], ["app/main.py:4:5 1 step app.main.main"]),
        (
            ["path", "main.main", "parse_header"],
            ["app/main.py:4:5 app.main.main", "app/main.py:5:5 calls app.http.parse_header"],
        ),
    ],
)
def test_an_answer_is_a_line_an_item(shell: Shell, arguments: list[str], expected: list[str]) -> None:
    lines = sorted(" ".join(words) for words in shell.printed(*arguments, "--sync", code=int(not expected)))
    assert len(lines) == len(expected)
    for line, start in zip(lines, sorted(expected), strict=True):
        assert line.startswith(start)


@pytest.mark.parametrize("command", ["index", "up"])
def test_modules_of_the_indexed_tree_are_never_imported(shell: Shell, tmp_path: Path, command: str) -> None:
    """Whatever folder the command is typed in."""
    marker = tmp_path / "executed"
    (tree := tmp_path / "tree").mkdir()
    for name in ("msgspec", "tree_sitter", "asyncpg", "json", "indexer", "sitecustomize"):
        (tree / f"{name}.py").write_text(f"open({str(marker)!r}, 'w')\nraise SystemExit\n")
    typed = [sys.executable, "-P", "-m", "indexer", command, "--project", str(tree)]
    done = subprocess.run(typed, cwd=tree, env=shell.environ, capture_output=True, text=True, check=False)
    shell("down", tree)
    assert done.returncode == 0, done.stderr
    assert not marker.exists()


def test_show_prints_the_code(shell: Shell) -> None:
    out, _ = shell("show", "parse_header")
    assert out.startswith("app.http.parse_header  function\napp/http.py:8:5\n")
    assert out.endswith('def parse_header(raw):\n    """Split it."""\n    return raw\n')


def test_paths_are_meant_from_here(shell: Shell) -> None:
    from_root = shell("outline", "app/http.py")
    assert shell("outline", "http.py", here="app") == from_root
    assert shell("outline", "app/http.py", here="app") == from_root, "or from the root"
    assert shell("outline", shell.root / "app/http.py", here="..") == from_root, "or from anywhere"
    assert shell("callers", "http.py:8:5", here="app") == shell("callers", "app.http.parse_header")


def test_project_and_json_stand_anywhere(shell: Shell) -> None:
    answer = shell.json("find", "parse_header")
    assert json.loads(shell("--json", "find", "parse_header")[0]) == answer
    assert json.loads(shell("find", "--json", "parse_header")[0]) == answer
    for arguments in (["--project", shell.root, "find"], ["find", "--project", shell.root]):
        assert shell.json(*arguments, "parse_header", here="..") == answer


def test_json_is_the_envelope(shell: Shell) -> None:
    answer = shell.json("callers", "parse_header", "--limit", "1")
    assert set(answer) == {"items", "total", "omitted", "note", "index", "sites_total"}
    assert (len(answer["items"]), answer["total"], answer["omitted"], answer["sites_total"]) == (1, 3, 2, 4)
    assert answer["items"][0]["sites"][0].keys() == {"path", "line", "column"}


def test_what_is_left_out_is_said_aside(shell: Shell) -> None:
    out, aside = shell("find", "serve", "--limit", "1")
    assert len(out.splitlines()) == 1
    assert "1 of 2" in aside
    assert len(shell.printed("find", "serve", "--limit", "0")) == 2
    assert shell.printed("find", "serve", "--offset", "1") == shell.printed("find", "serve")[1:]


def test_sync_sees_what_was_saved_before(shell: Shell) -> None:
    path = shell.root / "app" / "fresh.py"
    path.write_text("def just_written():\n    pass\n")
    assert shell.printed("find", "just_written", "--sync")[0][0] == "app/fresh.py:1:5"
    path.write_text("def written_again():\n    pass\n")
    assert shell.json("notify", path, "--wait")["complete"]
    assert shell.printed("find", "written_again")
    path.unlink()
    assert shell.json("sync")["complete"]
    assert "written_again" in shell("find", "written_again", code=1)[1]


def test_a_file_s_name_commands_no_terminal(shell: Shell) -> None:
    path = shell.root / "app" / "\x1b[31mred\n.py"
    path.write_text("def in_a_strange_file():\n    pass\n")
    out, _ = shell("find", "in_a_strange_file", "--sync")
    path.unlink()
    assert len(out.splitlines()) == 1
    assert "\x1b" not in out
    assert "red" in out


def test_query_is_the_wire(shell: Shell) -> None:
    params = '{"name": "parse_header"}'
    answer = json.loads(shell("query", "symbols.find", params)[0])
    assert answer == shell.json("find", "parse_header")
    assert json.loads(shell("query", "symbols.find", "-", stdin=params)[0]) == answer
    methods = json.loads(shell("query", "system.methods")[0])["items"]
    assert "symbols.find" in {method["name"] for method in methods}


def test_export_is_json_lines(shell: Shell) -> None:
    out, _ = shell("export", "--sync")
    records = [json.loads(line) for line in out.splitlines()]
    assert {"symbol", "reference", "relationship"} <= {record["record"] for record in records}
    assert shell("export")[0] == out


def test_a_reader_that_has_enough_is_no_error(shell: Shell) -> None:
    for command in ("export", "find s --limit 0"):
        done = subprocess.run(
            f"{sys.executable} -m indexer {command} | true", shell=True, cwd=shell.root, env=shell.environ,
            capture_output=True, encoding="utf-8", check=True,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        assert "error" not in done.stderr


# -- exit codes and mistakes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["find", "no_such_name"], 1, "Nothing is called no_such_name"),
        (["callers", "no_such_name"], 1, "No symbol is called no_such_name"),
        (["callers", "serve"], 2, "serve can mean 2 symbols"),
        (["fidn", "x"], 2, "Did you mean 'find'?"),
        (["find"], 2, "Missing argument 'NAME'"),
        (["find", "x", "--limit", "-1"], 2, "--limit"),
        (["find", "x", "--kin", "y"], 2, "--kind"),
        (["find", ""], 2, "name"),
        (["find", "x" * 70_000], 2, "name"),
        (["find", "x", "--project", "/no/such/folder"], 2, "There is no folder /no/such/folder"),
        (["callers", "main", "--role", "calls"], 2, "--role"),
        (["at", "app/main.py"], 2, "write FILE:LINE"),
        (["at", "app/main.py:0"], 2, "count from 1"),
        (["outline", "app/none.py"], 1, "app/none.py"),
        (["outline", "/etc/hostname"], 2, "/etc/hostname"),
        (["impact"], 2, "SYMBOL or --diff"),
        (["impact", "main.main", "--diff", "HEAD"], 2, "SYMBOL or --diff"),
        (["query", "no.method"], 2, "no.method"),
        (["query", "symbols.find", '{"nmae": "x"}'], 2, "Did you mean 'name'?"),
        (["query", "symbols.find", "[]"], 2, "JSON object"),
        (["query", "symbols.find", "{"], 2, "JSON object"),
        (["query", "symbols.find", "\udcff"], 2, "JSON object"),
    ],
)
def test_a_mistake_is_explained(shell: Shell, arguments: list[str], code: int, said: str) -> None:
    out, aside = shell(*arguments, code=code)
    assert said in aside
    assert not out


def test_candidates_of_an_ambiguous_name(shell: Shell) -> None:
    _, aside = shell("callers", "serve", code=2)
    assert [line.split() for line in aside.splitlines()[1:]] == [
        ["app/double.py:1:5", "function", "app.double.serve"],
        ["app/http.py:13:5", "function", "app.http.serve"],
    ]
    error = shell.json("callers", "serve", code=2)["error"]
    assert [each["path"] for each in error["data"]["candidates"]] == ["app/double.py", "app/http.py"]


@pytest.mark.parametrize("arguments", [["find"], ["find", "x", "--limit", "many"], ["callers", "serve"]])
def test_an_error_is_json_where_that_is_asked_for(shell: Shell, arguments: list[str]) -> None:
    error = shell.json(*arguments, code=2)["error"]
    assert isinstance(error["code"], int)
    assert error["message"]


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--help"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    for name in commands.MODULE_OF:
        assert name in listed
        assert cli.run([name, "--help"]) == 0
        assert capsys.readouterr().out.startswith(f"Usage: indexer {name}")


# -- the daemon's life -------------------------------------------------------------------------------------------


def test_a_daemon_s_life(shell: Shell, tmp_path: Path) -> None:
    environ = {"XDG_RUNTIME_DIR": tempfile.mkdtemp(prefix="indexer-")}
    project = tmp_path / "another"
    project.mkdir()
    (project / "a.py").write_text("def alone():\n    pass\n")
    at = ["--project", project]

    assert "indexer up" in shell("status", *at, code=3, **environ)[1]
    assert "indexer up" in shell("notify", project / "a.py", *at, code=3, **environ)[1]
    shell("ps", code=1, **environ)

    # A question starts it.
    assert shell.printed("find", "alone", "--sync", *at, **environ)[0][0] == "a.py:1:5"
    status = shell.json("status", *at, **environ)
    assert (status["state"], status["files"]["total"]) == ("idle", 1)
    (process,) = shell.json("ps", **environ)["items"]
    assert (process["project"], process["pid"]) == (str(project), status["pid"])
    assert str(project) in shell("ps", **environ)[0]
    shell("notify", project / "a.py", *at, **environ)
    assert "serving" in shell("logs", *at, **environ)[0]
    assert "1 python" in shell("up", project, **environ)[0]

    assert shell("down", *at, **environ)[0].startswith("Stopped")
    assert shell("down", *at, **environ)[0].startswith("No daemon ran")
    shell("ps", code=1, **environ)
    # Without a daemon.
    (project / "b.py").write_text("def another():\n    pass\n")
    assert shell.json("index", project, **environ)["extracted"] == 1
    assert "another" in shell("export", project, **environ)[0]
    shell("ps", code=1, **environ)
    shutil.rmtree(environ["XDG_RUNTIME_DIR"])


def test_settings_are_checked_before_anything_starts(shell: Shell, tmp_path: Path) -> None:
    said = shell("up", tmp_path, code=2, INDEXER_INDEX_WORKERS="some")[1]
    assert "INDEXER_INDEX_WORKERS" in said


def test_a_database_that_is_not_there(shell: Shell, tmp_path: Path) -> None:
    said = shell("index", tmp_path, code=3, INDEXER_DSN="postgresql://nobody@127.0.0.1:1/none")[1]
    assert "INDEXER_DSN" in said


def test_init_makes_a_project_of_a_folder(shell: Shell, tmp_path: Path) -> None:
    inner = tmp_path / "plain" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "plain" / ".indexer.toml").write_text("[database]\ndsn = 'postgresql://evil/x'\n")
    out, aside = shell("init", tmp_path / "plain")
    assert str(tmp_path / "plain") in out
    assert "database.dsn is not taken from a file inside the project" in aside
    assert shell.json("init", tmp_path / "plain")["notes"]


# -- the database ------------------------------------------------------------------------------------------------


def test_maintain_does_the_regular_work(shell: Shell) -> None:
    (sql,) = ask(shell.environ["INDEXER_DSN"], "SELECT count(*) FROM code_symbols WHERE reference_count > 0")
    done = shell.json("maintain")
    assert done["shared"]["n_indexes_rebuilt"] > 20
    assert sql[0] + done["counted"] > 3
    counts = ask(shell.environ["INDEXER_DSN"], "SELECT reference_count FROM code_symbols WHERE qualified_name = 'app.http.parse_header'")
    assert counts[0][0] >= 5
    out, _ = shell("maintain")
    assert "indexes rebuilt" in out
    assert "counted" in out


def test_migrate_lists_the_schema_and_is_refused_while_daemons_use_it(shell: Shell) -> None:
    dsn = shell.environ["INDEXER_DSN"]
    steps = shell.json("migrate")["items"]
    assert {step["status"] for step in steps} == {"completed"}
    assert steps[0]["name"] == "schema/001_vaults_and_memories"
    ask(dsn, "UPDATE code_schema SET checksum = 'of an earlier program' RETURNING version")
    assert [step["status"] for step in shell.json("migrate", "--status")["items"]][-2:] == ["completed", "pending"]
    refusal = shell("migrate", code=2)[1]
    assert f"in use by: indexer {shell.root}" in refusal
    assert "indexer down" in refusal
    shell("down")
    rows = shell.printed("migrate")
    assert {row[0] for row in rows[1:]} == {"completed"}
    shell("up")
