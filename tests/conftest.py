"""What holds for every test: it sees none of the user's own settings and data, and no test is timed."""

from __future__ import annotations

import os
import shutil
import tempfile

import hypothesis
import pytest

# Plugins of single test modules, which these import from too.
pytest.register_assert_rewrite("database", "shells")

_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
_base = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Folders of this run's own, for this process and all that it starts."""
    for name in [name for name in os.environ if name.startswith("INDEXER_")]:
        del os.environ[name]
    base = config.stash[_base] = tempfile.mkdtemp(prefix="indexer-tests-")
    for name in _FOLDERS:
        os.environ[name] = os.path.join(base, name.lower())
    # An example that takes long on a busy machine is no failure.
    hypothesis.settings.register_profile("indexer", deadline=None)
    hypothesis.settings.load_profile("indexer")


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_base], ignore_errors=True)
