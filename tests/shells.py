"""A project with its daemon and a shell in it, for tests of what a user types."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["database"]

REPOSITORY = Path(__file__).parent.parent

SOURCES = {
    "app/__init__.py": "",
    "app/http.py": '''\
class Request:
    """What a client asks."""

    def read(self):
        return parse_header(self)


def parse_header(raw):
    """Split it."""
    return raw


def serve(request):
    return request, parse_header(b"")
''',
    "app/main.py": """\
from app.http import Request, parse_header


def main():
    parse_header("a")
    parse_header("b")
    return Request().read()
""",
    "app/double.py": "def serve():\n    pass\n",
}


class Shell:
    """A project with its daemon, and a shell in it."""

    def __init__(self, base: Path, dsn: str) -> None:
        self.base = base
        self.root = base / "project"
        self.environ = {
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "XDG_RUNTIME_DIR": str(base),
            "XDG_CONFIG_HOME": str(base / "config"),
            "XDG_DATA_HOME": str(base / "data"),
            "INDEXER_DSN": dsn,
            "INDEXER_EMBEDDER_KIND": "none",
            "LC_ALL": "C",
        }
        for name, text in SOURCES.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (self.root / ".git").mkdir()

    def __call__(
        self, *arguments: str | Path, here: str = "", code: int = 0, stdin: str | None = None, **environ: str
    ) -> tuple[str, str]:
        """Run a command in a folder of the project: what it printed, and what it remarked."""
        done = subprocess.run(
            [sys.executable, "-m", "indexer", *map(str, arguments)],
            cwd=self.root / here,
            env={**self.environ, **environ},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == code, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout, done.stderr

    def printed(self, *arguments: str | Path, **options: Any) -> list[list[str]]:
        """The words of each line that a command printed."""
        return [line.split() for line in self(*arguments, **options)[0].splitlines()]

    def json(self, *arguments: str | Path, **options: Any) -> Any:
        """The one line of JSON that a command printed."""
        (line,) = self(*arguments, "--json", **options)[0].splitlines()
        return json.loads(line)


@pytest.fixture(scope="module")
def shell(server: str, template: str) -> Iterator[Shell]:
    # At the top of the module it would come before pytest has made it a plugin.
    import database

    # A socket's path has no room for pytest's folders.
    base = Path(tempfile.mkdtemp(prefix="indexer-"))
    for dsn in database.fresh(server, template):
        shell = Shell(base, dsn)
        try:
            shell("up")
            yield shell
        finally:
            shell("down", "--all")
            shutil.rmtree(base)
