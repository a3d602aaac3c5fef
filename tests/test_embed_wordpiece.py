"""The tokenizer against what the reference tokenizer of the same vocabulary makes of the same texts."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.embed import wordpiece

VOCABULARY = wordpiece.read_vocabulary()
MAX_TOKENS = 128
encode = wordpiece.encoder(VOCABULARY, MAX_TOKENS)

#: Text, and its tokens by the reference.
REFERENCE = [
    ("", ""),
    ("   \t\n ", ""),
    ("How do we retry uploads?", "how do we re ##try up ##load ##s ?"),
    (
        "def getUserName(self, *, max_len=10) -> str:",
        "def get ##user ##name ( self , * , max _ len = 10 ) - > st ##r :",
    ),
    ("Café naïve Ångström ÉCOLE", "cafe naive ang ##strom ecole"),
    ("e\u0301 vs \u00e9", "e vs e"),
    ("İstanbul ΣΊΣΥΦΟΣ ß ﬁ", "istanbul σ ##ι ##σ ##υ ##φ ##ο ##σ ß ﬁ"),
    (
        "数据库 index検索 テスト 한국어",
        "[UNK] [UNK] [UNK] index [UNK] [UNK] テ ##ス ##ト ᄒ ##ᅡ ##ᆫ ##ᄀ ##ᅮ ##ᆨ ##ᄋ ##ᅥ",
    ),
    ("a\x00b\u200bc\ufffdd\x07e", "abc ##de"),
    ("x\u00a0y\u2003z\u2028w", "x y z w"),
    ("emoji 🙂🚀 end", "em ##oj ##i [UNK] end"),
    ("don't $5.00+tax; C++ & C#", "don ' t $ 5 . 00 + tax ; c + + & c #"),
    ("antidisestablishmentarianism", "anti ##dis ##est ##ab ##lish ##ment ##arian ##ism"),
    ("z" * 101 + " z", "[UNK] z"),
    (
        "snake_case kebab-case dotted.name::path",
        "snake _ case ke ##ba ##b - case dotted . name : : path",
    ),
    ("١٢٣ 四 Ⅷ ½ x²", "[UNK] 四 [UNK] ½ x ##²"),
    ("“quotes” — dash…", "“ quotes ” — dash …"),
    ("मनुष्य", "म ##न ##ष ##य"),
    (
        "thequickbrownfoxjumps ##ing un##able",
        "the ##qui ##ck ##bro ##wn ##fo ##x ##ju ##mps # # ing un # # able",
    ),
]


def tokens(text: str) -> list[str]:
    return [VOCABULARY[number] for number in encode(text)]


@pytest.mark.parametrize(("text", "expected"), REFERENCE)
def test_tokens_are_those_of_the_reference(text: str, expected: str) -> None:
    assert tokens(text) == ["[CLS]", *expected.split(), "[SEP]"]


def test_text_is_never_taken_for_a_special_token() -> None:
    assert tokens("[SEP] [MASK]")[1:-1] == ["[", "sep", "]", "[", "mask", "]"]


def test_a_long_text_is_cut_and_still_ends_as_it_must() -> None:
    ids = tokens("word " * 1000)
    assert len(ids) == MAX_TOKENS
    assert ids[-2:] == ["word", "[SEP]"]
    assert tokens("uploads " * 1000)[-1] == "[SEP]"


def test_the_vocabulary_is_the_recorded_file() -> None:
    digest = hashlib.sha256(wordpiece.VOCABULARY.read_bytes()).hexdigest()
    assert digest == "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
    assert digest in (wordpiece.VOCABULARY.parent / "SOURCE.md").read_text()
    assert len(VOCABULARY) == 30_522


@given(st.text(max_size=6000))
def test_no_text_raises_and_every_answer_is_bounded(text: str) -> None:
    ids = encode(text)
    assert 2 <= len(ids) <= MAX_TOKENS
    assert all(0 <= number < len(VOCABULARY) for number in ids)
