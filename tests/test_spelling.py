"""Names with a typing error: what is near, and how far."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.memory import spelling

letters = st.text("abc", max_size=12)


@given(letters, letters)
def test_the_distance_is_what_is_counted_one_place_after_the_other(one: str, other: str) -> None:
    assert spelling.distance(one, other) == counted(one, other)


def counted(one: str, other: str) -> int:
    """The same, by the table that the definition gives."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        rows.append([i])
        for j, b in enumerate(other, 1):
            least = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, rows[i - 2][j - 2] + 1)
            rows[i].append(least)
    return rows[-1][-1]
