"""Which scans make a series, which one is held against by default, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.access import Actor, NotAllowed, Role
from app.core.refusal import Refused
from app.services import comparing, preparing
from app.services.preparing import Asked
from tests.core.released import an_instrument
from tests.services.compared import NEW, OLD, a_release, publish, two_scans
from tests.services.planned import NOW, Office

MIDDLE, OTHER = "cccccccccc", "dddddddddd"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with two_scans(tmp_path) as made:
        yield made


def ids(office: Office, scan: str) -> list[str]:
    return [row.id for row in comparing.series(office.store, scan=scan, by=office.coordinator, now=NOW)]


def default(office: Office, scan: str) -> str | None:
    row = comparing.baseline(office.store, scan=scan, by=office.coordinator, now=NOW)
    return row and row.id


def another(scan: str) -> dict[str, object]:
    """A release with another questionnaire."""
    made = a_release(scan, 60, 60)
    made["instrument"] = {**an_instrument(id="pulse"), "scales": made["instrument"]["scales"]}
    return made


def test_a_series_has_every_released_scan_with_the_questionnaire_in_order_of_time(office: Office) -> None:
    publish(office, MIDDLE, a_release(MIDDLE, 58, 50), 6)
    publish(office, OTHER, another(OTHER), 7)
    assert ids(office, OLD) == [OLD, MIDDLE, NEW]
    assert ids(office, OTHER) == [OTHER]


def test_a_follow_up_is_held_against_the_latest_earlier_scan_unless_it_follows_another(
    office: Office,
) -> None:
    publish(office, MIDDLE, a_release(MIDDLE, 58, 50), 6)
    assert [default(office, scan) for scan in (OLD, MIDDLE, NEW)] == [None, OLD, MIDDLE]
    publish(office, OTHER, a_release(OTHER, 60, 60), 11, previous_id=OLD)
    assert default(office, OTHER) == OLD


def test_the_scan_a_follow_up_was_planned_after_counts_only_with_the_same_questionnaire(
    office: Office,
) -> None:
    publish(office, MIDDLE, another(MIDDLE), 10)
    publish(office, OTHER, a_release(OTHER, 60, 60), 11, previous_id=MIDDLE)
    assert default(office, OTHER) == NEW


def with_itself(office: Office) -> object:
    return comparing.compare_scans(office.store, old=NEW, new=NEW, by=office.coordinator, now=NOW)


def with_nothing(office: Office) -> object:
    return comparing.compare_scans(office.store, old="eeeeeeeeee", new=NEW, by=office.coordinator, now=NOW)


def of_others(office: Office) -> object:
    stranger = Actor("stranger", office.organisation + 1, frozenset({Role.COORDINATOR}))
    return comparing.compare_with_rest(office.store, scan=NEW, by=stranger, now=NOW)


def without_a_picture(office: Office) -> object:
    files = office.app.extensions["settings"].files
    asked = Asked("rest", "whole")  # the whole has no rest
    return preparing.make(office.store, scan=NEW, asked=asked, files=files, by=office.coordinator, now=NOW)


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (with_itself, "same-scan"),
        (with_nothing, "no-scan"),
        (of_others, "no-scan"),
        (without_a_picture, "no-picture"),
    ],
)
def test_what_can_not_be_compared_is_refused(
    office: Office, act: Callable[[Office], object], reason: str
) -> None:
    with pytest.raises(Refused) as caught:
        act(office)
    assert caught.value.reason == reason


def test_an_administrator_compares_nothing(office: Office) -> None:
    with pytest.raises(NotAllowed):
        comparing.compare_scans(office.store, old=OLD, new=NEW, by=office.actor(Role.ADMINISTRATOR), now=NOW)
