"""Looking for words through the index finds what reading every text finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.word_index import WordIndex

TEXTS = st.lists(st.text("ab\n ß", max_size=12), max_size=12)


@settings(max_examples=80, deadline=None)
@given(TEXTS, st.text("ab ß", max_size=6))
def test_it_finds_what_reading_every_text_finds(texts: list[str], sought: str) -> None:
    folded = [text.casefold() for text in texts]
    plain = [all(word in text for word in sought.casefold().split()) for text in folded]
    assert list(map(bool, WordIndex(folded).holding(sought))) == plain


def test_a_word_in_nearly_every_text_takes_the_other_way() -> None:
    texts = [f"aan{place} aap{place} maan{place}" for place in range(40)]
    index = WordIndex(texts)
    assert sum(index.holding("aa")) == 40 and sum(index.holding("aap7")) == 1
    assert sum(index.holding("aa maan3")) == 11 and not any(index.holding("noot"))


def test_no_texts_hold_nothing() -> None:
    assert WordIndex([]).holding("x") == b""
