"""Memories, vaults and states on the command line: what is printed, and the exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from shells import Shell

from indexer.memory import checks

pytest_plugins = ["shells"]


def remembered(shell: Shell, *arguments: str) -> str:
    """The id of a new memory."""
    return str(shell.json("remember", *arguments)["items"][0]["id"])


def test_remember_recall_and_forget(shell: Shell) -> None:
    out, _ = shell(
        *("remember", "Headers are split lazily, since most are never read.", "--context", "code_decision"),
        *("--about", "app.http.parse_header", "--tag", "headers", "--importance", "0.8"),
    )
    first, about = out.splitlines()
    assert first.startswith("Remembered: ")
    assert first.endswith("code_decision in project")
    assert about == "  about app.http.parse_header in app/http.py [fresh]"
    memory = first.split()[1]
    out, _ = shell("recall", "why are headers split", "--sync")
    assert "Headers are split lazily" in out
    assert memory in out
    out, _ = shell("show", "app.http.parse_header")
    assert "Memories" in out
    assert memory in out
    [row] = shell.printed("memories", "--about", "app/http.py")
    assert row[:4] == [memory, "code_decision", "0.80", "working"]
    out, said = shell("forget", memory)
    assert (out.split()[1], "had back" in said) == (memory, True)
    assert "no memories" in shell("memories", "--tag", "headers", code=1)[1]
    assert shell("forget", memory, "--undo")[0].startswith("Back again")
    assert shell.json("memories", "--tag", "headers")["total"] == 1


def test_text_is_read_from_standard_input(shell: Shell) -> None:
    answer = shell.json("remember", "-", "--context", "session_summary", stdin="Done today:\n- größer\n")
    assert answer["items"][0]["content"] == "Done today:\n- größer\n"


def test_one_memory(shell: Shell) -> None:
    memory = remembered(shell, "The limit is 10.", "--about", "app/main.py:4-5")
    out, _ = shell("memory", "update", memory, "--content", "The limit is 20.", "--tag", "limits", "--expires", "2040-01-01")
    assert "The limit is 20." in out
    assert "expires 2040-01-01" in out
    assert '"The limit is 10."' in shell("memory", "history", memory)[0]
    assert "pinned" in shell("memory", "pin", memory)[0]
    other = remembered(shell, "Limits are none.")
    shell("memory", "supersede", memory, "--by", other)
    assert shell.json("memories", "--tag", "limits", code=1)["items"] == []
    shell("memory", "supersede", memory, "--undo")
    (shell.root / "app/main.py").write_text((shell.root / "app/main.py").read_text().replace('"a"', '"z"'))
    [row] = shell.printed("memories", "--drifted", "--sync")
    assert (row[0], row[4]) == (memory, "[drifted]")
    out, _ = shell("memory", "get", memory, "--sync")
    assert '+    parse_header("z")' in out
    assert "[fresh]" in shell("memory", "confirm", memory)[0]
    assert "app.http.serve" in shell("memory", "reanchor", memory, "app.http.serve")[0]


def test_many_from_a_file(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    file.write_text("".join(json.dumps({"content": f"note {n}", "context": "obsidian_note"}) + "\n" for n in range(30)))
    assert shell("memory", "add", file)[0] == "30 remembered, 0 known already.\n"
    assert shell.json("memory", "add", file) == {"added": 0, "existing": 30}
    _, said = shell("memory", "add", "-", stdin='{"content": "fine"}\nrubbish\n', code=2)
    assert "line 2" in said


def test_merging(shell: Shell) -> None:
    ids = [remembered(shell, f"Call close before the socket is {word} again.") for word in ("used", "reused")]
    out, _ = shell("memory", "duplicates")
    assert all(each in out for each in ids)
    merged = shell.json("memory", "merge", *ids, "--content", "Close sockets.")["items"][0]
    assert merged["consolidated_from"] == ids
    assert shell.json("memory", "unmerge", merged["id"])["total"] == 2


def test_vaults(shell: Shell, tmp_path: Path) -> None:
    shell("vault", "register", "team", "--type", "team")
    memory = remembered(shell, "Reviews take a day.", "--vault", "team", "--tag", "a b")
    assert "own" in shell("vault", "list")[0]
    assert "1 general" in shell("vault", "stats", "team")[0]
    assert "recall_weight = 0.5" in shell("vault", "settings", "team", "recall_weight=0.5")[0]
    assert memory in shell("recall", "reviews", "--vault", "team", "--sync")[0]
    assert "recall" in shell("memory", "uses", memory, "--vault", "team")[0]
    file = tmp_path / "team.jsonl"
    shell("vault", "export", "team", "--output", file)
    assert shell("vault", "export", "team")[0] == file.read_text()
    assert shell.json("vault", "import", file, "--vault", "copy") == {"memories": 1, "states": 0, "existing": 0}
    assert shell("vault", "export", "copy")[0].splitlines()[1:] == file.read_text().splitlines()[1:]
    assert shell("vault", "import", file, "--vault", "copy")[0] == "0 memories, 0 states, 1 existing.\n"
    assert "archived" in shell("vault", "archive", "team")[0]
    assert "unarchive" in shell("remember", "x", "--vault", "team", code=2)[1]
    assert "There is no vault nowhere." in shell("recall", "x", "--vault", "nowhere", code=1)[1]
    assert "line 1" in shell("vault", "import", "-", stdin="rubbish", code=2)[1]


def test_states(shell: Shell) -> None:
    shell("state", "capture", "one", "--working-context", "-", "--tag", "t", stdin='{"files": [{"path": "a.py", "line": 3}]}')
    shell("state", "capture", "two", "--working-context", '{"files": [{"path": "a.py", "line": 9}]}', "--note", "go on")
    assert [row[-2:] for row in shell.printed("state", "list", "--tag", "t")] == [["one", "#t"]]
    assert '"line": 3' in shell("state", "restore", "one")[0]
    assert shell("state", "diff", "one", "two")[0].splitlines() == [
        "~ working_context.files[0].line  3 → 9",
        '+ working_context.notes  "go on"',
    ]
    shell("state", "remove", "one")
    assert "no state one" in shell("state", "restore", "one", code=1)[1]


def test_what_is_wrong_names_its_field(shell: Shell) -> None:
    for arguments, said in (
        (("remember", " "), "content"),
        (("remember", "x", "--context", "nonsense"), "context must be one of general"),
        (("remember", "x", "--importance", "1.5"), "importance"),
        (("remember", "x", "--expires", "2001-01-01"), "expires_at lies in the past"),
        (("remember", "x", "--metadata", "[1]"), "metadata"),
        (("remember", "x", "--about", "app.http.parse_heder"), "parse_header"),
        (("memory", "get", "12"), "no id"),
        (("memory", "supersede", "12"), "--by"),
        (("state", "capture", "x", "--working-context", "["), "working_context"),
    ):
        assert said in shell(*arguments, code=2)[1], arguments
    assert shell.json("remember", "x", "--importance", "7", code=2)["error"]["data"]["field"] == "importance"
    assert "exit code" not in shell("memory", "get", "00000000-0000-0000-0000-000000000007", code=1)[1]


def test_what_is_too_long_is_refused_before_it_is_sent(shell: Shell) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "indexer", "remember", "-"],
        input=b"x" * (checks.MAX_CONTENT_BYTES + 1),
        cwd=shell.root,
        env=shell.environ,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b"content is longer than" in done.stderr) == (2, True)
