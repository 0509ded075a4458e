"""What helps who writes on the board: how hard a text reads, numbers from elsewhere, and what changed between two versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import access, heard_numbers
from app.core.access import Actor, NotAllowed, Role
from app.core.feedback import Content, Decision, Source, SourceKind, State, Words
from app.core.reading_level import Grade, measure, syllables
from app.core.update_history import How, changes

PLAIN_NL = "We hebben dit gehoord. Je durft niet te zeggen wat je ziet. Dat is niet goed. Wij gaan er nu wat aan doen."
HARD_NL = (
    "Naar aanleiding van de onderzoeksresultaten implementeren verantwoordelijke leidinggevenden organisatiebrede "
    "verbetermaatregelen ten behoeve van de psychosociale arbeidsbelasting."
)
PLAIN_EN = (
    "We heard this. You do not dare to say what you see. That is not good. We will now do something about it."
)
HARD_EN = (
    "Notwithstanding considerable organisational difficulties, responsible executives are implementing comprehensive "
    "improvements regarding psychosocial vulnerabilities."
)


@pytest.mark.parametrize(
    ("language", "plain", "hard"), [("nl", PLAIN_NL, HARD_NL), ("en", PLAIN_EN, HARD_EN)]
)
def test_plain_words_read_as_plain_and_officialese_as_hard(language: str, plain: str, hard: str) -> None:
    assert measure(plain, language).grade is Grade.PLAIN
    assert measure(hard, language).grade is Grade.HARD


def test_the_dutch_score_is_that_of_douma_worked_out_by_hand() -> None:
    # 10 words in 2 sentences, 12 syllables: 206.84 - 0.93 x 5 - 77 x 1.2
    text = "De kat zit op de mat. Het regent al vandaag."
    level = measure(text, "nl")
    assert level.words_per_sentence == 5
    assert level.score == pytest.approx(206.84 - 0.93 * 5 - 77 * 1.2)


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("kat", "nl", 1), ("regent", "nl", 2), ("leeuw", "nl", 1), ("financiën", "nl", 4), ("moeilijk", "nl", 2), ("b", "nl", 1),
        ("cat", "en", 1), ("table", "en", 2), ("make", "en", 1), ("asked", "en", 1), ("people", "en", 2),
    ],
)  # fmt: skip
def test_syllables(word: str, language: str, expected: int) -> None:
    assert syllables(word, language) == expected


def test_long_sentences_are_named_and_a_few_words_are_not_judged() -> None:
    long = " ".join(["woord"] * 25) + "."
    level = measure(f"Kort. {long} Nog een.", "nl")
    assert level.longest == (long,)
    assert measure("Te weinig.", "nl").grade is Grade.SHORT
    assert measure("", "nl").score is None


@given(st.text(max_size=300), st.sampled_from(["nl", "en", "xx"]))
def test_any_text_gets_an_answer(text: str, language: str) -> None:
    level = measure(text, language)
    assert (level.score is None) == (level.grade is Grade.SHORT)


FILLED = "6 op de 10 antwoorden over “Durven” zijn gunstig. (ongeveer 130 antwoorden, 128 tot 132)"


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        (FILLED, ()),
        ("6 op de 10 durven het te zeggen", ()),
        ("Van 130 antwoorden", ()),
        ("In 2026 beginnen we", ()),
        ("Vier op de tien durven niet", ("Vier op de tien",)),
        ("4 van de 7 collega's", ("4 van de 7",)),
        ("38 % is bang, 12,5 heel erg", ("38 %", "12,5")),
        ("3 out of 10 people", ("3 out of 10",)),
    ],
)
def test_numbers_from_elsewhere_are_named(text: str, strange: tuple[str, ...]) -> None:
    assert heard_numbers.from_elsewhere(text, [FILLED]) == strange


@given(st.text(max_size=200))
def test_what_was_filled_in_is_never_from_elsewhere(text: str) -> None:
    assert heard_numbers.from_elsewhere(text, [text]) == ()


def content(**other: object) -> Content:
    words = {"nl": Words("Titel", "We hoorden dit.", "Geen geld.", "Jij merkt niets.")}
    first = Content(
        "gossip",
        words,
        Source(SourceKind.OTHER),
        State.DECIDED,
        Decision.DONT,
        "manager",
        None,
        date(2026, 12, 1),
    )
    return replace(first, **other)  # type: ignore[arg-type]


def test_a_version_that_says_the_same_changed_nothing() -> None:
    assert changes(content(), content()) == ()


def test_changed_words_are_marked_and_the_rest_is_not() -> None:
    after = content(
        words={"nl": Words("Titel", "We hoorden dat.", "Geen geld.", "Jij merkt niets.")}, state=State.DONE
    )
    text, state = changes(content(), after)
    assert (text.field, text.language, text.was, text.becomes) == (
        "heard",
        "nl",
        "We hoorden dit.",
        "We hoorden dat.",
    )
    assert [(piece.how, piece.text) for piece in text.after] == [(How.SAME, "We hoorden "), (How.NEW, "dat.")]
    assert (state.field, state.was, state.becomes) == ("state", "decided", "done")


@given(st.text(max_size=80), st.text(max_size=80))
def test_both_sides_hold_every_character(before: str, after: str) -> None:
    old, new = (content(words={"nl": Words("T", heard)}) for heard in (before, after))
    for change in changes(old, new):
        assert (change.was, change.becomes) == (before, after)
        same = [
            ["".join(p.text for p in side if p.how is How.SAME)] for side in (change.before, change.after)
        ]
        assert same[0] == same[1]


def somebody(account: int | None, *roles: Role) -> Actor:
    return Actor("x", 1, frozenset(roles), account)


def test_managers_change_only_what_they_made() -> None:
    manager = somebody(7, Role.MANAGER)
    assert access.can_change_update(manager, 7) and not access.can_change_update(manager, 8)
    with pytest.raises(NotAllowed):
        access.check_change_update(manager, 8)
    for role in (Role.ADVISER, Role.COORDINATOR):
        assert access.can_change_update(somebody(7, role), 8)
    for role in (Role.WORKS_COUNCIL, Role.ADMINISTRATOR):
        assert not access.can_change_update(somebody(7, role), 7)


def test_nobody_is_the_second_reader_of_own_words_and_the_command_line_posts_nothing() -> None:
    assert access.can_approve_update(somebody(7, Role.MANAGER), {8})
    assert not access.can_approve_update(somebody(7, Role.MANAGER), {7, 8})
    assert not access.can_approve_update(somebody(7, Role.WORKS_COUNCIL), {8})
    line = access.at_command_line(1)
    assert not access.can("post-update", line) and not access.can_change_update(line, 1)
    assert not access.can_approve_update(line, {1})


def test_who_has_several_roles_speaks_as_management_first() -> None:
    assert access.speaks_as(somebody(1, Role.ADVISER, Role.MANAGER)) is Role.MANAGER
    assert access.speaks_as(somebody(1, Role.ADVISER, Role.WORKS_COUNCIL)) is Role.ADVISER
    with pytest.raises(NotAllowed):
        access.speaks_as(somebody(1, Role.WORKS_COUNCIL))
