"""How many took part is told once a night, from the smallest group up, in steps that double."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.core.reach import doubling
from app.services import gauging
from app.storage.office import mail_rounds
from tests.factories import an_app
from tests.services.journeys import TODAY, Place
from tests.services.linked import Visitor, a_linked_scan, invite


@pytest.mark.parametrize(
    ("count", "told"), [(0, 0), (7, 0), (8, 8), (15, 8), (16, 16), (31, 16), (32, 32), (1000, 512)]
)
def test_a_band_starts_at_the_smallest_group_and_doubles(count: int, told: int) -> None:
    assert doubling(count, 8) == told


def told(place: Place) -> int | None:
    with place.store.reading() as session:
        row = mail_rounds.participation(session, place.scan)
    return row.least if row is not None else None


def test_it_is_counted_once_a_day(tmp_path: Path) -> None:
    with an_app(tmp_path) as app:
        place = a_linked_scan(app)
        assert told(place) is None
        for visit, token in enumerate(invite(place, 9)):
            assert Visitor(place, token).take_part()
            if visit == 6:
                gauging.gauge_all(place.store, today=TODAY)
                assert told(place) == 0
        gauging.gauge_all(place.store, today=TODAY)
        assert told(place) == 0
        gauging.gauge_all(place.store, today=TODAY + timedelta(days=1))
        assert told(place) == 8
