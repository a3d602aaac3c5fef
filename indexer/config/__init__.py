"""What the program is told: the only reader of TOML files and of settings in the environment.

    root = config.project_root(given, os.environ)
    settings = config.load(root)

`roots`     which folder is the project, and where the user's own files lie
`settings`  every setting with its type, default and bounds
`layers`    where settings come from, one over the other. Loaded by the first use of `load`: most commands ask a
            daemon that has read them already, and reading them costs more than the question.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from indexer.config.roots import (
    home,
    log_file,
    marked_root,
    project_root,
    register,
    registered,
    unregister,
    user_file,
)

if TYPE_CHECKING:
    from indexer.config.settings import Config as Config

__all__ = [
    "home",
    "load",
    "log_file",
    "marked_root",
    "project_root",
    "register",
    "registered",
    "unregister",
    "user_file",
]


def load(root: str | os.PathLike[str], environ: Mapping[str, str] = os.environ) -> Config:
    """All settings of the project at `root`; ConfigError for anything that is wrong in any layer."""
    from indexer.config import layers

    return layers.load(root, environ)
