"""A definition and its declarations in other files are one symbol to whoever asks about it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from database import fresh
from served import Served, served

from indexer import errors

pytest_plugins = ["database"]

FILES = {
    "table.h": """struct table;
typedef struct table table;
/* Puts a value in. */
int table_put(table *t, int value);
int table_only_declared(int value);
extern int table_count;
int twice(void);
""",
    "other.h": "int table_only_declared(int value);\n",
    "table.c": """#include "table.h"
struct table { int last; };
int table_count = 0;
static int checked(int value);
int table_put(table *t, int value) { t->last = checked(value); return table_only_declared(value); }
static int checked(int value) { return value; }
int twice(void) { return 1; }
""",
    "again.c": "int twice(void) { return 2; }\n",
    "main.c": '#include "table.h"\nint main(void) { return table_put(0, table_count); }\n',
}


@pytest.fixture(scope="module")
def program(server: str, template: str) -> Iterator[Served]:
    """A daemon for all tests of this module, which only ask."""
    for dsn in fresh(server, template):
        with served(dsn, FILES) as project:
            yield project


@pytest.mark.parametrize("symbol", ["table_put", "table.h:4:5", "table.c:5:5"])
def test_callers_of_either_are_those_of_both(program: Served, symbol: str) -> None:
    found = program.ask("graph.callers", symbol=symbol)["items"]
    assert [(item["symbol"]["name"], item["sites"][0]["path"]) for item in found] == [("main", "main.c")]


@pytest.mark.parametrize(
    ("symbol", "places"),
    [
        ("table_put", ["table.c", "table.h"]),
        ("table_count", ["table.c", "table.h"]),
        ("table", ["table.c", "table.h"]),
        ("table_only_declared", ["other.h", "table.h"]),
        ("checked", ["table.c", "table.c"]),
    ],
)
def test_a_definition_is_shown_before_its_declarations(program: Served, symbol: str, places: list[str]) -> None:
    found = program.ask("symbols.show", symbol=symbol)["items"]
    assert [item["path"] for item in found] == places


def test_a_way_leads_through_declared_functions(program: Served) -> None:
    found = program.ask("graph.path", source="main", target="checked")["items"]
    assert [(step["source"]["name"], step["target"]["name"]) for step in found] == [("main", "table_put"), ("table_put", "checked")]


def test_two_definitions_stay_ambiguous(program: Served) -> None:
    with pytest.raises(errors.Ambiguous, match="twice can mean 2 symbols") as refusal:
        program.ask("symbols.show", symbol="twice")
    assert [each["path"] for each in refusal.value.candidates] == ["again.c", "table.c"]
