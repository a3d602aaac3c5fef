"""What all commands of one call share: the project that is meant, its daemon, and where answers go."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from indexer import client, config, errors
from indexer.cli import output, progress

_PLACE: Final = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::(?P<column>\d+))?\Z", re.DOTALL)

Answer = dict[str, Any]


class Session:
    """One call of the command line. The options `--project` and `--json` fill it, wherever they stand."""

    def __init__(self) -> None:
        self.project: str | None = None
        self.as_json = False

    def root(self, path: str | None = None) -> str:
        """The project that is meant: the one named, else the one around `path`, else around the current folder.

        A path that is in no known project does not make its folder one.
        """
        folder = None if self.project is not None or path is None else _folder_of(path)
        around = None if folder is None else config.marked_root(folder, os.environ)
        return around or config.project_root(self.project, os.environ)

    def ask(self, root: str, method: str, params: Mapping[str, Any]) -> Any:
        """What the project's daemon answers; started where none runs."""
        with client.ensure(root) as daemon, progress.shown() as show:
            return daemon.call(method, params, on_progress=show)

    def listing(
        self, root: str, method: str, params: Mapping[str, Any], render: Callable[[Answer], None]
    ) -> int:
        """Ask for a list and print it; the exit code. `render` prints the items for a person."""
        answer = self.ask(root, method, params)
        if self.as_json:
            output.json(answer)
        else:
            render(answer)
            if answer.get("memories"):
                # Costs a module that most questions do without.
                from indexer.cli.memories import mentioned

                mentioned(answer)
            output.footer(answer)
        return 0 if answer["items"] else errors.NotFound.exit_code


def symbol_text(text: str, root: str) -> str:
    """A SYMBOL as the daemon takes it: FILE:LINE:COLUMN from the root, where FILE is one from here."""
    place = _PLACE.match(text)
    if place is None or place["column"] is None or not os.path.isfile(place["file"]):
        return text
    return f"{file_in(place['file'], root)}:{place['line']}:{place['column']}"


def place_of(text: str) -> tuple[str, int, int | None]:
    """FILE:LINE[:COLUMN] in its parts, both counted from 1; UsageError when it is none."""
    place = _PLACE.match(text)
    if place is None:
        raise errors.UsageError(f"{text} is no place; write FILE:LINE or FILE:LINE:COLUMN.")
    line, column = int(place["line"]), place["column"] and int(place["column"])
    if line == 0 or column == 0:
        raise errors.UsageError(f"{text}: lines and columns count from 1.")
    return place["file"], line, column or None


def file_in(path: str, root: str) -> str:
    """A path as the daemon takes it, from the root: `path` is meant from here, or else from the root."""
    here = _canonical(path)
    # `indexer outline app/models.py` is typed from a sub-folder too.
    if not os.path.lexists(here) and os.path.lexists(os.path.join(root, path)):
        here = _canonical(os.path.join(root, path))
    return os.path.relpath(here, root) if here.startswith(root.rstrip("/") + "/") else here


def _canonical(path: str) -> str:
    """Links in the folder resolved, the last name kept."""
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)


def _folder_of(path: str) -> str | None:
    """The nearest folder that exists around a path; None for a relative path that does not exist from here."""
    if not os.path.lexists(path) and not os.path.isabs(path):
        return None
    folder = _canonical(path)
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder
