"""Answers survive the way into a block and back, and nothing else gets in."""

from __future__ import annotations

import timeit
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.answers import MOST_COMMENT, BadAnswer, CommentTooLong, Encoder
from app.core.instrument import Instrument, parse

ROOT = Path(__file__).parents[2]
SAFETY = parse((ROOT / "surveys" / "social-safety.toml").read_text())
ENCODER = Encoder(SAFETY)


def tiny(name: str) -> Instrument:
    return parse((ROOT / "tests" / "instruments" / f"{name}.toml").read_text())


ANSWERS = st.fixed_dictionaries(
    {},
    optional={item.id: st.sampled_from(SAFETY.options_of(item).codes) for item in SAFETY.coded},
)


@given(ANSWERS)
def test_answers_come_back_as_they_went_in(codes: dict[str, int]) -> None:
    block = ENCODER.encode({item: str(code) for item, code in codes.items()})
    assert len(block) == ENCODER.length == len(SAFETY.coded)
    assert block == ENCODER.encode_codes(codes)
    assert ENCODER.decode(block) == {item.id: codes.get(item.id) for item in SAFETY.coded}


def test_a_byte_is_the_place_of_the_code_and_0_is_no_answer() -> None:
    encoder = Encoder(tiny("dont-know"))
    assert encoder.items == ("q1", "q2", "q3")
    assert encoder.encode({"q1": "1", "q3": "9"}) == bytes([1, 0, 6])
    assert encoder.encode({"q1": "", "q2": "5"}) == bytes([0, 5, 0])
    assert encoder.encode_codes({"q1": None, "q2": 2}) == bytes([0, 2, 0])
    assert encoder.decode(bytes([1, 0, 6])) == {"q1": 1, "q2": None, "q3": 9}


@given(st.text())
def test_only_the_codes_as_written_are_answers(value: str) -> None:
    encoder = Encoder(tiny("minimal"))
    if value in {"", "1", "2", "3", "4", "5"}:
        encoder.encode({"q2": value})
    else:
        with pytest.raises(BadAnswer) as raised:
            encoder.encode({"q1": "1", "q2": value})
        assert raised.value.item_id == "q2"


@pytest.mark.parametrize("value", ["0", "6", "01", " 1", "1.0", "+1", "\u0661", "None"])
def test_near_codes_are_no_codes(value: str) -> None:
    with pytest.raises(BadAnswer):
        Encoder(tiny("minimal")).encode({"q1": value})


def test_other_fields_of_the_form_are_not_looked_at() -> None:
    encoder = Encoder(tiny("comment"))
    assert encoder.encode({"nonce": "1", "words": "text", "q9": "1"}) == bytes(3)
    assert encoder.comments({"q1": "no comment", "nonce": "x"}) == {}


@pytest.mark.parametrize("block", [b"", bytes(2), bytes(4), bytes([0, 0, 6])])
def test_a_block_of_another_instrument_is_refused(block: bytes) -> None:
    with pytest.raises(ValueError, match="block"):
        Encoder(tiny("minimal")).decode(block)


def test_an_instrument_of_comments_has_empty_blocks() -> None:
    encoder = Encoder(tiny("only-comments"))
    assert (encoder.length, encoder.encode({}), encoder.decode(b"")) == (0, b"", {})


def test_comments_are_tidied_and_empty_ones_left_out() -> None:
    written = {"keep": "  Good:\r\nwe\ttalk\x00.\u202e \n", "change": " \r\n\u200e".strip("\u200e")}
    assert ENCODER.comments(written) == {"keep": "Good:\nwe\ttalk."}


def test_a_comment_keeps_2000_characters_and_says_how_many_are_too_many() -> None:
    assert ENCODER.comments({"keep": "x" * MOST_COMMENT + "  "})["keep"] == "x" * 2000
    with pytest.raises(CommentTooLong) as raised:
        ENCODER.comments({"keep": "x" * 2001})
    assert (raised.value.item_id, raised.value.length, raised.value.most) == ("keep", 2001, 2000)


@given(st.text())
def test_a_comment_can_always_be_stored_and_hides_nothing(written: str) -> None:
    for kept in ENCODER.comments({"keep": written}).values():
        kept.encode()
        assert kept == kept.strip() != ""
        assert not any(
            unicodedata.category(mark) in ("Cc", "Cs") for mark in kept.replace("\n", "").replace("\t", "")
        )
        assert ENCODER.comments({"keep": kept}) == {"keep": kept}


def test_encoding_40_items_takes_at_most_60_microseconds() -> None:
    """Runs once for each submitted form; the best of many rounds, so that a busy machine doesn't decide."""
    more = "".join(
        f'\n[[items]]\nid = "m{n}"\nscale = "mood"\noptions = "agree"\ntext.nl = "v"\ntext.en = "q"\n'
        for n in range(37)
    )
    encoder = Encoder(parse(tiny("minimal").text + more))
    values = dict.fromkeys(encoder.items, "4")
    assert encoder.length == 40
    rounds = timeit.repeat(lambda: encoder.encode(values), number=50, repeat=20)
    assert min(rounds) / 50 < 60e-6
