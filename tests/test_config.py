"""Settings: where they come from, which wins, what is refused; and which folder is the project."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from indexer import config, errors
from indexer.config.settings import TABLES, Config

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


class Place:
    """A project and the user's own folders."""

    def __init__(self, base: Path) -> None:
        self.root = base / "project"
        self.root.mkdir()
        self.user = base / "config" / "indexer" / "config.toml"
        self.user.parent.mkdir(parents=True)
        self.environ = {"XDG_CONFIG_HOME": str(base / "config"), "XDG_DATA_HOME": str(base / "data")}

    def load(self, **environ: str) -> Config:
        return config.load(self.root, {**self.environ, **environ})

    def refused(self, **environ: str) -> str:
        with pytest.raises(errors.ConfigError) as caught:
            self.load(**environ)
        return str(caught.value)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_the_example_has_every_setting_with_its_default(place: Place) -> None:
    example = tomllib.loads(EXAMPLE.read_text())
    listed = {f"{table}.{key}" for table, keys in example.items() for key in keys}
    known = {f"{table}.{f.name}" for table, kind in TABLES.items() for f in dataclasses.fields(kind)}
    # What belongs to one project cannot stand in a file for all; the example explains it in words.
    assert listed == {name for name in known if not name.startswith("project.")}
    with_example = place.load(INDEXER_CONFIG=str(EXAMPLE))
    assert dataclasses.replace(with_example, sources=()) == place.load()


def test_the_example_gives_every_setting_a_reason() -> None:
    lines = EXAMPLE.read_text().splitlines()
    for number, line in enumerate(lines):
        if "=" in line and not line.startswith("#"):
            above = next(each for each in reversed(lines[:number]) if "=" not in each or each.startswith("#"))
            assert above.startswith("#"), f"{line} has no comment"


def test_later_layers_win_and_patterns_add_up(place: Place) -> None:
    (place.root / ".indexer.toml").write_text('[index]\nmax_files = 1\nexclude = ["tree"]\n')
    place.user.write_text(
        f"""
        [index]
        max_files = 2
        max_file_bytes = 2
        exclude = ["user"]
        [projects."{place.root}".index]
        max_file_bytes = 3
        parse_timeout_s = 3
        exclude = ["own"]
        [projects."{place.root}".project]
        name = "it"
        [projects."/somewhere/else".index]
        workers = 9
        """
    )
    found = place.load(INDEXER_INDEX_PARSE_TIMEOUT_S="4", INDEXER_INDEX_EXCLUDE="a:b")
    assert (found.index.max_files, found.index.max_file_bytes, found.index.parse_timeout_s) == (2, 3, 4.0)
    assert found.index.exclude == ("tree", "user", "own", "a", "b")
    assert (found.project.name, found.index.workers) == ("it", 0)
    assert found.root == str(place.root)
    assert [Path(source.split(" [")[0]).name for source in found.sources] == [
        ".indexer.toml", "config.toml", "config.toml", "INDEXER_INDEX_EXCLUDE", "INDEXER_INDEX_PARSE_TIMEOUT_S",
    ]  # fmt: skip


def test_short_names_of_variables(place: Place) -> None:
    found = place.load(INDEXER_DSN="postgresql://u@h/d", INDEXER_HOME="/h")
    assert (found.database.dsn, found.database.home) == ("postgresql://u@h/d", "/h")
    assert place.load(INDEXER_DSN="").database.dsn == "", "an empty variable counts as unset"


def test_a_password_is_not_shown(place: Place) -> None:
    assert "secret" not in repr(place.load(INDEXER_DSN="postgresql://u:secret@h/d"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[index]\nmax_fiels = 1", "no setting index.max_fiels; did you mean index.max_files?"),
        ("[databse]\ndsn = ''", "no table databse; did you mean database?"),
        ("[daemon]\nqqq = 1", "no setting daemon.qqq; known are daemon.idle_exit_s"),
        ("index = 3", "index must be a table of settings"),
        ("[index]\nmax_files = '1'", "index.max_files must be a whole number, not '1'"),
        ("[index]\nmax_files = true", "index.max_files must be a whole number, not True"),
        ("[index]\nmax_files = 0", "index.max_files must be from 1 to"),
        ("[index]\nparse_timeout_s = nan", "index.parse_timeout_s must be from"),
        ("[index]\nexclude = 'x'", "index.exclude must be a list of strings"),
        ("[index]\nexclude = [1]", "index.exclude must be a list of strings"),
        ("[embedder]\nkind = 'magic'", "embedder.kind must be one of local, openai, none"),
        ("[embedder]\nkind = ['local']", "embedder.kind must be one of local, openai, none"),
        ("[embedder]\nbase_url = 'ftp://x'", "embedder.base_url must start with https://"),
        ("[database]\ndsn = 'host=x'", "database.dsn must look like postgresql://"),
        ("[database]\npool_min = 9\npool_max = 3", "database.pool_min is larger than"),
        ("[project]\nname = 'x'", '[projects."'),
        ("projects = 1", "projects must be a table"),
        ("[projects.'relative'.index]\nworkers = 1", "by its whole path"),
        ("[projects.'/x'.index]\nworkesr = 1", "did you mean index.workers?"),
        ("[index\n", "is not valid TOML"),
        ("\xff", "is not valid TOML"),
        ("x = " + "[" * 5000, "is not valid TOML"),
    ],
)
def test_a_mistake_is_named(place: Place, text: str, said: str) -> None:
    place.user.write_text(text, encoding="latin-1")
    message = place.refused()
    assert said in message
    assert str(place.user) in message or "larger than" in message or "must" in message


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("INDEXER_INDEX_MAX_FIELS", "1", "did you mean index.max_files?"),
        ("INDEXER_INDEX_MAX_FILES", "many", "'many' is not a whole number"),
        ("INDEXER_EMBEDDER_SHORTEN", "perhaps", "'perhaps' is not true or false"),
        ("INDEXER_INDEX_WORKERS", "-1", "index.workers must be from 0"),
        ("INDEXER_PROJECT_ID", "seven", "is not a UUID"),
        ("INDEXER_CONFIG", "/nowhere/config.toml", "which does not exist"),
    ],
)
def test_a_mistaken_variable_is_named(place: Place, variable: str, value: str, said: str) -> None:
    assert said in place.refused(**{variable: value})


def test_variables_of_others_are_left_alone(place: Place) -> None:
    assert place.load(INDEXER_COLOUR="red", INDEXER="1").sources == ()


@pytest.mark.parametrize(
    "text",
    [
        "[database]\ndsn = 'postgresql://evil/x'",
        "[database]\nhome = '/evil'",
        "[embedder]\nkind = 'openai'\nbase_url = 'https://evil'",
        "[daemon]\nlog_level = 'debug'",
        "[project]\nid = '00000000-0000-0000-0000-000000000001'",
        "[index]\nworkers = 200",
    ],
)
def test_a_tree_may_not_choose_for_its_reader(place: Place, text: str) -> None:
    (place.root / ".indexer.toml").write_text(f"{text}\n")
    found = place.load()
    assert dataclasses.replace(found, sources=(), notes=()) == Config(str(place.root))
    assert found.notes
    for note in found.notes:
        assert ".indexer.toml" in note
        assert str(place.user) in note, "where it may be set is said"


def test_a_tree_config_that_is_a_link_is_not_read(place: Place) -> None:
    secret = place.root.parent / "secret"
    secret.write_text("password = 'x'")
    (place.root / ".indexer.toml").symlink_to(secret)
    (note,) = place.load().notes
    assert "symbolic link" in note


def test_an_endless_config_is_refused(place: Place) -> None:
    place.user.write_text("#" * 2_000_000)
    assert "longer than" in place.refused()


@given(data=st.binary(max_size=200))
@hypothesis_settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_in_a_tree_do_more_than_an_error(place: Place, data: bytes) -> None:
    (place.root / ".indexer.toml").write_bytes(data)
    refusal = ""
    try:
        place.load()
    except errors.ConfigError as error:
        refusal = str(error)
    assert not refusal or ".indexer.toml" in refusal


# -- which folder ------------------------------------------------------------------------------------------------


@pytest.fixture
def root_of(place: Place, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], str]:
    def find(folder: Path, given: str | None = None, environ: Mapping[str, str] = place.environ) -> str:
        return config.project_root(given, environ, str(folder))

    monkeypatch.setenv("HOME", str(place.root.parent))
    return find


@pytest.mark.parametrize("mark", [".git", ".indexer.toml", "registered"])
def test_the_nearest_marked_folder_is_the_project(
    place: Place, root_of: Callable[..., str], mark: str
) -> None:
    inner = place.root / "a" / "b"
    inner.mkdir(parents=True)
    if mark == "registered":
        config.register(str(place.root), place.environ)
    else:
        (place.root / mark).touch()
    assert root_of(inner) == str(place.root)
    (place.root / "a" / ".git").mkdir()
    assert root_of(inner) == str(place.root / "a")


def test_without_a_mark_the_folder_itself(place: Place, root_of: Callable[..., str]) -> None:
    inner = place.root / "a"
    inner.mkdir()
    assert root_of(inner) == str(inner)


def test_home_and_root_are_never_guessed(place: Place, root_of: Callable[..., str]) -> None:
    for folder in (place.root.parent, Path("/")):
        with pytest.raises(errors.UsageError, match="--project"):
            root_of(folder)
    assert root_of(place.root, given="/") == "/", "but may be named"


def test_links_lead_to_one_project(place: Place, root_of: Callable[..., str]) -> None:
    link = place.root.parent / "link"
    link.symlink_to(place.root)
    assert root_of(place.root, given=str(link)) == root_of(link) == str(place.root)


@pytest.mark.parametrize("name", ["missing", "file"])
def test_what_is_no_folder_is_refused(place: Place, root_of: Callable[..., str], name: str) -> None:
    (place.root / "file").touch()
    with pytest.raises(errors.UsageError):
        root_of(place.root, given=str(place.root / name))


def test_registering(place: Place) -> None:
    names = ["/a", "/b\nc", "/d" + os.fsdecode(b"\xff")]
    for name in (*names, *names):
        config.register(name, place.environ)
    assert config.registered(place.environ) == names
    config.unregister("/a", place.environ)
    assert config.registered(place.environ) == names[1:]
