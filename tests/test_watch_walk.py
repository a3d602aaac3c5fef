"""Listing a tree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from watching import git, picture_of, write

from indexer.watch import Ignore, signature_of, walk


@pytest.fixture(params=["git", "no git"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    if request.param == "git":
        git(folder, "init", "-q")
    return folder


def paths(root: Path, limit: int = 1_000, under: str = "") -> list[str]:
    ignore = Ignore(str(root))
    found = [entry.path for entry in walk(str(root), ignore, limit, under)]
    ignore.close()
    return found


def test_entries_carry_the_signature(root: Path) -> None:
    write(root / "a/b.py", "12345")
    stat = (root / "a/b.py").stat()
    signature = picture_of(root)["a/b.py"]
    assert (signature.size, signature.inode) == (5, stat.st_ino)
    assert (signature.mtime_ns, signature.ctime_ns) == (stat.st_mtime_ns, stat.st_ctime_ns)
    assert signature_of(str(root), "a/b.py") == signature


def test_the_order_is_that_of_the_bytes(root: Path) -> None:
    names = ["a/b", "a.py", "a-b", "ü", "z", "a/c/d", "A", "a0/x"]
    for name in names:
        write(root / name)
    assert paths(root) == sorted(names, key=str.encode)


def test_links_and_devices_are_no_files(root: Path, tmp_path: Path) -> None:
    write(root / "real/a.py")
    write(tmp_path / "outside/b.py")
    (root / "file.py").symlink_to("real/a.py")
    (root / "folder").symlink_to("real")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "dangling").symlink_to("nothing")
    (root / "loop").symlink_to(".")
    os.mkfifo(root / "pipe")
    assert paths(root) == ["real/a.py"]
    for path in ("file.py", "folder/a.py", "out/b.py", "pipe", "real", "nothing", "", "../root/real/a.py", "/etc/passwd"):
        assert signature_of(str(root), path) is None


def test_tracked_files_behind_a_link_are_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root / "a/secret.py")
    write(tmp_path / "outside/secret.py")
    git(root, "init", "-q")
    git(root, "add", "-A")
    (root / "a/secret.py").unlink()
    (root / "a").rmdir()
    (root / "a").symlink_to(tmp_path / "outside")
    assert paths(root) == []


def test_a_limit_cuts_at_the_same_file_and_is_said(root: Path) -> None:
    for number in range(30):
        write(root / f"{number % 3}/{number:02}.py")
    ignore = Ignore(str(root))
    listing = walk(str(root), ignore, 12)
    assert [entry.path for entry in listing] == paths(root)[:12]
    assert listing.is_cut
    whole = walk(str(root), ignore, 30)
    assert len(list(whole)) == 30
    assert not whole.is_cut
    ignore.close()


@pytest.mark.parametrize(
    ("under", "expected"),
    [
        ("a", ["a/b/c.py", "a/d.py"]),
        ("a/b", ["a/b/c.py"]),
        ("a/d.py", ["a/d.py"]),
        ("skipped", []),
        ("skipped/x.py", []),
        ("nothing", []),
        ("link", []),
        ("link/d.py", []),
    ],
)
def test_part_of_a_tree(root: Path, under: str, expected: list[str]) -> None:
    for path in ("a/b/c.py", "a/d.py", "ab/e.py", "skipped/x.py"):
        write(root / path)
    write(root / ".gitignore", "skipped/\n")
    (root / "link").symlink_to("a")
    assert paths(root, under=under) == expected


def test_a_root_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert paths(tmp_path / "nothing") == []


def test_names_that_are_no_text(root: Path) -> None:
    for name in (b"\xff\xfe.py", b"a\nb.py", b"%FF.py"):
        with open(os.path.join(os.fsencode(root), name), "wb"):
            pass
    assert sorted(paths(root)) == ["%25FF.py", "%FF%FE.py", "a\nb.py"]
    assert all(signature_of(str(root), path) for path in paths(root))


def test_folders_that_cannot_be_read_are_said_not_raised(root: Path) -> None:
    """A path longer than the system takes is one that even root cannot read."""
    write(root / "a.py")
    start = os.open(root, os.O_RDONLY)
    try:
        for _ in range(20):
            os.mkdir("d" * 250, dir_fd=start)
            inner = os.open("d" * 250, os.O_RDONLY, dir_fd=start)
            os.close(start)
            start = inner
    finally:
        os.close(start)
    ignore = Ignore(str(root))
    listing = walk(str(root), ignore, 100)
    assert [entry.path for entry in listing] == ["a.py"]
    if not (root / ".git").exists():
        assert len(listing.unreadable) == 1
        assert listing.unreadable[0].startswith("ddd")
    ignore.close()
    remove_deep(root)


def remove_deep(root: Path) -> None:
    """pytest could not remove it either."""
    while (deep := root / ("d" * 250)).exists():
        for inner in [*deep.iterdir()]:
            inner.rename(root / "moved")
        deep.rmdir()
        if (root / "moved").exists():
            (root / "moved").rename(deep)


def test_an_index_that_is_broken_does_not_hide_the_files(tmp_path: Path) -> None:
    write(tmp_path / "a.py")
    write(tmp_path / ".gitignore", "*.log\n")
    write(tmp_path / "a.log")
    git(tmp_path, "init", "-q")
    write(tmp_path / ".git/index", "rubbish")
    assert paths(tmp_path) == [".gitignore", "a.py"]
