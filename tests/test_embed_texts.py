"""The texts that stand for symbols and memories, and the limits on spending."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import errors
from indexer.embed import pace, texts


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("getUserName", "get user name"),
        ("HTTPServer_v2", "http server v2"),
        ("parseHTMLDocument", "parse html document"),
        ("SCREAMING_CASE", "screaming case"),
        ("kebab-case.and/more", "kebab case and more"),
        ("__init__", "init"),
        ("größeÄndern", "größeändern"),
        ("___", ""),
        ("", ""),
    ],
)
def test_identifiers_are_split_into_words(name: str, words: str) -> None:
    assert texts.split_identifier(name) == words


@pytest.mark.parametrize(
    ("qualified_name", "path", "first_line"),
    [
        ("shop.cart.Cart.addItem", "src/shop/cart.py", "cart add item shop cart"),
        ("crate::net::Client::send", "net/client.rs", "client send net client"),
        ("A::B#find_all", "lib/a/b.rb", "b find all a b"),
        ("Ns\\Mail\\Sender", "Mail/Sender.php", "mail sender mail sender"),
        ("main", "main.go", "main main"),
        ("m", "a.b/no_extension", "m a b no extension"),
    ],
)
def test_a_symbol_begins_with_its_name_and_place(qualified_name: str, path: str, first_line: str) -> None:
    text = texts.symbol_text(qualified_name, path, "the code")
    assert text == f"{first_line}\nthe code"
    assert first_line.startswith(texts.name_text(qualified_name))


def test_documentation_stands_before_the_code_unless_it_is_in_it() -> None:
    code = 'def f():\n    """Adds.\n\n    Twice."""'
    assert texts.symbol_text("m.f", "m.py", code, "Adds.\n\nTwice.") == f"m f m\n{code}"
    assert texts.symbol_text("m.f", "m.rs", "fn f() {}", "Adds.") == "m f m\nAdds.\nfn f() {}"
    assert texts.symbol_text("m.f", "m.rs", None, "Adds.") == "m f m\nAdds."
    assert texts.symbol_text("m.f", "m.rs", None) == "m f m"


def test_a_memory_begins_with_what_whose_when_and_about_what() -> None:
    text = texts.memory_text(
        "Uploads are retried five times.",
        "code_decision",
        tags=["upload", "back-off"],
        author="Ada",
        created_at=datetime(2024, 5, 3, 23, 30, tzinfo=UTC),
    )
    assert text == "code decision; Ada; 3 May 2024; upload, back off\nUploads are retried five times."
    assert texts.memory_text("x", "conversation") == "conversation\nx"


@given(st.text(), st.text(), st.none() | st.text(max_size=10_000), st.none() | st.text())
def test_no_input_raises_and_every_text_is_bounded(name: str, path: str, code: str | None, documentation: str | None) -> None:
    assert len(texts.symbol_text(name, path, code, documentation)) <= texts.MAX_CHARS


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_requests_are_spread_over_the_minute() -> None:
    clock = Clock()
    limits = pace.Pace(requests_per_minute=60, tokens_per_minute=None, clock=clock)
    assert [limits.book(5) for _ in range(3)] == [0.0, 1.0, 2.0]
    clock.now += 60
    assert limits.book(5) == 0.0


def test_tokens_are_spread_over_the_minute() -> None:
    limits = pace.Pace(requests_per_minute=None, tokens_per_minute=600, clock=Clock())
    assert [limits.book(100), limits.book(50), limits.book(1)] == [0.0, 10.0, 15.0]


def test_without_limits_nothing_waits() -> None:
    limits = pace.Pace(None, None, clock=Clock())
    assert [limits.book(10**9) for _ in range(3)] == [0.0, 0.0, 0.0]


def test_a_budget_refuses_what_it_does_not_cover_until_the_next_day() -> None:
    clock = Clock()
    budget = pace.Budget(100, clock=clock)
    budget.reserve(60)
    with pytest.raises(errors.Busy, match="budget of 100 tokens"):
        budget.reserve(60)
    budget.settle(60, 30)
    budget.reserve(60)
    budget.settle(60, 60)
    clock.now += 23 * 3600
    with pytest.raises(errors.Busy, match=r"1\.0 h"):
        budget.reserve(20)
    clock.now += 3600
    budget.reserve(100)
