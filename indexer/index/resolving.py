"""The resolver process: holds a project's facts and answers what changes mean. `python -m indexer.index.resolving SETTINGS`.

Apart from the daemon, so that resolving never delays an answer and what it needs of memory is given back when it ends.
"""

from __future__ import annotations

import gc
import sys
import time

import msgspec

from indexer import model
from indexer.extract import modules
from indexer.index import frames, materialise, processes, sites
from indexer.model import Evidence
from indexer.resolve import calibration
from indexer.resolve.changes import Project
from indexer.resolve.files import Relationship, Resolved, Target
from indexer.store import rows


class Settings(msgspec.Struct):
    """What the resolver must know; given as JSON in its only argument."""

    root: str
    project: str


class _Ids:
    """The ids of symbols, made file by file when they are first asked for."""

    def __init__(self, settings: Settings) -> None:
        self._namespace = bytes.fromhex(settings.project)
        self.project = Project(self.of)
        self._anchors: dict[str, str] = {}
        self._ids: dict[str, list[bytes]] = {}

    def is_renamed(self, path: str, anchor: str) -> bool:
        """Whether a file's symbols had other ids before."""
        return self._anchors.get(path, anchor) != anchor

    def put(self, path: str, anchor: str) -> None:
        """Takes note of a file."""
        self._ids.pop(path, None)
        self._anchors[path] = anchor

    def remove(self, path: str) -> None:
        self._ids.pop(path, None)
        self._anchors.pop(path, None)

    def __call__(self, target: Target) -> bytes:
        return self.of(target.path)[target.symbol]

    def of(self, path: str) -> list[bytes]:
        """The ids of a file's symbols, in order; none where there is no such file."""
        ids = self._ids.get(path)
        if ids is None:
            if path not in self.project.tree or path not in self._anchors:
                return []
            facts = self.project.tree.file(path).facts
            module = modules.module_name(path, facts.language, self._anchors[path])
            keys = materialise.symbol_keys(path, module, facts)
            ids = self._ids[path] = [model.uuid5_bytes(self._namespace, key) for _, _, key in keys]
        return ids


def main(argument: str) -> None:
    """Takes files in and answers each `Resolve` with `Resolved`s and a `Done`, until the input ends."""
    settings = msgspec.json.decode(argument, type=Settings)
    processes.end_with_parent()
    gc.disable()
    ids = _Ids(settings)
    project = ids.project
    while (message := frames.read_blocking(0)) is not None:
        match message:
            case frames.Put(path, anchor, facts, reads, told):
                if reads:
                    project.load(path, facts, reads, told)
                else:
                    # Which ids the file had is asked for once more.
                    project.put(path, facts, told, is_renamed=ids.is_renamed(path, anchor))
                ids.put(path, anchor)
            case frames.Remove(path):
                project.remove(path)
                ids.remove(path)
            case frames.Resolve():
                _resolve(settings, project, ids)


def _resolve(settings: Settings, project: Project, ids: _Ids) -> None:
    started = time.process_time_ns()
    namespace = bytes.fromhex(settings.project)
    n_files = 0
    for resolved in project.resolve():
        frames.write_blocking(1, frames.encode(_encoded(resolved, namespace, project, ids)))
        n_files += 1
    frames.write_blocking(1, frames.encode(frames.Done(n_files, time.process_time_ns() - started)))
    # After the answer, and of what is new only: looking through the facts of a whole project takes longer than a save may.
    gc.collect()
    gc.freeze()


def _encoded(resolved: Resolved, namespace: bytes, project: Project, ids: _Ids) -> frames.Resolved:
    path = resolved.path
    language = project.tree.file(path).language
    file = model.uuid5_bytes(namespace, path)
    outside = [evidence for *_, target, evidence in resolved.sites if target is None]
    n_external = outside.count(Evidence.external)
    n_unresolved = len(outside) - n_external
    encoded = rows.relationships(
        namespace, file, (_row(path, relationship, language, ids) for relationship in resolved.relationships)
    )
    return frames.Resolved(
        path, encoded, sites.pack(resolved, language, ids), project.reads_of(path),
        len(resolved.sites) - n_external - n_unresolved, n_external, n_unresolved,
    )  # fmt: skip


def _row(path: str, relationship: Relationship, language: str, ids: _Ids) -> rows.RelationshipRow:
    return (
        ids(Target(path, relationship.source)), ids(relationship.target), relationship.type,
        calibration.confidence(language, relationship.evidence), relationship.evidence, relationship.sites,
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])
