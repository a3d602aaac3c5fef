"""The ignore function: git's rules where git has a say, and the same answers for listing and watching."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from watching import Vandal, git, picture_of, write

from indexer.watch import Ignore, walk


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


@pytest.fixture
def repository(root: Path) -> Path:
    git(root, "init", "-q")
    return root


@pytest.fixture
def ignore(root: Path) -> Iterator[Ignore]:
    made = Ignore(str(root))
    yield made
    made.close()


def listed(root: Path, **config: list[str]) -> set[str]:
    return set(picture_of(root, **config))


def allowed(root: Path, ignore: Ignore) -> set[str]:
    """What the function says of each file on the disk."""
    found = set()
    for folder, folders, files in os.walk(root):
        here = os.path.relpath(folder, root)
        prefix = "" if here == "." else here + "/"
        folders[:] = [name for name in folders if not ignore.is_ignored(prefix + name, True)]
        found |= {prefix + name for name in files if not ignore.is_ignored(prefix + name, False)}
    return found


@pytest.mark.parametrize("has_repository", [True, False], ids=["git", "no git"])
def test_gitignore_files_are_followed(root: Path, ignore: Ignore, has_repository: bool) -> None:
    if has_repository:
        git(root, "init", "-q")
    write(root / ".gitignore", "*.log\n/top\nbuild/\n!keep.log\nweird\\\n\n# comment\n")
    write(root / "deep/.gitignore", "*.tmp\n!a.log\n")
    for path in ("a.py", "a.log", "keep.log", "deep/a.log", "deep/b.log", "deep/a.tmp", "a.tmp", "deep/top/x"):
        write(root / path)
    for path in ("top/x.py", "build/x.py", "deep/build/x.py", "deep/more/a.tmp"):
        write(root / path)
    expected = {".gitignore", "a.py", "keep.log", "a.tmp", "deep/.gitignore", "deep/a.log", "deep/top/x"}
    assert listed(root) == expected
    assert allowed(root, ignore) == expected


@pytest.mark.parametrize("has_repository", [True, False], ids=["git", "no git"])
def test_folders_that_tools_fill_are_ignored(root: Path, ignore: Ignore, has_repository: bool) -> None:
    if has_repository:
        git(root, "init", "-q")
    for path in ("node_modules/a.js", "a/.venv/b.py", "a/__pycache__/b.pyc", ".hg/x", "build/a.py", "env/a.py"):
        write(root / path)
    assert listed(root) == allowed(root, ignore) == {"build/a.py", "env/a.py"}


def test_tracked_files_are_not_ignored(repository: Path, ignore: Ignore) -> None:
    write(repository / ".gitignore", "gen/\n*.log\n")
    for path in ("gen/a.py", "gen/b.py", "x.log", "y.log", "venv/sub/lib.py", "venv/other.py"):
        write(repository / path)
    assert listed(repository) == allowed(repository, ignore) == {".gitignore"}
    git(repository, "add", "-f", "gen/a.py", "x.log", "venv/sub/lib.py")
    assert ignore.refresh()
    expected = {".gitignore", "gen/a.py", "x.log", "venv/sub/lib.py"}
    assert listed(repository) == allowed(repository, ignore) == expected
    git(repository, "commit", "-qm", "x")
    assert not ignore.refresh(), "the same files are tracked"


def test_config_patterns_are_stronger_than_git(repository: Path) -> None:
    write(repository / ".gitignore", "gen/\n*.log\n")
    for path in ("gen/api/a.py", "gen/api/a.txt", "gen/b.py", "a.log", "src/a.log", "src/a.py", "doc/a.py"):
        write(repository / path)
    git(repository, "add", "doc/a.py")
    config = {"include": ["gen/api/*.py", "a.log"], "exclude": ["doc/", "/src/a.log"]}
    ignore = Ignore(str(repository), **config)
    expected = {".gitignore", "gen/api/a.py", "a.log", "src/a.py"}
    assert listed(repository, **config) == allowed(repository, ignore) == expected
    ignore.close()


def test_git_itself_is_never_listed(repository: Path) -> None:
    write(repository / "a.py")
    assert listed(repository, include=[".git/**", "*"]) == {"a.py"}


def test_a_repository_in_the_tree_has_its_own_rules(repository: Path, ignore: Ignore) -> None:
    write(repository / ".gitignore", "*.log\nskipped/\n")
    for folder in ("inner", "skipped"):
        git(repository, "init", "-q", folder)
        write(repository / folder / ".gitignore", "*.tmp\n")
        for name in ("a.py", "a.log", "a.tmp"):
            write(repository / folder / name)
    git(repository / "inner", "add", "a.py")
    expected = {".gitignore", "inner/.gitignore", "inner/a.py"}
    # Rules of outer repositories end where an inner one begins.
    assert listed(repository) == allowed(repository, ignore) == expected | {"inner/a.log"}


def test_submodules_are_part_of_the_tree(repository: Path, tmp_path: Path, ignore: Ignore) -> None:
    library = tmp_path / "library"
    write(library / "lib.py")
    write(library / ".gitignore", "*.tmp\n")
    git(tmp_path, "init", "-q", "library")
    git(library, "add", "-A")
    git(library, "commit", "-qm", "x")
    git(repository, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(library), "lib")
    write(repository / "lib/x.tmp")
    expected = {".gitmodules", "lib/lib.py", "lib/.gitignore"}
    assert listed(repository) - {"lib/.git"} == allowed(repository, ignore) - {"lib/.git"} == expected


def test_a_worktree_of_a_repository(repository: Path, tmp_path: Path) -> None:
    git(repository, "commit", "-qm", "x", "--allow-empty")
    git(repository, "worktree", "add", "-q", str(tmp_path / "tree"))
    tree = tmp_path / "tree"
    ignore = Ignore(str(tree))
    for name in ("a.py", "b.py"):
        write(tree / name)
    assert allowed(tree, ignore) - {".git"} == listed(tree) == {"a.py", "b.py"}
    write(repository / ".git/info/exclude", "*.py\n")
    assert ignore.refresh()
    assert allowed(tree, ignore) == listed(tree) == set()
    git(tree, "add", "-f", "a.py")
    assert ignore.refresh()
    assert allowed(tree, ignore) == listed(tree) == {"a.py"}
    ignore.close()


def test_a_tree_within_a_repository_follows_the_rules_above(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path / ".gitignore", "*.log\n/ignored/\n")
    for path in ("part/a.py", "part/a.log", "other/b.py", "ignored/c.py"):
        write(tmp_path / path)
    assert listed(tmp_path / "part") == {"a.py"}
    assert listed(tmp_path / "ignored") == {"c.py"}, "a tree that somebody's repository ignores stands for itself"


def test_rules_from_elsewhere_count_when_they_change(
    repository: Path, ignore: Ignore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    ignore.invalidate()
    for name in ("a.py", "b.py", "c.py"):
        write(repository / name)
    assert allowed(repository, ignore) == {"a.py", "b.py", "c.py"}
    assert not ignore.refresh()
    write(repository / ".git/info/exclude", "a.py\n")
    assert ignore.refresh()
    assert allowed(repository, ignore) == {"b.py", "c.py"}
    write(tmp_path / "everywhere", "b.py\n")
    write(tmp_path / "gitconfig", f"[core]\nexcludesFile = {tmp_path}/everywhere\n")
    assert ignore.refresh()
    assert allowed(repository, ignore) == {"c.py"}
    write(tmp_path / "everywhere", "c.py\n")
    assert ignore.refresh()
    assert allowed(repository, ignore) == listed(repository) == {"b.py"}


def test_a_repository_that_comes_and_goes_is_noticed(root: Path, ignore: Ignore) -> None:
    write(root / "a.log")
    write(root / "sub/.git", "no repository at all")
    assert not ignore.is_ignored("a.log", False)
    assert not ignore.is_ignored("sub/a.log", False)
    git(root, "init", "-q")
    write(root / ".git/info/exclude", "*.log\n")
    assert ignore.refresh()
    assert ignore.is_ignored("a.log", False)
    assert ignore.is_ignored("sub/a.log", False)
    (root / "sub/.git").unlink()
    git(root, "init", "-q", "sub")
    assert ignore.refresh()
    assert not ignore.is_ignored("sub/a.log", False)


@pytest.mark.parametrize("path", [":x.py", ":(top)x.py", "-x", "a\nb.py", "%2F.py", "a\\b.py", "*.py", "ü.py", " "])
def test_odd_names(repository: Path, ignore: Ignore, path: str) -> None:
    write(repository / path)
    assert listed(repository) == allowed(repository, ignore) == {path}
    write(repository / ".gitignore", "*\n")
    ignore.invalidate()
    assert listed(repository) == allowed(repository, ignore) == set()


def test_what_git_will_not_judge_is_ignored_and_does_no_harm(repository: Path, ignore: Ignore) -> None:
    write(repository / "real/a.py")
    (repository / "link").symlink_to("real")
    paths = ["real/a.py", "link/a.py", "../a.py", "real/b.py", "link/b.py", "c.py"]
    assert ignore.are_ignored(paths, False) == [False, True, True, False, True, False]


def test_nothing_that_a_repository_configures_is_run(repository: Path, ignore: Ignore, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    write(trap, f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    write(repository / "a.py")
    git(repository, "add", "a.py")
    for key in ("core.fsmonitor", "core.sshCommand", "core.pager", "diff.external", "filter.x.clean", "filter.x.process"):
        git(repository, "config", key, str(trap))
    git(repository, "config", "core.hooksPath", str(tmp_path))
    write(repository / ".gitattributes", "* filter=x diff=x\n")
    write(repository / "a.py", "changed\n")
    for hook in ("post-index-change", "reference-transaction"):
        (tmp_path / hook).symlink_to(trap)
    (tmp_path / "sprung").unlink(missing_ok=True)
    assert "a.py" in listed(repository)
    assert not ignore.is_ignored("b.py", False)
    assert not (tmp_path / "sprung").exists()


def test_the_environment_does_not_name_another_repository(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q", "other")
    write(repository / ".gitignore", "*.log\n")
    write(repository / "a.log")
    for name, value in (("GIT_DIR", "other/.git"), ("GIT_WORK_TREE", "other"), ("GIT_INDEX_FILE", "nowhere")):
        monkeypatch.setenv(name, str(tmp_path / value))
    assert listed(repository) == {".gitignore"}


def test_a_work_tree_elsewhere_is_not_believed(repository: Path, ignore: Ignore) -> None:
    write(repository / "a.py")
    git(repository, "config", "core.worktree", "/etc")
    ignore.invalidate()
    assert listed(repository) == allowed(repository, ignore) == {"a.py"}
    assert "work tree elsewhere" in ignore.problems[0]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_somebody_else_is_said_and_read_without_git(repository: Path, ignore: Ignore) -> None:
    write(repository / ".gitignore", "*.log\n")
    write(repository / "a.log")
    write(repository / "a.py")
    for path in (repository, repository / ".git"):
        os.chown(path, 65534, 65534)
    assert listed(repository) == allowed(repository, ignore) == {".gitignore", "a.py"}
    assert "dubious ownership" in ignore.problems[0]


def test_without_git_installed(repository: Path, ignore: Ignore, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repository / ".gitignore", "*.log\n")
    write(repository / "a.log")
    write(repository / "a.py")
    monkeypatch.setenv("PATH", "/nowhere")
    assert listed(repository) == allowed(repository, ignore) == {".gitignore", "a.py"}


@pytest.mark.parametrize("seed", range(6))
def test_listing_and_asking_agree_on_random_repositories(tmp_path: Path, seed: int) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    git(root, "init", "-q")
    vandal = Vandal(root, outside, seed, has_repository=True)
    for _ in range(random.Random(seed).randint(60, 120)):
        vandal.act()
    by_git, by_asking = Ignore(str(root)), Ignore(str(root), include=["no such file"])
    listings = [[entry.path for entry in walk(str(root), ignore, 10_000)] for ignore in (by_git, by_asking)]
    assert listings[0] == listings[1]
    by_git.close()
    by_asking.close()


def test_git_ends_with_us_even_when_we_are_killed(repository: Path) -> None:
    program = (
        "import sys, time; from indexer.watch import Ignore\n"
        "Ignore(sys.argv[1]).is_ignored('a.py', False); print('asked', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(repository)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"asked\n"
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert children
    exits = [os.pidfd_open(int(child)) for child in children]
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    for fd in exits:
        # Readable once the process has ended.
        with open(fd, "rb") as handle:
            assert select.select([handle], [], [], 30)[0]
