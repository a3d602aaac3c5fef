"""The worker process: reads files, extracts their facts and makes their rows. `python -m indexer.index.worker SETTINGS`.

It ends when its input does, or with its parent. What takes too long or too much memory is the parent's to end.
"""

from __future__ import annotations

import gc
import sys
from typing import Final

import msgspec

from indexer import extract, languages, model
from indexer.extract import facts as facts_of
from indexer.extract import modules, origin, paths
from indexer.index import frames, materialise, processes, reading
from indexer.watch import secrets


class Settings(msgspec.Struct):
    """What a worker must know; given as JSON in its only argument."""

    root: str
    project: str
    max_file_bytes: int
    #: Whether files that programs or others wrote are left out.
    skips_generated: bool = False
    #: The extractor's version that the daemon knows; the files of the program may have been replaced under it.
    version: str = extract.VERSION


NONE: Final = "none"


def main(argument: str) -> None:
    """Answers each `Extract` with an `Extracted`, until the input ends."""
    settings = msgspec.json.decode(argument, type=Settings)
    processes.end_with_parent()
    sys.setrecursionlimit(10_000)
    # Cycles are few and small here; collecting them costs a tenth of the time.
    gc.disable()
    project = bytes.fromhex(settings.project)
    n_since_collection = 0
    while isinstance(task := frames.read_blocking(0), frames.Extract):
        frames.write_blocking(1, frames.encode(answer(settings, project, task)))
        n_since_collection += 1
        if n_since_collection == 500:
            gc.collect()
            n_since_collection = 0


def answer(settings: Settings, project: bytes, task: frames.Extract) -> frames.Extracted:
    """Reads and extracts one file."""
    path = task.path
    if settings.version != extract.VERSION:
        return frames.Extracted(path, "outdated")
    content = reading.read(settings.root, path, settings.max_file_bytes)
    if content is None:
        return frames.Extracted(path, "gone")
    seen = content.signature
    done = frames.Extracted(path, "read", seen.size, seen.mtime_ns, seen.ctime_ns, seen.inode, content.hash)
    if content.hash and content.hash == task.known_hash and not task.needs_rows:
        done.status = "same"
        return done
    if secrets.is_secret_name(path) or secrets.has_secret_shape(content.data):
        done.status, done.problem = "secret", "looks like a secret: not stored"
        return done
    language = languages.detect(path, content.data)
    if language is None or (settings.skips_generated and _is_generated(path, content.data, language)):
        done.status = NONE
        return done
    _fill(done, settings, project, language, content, task)
    return done


def _is_generated(path: str, data: bytes, language: str) -> bool:
    return not paths.SYMBOLS_ONLY.isdisjoint((*paths.flags_of(path), *origin.flags_of(data, language)))


def _fill(
    done: frames.Extracted, settings: Settings, project: bytes, language: str, content: reading.Content, task: frames.Extract
) -> None:
    is_known = bool(task.facts) and content.hash == task.known_hash
    text, facts = _facts(settings, language, content, task)
    done.is_parsed = not is_known
    path = done.path
    module = modules.module_name(path, language, task.anchor)
    file = model.uuid5_bytes(project, path)
    done.language, done.problem = language, facts.problem
    done.flags = tuple(dict.fromkeys((*facts.flags, *paths.flags_of(path))))
    done.n_lines, done.n_symbols = facts.n_lines, len(facts.symbols)
    done.facts = task.facts if is_known else facts_of.encode(facts)
    done.rows, done.symbol_names = materialise.symbol_rows(project, file, path, module, facts, text, language)


def _facts(settings: Settings, language: str, content: reading.Content, task: frames.Extract) -> tuple[bytes, facts_of.Facts]:
    if len(content.data) > settings.max_file_bytes:
        problem = f"larger than {settings.max_file_bytes:,} bytes: not parsed (index.max_file_bytes)"
        return b"", extract.module_only(b"", language, problem)
    text, unreadable = extract.as_utf8(content.data)
    if text is None:
        return b"", extract.module_only(b"", language, unreadable)
    if task.facts and content.hash == task.known_hash:
        return text, facts_of.decode(task.facts)
    facts = extract.extract(text, language)
    facts.problem = facts.problem or unreadable
    return text, facts


if __name__ == "__main__":
    main(sys.argv[1])
