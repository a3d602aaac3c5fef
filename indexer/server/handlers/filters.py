"""The filters of requests, checked: kinds, languages, globs."""

from __future__ import annotations

import os
from typing import Final

from indexer import errors, languages, model
from indexer.server.handlers import paths
from indexer.server.handlers.envelope import short
from indexer.server.handlers.state import State
from indexer.watch import names

_WILDCARDS: Final = frozenset("*?")


def kinds(kind: str | None) -> tuple[str, ...] | None:
    """A kind or type as a filter. Raises InvalidRequest for one that there is not."""
    known = {*model.TYPE_OF_KIND, *model.TYPE_OF_KIND.values()}
    if kind is not None and kind not in known:
        raise errors.InvalidRequest(f"There is no kind {kind[:100]}; kinds are {', '.join(sorted(known))}.", "kind")
    return None if kind is None else (kind,)


def spoken(language: str | None) -> tuple[str, ...] | None:
    """A language as a filter. Raises InvalidRequest for one that is not understood."""
    known = languages.names()
    if language is not None and language not in known:
        raise errors.InvalidRequest(f"There is no language {language[:100]}; languages are {', '.join(known)}.", "language")
    return None if language is None else (language,)


def glob(state: State, text: str | None) -> str | None:
    """A file, folder or glob of a request as a glob from the root on. Raises InvalidRequest for one outside of the project."""
    if text is None:
        return None
    root = state.project.root
    if _WILDCARDS.isdisjoint(text):
        path = paths.confined(root, text, "path")
        if not path:
            return "**"
        if os.path.isdir(os.path.join(root, names.path_to_os(path))):
            return f"/{path}/"
        return path if "/" not in text else f"/{path}"
    inside = text.removeprefix(root.rstrip("/"))
    if (os.path.isabs(text) and inside == text) or ".." in inside.split("/"):
        raise errors.InvalidRequest(f"{short(text)} is outside of the project {root}.", "path")
    return inside
