"""Comments: packed to one length, danger pointed out, no quotes, and no theme from fewer people than the least group."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.answers import COMMENT_BLOCK, CommentTooLong, Encoder, pack_comment, unpack_comment
from app.core.comments import danger, quoting
from app.core.comments.leaving import Mention, may_leave, persons
from app.core.comments.review import BYTES, Paraphrase, Review, decode_paraphrase, decode_review, encode
from tests.factories import an_instrument

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=2000)


@given(TEXT)
@settings(max_examples=60, deadline=None)
def test_every_comment_comes_back_and_fills_whole_blocks(text: str) -> None:
    packed = pack_comment(text)
    assert unpack_comment(packed) == text and len(packed) % COMMENT_BLOCK == 0


@pytest.mark.parametrize("text", ["x", "n" * 2000, "é" * 2000, "جيد " * 500, "很好" * 1000])
def test_what_people_write_has_one_length(text: str) -> None:
    assert len(pack_comment(text)) == COMMENT_BLOCK


def test_signs_too_rare_to_fit_are_refused_with_how_many_do() -> None:
    instrument = an_instrument()
    item = instrument.comments[0].id
    rare = "".join(chr(0x20000 + number * 7919 % 40_000) for number in range(2000))
    with pytest.raises(CommentTooLong) as refused:
        Encoder(instrument).comments({item: rare})
    assert 500 < refused.value.most < 2000
    fits = Encoder(instrument).comments({item: rare[: refused.value.most]})
    assert len(pack_comment(fits[item])) == COMMENT_BLOCK


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ik zie het niet meer zitten.", "suicide"),
        ("Soms denk ik aan ZELFMOORD", "suicide"),
        ("Suïcidale gedachten", "suicide"),
        ("Hij heeft een wapen in zijn kast", "violence"),
        ("bewoners worden vastgebonden", "dependants"),
        ("Er is misbruik van cliënten", "dependants"),
        ("ik ben bang dat het misgaat", "fear"),
        ("I want to die", "suicide"),
        ("There was a rape", "sexual"),
        ("afraid that someone will get hurt", "fear"),
    ],
)
def test_words_that_point_to_danger_are_found(text: str, kind: str) -> None:
    assert kind in danger.found(text)


def test_ordinary_comments_point_to_nothing() -> None:
    for text in (
        "De koffie is koud.",
        "Meer tijd voor de overdracht, dan zijn er minder botsingen.",
        "More time to hand over.",
        "Het mesten van de tuin",
    ):
        assert danger.found(text) == (), text


def test_a_paraphrase_is_no_quote() -> None:
    written = ["Mijn leidinggevende schreeuwt elke maandag tegen mij in de gang bij de keuken."]
    assert quoting.quoted("Er is angst voor leidinggevenden.", written) == ""
    assert quoting.quoted("Iemand zegt: schreeuwt elke maandag tegen mij in de gang!", written)


def test_reviews_and_words_are_kept_at_one_length() -> None:
    review = Review("ab" * 16, "tekst […]", "", ("sexism", "gossip"), True)
    assert decode_review(encode(review)) == review and len(encode(review)) == BYTES
    said = Paraphrase("sexism", {"nl": "Er worden grappen gemaakt."}, True)
    assert decode_paraphrase(encode(said)) == said and len(encode(said)) == BYTES


MENTIONS = st.lists(
    st.builds(
        Mention,
        item=st.sampled_from(["keep", "change"]),
        part=st.integers(0, 3),
        themes=st.frozensets(st.sampled_from(["a", "b"]), min_size=0, max_size=2),
    ),
    max_size=90,
)


@given(MENTIONS, st.integers(5, 9))
@settings(max_examples=400, deadline=None)
def test_nothing_leaves_from_fewer_people_nor_leaves_fewer_to_be_told_by_subtraction(
    mentions: list[Mention], least: int
) -> None:
    for leaves in may_leave(mentions, least, parts=4):
        about = [mention for mention in mentions if leaves.theme in mention.themes]
        assert persons(about) >= least and (leaves.whole["low"] or 0) >= least
        for part, band in leaves.parts.items():
            assert persons(mention for mention in about if mention.part == part) >= least
            assert (band["low"] or 0) >= least
        # Whatever named parts somebody takes away from the whole: nobody or enough people are left.
        named = list(leaves.parts)
        for chosen in range(2 ** len(named)):
            taken = {part for bit, part in enumerate(named) if chosen >> bit & 1}
            rest = [mention for mention in about if mention.part not in taken]
            assert not rest or persons(rest) >= least


@given(MENTIONS)
@settings(max_examples=100, deadline=None)
def test_what_leaves_does_not_hang_on_the_order_of_comments(mentions: list[Mention]) -> None:
    assert may_leave(mentions, 5, parts=4) == may_leave(mentions[::-1], 5, parts=4)


def test_two_comments_of_one_person_count_once_and_a_scan_of_one_part_names_none() -> None:
    twice = [Mention(item, 0, frozenset({"a"})) for item in ("keep", "change") for _ in range(4)]
    assert may_leave(twice, 5, parts=2) == []
    enough = [Mention("keep", 0, frozenset({"a"})) for _ in range(12)]
    (leaves,) = may_leave(enough, 5, parts=1)
    assert leaves.parts == {} and leaves.whole == {"value": 10, "low": 8, "high": 12}
