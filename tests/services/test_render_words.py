"""Numbers, reasons and sentences: what people read says no more and no less than what was published."""

from __future__ import annotations

import re

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from app.core.disclosure.figures import COARSE, FROM_30
from app.core.disclosure.structure import REASONS
from app.core.priorities import RISK
from app.render import measures, naming, numbers, reasons, story, tables, together, working_on
from app.render.reading import Reading
from tests.services.renderings import a_document, a_reading, exact, group, num, scored

ENDS = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted)


@given(
    st.floats(-1e7, 1e7) | st.integers(-(10**7), 10**7) | st.integers(-(10**6), 10**6).map(lambda n: n / 1000)
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_figures_are_what_babel_writes_but_for_minus_nothing(language: str, value: float) -> None:
    babel = format_decimal(value, "#,##0.##", locale=language)
    assert numbers.figure(value, language) == ("0" if babel == "-0" else babel)


@pytest.mark.parametrize(
    ("number", "language", "said"),
    [
        (exact(62), "en", "62"),
        (num(62, 60, 64), "en", "62 (60 to 64)"),
        (num(62.5, 62, 63), "nl", "62,5 (62 tot 63)"),
        (num(46.54, 46.536, 46.544), "nl", "46,54"),
        (num(None, 90, 100), "en", "90 or more"),
        (num(None, 0, 10), "nl", "10 of minder"),
        (num(None, 10, 15), "en", "10 to 15"),
    ],
)
def test_a_score_is_said_with_its_band(number: dict[str, float | None], language: str, said: str) -> None:
    assert numbers.words(number, language) == said


def test_a_count_of_people_that_is_rounded_says_so() -> None:
    assert numbers.answers(num(25, 23, 27), "en") == "about 25 answers (23 to 27)"
    assert numbers.answers(num(25, 23, 27), "nl") == "ongeveer 25 antwoorden (23 tot 27)"
    assert numbers.answers(exact(128), "en") == "128 answers"


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ({"value": 25, "low": 22.5, "high": 27.5}, "2 to 3 in 10"),
        (num(62, 61, 63), "6 in 10"),
        (num(None, 0, 12), "fewer than 1 in 10"),
        (num(None, 20, 40), "2 to 4 in 10"),
        (num(None, 0, 30), "at most 3 in 10"),
        (exact(100), "everyone"),
    ],
)
def test_a_share_in_tens(share: dict[str, float | None], said: str) -> None:
    assert numbers.in_ten(share, "en") == said


@given(ENDS)
def test_a_band_never_shows_a_figure_that_was_not_published(ends: list[int]) -> None:
    low, high = ends
    for said in (numbers.words(num(None, low, high), "en"), numbers.short(num(None, low, high), "en")):
        shown = {int(figure) for figure in re.findall(r"\d+", said)}
        assert shown <= {low, high}
        assert shown


def test_three_sentences_open_with_the_outcome() -> None:
    said = story.sentences(a_reading())
    assert said == (
        "6 in 10 answers about “Speaking up” are favourable; 2 in 10 are unfavourable.",
        "Most favourable is “Trust & <care>” (score 72), least favourable is “Speaking up” (score 55).",
        "“Bullying seen”: fewer than 1 in 10 people, at least once. That is 12\u00a0% or less.",
    )


def test_dutch_has_no_english_left() -> None:
    said = " ".join(story.sentences(a_reading("nl")))
    assert "antwoorden" in said
    assert not re.search(r"\b(answers|favourable|people)\b", said)


def test_units_are_called_different_only_when_their_intervals_do_not_touch() -> None:
    far, near = a_reading(), a_document()
    assert (
        story.of_scale(far, far.scales[0])[-1]
        == "On “Speaking up” units differ: from 35 (Team B) to 80 (Team A)."
    )
    near["groups"][1]["scales"]["speaking-up"] = scored(45, 5, 12)
    close = Reading("en", "x", near)
    assert close.scale("speaking-up") is not None
    assert story.of_scale(close, close.scales[0])[-1].endswith("that difference can be chance.")


def test_a_withheld_group_is_a_reason_and_never_a_zero_or_a_blank() -> None:
    reading = a_reading()
    table = tables.heat(reading, reading.parts).table
    row = next(row for row in table.rows if row[0] == "Team C")
    assert "Too few answers: fewer than 8 here" in row[1]
    assert not any(re.search(r"\d", cell) for cell in row[2:])
    assert reading.missing(reading.parts[2], reading.scales[0])[1] == row[1]


def test_a_reason_of_a_later_version_still_says_that_it_protects() -> None:
    document = a_document()
    document["groups"][3]["reason"] = "something-new"
    assert Reading("en", "x", document).parts[2].reason == "Not shown, to keep answers anonymous."


@pytest.mark.parametrize("id", [*REASONS, FROM_30, COARSE, "person"])
def test_every_reason_of_the_protector_has_words_of_its_own(id: str) -> None:
    assert reasons.of_group(id, "en", 8) != reasons.of_group("something-new", "en", 8)
    assert reasons.of_group(id, "nl", 8) != reasons.of_group(id, "en", 8)


def test_joined_groups_stand_under_the_unit_that_holds_them() -> None:
    reading = a_reading()
    assert [one.name for one in reading.below(reading.whole)] == [
        "Team A",
        "Team B",
        "Team C",
        "Team C + Team D",
    ]
    assert list(reading.backgrounds) == ["tenure"]


def test_a_release_without_units_or_incidence_has_fewer_pictures() -> None:
    document = a_document()
    document["groups"] = document["groups"][:1]
    document["instrument"]["scales"] = document["instrument"]["scales"][:1]
    reading = Reading("en", "x", document)
    assert list(naming.main_figures(reading)) == [
        "overview",
        "shares",
        "scale-speaking-up",
        "items-speaking-up",
    ]
    assert len(story.sentences(reading)) == 1


@pytest.mark.parametrize(
    "name", ["", "heat-2", "heat-0", "unit-c", "unit-", "scale-nothing", "group-x~y", "../overview"]
)
def test_a_picture_that_does_not_exist_is_none(name: str) -> None:
    assert naming.figure(a_reading(), name) is None


def test_long_lists_of_units_are_cut_into_parts_that_can_be_read() -> None:
    document = a_document()
    document["groups"][1:] = [group(f"u{n}", "org", f"Unit {n}", exact(120)) for n in range(240)]
    parts = tables.parts(Reading("en", "x", document).parts)
    assert sum(map(len, parts)) == 240
    assert max(map(len, parts)) <= tables.ROWS


def test_units_with_one_name_are_told_apart_by_what_they_are_in() -> None:
    document = a_document()
    document["groups"][1:] = [
        group("n", "org", "North", exact(120)),
        group("s", "org", "South", exact(120)),
        group("n1", "n", "Night", exact(60)),
        group("s1", "s", "Night", exact(60)),
    ]
    reading = Reading("en", "x", document)
    assert [one.name for one in reading.parts] == ["North", "Night (North)", "South", "Night (South)"]


def test_a_large_group_without_shares_is_not_called_too_small() -> None:
    document = a_document()
    for one in document["groups"]:
        for scale in one["scales"].values():
            for share in ("favourable", "neutral", "unfavourable"):
                scale.pop(share, None)
    whole = document["groups"][0]
    reading = Reading("en", "x", document)
    assert "not shown" in tables.shares(reading, reading.whole).alt
    whole["n"] = num(20, 18, 22)
    reading = Reading("en", "x", document)
    assert "shown from 30 answers up" in tables.shares(reading, reading.whole).alt


def test_without_scales_there_is_no_picture_of_scores() -> None:
    document = a_document()
    document["instrument"]["scales"] = []
    reading = Reading("en", "x", document)
    assert [name for name in naming.main_figures(reading) if naming.figure(reading, name)] == []


def test_parts_of_a_long_list_have_names_of_their_own() -> None:
    document = a_document()
    document["groups"][1:] = [group(f"u{n}", "org", f"Unit {n}", exact(120)) for n in range(90)]
    reading = Reading("en", "x", document)
    titles = [
        found.described.title
        for name in naming.heat_names(reading)
        if (found := naming.figure(reading, name))
    ]
    assert titles == [f"Units by subject, {place} of 4" for place in range(1, 5)]


def weighing(language: str = "en") -> Reading:
    document = a_document()
    whole = document["groups"][0]
    ends = {"r": num(0.52, 0.515, 0.525), "interval": [exact(0.38), exact(0.64)], "n": num(130, 128, 132)}
    whole["associations"] = {
        "trust": ends,
        "seen": ends | {"r": exact(0.1), "interval": [exact(-0.1), exact(0.3)]},
    }
    return Reading(language, "x", document)


def test_one_subject_has_no_order() -> None:
    document = a_document()
    document["instrument"]["scales"][1:] = []
    assert working_on.sentences(Reading("en", "x", document)) == (
        "This scan has fewer than two subjects, so there is no order to give.",
    )


def test_what_to_work_on_opens_with_the_heaviest_and_its_reason() -> None:
    """Unfavourable: speaking up 45, trust 28, bullying 18; the line is 28, and team B scores under it."""
    assert working_on.sentences(weighing()) == (
        "Look first at “Speaking up”.",
        "People who are more positive about “Trust & <care>” are also more positive about “Speaking up”.",
    )
    (row,) = working_on.weighed(weighing(), RISK)
    assert working_on.why(weighing(), row) == (
        "It scores 55 (54.5 to 55.5) out of 100. "
        "About 6 in 10 people work in a group on the unfavourable side of the middle line."
    )
    assert row.reach == {"value": 57, "low": 51, "high": 63}
    assert row.weight["low"] <= row.weight["value"] == 26 <= row.weight["high"]


def test_an_association_is_never_worded_as_a_cause() -> None:
    assert together.sentences(weighing()) == (
        "People who are more positive about “Trust & <care>” are also more positive about “Speaking up”.",
        "That doesn't say that one causes the other: something else can lie behind both.",
    )
    found = together.described(weighing(), weighing().whole)
    assert found is not None
    assert [row[3] for row in found.table.rows] == ["strongly together", "can't be said"]


def test_subjects_that_go_together_as_strongly_are_all_named() -> None:
    document = a_document()
    scales = [{"id": id, "kind": "mean", "title": {"en": id}} for id in ("out", *"ABCDE")]
    document["instrument"] |= {"scales": scales, "outcome": "out"}
    same = {"r": num(0.7, 0.65, 0.75), "interval": [exact(0.5), exact(0.9)], "n": num(130, 128, 132)}
    weaker = same | {"r": num(0.6, 0.55, 0.65)}
    document["groups"][0]["associations"] = dict.fromkeys("ABCD", same) | {"E": weaker}
    assert together.sentences(Reading("en", "x", document))[:2] == (
        "People who are more positive about “A”, “B”, “C” and “D” are also more positive about “out”.",
        "Which of them goes together most can't be said: it is too close.",
    )


def test_without_associations_there_is_no_picture_and_no_sentence() -> None:
    reading = a_reading()
    assert naming.figure(reading, "together") is None
    assert together.sentences(reading) == ()


def test_the_findings_are_the_heaviest_risk_where_groups_differ_and_what_to_keep() -> None:
    assert [one.title for one in story.findings(weighing())] == [
        "To work on: Speaking up",
        "Groups differ on “Speaking up”",
    ]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"alpha": 0.8, "icc2": 0.7}, ("well", "well")),
        ({"alpha": 0.79, "icc2": 0.69}, ("fairly", "somewhat")),
        ({"alpha": 0.69, "icc2": 0.4}, ("loosely", "hardly")),
        ({"alpha": None, "icc2": None}, ("too little to say", "too little to say")),
        ({"alpha": 0.83}, ("well", "too little to say")),
    ],
)  # fmt: skip
def test_what_a_subject_can_be_trusted_with_is_said_in_words(
    found: dict[str, float | None], said: tuple[str, str]
) -> None:
    table = measures.in_words(a_reading(reliability={"trust": found}))
    assert table is not None
    assert table.rows == (("Trust & <care>", *said),)


def test_figures_behind_the_words_hold_what_the_release_holds() -> None:
    found = {"alpha": 0.83, "omega": None, "icc1": 0.12, "icc2": 0.6, "n": num(130, 128, 132)}
    reading = a_reading(reliability={"trust": found, "speaking-up": {"item_rest": {"speak1": 0.47}}})
    table, asked = measures.figures(reading), measures.questions(reading)
    assert table is not None and asked is not None
    assert table.rows[1] == ("Trust & <care>", "0.83", "not reported", "0.12", "0.6", "130 (128 to 132)")
    assert asked.rows == (("I dare", "Speaking up", "0.47"),)
    bare = a_reading(reliability={})
    assert measures.in_words(bare) is measures.figures(bare) is measures.questions(bare) is None


@pytest.mark.parametrize(
    ("rwg", "said"),
    [("moderate", ("somewhat", "–")), (num(0.8, 0.75, 0.85), ("much", "0.8 (0.75 to 0.85)")), (None, None)],
)
def test_agreement_in_a_group_is_a_word_and_a_figure_only_where_one_was_published(
    rwg: object, said: tuple[str, str] | None
) -> None:
    document = a_document()
    if rwg is not None:
        document["groups"][1]["scales"]["speaking-up"]["rwg"] = rwg
    reading = Reading("en", "x", document)
    table = measures.agreement(reading, reading.parts[0])
    assert (table.rows if table else None) == (said and (("Speaking up", *said),))
