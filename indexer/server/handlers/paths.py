"""Paths of requests, confined to the project; and why a file of it has nothing to show."""

from __future__ import annotations

import os
import stat

from indexer import errors, languages, model
from indexer.server.handlers.envelope import Basis, short
from indexer.server.handlers.state import State
from indexer.store import summary
from indexer.watch import names, secrets


def confined(root: str, path: str, field: str) -> str:
    """The path from the root on of what a request names; '' is the root itself.

    An absolute path is as the system has it, one from the root is written as in answers (see watch.names). Links in the
    folders on the way are followed, one in the last place is not: a link is a thing of its own in the project. Raises
    InvalidRequest naming the field where the path leads out of the project or cannot be one.
    """
    try:
        if "\0" in path:
            raise ValueError("it holds a NUL")
        full = path if os.path.isabs(path) else os.path.join(root, names.path_to_os(path))
        folder, name = os.path.split(os.path.normpath(full))
        real = os.path.join(os.path.realpath(folder), name)
    except ValueError as problem:
        raise errors.InvalidRequest(f"{path[:200]!r} is no path: {problem}.", field) from None
    if real == root:
        return ""
    if not real.startswith(root.rstrip("/") + "/"):
        raise errors.InvalidRequest(f"{short(path)} is outside of the project {root}.", field)
    return names.path_from_os(real[len(root.rstrip("/")) + 1 :])


def known(state: State, path: str, field: str) -> str:
    """The confined path of a file to look up; a link to a file of the project stands for that file."""
    inside = confined(state.project.root, path, field)
    full = os.path.join(state.project.root, names.path_to_os(inside))
    if inside not in state.line.files and os.path.islink(full):
        return confined(state.project.root, os.path.realpath(full), field)
    return inside


async def problem(state: State, path: str) -> str | None:
    """What is wrong with a file of the index, in a sentence; None where nothing is."""
    facts = await summary.file_facts(state.database, state.project.id, model.file_id(state.project.id, path))
    return f"{path}: {facts.problem}." if facts is not None and facts.problem else None


async def why_nothing(state: State, basis: Basis, path: str) -> str:
    """Why there are no symbols of a file, in a sentence."""
    if path in state.line.files:
        return await problem(state, path) or f"{path} has no symbols."
    if failure := state.line.failures.get(path):
        return f"{path} could not be read ({failure.reason}); it is tried again."
    return _why_unknown(state, basis, path)


def _why_unknown(state: State, basis: Basis, path: str) -> str:
    """Why a file is not in the index, as the disk and the rules have it."""
    try:
        mode = os.lstat(os.path.join(state.project.root, names.path_to_os(path))).st_mode
    except OSError as problem:
        return f"There is no file {path} in the project ({problem.strerror})."
    if stat.S_ISDIR(mode):
        return f"{path or 'The root'} is a folder; name a file in it."
    if not stat.S_ISREG(mode):
        return f"{path} is no regular file and is not read."
    if path in state.line.others or (languages.language_of_path(path) is None and not secrets.is_secret_name(path)):
        left_out = ", or was left out as generated (index.generated)" if state.line.settings.skips_generated else ""
        return f"{path} is in no language that is understood{left_out}."
    if basis.index.pending or not state.live.first_done.is_set():
        return f"{path} is not read yet."
    if state.live.is_cut:
        return f"{path} is not in the index: the project has more files than index.max_files allows."
    return f"{path} is ignored, by the repository's rules or by index.exclude."


async def why_nothing_there(state: State, basis: Basis, path: str, line: int) -> str:
    """Why there is no symbol at a line of a file of the index."""
    facts = await summary.file_facts(state.database, state.project.id, model.file_id(state.project.id, path))
    if facts is not None and not facts.problem and line > facts.n_lines:
        return f"{path} has {facts.n_lines:,} lines, as it was last read."
    return await why_nothing(state, basis, path)
