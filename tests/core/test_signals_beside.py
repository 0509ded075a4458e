"""Signals beside a scan: each reading planted and read as planted; too few to say until an interval supports another."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.priorities import Span
from app.core.release import Release
from app.core.signals.beside import lay, lay_units, level
from app.core.signals.card import Card, Quarter
from app.core.signals.earlier import Earlier
from app.core.signals.placing import placed
from app.core.signals.ranks import ranked
from app.core.signals.rates import rate
from app.core.signals.readings import THRESHOLDS, TO_DO, Concern, Level, Reading, Thresholds, read
from app.core.signals.retention import counts_of
from app.core.signals.rising import rising
from app.core.signals.scan_side import changes_of
from tests.core.handful import a_card, of_people
from tests.core.released import group, num

FIRST, LAST = Quarter(2025, 1), Quarter(2026, 4)
SCALES = [
    ("speaking-up", "fear-to-report", "mean"),
    ("respect", "exclusion", "mean"),
    ("leaders", "leadership-by-fear", "mean"),
    ("adviser", "trust-in-adviser", "mean"),
    ("met", "unwanted-behaviour", "incidence"),
    ("seen", "unwanted-behaviour", "incidence"),
    ("pressure", "workload", "mean"),
]


def figure(scale: str, value: float, half: float) -> dict[str, Any]:
    low, high = max(0.0, value - half), min(100.0, value + half)
    kind = "share" if scale in ("met", "seen") else "score"
    return {"n": num(120), kind: num(value, value - 0.5, value + 0.5), "interval": [num(low), num(high)]}


def a_release(
    parts: list[dict[str, Any]] | None = None, headcount: int = 220, half: float = 4, **values: float
) -> Release:
    """Scores and shares by scale, `-` written as `_`; each with an interval of `half` on both sides."""
    figures = {
        key.replace("_", "-"): figure(key.replace("_", "-"), value, half) for key, value in values.items()
    }
    scales = [{"id": id, "theme": theme, "kind": kind, "items": []} for id, theme, kind in SCALES]
    groups = [group("org", None, headcount, figures), *(parts or [])]
    return Release({"scan": "s1", "instrument": {"id": "i", "scales": scales}, "groups": groups})


def beside(release: Release, cards: list[Card], **more: Any):
    return lay(release, cards, first=FIRST, last=LAST, **more)


PLANTED = {
    "exclusion": (Reading.CONFIRMED, 45.0, 14),
    "fear-to-report": (Reading.UNSPOKEN, 45.0, 0),
    "leadership-by-fear": (Reading.CONCENTRATED, 80.0, 14),
    "trust-in-adviser": (Reading.CALM, 80.0, 0),
    "workload": (Reading.TOO_FEW, 45.0, 5),
}


def test_each_reading_is_read_as_planted():
    names = {theme: scale for scale, theme, _ in SCALES}
    release = a_release(**{names[theme].replace("-", "_"): score for theme, (_, score, _) in PLANTED.items()})
    cards = [card for theme, (_, _, count) in PLANTED.items() for card in of_people(count, theme)]
    found = beside(release, cards)
    assert {one.theme: one.reading for one in found.themes if one.theme in PLANTED} == {
        theme: reading for theme, (reading, _, _) in PLANTED.items()
    }


def test_years_that_are_counts_count_in_and_leave_room_for_who_came_again():
    cards = of_people(14, "exclusion", "2025-Q2") + of_people(3, "exclusion", "2026-Q1")
    earlier = Earlier({2025: counts_of(2025, cards[:14])})
    found = beside(a_release(respect=45.0), cards[14:], earlier=earlier).of("exclusion")
    assert found is not None
    assert (found.signals.reporters, found.signals.perhaps, found.signals.contacts) == (14, 3, 17)
    assert found.reading is Reading.CONFIRMED
    left_out = beside(a_release(respect=45.0), cards[14:]).of("exclusion")
    assert left_out is not None and left_out.reading is Reading.TOO_FEW
    only_then = beside(
        a_release(), [], earlier=Earlier({2025: counts_of(2025, of_people(2, "gossip", "2025-Q2"))})
    )
    gossip = only_then.of("gossip")
    assert gossip is not None and gossip.signals.reporters == 2


@pytest.mark.parametrize(
    ("concern", "signals", "reading", "reason"),
    [
        (Concern.HIGH, Level.MANY, Reading.CONFIRMED, "both-high"),
        (Concern.HIGH, Level.FEW, Reading.UNSPOKEN, "scan-high-signals-few"),
        (Concern.LOW, Level.MANY, Reading.CONCENTRATED, "scan-low-signals-many"),
        (Concern.LOW, Level.FEW, Reading.CALM, "both-low"),
        (Concern.HIGH, Level.UNSURE, Reading.TOO_FEW, "signals-unsure"),
        (Concern.UNSURE, Level.MANY, Reading.TOO_FEW, "scan-unsure"),
        (Concern.UNSURE, Level.UNSURE, Reading.TOO_FEW, "both-unsure"),
        (Concern.NOT_ASKED, Level.MANY, Reading.TOO_FEW, "not-asked"),
        (Concern.NOT_PUBLISHED, Level.FEW, Reading.TOO_FEW, "not-published"),
        (Concern.LOW, Level.NO_RATE, Reading.TOO_FEW, "no-rate"),
    ],
)
def test_the_table_of_readings(concern: Concern, signals: Level, reading: Reading, reason: str):
    assert read(concern, signals) == (reading, reason)


def test_the_thresholds_that_pages_show():
    """Who changes one changes what every organisation is told; that is a decision, with its page."""
    assert THRESHOLDS.facts() == {"score": 60.0, "share": 10.0, "rate": 1.0}
    assert set(TO_DO) == set(Reading)


@pytest.mark.parametrize(
    ("scale", "theme", "value", "concern"),
    [
        ("respect", "exclusion", 55.9, Concern.HIGH),
        ("respect", "exclusion", 56.0, Concern.UNSURE),
        ("respect", "exclusion", 63.9, Concern.UNSURE),
        ("respect", "exclusion", 64.0, Concern.LOW),
        ("met", "unwanted-behaviour", 14.1, Concern.HIGH),
        ("met", "unwanted-behaviour", 14.0, Concern.UNSURE),
        ("met", "unwanted-behaviour", 6.0, Concern.LOW),
    ],
)
def test_a_concern_needs_the_whole_interval(scale: str, theme: str, value: float, concern: Concern):
    found = beside(a_release(**{scale: value}), []).of(theme)
    assert found is not None and found.scan.concern is concern


def test_a_change_of_threshold_changes_the_reading_and_is_carried_along():
    release = a_release(respect=64)
    found = beside(release, [], thresholds=Thresholds(score=70.0))
    theme = found.of("exclusion")
    assert theme is not None and theme.scan.concern is Concern.HIGH
    assert theme.reason.facts["threshold"] == 70.0 and found.thresholds.score == 70.0


def test_of_several_scales_the_most_concerned_decides_and_all_are_listed():
    """Never averaged: 2 % and 20 % of people is a concern, though 11 % in the middle would not be sure."""
    found = beside(a_release(met=2, seen=20), []).of("unwanted-behaviour")
    assert found is not None and found.scan.concern is Concern.HIGH
    assert [one.scale for one in found.scan.scales] == ["seen", "met"]
    assert found.reason.facts["scale"] == "seen"


def test_a_scale_that_is_not_published_is_named_and_calms_nobody():
    release = a_release(
        [group("north", "org", 60, {"respect": figure("respect", 80, 4)}, absent={"leaders": "from-30"})],
        respect=80,
    )
    found = lay(release, [], first=FIRST, last=LAST, group=release.group("unit", "north")).of(
        "leadership-by-fear"
    )
    assert found is not None
    assert (found.scan.concern, found.scan.absent) == (Concern.NOT_PUBLISHED, {"leaders": "from-30"})
    assert (found.reading, found.reason.id) == (Reading.TOO_FEW, "not-published")


def test_a_theme_the_scan_did_not_ask():
    found = beside(a_release(respect=80), of_people(20, "sexism")).of("sexism")
    assert found is not None
    assert (found.reading, found.reason.id, found.to_do) == (
        Reading.TOO_FEW,
        "not-asked",
        ("ask-in-next-scan",),
    )


def test_unspoken_is_stronger_where_people_fear_to_report_or_do_not_trust():
    calm = beside(a_release(respect=45, speaking_up=80, adviser=80), []).of("exclusion")
    afraid = beside(a_release(respect=45, speaking_up=45, adviser=45), []).of("exclusion")
    assert calm is not None and afraid is not None
    assert calm.reading is afraid.reading is Reading.UNSPOKEN
    assert calm.stronger == ()
    assert afraid.stronger == ("fear-to-report", "trust-in-adviser")
    assert afraid.to_do[:2] == ("make-reporting-safe", "introduce-adviser")


def test_fear_is_no_reason_for_itself():
    found = beside(a_release(speaking_up=45, adviser=45), []).of("fear-to-report")
    assert found is not None and found.stronger == ("trust-in-adviser",)


def test_a_small_organisation_must_be_silent_long_enough():
    """Among 220 people no signal in a year is nothing; in two years it is few. The page can say so beforehand."""
    release = a_release(respect=45)
    year = lay(release, [], first=Quarter(2026, 1), last=LAST).of("exclusion")
    assert year is not None and (year.reading, year.reason.id) == (Reading.TOO_FEW, "signals-unsure")
    assert year.reason.facts["silence"] == 7
    two = beside(release, []).of("exclusion")
    assert two is not None and two.reading is Reading.UNSPOKEN


def test_a_reporter_counts_once_in_the_period_and_not_outside_it():
    cards = [a_card("blauwe otter", f"2026-Q{number}") for number in (1, 2, 3, 4)]
    cards += of_people(9, "gossip", "2024-Q4")
    found = beside(a_release(), cards).of("gossip")
    assert found is not None and (found.signals.reporters, found.signals.contacts) == (1, 4)


def test_change_and_trend_stand_beside_and_change_no_reading():
    cards = of_people(14, "exclusion", "2026-Q4")
    comparison = {
        "differences": [
            {
                "grouping": "unit", "group": "org", "scale": "respect", "difference": num(-6),
                "interval": [num(-9), num(-3)], "verdict": "clearly worse",
            }
        ]
    }  # fmt: skip
    release = a_release(respect=45)
    changes = changes_of(comparison, release.organisation)
    trends = rising(cards, last=LAST, since=FIRST)
    with_both, without = beside(release, cards, changes=changes, trends=trends), beside(release, cards)
    one, other = with_both.of("exclusion"), without.of("exclusion")
    assert one is not None and other is not None and one.reading is other.reading
    assert (
        one.scan.deciding and one.scan.deciding.change and one.scan.deciding.change.verdict == "clearly worse"
    )
    assert one.signals.trend and one.signals.trend.verdict == "rising"


NORTH = group("north", "org", 60, {"respect": figure("respect", 45, 4)})
SOUTH = group("south", "org", 160)
TEAM = group("team", "north", 12)
JOINED = group("0", "north", 48, {}, grouping="stratum", units=["a", "b"])


def test_a_unit_has_its_own_cards_and_those_that_may_be_its_own_widen_the_interval():
    release = a_release([NORTH, SOUTH, TEAM, JOINED], respect=70)
    cards = [
        a_card("a a", unit="north"),
        a_card("b b", unit="team"),
        a_card("c c", unit="a+b"),
        a_card("d d", unit="south"),
    ]
    cards += [a_card("e e"), a_card("f f", unit="org"), a_card("a a", "2026-Q2")]
    north = release.group("unit", "north")
    assert north is not None
    inside, perhaps = placed(release, cards, north)
    assert [card.nickname for card in inside] == ["a a", "b b", "c c"]
    assert [card.nickname for card in perhaps] == ["e e", "f f", "a a"]
    found = lay(release, cards, first=FIRST, last=LAST, group=north).of("gossip")
    assert found is not None and found.signals.rate is not None
    assert (found.signals.reporters, found.signals.perhaps, found.signals.rate.most) == (3, 2, 5)


def test_silence_of_a_unit_is_not_few_while_reports_without_a_unit_may_be_its_own():
    release = a_release([group("north", "org", 200, {"respect": figure("respect", 45, 4)})], respect=70)
    north = release.group("unit", "north")
    silent = lay(release, [], first=FIRST, last=LAST, group=north).of("exclusion")
    cards = of_people(6, "exclusion")
    found = lay(release, cards, first=FIRST, last=LAST, group=north).of("exclusion")
    assert silent is not None and silent.reading is Reading.UNSPOKEN
    assert found is not None and found.reading is Reading.TOO_FEW


def test_only_units_that_the_release_shows_and_signals_name_are_laid_beside():
    release = a_release([NORTH, SOUTH, TEAM, JOINED], respect=70)
    cards = [a_card("a a", unit="north"), a_card("b b", unit="south"), a_card("c c", unit="team")]
    assert [one.group.code for one in lay_units(release, cards, first=FIRST, last=LAST)] == ["north"]
    assert lay_units(release, [a_card("a a")], first=FIRST, last=LAST) == ()


def test_ranks_by_hand_with_the_largest_gap_on_top():
    release = a_release(respect=30, speaking_up=50, adviser=80)
    cards = [*of_people(1, "exclusion"), *of_people(4, "fear-to-report"), *of_people(9, "trust-in-adviser")]
    found = beside(release, cards).ranks
    assert [(one.theme, one.scan.rank, one.signals.rank, one.gap) for one in found] == [
        ("exclusion", 1, 3, 2), ("trust-in-adviser", 3, 1, -2), ("fear-to-report", 2, 2, 0),
    ]  # fmt: skip


def test_themes_that_tie_share_a_rank():
    one, other = Span(0.5, 0.4, 0.6), Span(0.2, 0.1, 0.3)
    found = {each.theme: each.scan for each in ranked({"a": (one, one), "b": (one, one), "c": (other, one)})}
    assert (found["a"].rank, found["b"].rank, found["c"].rank) == (1.5, 1.5, 3)
    assert (found["a"].ties, found["c"].ties) == (1, 0)
    assert (found["a"].best, found["a"].worst, found["c"].best) == (1, 2, 3)


SPANS = (
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
    .map(sorted)
    .map(lambda it: Span(it[1], it[0], it[2]))
)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(SPANS, SPANS)))
def test_ranks_always_add_up_and_lie_within_their_ends(spans: dict[str, tuple[Span, Span]]):
    found = ranked(spans)
    n = len(spans)
    for places in ([one.scan for one in found], [one.signals for one in found]):
        assert sum(place.rank for place in places) == pytest.approx(n * (n + 1) / 2)
        assert all(place.best <= place.rank <= place.worst for place in places)
    assert [abs(one.gap) for one in found] == sorted((abs(one.gap) for one in found), reverse=True)


@given(st.integers(0, 60), st.integers(0, 20), st.integers(1, 3_000), st.integers(1, 12))
def test_many_and_few_need_the_whole_interval(reporters: int, perhaps: int, headcount: int, quarters: int):
    found = rate(reporters, headcount=headcount, quarters=quarters, perhaps=perhaps)
    assert found is not None
    said = level(found)
    assert (said is Level.MANY) == (found.low > THRESHOLDS.rate)
    assert (said is Level.FEW) == (found.high < THRESHOLDS.rate)


@given(st.floats(0, 100), st.floats(0, 40), st.integers(0, 25))
def test_another_reading_than_too_few_is_supported_on_both_sides(score: float, half: float, reporters: int):
    found = beside(a_release(respect=score, half=half), of_people(reporters, "exclusion")).of("exclusion")
    assert found is not None and found.scan.deciding is not None and found.signals.rate is not None
    scan_sure = found.scan.deciding.high < 60 or found.scan.deciding.low >= 60
    signals_sure = found.signals.rate.low > 1 or found.signals.rate.high < 1
    assert (found.reading is not Reading.TOO_FEW) == (scan_sure and signals_sure)
