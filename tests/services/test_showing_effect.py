"""The next scan shows on an update what it found: better, no clear difference, or why it can't be shown; never before its day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.core.effect import Effect, Standing
from app.core.feedback import Decision, State
from app.services import showing_effect
from app.storage.office import effects
from tests.services.board import BEGUN, DECIDED, a_board, post, publish
from tests.services.planned import Office

FIRST = {"opened": date(2026, 1, 5), "promised": date(2026, 2, 20), "released": date(2026, 2, 10)}
SECOND = {"opened": date(2026, 8, 3), "promised": date(2026, 9, 20), "released": date(2026, 9, 10)}
DECIDED_ON, BEGUN_ON, LATER = date(2026, 3, 20), date(2026, 4, 1), date(2026, 10, 1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with a_board(tmp_path) as made:
        publish(made, "before", **FIRST, score=55, hide={"b": "too-few"})  # type: ignore[arg-type]
        yield made


def second(office: Office, score: float = 63, team: float = 85) -> None:
    publish(office, "after", **SECOND, score=score, team=team, kind="follow-up")  # type: ignore[arg-type]


def effect(office: Office, update: int, today: date = LATER) -> Effect:
    showing_effect.refresh(office.store, organisation=office.organisation, today=today)
    with office.store.reading() as session:
        return effects.rows(session, office.organisation)[update].effect


def test_a_planted_change_is_found_with_its_interval(office: Office) -> None:
    second(office)
    found = effect(office, post(office, (DECIDED_ON, DECIDED), (BEGUN_ON, BEGUN)))
    (line,) = found.lines
    assert (found.standing, found.before, found.after) == (Standing.MEASURED, "Scan before", "Scan after")
    assert line.verdict == "clearly better" and line.scale == "up" and not line.share
    assert line.before and line.after and (line.before["value"], line.after["value"]) == (55, 63)
    assert line.interval and line.interval[0] < 8 < line.interval[1]
    assert line.n_before == line.n_after == {"value": 130, "low": 128, "high": 132}


def test_a_planted_non_change_is_no_clear_difference(office: Office) -> None:
    second(office, score=55)
    found = effect(office, post(office, (DECIDED_ON, DECIDED), (BEGUN_ON, BEGUN)))
    assert [line.verdict for line in found.lines] == ["no clear difference"]


def test_a_unit_that_one_scan_did_not_publish_can_not_be_shown_and_it_says_why(office: Office) -> None:
    second(office)
    content = replace(BEGUN, unit="b")
    found = effect(office, post(office, (BEGUN_ON, content)))
    (line,) = found.lines
    assert line.reason == "withheld-both" and not line.verdict and line.before is None is line.after


def test_chosen_scales_go_before_those_of_the_theme(office: Office) -> None:
    second(office)
    found = effect(office, post(office, (BEGUN_ON, replace(BEGUN, scales=("seen",)))))
    assert [(line.scale, line.share) for line in found.lines] == [("seen", True)]


def test_nothing_of_a_scan_shows_before_its_results_are_everybodys(office: Office) -> None:
    update = post(office, (BEGUN_ON, BEGUN))
    assert effect(office, update).standing is Standing.TOO_EARLY
    second(office)
    assert effect(office, update, date(2026, 9, 19)).standing is Standing.TOO_EARLY
    assert effect(office, update, date(2026, 9, 20)).standing is Standing.MEASURED


def test_answers_given_before_it_began_show_no_effect(office: Office) -> None:
    second(office)
    started = date(2026, 8, 4)
    assert (
        effect(office, post(office, (DECIDED_ON, DECIDED), (started, BEGUN))).standing is Standing.TOO_EARLY
    )


def test_what_was_decided_before_any_results_has_nothing_to_be_compared_with(office: Office) -> None:
    second(office)
    assert effect(office, post(office, (date(2026, 2, 1), BEGUN))).standing is Standing.NO_BEFORE


def test_a_theme_that_was_not_asked_again_says_so(office: Office) -> None:
    second(office)
    other = replace(BEGUN, theme="sexism")
    assert effect(office, post(office, (BEGUN_ON, other))).standing is Standing.NO_BEFORE


@pytest.mark.parametrize("changes", [{"decision": Decision.DONT}, {"state": State.STOPPED}])
def test_where_nothing_was_to_change_there_is_nothing_to_look_for(
    office: Office, changes: dict[str, object]
) -> None:
    second(office)
    stopped = replace(BEGUN, **changes)  # type: ignore[arg-type]
    assert effect(office, post(office, (BEGUN_ON, stopped))).standing is Standing.NONE


def test_what_is_known_is_not_worked_out_again(office: Office) -> None:
    second(office)
    post(office, (BEGUN_ON, BEGUN))
    assert showing_effect.refresh_everywhere(office.store, today=LATER) == 1
    assert showing_effect.refresh_everywhere(office.store, today=LATER) == 0


def test_a_scan_is_never_laid_beside_itself(office: Office) -> None:
    """An imported scan can be opened and out on the day of the decision."""
    day = date(2026, 3, 2)
    publish(office, "same-day", opened=day, promised=day, released=day, score=60)
    assert effect(office, post(office, (day, BEGUN))).standing is Standing.TOO_EARLY
    second(office)
    found = effect(office, post(office, (day, BEGUN)))
    assert (found.before, found.after) == ("Scan same-day", "Scan after")
