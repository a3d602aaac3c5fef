"""The watcher: a reader who follows its events ends up with what is on the disk, whatever happens there."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from watching import Mirror, Vandal, eventually, git, save_atomically, write

from indexer import errors
from indexer.watch import Ignore, events, watch

#: Ways of watching that must all come to the same; a few watches make most folders compared ones.
WAYS = [{}, {"is_polling": True}, {"max_watches": 3}]
each_way = pytest.mark.parametrize("way", WAYS, ids=["inotify", "polling", "mixed"])

SAVES = """
import os, sys
root, n_saves, n_folders, n_files = sys.argv[1], *map(int, sys.argv[2:])
for number in range(n_saves):
    path = f"{root}/d{number % n_folders}/f{number % n_files}.py"
    with open(path + ".tmp", "w") as stream:
        stream.write(str(number))
    os.replace(path + ".tmp", path)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


N_FOLDERS, N_FILES = 20, 499


@pytest.fixture
def quick_root(tmp_path: Path) -> Iterator[Path]:
    """In memory where there is such a place: a disk would slow a storm down to a breeze."""
    memory = Path("/dev/shm")
    place = memory if os.access(memory, os.W_OK) else tmp_path
    with tempfile.TemporaryDirectory(dir=place) as folder:
        yield Path(folder)


def make_folders(root: Path) -> None:
    for number in range(N_FOLDERS):
        (root / f"d{number}").mkdir()


def storm(root: Path, n_saves: int) -> None:
    subprocess.run([sys.executable, "-c", SAVES, str(root), *map(str, (n_saves, N_FOLDERS, N_FILES))], check=True)


@each_way
def test_saves_of_every_kind_are_seen(root: Path, tmp_path: Path, way: dict[str, int]) -> None:
    write(root / "there.py")
    write(tmp_path / "outside.py")
    with Mirror(root, **way) as mirror:
        assert mirror.paths() == {"there.py"}
        write(root / "a.py")
        write(root / "deep/er/b.py")
        assert mirror.paths() == {"there.py", "a.py", "deep/er/b.py"}
        save_atomically(root / "a.py", "other")
        with (root / "deep/er/b.py").open("a") as stream:
            stream.write("more")
        (root / "there.py").unlink()
        assert mirror.paths() == {"a.py", "deep/er/b.py"}
        (root / "a.py").rename(root / "deep/c.py")
        os.link(tmp_path / "outside.py", root / "linked.py")
        (root / "deep/er/b.py").chmod(0o600)
        assert mirror.paths() == {"deep/c.py", "linked.py", "deep/er/b.py"}


@each_way
def test_folders_are_renamed_swapped_copied_and_removed(root: Path, tmp_path: Path, way: dict[str, int]) -> None:
    write(root / "one/deep/a.py", "1")
    write(root / "two/b.py", "22")
    with Mirror(root, **way) as mirror:
        (root / "one").rename(root / "three")
        write(root / "three/deep/c.py")
        assert mirror.paths() == {"three/deep/a.py", "three/deep/c.py", "two/b.py"}
        (root / "three").rename(root / "aside")
        (root / "two").rename(root / "three")
        (root / "aside").rename(root / "two")
        assert mirror.paths() == {"two/deep/a.py", "two/deep/c.py", "three/b.py"}
        write(root / "two/deep/c.py", "after the swap")
        mirror.check()
        (root / "two").rename(tmp_path / "away")
        assert mirror.paths() == {"three/b.py"}
        write(tmp_path / "away/deep/c.py", "while away")
        (tmp_path / "away").rename(root / "three/back")
        assert mirror.paths() == {"three/b.py", "three/back/deep/a.py", "three/back/deep/c.py"}
        subprocess.run(["rm", "-rf", str(root / "three")], check=True)
        write(root / "three")
        assert mirror.paths() == {"three"}


@each_way
def test_files_made_at_once_with_new_folders(root: Path, way: dict[str, int]) -> None:
    with Mirror(root, **way) as mirror:
        for number in range(100):
            write(root / f"n{number}/a/b/c/d/e.py", str(number))
        assert len(mirror.check()) == 100


@each_way
def test_links_are_not_followed(root: Path, tmp_path: Path, way: dict[str, int]) -> None:
    write(tmp_path / "outside/secret.py")
    write(root / "a/b.py")
    with Mirror(root, **way) as mirror:
        (root / "out").symlink_to(tmp_path / "outside")
        (root / "a").rename(root / "c")
        (root / "a").symlink_to("c")
        assert mirror.paths() == {"c/b.py"}
        write(tmp_path / "outside/secret.py", "changed")
        write(root / "a/b.py", "through the link")
        assert mirror.paths() == {"c/b.py"}


@each_way
def test_names_that_are_no_text(root: Path, way: dict[str, int]) -> None:
    raw = os.fsencode(root)
    with Mirror(root, **way) as mirror:
        os.mkdir(raw + b"/\xff")
        with open(raw + b"/\xff/\xfe.py", "wb"):
            pass
        assert mirror.paths() == {"%FF/%FE.py"}
        os.rename(raw + b"/\xff", raw + b"/a\nb")
        assert mirror.paths() == {"a\nb/%FE.py"}


@each_way
def test_edits_of_ignore_files_take_effect_both_ways(root: Path, way: dict[str, int]) -> None:
    git(root, "init", "-q")
    for path in ("a.log", "gen/b.py", "src/gen/c.py", "src/d.tmp"):
        write(root / path)
    with Mirror(root, **way) as mirror:
        assert mirror.paths() == {"a.log", "gen/b.py", "src/gen/c.py", "src/d.tmp"}
        write(root / ".gitignore", "*.log\ngen/\n")
        assert mirror.paths() == {".gitignore", "src/d.tmp"}
        write(root / "gen/late.py")
        write(root / "src/.gitignore", "!gen/\n*.tmp\n")
        expected = {".gitignore", "src/.gitignore", "src/gen/c.py"}
        assert mirror.paths() == expected
        write(root / "src/gen/c.py", "is watched again")
        assert mirror.paths() == expected
        (root / ".gitignore").unlink()
        write(root / ".git/info/exclude", "late.py\n")
        assert mirror.paths() == {"a.log", "gen/b.py", "src/.gitignore", "src/gen/c.py"}
        write(root / "gen/b.py", "is watched again")
        mirror.check()
        git(root, "add", "-f", "gen/late.py")
        assert "gen/late.py" in mirror.paths()
        (root / "src").rename(root / "other")
        assert "other/gen/c.py" in mirror.paths()
        (root / ".git").rename(root.parent / "git-away")
        assert "gen/late.py" in mirror.paths()


def test_ignored_folders_are_not_watched(root: Path) -> None:
    write(root / ".gitignore", "skipped/\n")
    for path in ("node_modules/a/b/c.js", ".git/objects/x", "skipped/a/b.py", ".venv/lib/a.py", "src/a.py"):
        write(root / path)
    with Mirror(root, exclude=["/big/"]) as mirror:
        write(root / "big/a/b/c.py")
        write(root / "node_modules/late/x.js")
        assert mirror.paths() == {".gitignore", "src/a.py"}
        assert mirror.watcher.status().n_watches == 2
        assert not any("late" in str(event) or "big" in str(event) for event in mirror.said)


@each_way
def test_a_root_that_goes_and_comes(root: Path, tmp_path: Path, way: dict[str, int]) -> None:
    write(root / "a.py")
    with Mirror(root, **way) as mirror:
        root.rename(tmp_path / "moved")
        mirror.wait_until(lambda seen: seen.has_said(events.RootGone))
        assert mirror.sync() == {}
        assert not mirror.watcher.status().is_root_present
        write(tmp_path / "moved/b.py")
        (tmp_path / "moved").rename(root)
        mirror.wait_until(lambda seen: seen.has_said(events.RootBack))
        assert mirror.paths() == {"a.py", "b.py"}
        subprocess.run(["rm", "-rf", str(root)], check=True)
        write(root / "c.py", "in another folder of the same name")
        assert mirror.paths() == {"c.py"}
        write(root / "d/e.py")
        assert mirror.paths() == {"c.py", "d/e.py"}


def test_a_root_that_is_not_there_yet(root: Path) -> None:
    root.rmdir()
    with Mirror(root) as mirror:
        assert mirror.sync() == {}
        write(root / "a.py")
        mirror.wait_until(lambda seen: seen.has_said(events.RootBack))
        assert mirror.paths() == {"a.py"}


def test_a_storm_of_saves_loses_nothing(quick_root: Path) -> None:
    make_folders(quick_root)
    with Mirror(quick_root) as mirror:
        storm(quick_root, 20_000)
        assert len(mirror.check()) == N_FOLDERS * N_FILES


def test_a_frozen_reader_and_an_overflow_lose_nothing(quick_root: Path) -> None:
    root = quick_root
    git(root, "init", "-q")
    make_folders(root)
    with Mirror(root) as mirror:
        mirror.gate.clear()
        write(root / "wakes the reader.py")
        queue = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
        storm(root, queue // 4 + 1_000)
        write(root / "made/after/overflow.py")
        write(root / ".gitignore", "f1.py\n")
        number = mirror.watcher.cookie()
        mirror.gate.set()
        assert "made/after/overflow.py" in mirror.check()
        assert mirror.has_said(events.Rescan)
        assert mirror.watcher.status().n_overflows >= 1
        assert any(isinstance(said, events.Cookie) and said.number >= number for said in mirror.said)
        write(root / "made/after/overflow.py", "is still watched")
        mirror.check()


def test_checkouts_of_a_repository(root: Path) -> None:
    git(root, "init", "-q")
    for number in range(300):
        write(root / f"p{number % 7}/q{number % 31}/m{number}.py", f"{number}\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "one")
    git(root, "checkout", "-qb", "other")
    for number in range(0, 300, 3):
        write(root / f"p{number % 7}/q{number % 31}/m{number}.py", "other\n")
    (root / "p1").rename(root / "moved")
    write(root / ".gitignore", "*.tmp\nq4/\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "two")
    with Mirror(root) as mirror:
        for branch in ("main", "other", "main", "other", "main"):
            git(root, "checkout", "-q", branch)
            mirror.check()
        git(root, "stash", "-q", "--include-untracked") if git(root, "status", "--short") else None
        git(root, "rebase", "-q", "other")
        mirror.check()


def test_the_limit_of_watches_is_said_and_the_rest_is_compared(root: Path) -> None:
    for number in range(10):
        write(root / f"d{number}/a.py")
    with Mirror(root, max_watches=4) as mirror:
        status = mirror.watcher.status()
        assert (status.mode, status.n_watches, status.n_polled) == ("mixed", 4, 7)
        assert "fs.inotify.max_user_watches" in (status.limit or "")
        for number in range(10):
            write(root / f"d{number}/b.py")
        assert len(mirror.check()) == 20
        for number in range(8):
            subprocess.run(["rm", "-rf", str(root / f"d{number}")], check=True)
        assert mirror.paths() == {"d8/a.py", "d8/b.py", "d9/a.py", "d9/b.py"}
        # Watches that are free again are used.
        eventually(lambda: mirror.watcher.status().mode == "inotify")
        assert mirror.watcher.status().limit is None


NARROW = """
import sys, threading
from indexer.watch import Ignore, events, watch
root, heard, answered = sys.argv[1], [], threading.Event()
def on_events(batch):
    heard.extend(batch)
    if any(isinstance(event, events.Cookie) for event in batch):
        answered.set()
ignore = Ignore(root)
watcher = watch(root, ignore, on_events)
watcher.start()
for number in (0, 9):
    open(f"{root}/d{number}/b.py", "w").close()
watcher.cookie()
assert answered.wait(60)
assert {events.Changed("d0/b.py"), events.Changed("d9/b.py")} <= set(heard), heard
status = watcher.status()
print(status.mode, status.limit)
watcher.stop()
ignore.close()
"""
CAN_UNSHARE = subprocess.run(["unshare", "-Ur", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not CAN_UNSHARE, reason="lowering the system's limits for one process needs a user namespace")
@pytest.mark.parametrize(
    ("limit", "value", "mode"),
    [("max_inotify_watches", 6, "mixed"), ("max_inotify_watches", 0, "polling"), ("max_inotify_instances", 0, "polling")],
    ids=["few watches", "no watch", "no queue"],
)
def test_the_systems_own_limits(root: Path, limit: str, value: int, mode: str) -> None:
    for number in range(10):
        write(root / f"d{number}/a.py")
    shell = f'echo {value} > /proc/sys/user/{limit}; exec "$0" "$@"'
    command = ["unshare", "-Ur", "sh", "-c", shell, sys.executable, "-c", NARROW, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(mode)
    assert "sudo sysctl fs.inotify.max_user_" in done.stdout


def test_a_cookie_folder_that_is_tidied_away(root: Path, tmp_path: Path) -> None:
    cookies = tmp_path / "cookies"
    with Mirror(root, cookie_folder=str(cookies)) as mirror:
        mirror.sync()
        cookies.rmdir()
        # It is made again as soon as the watcher hears of it; until then a cookie is refused, not lost.
        for number in range(5):
            write(root / f"{number}.py")
            try:
                mirror.check()
            except errors.Unavailable:
                continue
        eventually(cookies.exists)
        write(root / "last.py")
        assert "last.py" in mirror.check()


def test_cookies_of_many_threads_all_come(root: Path) -> None:
    with Mirror(root) as mirror:
        failures: list[BaseException] = []

        def save_and_look(name: str) -> None:
            try:
                for number in range(50):
                    path = f"{name}/{number}.py"
                    write(root / path)
                    assert path in mirror.sync()
            except BaseException as exc:
                failures.append(exc)

        threads = [threading.Thread(target=save_and_look, args=(f"t{number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        assert len(mirror.check()) == 200


def test_stopping_gives_everything_back(root: Path) -> None:
    write(root / "a/b.py")

    def watch_once() -> None:
        ignore = Ignore(str(root))
        watcher = watch(str(root), ignore, lambda batch: None)
        watcher.start()
        watcher.cookie()
        watcher.stop()
        watcher.stop()
        ignore.close()
        with pytest.raises(errors.Unavailable):
            watcher.cookie()

    watch_once()
    before = (len(os.listdir("/proc/self/fd")), threading.active_count())
    for _ in range(10):
        watch_once()
    assert (len(os.listdir("/proc/self/fd")), threading.active_count()) == before


def test_a_callback_that_raises_does_not_end_the_watch(root: Path) -> None:
    heard = threading.Event()
    is_broken = True

    def on_events(batch: object) -> None:
        if is_broken:
            raise RuntimeError("broken reader")
        heard.set()

    ignore = Ignore(str(root))
    watcher = watch(str(root), ignore, on_events)
    watcher.start()
    write(root / "a.py")
    write(root / "b.py")
    is_broken = False
    while not heard.wait(0.05):
        write(root / "c.py")
    watcher.stop()
    ignore.close()


@each_way
@pytest.mark.parametrize("has_repository", [True, False], ids=["git", "no git"])
@pytest.mark.parametrize("seed", [1, 2])
def test_random_deeds(root: Path, tmp_path: Path, way: dict[str, int], has_repository: bool, seed: int) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    if has_repository:
        git(root, "init", "-q")
    vandal = Vandal(root, outside, seed, has_repository=has_repository)
    with Mirror(root, **way) as mirror:
        for _ in range(8):
            for _ in range(15):
                vandal.act()
            mirror.check()


@pytest.mark.parametrize("is_renamed", [True, False], ids=["renamed", "saved"])
def test_the_systems_own_recursive_watch(root: Path, is_renamed: bool) -> None:
    write(root / "old/b.py")
    write(root / "node_modules/c.py")
    git(root, "init", "-q")
    with Mirror(root, observer=True) as mirror:
        assert mirror.watcher.status().mode == "observer"
        if is_renamed:
            (root / "old").rename(root / "new")
        else:
            write(root / "a.py")
        mirror.check()
        write(root / ".gitignore", "*.py\n")
        assert mirror.paths() == {".gitignore"}
        (root / ".gitignore").unlink()
        mirror.check()
        root.rename(root.parent / "moved")
        mirror.wait_until(lambda seen: seen.has_said(events.RootGone))
