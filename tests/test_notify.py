"""The save hook, run as an editor runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import wire
from wire import eventually


@pytest.fixture
def place() -> Iterator[wire.Ground]:
    with wire.ground() as found:
        yield found


def notify(place: wire.Ground, *paths: str | bytes, cwd: str | None = None) -> None:
    """Run the hook, which must say nothing and succeed whatever happens."""
    ended = subprocess.run(
        [sys.executable, "-m", "indexer.notify", *paths],
        env=place.environ,
        cwd=cwd or place.base,
        capture_output=True,
        timeout=wire.PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def heard(daemon: wire.Daemon) -> list[str]:
    paths: list[str] = daemon.counts()["notified"]
    return sorted(paths)


def test_the_daemon_of_the_path_is_told(place: wire.Ground) -> None:
    daemon = place.daemon()
    # A file that is gone has changed too, and so may have a folder.
    notify(place, f"{place.root}/a.py", f"{place.root}/deep/er/b.py", place.root, "/elsewhere/c.py")
    eventually(lambda: heard(daemon) == [place.root, f"{place.root}/a.py", f"{place.root}/deep/er/b.py"])


def test_every_project_around_the_path_is_told(place: wire.Ground) -> None:
    inner_root = place.project("project/vendor/inner")
    outer, inner, other = place.daemon(), place.daemon(inner_root), place.daemon(place.project("other"))
    notify(place, f"{inner_root}/a.py", f"{place.root}/b.py")
    eventually(lambda: heard(outer) == [f"{place.root}/b.py", f"{inner_root}/a.py"])
    eventually(lambda: heard(inner) == [f"{inner_root}/a.py"])
    assert heard(other) == []


def test_relative_paths_and_links_are_resolved(place: wire.Ground) -> None:
    daemon = place.daemon()
    os.symlink(place.root, f"{place.base}/alias")
    os.symlink("/etc/hosts", f"{place.root}/link.py")
    notify(place, "alias/a.py", cwd=str(place.base))
    notify(place, "./b.py", "../project/c.py", cwd=place.root)
    # The last name is kept: the link itself was saved.
    notify(place, f"{place.root}/link.py")
    expected = sorted(f"{place.root}/{name}.py" for name in ("a", "b", "c", "link"))
    eventually(lambda: heard(daemon) == expected)


def test_for_a_name_that_json_cannot_carry_its_folder_is_told(place: wire.Ground) -> None:
    daemon = place.daemon()
    notify(place, os.fsencode(place.root) + b"/caf\xe9.py", os.fsencode(place.root) + b"/\xff/x.py")
    eventually(lambda: heard(daemon) == [place.root, place.root])


def test_odd_names_arrive_as_they_are(place: wire.Ground) -> None:
    daemon = place.daemon()
    names = ['q"uote', "back\\slash", "new\nline", "ünï", "a b", "\U0001f40d"]
    notify(place, *(f"{place.root}/{name}" for name in names))
    eventually(lambda: heard(daemon) == sorted(f"{place.root}/{name}" for name in names))


def test_many_paths_at_once_arrive(place: wire.Ground) -> None:
    daemon = place.daemon()
    paths = [f"{place.root}/folder/with/a/name/file_{n}.py" for n in range(5000)]
    notify(place, *paths)
    eventually(lambda: heard(daemon) == sorted(paths))


def test_without_a_daemon_or_without_sense_nothing_happens(place: wire.Ground) -> None:
    notify(place, f"{place.root}/a.py")
    notify(place)
    notify(place, "")
    notify(place, "/", "~", "-h", "x" * 5000, "no/such/folder/file")
    place.daemon().process.kill()
    notify(place, f"{place.root}/a.py")


def test_a_hung_daemon_does_not_hold_the_editor(place: wire.Ground) -> None:
    daemon = place.daemon()
    daemon.process.send_signal(signal.SIGSTOP)
    # More than a socket's buffer holds, and more connections than wait in its backlog.
    long_paths = [f"{place.root}/{'x' * 200}/{n}" for n in range(5000)]
    notify(place, *long_paths)
    peers = []
    try:
        while True:
            peers.append(_impatient(daemon.path))
    except OSError:
        notify(place, f"{place.root}/late.py")
    for peer in peers:
        peer.close()
    daemon.process.send_signal(signal.SIGCONT)
    eventually(daemon.answers)


def _impatient(path: str) -> wire.Peer:
    return wire.Peer(path, patience=0.01)


def test_a_folder_of_doubtful_origin_is_told_nothing(place: wire.Ground) -> None:
    daemon = place.daemon()
    os.chmod(place.folder, 0o755)
    notify(place, f"{place.root}/a.py")
    os.chmod(place.folder, 0o700)
    notify(place, f"{place.root}/b.py")
    eventually(lambda: heard(daemon) == [f"{place.root}/b.py"])


def test_the_hook_imports_little(place: wire.Ground) -> None:
    code = "import sys; before = set(sys.modules); import indexer.notify; print(*set(sys.modules) - before)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], env=place.environ, capture_output=True, text=True, check=True
    ).stdout.split()
    assert {name for name in loaded if name.startswith("indexer")} == {
        "indexer",
        "indexer.notify",
        "indexer.sockets",
    }
    assert not {"msgspec", "socket", "json", "typing", "re"} & set(loaded)
