"""Setting up: doctor, completion, move."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

import indexer
from indexer import client, config, errors, sockets
from indexer.cli import completing, options, output, service
from indexer.cli.hooks import beside
from indexer.cli.session import Session

#: Bytes that a database needs to grow into.
_ROOM: Final = 1 << 30
_MARKS: Final = {"ok": ("ok  ", "good"), "warn": ("warn", "warn"), "bad": ("BAD ", "bad")}


class Check(NamedTuple):
    """What was looked at, how it is (ok, warn or bad), what was found, and what to do about it."""

    what: str
    state: str
    found: str
    fix: str | None = None


@click.command(
    epilog="""\b
Examples:
  indexer doctor
  indexer doctor --json"""
)
@options.shared
@click.pass_obj
def doctor(session: Session, /) -> int:
    """Check everything that can be wrong with an installation and a project, and say how to put it right.

    Changes nothing. The exit code is 1 where something is bad.
    """
    found = []
    for check in _checks(session):
        found.append(check)
        if not session.as_json:
            mark, style = _MARKS[check.state]
            output.line(f"{output.styled(mark, style)}  {check.what.ljust(10)} {output.plain(check.found)}")
            if check.fix is not None:
                output.line(f"                 → {output.plain(check.fix)}")
    if session.as_json:
        output.json({"items": [check._asdict() for check in found], "total": len(found)})
    return int(any(check.state == "bad" for check in found))


@click.command(
    epilog="""\b
Examples:
  indexer completion bash >> ~/.bashrc
  indexer completion zsh > ~/.zfunc/_indexer
  indexer completion fish > ~/.config/fish/completions/indexer.fish"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, /, shell: str) -> int:
    """Print what makes a shell complete commands and options."""
    # Only here: it costs as much as a question's whole start.
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    output.line(kind(ctx.find_root().command, {}, "indexer", "_INDEXER_COMPLETE").source())
    return 0


@click.command(
    epilog="""\b
Example:
  mv ~/src/app ~/work/app && indexer move ~/src/app ~/work/app"""
)
@click.argument("old", shell_complete=completing.files)
@click.argument("new", shell_complete=completing.files)
@options.shared
@click.pass_obj
def move(session: Session, /, old: str, new: str) -> int:
    """Let what is remembered follow a project from the folder OLD to NEW, where its files are already.

    The index is made anew from the files; memories keep their code, since they know it by its path within the project, and a
    compiler's index that was imported is kept.
    """
    # The database takes most of a second to import.
    from indexer import daemon

    before = sockets.canonical_root(os.path.expanduser(old))
    if os.path.isdir(before):
        raise errors.UsageError(f"{before} is still there. Move the folder first; a copy of a project is a project of its own.")
    after = config.project_root(new, os.environ)
    client.stop(before)
    client.stop(after)
    moved = asyncio.run(daemon.move(config.load(after), before))
    config.unregister(before, os.environ)
    config.register(after, os.environ)
    if session.as_json:
        output.json({"project": after, "moved": moved.has_vault, "imported": moved.n_imported})
        return 0
    what = "Memories follow" if moved.has_vault else "Nothing was remembered"
    output.line(f"{what}: {output.plain(before)} → {output.plain(after)}")
    if moved.n_imported:
        output.line(f"So does what a compiler said of {moved.n_imported:,} files.")
    if service.unit_path(before, os.environ).exists():
        output.say(f"Its service still names the old folder: indexer service remove --project {before}; indexer service install")
    output.line("Next: indexer up")
    return 0


def _checks(session: Session) -> Iterator[Check]:
    yield _python()
    yield _programs()
    try:
        root = session.root()
    except errors.IndexerError as problem:
        yield Check("project", "bad", str(problem))
        return
    yield Check("project", "ok", root)
    yield from _folders()
    try:
        settings = config.load(root)
    except errors.IndexerError as problem:
        yield Check("settings", "bad", str(problem), "Correct it; config.example.toml explains every setting.")
        return
    yield Check("settings", "ok", ", ".join(settings.sources) or "the defaults")
    for note in settings.notes:
        yield Check("settings", "warn", note)
    yield _git(root)
    yield from _gone()
    yield from _daemon(root, settings)
    if not settings.database.dsn:
        yield _cluster(settings)


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("program", "ok", f"indexer {indexer.__version__} on Python {version} ({sys.executable})")


def _programs() -> Check:
    missing = [name for name in ("indexer", "indexer-notify") if shutil.which(name) is None]
    if not missing:
        return Check("path", "ok", "indexer and indexer-notify are on it")
    folder = os.path.dirname(beside("indexer"))
    return Check("path", "warn", f"{' and '.join(missing)} cannot be found by name", f'export PATH="{folder}:$PATH"')


def _folders() -> Iterator[Check]:
    home = config.home(os.environ)
    existing = home
    while not os.path.lexists(existing):
        existing = os.path.dirname(existing)
    if not os.path.isdir(existing):
        yield Check("data", "bad", f"{existing} is no folder", "Set INDEXER_HOME to a folder of your own.")
    elif not os.access(existing, os.W_OK):
        yield Check("data", "bad", f"{existing} cannot be written", "Set INDEXER_HOME to a folder of your own.")
    elif (free := shutil.disk_usage(existing).free) < _ROOM:
        yield Check("data", "warn", f"{home}: {free >> 20:,} MB are free", "Make room, or set INDEXER_HOME to another disk.")
    else:
        yield Check("data", "ok", home)
    runtime = sockets.runtime_dir(os.environ)
    if os.path.lexists(runtime) and not sockets.is_private(runtime):
        yield Check("socket", "bad", f"{runtime} is not yours alone", f"Remove it, or: chmod 700 {runtime}")
    else:
        yield Check("socket", "ok", runtime)


def _git(root: str) -> Check:
    if shutil.which("git") is None:
        return Check("git", "warn", "not installed", "Install git: ignore rules are then read as it reads them, and impact --diff works.")
    is_repository = os.path.lexists(os.path.join(root, ".git"))
    return Check("git", "ok", "the project is a repository" if is_repository else "the project is no repository of its own")


def _gone() -> Iterator[Check]:
    for known in config.registered(os.environ):
        if not os.path.isdir(known):
            yield Check("moved", "warn", f"{known} is gone", f"If it moved: indexer move {known} NEW")


def _daemon(root: str, settings: config.Config) -> Iterator[Check]:
    try:
        with client.connect(root) as daemon:
            if not daemon.is_current:
                yield Check("daemon", "warn", f"of version {daemon.hello.version}", "The next question replaces it.")
            status = daemon.call("system.status")
    except errors.Busy as problem:
        yield Check("daemon", "bad", str(problem), "indexer down, then indexer up; its log: indexer logs")
    except errors.DaemonUnavailable:
        yield Check("daemon", "ok", "does not run; the next question starts it")
        yield _database(settings)
        yield _embedder(settings)
    else:
        yield from _running(status)


def _running(status: dict[str, Any]) -> Iterator[Check]:
    state = "warn" if status["last_error"] else "ok"
    yield Check("daemon", state, f"{status['state']}{': ' + status['last_error'] if status['last_error'] else ''}")
    database = status["database"]
    if database["problem"]:
        yield Check("database", "bad", database["problem"], "Its log says why: indexer logs")
    else:
        yield Check("database", "ok", f"PostgreSQL {database['version']}")
    watch = status["watch"]
    if watch["limit"]:
        yield Check("watching", "warn", watch["limit"])
    elif watch["problems"]:
        yield Check("watching", "warn", watch["problems"][0])
    else:
        yield Check("watching", "ok", f"{watch['mode']}, {watch['n_watches']:,} folders")
    for problem in (status["files"] or {}).get("problems", []):
        yield Check("files", "warn", f"{problem['files']:,}: {problem['problem']} ({problem['examples'][0]})")
    if status["n_failures"]:
        yield Check("files", "warn", f"{status['n_failures']:,} could not be read, and are tried again", "indexer status names them.")
    for text in status["search"]["problems"]:
        yield Check("search", "warn", text)


def _database(settings: config.Config) -> Check:
    # Costs most of a second, and only where no daemon can tell.
    from indexer import daemon

    try:
        steps = asyncio.run(daemon.migrate(settings, look_only=True))
    except errors.IndexerError as problem:
        return Check("database", "bad", str(problem), "Without settings the embedded server is used; database.dsn names another one.")
    pending = [step.name for step in steps if step.status != "completed"]
    if pending:
        return Check("database", "ok", f"{len(pending)} steps of its schema are applied with the next start")
    return Check("database", "ok", "answers, and its schema is current")


def _cluster(settings: config.Config) -> Check:
    """Where the embedded server keeps its files: as root that is not the data folder."""
    # Only here: no other command needs it.
    from indexer import database

    chosen = settings.database.home
    try:
        found = database.status(Path(chosen) if chosen else database.home(os.environ))
    except errors.IndexerError as problem:
        return Check("cluster", "bad", str(problem))
    return Check("cluster", "bad" if found.problem else "ok", found.problem or f"{found.data >> 20:,} MB in {found.folder}")


def _embedder(settings: config.Config) -> Check:
    # As above.
    from indexer import daemon, embed

    try:
        embed.embedder(daemon.embedder_settings(settings))
    except errors.IndexerError as problem:
        return Check("embedder", "bad", str(problem), 'embedder.kind = "none" searches by words alone.')
    told = f", text goes to {settings.embedder.base_url}" if settings.embedder.kind == "openai" else ""
    return Check("embedder", "ok", f"{settings.embedder.kind}{told}")
