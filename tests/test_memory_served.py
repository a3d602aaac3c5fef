"""Memories as a daemon keeps them: remembered and recalled over the socket, tied to code that changes, mentioned where it is shown."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from database import fresh
from served import Served, served
from wire import eventually

from indexer import client, errors
from indexer.memory import checks

pytest_plugins = ["database"]

UPLOADS = '''"""Sends files away."""

ATTEMPTS = 5


def send(path, attempts=ATTEMPTS):
    """Transmits a file, and tries again when the network fails."""
    for attempt in range(attempts):
        if transmit(path):
            return True
    return False


def transmit(path):
    raise ValueError("no route: " + path)
'''
TREE = {
    "cloud/__init__.py": "",
    "cloud/uploads.py": UPLOADS,
    "cloud/main.py": "from cloud.uploads import send\n\n\ndef main():\n    return send('x')\n",
    "README.md": "# Cloud\n\nHow to deploy:\nrun it twice.\n",
}
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
NOBODY = str(uuid.UUID(int=7))


@pytest.fixture(scope="module")
def lasting(server: str, template: str) -> Iterator[Served]:
    """A daemon for all tests of this module, on a repository with one commit."""

    def prepare(root: Path) -> None:
        git(root, "init", "-q", "-b", "main")
        git(root, "add", "-A")
        git(root, "commit", "-qm", "one")
        git(root, "tag", "start")

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INDEXER_EMBEDDER_KIND", "none")
        for dsn in fresh(server, template):
            with served(dsn, TREE, prepare) as here:
                yield here


@pytest.fixture
def project(lasting: Served) -> Served:
    """The project as it was committed, without memories."""
    git(lasting.root, "checkout", "-q", "-f", "main")
    git(lasting.root, "reset", "-q", "--hard", "start")
    git(lasting.root, "clean", "-qfd")
    lasting.settle()
    for item in lasting.ask("memory.list", limit=0)["items"]:
        lasting.ask("memory.forget", id=item["id"])
    return lasting


def git(root: Path, *arguments: str) -> None:
    subprocess.run([*GIT, *arguments], cwd=root, check=True, capture_output=True)


def remember(project: Served, content: str, *about: str, **params: Any) -> str:
    """A memory's id."""
    answer = project.ask("memory.add", content=content, about=list(about), **params)
    assert answer["outcome"] in ("added", "revived"), answer
    return str(answer["items"][0]["id"])


def seen(project: Served, memory: str) -> list[tuple[str | None, str, str]]:
    """What a memory is about after all saves: name, path, state."""
    [item] = project.ask("memory.get", id=memory, sync=True)["items"]
    return [(anchor["symbol"], anchor["path"], anchor["state"]) for anchor in item["anchors"]]


def contents(answer: dict[str, Any]) -> list[str]:
    return [item["content"] for item in answer["items"]]


# -- one memory --------------------------------------------------------------------------------------------------------


def test_what_is_remembered_is_recalled_with_all_that_is_promised(project: Served) -> None:
    text = "Uploads are tried five times, because the gateway drops connections at night."
    answer = project.ask(
        "memory.add", content=text, context="code_decision", importance=0.9, tags=["network"], metadata={"author": "eve"},
        about=["cloud.uploads.send"],
    )  # fmt: skip
    assert (answer["outcome"], answer["near"], answer["total"]) == ("added", [], 1)
    found = project.ask("memory.recall", query="why do uploads fail at night?", sync=True)
    [item] = found["items"]
    assert item["id"] == answer["items"][0]["id"]
    assert {"id", "content", "context", "importance", "tier", "vault", "tags", "anchors"} <= set(item)
    assert (item["content"], item["context"], item["importance"], item["tier"]) == (text, "code_decision", 0.9, "working")
    assert (item["tags"], item["metadata"], item["vault"]) == (["network"], {"author": "eve"}, "project")
    assert (item["score"] > 0, item["why"]) == (True, ["has the words uploads, night"])
    [anchor] = item["anchors"]
    assert (anchor["symbol"], anchor["path"], anchor["state"]) == ("cloud.uploads.send", "cloud/uploads.py", "fresh")


def test_the_same_text_is_stored_once_and_a_near_one_is_named(project: Served) -> None:
    first = remember(project, "Never call transmit without a timeout, it hangs.")
    again = project.ask("memory.add", content="Never call transmit without a timeout, it hangs.")
    assert (again["outcome"], again["items"][0]["id"]) == ("existing", first)
    near = project.ask("memory.add", content="Never call transmit without a time-out: it hangs!")
    assert (near["outcome"], [each["id"] for each in near["near"]]) == ("added", [first])


def test_recalled_text_that_comes_back_is_recognised(project: Served) -> None:
    first = remember(project, "The gateway drops one connection in a thousand at night.")
    project.ask("memory.recall", query="gateway", sync=True)
    answer = project.ask("memory.add", content="As noted before: The gateway drops one connection in a thousand at night.")
    assert (answer["outcome"], answer["echoed"]) == ("echo", [first])
    kept = project.ask(
        "memory.add", content="As noted before: The gateway drops one connection in a thousand at night.", keep_echo=True
    )
    assert kept["outcome"] == "added"


def test_a_recall_is_logged_with_who_asked(project: Served) -> None:
    memory = remember(project, "Deploys happen on Tuesdays.")
    session = str(uuid.uuid4())
    project.ask("memory.recall", query="when are deploys", sync=True, session=session, user={"agent": "x"})
    [use] = project.ask("memory.uses", id=memory)["items"]
    assert (use["operation"], use["query"], use["rank"], use["session"], use["user"]) == (
        *("recall", "when are deploys", 1, session),
        {"agent": "x"},
    )
    [item] = project.ask("memory.get", id=memory)["items"]
    assert item["access_count"] == 1


def test_a_memory_is_changed_forgotten_and_had_back(project: Served) -> None:
    memory = remember(project, "Ship on Fridays.", tags=["ship"])
    [item] = project.ask("memory.update", id=memory, content="Ship on Mondays.", importance=0.7)["items"]
    assert (item["content"], item["importance"], item["tags"]) == ("Ship on Mondays.", 0.7, ["ship"])
    [event] = project.ask("memory.history", id=memory)["items"]
    assert (event["operation"], event["before"]) == ("update", {"content": "Ship on Fridays.", "importance": 0.5})
    assert project.ask("memory.pin", id=memory)["items"][0]["is_pinned"]
    project.ask("memory.forget", id=memory)
    assert contents(project.ask("memory.recall", query="ship", sync=True)) == []
    assert contents(project.ask("memory.list", forgotten=True, limit=1)) == ["Ship on Mondays."]
    project.ask("memory.restore", id=memory)
    assert contents(project.ask("memory.recall", query="ship", sync=True)) == ["Ship on Mondays."]


def test_lists_are_filtered(project: Served) -> None:
    old = remember(project, "one", context="code_pattern", tags=["a", "b"], importance=0.9, metadata={"k": 1})
    remember(project, "two", tags=["b"], parent=old)
    for filters, expected in (
        ({}, ["two", "one"]),
        ({"contexts": ["code_pattern"]}, ["one"]),
        ({"tags": ["b"]}, ["two", "one"]),
        ({"tags": ["a", "b"]}, ["one"]),
        ({"min_importance": 0.8}, ["one"]),
        ({"metadata": {"k": 1}}, ["one"]),
        ({"parent": old}, ["two"]),
        ({"tiers": ["longterm"]}, []),
        ({"until": "2001-01-01"}, []),
        ({"limit": 1}, ["two"]),
        ({"offset": 1}, ["one"]),
    ):
        assert contents(project.ask("memory.list", **filters)) == expected, filters
    assert "passes these filters" in project.ask("memory.list", tiers=["longterm"])["note"]
    assert contents(project.ask("memory.find", text="TW")) == ["two"]


def test_many_at_once_are_stored_once(project: Served) -> None:
    drafts = [{"content": f"number {number}", "context": "code_snippet"} for number in range(50)]
    assert project.ask("memory.add_many", memories=drafts) == {"added": 50, "existing": 0}
    assert project.ask("memory.add_many", memories=[*drafts, {"content": "one more"}]) == {"added": 1, "existing": 50}
    with pytest.raises(errors.InvalidRequest) as refusal:
        project.ask("memory.add_many", memories=[{"content": "fine"}, {"content": "x", "importance": 2}])
    assert refusal.value.field == "memories[1].importance"
    assert project.ask("memory.list", limit=0)["total"] == 51


def test_alike_memories_are_merged_and_taken_apart(project: Served) -> None:
    texts = ["Always close the upload queue before the process ends.", "Always close the upload queue before this process ends."]
    ids = [remember(project, text, "cloud.uploads.send") for text in texts]
    [group] = project.ask("memory.duplicates")["items"]
    assert {each["id"] for each in group["memories"]} == set(ids)
    [merged] = project.ask("memory.merge", sources=ids, content="Close the upload queue at the end.")["items"]
    assert (set(merged["consolidated_from"]), len(merged["anchors"])) == (set(ids), 1)
    assert contents(project.ask("memory.list")) == ["Close the upload queue at the end."]
    assert set(contents(project.ask("memory.unmerge", id=merged["id"]))) == set(texts)
    assert set(contents(project.ask("memory.list"))) == set(texts)


# -- memories and code -------------------------------------------------------------------------------------------------


def test_an_anchor_follows_its_code(project: Served) -> None:
    memory = remember(project, "Five attempts are enough.", "cloud.uploads.send")
    path = project.root / "cloud/uploads.py"
    path.write_text(UPLOADS.replace("return True", "return 1"))
    assert seen(project, memory) == [("cloud.uploads.send", "cloud/uploads.py", "drifted")]
    [anchor] = project.ask("memory.get", id=memory)["items"][0]["anchors"]
    assert "-            return True\n+            return 1" in anchor["changes"]
    path.write_text(UPLOADS)
    assert seen(project, memory) == [("cloud.uploads.send", "cloud/uploads.py", "fresh")]
    path.write_text(UPLOADS.replace("def send(", "def send_file("))
    assert seen(project, memory) == [("cloud.uploads.send_file", "cloud/uploads.py", "moved")]
    path.rename(project.root / "cloud/sending.py")
    assert seen(project, memory) == [("cloud.sending.send_file", "cloud/sending.py", "moved")]
    assert [item["id"] for item in project.ask("memory.list", states=["moved"])["items"]] == [memory]
    project.ask("memory.confirm", id=memory)
    assert seen(project, memory) == [("cloud.sending.send_file", "cloud/sending.py", "fresh")]
    (project.root / "cloud/sending.py").unlink()
    assert seen(project, memory) == [("cloud.sending.send_file", "cloud/sending.py", "orphaned")]
    with pytest.raises(errors.Conflict, match="nowhere to be found"):
        project.ask("memory.confirm", id=memory)
    project.ask("memory.reanchor", id=memory, about="cloud.main.main")
    assert seen(project, memory) == [("cloud.main.main", "cloud/main.py", "fresh")]


def test_a_switch_of_branches_and_back_loses_no_anchor(project: Served) -> None:
    memory = remember(project, "The way out.", "cloud.uploads.transmit")
    git(project.root, "checkout", "-q", "-b", f"b{memory[:8]}")
    git(project.root, "rm", "-q", "cloud/uploads.py")
    git(project.root, "commit", "-qm", "two")
    assert seen(project, memory) == [("cloud.uploads.transmit", "cloud/uploads.py", "orphaned")]
    git(project.root, "checkout", "-q", "main")
    assert seen(project, memory) == [("cloud.uploads.transmit", "cloud/uploads.py", "fresh")]


def test_files_and_lines_that_are_no_source_are_followed(project: Served) -> None:
    whole = remember(project, "The manual.", "README.md")
    lines = remember(project, "Twice, since the first run warms the cache.", "README.md:3-4")
    readme = project.root / "README.md"
    readme.write_text("# Cloud\n\nNew.\n\nHow to deploy:\nrun it twice.\n")
    assert seen(project, whole) == [(None, "README.md", "drifted")]
    assert seen(project, lines) == [(None, "README.md", "fresh")]
    readme.unlink()
    assert [state for _, _, state in (*seen(project, whole), *seen(project, lines))] == ["orphaned", "orphaned"]


def test_answers_about_code_mention_what_is_known_about_it(project: Served) -> None:
    memory = remember(project, "Five attempts are plenty.", "cloud.uploads.send")
    about_file = remember(project, "Nothing here may block.", "cloud/uploads.py")
    lines = remember(project, "The message is parsed elsewhere.", "cloud/uploads.py:14-15")

    def told(method: str, **params: Any) -> set[str]:
        answer = project.ask(method, **params)
        assert answer.get("memories_total", 0) == len(answer.get("memories", ()))
        return {item["id"] for item in answer.get("memories", ())}

    assert told("symbols.show", symbol="cloud.uploads.send") == {memory}
    assert told("symbols.show", symbol="cloud.uploads.transmit") == {lines}
    assert told("symbols.show", symbol="cloud.main.main") == set()
    assert told("symbols.outline", path="cloud/uploads.py") == {memory, about_file, lines}
    assert told("symbols.at", path="cloud/main.py", line=5, column=11) == {memory}
    assert told("graph.callers", symbol="cloud.uploads.transmit") == {memory, lines}
    assert told("graph.impact", symbol="cloud.uploads.transmit") == {memory, lines}
    assert told("graph.callees", symbol="cloud.main.main") == {memory}
    path = project.root / "cloud/uploads.py"
    path.write_text(UPLOADS.replace("return True", "return 1"))
    [mention] = project.ask("symbols.show", symbol="cloud.uploads.send", sync=True)["memories"]
    assert (mention["state"], mention["symbol"], mention["content"]) == ("drifted", "cloud.uploads.send", "Five attempts are plenty.")
    project.ask("memory.forget", id=memory)
    assert told("symbols.show", symbol="cloud.uploads.send") == set()


def test_memories_are_listed_by_their_code(project: Served) -> None:
    one = remember(project, "About send.", "cloud.uploads.send")
    two = remember(project, "About both.", "cloud.uploads.send", "cloud/main.py")
    remember(project, "About nothing.")

    def listed(about: str) -> set[str]:
        return {item["id"] for item in project.ask("memory.list", about=about)["items"]}

    assert (listed("uploads.send"), listed("cloud/main.py"), listed("cloud/uploads.py")) == ({one, two}, {two}, {one, two})
    assert listed("cloud.nowhere") == set()
    [anchor] = [each for each in project.ask("memory.get", id=two)["items"][0]["anchors"] if each["symbol"]]
    project.ask("memory.untie", id=two, anchor=anchor["id"])
    project.ask("memory.tie", id=one, about=["cloud/main.py:4-5"])
    assert sum(len(item["anchors"]) for item in project.ask("memory.list", about="cloud/main.py")["items"]) == 3


# -- vaults and states -------------------------------------------------------------------------------------------------


def test_vaults_are_apart_and_recalled_from_together(project: Served) -> None:
    name = f"team-{uuid.uuid4().hex[:8]}"
    project.ask("vault.register", name=name, type="team", settings={"recall_weight": 0.5})
    ours = remember(project, "Our style is tabs.")
    theirs = remember(project, "Their style is tabs, always tabs.", vault=name)
    assert contents(project.ask("memory.recall", query="style", sync=True)) == ["Our style is tabs."]
    assert contents(project.ask("memory.recall", query="style", vaults=[name], sync=True)) == ["Their style is tabs, always tabs."]
    both = project.ask("memory.recall", query="style", vaults=["project", name], sync=True)["items"]
    assert [(item["id"], item["vault"]) for item in both] == [(ours, "project"), (theirs, name)]
    assert both[1]["score"] <= 0.5
    for method, params in (("get", {}), ("update", {"content": "x"}), ("forget", {}), ("pin", {}), ("history", {})):
        with pytest.raises(errors.NotFound):
            project.ask(f"memory.{method}", id=theirs, **params)
    [vault] = project.ask("vault.archive", vault=name)["items"]
    assert (vault["is_archived"], vault["statistics"]["memories"]) == (True, 1)
    with pytest.raises(errors.Conflict, match="archived"):
        project.ask("memory.add", content="more", vault=name)
    project.ask("vault.unarchive", vault=name)
    remember(project, "more", vault=name)
    [vault] = project.ask("vault.configure", vault=name, settings={"recall_weight": None, "colour": "red"})["items"]
    assert vault["settings"] == {"colour": "red"}
    [active] = project.ask("vault.activate", vault=name)["items"]
    assert active["is_active"]
    assert name in [item["name"] for item in project.ask("vault.list")["items"]]


def test_a_state_holds_what_was_in_play(project: Served) -> None:
    memory = remember(project, "Mind the gap.", "cloud.uploads.send")
    project.ask("symbols.show", symbol="cloud.main.main")
    project.ask("memory.recall", query="gap", sync=True)
    [kept] = project.ask("state.capture", name="before", notes="next: tests", tags=["t"])["items"]
    context = kept["working_context"]
    assert (context["branch"], context["notes"]) == ("main", "next: tests")
    assert "cloud.main.main" in context["symbols"]
    assert {"path": "cloud/main.py", "line": 4} in context["files"]
    assert memory in [each["id"] for each in kept["memory_state"]["memories"]]
    project.ask("state.capture", name="after", working_context={"files": [{"path": "a", "line": 1}]})
    [restored] = project.ask("state.restore", state="before")["items"]
    assert (restored["working_context"], restored["restore_count"]) == (context, 1)
    kinds = {item["path"]: item["kind"] for item in project.ask("state.diff", before="before", after="after")["items"]}
    assert kinds["working_context.notes"] == "removed"
    assert [item["name"] for item in project.ask("state.list", tags=["t"])["items"]] == ["before"]
    project.ask("state.remove", state="before")
    with pytest.raises(errors.NotFound, match="no state"):
        project.ask("state.restore", state="before")


def test_the_context_of_a_branch_is_kept_when_it_is_left(project: Served) -> None:
    branch = f"c{uuid.uuid4().hex[:8]}"
    git(project.root, "checkout", "-q", "-b", branch)
    project.ask("symbols.show", symbol="cloud.main.main")
    git(project.root, "checkout", "-q", "main")
    project.ask("symbols.show", symbol="cloud.uploads.send")

    def kept() -> list[dict[str, Any]]:
        return [item for item in project.ask("state.list")["items"] if branch in item["name"]]

    eventually(lambda: bool(kept()))
    [item] = kept()
    assert item["auto_captured"]
    [whole] = project.ask("state.restore", state=item["id"])["items"]
    assert whole["working_context"]["branch"] == branch
    assert whole["working_context"]["symbols"] == ["cloud.main.main"]


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "params", "field"),
    [
        ("memory.add", {"content": " "}, "content"),
        ("memory.add", {"content": "a\0b"}, "content"),
        ("memory.add", {"content": "x" * (checks.MAX_CONTENT_BYTES + 1)}, "content"),
        ("memory.add", {"content": "x", "context": "code_thought"}, "context"),
        ("memory.add", {"content": "x", "importance": 1.01}, "importance"),
        ("memory.add", {"content": "x", "importance": True}, "importance"),
        ("memory.add", {"content": "x", "expires_at": "2001-01-01"}, "expires_at"),
        ("memory.add", {"content": "x", "expires_at": "tomorrow"}, "expires_at"),
        ("memory.add", {"content": "x", "metadata": []}, "metadata"),
        ("memory.add", {"content": "x", "metadata": {"a": "\0"}}, "metadata"),
        ("memory.add", {"content": "x", "tags": [""]}, "tags"),
        ("memory.add", {"content": "x", "parent": NOBODY}, "parent"),
        ("memory.add", {"content": "x", "about": ["cloud.uploads.sned"]}, "about"),
        ("memory.add", {"content": "x", "about": ["cloud/uploads.py:90-95"]}, "about"),
        ("memory.add", {"content": "x", "about": ["../x.py:1-2"]}, "about"),
        ("memory.recall", {"query": " "}, "query"),
        ("memory.recall", {"query": "x", "contexts": ["none"]}, "context"),
        ("memory.list", {"states": ["stale"]}, "states"),
        ("memory.list", {"tiers": ["short"]}, "tier"),
        ("memory.merge", {"sources": [NOBODY], "content": "x"}, "sources"),
        ("vault.register", {"name": "a\nb"}, "name"),
        ("vault.register", {"name": "x", "type": "club"}, "type"),
        ("vault.configure", {"settings": {"recall_weight": 7}}, "settings.recall_weight"),
        ("state.capture", {"name": ""}, "name"),
        ("state.capture", {"name": "x", "working_context": "y"}, "working_context"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(project: Served, method: str, params: dict[str, Any], field: str) -> None:
    before = project.ask("vault.get")["items"][0]["statistics"]
    with pytest.raises(errors.InvalidRequest) as refusal:
        project.ask(method, **params)
    assert refusal.value.field == field
    assert project.ask("vault.get")["items"][0]["statistics"] == before


@pytest.mark.parametrize("method", ["get", "update", "forget", "restore", "pin", "history", "uses", "confirm", "unmerge"])
def test_a_memory_that_is_not_there_is_not_found(project: Served, method: str) -> None:
    with pytest.raises(errors.NotFound, match=NOBODY):
        project.ask(f"memory.{method}", id=NOBODY, **({"content": "x"} if method == "update" else {}))


def test_loops_are_refused(project: Served) -> None:
    one = remember(project, "first")
    two = remember(project, "second", parent=one)
    with pytest.raises(errors.InvalidRequest, match="parent"):
        project.ask("memory.update", id=one, parent=two)
    project.ask("memory.supersede", id=one, by=two)
    with pytest.raises(errors.InvalidRequest, match="superseded by"):
        project.ask("memory.supersede", id=two, by=one)
    with pytest.raises(errors.InvalidRequest, match="itself"):
        project.ask("memory.supersede", id=two, by=two)


def test_a_long_memory_is_kept_whole_and_found_by_its_last_words(project: Served) -> None:
    text = "".join(f"line {number} of a long log\n" for number in range(60_000)) + "and the zebra at last"
    memory = remember(project, text)
    assert project.ask("memory.get", id=memory)["items"][0]["content"] == text
    [item] = project.ask("memory.recall", query="zebra", sync=True)["items"]
    assert (item["id"], item["is_whole"], len(item["content"]) <= 2000) == (memory, False, True)


# -- two work trees ----------------------------------------------------------------------------------------------------


def test_work_trees_share_a_vault_and_each_sees_its_own_code(project: Served) -> None:
    memory = remember(project, "Work trees know this.", "cloud.uploads.send")
    other = project.root.parent / "other"
    git(project.root, "worktree", "add", "-q", "--detach", str(other), "start")
    try:
        with client.ensure(other, project.environ) as daemon:
            there = Served(other, daemon, project.environ)
            there.settle()
            assert seen(there, memory) == [("cloud.uploads.send", "cloud/uploads.py", "fresh")]
            (other / "cloud/uploads.py").write_text(UPLOADS.replace("return True", "return 1"))
            assert seen(there, memory) == [("cloud.uploads.send", "cloud/uploads.py", "drifted")]
            assert seen(project, memory) == [("cloud.uploads.send", "cloud/uploads.py", "fresh")]
            assert seen(there, memory) == [("cloud.uploads.send", "cloud/uploads.py", "drifted")]
    finally:
        client.stop(other, project.environ)
        git(project.root, "worktree", "remove", "--force", str(other))
