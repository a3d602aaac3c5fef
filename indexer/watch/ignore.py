"""Which files are none of the index's business: one answer for the walker and the watcher.

From weak to strong:
1. folders that tools fill and nobody writes by hand (`DEFAULT_FOLDERS`),
2. the repository's rules, as git itself tells them; outside a repository, and where git refuses one,
   `.gitignore` files as pathspec reads them. A repository inside the tree (a submodule, a clone) has its own
   rules,
3. a file that the repository tracks is not ignored by 1 and 2,
4. the config's `include` patterns un-ignore,
5. the config's `exclude` patterns ignore,
6. `.git` is always ignored.

`include` and `exclude` are written like lines of a `.gitignore` at the root. To un-ignore files in an
ignored folder, an include must name that folder from the root on (`gen/api/*.py`): others (`*.gen.py`)
un-ignore only what lies in folders that are read anyway, so that no ignored folder has to be searched for
them.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from typing import Final

from indexer.watch import git, names, patterns

logger = logging.getLogger(__name__)

#: Ignored in and outside repositories unless tracked. Not `build`, `dist`, `target`, `out`, `vendor` or
#: `env`: real source folders bear these names, and where they are made by a tool the repository's own rules
#: say so.
# fmt: off
DEFAULT_FOLDERS: Final = frozenset({
    ".git", ".hg", ".svn", ".bzr", ".jj", "CVS", "node_modules", "bower_components", "jspm_packages",
    ".yarn", ".pnpm-store", ".parcel-cache", ".next", ".nuxt", ".svelte-kit", ".turbo", ".angular",
    "__pycache__", ".venv", "venv", ".tox", ".nox", ".eggs", ".mypy_cache", ".pytest_cache",
    ".ruff_cache", ".hypothesis", ".ipynb_checkpoints", ".pytype", "__pypackages__",
    ".import_linter_cache", ".gradle", ".terraform", ".terragrunt-cache", ".bundle", ".stack-work",
    ".dart_tool", ".cpcache", ".bloop", ".metals", ".zig-cache", ".cache", ".direnv", ".idea", ".vs",
})
# fmt: on
#: Files whose change changes the rules, wherever in the tree they are.
RULE_FILES: Final = frozenset({patterns.IGNORE_FILE, ".git"})

_MAX_REMEMBERED: Final = 30_000
_MAX_FOLDERS: Final = 100_000
#: Each repository that is asked costs a git process; the one asked longest ago makes room.
_MAX_CHECKERS: Final = 8

_Signature = tuple[int, int, int, int] | None


class Ignore:
    """Answers for one tree, from any thread. Holds git processes: close it."""

    def __init__(self, root: str, *, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> None:
        self._root = root
        self._include = patterns.compile_lines(include) if include else None
        self._exclude = patterns.compile_lines(exclude) if exclude else None
        #: Folders to look into for included files even though they may be ignored.
        self._include_roots: Final = tuple(sorted({start for start in map(_literal_start, include) if start}))
        self._lock = threading.RLock()
        self._remembered: dict[tuple[str, bool], bool] = {}
        self._repositories: dict[str, _Repository | _NoRepository | _Unborn | None] = {}

    def is_ignored(self, path: str, is_dir: bool) -> bool:
        """Whether a file or folder, which need not exist, is ignored (a folder: with all that it holds)."""
        return self.are_ignored([path], is_dir)[0]

    def are_ignored(self, paths: Sequence[str], is_dir: bool) -> list[bool]:
        """`is_ignored` of many at once, which is several times as quick."""
        with self._lock:
            if len(self._remembered) > _MAX_REMEMBERED:
                self._remembered.clear()
            unknown = [path for path in paths if (path, is_dir) not in self._remembered]
            answers = dict(zip(unknown, self._decide_all(unknown, is_dir), strict=True))
            self._remembered.update({(path, is_dir): said for path, said in answers.items()})
            return [answers[path] if path in answers else self._remembered[path, is_dir] for path in paths]

    @property
    def has_includes(self) -> bool:
        """Whether the config un-ignores anything: then git's own listing is not the whole truth."""
        return self._include is not None

    def is_excluded(self, path: str) -> bool:
        """Whether the config itself excludes the file."""
        return self._exclude is not None and self._exclude.match_file(path)

    def rules_start(self, folder: str) -> str:
        """The innermost folder at or above `folder` where a repository begins; '' is the tree's root."""
        with self._lock:
            return self._chain(folder)[-1]

    def is_listed_by_git(self, start: str) -> bool:
        """Whether git lists the files from a `rules_start` on, other repositories beneath it aside."""
        with self._lock:
            return isinstance(self._repository(start), _Repository)

    def note_listing(self, start: str) -> None:
        """git lists from a `rules_start` on: to be called before and after.

        If the repository's index is another than at the last `refresh`, files may be listed by what it tracks at
        the moment. Then the next `refresh` says so, even if the index has changed back until then.
        """
        with self._lock:
            rules = self._repository(start)
            if isinstance(rules, _Repository):
                rules.note_index()

    def refresh(self) -> bool:
        """Look at the rules outside the tree and in `.git`; True when other files than before may be ignored.

        Costs a few stat calls when nothing has changed.
        """
        with self._lock:
            opened = [found for found in self._repositories.values() if found is not None]
            if not any(found.refresh() for found in opened):
                return False
            self.invalidate()
            return True

    def invalidate(self) -> None:
        """Forget all answers: a file named in `RULE_FILES` changed in the tree, or the root is another."""
        with self._lock:
            self._remembered.clear()
            self.close()

    def forget(self, folder: str) -> None:
        """Forget what lies beneath: a folder that holds a file named in `RULE_FILES` came, went or was moved.

        Cheaper than `invalidate`, for whoever compares all that is in the folder anyway.
        """
        with self._lock:
            self._remembered.clear()
            for inner in [inner for inner in self._repositories if _is_in(inner, folder) and inner]:
                self._close(self._repositories.pop(inner))
            for rules in self._repositories.values():
                if isinstance(rules, _Repository | _NoRepository):
                    rules.forget_folders()

    def close(self) -> None:
        """End the git processes; they come back with the next question."""
        with self._lock:
            for found in self._repositories.values():
                self._close(found)
            self._repositories.clear()

    @staticmethod
    def _close(found: _Repository | _NoRepository | _Unborn | None) -> None:
        if isinstance(found, _Repository):
            found.stop()

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences about repositories that git refuses, for people."""
        with self._lock:
            return tuple(
                f"{folder or '.'}: git's ignore rules are not used, only .gitignore files: {found.refusal}"
                for folder, found in sorted(self._repositories.items())
                if isinstance(found, _NoRepository) and found.refusal
            )

    def _decide_all(self, paths: Sequence[str], is_dir: bool) -> list[bool]:
        answers = [self._decide_by_config(path, is_dir) for path in paths]
        open_questions = [index for index, said in enumerate(answers) if said is None]
        by_container: dict[str, list[int]] = {}
        for index in open_questions:
            by_container.setdefault(paths[index].rpartition("/")[0], []).append(index)
        by_chain: dict[tuple[str, ...], list[int]] = {}
        for container, indices in by_container.items():
            by_chain.setdefault(self._chain(container), []).extend(indices)
        for chain, indices in by_chain.items():
            said_by_rules = self._decide_by_rules([paths[index] for index in indices], is_dir, chain)
            for index, said in zip(indices, said_by_rules, strict=True):
                answers[index] = said
        return [bool(said) for said in answers]

    def _decide_by_config(self, path: str, is_dir: bool) -> bool | None:
        if ".git" in path.split("/"):
            return True
        if self._exclude is not None and self._exclude.match_file(path + "/" if is_dir else path):
            return True
        if self._include is None:
            return None
        if is_dir and any(_touches(path, start) for start in self._include_roots):
            return False
        return False if self._include.match_file(path + "/" if is_dir else path) else None

    def _chain(self, container: str) -> tuple[str, ...]:
        """The repositories that have a say about what is in a folder, outermost first; '' is always one."""
        return tuple(folder for folder in _upwards(container) if self._repository(folder) is not None)

    def _decide_by_rules(self, paths: Sequence[str], is_dir: bool, chain: tuple[str, ...]) -> list[bool]:
        """A nested repository goes with its folder where the outer one ignores that, else by its rules."""
        for inner in chain[1:]:
            if self.is_ignored(inner, True):
                return [True] * len(paths)
        folder = chain[-1]
        start = len(folder) + 1 if folder else 0
        relative = [path[start:] + ("/" if is_dir else "") for path in paths]
        return self._check(folder, relative)

    def _check(self, folder: str, relative: list[str]) -> list[bool]:
        rules = self._repository(folder)
        if isinstance(rules, _Repository):
            self._make_room_for(rules)
            try:
                return rules.check(relative)
            except git.Refused as exc:
                logger.info("git stopped answering", extra={"folder": folder, "complaint": str(exc)})
                rules.stop()
                rules = self._repositories[folder] = _NoRepository(self._path_of(folder)).because(exc)
        assert rules is not None
        return rules.check(relative)

    def _make_room_for(self, rules: _Repository) -> None:
        if rules.is_running:
            return
        running = [found for found in self._repositories.values() if isinstance(found, _Repository) and found.is_running]
        for found in running[: max(0, len(running) + 1 - _MAX_CHECKERS)]:
            found.stop()

    def _repository(self, folder: str) -> _Repository | _NoRepository | None:
        """The rules that begin at `folder`; None where it is an ordinary folder of the tree."""
        if folder not in self._repositories:
            if len(self._repositories) > _MAX_FOLDERS:
                self.close()
            self._repositories[folder] = self._open(folder)
        found = self._repositories[folder]
        return None if isinstance(found, _Unborn) else found

    def _open(self, folder: str) -> _Repository | _NoRepository | _Unborn | None:
        path = self._path_of(folder)
        if not folder:
            return _open_root(path)
        if not os.path.lexists(os.path.join(path, ".git")):
            return None
        # Before asking: what is finished meanwhile must not go unnoticed.
        unborn, refused = _Unborn(path), _NoRepository(path)
        try:
            place = git.find(path)
            # Else git went on upwards: what is called .git in here is no repository.
            return _Repository(path, place) if place.top == os.path.realpath(path) else unborn
        except git.Refused as exc:
            return unborn if exc.is_no_repository else refused.because(exc)

    def _path_of(self, folder: str) -> str:
        return os.path.join(self._root, names.path_to_os(folder)) if folder else self._root


class _Repository:
    """Rules of a folder in a git repository: at its top or below."""

    def __init__(self, folder: str, place: git.Place) -> None:
        """Raises git.Refused."""
        self._folder = folder
        self._checker: git.Checker | None = None
        self._index = os.path.join(place.git_dir, "index")
        self._files = (*git.config_files(place), *_ignore_files_above(folder, place.top))
        self._index_signature = _signature(self._index)
        self._is_index_doubtful = False
        self._signatures = [_signature(file) for file in self._files]
        self._tracked = self._list_tracked()

    @property
    def is_running(self) -> bool:
        return self._checker is not None

    def check(self, paths: Sequence[str]) -> list[bool]:
        """Paths relative to the folder; folders end in '/'."""
        answers = [self._decide_by_name(path) for path in paths]
        asked = [index for index, said in enumerate(answers) if said is None]
        if asked:
            if self._checker is None:
                self._checker = git.Checker(self._folder)
            said_by_git = self._checker.check([names.path_to_bytes(paths[index]) for index in asked])
            for index, said in zip(asked, said_by_git, strict=True):
                answers[index] = said
        return [bool(said) for said in answers]

    def refresh(self) -> bool:
        """True when anything may have changed; the index counts when it tracks others against the rules."""
        if [_signature(file) for file in self._files] != self._signatures:
            return True
        index_signature = _signature(self._index)
        if self._is_index_doubtful:
            return True
        if index_signature == self._index_signature:
            return False
        self._index_signature = index_signature
        try:
            return self._list_tracked() != self._tracked
        except git.Refused:
            return True

    def note_index(self) -> None:
        self._is_index_doubtful |= _signature(self._index) != self._index_signature

    def stop(self) -> None:
        if self._checker is not None:
            self._checker.close()
            self._checker = None

    def forget_folders(self) -> None:
        """Ignore files below the top came or went. git reads those again on the way back from the top."""
        if self._checker is not None:
            self._checker.check([b""])
        self._index_signature = None

    def _decide_by_name(self, path: str) -> bool | None:
        if path in self._tracked:
            return False
        return True if is_in_default_folder(path) else None

    def _list_tracked(self) -> frozenset[str]:
        """Files tracked although the rules ignore them, and the folders on the way there, ending in '/'."""
        listed = git.list_names(self._folder, "-c", "-i", *standard_excludes(), complaints=[])
        files = [names.path_from_bytes(raw) for raw in listed]
        folders = {folder + "/" for file in files for folder in _upwards(file.rpartition("/")[0]) if folder}
        return frozenset(files) | folders


class _NoRepository:
    """Rules of a folder where git has no say; `refusal` is its reason where there is a repository."""

    def __init__(self, folder: str) -> None:
        self.refusal: str | None = None
        self._rules = patterns.FolderRules(folder)
        inside = (os.path.join(folder, ".git", name) for name in ("HEAD", "config", "refs", "objects", "info/exclude"))
        self._files = (*git.config_files(None), os.path.join(folder, ".git"), *inside)
        self._signatures = [_existence(file) for file in self._files]

    def because(self, refusal: git.Refused) -> _NoRepository:
        self.refusal = str(refusal)
        return self

    def check(self, paths: Sequence[str]) -> list[bool]:
        said = self._rules.check(paths)
        return [by_rules or is_in_default_folder(path) for path, by_rules in zip(paths, said, strict=True)]

    def forget_folders(self) -> None:
        self._rules.forget()

    def refresh(self) -> bool:
        return [_existence(file) for file in self._files] != self._signatures


class _Unborn:
    """A folder with a `.git` that is no repository, or is none yet: it may be in the making."""

    def __init__(self, folder: str) -> None:
        inside = (os.path.join(folder, ".git", name) for name in ("HEAD", "config", "refs", "objects"))
        self._files = (os.path.join(folder, ".git"), *inside)
        self._signatures = [_existence(file) for file in self._files]

    def refresh(self) -> bool:
        return [_existence(file) for file in self._files] != self._signatures


def standard_excludes() -> list[str]:
    """Arguments that make `git ls-files` ignore what this module ignores, the config's patterns aside."""
    return ["--exclude-standard", *(f"--exclude={folder}/" for folder in sorted(DEFAULT_FOLDERS))]


def is_in_default_folder(path: str) -> bool:
    """Whether a folder of the path is in `DEFAULT_FOLDERS`; a path that ends in '/' is a folder itself."""
    return not DEFAULT_FOLDERS.isdisjoint(path.split("/")[:-1])


def _open_root(path: str) -> _Repository | _NoRepository:
    # Before asking: what is finished meanwhile must not go unnoticed.
    none = _NoRepository(path)
    try:
        place = git.find(path)
        repository = _Repository(path, place)
        if place.top == os.path.realpath(path):
            return repository
        # A tree inside somebody's larger repository that ignores it (a home folder under version control).
        inside = os.path.relpath(os.path.realpath(path), place.top)
        outer = git.Checker(place.top)
        try:
            is_foreign = outer.check([os.fsencode(inside) + b"/"])[0]
        finally:
            outer.close()
        return none if is_foreign else repository
    except git.Refused as exc:
        return none.because(exc) if os.path.lexists(os.path.join(path, ".git")) else none


def _ignore_files_above(folder: str, top: str) -> list[str]:
    """The ignore files between the repository's top and a tree that begins below it."""
    found: list[str] = []
    current = os.path.realpath(folder)
    while current != top and git.is_within(current, top):
        current = os.path.dirname(current)
        found.append(os.path.join(current, patterns.IGNORE_FILE))
    return found


def _signature(file: str) -> _Signature:
    try:
        found = os.stat(file)
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


def _existence(file: str) -> _Signature:
    """The signature of a file; of a folder only that it is there, since its times change with each entry."""
    return (0, 0, 0, 0) if os.path.isdir(file) else _signature(file)


def _upwards(folder: str) -> list[str]:
    """'' and each folder on the way down to `folder`, itself included."""
    if not folder:
        return [""]
    parts = folder.split("/")
    return ["", *("/".join(parts[: end + 1]) for end in range(len(parts)))]


def _is_in(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(folder + "/")


def _literal_start(pattern: str) -> str:
    """An include pattern up to its first wildcard, cut at a '/'; '' where it may match at any depth."""
    if pattern.startswith(("!", "#")) or "/" not in pattern.strip("/"):
        return pattern.strip("/") if pattern.startswith("/") and not _has_wildcard(pattern) else ""
    literal: list[str] = []
    for part in pattern.strip("/").split("/"):
        if _has_wildcard(part):
            break
        literal.append(part)
    return "/".join(literal)


def _has_wildcard(text: str) -> bool:
    return not {"*", "?", "[", "\\"}.isdisjoint(text)


def _touches(folder: str, start: str) -> bool:
    """Whether one of both lies in the other, or they are the same."""
    return folder == start or folder.startswith(start + "/") or start.startswith(folder + "/")
