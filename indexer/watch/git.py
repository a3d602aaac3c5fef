"""Asking git, safely: nothing that a repository configures is run, nothing is written, no network is reached.

A repository's own config may name programs (fsmonitor, hooks, pagers, transports for missing objects). All
of them are switched off here, and what the environment says about *which* repository is meant is dropped,
since this process may have been started by a hook of another one.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_SAFE: Final = (
    "git",
    "--no-pager",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.untrackedCache=false",
    "-c", "diff.external=",
    "-c", "protocol.allow=never",
)  # fmt: skip
#: Where git's own configuration lies is the user's business; everything else named GIT_* could point
#: elsewhere.
_KEPT: Final = frozenset(
    {
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_SYSTEM",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_EXEC_PATH",
        "GIT_CEILING_DIRECTORIES",
    }
)
_SHORT_TIMEOUT_S: Final = 30.0
#: A question takes some 10 µs; one that takes this long never ends (a network folder that hangs).
_ANSWER_TIMEOUT_S: Final = 20.0
#: What the smallest pipe takes without a reader: a longer question could block while git blocks on its
#: answer.
_BYTES_A_QUESTION: Final = 4_096
#: git complains once for each folder that it cannot read.
_BYTES_OF_COMPLAINTS: Final = 65_536
_FIELDS_AN_ANSWER: Final = 4


class Refused(Exception):
    """git does not answer for this folder; the message is its own first line."""

    @property
    def is_no_repository(self) -> bool:
        """Whether it is for the plain reason that there is no repository."""
        return any(reason in str(self) for reason in ("not a git repository", "invalid gitfile format"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a folder's repository lies, in absolute paths; `top` is the work tree's root, at or above it."""

    top: str
    git_dir: str
    common_dir: str


def environment() -> dict[str, str]:
    """The environment that git runs in. This is git's own, no setting of ours is read from it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}
    return kept | {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def run(folder: str, *arguments: str) -> bytes:
    """What a quick git command in `folder` prints. Raises Refused when it fails, hangs or there is no git."""
    try:
        done = subprocess.run(
            [*_SAFE, *arguments],
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SHORT_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise Refused(str(exc)) from exc
    if done.returncode:
        raise Refused(_first_line(done.stderr) or f"git {arguments[0]} ended with {done.returncode}")
    return done.stdout


def find(folder: str) -> Place:
    """The repository that `folder` belongs to. Raises Refused: there is none, or git will not touch it."""
    printed = run(folder, "rev-parse", "--show-toplevel", "--absolute-git-dir", "--git-common-dir")
    lines = os.fsdecode(printed).split("\n")[:-1]
    if len(lines) != 3:
        raise Refused("the repository's path contains a line break")
    top, git_dir, common_dir = lines
    if not is_within(os.path.realpath(folder), top):
        # core.worktree of the repository's own config points elsewhere.
        raise Refused(f"the repository claims a work tree elsewhere ({top})")
    return Place(top, git_dir, os.path.normpath(os.path.join(folder, common_dir)))


def branch(git_dir: str) -> str | None:
    """The branch that is checked out; None where there is none (in the middle of a rebase, say). Runs nothing."""
    try:
        with open(os.path.join(git_dir, "HEAD"), encoding="utf-8", errors="replace") as file:
            head = file.read(1000).strip()
    except OSError:
        return None
    return head.removeprefix("ref: ").removeprefix("refs/heads/") if head.startswith("ref: ") else None


def has_worktrees(common_dir: str) -> bool:
    """Whether other work trees share the repository."""
    try:
        return bool(os.listdir(os.path.join(common_dir, "worktrees")))
    except OSError:
        return False


def home_of(folder: str, place: Place) -> str:
    """Where a folder of a linked work tree is in the repository's main one; elsewhere the folder itself."""
    top, name = os.path.split(place.common_dir)
    if place.git_dir == place.common_dir or name != ".git":
        return folder
    return os.path.normpath(os.path.join(top, os.path.relpath(os.path.realpath(folder), place.top)))


def is_within(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies in it; both absolute and normalised."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def list_names(folder: str, *arguments: str, under: bytes = b"", complaints: list[str]) -> Iterator[bytes]:
    """The names that `git ls-files -z` prints for `folder`, as they come, relative to it.

    `under` limits it to one file or folder. What git complains of meanwhile (a folder that it cannot read)
    is appended to `complaints`, a line each. Closing the iterator ends git. Raises Refused when git fails.
    """
    command: list[str | bytes] = [*_SAFE, "--literal-pathspecs", "ls-files", "-z", *arguments]
    if under:
        command += ["--", under]
    with tempfile.TemporaryFile() as errors_file:
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors_file,
            )
        except OSError as exc:
            raise Refused(str(exc)) from exc
        with process:
            assert process.stdout is not None
            try:
                yield from _split(process.stdout.fileno())
            except BaseException:
                process.kill()
                raise
        errors_file.seek(0)
        printed = errors_file.read(_BYTES_OF_COMPLAINTS)
    if process.returncode:
        raise Refused(_first_line(printed) or f"git ls-files ended with {process.returncode}")
    complaints += printed.decode("utf-8", "replace").splitlines()


def _split(fd: int) -> Iterator[bytes]:
    rest = b""
    while chunk := os.read(fd, 1 << 16):
        *names, rest = (rest + chunk).split(b"\0")
        yield from names


def config_files(place: Place | None) -> tuple[str, ...]:
    """Files whose change may change what git ignores, the ones inside the tree aside; they need not exist."""
    home = os.path.expanduser("~")
    xdg = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    user = os.environ.get("GIT_CONFIG_GLOBAL")
    found = [user] if user else [os.path.join(home, ".gitconfig"), os.path.join(xdg, "git", "config")]
    found += ["/etc/gitconfig", os.path.join(xdg, "git", "ignore")]
    if place is not None:
        with contextlib.suppress(Refused):
            excludes = os.fsdecode(run(place.top, "config", "--type=path", "--get", "core.excludesFile"))
            found.append(os.path.join(place.top, excludes.rstrip("\n")))
        found += [os.path.join(place.common_dir, name) for name in ("config", "info/exclude")]
        found += [os.path.join(place.git_dir, name) for name in ("HEAD", "config.worktree")]
    return tuple(found)


def _first_line(complaint: bytes) -> str:
    return complaint.decode("utf-8", "replace").strip().partition("\n")[0]


class Checker:
    """A running `git check-ignore` in one folder. It reads the rules once: after a change, make another.

    It is not asked for tracked files (`--no-index`): with the index, each question costs a pass over all of
    it.
    """

    def __init__(self, folder: str) -> None:
        """Raises Refused when there is no git to start."""
        self._folder = folder
        self._start()

    def check(self, paths: Sequence[bytes]) -> list[bool]:
        """Whether each path, relative to the folder, is ignored; folders end in '/'.

        A path that git will not judge, since a part of it is a symbolic link or it leads out of the tree,
        counts as ignored. Raises Refused when git judges nothing any more.
        """
        answers: list[bool] = []
        for question in _portions(paths):
            answers += self._check(question)
        return answers

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.kill()
        self._process.wait()

    def _start(self) -> None:
        try:
            self._process = subprocess.Popen(
                [*_SAFE, "check-ignore", "-z", "--stdin", "--verbose", "--non-matching", "--no-index"],
                cwd=self._folder,
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                # Control-C in the terminal of a daemon in the foreground is for the daemon alone.
                start_new_session=True,
            )
        except OSError as exc:
            raise Refused(str(exc)) from exc

    def _check(self, paths: Sequence[bytes]) -> list[bool]:
        """git ends at a path that it will not judge: halve the question until that path stands alone."""
        answers = self._ask(paths)
        if answers is not None:
            return answers
        self.close()
        self._start()
        if len(paths) > 1:
            middle = len(paths) // 2
            return self._check(paths[:middle]) + self._check(paths[middle:])
        if self._ask([b""]) is None:
            raise Refused("git check-ignore does not answer")
        return [True]

    def _ask(self, paths: Sequence[bytes]) -> list[bool] | None:
        """One round trip; None when git has ended. Raises Refused when it hangs.

        './' keeps a leading ':' from being read as pathspec magic.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            os.write(self._process.stdin.fileno(), b"".join(b"./" + path + b"\0" for path in paths))
            printed = _read_fields(self._process.stdout.fileno(), len(paths) * _FIELDS_AN_ANSWER)
        except TimeoutError as exc:
            raise Refused("git check-ignore hangs") from exc
        except OSError:
            return None
        if printed is None:
            return None
        # source, line, pattern, path: no pattern where none matches, and a '!' in front of one that
        # un-ignores.
        patterns = printed.split(b"\0")[2::_FIELDS_AN_ANSWER]
        return [pattern != b"" and not pattern.startswith(b"!") for pattern in patterns[: len(paths)]]


def _portions(paths: Sequence[bytes]) -> Iterator[list[bytes]]:
    portion: list[bytes] = []
    size = 0
    for path in paths:
        n_bytes = len(path) + 3
        if portion and size + n_bytes > _BYTES_A_QUESTION:
            yield portion
            portion, size = [], 0
        portion.append(path)
        size += n_bytes
    if portion:
        yield portion


def _read_fields(fd: int, n_fields: int) -> bytes | None:
    """Reads until `n_fields` NUL-ended fields are there; None at the stream's end. Raises TimeoutError."""
    poller = select.poll()
    poller.register(fd, select.POLLIN)
    chunks: list[bytes] = []
    while n_fields > 0:
        if not poller.poll(_ANSWER_TIMEOUT_S * 1000):
            raise TimeoutError
        chunk = os.read(fd, 1 << 16)
        if not chunk:
            return None
        n_fields -= chunk.count(b"\0")
        chunks.append(chunk)
    return b"".join(chunks)
