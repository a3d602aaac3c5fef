"""What the program is told: the only reader of TOML files and of settings in the environment.

    root = config.project_root(given, os.environ)
    settings = config.load(root, os.environ)

`roots`     which folder is the project, and which projects are known
`settings`  every setting with its type, default and bounds
`layers`    where settings come from, one over the other. Loaded by the first use of `load`: most commands ask a
            daemon that has read them already, and reading them costs more than the question.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.config.roots import home, project_root, register, registered, unregister

if TYPE_CHECKING:
    from indexer.config.settings import Config

__all__ = ["home", "load", "project_root", "register", "registered", "unregister", "user_file"]


def load(root: Path, environ: Mapping[str, str]) -> Config:
    """All settings of the project at `root`; ConfigError for anything that is wrong in any layer."""
    from indexer.config import layers

    return layers.load(root, environ)


def user_file(environ: Mapping[str, str]) -> Path:
    """Where the user's config lies or would lie."""
    from indexer.config import layers

    return layers.user_file(environ)
