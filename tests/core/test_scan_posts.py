"""The board tells of a scan by itself: each post stands from its moment on, none before, and none gets a moment in the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from app.core.opening import Postponement
from app.core.scan_posts import Days, Kind, midnight, posts

SCAN = Days("s", "Scan", date(2026, 3, 2), date(2026, 3, 20), date(2026, 4, 15))
RELEASED = datetime(2026, 4, 13, 10)


def told(scan: Days, now: datetime) -> list[str]:
    return [post.kind.value for post in posts([scan], now)]


def test_each_stands_from_its_moment_on() -> None:
    kept = replace(SCAN, released_at=RELEASED)
    assert told(kept, datetime(2026, 3, 2, 12)) == []
    assert told(kept, datetime(2026, 3, 2, 23)) == ["opened"]
    assert told(kept, datetime(2026, 3, 20, 22, 59)) == ["opened"]
    assert told(kept, datetime(2026, 3, 20, 23)) == ["thanks", "opened"]
    assert told(kept, datetime(2026, 4, 14, 21, 59)) == ["thanks", "opened"], (
        "released, and not yet everybody's"
    )
    assert told(kept, datetime(2026, 4, 14, 22)) == ["results", "thanks", "opened"]
    assert told(kept, datetime(2027, 1, 1)) == ["results", "thanks", "opened"]
    (results, *_) = posts([kept], datetime(2027, 1, 1))
    assert results.day == date(2026, 6, 10), "eight weeks for decisions"


def test_late_stays_told_also_when_the_results_came() -> None:
    late = replace(SCAN, released_at=datetime(2026, 4, 20, 10))
    assert told(SCAN, midnight(date(2026, 4, 16)) - timedelta(seconds=1)) == ["thanks", "opened"]
    assert told(SCAN, midnight(date(2026, 4, 16)))[0] == "late"
    assert told(late, datetime(2027, 1, 1)) == ["results", "late", "thanks", "opened"]


def test_a_promise_that_was_moved_is_told_with_its_reason_and_the_first_promise_stays() -> None:
    moved = replace(
        SCAN,
        promise_on=date(2026, 4, 30),
        moved=(Postponement(date(2026, 4, 15), date(2026, 4, 30), "ziekte", date(2026, 4, 10)),),
    )
    found = posts([moved], datetime(2026, 4, 20))
    assert [post.kind for post in found] == [Kind.MOVED, Kind.THANKS, Kind.OPENED]
    assert (found[0].from_on, found[0].day, found[0].reason) == (
        date(2026, 4, 15),
        date(2026, 4, 30),
        "ziekte",
    )
    assert found[2].day == date(2026, 4, 15)
    assert len({post.id for post in found}) == 3


def test_an_imported_scan_only_has_results() -> None:
    assert told(replace(SCAN, imported=True, released_at=RELEASED), datetime(2027, 1, 1)) == ["results"]
