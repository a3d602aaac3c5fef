"""What the daemon answers about symbols and their relationships, as a client sees it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from database import fresh
from served import Served, served

from indexer import errors

pytest_plugins = ["database"]

SHOP = {
    "shop/__init__.py": '"""A shop."""\n\nfrom shop.prices import total\n',
    "shop/prices.py": '''"""What things cost."""

import decimal
from shop import taxes as duty

RATE = decimal.Decimal("0.2")


def total(items):
    """The sum, with tax.

    In whole cents."""
    return sum(items) + duty.tax(sum(items))


class Price:
    def __init__(self, amount):
        self.amount = amount

    @property
    def shown(self):
        return str(self.amount)

    @shown.setter
    def shown(self, text):
        self.amount = int(text)

    def add(self, other):
        return Price(self.amount + other.amount)


class Reduced(Price):
    def add(self, other):
        return super().add(other)
''',
    "shop/taxes.py": '''"""Taxes."""


def tax(amount):
    return rounded(amount * 2)


def rounded(amount):
    return unheard_of(amount)


async def _fetch_rates(url):
    yield url
''',
    "shop/orders.py": '''from shop import total
from shop.prices import Price


def order(items):
    é = 1; return total(items)


def reorder(items):
    total(items)
    return order(items) + total(items)


def priced(amount):
    return Price(amount).add(Price(1))


def never_called():
    pass
''',
    "other/__init__.py": "",
    "other/prices.py": "def total():\n    pass\n",
    "broken.py": "def half(:\n    pass\n\ndef whole():\n    pass\n",
    "README.txt": "A shop.\n",
    "secret/hidden.py": "def hidden():\n    pass\n",
    ".gitignore": "secret/\n",
}  # fmt: skip

FIELDS = {
    *("id", "path", "line", "column", "end_line", "end_column", "name", "qualified_name", "type", "kind", "language"),
    *("container", "signature", "documentation", "visibility", "flags"),
}


@pytest.fixture(scope="module")
def shop(server: str, template: str) -> Iterator[Served]:
    """A daemon for all tests of this module, which only ask."""

    def prepare(root: Path) -> None:
        os.symlink("/etc", root / "away")
        os.symlink("shop/taxes.py", root / "also_taxes.py")

    for dsn in fresh(server, template):
        with served(dsn, SHOP, prepare) as project:
            yield project


def names(answer: dict[str, Any]) -> list[str]:
    """The qualified names of an answer's symbols."""
    return [item.get("symbol", item)["qualified_name"] for item in answer["items"]]


# -- find --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("params", "expected", "note"),
    [
        ({"name": "rounded"}, ["shop.taxes.rounded"], None),
        ({"name": "taxes.rounded"}, ["shop.taxes.rounded"], None),
        ({"name": "Rounded"}, ["shop.taxes.rounded"], "written in another style"),
        ({"name": "fetchRates"}, ["shop.taxes._fetch_rates"], "another style"),
        ({"name": "reord"}, ["shop.orders.reorder"], "begin with it"),
        ({"name": "rates"}, ["shop.taxes._fetch_rates"], "contain its words"),
        ({"name": "ruonded"}, ["shop.taxes.rounded"], "spelt alike"),
        ({"name": "ruonded", "fuzzy": True}, ["shop.taxes.rounded"], None),
        ({"name": "ruonded", "fuzzy": False}, [], "Nothing is called ruonded. Called alike: shop.taxes.rounded."),
        ({"name": "quetzalcoatl"}, [], "Nothing is called quetzalcoatl."),
        ({"name": "x" * 10_000}, [], "xxx…"),
        ({"name": "a." * 30_000}, [], "a.a.…"),
        ({"name": "total", "kind": "function"}, ["shop.prices.total", "other.prices.total"], None),
        ({"name": "total", "kind": "function", "path": "shop"}, ["shop.prices.total"], None),
        ({"name": "total", "kind": "function", "path": "shop/prices.py"}, ["shop.prices.total"], None),
        ({"name": "total", "kind": "function", "path": "s*/*.py"}, ["shop.prices.total"], None),
        ({"name": "total", "kind": "class"}, [], "4 symbols found, but none of kind class."),
        ({"name": "rounded", "path": "other"}, [], "1 symbol found, but none in other."),
        ({"name": "total", "kind": "function", "limit": 1}, ["shop.prices.total"], "1 of 2; a limit of 0 gives all."),
        ({"name": "total", "kind": "function", "limit": 1, "offset": 1}, ["other.prices.total"], "number 2 to 2 of 2"),
        ({"name": "rounded", "offset": 7}, [], "There are 1; the offset of 7"),
    ],
)  # fmt: skip
def test_find(shop: Served, params: dict[str, Any], expected: list[str], note: str | None) -> None:
    answer = shop.ask("symbols.find", **params)
    assert names(answer) == expected
    assert (answer["note"] is None) if note is None else (note in answer["note"])


def test_find_ranks_imports_last(shop: Served) -> None:
    answer = shop.ask("symbols.find", name="total")
    assert [item["type"] for item in answer["items"]] == ["function", "function", "import", "import"]
    assert (answer["total"], answer["omitted"]) == (4, 0)


def test_a_symbol_has_the_fields_of_the_export_and_four_more(shop: Served) -> None:
    [symbol] = shop.ask("symbols.find", name="_fetch_rates")["items"]
    assert set(symbol) == FIELDS
    assert shop.place("shop/taxes.py: async def |_fetch_rates").items() <= symbol.items()
    assert (symbol["name"], symbol["qualified_name"], symbol["kind"]) == ("_fetch_rates", "shop.taxes._fetch_rates", "function")
    assert symbol["visibility"] == "protected"
    assert set(symbol["flags"]) == {"async", "generator"}
    assert symbol["container"] == shop.ask("symbols.show", symbol="shop.taxes")["items"][0]["id"]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"kind": "clas"}, "kind"),
        ({"language": "pyhton"}, "language"),
        ({"path": "../elsewhere"}, "path"),
        ({"path": "/etc/*"}, "path"),
        ({"path": "shop/../../*"}, "path"),
    ],
)
def test_find_refuses_what_cannot_be(shop: Served, params: dict[str, Any], field: str) -> None:
    with pytest.raises(errors.InvalidRequest) as refusal:
        shop.ask("symbols.find", name="total", **params)
    assert refusal.value.field == field


# -- which symbol is meant ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shop.prices.total", "shop.prices.total"),
        ("Price.add", "shop.prices.Price.add"),
        (" tax ", "shop.taxes.tax"),
        ("shop/taxes.py:4:5", "shop.taxes.tax"),
        ("shop/taxes.py:4", "shop.taxes.tax"),
        ("shop/taxes.py:5:12", "shop.taxes.rounded"),
        ("also_taxes.py:5:12", "shop.taxes.rounded"),
        ("./shop//taxes.py:5:12", "shop.taxes.rounded"),
        ("shop/taxes.py:5:3", "shop.taxes.tax"),
        ("shop/taxes.py", "shop.taxes"),
        # What a package or a module has from elsewhere.
        ("shop.total", "shop.prices.total"),
        ("orders.Price", "shop.prices.Price"),
        ("prices.duty", "shop.taxes"),
        # From outside of the project, so the import is all there is.
        ("decimal", "shop.prices.decimal"),
    ],
)
def test_a_symbol_is_meant_by(shop: Served, text: str, expected: str) -> None:
    assert names(shop.ask("symbols.show", symbol=text)) == [expected]


def test_an_id_means_its_symbol(shop: Served) -> None:
    [symbol] = shop.ask("symbols.find", name="rounded")["items"]
    assert shop.ask("symbols.show", symbol=symbol["id"])["items"][0]["id"] == symbol["id"]


def test_definitions_of_one_name_in_one_file_are_one(shop: Served) -> None:
    answer = shop.ask("symbols.show", symbol="Price.shown")
    assert names(answer) == ["shop.prices.Price.shown"] * 2
    assert answer["note"] == "2 definitions of one name."


def test_an_ambiguous_name_lists_the_candidates(shop: Served) -> None:
    with pytest.raises(errors.Ambiguous, match="total can mean 2 symbols") as refusal:
        shop.ask("graph.callers", symbol="total")
    assert [each["qualified_name"] for each in refusal.value.candidates] == ["other.prices.total", "shop.prices.total"]
    assert set(refusal.value.candidates[0]) == FIELDS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ruonded", "No symbol is called ruonded. Called alike: shop.taxes.rounded."),
        ("shop.prices.rounded", "Called alike: shop.taxes.rounded."),
        ("quetzalcoatl", "No symbol is called quetzalcoatl.$"),
        ("x" * 10_000, "No symbol is called x{200}…\\.$"),
        ("00000000-0000-0000-0000-000000000000", "No symbol has the id"),
        ("shop/nothing.py:1:1", "There is no file shop/nothing.py"),
        ("shop/taxes.py:99", r"shop/taxes.py has \d+ lines"),
        ("shop/taxes.py:9:12", "unheard_of is not understood"),
        ("a." * 30_000, "No symbol is called a"),
        ("\\", "No symbol is called"),
        ("%_%", "No symbol is called"),
    ],
)
def test_a_name_that_means_nothing(shop: Served, text: str, message: str) -> None:
    with pytest.raises(errors.NotFound) as refusal:
        shop.ask("symbols.show", symbol=text)
    assert re.search(message, str(refusal.value))


@pytest.mark.parametrize("text", ["shop/taxes.py:0:1", "shop/taxes.py:1:0", "../x.py:1:1", "/etc/passwd:1:1", "away/passwd:1"])
def test_a_place_that_cannot_be(shop: Served, text: str) -> None:
    with pytest.raises(errors.InvalidRequest) as refusal:
        shop.ask("symbols.show", symbol=text)
    assert refusal.value.field == "symbol"


# -- show, outline, at -------------------------------------------------------------------------------------------------


def test_show_gives_the_text_and_counts(shop: Served) -> None:
    [symbol] = shop.ask("symbols.show", symbol="shop.prices.total")["items"]
    assert symbol.keys() > FIELDS
    assert symbol["definition"].startswith("def total(items):")
    assert symbol["definition"].endswith("duty.tax(sum(items))")
    assert symbol["documentation"] == "The sum, with tax.\n\nIn whole cents."
    assert 'RATE = decimal.Decimal("0.2")' in symbol["context_before"]
    assert "class Price:" in symbol["context_after"]
    assert symbol["relationships"] == {"incoming": {"calls": 2, "imports": 2}, "outgoing": {"calls": 1, "references": 1}}


def test_outline_is_in_source_order_and_nested(shop: Served) -> None:
    answer = shop.ask("symbols.outline", path="shop/orders.py")
    assert [item["name"] for item in answer["items"]] == [
        *("orders", "total", "Price", "order", "reorder", "priced", "never_called"),
    ]  # fmt: skip
    module = answer["items"][0]["id"]
    assert {item["container"] for item in answer["items"][1:]} == {module}
    absolute = shop.ask("symbols.outline", path=str(shop.root / "shop/orders.py"))
    assert absolute["items"] == answer["items"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("shop/nothing.py", "There is no file shop/nothing.py in the project"),
        ("shop", "shop is a folder"),
        (".", "The root is a folder"),
        ("README.txt", "README.txt is in no language that is understood."),
        ("secret/hidden.py", "secret/hidden.py is ignored"),
        ("x" * 300 + ".py", "There is no file x"),
    ],
)
def test_outline_says_why_it_is_empty(shop: Served, path: str, reason: str) -> None:
    answer = shop.ask("symbols.outline", path=path)
    assert (answer["items"], answer["total"]) == ([], 0)
    assert answer["note"].startswith(reason)
    assert shop.ask("symbols.at", path=path, line=1)["note"] == answer["note"]


def test_a_broken_file_says_so(shop: Served) -> None:
    answer = shop.ask("symbols.outline", path="broken.py")
    assert "whole" in [item["name"] for item in answer["items"]]
    assert answer["note"].startswith("broken.py: syntax errors")


@pytest.mark.parametrize("path", ["../x.py", "/etc/passwd", "away/passwd", "shop/../../x.py", "a\0b"])
@pytest.mark.parametrize("method", ["symbols.outline", "symbols.at"])
def test_paths_stay_in_the_project(shop: Served, method: str, path: str) -> None:
    with pytest.raises(errors.InvalidRequest) as refusal:
        shop.ask(method, path=path, **({"line": 1} if method == "symbols.at" else {}))
    assert refusal.value.field == "path"


@pytest.mark.parametrize(
    ("where", "expected", "role", "note"),
    [
        ("shop/orders.py: é = 1; return |total(items)", "shop.prices.total", "calls", None),
        ("shop/orders.py: from shop.prices import |Price", "shop.prices.Price", "imports", None),
        ("shop/prices.py: return super().|add(other)", "shop.prices.Price.add", "calls", None),
        ("shop/prices.py: def |total(items)", "shop.prices.total", None, None),
        ("shop/taxes.py: |return unheard_of", "shop.taxes.rounded", None, None),
        ("shop/taxes.py: return |unheard_of", "shop.taxes.rounded", "calls", "unheard_of is not understood; shown is what"),
        ("shop/prices.py: import |decimal", "shop.prices.decimal", "imports", "outside of the project; shown is its import."),
    ],
)  # fmt: skip
def test_at(shop: Served, where: str, expected: str, role: str | None, note: str | None) -> None:
    place = shop.place(where)
    answer = shop.ask("symbols.at", **place)
    assert names(answer) == [expected]
    assert (answer["note"] is None) if note is None else (note in answer["note"])
    site = answer.get("site")
    assert (None if site is None else site["role"]) == role
    if site is not None:
        assert {key: site[key] for key in ("path", "line", "column")} == place
        assert (site["confidence"] is None) == (note is not None)


# -- relationships -----------------------------------------------------------------------------------------------------


def test_callers_with_every_site(shop: Served) -> None:
    answer = shop.ask("graph.callers", symbol="shop.prices.total")
    assert names(answer) == ["shop.orders.order", "shop.orders.reorder"]
    assert (answer["total"], answer["omitted"], answer["sites_total"], answer["note"]) == (2, 0, 3, None)
    first, second = answer["items"]
    assert set(first) == {"symbol", "relationship_type", "sites", "confidence", "evidence"}
    assert first["sites"] == [shop.place("shop/orders.py: é = 1; return |total(items)")]
    assert (first["relationship_type"], first["evidence"]) == ("calls", "import")
    assert 0.9 <= first["confidence"] <= 1
    assert second["sites"] == [
        shop.place("shop/orders.py:     |total(items)"),
        shop.place("shop/orders.py: return order(items) + |total(items)"),
    ]


def test_callers_of_a_class_construct_it(shop: Served) -> None:
    answer = shop.ask("graph.callers", symbol="Price")
    assert sorted(names(answer)) == ["shop.orders.priced", "shop.prices.Price.add"]


def test_callees_in_source_order(shop: Served) -> None:
    answer = shop.ask("graph.callees", symbol="reorder")
    assert names(answer) == ["shop.prices.total", "shop.orders.order"]


def test_refs_are_of_every_type(shop: Served) -> None:
    answer = shop.ask("graph.refs", symbol="Price")
    found = {(item["symbol"]["qualified_name"], item["relationship_type"]) for item in answer["items"]}
    assert found == {
        ("shop.orders.priced", "calls"),
        ("shop.prices.Price.add", "calls"),
        ("shop.prices.Reduced", "extends"),
        ("shop.orders", "imports"),
    }
    assert names(shop.ask("graph.refs", symbol="Price", role="extends")) == ["shop.prices.Reduced"]


def test_callers_of_callers(shop: Served) -> None:
    answer = shop.ask("graph.callers", symbol="rounded", depth=9)
    found = [(item["symbol"]["name"], item["distance"]) for item in answer["items"]]
    assert found == [("tax", 1), ("total", 2), ("order", 3), ("reorder", 3)]
    assert answer["sites_total"] == 5
    second = shop.ask("graph.callers", symbol="rounded", depth=9, limit=2, offset=1)
    assert names(second) == ["shop.prices.total", "shop.orders.order"]
    assert (second["total"], second["omitted"]) == (4, 2)


@pytest.mark.parametrize(
    ("method", "params", "note"),
    [
        ("graph.callers", {"symbol": "never_called"}, "Nothing calls shop.orders.never_called."),
        ("graph.callees", {"symbol": "never_called"}, "shop.orders.never_called calls nothing of the project."),
        ("graph.refs", {"symbol": "never_called"}, "Nothing refers to shop.orders.never_called."),
        ("graph.impact", {"symbol": "never_called"}, "Nothing refers to shop.orders.never_called."),
        ("graph.callers", {"symbol": "Reduced"}, "Nothing calls shop.prices.Reduced."),
        ("graph.callers", {"symbol": "shop.taxes"}, "Nothing calls shop.taxes. Other relationships: 1 imports, 1 references."),
        ("graph.callers", {"symbol": "Reduced.add"}, "It overrides shop.prices.Price.add, whose callers can reach it too."),
        ("graph.callers", {"symbol": "Price.__init__"}, "ask for shop.prices.Price."),
        ("graph.callers", {"symbol": "rounded", "min_confidence": 1}, "has 1 relationship, each less sure than 1."),
        ("graph.refs", {"symbol": "rounded", "role": "extends"}, "Nothing refers to shop.taxes.rounded (extends)."),
    ],
)  # fmt: skip
def test_no_relationships_has_a_reason(shop: Served, method: str, params: dict[str, Any], note: str) -> None:
    answer = shop.ask(method, **params)
    assert (answer["items"], answer["total"], answer["omitted"]) == ([], 0, 0)
    assert note in answer["note"]


def test_impact_nearest_first_with_the_way(shop: Served) -> None:
    answer = shop.ask("graph.impact", symbol="rounded")
    found = {item["symbol"]["qualified_name"]: item for item in answer["items"]}
    assert [item["distance"] for item in answer["items"]] == sorted(item["distance"] for item in answer["items"])
    assert found.keys() >= {"shop.taxes.tax", "shop.prices.total", "shop.orders.order", "shop.orders.reorder", "shop"}
    order = found["shop.orders.order"]
    assert (order["distance"], order["relationship_type"], order["is_test"]) == (3, "calls", False)
    assert [(hop["qualified_name"], hop["relationship_type"]) for hop in order["via"]] == [
        ("shop.prices.total", "calls"),
        ("shop.taxes.tax", "calls"),
        ("shop.taxes.rounded", "calls"),
    ]
    assert order["confidence"] < found["shop.taxes.tax"]["confidence"]


def test_impact_tells_the_possible_apart(shop: Served) -> None:
    answer = shop.ask("graph.impact", symbol="Reduced.add")
    found = [(item["symbol"]["qualified_name"], item["is_possible"]) for item in answer["items"]]
    assert ("shop.orders.priced", True) in found
    assert found == sorted(found, key=lambda item: item[1])
    assert "only possibly" in answer["note"]
    certain = shop.ask("graph.impact", symbol="Price.add")
    assert ("shop.prices.Reduced.add", False) in [(i["symbol"]["qualified_name"], i["is_possible"]) for i in certain["items"]]


def test_impact_within_bounds(shop: Served) -> None:
    whole = shop.ask("graph.impact", symbol="rounded", limit=0)
    assert whole["total"] == len(whole["items"])
    part = shop.ask("graph.impact", symbol="rounded", limit=2)
    assert part["items"] == whole["items"][:2]
    assert part["omitted"] == whole["total"] - 2
    assert part["note"] == f"2 of {whole['total']}; a limit of 0 gives all."
    assert names(shop.ask("graph.impact", symbol="rounded", depth=1)) == ["shop.taxes.tax"]


def test_path_steps_from_one_to_the_other(shop: Served) -> None:
    answer = shop.ask("graph.path", source="reorder", target="tax")
    steps = [(step["source"]["name"], step["relationship_type"], step["target"]["name"]) for step in answer["items"]]
    assert steps == [("reorder", "calls", "total"), ("total", "calls", "tax")]
    assert answer["items"][1]["sites"] == [shop.place("shop/prices.py: + duty.|tax(")]


@pytest.mark.parametrize(
    ("params", "note"),
    [
        ({"source": "tax", "target": "reorder"}, "The other way round there is one of 2 steps."),
        ({"source": "never_called", "target": "tax"}, "No way of at most 10 steps leads from shop.orders.never_called to"),
        ({"source": "reorder", "target": "tax", "max_depth": 1}, "No way of at most 1 step leads"),
        ({"source": "tax", "target": "tax"}, "Both ends are the same symbol."),
    ],
)
def test_no_path_has_a_reason(shop: Served, params: dict[str, Any], note: str) -> None:
    answer = shop.ask("graph.path", **params)
    assert answer["items"] == []
    assert note in answer["note"]


def test_an_unknown_end_of_a_path_is_named(shop: Served) -> None:
    with pytest.raises(errors.InvalidRequest) as refusal:
        shop.ask("graph.path", source="tax", target="../x.py:1")
    assert refusal.value.field == "target"


# -- the envelope ------------------------------------------------------------------------------------------------------


def test_every_list_answer_has_the_envelope(shop: Served) -> None:
    requests: list[tuple[str, dict[str, Any]]] = [
        ("symbols.find", {"name": "tax"}),
        ("symbols.show", {"symbol": "tax"}),
        ("symbols.outline", {"path": "shop/taxes.py"}),
        ("symbols.at", {"path": "shop/taxes.py", "line": 4}),
        ("graph.refs", {"symbol": "tax"}),
        ("graph.callers", {"symbol": "tax"}),
        ("graph.callees", {"symbol": "tax"}),
        ("graph.impact", {"symbol": "tax"}),
        ("graph.path", {"source": "total", "target": "tax"} | {"source": "shop.prices.total"}),
    ]
    for method, params in requests:
        answer = shop.ask(method, **params)
        assert {"items", "total", "omitted", "note", "index"} <= answer.keys()
        assert answer["index"]["generation"] >= 1
        assert answer["index"]["pending"] == 0
        assert answer["index"]["coverage"]["resolved"] > 10
        assert answer["index"]["coverage"]["unresolved"] >= 1
        assert ("sites_total" in answer) == (method in ("graph.refs", "graph.callers", "graph.callees"))
