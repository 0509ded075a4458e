"""Nicknames: drawn, recognised however they are typed, and doubtful ones found."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.signals import nicknames
from app.core.signals.nicknames import DoubtKind, by_reporter, doubts, draw, normalise, reporters, suggest
from tests.core.handful import a_card, keyed, some_cards


def words(which: str) -> list[str]:
    return (nicknames.WORDS / f"{which}.txt").read_text("utf-8").split()


@pytest.mark.parametrize("which", ["first", "second"])
def test_words_are_short_plain_and_different(which: str):
    found = words(which)
    assert len(found) == len(set(found)) >= 130
    assert all(re.fullmatch(r"[a-z]{2,14}", word) for word in found)


def test_no_word_is_a_given_name():
    """A nickname must not read as somebody's name."""
    given_names = (nicknames.WORDS / "given_names.txt").read_text("utf-8").split()
    assert not set(words("second")) & set(given_names) - {"merel"}


def test_two_of_a_hundred_reporters_seldom_get_the_same_one():
    """Even if none could be looked up: the birthday sum of 100 drawn blindly, about nine reporters a year for eleven years."""
    pairs = 100 * 99 / 2
    assert pairs / nicknames.possible() < 0.12


@given(st.integers(0, 10_000))
def test_what_is_drawn_is_normal_already(seed: int):
    drawn = draw(random.Random(seed))
    assert normalise(drawn) == drawn
    assert len(drawn) <= 30


def test_what_is_taken_is_not_drawn_again():
    first = draw(random.Random(5))
    assert draw(random.Random(5), {first}) != first


@pytest.mark.parametrize(
    "typed", ["Blauwe  Otter", " blauwe otter ", "BLAUWE-OTTER", "bláuwe ötter", "blauwe, otter."]
)
def test_ways_of_typing_are_one(typed: str):
    assert normalise(typed) == "blauwe otter"


@given(st.text(max_size=100))
def test_normalising_twice_changes_nothing(typed: str):
    assert normalise(normalise(typed)) == normalise(typed)


@pytest.mark.parametrize(
    "typed", ["blauwe oter", "blauw otter", "blauweotter", "otter blauwe", "Blauwe Ottter"]
)
def test_a_typing_error_finds_what_was_meant(typed: str):
    assert suggest(typed, ["ronde emmer", "Blauwe Otter", "groene eik"])[0] == "Blauwe Otter"


def test_something_else_finds_nothing():
    assert suggest("houten fiets", ["ronde emmer", "blauwe otter"]) == ()


def test_two_contacts_of_one_reporter_count_once():
    cards = [a_card("blauwe otter"), a_card("Blauwe Otter", "2026-Q2", continues=True), a_card("ronde emmer")]
    assert reporters(cards) == 2
    assert [card.quarter.number for card in by_reporter(reversed(cards))["blauwe otter"]] == [1, 2]


def test_a_nickname_drawn_twice_is_found_and_counts_once_until_then():
    cards = keyed([a_card("blauwe otter"), a_card("blauwe otter", "2026-Q3"), a_card("ronde emmer")])
    (found,) = doubts(cards)
    assert (found.kind, found.nickname, len(found.cards)) == (DoubtKind.TWICE, "blauwe otter", 2)
    assert reporters(cards.values()) == 2


def test_a_card_that_continues_nothing_is_found_with_what_may_be_meant():
    cards = keyed([a_card("blauwe otter"), a_card("blauwe oter", "2026-Q3", continues=True)])
    (found,) = doubts(cards)
    assert found.kind is DoubtKind.NO_FIRST
    assert found.suggestions == ("blauwe otter",)
    assert [cards[key].nickname for key in found.cards] == ["blauwe oter"]


def test_cards_without_a_nickname_are_found_and_count_as_one():
    cards = keyed([a_card(""), a_card(" ", "2026-Q2")])
    (found,) = doubts(cards)
    assert found.kind is DoubtKind.NONE and len(found.cards) == 2
    assert reporters(cards.values()) == 1


@given(some_cards())
def test_a_nickname_is_in_doubt_exactly_when_it_has_not_one_first_card(cards):
    doubted = {normalise(one.nickname) for one in doubts(keyed(cards))}
    for name, these in by_reporter(cards).items():
        assert (name in doubted) == (sum(not card.continues for card in these) != 1)
