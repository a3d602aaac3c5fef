"""Hooks: what an editor, git or a coding agent runs so that the index hears of changes at once, and where it is kept.

The daemon watches the tree anyway: a hook is a hint that saves its watching a moment, and that works on file systems where
nothing can be watched. So a hook never waits, fails or prints.

The texts of the hooks lie beside this file. In them stand for the command that tells of a save: `@NOTIFY_COMMAS@` and
`@NOTIFY_SPACES@`, its words as JSON strings (which Lua, Vim script and Emacs Lisp read as well), `@NOTIFY_SHELL@`, a shell's line.
"""

from __future__ import annotations

import json
import os
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from indexer import errors, notify

#: What `indexer-notify` is, at half its CPU: without the start of installed packages, which it needs none of.
_NOTIFY: Final = (sys.executable, "-I", "-S", os.path.abspath(notify.__file__))
_BEGIN: Final = "# >>> indexer >>>"
_END: Final = "# <<< indexer <<<"
_GIT_HOOKS: Final = ("post-checkout", "post-merge", "post-commit", "post-rewrite")


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook of one program. `install` writes it for a project or the user, and returns what it wrote."""

    name: str
    file: str
    about: str
    install: Callable[[str, str, Mapping[str, str]], list[Path]] | None

    def text(self) -> str:
        """The hook, with the paths of this installation."""
        template = Path(__file__).with_name(self.file).read_text(encoding="utf-8")
        line, words = shlex.join(_NOTIFY), [json.dumps(word, ensure_ascii=False) for word in _NOTIFY]
        return (
            template.replace("@NOTIFY_COMMAS@", ", ".join(words))
            .replace("@NOTIFY_SPACES@", " ".join(words))
            .replace("@NOTIFY_SHELL@", line)
            # The folder, in which it is run, and not the file, whose name the extension would have a shell read.
            .replace("@VSCODE_JSON@", json.dumps(f"{line} ."))
            .replace("@AGENT_JSON@", json.dumps(f"{shlex.quote(beside('indexer'))} hook run claude-code"))
        )


def beside(name: str) -> str:
    """A program of this installation: hooks run with whatever PATH their editor has."""
    return os.path.join(os.path.dirname(sys.executable), name)


def _install_neovim(text: str, root: str, environ: Mapping[str, str]) -> list[Path]:
    return [_own(_config_home(environ) / "nvim" / "plugin" / "indexer.lua", text)]


def _install_vim(text: str, root: str, environ: Mapping[str, str]) -> list[Path]:
    return [_own(_home(environ) / ".vim" / "plugin" / "indexer.vim", text)]


def _install_emacs(text: str, root: str, environ: Mapping[str, str]) -> list[Path]:
    """The hook in a file of its own, which the user's init file loads."""
    home = _home(environ)
    classic = [home / ".emacs", home / ".emacs.el", home / ".emacs.d" / "init.el"]
    init = next((path for path in classic if path.exists()), None)
    if init is None and not (home / ".emacs.d").exists() and (_config_home(environ) / "emacs").is_dir():
        init = _config_home(environ) / "emacs" / "init.el"
    init = init or classic[-1]
    hook = _own((init.parent if init.name == "init.el" else home / ".emacs.d") / "indexer-hook.el", text)
    block = f'(load {json.dumps(str(hook))} t t)\n'
    _add_block(init, block, comment=";; ")
    return [hook, init]


def _install_git(text: str, root: str, environ: Mapping[str, str]) -> list[Path]:
    """A block in each of the hooks of the repository at the root."""
    folder = _git_hooks(root)
    if folder is None:
        raise errors.UsageError(f"{root} is no git repository.")
    return [_install_git_hook(folder / name, text) for name in _GIT_HOOKS]


def _git_hooks(root: str) -> Path | None:
    try:
        done = subprocess.run(
            ["git", "-c", "core.fsmonitor=false", "rev-parse", "--git-path", "hooks"],
            cwd=root, capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:
        return None
    return Path(root, done.stdout.rstrip("\n")) if done.returncode == 0 else None


def _install_git_hook(path: Path, text: str) -> Path:
    if path.exists():
        first = path.read_text(encoding="utf-8", errors="replace").partition("\n")[0]
        if not first.startswith("#!") or "sh" not in first:
            raise errors.UsageError(f"{path} is there and is no shell script; call this from it: {text.strip()}")
    _add_block(path, text, head="#!/bin/sh\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return path


def _install_vscode(text: str, root: str, environ: Mapping[str, str]) -> list[Path]:
    return [_merge_json(Path(root, ".vscode", "settings.json"), json.loads(text))]


def _install_claude(text: str, root: str, environ: Mapping[str, str]) -> list[Path]:
    return [_merge_json(Path(root, ".claude", "settings.json"), json.loads(text))]


def _own(path: Path, text: str) -> Path:
    """Write a file that is ours alone."""
    if path.exists() and "indexer" not in path.read_text(encoding="utf-8", errors="replace"):
        raise errors.UsageError(f"{path} is there and is not ours; it is left as it is.")
    _write(path, text)
    return path


def _add_block(path: Path, block: str, *, head: str = "", comment: str = "") -> None:
    """Put a block between our marks into a file of the user's, in place of the one that an earlier call put there."""
    begin, end = f"{comment}{_BEGIN}\n", f"{comment}{_END}\n"
    present = path.read_text(encoding="utf-8", errors="surrogateescape") if path.exists() else head
    if begin in present and end in present:
        before, _, rest = present.partition(begin)
        present = before + rest.partition(end)[2]
    if present and not present.endswith("\n"):
        present += "\n"
    _write(path, f"{present}{begin}{block}{end}")


def _merge_json(path: Path, added: dict[str, Any]) -> Path:
    """Add to a JSON file what it does not have yet."""
    present: Any = {}
    if path.exists():
        try:
            present = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as problem:
            raise errors.UsageError(f"{path} is no plain JSON ({problem}); add what `indexer hook print` gives by hand.") from None
    if not isinstance(present, dict):
        raise errors.UsageError(f"{path} holds no JSON object; it is left as it is.")
    _write(path, json.dumps(_merged(present, added), indent=2, ensure_ascii=False) + "\n")
    return path


def _merged(present: dict[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in added.items():
        known = present.setdefault(key, type(value)())
        if isinstance(known, dict) and isinstance(value, dict):
            present[key] = _merged(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            present[key] = [each for each in known if not _is_ours(each)] + value
    return present


def _is_ours(item: Any) -> bool:
    text = json.dumps(item)
    return "hook run claude-code" in text or "indexer-notify" in text or _NOTIFY[-1] in text


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Through a link, as dotfiles often are one: replacing the link would part it from its repository.
        target = Path(os.path.realpath(path))
        draft = target.with_name(f".{target.name}.draft")
        draft.write_text(text, encoding="utf-8", errors="surrogateescape")
        if target.exists():
            draft.chmod(stat.S_IMODE(target.stat().st_mode))
        draft.replace(target)
    except OSError as problem:
        raise errors.UsageError(f"{path} cannot be written: {problem.strerror}.") from problem


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("HOME") or os.path.expanduser("~"))


def _config_home(environ: Mapping[str, str]) -> Path:
    given = environ.get("XDG_CONFIG_HOME", "")
    return Path(given) if os.path.isabs(given) else _home(environ) / ".config"


HOOKS: Final = {
    hook.name: hook
    for hook in (
        Hook("neovim", "neovim.lua", "tells of every save", _install_neovim),
        Hook("vim", "vim.vim", "tells of every save", _install_vim),
        Hook("emacs", "emacs.el", "tells of every save", _install_emacs),
        Hook("vscode", "vscode.json", "tells of every save, through the extension Run on Save (emeraldwalk.runonsave)", _install_vscode),
        Hook("helix", "helix.toml", "a key that writes and tells; to be pasted into config.toml", None),
        Hook("git", "git.sh", "tells of checkouts, merges, commits and rebases", _install_git),
        Hook("claude-code", "claude-code.json", "before an edit: its callers and memories; after it: tells, waits", _install_claude),
    )
}
